// The speaker's countdown: calm, soon, and over-time counting up until the next session begins.
import { onTick } from "./clock.js";

const SOON = 5 * 60_000;
const OVER = 60_000;

export function start(element) {
  const slots = element.parentElement;
  let last = NaN;
  onTick((time) => {
    const on = slots.querySelector("[data-slot=now] [data-session]");
    if (on) last = Date.parse(on.dataset.end);
    const left = last - time;
    element.dataset.level = left <= OVER ? "over" : left <= SOON ? "soon" : "calm";
    element.textContent = Number.isNaN(left) ? "–" : figures(left);
  });
}

function figures(left) {
  const seconds = Math.ceil(Math.abs(left) / 1000);
  const minutes = Math.floor(seconds / 60);
  return `${left < 0 ? "+" : ""}${minutes}:${String(seconds % 60).padStart(2, "0")}`;
}
