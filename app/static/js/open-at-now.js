// Opens the day at what is on: once, and only where nothing of it is in sight and the reader chose no place.
import { kept } from "./page.js";

export function start(element) {
  // A page that the phone kept knows what is on only when it has turned.
  if (kept) document.addEventListener("turned", () => open(element), { once: true });
  else open(element);
}

function open(element) {
  const shown = [...document.querySelectorAll("[data-state=now], [data-state=next]")];
  const chosen = location.hash || scrollY > 0 || performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  if (chosen || shown.length === 0 || shown.some(inSight)) return;
  const row = element.querySelector("[data-state=now]") ?? element.querySelector("[data-state=next]");
  row?.scrollIntoView({ block: "center" });
}

function inSight(node) {
  const { top, bottom, height } = node.getBoundingClientRect();
  return height > 0 && top >= 0 && bottom <= innerHeight;
}
