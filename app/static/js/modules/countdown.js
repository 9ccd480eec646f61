// The speaker's countdown: time left, the last minutes, and overtime, counted up until the next talk begins.
import { sessionOf, setText } from "../core/page-context.js";

const MINUTE = 60_000;
const SOON = 5 * MINUTE;
const LAST = 2 * MINUTE;
// Overtime is shown no longer than this, and no longer than five minutes beside the next talk or a cancelled one.
const MOST_OVERTIME = 15 * MINUTE;
const SHORT_OVERTIME = 5 * MINUTE;
const BREAKS = ["break", "lunch", "social"];
const WORDS = { calm: "left", soon: "left: come to the end", last: "left: stop now", over: "over time", none: "Nothing more" };

export function tick(element, time) {
  const page = element.parentElement;
  const { level, milliseconds, before } = countdownState(page, time);
  element.dataset.level = document.body.dataset.level = level;
  setText(element, Number.isNaN(milliseconds) ? "–" : formatTime(milliseconds));
  element.classList.toggle("long", element.textContent.length > 6);
  setText(page.querySelector("[data-words]"), WORDS[level] ?? level);
  setText(page.querySelector("[data-still-on]"), before ? `${formatTime(before.end - time)} ${before.title}` : "");
}

/** The level (a key of WORDS, or words), the time left (negative: overtime), and the talk before if it may still be on. */
function countdownState(page, time) {
  const [on, next] = ["now", "next"].map((slot) => page.querySelector(`[data-slot=${slot}] [data-session]`)).map((node) => node && timesOf(node));
  const before = lastTalk(page, time);
  const overtime = before ? time - before.end : Infinity;
  // Where the next talk is cancelled, no speaker is waiting.
  const mostOvertime = page.querySelector("[data-slot=cancelled] [data-session]") ? SHORT_OVERTIME : MOST_OVERTIME;
  if (on && !on.isBreak) {
    const left = on.end - time;
    const level = left <= LAST ? "last" : left <= SOON ? "soon" : "calm";
    return { level, milliseconds: left, before: overtime < SHORT_OVERTIME && before.end === on.start ? before : null };
  }
  if (overtime < mostOvertime && (!next || next.start > time)) return { level: "over", milliseconds: before.end - time };
  if (on) return { level: "left of the break", milliseconds: on.end - time };
  return next ? { level: "to go", milliseconds: next.start - time } : { level: "none", milliseconds: NaN };
}

/** The talk that ended last, leaving out those that the console ended: their speakers have stopped. */
function lastTalk(page, time) {
  return [...page.querySelectorAll("[data-sources] [data-session]")]
    .filter(({ dataset }) => dataset.status !== "cancelled" && dataset.ended === undefined)
    .map(timesOf)
    .filter((talk) => !talk.isBreak && talk.start < talk.end && talk.end <= time)
    .sort((a, b) => b.end - a.end)[0];
}

function timesOf(node) {
  const { title, start, end, kind } = sessionOf(node);
  return { title, start: Date.parse(start), end: Date.parse(end), isBreak: BREAKS.includes(kind) };
}

/** "12:34" left, or "+2:13" over; seconds left are rounded up, seconds over down. */
function formatTime(milliseconds) {
  const seconds = milliseconds > 0 ? Math.ceil(milliseconds / 1000) : Math.floor(-milliseconds / 1000);
  const parts = [Math.floor(seconds / 60), seconds % 60];
  if (parts[0] >= 100) parts.unshift(Math.floor(parts[0] / 60), parts.shift() % 60);
  const [first, ...rest] = parts;
  return `${milliseconds > 0 ? "" : "+"}${first}:${rest.map((part) => String(part).padStart(2, "0")).join(":")}`;
}
