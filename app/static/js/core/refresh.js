// Keeps an open page equal to a fresh one: the page asks for its own address and takes over, in place, what differs.
// When: a new revision, a boundary, a return of the network or from sleep, or a page from the phone's own store.
// <html data-refresh-each>: seconds after which a page of few readers, the console, asks anyway, and at once after a
// boundary. <html data-answers-form>: it is shown this once, as the answer to a form; a fresh one would be another.
import { contact, speed, tick } from "./clock.js";
import { build, frozen, isTypedInto, kept, request, revisionShown, service } from "./page.js";

// A hall must not ask in one moment; the few who have a console may.
const { refreshEach: eachSeconds, answersForm } = document.documentElement.dataset;
const AFTER_BOUNDARY_MILLISECONDS = eachSeconds ? [100, 300] : [1_000, 30_000];
const still = frozen || answersForm !== undefined;
// Another process of the service may hear of a revision a moment later: it is asked again, then at each contact.
const BEHIND_MILLISECONDS = [500, 8_000];

export const refreshed = new EventTarget();

let isRunning = false;
let isWantedAgain = false;
let timer = 0;
let due = Infinity;
let away = kept;
let newest = 0;
let [behind] = BEHIND_MILLISECONDS;

export function follow() {
  if (still) return;
  if (eachSeconds) setInterval(() => document.hidden || refresh(), eachSeconds * 1000);
  contact.addEventListener("lost", () => (away = true));
  contact.addEventListener("made", ({ detail }) => {
    newest = Math.max(newest, detail.revision);
    if (away || newest > revisionShown()) refresh();
  });
  addEventListener("pageshow", ({ persisted }) => persisted && refresh());
}

/** A revision is out: refreshes within so many seconds, at a random moment; a sooner one that is due comes first. */
export function refreshTo(revision, seconds) {
  newest = Math.max(newest, revision);
  if (newest > revisionShown()) later(Math.random() * seconds * 1000);
}

/** Refreshes some time after a boundary: the page has turned by itself already. */
export function refreshAfterBoundary() {
  const [least, most] = AFTER_BOUNDARY_MILLISECONDS;
  later((least + Math.random() * (most - least)) / Math.max(1, speed()));
}

function later(milliseconds) {
  if (still || performance.now() + milliseconds > due) return;
  clearTimeout(timer);
  due = performance.now() + milliseconds;
  timer = setTimeout(refresh, milliseconds);
}

/** Refreshes now. What is wanted while an answer is on its way is asked for once, after it. */
async function refresh() {
  if (still) return;
  clearTimeout(timer);
  due = Infinity;
  isWantedAgain = isRunning;
  if (isRunning) return;
  isRunning = true;
  await bring().catch(console.error);
  isRunning = false;
  if (isWantedAgain) refresh();
}

async function bring() {
  // Until the page is taken over; without network the notice of old data says so, and the next contact brings it.
  away = true;
  // A search is done by the page itself: the whole page serves any.
  const address = document.documentElement.dataset.refresh ?? location.pathname + location.search;
  const answer = await request(address, { cache: "no-cache" }).catch(() => null);
  // It leads elsewhere where somebody was signed out meanwhile, say.
  if (!answer || answer.redirected || ![200, 404].includes(answer.status)) {
    refreshed.dispatchEvent(new Event("failed"));
    return;
  }
  takeOver(new DOMParser().parseFromString(await answer.text(), "text/html"));
  const [first, longest] = BEHIND_MILLISECONDS;
  behind = revisionShown() < newest ? behind * 2 : first;
  if (behind > first && behind <= longest) later(behind / 2);
}

/** Takes over a fresh document of this page, unless another day or another build of the service made it. */
function takeOver(fresh) {
  const theirs = fresh.documentElement.dataset;
  if (theirs.service !== service || theirs.build !== build) {
    contact.dispatchEvent(new Event("replaced"));
    refreshed.dispatchEvent(new Event("failed"));
    return;
  }
  away = false;
  if (Number(theirs.revision) < revisionShown()) return;
  const place = keepPlace();
  const focused = document.activeElement;
  known = new Map([...document.querySelectorAll("[id]")].map((node) => [node.id, node]));
  morph(document.documentElement, fresh.documentElement);
  if (focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
  refreshed.dispatchEvent(new Event("refreshed"));
  tick();
  place();
}

/** Remembers what stands at the middle of the screen; gives a function that brings it back there. */
function keepPlace() {
  const seen = document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest("[data-session], [id]");
  const top = seen?.getBoundingClientRect().top;
  return () => {
    if (scrollY === 0 || !seen?.isConnected) return;
    const moved = seen.getBoundingClientRect().top - top;
    if (Math.abs(moved) >= 1) scrollBy({ top: moved, behavior: "instant" });
  };
}

// Morphing: makes a document like another one, in place, so that focus, selection, typed text and scroll position stay.
//   data-added: made by a script; never removed.  data-keep: its content belongs to a script; left alone.

const toggled = new WeakSet();
// What had which id before: an element that now stands elsewhere is moved there with what was typed into it.
let known = new Map();

// Which details the reader opened or closed themselves.
document.addEventListener("click", ({ target }) => {
  const summary = target.closest?.("summary");
  if (summary) toggled.add(summary.parentElement);
}, true);

/** Makes `live` like `fresh`; both are elements of the same name. */
function morph(live, fresh) {
  if (live.isEqualNode(fresh) || (live.hasAttribute("data-keep") && fresh.hasAttribute("data-keep"))) return;
  // Parsed in two ways, and shown in none.
  if (live.localName === "noscript") return;
  morphAttributes(live, fresh);
  morphChildren(live, fresh);
}

function morphAttributes(live, fresh) {
  const isReaders = (name) => name === "open" && toggled.has(live);
  for (const { name, value } of fresh.attributes) {
    if (live.getAttribute(name) !== value && !isReaders(name)) live.setAttribute(name, value);
  }
  for (const { name } of [...live.attributes]) {
    if (!fresh.hasAttribute(name) && !isReaders(name)) live.removeAttribute(name);
  }
}

function morphChildren(live, fresh) {
  const wanted = [...fresh.childNodes];
  const keys = new Set(wanted.map(keyOf).filter(Boolean));
  const isGone = (node) => keyOf(node) && !keys.has(keyOf(node));
  [...live.childNodes].filter(isGone).forEach(drop);
  const keyed = new Map([...live.children].map((node) => [keyOf(node), node]));
  let next = live.firstChild;
  for (const node of wanted) {
    while (next && (isAdded(next) || isGone(next))) next = next.nextSibling;
    const key = keyOf(node);
    const match = key ? alike(keyed.get(key) ?? known.get(node.id), node) : firstAlike(next, node);
    if (match && match === next) next = next.nextSibling;
    else if (match) move(live, match, next);
    else insert(live, node, next);
    if (match && node.nodeType === Node.ELEMENT_NODE) morph(match, node);
    else if (match && match.data !== node.data) match.data = node.data;
  }
  const children = [...live.childNodes];
  if (next) children.slice(children.indexOf(next)).forEach(drop);
}

/** Takes away what a fresh page has no more; but a form that somebody types into stays, in its place. */
function drop(node) {
  if (isAdded(node)) return;
  const forms = node.localName === "form" ? [node] : [...(node.querySelectorAll?.("form") ?? [])];
  const form = forms.find(isTypedInto);
  if (!form) node.remove();
  else if (form !== node) node.replaceWith(form);
}

const isAdded = (node) => node.nodeType === Node.ELEMENT_NODE && node.hasAttribute("data-added");

/** What an element is known by among its siblings: its id, else the session that it or its row shows. */
function keyOf(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return "";
  return node.id || node.dataset.session || (node.localName === "li" && node.querySelector(":scope > [data-session]")?.dataset.session) || "";
}

function alike(one, other) {
  return one && one.nodeType === other.nodeType && one.localName === other.localName ? one : null;
}

/** Inserts a copy of what is new; what of it stood elsewhere before is brought over. */
function insert(parent, node, before) {
  const copy = parent.insertBefore(document.importNode(node, true), before);
  for (const part of copy.querySelectorAll?.("[id]") ?? []) {
    const old = alike(known.get(part.id), part);
    if (!old || !part.isConnected) continue;
    move(part.parentNode, old, part);
    part.remove();
    morph(old, part);
  }
}

function firstAlike(next, node) {
  for (let one = next; one; one = one.nextSibling) if (!isAdded(one) && !keyOf(one) && alike(one, node)) return one;
  return null;
}

/** Moves a child, where the browser can without taking the focus away. */
function move(parent, node, before) {
  if (parent.moveBefore && node.isConnected) parent.moveBefore(node, before);
  else parent.insertBefore(node, before);
}
