// Stars on every page that readers have: a button beside each session, what clashes, and callouts of what a reader
// with stars must not miss. A callout stays until it is put away, on whatever page the reader is.
import { now } from "../core/clock.js";
import { address, pageData, revisionShown } from "../core/page.js";
import { say } from "../core/status.js";
import { write } from "../core/turning.js";
import { get, know, onChange, star, starred, startSync, update } from "../stars/store.js";

const SHAPE = "M12 2.6l2.9 6.3 6.9.8-5.1 4.7 1.4 6.8L12 17.8l-6.1 3.4 1.4-6.8L2.2 9.7l6.9-.8z";
const REMIND_MILLISECONDS = 5 * 60_000;
const MOST_SHOWN = 3;
// A change that was taken back is none.
const TOLD = ["title", "start", "end", "room", "status"];

export function start(main) {
  main.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-star]");
    if (!button) return;
    const session = shownBy(button.closest("[data-session]"));
    star(session.id, !starred(session.id), known(session));
  });
  onChange(() => refreshed(main));
  startSync();
}

export function refreshed(main) {
  turned(main);
  const nodes = [...main.querySelectorAll("[data-sources] > li [data-session]")];
  const clashes = clashesOf(nodes.map(shownBy).filter(({ id }) => starred(id)));
  for (const node of nodes) showClashes(node.closest("li"), clashes.get(node.dataset.session) ?? []);
  learn(main);
  tick(main, now());
}

export function turned(main) {
  main.querySelectorAll("[data-session]").forEach(mark);
}

export function tick(main, time) {
  if (Number.isNaN(time)) return;
  showCallouts([...changes(time), ...reminders(main, time)].slice(0, MOST_SHOWN));
}

/** A session as an element shows it. */
function shownBy(node) {
  const { session: id, start, end, room, status } = node.dataset;
  const part = (name) => node.querySelector(`[data-part=${name}]`)?.textContent ?? "";
  return { id, start, end, room, status, title: part("title"), place: part("place") };
}

/** What a reader knows of a session from now on. */
function known({ title, start, end, room, status }, revision = revisionShown()) {
  return { title, start, end, room, status, revision };
}

function mark(node) {
  const button = node.querySelector("[data-star]") ?? made(node);
  const { id, title } = shownBy(node);
  for (const [name, value] of [["aria-label", `Star: ${title}`], ["aria-pressed", String(starred(id))]]) {
    if (button.getAttribute(name) !== value) button.setAttribute(name, value);
  }
}

function made(node) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "star" });
  Object.assign(button.dataset, { star: "", added: "" });
  button.innerHTML = `<svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"><path d="${SHAPE}"/></svg>`;
  node.append(button);
  return button;
}

/** What each session clashes with, by id: half-open, so that one may begin where another ends. */
function clashesOf(sessions) {
  const held = sessions.filter(({ status, start, end }) => status !== "cancelled" && Date.parse(start) < Date.parse(end));
  const overlap = (a, b) => a.id !== b.id && Date.parse(a.start) < Date.parse(b.end) && Date.parse(b.start) < Date.parse(a.end);
  return new Map(held.map((one) => [one.id, held.filter((other) => overlap(one, other))]));
}

function showClashes(row, others) {
  const text = others.map(({ title, start, end }) => `Clashes with ${title}, ${start.slice(11, 16)}–${end.slice(11, 16)}.`).join(" ");
  const said = row.querySelector(".clash");
  if ((said?.textContent ?? "") === text) return;
  said?.remove();
  if (!text) return;
  const node = Object.assign(document.createElement("p"), { className: "clash", textContent: text });
  node.dataset.added = "";
  row.append(node);
}

/** What another device starred is known from the first time that it is seen here. */
function learn(main) {
  for (const [id, before] of Object.entries(get().starred)) {
    const node = before ? null : main.querySelector(`[data-session="${id}"]`);
    if (node) know(id, known(shownBy(node)));
  }
}

/** The latest news of each starred session that its reader has not put away. */
function changes(time) {
  const news = pageData().news ?? [];
  return Object.entries(get().starred).flatMap(([id, before]) => {
    const entry = before && news.findLast(({ revision, sessions }) => revision > (before.revision ?? 0) && sessions[id]);
    const told = entry?.sessions[id];
    if (!told || Date.parse(told.until) <= time || TOLD.every((name) => told[name] === before[name])) return [];
    return [{ id, sort: "change", text: told.text, done: known(told, entry.revision) }];
  });
}

/** Of all starred sessions, as this page shows them, else as it has news of them, else as they were last seen. */
function reminders(main, time) {
  const { remind, reminded, starred: known } = get();
  if (!remind) return [];
  const told = Object.assign({}, ...(pageData().news ?? []).map(({ sessions }) => sessions));
  const shown = Object.fromEntries([...main.querySelectorAll("[data-session]")].map(shownBy).map((session) => [session.id, session]));
  return Object.keys(known).flatMap((id) => {
    const { title, start, status, place } = { ...known[id], ...told[id], ...shown[id] };
    const left = Date.parse(start) - time;
    if (status === "cancelled" || !(left > 0 && left <= REMIND_MILLISECONDS) || reminded[id] === start) return [];
    return [{ id, sort: "reminder", text: [`In ${Math.ceil(left / 60_000)} min: ${title}`, place].filter(Boolean).join(", "), done: start }];
  });
}

function region() {
  const found = document.querySelector(".callouts");
  if (found) return found;
  const made = Object.assign(document.createElement("section"), { className: "callouts", hidden: true });
  made.dataset.added = "";
  made.setAttribute("aria-label", "Your sessions");
  document.querySelector("[data-stale]").after(made);
  return made;
}

/** What stands there already is left alone, but for its text. */
function showCallouts(callouts) {
  const place = region();
  const names = new Set(callouts.map(({ id, sort }) => `${sort} ${id}`));
  for (const node of [...place.children]) if (!names.has(node.dataset.callout)) node.remove();
  for (const callout of callouts) {
    const node = place.querySelector(`[data-callout="${callout.sort} ${callout.id}"]`) ?? newCallout(place, callout);
    node.lastElementChild.onclick = () => putAway(callout);
    write(node.firstElementChild, callout.text);
  }
  place.hidden = callouts.length === 0;
}

function newCallout(place, { id, sort, text }) {
  const node = Object.assign(document.createElement("p"), { className: "callout" });
  node.dataset.callout = `${sort} ${id}`;
  const words = Object.assign(document.createElement("a"), { href: address(`talks/${id}`), dir: "auto" });
  node.append(words, Object.assign(document.createElement("button"), { type: "button", textContent: "OK" }));
  place.append(node);
  // A change is told to a screen reader by the page itself; a reminder is not.
  if (sort === "reminder") {
    navigator.vibrate?.(200);
    say(text);
  }
  return node;
}

function putAway({ id, sort, done }) {
  if (sort === "change") know(id, done);
  else update({ reminded: { ...get().reminded, [id]: done } });
}
