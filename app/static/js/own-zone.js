// A reader in another zone is told how far off their clock is, and sees their own time beside the venue's.
import { minutesAhead } from "./zone.js";

export function start(element) {
  const first = document.querySelector("[data-session]");
  const minutes = first ? minutesAhead(first.dataset.start) : 0;
  if (!minutes) return;
  const hours = Math.abs(minutes) / 60;
  element.textContent = `Your clock is ${hours} h ${minutes > 0 ? "ahead" : "behind"}.`;
  element.hidden = false;
}
