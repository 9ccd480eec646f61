// The speaker's timer. The page has what it says in each span of the room's day (app/domain/stage_timer.py); this counts.
import { formatDuration } from "../core/clock.js";
import { setText } from "../core/page-context.js";

// A longer time is said in hours and minutes, without seconds.
const MOST_COUNTED = 100 * 60_000;
let read = "";
let spans = [];

export function tick(element, time) {
  const { level, words, until, late, previous } = spanAt(element.dataset.spans, time);
  const [figure, ...others] = ["figure", "words", "beside"].map((part) => element.querySelector(`[data-timer=${part}]`));
  // On the speaker's screen the whole page has its colour.
  const coloured = element.closest("body.speaker-stage") ?? element;
  coloured.dataset.level = level;
  setText(figure, until ? formatTime(until - time) : "–");
  figure.classList.toggle("long", figure.textContent.length === 6);
  figure.classList.toggle("in-words", figure.textContent.length > 6);
  const beside = previous ? `previous ${formatTime(previous - time)}` : late ?? "";
  [words, beside].forEach((text, number) => setText(others[number], text));
}

function spanAt(text, time) {
  if (text !== read) {
    spans = JSON.parse(text).map(([since, level, words, until, late, previous]) => ({ since: since * 1000, level, words, until: until && until * 1000, late, previous: previous && previous * 1000 }));
    read = text;
  }
  return spans.filter(({ since }) => since <= time).at(-1);
}

/** "12:34" or "3 h 40 min" left, or "+2:13" over; time left is rounded up, time over down. */
function formatTime(milliseconds) {
  if (milliseconds >= MOST_COUNTED) return formatDuration(milliseconds);
  const seconds = milliseconds > 0 ? Math.ceil(milliseconds / 1000) : Math.floor(-milliseconds / 1000);
  return `${milliseconds > 0 ? "" : "+"}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
