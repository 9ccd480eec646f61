// A reader in another zone is told how far off their clock is, and sees their own time beside the venue's.
import { minutesAhead, span } from "../core/clock.js";
import { write } from "../core/page.js";

export function refreshed(element) {
  const minutes = minutesAhead(document.querySelector("[data-session]")?.dataset.start);
  element.hidden = !minutes;
  if (!minutes) return;
  write(element, `Your clock is ${span(Math.abs(minutes) * 60_000)} ${minutes > 0 ? "ahead" : "behind"}.`);
  turned();
}

export function turned() {
  for (const node of document.querySelectorAll("[data-session]")) {
    const when = node.querySelector("[data-part=start]")?.parentElement;
    if (!when) continue;
    const own = when.querySelector(".own") ?? when.appendChild(added());
    own.hidden = !minutesAhead(node.dataset.start);
    write(own.firstElementChild, ownTime(node.dataset.start));
  }
}

/** In a list's narrow column the time stands alone to the eye. */
function added() {
  const own = Object.assign(document.createElement("span"), { className: "own", innerHTML: '<span></span><span class="whose"> for you</span>' });
  own.dataset.added = "";
  return own;
}

/** 02:15, or Sat 02:15 where the reader's day is another. */
function ownTime(start) {
  const time = new Date(start);
  const clock = time.toTimeString().slice(0, 5);
  return time.getDate() === Number(start.slice(8, 10)) ? clock : `${time.toDateString().slice(0, 3)} ${clock}`;
}
