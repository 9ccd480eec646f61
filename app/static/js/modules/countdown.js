// The speaker's countdown: time left, the last minutes, and overtime, counted up until the next talk begins.
import { formatDuration } from "../core/clock.js";
import { sessionOf, setText } from "../core/page-context.js";

const MINUTE = 60_000;
const SOON = 5 * MINUTE;
const LAST = 2 * MINUTE;
// Overtime is shown no longer than this, and no longer than five minutes beside the next talk or a cancelled one.
const MOST_OVERTIME = 15 * MINUTE;
const SHORT_OVERTIME = 5 * MINUTE;
// A longer time is said in hours and minutes, without seconds.
const MOST_COUNTED = 100 * MINUTE;
const WORDS = { calm: "left", soon: "left, wrap up", last: "left, last minutes", over: "Time is over" };

export function tick(element, time) {
  const page = element.parentElement;
  const { level, words, until, previous } = countdownState(page, time);
  element.dataset.level = document.body.dataset.level = level;
  setText(element, until ? formatTime(until - time) : "–");
  element.classList.toggle("long", element.textContent.length === 6);
  element.classList.toggle("in-words", element.textContent.length > 6);
  setText(page.querySelector("[data-words]"), words);
  setText(page.querySelector("[data-previous]"), previousText(previous, level, time));
}

/**
 * The level; the words under the figure; the instant to which it counts, in milliseconds since 1970 (none: NaN); and the
 * talk before, if it may still be on.
 */
function countdownState(page, time) {
  const [on, next, cancelled] = ["now", "next", "cancelled"].map((slot) => page.querySelector(`[data-slot=${slot}] [data-session]`)).map((node) => node && timesOf(node));
  const previous = lastTalk(page, time);
  const overtime = previous ? time - previous.end : Infinity;
  if (on && !on.isBreak) {
    const level = levelOf(on.end - time);
    return { level, words: WORDS[level], until: on.end, previous: overtime < SHORT_OVERTIME && previous.end === on.start ? previous : null };
  }
  // Where the next talk is cancelled, no speaker is waiting.
  const mostOvertime = cancelled ? SHORT_OVERTIME : MOST_OVERTIME;
  if (overtime < mostOvertime && (!next || next.start > time)) return { level: "over", words: WORDS.over, until: previous.end, previous };
  if (on) return { level: "break", words: "left of the break", until: on.end };
  if (next) return { level: "waiting", words: cancelled ? "until the next" : "to go", until: next.start };
  return { level: "none", words: "Nothing more", until: NaN };
}

const levelOf = (left) => (left <= LAST ? "last" : left <= SOON ? "soon" : "calm");

/** Over time, who should have ended; in the first minutes of the next talk, by how much. */
function previousText(previous, level, time) {
  if (!previous) return "";
  return level === "over" ? previous.names || previous.title : `previous ${formatTime(previous.end - time)}`;
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
  const { title, start, end } = sessionOf(node);
  return { title, names: namesOf(node), start: Date.parse(start), end: Date.parse(end), isBreak: node.dataset.break !== undefined };
}

/** The speakers without their affiliations, which are elements among the names. */
function namesOf(node) {
  const parts = [...node.querySelector("[data-part=people]").childNodes];
  return parts.filter((part) => part.nodeType === Node.TEXT_NODE).map(({ data }) => data).join("");
}

/** "12:34" or "3 h 40 min" left, or "+2:13" over; time left is rounded up, time over down. */
function formatTime(milliseconds) {
  if (milliseconds >= MOST_COUNTED) return formatDuration(milliseconds);
  const seconds = milliseconds > 0 ? Math.ceil(milliseconds / 1000) : Math.floor(-milliseconds / 1000);
  return `${milliseconds > 0 ? "" : "+"}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
