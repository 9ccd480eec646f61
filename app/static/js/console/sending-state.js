// What a page of the console shows of a tap on its way: the pressed button is busy, and where no answer comes a line
// beside it says so, with "Try again". A tap is { source, button, clickedAt, again }: a form or a link, the button of the
// form that was pressed, the `Event.timeStamp` of that, and a function that sends the same once more.
//   data-unsent: "sending" while a tap is on its way, "waiting" for a second try; the page's refreshes leave it alone.
import { refreshEvents } from "../core/refresh.js";

// Sooner an answer is no wait, and the words would only flicker.
const SLOW_MILLISECONDS = 300;
// In narrower buttons the word would not fit.
const LEAST_PIXELS_FOR_WORD = 88;
// The second half of a double tap comes sooner.
const DOUBLE_TAP_MILLISECONDS = 400;

const slowTimers = new WeakMap();
const heldUntil = new WeakMap();

export const isSending = (source) => source.dataset.unsent === "sending";

/** What is filled in in a form, as text to compare. */
export const filledIn = (form) => JSON.stringify([...new FormData(form)]);

/** Whether the focus is in the form or link of a tap, or nowhere. */
export function hasFocus({ source }) {
  return document.activeElement === document.body || source.contains(document.activeElement);
}

/** Marks a tap as on its way. Its buttons keep the focus, so they are not disabled but marked as such. */
export function showSending(tap) {
  const { source, button } = tap;
  const pressed = button ?? source;
  const isRetry = noticeOf(source)?.contains(document.activeElement);
  showSettled(tap);
  source.dataset.unsent = "sending";
  for (const one of buttonsOf(source)) one.setAttribute("aria-disabled", "true");
  pressed.setAttribute("aria-busy", "true");
  if (isRetry) pressed.focus();
  if (button) slowTimers.set(source, setTimeout(() => (button.dataset.slow = button.offsetWidth < LEAST_PIXELS_FOR_WORD ? "…" : "Sending…"), SLOW_MILLISECONDS));
}

/** Removes the marks and the line of a tap. */
export function showSettled({ source }) {
  clearTimeout(slowTimers.get(source));
  noticeOf(source)?.remove();
  delete source.dataset.unsent;
  for (const one of [source, ...buttonsOf(source)]) {
    for (const name of ["aria-busy", "aria-disabled", "data-slow"]) one.removeAttribute(name);
  }
}

/** Says beside its button why a tap has not done what it should, and offers to try again, or only to go on. */
export function showFailure(tap, words, { isRetryable, dismissed, takesFocus }) {
  const { source, button } = tap;
  showSettled(tap);
  const notice = newElement("span", { className: "unsent" });
  notice.dataset.added = "";
  const text = newElement("span", { role: "alert" });
  // Of several buttons it says which one; a form's only button stands beside it.
  const label = buttonsOf(source).length > 1 ? button?.textContent.trim() : "";
  if (label) text.append(newElement("b", { textContent: label }), " ");
  text.append(words);
  const dismiss = () => {
    showSettled(tap);
    (button ?? source).focus();
    dismissed();
  };
  notice.append(text, ...(isRetryable ? [newButton("Try again", "tap", tap.again), newButton("Leave it", "tap quiet", dismiss)] : [newButton("OK", "tap quiet", dismiss)]));
  if (isRetryable) source.dataset.unsent = "waiting";
  if (source.localName === "form") source.append(notice);
  else source.after(notice);
  if (takesFocus) notice.querySelector("button").focus();
}

/**
 * After an answer has changed the page sooner than a double tap is over: until then the pressed button cannot be pressed,
 * nor the one that lies now where it was. The second half of the tap was not meant for it, however late a busy page
 * handles it.
 */
export function holdButtons({ button, clickedAt }, { left, top, width, height }, handledAt) {
  const held = [button, document.elementFromPoint(left + width / 2, top + height / 2)?.closest("button")].filter(Boolean);
  for (const one of held) heldUntil.set(one, clickedAt + DOUBLE_TAP_MILLISECONDS);
  const milliseconds = handledAt + DOUBLE_TAP_MILLISECONDS - performance.now();
  if (milliseconds <= 0) return;
  const mark = () => held.forEach((one) => one.setAttribute("aria-disabled", "true"));
  mark();
  // A refresh, as it follows each edit, takes away what the service does not know of.
  refreshEvents.addEventListener("refreshed", mark);
  setTimeout(() => {
    refreshEvents.removeEventListener("refreshed", mark);
    held.forEach((one) => one.closest("[data-unsent=sending]") || one.removeAttribute("aria-disabled"));
  }, milliseconds);
}

/** Whether a button, clicked at an `Event.timeStamp`, is held. */
export const isHeld = (button, clickedAt) => clickedAt < heldUntil.get(button);

const buttonsOf = (source) => [...(source.elements ?? [])].filter(({ type }) => type === "submit");

const noticeOf = (source) => (source.localName === "form" ? source.querySelector(".unsent") : source.nextElementSibling?.closest(".unsent"));

const newElement = (name, values) => Object.assign(document.createElement(name), values);

function newButton(textContent, className, work) {
  const button = newElement("button", { type: "button", textContent, className });
  button.addEventListener("click", work);
  return button;
}
