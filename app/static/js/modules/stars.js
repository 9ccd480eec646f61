// Stars on readers' pages: a button beside each session, clashes among starred sessions, and callouts of changes and
// reminders. A callout stays, on every page, until the reader dismisses it.
import { now } from "../core/clock.js";
import { address, cloneTemplate, revisionShown, sessionOf, setLine, setText } from "../core/page-context.js";
import { announce } from "../core/spoken-status.js";
import { pageData } from "../core/time-updates.js";
import { setStar, starEvents, stars, startSync, updateStars } from "../stars/star-storage.js";

const REMIND_MILLISECONDS = 5 * 60_000;
const MOST_SHOWN = 3;
// A change is called out where one of these fields differs from what the reader last saw, so not if it was undone.
const COMPARED_FIELDS = ["title", "start", "end", "room", "status"];

export function start(main) {
  main.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-star]");
    if (!button) return;
    const session = sessionOf(button.closest("[data-session]"));
    setStar(session.id, !(session.id in stars.starred), seenFields(session));
  });
  starEvents.addEventListener("changed", () => refreshed(main));
  startSync();
}

export function refreshed(main) {
  turned(main);
  const nodes = [...main.querySelectorAll("[data-sources] > li [data-session]")];
  const clashes = clashTexts(nodes.map(sessionOf).filter(({ id }) => id in stars.starred));
  for (const node of nodes) setLine(node.closest("li"), "clash", (clashes.get(node.dataset.session) ?? []).join(" "));
  completeStars(main);
  tick(main, now());
}

export function turned(main) {
  main.querySelectorAll("[data-session]").forEach(showStar);
}

export function tick(main, time) {
  if (Number.isNaN(time)) return;
  showCallouts([...changeCallouts(time), ...reminderCallouts(main, time)].slice(0, MOST_SHOWN));
}

/** What is stored as last seen by the reader of a session. */
const seenFields = ({ title, start, end, room, status }, revision = revisionShown()) => ({ title, start, end, room, status, revision });

function showStar(node) {
  if (!node.querySelector("[data-star]")) node.append(cloneTemplate("star"));
  const { id, title } = sessionOf(node);
  const button = node.querySelector("[data-star]");
  button.setAttribute("aria-label", `Star: ${title}`);
  button.setAttribute("aria-pressed", id in stars.starred);
}

/** Per session id one text per clash. Intervals are half-open, so that one may begin when another ends. */
function clashTexts(sessions) {
  const held = sessions.filter(({ status, start, end }) => status !== "cancelled" && Date.parse(start) < Date.parse(end));
  const overlap = (a, b) => a.id !== b.id && Date.parse(a.start) < Date.parse(b.end) && Date.parse(b.start) < Date.parse(a.end);
  const textOf = ({ title, start, end }) => `Clashes with ${title}, ${start.slice(11, 16)}–${end.slice(11, 16)}.`;
  return new Map(held.map((one) => [one.id, held.filter((other) => overlap(one, other)).map(textOf)]));
}

/** Stars from another device come without seen fields: stores those of the first page that shows the session. */
function completeStars(main) {
  for (const [id, seen] of Object.entries(stars.starred)) {
    const node = seen ? null : main.querySelector(`[data-session="${id}"]`);
    if (node) updateStars({ starred: { ...stars.starred, [id]: seenFields(sessionOf(node)) } });
  }
}

/** The latest news of each starred session that its reader has not dismissed. */
function changeCallouts(time) {
  return Object.entries(stars.starred).flatMap(([id, seen]) => {
    const entry = seen && pageData.news.filter(({ revision, sessions }) => revision > (seen.revision ?? 0) && sessions[id]).at(-1);
    const news = entry?.sessions[id];
    if (!news || Date.parse(news.until) <= time || COMPARED_FIELDS.every((name) => news[name] === seen[name])) return [];
    return [{ id, sort: "change", text: news.text, dismissed: seenFields(news, entry.revision) }];
  });
}

/** Sessions that begin soon; their data are what this page shows, else its news, else what the reader last saw. */
function reminderCallouts(main, time) {
  const { remind, reminded, starred } = stars;
  if (!remind) return [];
  const inNews = Object.assign({}, ...pageData.news.map(({ sessions }) => sessions));
  const shown = Object.fromEntries([...main.querySelectorAll("[data-session]")].map(sessionOf).map((session) => [session.id, session]));
  return Object.keys(starred).flatMap((id) => {
    const { title, start, status, place } = { ...starred[id], ...inNews[id], ...shown[id] };
    const left = Date.parse(start) - time;
    if (status === "cancelled" || !(left > 0 && left <= REMIND_MILLISECONDS) || reminded[id] === start) return [];
    return [{ id, sort: "reminder", text: [`In ${Math.ceil(left / 60_000)} min: ${title}`, place].filter(Boolean).join(", "), dismissed: start }];
  });
}

/** Shows callouts; the element of one that is shown already stays, so that it keeps the focus. */
function showCallouts(callouts) {
  const region = document.querySelector("[data-callouts]");
  const names = new Set(callouts.map(({ id, sort }) => `${sort} ${id}`));
  for (const node of [...region.children]) if (!names.has(node.dataset.callout)) node.remove();
  for (const callout of callouts) {
    const node = region.querySelector(`[data-callout="${callout.sort} ${callout.id}"]`) ?? region.appendChild(newCallout(callout));
    node.querySelector("button").onclick = () => dismiss(callout);
    setText(node.querySelector("a"), callout.text);
  }
  region.hidden = callouts.length === 0;
}

function newCallout({ id, sort, text }) {
  const node = cloneTemplate("callout");
  node.dataset.callout = `${sort} ${id}`;
  node.querySelector("a").href = address(`talks/${id}`);
  // Changes are announced for the whole page (announceNews); reminders are not.
  if (sort === "reminder") {
    navigator.vibrate?.(200);
    announce(text);
  }
  return node;
}

function dismiss({ id, sort, dismissed }) {
  if (sort === "change") updateStars({ starred: { ...stars.starred, [id]: dismissed } });
  else updateStars({ reminded: { ...stars.reminded, [id]: dismissed } });
}
