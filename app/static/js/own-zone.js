// A reader in another zone is told how far off their clock is, and sees their own time beside the venue's.
import { minutesAhead, span, venueDay } from "./zone.js";

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

export function start(element) {
  const first = document.querySelector("[data-session]");
  const minutes = first ? minutesAhead(first.dataset.start) : 0;
  if (!minutes) return;
  element.textContent = `Your clock is ${span(Math.abs(minutes))} ${minutes > 0 ? "ahead" : "behind"}.`;
  element.hidden = false;
  writeAll();
  for (const event of ["turned", "revised"]) document.addEventListener(event, writeAll);
}

function writeAll() {
  for (const node of document.querySelectorAll("[data-session]")) {
    const when = node.querySelector("[data-part=start]")?.parentElement;
    if (when) write(when, node.dataset.start);
  }
}

function write(when, start) {
  const own = when.querySelector(".own") ?? made(when);
  const text = ownTime(start);
  own.hidden = !minutesAhead(start);
  if (own.firstChild.data !== text) own.firstChild.data = text;
}

/** In a list's narrow column the time stands alone to the eye. */
function made(when) {
  const own = document.createElement("span");
  const whose = document.createElement("span");
  own.className = "own";
  whose.className = "whose";
  whose.textContent = " for you";
  own.append("", whose);
  when.append(" ", own);
  return own;
}

/** 02:15, or Sat 02:15 where the reader's day is another. */
function ownTime(start) {
  const time = new Date(start);
  const clock = [time.getHours(), time.getMinutes()].map((figure) => String(figure).padStart(2, "0")).join(":");
  return time.getDate() === venueDay(start) ? clock : `${DAYS[time.getDay()]} ${clock}`;
}
