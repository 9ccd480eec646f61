// Keeps an open page equal to a fresh one: fetches the page's own address and merges what differs into the document.
// When: after a new revision, a change of the room state, a boundary, a return of the network or from sleep, or on a page
// from the worker's cache.
// <html data-refresh-each>: a page with few readers (the console) also refreshes at this interval in seconds, and soon
// after a boundary. <html data-answers-form>: the response to a form; it is never refreshed, as a GET gives another page.
// The answer to a form that was sent in the background is merged the same way (modules/send-forms.js), and so is a page at
// another address that is opened in place (modules/follow-in-place.js).
import { contactEvents, isLost, isOlderRevision, learnOfRevision, speed, tick } from "./clock.js";
import { build, isBeingEdited, isFrozen, isFromCache, historyShown, isStaticCopy, request, revisionShown, service } from "./page-context.js";

// Spreads the requests of many readers; the few consoles need no spread.
const { refreshEach: intervalSeconds } = document.documentElement.dataset;
const AFTER_BOUNDARY_MILLISECONDS = intervalSeconds ? [100, 300] : [1_000, 30_000];
const isDisabled = () => isFrozen || document.documentElement.dataset.answersForm !== undefined;
// A session that is gone has a page, and so have an edit that is refused and a form with a fault.
const PAGE_STATUSES = [200, 404, 409, 422];
// Another process of the service may learn of a revision later: first and longest delay before asking it again.
const RETRY_MILLISECONDS = [500, 8_000];
// After a refresh that the service failed to answer; where there is no network, the next contact refreshes.
const AFTER_FAILURE_MILLISECONDS = 30_000;

/** Events: "refreshed", and "failed" where the service gave no usable page. */
export const refreshEvents = new EventTarget();

let isRunning = false;
let isRequestedAgain = false;
let runningTasks = 0;
let timer = 0;
let dueAt = Infinity;
let isOutdated = isFromCache;
// Whether a refresh is due within the spread of a revision.
let isSpread = false;
// Whether there was a contact while the request that runs was on its way.
let isContactMade = false;
let [retryDelay] = RETRY_MILLISECONDS;
// Which copy a static host had at the last contact: another one may have other pages of the same revision.
let copyKnown;

export function startRefreshing() {
  if (intervalSeconds) refreshLater();
  contactEvents.addEventListener("lost", () => (isOutdated = true));
  contactEvents.addEventListener("made", ({ detail: { copy } }) => {
    const isOtherCopy = copy !== (copyKnown ??= copy);
    copyKnown = copy;
    isContactMade = true;
    if (!isRunning && !isSpread && (isOutdated || isOlderRevision())) refresh();
    else if (isOtherCopy) refreshAfterBoundary();
  });
  addEventListener("pageshow", ({ persisted }) => persisted && refresh());
}

/** Refreshes at the interval that the page names then: one that waits for something names a shorter one. */
function refreshLater() {
  setTimeout(async () => {
    if (!document.hidden) await refresh();
    refreshLater();
  }, Number(document.documentElement.dataset.refreshEach ?? intervalSeconds) * 1000);
}

/** Refreshes at a random time within so many seconds after a new revision, or earlier where a refresh is due already. */
export function refreshToRevision(revision, seconds) {
  learnOfRevision(revision);
  if (!isOlderRevision()) return;
  schedule(Math.random() * seconds * 1000);
  isSpread = dueAt < Infinity;
}

/** Refreshes now where the page shows another version of the room state; most pages show none. */
export function refreshToRoomState(version) {
  const { roomState } = document.documentElement.dataset;
  if (roomState !== undefined && Number(roomState) !== version) refresh();
}

/** Refreshes some time after a boundary, at which the page's own scripts have updated it already. */
export function refreshAfterBoundary() {
  const [least, most] = AFTER_BOUNDARY_MILLISECONDS;
  schedule((least + Math.random() * (most - least)) / Math.max(1, speed()));
}

function schedule(milliseconds) {
  if (isDisabled() || performance.now() + milliseconds > dueAt) return;
  clearTimeout(timer);
  dueAt = performance.now() + milliseconds;
  timer = setTimeout(refresh, milliseconds);
}

/** Runs a task that may merge a document itself; what asks for a refresh meanwhile gets one after it. */
export async function withoutRefreshing(task) {
  runningTasks += 1;
  await task().catch(console.error);
  runningTasks -= 1;
  if (isRequestedAgain) refresh();
}

/** Refreshes now. Calls during a request or a task are merged into one more request after it. */
export async function refresh() {
  if (isDisabled()) return;
  clearTimeout(timer);
  dueAt = Infinity;
  isSpread = false;
  isRequestedAgain = isRunning || runningTasks > 0;
  if (isRequestedAgain) return;
  isRunning = true;
  await fetchAndApply().catch(console.error);
  isRunning = false;
  if (isRequestedAgain) refresh();
}

const pageAddress = () => location.pathname + location.search;

async function fetchAndApply() {
  // Until the document is applied: where this request fails, the next contact refreshes.
  isOutdated = true;
  isContactMade = false;
  const address = pageAddress();
  const response = await request(address, { cache: "no-cache" }).catch(() => null);
  if (isSignedOut(response) && !isBeingEdited(document)) return location.replace(response.url);
  const fresh = isPage(response) ? await documentIn(response, address).catch(() => null) : null;
  if (!fresh) return tryAgain(response);
  // What was opened in place, or the answer to a form, has given the page another address meanwhile.
  if (address !== pageAddress()) return void (isRequestedAgain = true);
  applyFreshDocument(fresh);
  if (isOfThisBuild(fresh)) retryWhileOlder();
}

/** Asks again, at once where the network came back while the request was on its way; without network the next contact does. */
function tryAgain(response) {
  refreshEvents.dispatchEvent(new Event("failed"));
  const isCutOff = !response || isPage(response);
  if (isCutOff && isContactMade) isRequestedAgain = true;
  else if (!isLost) schedule(AFTER_FAILURE_MILLISECONDS);
}

/** A redirect leads to another page, such as the sign-in. What a form was refused has an address, and a status of its own. */
const isPage = (response) => Boolean(response) && !response.redirected && PAGE_STATUSES.includes(response.status);

/** The document in a response. The host of a frozen copy answers no search: its kept pages do. */
async function documentIn(response, address) {
  const kept = isStaticCopy && address.includes("?") && (await searchKept(address, "in this copy"));
  return kept || new DOMParser().parseFromString(await response.text(), "text/html");
}

/** The document that a search finds in the pages that this device keeps; null without such pages. */
export async function searchKept(address, where) {
  return import("./kept-search.js").then((search) => search.searchKept(address, where)).catch(() => null);
}

/** The document at an address; null where no page of the service comes. */
export async function fetchDocument(address, signal) {
  const response = await request(address, { cache: "no-cache", signal }).catch(() => null);
  return isPage(response) ? documentIn(response, address).catch(() => null) : null;
}

/** Asks again, at growing intervals, while the page shows an older revision than is known to be out. */
function retryWhileOlder() {
  const [first, longest] = RETRY_MILLISECONDS;
  retryDelay = isOlderRevision() ? retryDelay * 2 : first;
  if (retryDelay > first && retryDelay <= longest) schedule(retryDelay / 2);
}

/** Whether the console led to its page on signing in, as after the hand-over of a room. */
function isSignedOut(response) {
  return intervalSeconds && response?.redirected && new URL(response.url).pathname === "/organizer/sign-in";
}

/** Whether a document was made by the service and build that made this page. */
export function isOfThisBuild({ documentElement: { dataset } }) {
  return dataset.service === service && dataset.build === build;
}

/** The number of the revision that a document shows, and its history. */
const revisionOf = ({ documentElement: { dataset } }) => [Number(dataset.revision), dataset.history ?? ""];

/**
 * Merges a fresh document of this page into the open one, unless another service or build made it, or it shows an older
 * revision of the same history; returns whether it was merged.
 */
export function applyFreshDocument(fresh) {
  if (!isOfThisBuild(fresh)) return refuseBuild();
  isOutdated = false;
  const [revision, history] = revisionOf(fresh);
  if (history === historyShown() && revision < revisionShown()) return false;
  learnOfRevision(revision, history);
  merge(fresh);
  return true;
}

/**
 * Merges the document of another address, which `enter` makes the page's own, unless another service or build made it, or
 * it shows another instant (`?at=`) than this page; returns whether it was merged. What is at `anchor` stays in place. The
 * document may be older than the page, from another process of the service or from this device: then it is refreshed.
 */
export function openDocument(fresh, enter, anchor) {
  if (!isOfThisBuild(fresh)) return refuseBuild();
  if (fresh.documentElement.dataset.frozen !== document.documentElement.dataset.frozen) return false;
  isOutdated = fresh.documentElement.dataset.kept !== undefined;
  delete fresh.documentElement.dataset.kept;
  // First, since links of a frozen copy are relative.
  enter();
  merge(fresh, anchor);
  if (!isOutdated) {
    learnOfRevision(...revisionOf(fresh));
    retryWhileOlder();
  }
  return true;
}

function refuseBuild() {
  contactEvents.dispatchEvent(new Event("replaced"));
  refreshEvents.dispatchEvent(new Event("failed"));
  return false;
}

function merge(fresh, anchor) {
  const restoreScroll = rememberScroll(anchor);
  const focused = document.activeElement;
  previousById = new Map([...document.querySelectorAll("[id]")].map((node) => [node.id, node]));
  morph(document.documentElement, fresh.documentElement);
  if (focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
  refreshEvents.dispatchEvent(new CustomEvent("refreshed", { detail: { isOutdated } }));
  tick();
  restoreScroll();
}

/** Remembers where an element is, else the one at the middle of the screen; returns a function that scrolls it back. */
function rememberScroll(anchor) {
  const seen = anchor ?? document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest("[data-session], [id]");
  const top = seen?.getBoundingClientRect().top;
  return () => {
    if (scrollY === 0 || !seen?.isConnected) return;
    const moved = seen.getBoundingClientRect().top - top;
    if (Math.abs(moved) >= 1) scrollBy({ top: moved, behavior: "instant" });
  };
}

// Morphing: makes a document like another one, in place, so that focus, selection, typed text and scroll position stay.
//   data-added: added by a script; never removed.  data-keep: its content belongs to a script; left alone.
//   data-unsent: a form that waits for an answer or for a second try; left alone, so that it says what it will send.

// The <details> that the reader opened or closed.
const toggledDetails = new WeakSet();
// The elements by id before a merge: one that has another parent now is moved there, with the text typed into it.
let previousById = new Map();

document.addEventListener("click", ({ target }) => {
  const summary = target.closest?.("summary");
  if (summary) toggledDetails.add(summary.parentElement);
}, true);

/** Makes `live` like `fresh`; both are elements of the same name. */
function morph(live, fresh) {
  if (live.isEqualNode(fresh) || live.hasAttribute("data-unsent") || (live.hasAttribute("data-keep") && fresh.hasAttribute("data-keep"))) return;
  // Its content is text in a document with scripting and elements in one without, and never shown here.
  if (live.localName === "noscript") return;
  // A text that is being edited keeps the revision that it began with: what others write meanwhile is not overwritten.
  if (live.hasAttribute("data-base-of-text") && isBeingEdited(live.form)) return;
  morphAttributes(live, fresh);
  morphChildren(live, fresh);
}

function morphAttributes(live, fresh) {
  const isReaderSet = (name) => name === "open" && toggledDetails.has(live);
  for (const { name, value } of fresh.attributes) {
    if (live.getAttribute(name) !== value && !isReaderSet(name)) live.setAttribute(name, value);
  }
  for (const { name } of [...live.attributes]) {
    if (!fresh.hasAttribute(name) && !isReaderSet(name)) live.removeAttribute(name);
  }
}

function morphChildren(live, fresh) {
  const wanted = [...fresh.childNodes];
  const wantedKeys = new Set(wanted.map(keyOf).filter(Boolean));
  const isGone = (node) => keyOf(node) && !wantedKeys.has(keyOf(node));
  [...live.childNodes].filter(isGone).forEach(remove);
  const liveByKey = new Map([...live.children].map((node) => [keyOf(node), node]));
  let next = live.firstChild;
  for (const node of wanted) {
    while (next && (isAdded(next) || isGone(next))) next = next.nextSibling;
    const key = keyOf(node);
    const match = key ? ifSameKind(liveByKey.get(key) ?? previousById.get(node.id), node) : nextOfSameKind(next, node);
    if (match && match === next) next = next.nextSibling;
    else if (match) move(live, match, next);
    else insert(live, node, next);
    if (match && node.nodeType === Node.ELEMENT_NODE) morph(match, node);
    else if (match && match.data !== node.data) match.data = node.data;
  }
  const children = [...live.childNodes];
  if (next) children.slice(children.indexOf(next)).forEach(remove);
}

/** Removes what the fresh page does not have, but keeps forms that are being edited, in its place. */
function remove(node) {
  if (isAdded(node)) return;
  const forms = node.localName === "form" ? [node] : [...(node.querySelectorAll?.("form") ?? [])];
  const edited = forms.filter(isBeingEdited);
  if (!edited.includes(node)) node.replaceWith(...edited);
}

const isAdded = (node) => node.nodeType === Node.ELEMENT_NODE && node.hasAttribute("data-added");

/** What identifies an element among its siblings: its id, else the session that it or its row shows; "" for nothing. */
function keyOf(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return "";
  return node.id || node.dataset.session || (node.localName === "li" && node.querySelector(":scope > [data-session]")?.dataset.session) || "";
}

/** A node, where it has the type and name of another one; else null. */
function ifSameKind(node, other) {
  return node && node.nodeType === other.nodeType && node.localName === other.localName ? node : null;
}

/** Inserts a copy of a new node; parts of it that had another parent before are moved into the copy. */
function insert(parent, node, before) {
  const copy = parent.insertBefore(document.importNode(node, true), before);
  for (const part of copy.querySelectorAll?.("[id]") ?? []) {
    const previous = ifSameKind(previousById.get(part.id), part);
    if (!previous || !part.isConnected) continue;
    move(part.parentNode, previous, part);
    part.remove();
    morph(previous, part);
  }
}

function nextOfSameKind(first, node) {
  for (let one = first; one; one = one.nextSibling) if (!isAdded(one) && !keyOf(one) && ifSameKind(one, node)) return one;
  return null;
}

/**
 * Moves a child, without losing the focus where the browser can. A <datalist> has none, and a tab of Chromium crashes where
 * one is moved so after the fields that it is for.
 */
export function move(parent, node, before) {
  if (parent.moveBefore && node.isConnected && node.localName !== "datalist") parent.moveBefore(node, before);
  else parent.insertBefore(node, before);
}
