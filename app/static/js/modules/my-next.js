// Of the sessions on this page the next one that the reader starred: a copy of its card, and the time until it begins.
import { formatDuration, now } from "../core/clock.js";
import { setText } from "../core/page-context.js";
import { starEvents, stars } from "../stars/star-storage.js";

// The card as it was copied, without what scripts write into it.
let copied = null;

export function start(element) {
  starEvents.addEventListener("changed", () => turned(element));
}

export function turned(element) {
  tick(element, now());
}

export const refreshed = turned;

export function tick(element, time) {
  const source = nextStarred(element, time);
  // What the page itself says is next stands there already.
  element.hidden = !source || Boolean(document.querySelector(`[data-slot=next] [data-session="${source.dataset.session}"]`));
  showCopy(element.querySelector("[data-card]"), source);
  const left = source ? `in ${formatDuration(Date.parse(source.dataset.start) - time)}` : "";
  setText(element.querySelector("[data-my-left]"), left);
}

/** Leaves the copy alone where it is one of the same card, so that it keeps the focus. */
function showCopy(card, source) {
  const blank = source ? blankCopy(source) : null;
  if (!source || !copied?.isEqualNode(blank)) card.replaceChildren(...(source ? [source.cloneNode(true)] : []));
  copied = blank;
}

/** The element of the next starred session, outside of this one; undefined where there is none. */
function nextStarred(element, time) {
  const isToCome = ({ dataset }) => dataset.session in stars.starred && dataset.status !== "cancelled" && Date.parse(dataset.start) > time;
  const found = [...element.parentElement.querySelectorAll("[data-session]")].filter((node) => !element.contains(node) && isToCome(node));
  return found.sort((a, b) => Date.parse(a.dataset.start) - Date.parse(b.dataset.start))[0];
}

function blankCopy(source) {
  const copy = source.cloneNode(true);
  delete copy.dataset.state;
  copy.querySelectorAll("[data-left]").forEach((left) => left.replaceChildren());
  copy.querySelectorAll("[data-added]").forEach((added) => added.remove());
  return copy;
}
