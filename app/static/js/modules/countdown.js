// The speaker's countdown: time left, the last minutes, and over-time counting up until the next talk begins.
import { sessionOf, write } from "../core/page.js";

const MINUTE = 60_000;
const SOON = 5 * MINUTE;
const LAST = 2 * MINUTE;
// After that, over-time helps nobody: the next begins, or all are at lunch.
const MOST_OVER = 15 * MINUTE;
const STILL_ON = 5 * MINUTE;
const BREAKS = ["break", "lunch", "social"];
const WORDS = { calm: "left", soon: "left: come to the end", last: "left: stop now", over: "over time", none: "Nothing more" };

export function tick(element, time) {
  const page = element.parentElement;
  const { level, milliseconds, before } = standing(page, time);
  element.dataset.level = document.body.dataset.level = level;
  write(element, Number.isNaN(milliseconds) ? "–" : figures(milliseconds));
  element.classList.toggle("long", element.textContent.length > 6);
  write(page.querySelector("[data-words]"), WORDS[level] ?? level);
  write(page.querySelector("[data-still-on]"), before ? `${figures(before.end - time)} ${before.title}` : "");
}

/** What the stage tells: a level or the words for a wait, the time left (negative: over), who may still be on. */
function standing(page, time) {
  const [on, next] = ["now", "next"].map((slot) => page.querySelector(`[data-slot=${slot}] [data-session]`)).map((node) => node && told(node));
  const before = lastTalk(page, time);
  const over = before ? time - before.end : Infinity;
  // Where the talk after it is cancelled, nobody is kept waiting.
  const mostOver = page.querySelector("[data-slot=cancelled] [data-session]") ? STILL_ON : MOST_OVER;
  if (on && !on.isBreak) {
    const left = on.end - time;
    const level = left <= LAST ? "last" : left <= SOON ? "soon" : "calm";
    return { level, milliseconds: left, before: over < STILL_ON && before.end === on.start ? before : null };
  }
  if (over < mostOver && (!next || next.start > time)) return { level: "over", milliseconds: before.end - time };
  if (on) return { level: "left of the break", milliseconds: on.end - time };
  return next ? { level: "to go", milliseconds: next.start - time } : { level: "none", milliseconds: NaN };
}

/** The talk that ended last and was not ended by hand: its speaker may not have noticed. */
function lastTalk(page, time) {
  return [...page.querySelectorAll("[data-sources] [data-session]")]
    .filter(({ dataset }) => dataset.status !== "cancelled" && dataset.ended === undefined)
    .map(told)
    .filter((talk) => !talk.isBreak && talk.start < talk.end && talk.end <= time)
    .sort((a, b) => b.end - a.end)[0];
}

function told(node) {
  const { title, start, end, kind } = sessionOf(node);
  return { title, start: Date.parse(start), end: Date.parse(end), isBreak: BREAKS.includes(kind) };
}

/** 12:34 left, or +2:13 over; a second is over when it has passed. */
function figures(milliseconds) {
  const seconds = milliseconds > 0 ? Math.ceil(milliseconds / 1000) : Math.floor(-milliseconds / 1000);
  const parts = [Math.floor(seconds / 60), seconds % 60];
  if (parts[0] >= 100) parts.unshift(Math.floor(parts[0] / 60), parts.shift() % 60);
  const [first, ...rest] = parts;
  return `${milliseconds > 0 ? "" : "+"}${first}:${rest.map((part) => String(part).padStart(2, "0")).join(":")}`;
}
