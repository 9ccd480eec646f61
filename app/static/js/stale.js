// Says that what is shown may be old, and since when. Empty and hidden while there is contact.
import { contact, frozen, lastContact, now } from "./clock.js";
import { kept } from "./page.js";
import { wallClock, weekday } from "./zone.js";

// A network that swallows everything tells nothing: a page from the phone's store does not wait for its end.
const PATIENCE_MILLISECONDS = 2_500;

export function start(element) {
  if (frozen) return;
  const say = () => {
    element.textContent = words(lastContact(), now());
    element.hidden = false;
  };
  const patience = kept ? setTimeout(say, navigator.onLine ? PATIENCE_MILLISECONDS : 0) : 0;
  contact.addEventListener("made", () => {
    clearTimeout(patience);
    element.hidden = true;
    element.textContent = "";
  });
  contact.addEventListener("lost", say);
}

function words(last, time) {
  if (Number.isNaN(last)) return "Offline.";
  const day = weekday(last) === weekday(time) ? "" : `${weekday(last)} `;
  return `Offline. As of ${day}${wallClock(last)}.`;
}
