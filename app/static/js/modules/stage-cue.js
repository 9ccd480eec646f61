// The cue on the speaker's screen: the stream says which one stands (app/static/js/core/stream.js).
import { now } from "../core/clock.js";
import { setText } from "../core/page-context.js";

// The type sizes, each with the longest text, in characters, that stands in it.
const SIZES = [[9, "short"], [14, "medium"], [28, "long"], [Infinity, "huge"]];
let since = NaN;
let until = NaN;

/** Shows a cue; where none stands its instants are null, which is at no time. */
export function cue(element, { text, style, since: start, until: end }) {
  setText(element, text);
  element.dataset.length = SIZES.find(([most]) => text.length <= most)[1];
  element.dataset.style = style;
  [since, until] = [Date.parse(start), Date.parse(end)];
  tick(element, now());
}

/** The whole page follows: beside a cue the figure is smaller, and a black screen has nothing else. */
export function tick(element, time) {
  const stands = since <= time && time < until;
  element.hidden = !stands;
  if (stands) document.body.dataset.cue = element.dataset.style;
  else delete document.body.dataset.cue;
}
