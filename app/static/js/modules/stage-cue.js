// The cue on the speaker's screen: the stream says which one stands (app/static/js/core/stream.js).
import { now } from "../core/clock.js";
import { setText } from "../core/page-context.js";

// From the most characters on that a text has, it stands larger.
const SIZES = [[14, "short"], [28, "medium"], [Infinity, "long"]];
let until = NaN;

/** Shows a cue, or none where its text and style are those of none. */
export function cue(element, { id, text, style, until: end }) {
  setText(element, text);
  element.dataset.length = SIZES.find(([most]) => text.length <= most)[1];
  element.dataset.style = style;
  until = id === null ? NaN : Date.parse(end);
  tick(element, now());
}

/** The whole page follows: beside a cue the figure is smaller, and a black screen has nothing else. */
export function tick(element, time) {
  const stands = time < until;
  element.hidden = !stands;
  if (stands) document.body.dataset.cue = element.dataset.style;
  else delete document.body.dataset.cue;
}
