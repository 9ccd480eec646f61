// Opens links and forms that declare `data-in-place` without loading a page: search, filters, days, list or grid. Fetches
// the address, merges its page into the open one and makes it the page's address, so that back and forward lead to it.
import { contactEvents } from "../core/clock.js";
import { isFromCache, isStaticCopy } from "../core/page-context.js";
import { fetchDocument, isOfThisBuild, openDocument, searchKept, withoutRefreshing } from "../core/refresh.js";

// So long after a letter the service is asked; a screen reader hears no result before.
const TYPING_MILLISECONDS = 250;
const SCROLLED_MILLISECONDS = 150;
// So long an answer is waited for; with a worker the device may have the page.
const PATIENCE_MILLISECONDS = navigator.serviceWorker?.controller ? 3_000 : 8_000;
const AT_ONCE = "select, [type=checkbox], [type=radio]";
const NO_SEARCH = "No network. The search needs it.";

let isListening = false;
// The opening that goes on: a later one aborts it.
let latest = null;
let typingTimer = 0;
let scrollTimer = 0;
// Whether the typing that goes on has an entry of its own in the history, which its next letter replaces.
let hasTypedEntry = false;
let shownAddress = addressOf(location);
// Whether the last search got no answer: until the next contact others are not kept waiting.
let isCut = false;

export function start(element) {
  element.addEventListener("click", takeLink);
  element.addEventListener("submit", takeForm);
  element.addEventListener("input", takeInput);
  element.addEventListener("focusin", () => (hasTypedEntry = false));
  listen();
  // What was filled in before the module was there.
  const filled = [...element.querySelectorAll("form[data-in-place]")].find((form) => [...form.elements].some(isFilledIn));
  if (filled) openForm(filled, true);
}

function listen() {
  if (isListening) return;
  isListening = true;
  addEventListener("popstate", openEntry);
  addEventListener("scroll", rememberScroll, { passive: true });
  addEventListener("pagehide", () => (history.scrollRestoration = "auto"));
  addEventListener("pageshow", ({ persisted }) => persisted && history.state && (history.scrollRestoration = "manual"));
  contactEvents.addEventListener("made", () => (isCut = false));
  // Such a page is the one without the search that its address asks for.
  if ((isFromCache || isStaticCopy) && isSearch(new URL(location))) openPlace(new URL(location));
}

function isFilledIn(field) {
  if (field.type === "hidden" || field.localName === "button") return false;
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  const options = [...(field.options ?? [])];
  if (options.length) return field.value !== (options.find((option) => option.defaultSelected) ?? options[0]).value;
  return field.value !== field.defaultValue;
}

function addressOf({ pathname, search }) {
  return pathname + search;
}

function takeLink(event) {
  const link = event.target.closest("a[data-in-place]");
  const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || event.defaultPrevented || !isPlain || link.target || link.origin !== location.origin) return;
  event.preventDefault();
  const url = new URL(link.href);
  const day = listShown()?.dataset.day;
  open(url, {
    enter: () => addressOf(url) === shownAddress || pushEntry(url),
    anchor: link,
    opened: () => {
      resetForms();
      if (link.closest("nav.days") || listShown()?.dataset.day !== day) enterDay();
      else keepFocus(link);
    },
    failed: () => location.assign(url),
  });
}

function takeForm(event) {
  const form = event.target;
  if (!form.matches("form[data-in-place]") || event.defaultPrevented) return;
  event.preventDefault();
  openForm(form, false);
}

function takeInput({ target }) {
  const form = target.form;
  if (!form?.matches("form[data-in-place]")) return;
  if (target.matches(AT_ONCE)) openForm(form, false);
  else {
    clearTimeout(typingTimer);
    typingTimer = setTimeout(openForm, TYPING_MILLISECONDS, form, true);
  }
}

/** Opens the address of a form as it is filled in, without the fields that are empty. */
function openForm(form, isTyping) {
  const url = new URL(form.getAttribute("action") ?? "", location);
  url.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  if (addressOf(url) === shownAddress) return void begin();
  open(url, {
    isSearch: true,
    enter: () => {
      if (isTyping && hasTypedEntry) history.replaceState(history.state, "", url);
      else pushEntry(url);
      hasTypedEntry = isTyping;
    },
    anchor: form,
    opened: () => showBeginning(0),
    failed: (fresh) => (fresh ? location.assign(url) : sayNoSearch()),
  });
}

function sayNoSearch() {
  const line = document.querySelector("[data-found]");
  if (line) line.textContent = NO_SEARCH;
}

/** Opens the page of the history's entry that the reader went to; a place within the open page is the browser's. */
function openEntry() {
  hasTypedEntry = false;
  const url = new URL(location);
  if (addressOf(url) !== shownAddress) return openPlace(url);
  begin();
  scrollBack();
}

/** Opens the page that the address names already. */
function openPlace(url) {
  open(url, {
    isSearch: isSearch(url),
    enter: () => {},
    opened: () => (resetForms(), scrollBack()),
    failed: (fresh) => (isSearch(url) && !fresh ? sayNoSearch() : location.reload()),
  });
}

function scrollBack() {
  if (history.state?.scroll !== undefined) scrollTo({ top: history.state.scroll, behavior: "instant" });
}

/** Whether an address has something in a field that a reader fills in. */
function isSearch({ searchParams }) {
  const fields = [...document.querySelectorAll("form[data-in-place] [name]:not([type=hidden], button)")];
  return fields.some(({ name }) => searchParams.get(name));
}

/** Ends the opening that goes on and the wait for more letters, for another opening. */
function begin() {
  clearTimeout(typingTimer);
  latest?.abort();
  return (latest = new AbortController());
}

/** Opens an address in place, unless another one is opened meanwhile. */
function open(url, { isSearch: isSought, enter, anchor, opened, failed }) {
  const own = begin();
  return withoutRefreshing(async () => {
    const find = isSought ? search : fetchInTime;
    const fresh = await find(addressOf(url), own);
    if (own !== latest) return;
    const enterPlace = () => {
      enter();
      shownAddress = addressOf(url);
    };
    if (fresh && openDocument(fresh, enterPlace, anchor)) opened?.();
    else failed(fresh);
  });
}

/** What the service finds, else what is found in the pages that this device keeps; null without either. */
async function search(address, opening) {
  const fresh = isCut ? null : await fetchInTime(address, opening);
  if (fresh && isOfThisBuild(fresh)) return fresh;
  if (opening === latest) isCut = true;
  return searchKept(address, isStaticCopy ? "in this copy" : "without network");
}

/** The document at an address, or null where it does not come in time. */
async function fetchInTime(address, opening) {
  const timer = setTimeout(() => opening.abort(), PATIENCE_MILLISECONDS);
  const fresh = await fetchDocument(address, opening.signal);
  clearTimeout(timer);
  return fresh;
}

/** Adds an entry to the history; the one that is left keeps where the page was scrolled to. */
function pushEntry(url) {
  history.scrollRestoration = "manual";
  history.replaceState({ ...history.state, scroll: scrollY }, "");
  history.pushState({}, "", url);
  hasTypedEntry = false;
}

/** Keeps where the page is scrolled to with the entry of the history that it is at, once scrolling has paused. */
function rememberScroll() {
  clearTimeout(scrollTimer);
  scrollTimer = setTimeout(() => {
    const isAtEntry = history.scrollRestoration === "manual" && shownAddress === addressOf(location);
    if (isAtEntry) history.replaceState({ ...history.state, scroll: scrollY }, "");
  }, SCROLLED_MILLISECONDS);
}

/** Fields show what the page was delivered with. */
function resetForms() {
  for (const form of document.querySelectorAll("form[data-in-place]")) form.reset();
}

/** The list that the page shows: of a day, or the results of a search. */
const listShown = () => document.querySelector("[data-day]:not([hidden]), .results");

/** Shows the beginning of another day, and moves the focus to its heading, which a screen reader then reads. */
function enterDay() {
  showBeginning(innerHeight / 2);
  document.getElementById(listShown()?.getAttribute("aria-labelledby"))?.focus({ preventScroll: true });
}

/** Scrolls to the beginning of the list where that is above the screen or, if given, below a height of it. */
function showBeginning(lowest) {
  const shown = listShown();
  // On phones a list of many rooms has no box of its own, only its parts have.
  const parts = [shown, ...(shown?.querySelectorAll("details, section, ol") ?? [])];
  const list = parts.find((one) => one?.getClientRects().length);
  if (!list) return;
  const margins = [getComputedStyle(list).scrollMarginTop, getComputedStyle(document.documentElement).scrollPaddingTop];
  const covered = margins.reduce((sum, margin) => sum + (parseFloat(margin) || 0), 0);
  const { top } = list.getBoundingClientRect();
  if (Math.ceil(top) < covered || (lowest && top > lowest)) list.scrollIntoView({ block: "start", behavior: "instant" });
}

/** Where the link is gone that was followed, the focus is at the beginning of the content. */
function keepFocus(link) {
  if (!link.isConnected || link.closest("[hidden]")) document.getElementById("main").focus({ preventScroll: true });
}
