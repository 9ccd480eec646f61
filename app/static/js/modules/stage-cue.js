// The cue on the speaker's screen: the stream says which one stands (app/static/js/core/stream.js).
import { now } from "../core/clock.js";
import { setText } from "../core/page-context.js";

// The type sizes, each with the longest text, in characters, that stands in it.
const SIZES = [[9, "short"], [14, "medium"], [28, "long"], [Infinity, "huge"]];
// So far its clock may be behind that of the process which took the cue; one that is later is of before the clock was set back.
const CLOCK_SKEW_MILLISECONDS = 60_000;
let since = NaN;
let until = NaN;

/** Shows a cue; none where it has no id. */
export function cue(element, { id, text, style, at, until: end }) {
  setText(element, text);
  element.dataset.length = SIZES.find(([most]) => text.length <= most)[1];
  element.dataset.style = style;
  [since, until] = id === null ? [NaN, NaN] : [Date.parse(at) - CLOCK_SKEW_MILLISECONDS, Date.parse(end)];
  tick(element, now());
}

/** The whole page follows: beside a cue the figure is smaller, and a black screen has nothing else. */
export function tick(element, time) {
  const stands = since <= time && time < until;
  element.hidden = !stands;
  if (stands) document.body.dataset.cue = element.dataset.style;
  else delete document.body.dataset.cue;
}
