// One click selects the whole address.
export function start(element) {
  element.addEventListener("focus", () => element.select());
}
