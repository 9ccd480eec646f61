// Instant search, filters and day tabs, by the rules of `app/domain/search.py`. Titles and names are in the page;
// affiliations, abstracts and papers are fetched from `/api/program` when the search is first used, and after each revision.
import { address, isStaticCopy, request, revisionShown, setLine, setText } from "../core/page-context.js";

const MOST_WORDS = 8;
const MOST_ITEMS_NAMED = 3;
const SPEECH_DELAY_MILLISECONDS = 400;

// The query is in the form's fields, which a refresh does not change; the chosen day is in the address.
let form;
// By session id: {text, items: [{title, text}]}, texts folded; and the revision that it was made from.
let index = new Map();
let indexedRevision = 0;
let speechTimer = 0;

export function start(element) {
  form = element;
  const params = new URLSearchParams(location.search);
  for (const field of form.elements) if (field.name) field.value = params.get(field.name) ?? field.value;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => applyQuery());
  for (const event of ["focusin", "input"]) form.addEventListener(event, updateIndex);
  document.addEventListener("click", (event) => {
    const { dayTab, showAll } = event.target.closest("[data-day-tab], [data-show-all]")?.dataset ?? {};
    if (dayTab !== undefined) followLink(event, { day: dayTab });
    if (showAll !== undefined) followLink(event, { q: "", room: "", kind: "" });
  });
  applyQuery();
  if (form.contains(document.activeElement)) updateIndex();
}

/** A fresh page has all sessions visible: the search is applied again. */
export function refreshed() {
  show();
  if (query().q) updateIndex();
}

export { show as turned };

/** The reader's query, as {q, room, kind, day}; "" matches anything. */
function query() {
  const day = new URLSearchParams(location.search).get("day") ?? "";
  return { q: "", room: "", kind: "", ...Object.fromEntries(new FormData(form)), day };
}

function followLink(event, change) {
  event.preventDefault();
  for (const [name, value] of Object.entries(change)) if (form.elements[name]) form.elements[name].value = value;
  applyQuery(change);
  if (change.q === "") form.elements.q.focus();
}

/** Applies the query with some changes to it, and writes it into the address. */
function applyQuery(change = {}) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries({ ...query(), ...change })) value ? url.searchParams.set(name, value) : url.searchParams.delete(name);
  history.replaceState(history.state, "", url);
  show();
}

/** Text without case, accents and what cannot be seen. */
function fold(text) {
  return text.toLowerCase().normalize("NFKD").replace(/[\p{Mn}\p{Cf}]/gu, "").replaceAll("ß", "ss");
}

function show() {
  const { q, room: inRoom, kind: ofKind, day } = query();
  const words = fold(q.slice(0, form.elements.q.maxLength)).split(/\s+/).filter((word) => /\P{P}/u.test(word)).slice(0, MOST_WORDS);
  const hasWords = ({ text }) => words.every((word) => text.includes(word));
  // The day alone is no search, only a tab.
  const isSearching = Boolean(words.length || inRoom || ofKind);
  const rows = [...document.querySelectorAll("[data-day] li")];
  for (const row of rows) {
    const { session, room, kind } = row.querySelector("[data-session]").dataset;
    const { text = "", items = [] } = index.get(session) ?? {};
    const isSelected = (!inRoom || [inRoom, ""].includes(room)) && (!ofKind || kind === ofKind);
    const isFound = isSelected && (!words.length || hasWords({ text: `${textOf(row)}\n${text}` }));
    if (row.hidden === isFound) row.hidden = !isFound;
    const papers = isFound && words.length ? items.filter(hasWords).slice(0, MOST_ITEMS_NAMED) : [];
    setLine(row, "why", papers.map(({ title }) => title).join(" · "));
  }
  showDays(day || (isSearching ? "all" : today()), isSearching);
  const board = document.querySelector(".board.many");
  if (board) board.hidden = isSearching;
  document.querySelector("[data-show-all]").hidden = !isSearching;
  document.dispatchEvent(new Event("found"));
  announceCount(isSearching ? `${rows.filter((row) => !row.hidden).length} of ${rows.length} found.` : "");
}

function textOf(row) {
  return fold(["title", "people"].map((name) => row.querySelector(`[data-part=${name}]`).textContent).join("\n"));
}

/** The delay lets a screen reader read the count once the typing has paused. */
function announceCount(text) {
  clearTimeout(speechTimer);
  speechTimer = setTimeout(() => setText(document.querySelector("[data-found]"), text), text ? SPEECH_DELAY_MILLISECONDS : 0);
}

/** Fetches the texts that rows do not have. Without network and service worker only titles and names are searched. */
async function updateIndex() {
  if (indexedRevision === revisionShown()) return;
  indexedRevision = revisionShown();
  try {
    const response = await request(address(isStaticCopy ? "api/program.json" : "api/program"), { cache: "no-cache" });
    const { sessions, speakers } = await response.json();
    const affiliations = new Map(speakers.map((speaker) => [speaker.id, speaker.affiliations.join("\n")]));
    index = new Map(sessions.map((session) => [session.id, entryOf(session, affiliations)]));
    show();
  } catch {
    indexedRevision = 0;
  }
}

function entryOf({ abstract, track, items, speakers }, affiliations) {
  const papers = items.map((item) => ({ title: item.title, text: fold([item.title, item.number, ...item.authors].join("\n")) }));
  const belongs = speakers.map((id) => fold(affiliations.get(id)));
  return { text: [...belongs, fold(abstract), fold(track), ...papers.map(({ text }) => text)].join("\n"), items: papers };
}

/** Shows the chosen day, or "all"; in a search, days without a result stay hidden. */
function showDays(chosen, isSearching) {
  for (const day of document.querySelectorAll("[data-day]")) {
    day.hidden = (chosen !== "all" && day.dataset.day !== chosen) || (isSearching && !day.querySelector("li:not([hidden])"));
  }
  for (const tab of document.querySelectorAll("[data-day-tab]")) {
    if (tab.dataset.dayTab === chosen) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
}

/** The first day that is not over, else the last. */
function today() {
  const days = [...document.querySelectorAll("[data-day]")];
  const isOpen = (day) => day.querySelector("[data-session]:not([data-state=past], [data-status=cancelled])");
  return (days.find(isOpen) ?? days.at(-1))?.dataset.day;
}
