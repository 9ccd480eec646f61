// Instant search, filters and day tabs. Titles and names stand on the page; the rest comes once, and is kept for later.
import { address, asked, fitting, fold, indexed, itemsFound, searching } from "./filters.js";
import { openDays, tabs } from "./days.js";
import { fullProgram } from "./full-program.js";
import { kept } from "./page.js";

const FIELDS = ["q", "room", "kind"];
const PAUSE_MILLISECONDS = 400;

let form;
let wanted;
let index = null;
let saying = 0;
// What rows say, folded: it is asked for at each letter, and changes seldom.
const foldedRows = new WeakMap();

export function start(found) {
  form = found;
  wanted = asked(location.search);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => choose(typed()));
  form.addEventListener("focusin", () => index ?? loadIndex());
  for (const tab of tabs()) tab.addEventListener("click", (event) => follow(event, { day: tab.dataset.dayTab }));
  showAll().addEventListener("click", (event) => follow(event, { q: "", room: "", kind: "" }));
  document.addEventListener("revised", () => show());
  document.addEventListener("turned", () => !searching(wanted) && !wanted.day && show());
  if (searching(wanted)) loadIndex();
  // The phone's own copy of the page was made for no search.
  if (kept && (searching(wanted) || wanted.day)) choose({});
  if (kept) fill();
}

function typed() {
  const said = new FormData(form);
  return Object.fromEntries(FIELDS.map((name) => [name, said.get(name) ?? ""]));
}

function follow(event, change) {
  event.preventDefault();
  choose(change);
  fill();
  if (event.currentTarget === showAll()) form.elements.q.focus();
}

function fill() {
  for (const name of FIELDS) if (form.elements[name]) form.elements[name].value = wanted[name];
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
  const program = await fullProgram();
  if (!program) return;
  index = new Map(program.sessions.map((session) => [session.id, indexed(session)]));
  if (searching(wanted)) show();
}

function showAll() {
  return document.querySelector("[data-show-all]");
}
