// Says that what is shown may be old, and since when. Empty and hidden while there is contact.
import { contact, frozen, now } from "./clock.js";
import { wallClock } from "./zone.js";

export function start(element) {
  if (frozen) return;
  let last = NaN;
  contact.addEventListener("made", () => {
    last = now();
    element.hidden = true;
    element.textContent = "";
  });
  contact.addEventListener("lost", () => {
    element.textContent = Number.isNaN(last) ? "Offline." : `Offline. As of ${wallClock(last)}.`;
    element.hidden = false;
  });
}
