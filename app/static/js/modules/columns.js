// A few rooms on a wide screen: each has its column, and what begins at the same time stands at the same height.
// The list stays as it is, in the order of time; only its places change.

const MOST_COLUMNS = 8;
const COLUMN_REM = 12;

export function start(section) {
  addEventListener("resize", () => refreshed(section));
  document.addEventListener("found", () => refreshed(section));
}

export function refreshed(section) {
  const list = section.querySelector("[data-sources]");
  const rooms = roomsOf(list, section.closest("[data-rooms]").dataset.rooms.split(" "));
  const screen = innerWidth / parseFloat(getComputedStyle(document.documentElement).fontSize);
  const wide = rooms.length > 1 && rooms.length <= MOST_COLUMNS && screen >= (rooms.length + 0.5) * COLUMN_REM;
  list.classList.toggle("columns", wide);
  if (!wide) return undo(list);
  place(list, rooms);
  head(list, rooms);
}

function sessionOf(row) {
  return row.querySelector("[data-session]");
}

/** The rooms in which something is listed, in the program's order. */
function roomsOf(list, order) {
  const used = new Set([...list.children].filter((row) => !row.hidden).map((row) => sessionOf(row).dataset.room));
  return order.filter((room) => used.has(room));
}

function place(list, rooms) {
  const rows = [...list.children].filter((row) => !row.hidden);
  const times = [...new Set(rows.flatMap((row) => edges(row)))].sort((a, b) => a - b);
  const line = new Map(times.map((time, position) => [time, position + 1]));
  const free = rooms.map(() => 1);
  for (const row of rows) {
    const column = rooms.indexOf(sessionOf(row).dataset.room);
    const [start, end] = edges(row).map((time) => line.get(time));
    // Where a room's sessions overlap, the later one stands below.
    const first = Math.max(start, column < 0 ? Math.max(...free) : free[column]);
    const after = Math.max(first + 1, end);
    row.style.gridColumn = column < 0 ? "1 / -1" : `${column + 1}`;
    row.style.gridRow = `${first} / ${after}`;
    if (column < 0) free.fill(after);
    else free[column] = after;
  }
}

function edges(row) {
  const { start, end } = sessionOf(row).dataset;
  return [Date.parse(start), Date.parse(end)];
}

function head(list, rooms) {
  const names = new Map([...list.children].map((row) => [sessionOf(row).dataset.room, row.querySelector("[data-part=place]")?.textContent ?? ""]));
  const heads = headsOf(list) ?? made();
  heads.replaceChildren(...rooms.map((room) => Object.assign(document.createElement("p"), { textContent: names.get(room), dir: "auto" })));
  for (const grid of [list, heads]) grid.style.gridTemplateColumns = `repeat(${rooms.length}, minmax(0, 1fr))`;
  if (!heads.isConnected) list.before(heads);
}

function headsOf(list) {
  return list.parentElement.querySelector(":scope > .column-heads");
}

function made() {
  const heads = Object.assign(document.createElement("div"), { className: "column-heads" });
  heads.setAttribute("aria-hidden", "true");
  heads.dataset.added = "";
  return heads;
}

function undo(list) {
  headsOf(list)?.remove();
  // Asked first: Chromium writes the attribute when it is asked for, and would leave an empty one.
  for (const node of [list, ...list.children]) if (node.hasAttribute("style")) node.removeAttribute("style");
}
