// For a reader in another time zone: the difference to venue time, and the reader's own time beside each session's.
import { formatDuration, minutesAheadOfVenue } from "../core/clock.js";
import { setText } from "../core/page-context.js";

export function refreshed(element) {
  const minutes = minutesAheadOfVenue(document.querySelector("[data-session]")?.dataset.start);
  element.hidden = !minutes;
  if (!minutes) return;
  setText(element, `Your clock is ${formatDuration(Math.abs(minutes) * 60_000)} ${minutes > 0 ? "ahead" : "behind"}.`);
  turned();
}

export function turned() {
  for (const node of document.querySelectorAll("[data-session]")) {
    const when = node.querySelector("[data-own-time]") ?? node.querySelector("[data-part=start]")?.parentElement;
    if (!when) continue;
    const own = when.querySelector(".own") ?? when.appendChild(newOwnTime());
    own.hidden = !minutesAheadOfVenue(node.dataset.start);
    setText(own.firstElementChild, ownTime(node.dataset.start));
  }
}

/** The words "for you" are hidden visually in the narrow columns of lists (`css/session-row.css`). */
function newOwnTime() {
  const own = Object.assign(document.createElement("span"), { className: "own", innerHTML: '<span></span><span class="whose"> for you</span>' });
  own.dataset.added = "";
  return own;
}

/** "02:15", or "Sat 02:15" where the reader's date is another. */
function ownTime(start) {
  const time = new Date(start);
  const clock = time.toTimeString().slice(0, 5);
  return time.getDate() === Number(start.slice(8, 10)) ? clock : `${time.toDateString().slice(0, 3)} ${clock}`;
}
