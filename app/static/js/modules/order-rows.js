// Moves the rows of an order up and down by buttons, and numbers them; what is fixed keeps its position.
const positionOf = (row) => row.querySelector("input.position");
const isMovable = (row) => row.dataset.movable !== undefined;
// What is no position stays where it is: the form says so when it is sent.
const isPosition = (value) => Number(value) >= 1;
const movableRows = (list) => [...list.children].filter(isMovable);

export function start(list) {
  list.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-move]");
    if (!button) return;
    const row = button.closest("li");
    place(list, row, movableRows(list).indexOf(row) + Number(button.dataset.move));
    button.focus();
  });
  list.addEventListener("change", ({ target }) => {
    if (!isPosition(target.value)) return;
    const row = target.closest("li");
    place(list, row, placesOf(list).filter((index) => index + 1 < Number(target.value)).length);
  });
}

/** Puts the rows into the order of their numbers, which a refresh leaves as they were typed. */
export function refreshed(list) {
  const rows = movableRows(list);
  if (rows.every((row) => isPosition(positionOf(row).value))) arrange(list, rows.toSorted((one, other) => positionOf(one).value - positionOf(other).value));
}

/** The places of the rows that may move, counted from 0. */
const placesOf = (list) => [...list.children].flatMap((row, index) => (isMovable(row) ? [index] : []));

/** Makes a row the one of so many rows that may move, and numbers them. */
function place(list, row, index) {
  const others = movableRows(list).filter((other) => other !== row);
  const rows = others.toSpliced(Math.max(0, Math.min(index, others.length)), 0, row);
  placesOf(list).forEach((position, at) => (positionOf(rows[at]).value = position + 1));
  arrange(list, rows);
}

/** Shows the rows in this order, at the places of those that may move. */
function arrange(list, rows) {
  const shown = [...list.children];
  placesOf(list).forEach((position, at) => (shown[position] = rows[at]));
  if (shown.every((row, index) => row === list.children[index])) return;
  const focused = document.activeElement;
  list.append(...shown);
  if (list.contains(focused)) focused.focus({ preventScroll: true });
}
