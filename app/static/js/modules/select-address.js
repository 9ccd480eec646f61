// Selects the whole address when its field gets the focus.
export function start(element) {
  element.addEventListener("focus", () => element.select());
}
