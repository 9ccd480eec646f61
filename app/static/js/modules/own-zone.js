// A reader in another zone is told how far off their clock is, and sees their own time beside the venue's.
import { minutesAhead, span } from "../core/clock.js";
import { write } from "../core/turning.js";

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

export function refreshed(element) {
  const minutes = minutesAhead(document.querySelector("[data-session]")?.dataset.start);
  element.hidden = !minutes;
  if (!minutes) return;
  write(element, `Your clock is ${span(Math.abs(minutes))} ${minutes > 0 ? "ahead" : "behind"}.`);
  turned();
}

export function turned() {
  for (const node of document.querySelectorAll("[data-session]")) {
    const when = node.querySelector("[data-part=start]")?.parentElement;
    if (when) show(when, node.dataset.start);
  }
}

function show(when, start) {
  const ahead = minutesAhead(start);
  const own = when.querySelector(".own") ?? (ahead && made(when));
  if (!own) return;
  own.hidden = !ahead;
  write(own.firstElementChild, ownTime(start));
}

/** In a list's narrow column the time stands alone to the eye. */
function made(when) {
  const [own, time, whose] = ["own", "", "whose"].map((className) => Object.assign(document.createElement("span"), { className }));
  own.dataset.added = "";
  whose.textContent = " for you";
  own.append(time, whose);
  when.append(own);
  return own;
}

/** 02:15, or Sat 02:15 where the reader's day is another. */
function ownTime(start) {
  const time = new Date(start);
  const clock = [time.getHours(), time.getMinutes()].map((figure) => String(figure).padStart(2, "0")).join(":");
  return time.getDate() === Number(start.slice(8, 10)) ? clock : `${DAYS[time.getDay()]} ${clock}`;
}
