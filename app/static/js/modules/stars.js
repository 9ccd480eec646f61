// Stars on every page that readers have: a button beside each session, what clashes, and callouts of what a reader
// with stars must not miss. A callout stays until it is put away, on whatever page the reader is.
import { now } from "../core/clock.js";
import { address, fromTemplate, revisionShown, sessionOf, write, writeLine } from "../core/page.js";
import { say } from "../core/status.js";
import { pageData } from "../core/turning.js";
import { changes, star, stars, startSync, update } from "../stars/store.js";

const REMIND_MILLISECONDS = 5 * 60_000;
const MOST_SHOWN = 3;
// A change that was taken back is none.
const TOLD = ["title", "start", "end", "room", "status"];

export function start(main) {
  main.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-star]");
    if (!button) return;
    const session = sessionOf(button.closest("[data-session]"));
    star(session.id, !(session.id in stars.starred), known(session));
  });
  changes.addEventListener("changed", () => refreshed(main));
  startSync();
}

export function refreshed(main) {
  turned(main);
  const nodes = [...main.querySelectorAll("[data-sources] > li [data-session]")];
  const clashes = clashesOf(nodes.map(sessionOf).filter(({ id }) => id in stars.starred));
  for (const node of nodes) writeLine(node.closest("li"), "clash", (clashes.get(node.dataset.session) ?? []).join(" "));
  learn(main);
  tick(main, now());
}

export function turned(main) {
  main.querySelectorAll("[data-session]").forEach(mark);
}

export function tick(main, time) {
  if (Number.isNaN(time)) return;
  showCallouts([...changesOf(time), ...reminders(main, time)].slice(0, MOST_SHOWN));
}

/** What a reader knows of a session from now on. */
const known = ({ title, start, end, room, status }, revision = revisionShown()) => ({ title, start, end, room, status, revision });

function mark(node) {
  if (!node.querySelector("[data-star]")) node.append(fromTemplate("star"));
  const { id, title } = sessionOf(node);
  const button = node.querySelector("[data-star]");
  button.setAttribute("aria-label", `Star: ${title}`);
  button.setAttribute("aria-pressed", id in stars.starred);
}

/** Words for what each session clashes with, by id: half-open, so that one may begin where another ends. */
function clashesOf(sessions) {
  const held = sessions.filter(({ status, start, end }) => status !== "cancelled" && Date.parse(start) < Date.parse(end));
  const overlap = (a, b) => a.id !== b.id && Date.parse(a.start) < Date.parse(b.end) && Date.parse(b.start) < Date.parse(a.end);
  const words = ({ title, start, end }) => `Clashes with ${title}, ${start.slice(11, 16)}–${end.slice(11, 16)}.`;
  return new Map(held.map((one) => [one.id, held.filter((other) => overlap(one, other)).map(words)]));
}

/** What another device starred is known from the first time that it is seen here. */
function learn(main) {
  for (const [id, before] of Object.entries(stars.starred)) {
    const node = before ? null : main.querySelector(`[data-session="${id}"]`);
    if (node) update({ starred: { ...stars.starred, [id]: known(sessionOf(node)) } });
  }
}

/** The latest news of each starred session that its reader has not put away. */
function changesOf(time) {
  return Object.entries(stars.starred).flatMap(([id, before]) => {
    const entry = before && pageData.news.filter(({ revision, sessions }) => revision > (before.revision ?? 0) && sessions[id]).at(-1);
    const told = entry?.sessions[id];
    if (!told || Date.parse(told.until) <= time || TOLD.every((name) => told[name] === before[name])) return [];
    return [{ id, sort: "change", text: told.text, done: known(told, entry.revision) }];
  });
}

/** Of all starred sessions, as this page shows them, else as it has news of them, else as they were last seen. */
function reminders(main, time) {
  const { remind, reminded, starred: known } = stars;
  if (!remind) return [];
  const told = Object.assign({}, ...pageData.news.map(({ sessions }) => sessions));
  const shown = Object.fromEntries([...main.querySelectorAll("[data-session]")].map(sessionOf).map((session) => [session.id, session]));
  return Object.keys(known).flatMap((id) => {
    const { title, start, status, place } = { ...known[id], ...told[id], ...shown[id] };
    const left = Date.parse(start) - time;
    if (status === "cancelled" || !(left > 0 && left <= REMIND_MILLISECONDS) || reminded[id] === start) return [];
    return [{ id, sort: "reminder", text: [`In ${Math.ceil(left / 60_000)} min: ${title}`, place].filter(Boolean).join(", "), done: start }];
  });
}

/** What stands there already is left alone, but for its text. */
function showCallouts(callouts) {
  const region = document.querySelector("[data-callouts]");
  const names = new Set(callouts.map(({ id, sort }) => `${sort} ${id}`));
  for (const node of [...region.children]) if (!names.has(node.dataset.callout)) node.remove();
  for (const callout of callouts) {
    const node = region.querySelector(`[data-callout="${callout.sort} ${callout.id}"]`) ?? region.appendChild(newCallout(callout));
    node.querySelector("button").onclick = () => putAway(callout);
    write(node.querySelector("a"), callout.text);
  }
  region.hidden = callouts.length === 0;
}

function newCallout({ id, sort, text }) {
  const node = fromTemplate("callout");
  node.dataset.callout = `${sort} ${id}`;
  node.querySelector("a").href = address(`talks/${id}`);
  // A change is told to a screen reader by the page itself; a reminder is not.
  if (sort === "reminder") {
    navigator.vibrate?.(200);
    say(text);
  }
  return node;
}

function putAway({ id, sort, done }) {
  if (sort === "change") update({ starred: { ...stars.starred, [id]: done } });
  else update({ reminded: { ...stars.reminded, [id]: done } });
}
