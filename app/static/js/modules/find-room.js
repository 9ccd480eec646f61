// Shows the rooms whose name holds what is typed, and says how many; without scripts the form asks the service for them.
let openedBySearch = false;

export function start(form) {
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => refreshed(form));
}

export function refreshed(form) {
  const wanted = form.elements.room.value.trim().toLowerCase();
  const rooms = [...document.querySelectorAll("[data-room-name]")];
  for (const room of rooms) setHidden(room, !room.dataset.roomName.toLowerCase().includes(wanted));
  const found = rooms.filter((room) => !room.hidden).length;
  form.querySelector("[data-found]").textContent = wanted ? `${found} of ${rooms.length} found.` : "";
  unfold(document.getElementById("idle-rooms"), wanted);
}

/** Opens the rooms in which nothing more takes place while one is looked for, and folds them again. */
function unfold(idle, wanted) {
  if (!idle) return;
  setHidden(idle, !idle.querySelector("[data-room-name]:not([hidden])"));
  if (wanted && !idle.open) idle.open = openedBySearch = true;
  else if (!wanted && openedBySearch) idle.open = openedBySearch = false;
}

function setHidden(node, hidden) {
  if (node.hidden !== hidden) node.hidden = hidden;
}
