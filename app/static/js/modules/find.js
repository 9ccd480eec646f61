// Instant search, filters and day tabs. Titles and names stand on the page; the rest comes once, and is kept for later.
import { now } from "../core/clock.js";
import { revisionShown } from "../core/page.js";
import { address, asked, fitting, fold, indexed, itemsFound, searching } from "./filters.js";
import { fullProgram } from "./full-program.js";

const FIELDS = ["q", "room", "kind"];
const PAUSE_MILLISECONDS = 400;

let form;
let wanted;
let index = null;
let indexedRevision = 0;
let saying = 0;
// What rows say, folded: it is asked for at each letter, and changes seldom.
const foldedRows = new WeakMap();

export function start(found) {
  form = found;
  wanted = asked(location.search);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => choose(typed()));
  form.addEventListener("focusin", () => index ?? loadIndex());
  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-day-tab], [data-show-all]");
    if (tab) follow(event, tab.dataset.dayTab === undefined ? { q: "", room: "", kind: "" } : { day: tab.dataset.dayTab });
  });
  // What was chosen while this module was on its way.
  if (form.dataset.wait && !location.search) choose(typed());
  fill();
  if (form.contains(document.activeElement)) loadIndex();
}

/** The page comes whole, as if nothing were looked for: the search is done anew. */
export function refreshed() {
  fill();
  show();
  if (searching(wanted) && indexedRevision !== revisionShown()) loadIndex();
}

export function turned() {
  if (!searching(wanted) && !wanted.day) show();
}

function typed() {
  const said = new FormData(form);
  return Object.fromEntries(FIELDS.map((name) => [name, said.get(name) ?? ""]));
}

function follow(event, change) {
  event.preventDefault();
  choose(change);
  fill();
  if (change.q === "") form.elements.q.focus();
}

/** Writes what is looked for into the form, also where it stands there: what a script wrote no refresh takes away. */
function fill() {
  for (const name of FIELDS) {
    const field = form.elements[name];
    if (field && field !== document.activeElement) field.value = wanted[name];
  }
}

function choose(change) {
  wanted = { ...wanted, ...change };
  history.replaceState(history.state, "", address(location.href, wanted));
  show();
}

function show() {
  const fits = fitting(wanted);
  const looking = searching(wanted);
  let count = 0;
  for (const row of document.querySelectorAll("[data-day] li")) {
    const hidden = looking && !fits(described(row));
    count += !hidden;
    if (row.hidden !== hidden) row.hidden = hidden;
    tellWhy(row, hidden ? [] : itemsFound(index?.get(idOf(row))?.items ?? [], wanted));
  }
  openDays(wanted.day, looking);
  const board = document.querySelector(".board.many");
  if (board) board.hidden = looking;
  say(looking ? `${count} of ${document.querySelectorAll("[data-day] li").length} found.` : "");
  document.dispatchEvent(new Event("found"));
}

function described(row) {
  const { session, room, kind } = row.querySelector("[data-session]").dataset;
  const part = (name) => row.querySelector(`[data-part=${name}]`)?.textContent ?? "";
  return { room, kind, text: `${folded(row, `${part("title")}\n${part("people")}`)}\n${index?.get(session)?.text ?? ""}` };
}

function folded(row, said) {
  if (foldedRows.get(row)?.said !== said) foldedRows.set(row, { said, text: fold(said) });
  return foldedRows.get(row).text;
}

function idOf(row) {
  return row.querySelector("[data-session]").dataset.session;
}

function tellWhy(row, items) {
  const said = row.querySelector(".why");
  const text = items.map(({ title }) => title).join(" · ");
  if ((said?.textContent ?? "") === text) return;
  said?.remove();
  if (text) row.append(Object.assign(document.createElement("p"), { className: "why", textContent: text }));
}

/** The eye sees the count at once; a screen reader hears it when the typing has paused. */
function say(text) {
  showAll().hidden = !text;
  clearTimeout(saying);
  const status = document.querySelector("[data-found]");
  saying = setTimeout(() => status.textContent !== text && (status.textContent = text), text ? PAUSE_MILLISECONDS : 0);
}

async function loadIndex() {
  indexedRevision = revisionShown();
  const program = await fullProgram();
  index = new Map(program?.sessions.map((session) => [session.id, indexed(session)]));
  if (searching(wanted)) show();
}

function showAll() {
  return document.querySelector("[data-show-all]");
}

function tabs() {
  return document.querySelectorAll("[data-day-tab]");
}

/** Opens the chosen day ("" means the one of now, "all" each); in a search, days without a find stay closed. */
function openDays(chosen, looking) {
  const days = [...document.querySelectorAll("[data-day]")];
  const open = chosen || (looking ? "all" : dayOfNow(days));
  for (const day of days) {
    day.hidden = (open !== "all" && day.dataset.day !== open) || (looking && !day.querySelector("li:not([hidden])"));
  }
  for (const tab of tabs()) {
    if (tab.dataset.dayTab === open) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
}

/** The first day that is not over, else the last; before the clock is known, what the page came with. */
function dayOfNow(days) {
  const time = now();
  const open = Number.isNaN(time) ? days.find((day) => !day.hidden) : days.find((day) => goesOn(day, time));
  return (open ?? days.at(-1))?.dataset.day;
}

function goesOn(day, time) {
  return [...day.querySelectorAll("[data-session]")].some(({ dataset }) => dataset.status !== "cancelled" && Date.parse(dataset.end) > time);
}
