// Instant search, filters and day tabs, by the rules of `app/domain/finding.py`. Titles and names stand on the page;
// abstracts and papers come from `/api/program` when the search is first used, and after each revision.
import { address, copied, request, revisionShown, write, writeLine } from "../core/page.js";

const LONGEST_TEXT = 100;
const MOST_WORDS = 8;
const MOST_ITEMS_NAMED = 3;
const SPEECH_DELAY_MILLISECONDS = 400;

// What is searched for stands in the form's fields, where no refresh changes what a script has set; the day in the address.
let form;
// By session: {text, items: [{title, text}]}, folded; and the revision that it was made of.
let index = new Map();
let indexedRevision = 0;
let speechTimer = 0;

export function start(found) {
  form = found;
  const query = new URLSearchParams(location.search);
  for (const field of form.elements) if (field.name) field.value = query.get(field.name) ?? field.value;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => choose());
  for (const use of ["focusin", "input"]) form.addEventListener(use, updateIndex);
  document.addEventListener("click", (event) => {
    const { dayTab, showAll } = event.target.dataset;
    if (dayTab !== undefined) follow(event, { day: dayTab });
    if (showAll !== undefined) follow(event, { q: "", room: "", kind: "" });
  });
  choose();
  if (form.contains(document.activeElement)) updateIndex();
}

/** The page comes whole, as if nothing were searched for: the search is done again. */
export function refreshed() {
  show();
  if (wanted().q) updateIndex();
}

export { show as turned };

/** What the reader searches for, as {q, room, kind, day}; "" is anything. */
function wanted() {
  const day = new URLSearchParams(location.search).get("day") ?? "";
  return { q: "", room: "", kind: "", ...Object.fromEntries(new FormData(form)), day };
}

function follow(event, change) {
  event.preventDefault();
  for (const [name, value] of Object.entries(change)) if (form.elements[name]) form.elements[name].value = value;
  choose(change);
  if (change.q === "") form.elements.q.focus();
}

/** Shows what was chosen, and writes it into the address. */
function choose(change = {}) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries({ ...wanted(), ...change })) value ? url.searchParams.set(name, value) : url.searchParams.delete(name);
  history.replaceState(history.state, "", url);
  show();
}

/** Text without case and accents. */
function fold(text) {
  return text.toLowerCase().normalize("NFKD").replace(/\p{Mn}/gu, "").replaceAll("ß", "ss");
}

function show() {
  const { q, room: inRoom, kind: ofKind, day } = wanted();
  const words = fold(q.slice(0, LONGEST_TEXT)).split(/\s+/).filter(Boolean).slice(0, MOST_WORDS);
  const hasWords = ({ text }) => words.every((word) => text.includes(word));
  // A day alone is no search: it only turns the page.
  const searching = Boolean(words.length || inRoom || ofKind);
  const rows = [...document.querySelectorAll("[data-day] li")];
  for (const row of rows) {
    const { session, room, kind } = row.querySelector("[data-session]").dataset;
    const { text = "", items = [] } = index.get(session) ?? {};
    const isAsked = (!inRoom || [inRoom, ""].includes(room)) && (!ofKind || kind === ofKind);
    const fits = isAsked && (!words.length || hasWords({ text: `${textOf(row)}\n${text}` }));
    if (row.hidden === fits) row.hidden = !fits;
    const papers = fits && words.length ? items.filter(hasWords).slice(0, MOST_ITEMS_NAMED) : [];
    writeLine(row, "why", papers.map(({ title }) => title).join(" · "));
  }
  showDays(day || (searching ? "all" : today()), searching);
  const board = document.querySelector(".board.many");
  if (board) board.hidden = searching;
  document.querySelector("[data-show-all]").hidden = !searching;
  document.dispatchEvent(new Event("found"));
  say(searching ? `${rows.filter((row) => !row.hidden).length} of ${rows.length} found.` : "");
}

function textOf(row) {
  return fold(["title", "people"].map((name) => row.querySelector(`[data-part=${name}]`).textContent).join("\n"));
}

/** The count is seen at once; a screen reader hears it when the typing has paused. */
function say(text) {
  clearTimeout(speechTimer);
  speechTimer = setTimeout(() => write(document.querySelector("[data-found]"), text), text ? SPEECH_DELAY_MILLISECONDS : 0);
}

/** Fetches what rows do not say. Without network the service worker answers, else titles and names must do. */
async function updateIndex() {
  if (indexedRevision === revisionShown()) return;
  indexedRevision = revisionShown();
  try {
    const response = await request(address(copied ? "api/program.json" : "api/program"), { cache: "no-cache" });
    const { sessions } = await response.json();
    index = new Map(sessions.map((session) => [session.id, entryOf(session)]));
    show();
  } catch {
    indexedRevision = 0;
  }
}

function entryOf({ abstract, track, items }) {
  const papers = items.map((item) => ({ title: item.title, text: fold([item.title, item.number, ...item.authors].join("\n")) }));
  return { text: [fold(abstract), fold(track), ...papers.map(({ text }) => text)].join("\n"), items: papers };
}

/** Shows the chosen day, or "all"; in a search, days without a find stay hidden. */
function showDays(open, searching) {
  for (const day of document.querySelectorAll("[data-day]")) {
    day.hidden = (open !== "all" && day.dataset.day !== open) || (searching && !day.querySelector("li:not([hidden])"));
  }
  for (const tab of document.querySelectorAll("[data-day-tab]")) {
    if (tab.dataset.dayTab === open) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
}

/** The first day that is not over, else the last. */
function today() {
  const days = [...document.querySelectorAll("[data-day]")];
  const lasts = (day) => day.querySelector("[data-session]:not([data-state=past], [data-status=cancelled])");
  return (days.find(lasts) ?? days.at(-1))?.dataset.day;
}
