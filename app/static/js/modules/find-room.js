// Shows the rooms whose name holds what is typed; without scripts the form asks the service for them.
export function start(form) {
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => refreshed(form));
}

export function refreshed(form) {
  const wanted = form.elements.room.value.trim().toLowerCase();
  for (const room of document.querySelectorAll("[data-room-name]")) {
    const isFound = room.dataset.roomName.toLowerCase().includes(wanted);
    if (room.hidden === isFound) room.hidden = !isFound;
  }
}
