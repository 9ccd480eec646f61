// Sends the console's forms in the background, and opens its pages once the service is seen to answer. Without network
// a tap says so beside its button, keeps what was typed and offers to try again; the browser's error page never comes.
// A second try sends the same fields with the same `once`, of which the service publishes the first to arrive.
import { filledIn, hasFocus, holdButtons, isHeld, isSending, showFailure, showSending, showSettled } from "../console/sending-state.js";
import { isReachable, post } from "../console/requests.js";
import { sync } from "../core/clock.js";
import { applyFreshDocument, isOfThisBuild, refresh, withoutRefreshing } from "../core/refresh.js";

const NO_PAGE = "No network. Try again when it is back.";
// A browser may give a page up that it was asked to open, and stay on this one.
const OPENING_MILLISECONDS = 8_000;
const TOO_LARGE = 413;
const TOO_MANY_REQUESTS = 429;
const SERVER_ERROR = 500;

let openings = 0;
// Forms on their way, each a promise that ends when its answer is shown.
const sendings = new Set();
// When the last click happened. The event of the form that it sends has only the time at which it was handled.
let clickedAt = 0;

export function start() {
  addEventListener("click", ({ timeStamp }) => (clickedAt = timeStamp), { capture: true });
  addEventListener("submit", takeForm);
  addEventListener("click", takeLink);
}

function takeForm(event) {
  const { target: form, submitter: button } = event;
  const action = new URL(button?.getAttribute("formaction") ?? form.getAttribute("action") ?? "", location.href);
  if (event.defaultPrevented || action.origin !== location.origin) return;
  event.preventDefault();
  if (isSending(form) || button?.ariaDisabled === "true" || isHeld(button, clickedAt)) return;
  const fields = new FormData(form);
  if (button?.name) fields.append(button.name, button.value);
  const tap = { source: form, button, typed: filledIn(form), clickedAt, again: () => {} };
  const method = button?.getAttribute("formmethod") ?? form.getAttribute("method");
  if (method?.toLowerCase() === "post") return sendForm(tap, action, fields);
  action.search = new URLSearchParams(fields);
  openPage(tap, action);
}

function takeLink(event) {
  const link = event.target.closest?.("a[href]");
  const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || event.defaultPrevented || !isPlain || link.target || link.hasAttribute("download")) return;
  const { origin, pathname, search, hash, href } = link;
  const isPlaceOnPage = hash && pathname === location.pathname && search === location.search;
  // What is not the console's the service worker has, where it is installed.
  const isStored = navigator.serviceWorker?.controller && !pathname.startsWith("/organizer");
  if (origin !== location.origin || isPlaceOnPage || isStored) return;
  event.preventDefault();
  if (!isSending(link)) openPage({ source: link, button: null, again: () => {} }, href);
}

/** Opens a page of the service, if it answers and nothing else was tapped meanwhile; not before forms have arrived. */
async function openPage(tap, address) {
  tap.again = () => openPage(tap, address);
  const opening = ++openings;
  showSending(tap);
  const isThere = await isReachable();
  const arrived = await Promise.all(sendings);
  if (!isThere) return fail(tap, NO_PAGE);
  showSettled(tap);
  // What was not sent is said on this page.
  if (opening === openings && arrived.every(Boolean)) location.assign(address);
}

/** Sends a form as it was filled in when its button was pressed, and shows the answer. */
async function sendForm(tap, action, fields) {
  const handledAt = performance.now();
  const place = (tap.button ?? tap.source).getBoundingClientRect();
  const body = tap.source.enctype === "multipart/form-data" ? fields : new URLSearchParams(fields);
  tap.again = () => sendForm(tap, action, fields);
  showSending(tap);
  const sending = withoutRefreshing(async () => {
    const { response, page, words } = await post(action, body);
    if (words) return fail(tap, words);
    if (!isPage(response, page)) return refuse(tap, response, page);
    if (response.redirected && new URL(response.url).pathname !== location.pathname) return leaveFor(tap, response.url);
    showAnswer(tap, response, page);
    holdButtons(tap, place, handledAt);
  }).then(() => !tap.source.querySelector(".unsent"));
  sendings.add(sending);
  await sending.finally(() => sendings.delete(sending));
}

/** Whether an answer is a page to go on with: where a redirect led, or one with forms; else it only says what is wrong. */
function isPage({ redirected, ok, status }, page) {
  return status < SERVER_ERROR && (redirected || ok || Boolean(page.querySelector("main form")));
}

function fail(tap, words) {
  showFailure(tap, words, { isRetryable: true, takesFocus: isFocusFree(tap), dismissed: refresh });
  // The whole page says how old it is, without waiting for the next contact.
  sync();
}

/** Says beside the button what an error page says; what was typed stays. The refresh brings the form a fresh token. */
function refuse(tap, { status }, page) {
  const isRetryable = status >= SERVER_ERROR || status === TOO_MANY_REQUESTS;
  const hasFile = Boolean(tap.source.querySelector("input[type=file]"));
  showFailure(tap, reasonOf(status, page, hasFile), { isRetryable, takesFocus: isFocusFree(tap), dismissed: refresh });
  refresh();
}

/** What is refused before it is read has a plain text, without a page around it. */
function reasonOf(status, page, hasFile) {
  if (status === TOO_LARGE && !hasFile) return "That is more text than is taken at once. Shorten the longest part.";
  const words = page.querySelector("main p") ?? page.querySelector("main h1") ?? page.body;
  return words.textContent.trim() || `The service answered with status ${status}.`;
}

/** Whether the focus may be moved: it is not where somebody has typed on meanwhile. */
function isFocusFree(tap) {
  return hasFocus(tap) && (!tap.typed || tap.typed === filledIn(tap.source));
}

/** Opens an answer's page; until it is there the form stays on its way, so that nothing is sent twice. */
function leaveFor(tap, address) {
  const settle = () => showSettled(tap);
  addEventListener("pagehide", settle, { once: true });
  setTimeout(settle, OPENING_MILLISECONDS);
  location.assign(address);
}

/** Merges an answer into the page, which it is a newer state of; what was typed into the form is done with. */
function showAnswer(tap, response, page) {
  const hadFocus = tap.source.contains(document.activeElement);
  if (!isOfThisBuild(page)) return leaveFor(tap, response.redirected ? response.url : location.href);
  showSettled(tap);
  if (tap.typed === filledIn(tap.source)) tap.source.reset();
  if (response.redirected) history.replaceState(history.state, "", response.url);
  const top = tap.button?.getBoundingClientRect().top;
  if (!applyFreshDocument(page)) refresh();
  if (!response.redirected) showRefusal();
  else if (tap.button?.isConnected && tap.source.matches("form.content")) keepInPlace(tap.button, top);
  if (hadFocus && document.activeElement === document.body) focusOutcome();
}

/** Shows the first field that was refused, with what is wrong with it; else the beginning of the page. */
function showRefusal() {
  const field = document.querySelector("main form.content [aria-invalid]");
  if (!field) return scrollTo(0, 0);
  field.closest(".field, .row")?.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
}

/** Keeps the button of a long form where it was on the screen, with what is said beside it. */
function keepInPlace(button, top) {
  scrollBy({ top: button.getBoundingClientRect().top - top, behavior: "instant" });
}

/** Moves the focus to the line that says what was done, where its button has gone with the answer. */
function focusOutcome() {
  const line = document.querySelector("main [role=status]:not([data-added], [hidden])") ?? document.getElementById("main");
  line.tabIndex = -1;
  line.focus({ preventScroll: true });
}
