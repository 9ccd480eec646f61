// Stars on readers' pages: a button beside each session and each paper, a mark on starred sessions that clash, and callouts of changes
// and reminders. A callout stays, on every page, until the reader dismisses it.
import { now } from "../core/clock.js";
import { address, cloneTemplate, historyShown, revisionShown, sessionOf, setText } from "../core/page-context.js";
import { announce } from "../core/spoken-status.js";
import { pageData } from "../core/time-updates.js";
import { setStar, starEvents, stars, startSync, updateStars } from "../stars/star-storage.js";

const REMIND_MILLISECONDS = 5 * 60_000;
const MOST_SHOWN = 3;
const MOST_CLASHES_NAMED = 4;
// A change is called out where one of these fields differs from what the reader last saw, so not if it was undone.
const COMPARED_FIELDS = ["title", "start", "end", "room", "status"];
// A page of the reader's own stars has clashing sessions side by side, without marks, and no stars on what it hides.
const OWN_ROWS = "[data-my-day], [data-my-papers]";
const STARRABLE = "[data-session], [data-item]";

// The mark whose words are shown.
let openMark = null;

export function start(main) {
  main.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-star]");
    if (!button) return;
    const node = button.closest(STARRABLE);
    setStar(idOf(node), !(idOf(node) in stars.starred), seenOf(node, main));
  });
  listenToMarks(main);
  starEvents.addEventListener("changed", () => show(main));
  startSync();
}

export function refreshed(main) {
  // Not after a change of the stars: open pages of two revisions would go on correcting each other.
  storeShown(main, (seen, shown) => isIncomplete(seen, shown) || isInAnotherSession(seen, shown));
  show(main);
}

function show(main) {
  turned(main);
  storeShown(main, isIncomplete);
  tick(main, now());
}

export function turned(main) {
  const nodes = [...main.querySelectorAll("[data-session]")];
  const clashes = main.querySelector(OWN_ROWS) ? new Map() : clashTexts(sessionsNow(nodes, stars.starred));
  const starrable = [...main.querySelectorAll(STARRABLE)];
  const isShown = (node) => idOf(node) in stars.starred || !node.closest(OWN_ROWS) || node.querySelector("[data-star]");
  starrable.filter(isShown).forEach(showStar);
  nodes.forEach((node, index) => showClash(node, clashes.get(node.dataset.session), index));
}

export function tick(main, time) {
  if (Number.isNaN(time)) return;
  showCallouts([...changeCallouts(time), ...reminderCallouts(main, time)].slice(0, MOST_SHOWN));
}

/** What is stored as last seen by the reader of a session. */
const seenFields = ({ title, start, end, room, status }, revision = revisionShown()) => ({ title, start, end, room, status, revision, history: historyShown() });

/** What is stored as last seen of what an element shows; of a paper its title and, as `of`, the session that has it. */
function seenOf(node, main) {
  const shown = sessionOf(node);
  if (!("item" in node.dataset)) return seenFields(shown);
  const id = node.closest("[data-papers-of]")?.dataset.papersOf;
  // Cards that a script copied may be from before a refresh.
  const session = main.querySelector(`[data-session="${id}"]:not([data-keep] *)`);
  return { title: shown.title, ...(session && { of: { id, ...seenFields(sessionOf(session)) } }) };
}

const idOf = ({ dataset }) => dataset.item ?? dataset.session;

function showStar(node) {
  if (!node.querySelector("[data-star]")) node.append(cloneTemplate("star"));
  const [id, { title }] = [idOf(node), sessionOf(node)];
  const button = node.querySelector("[data-star]");
  button.setAttribute("aria-label", `Star: ${title}`);
  button.setAttribute("aria-pressed", id in stars.starred);
}

/**
 * What the reader last saw of the session that each star stands for, as [session, seen, star], all but `seen` ids: that of
 * a paper stands for the session that has it.
 */
const seenSessions = () => Object.entries(stars.starred).map(([star, seen]) => (seen?.of ? [seen.of.id, seen.of, star] : [star, seen, star]));

/** Sessions, given what the reader last saw of each by id; their data are what this page shows, else its news, else that. */
function sessionsNow(nodes, seen) {
  const inNews = Object.assign({}, ...pageData.news.map(({ sessions }) => sessions));
  const shown = Object.fromEntries(nodes.filter(({ dataset }) => dataset.session in seen).map(sessionOf).map((session) => [session.id, session]));
  const ids = Object.keys(seen).filter((id) => id in shown || !hasVanished(id));
  return ids.map((id) => ({ ...seen[id], ...inNews[id], ...shown[id], id }));
}

/** Whether the service said that what is starred is not in the program any more. */
const hasVanished = (id) => stars.told?.vanished?.includes(id) ?? false;

/** The words of each session that clashes, by id. Intervals are half-open, so that one may begin when another ends. */
function clashTexts(sessions) {
  const held = sessions.filter(({ status, start, end }) => status !== "cancelled" && Date.parse(start) < Date.parse(end));
  held.sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
  const overlap = (a, b) => a.id !== b.id && Date.parse(a.start) < Date.parse(b.end) && Date.parse(b.start) < Date.parse(a.end);
  return new Map(held.map((one) => [one.id, clashText(held.filter((other) => overlap(one, other)))]));
}

function clashText(others) {
  if (others.length === 0) return "";
  const named = others.slice(0, MOST_CLASHES_NAMED).map(({ title, start, end }) => `${title}, ${start.slice(11, 16)}–${end.slice(11, 16)}`);
  const more = others.length - named.length;
  return `Clashes with ${[...named, ...(more ? [`${more} more`] : [])].join("; ")}.`;
}

/** Adds, changes or (without words) removes a session's mark; `index` tells the cards of one session apart. */
function showClash(node, words, index) {
  const present = node.querySelector(":scope > [data-clash]");
  if (!words) return present?.remove();
  const mark = present ?? node.appendChild(cloneTemplate("clash"));
  const [button, box] = mark.children;
  box.id = `clash-${index}`;
  button.setAttribute("aria-describedby", box.id);
  setText(box, words);
}

/** Shows a mark's words while it has the focus, is pointed at or was tapped; Escape and a tap elsewhere hide them. */
function listenToMarks(main) {
  const markOf = ({ target }) => target.closest?.("[data-clash]");
  main.addEventListener("focusin", (event) => markOf(event) && showWords(markOf(event)));
  main.addEventListener("focusout", (event) => markOf(event) && hideWords());
  main.addEventListener("pointerover", (event) => event.pointerType === "mouse" && markOf(event) && showWords(markOf(event)));
  main.addEventListener("pointerout", (event) => event.pointerType === "mouse" && hideUnpointedWords(event));
  document.addEventListener("click", (event) => (markOf(event) ? showWords(markOf(event)) : hideWords()));
  document.addEventListener("keydown", ({ key }) => key === "Escape" && hideWords());
  for (const event of ["scroll", "resize"]) addEventListener(event, placeWords, { capture: true, passive: true });
}

function hideUnpointedWords({ relatedTarget }) {
  if (openMark && !openMark.contains(relatedTarget) && !openMark.contains(document.activeElement)) hideWords();
}

function showWords(mark) {
  if (mark === openMark) return;
  hideWords();
  openMark = mark;
  mark.lastElementChild.hidden = false;
  // The top layer, where the browser has it: no box around the card cuts the words.
  mark.lastElementChild.showPopover?.();
  placeWords();
}

function hideWords() {
  const box = openMark?.lastElementChild;
  openMark = null;
  if (!box) return;
  if (box.isConnected) box.hidePopover?.();
  box.hidden = true;
  box.removeAttribute("style");
}

/** Places the words below their mark, or above it at the end of the screen. */
function placeWords() {
  if (!openMark) return;
  const [mark, box] = [...openMark.children].map((node) => node.getBoundingClientRect());
  const { clientWidth, clientHeight } = document.documentElement;
  const left = Math.max(0, Math.min(mark.right - box.width, clientWidth - box.width));
  const isBelow = mark.bottom + box.height <= clientHeight || mark.top < box.height;
  openMark.lastElementChild.style.translate = `${left}px ${isBelow ? mark.bottom : mark.top - box.height}px`;
}

/** Stores as seen what this page shows of what is starred, where `isWanted` says so of what is stored and what is shown. */
function storeShown(main, isWanted) {
  const nodes = [...main.querySelectorAll(STARRABLE)].filter((node) => idOf(node) in stars.starred);
  const shown = nodes.map((node) => [idOf(node), seenOf(node, main)]).filter(([id, fields]) => isWanted(stars.starred[id], fields));
  if (shown.length) updateStars({ starred: { ...stars.starred, ...Object.fromEntries(shown) } });
}

/** Stars from another device come without seen fields; those of papers from a former build lack the session. */
const isIncomplete = (seen, shown) => !seen || Boolean(shown.of && !seen.of);

/** Whether a paper is in another session than the one that is stored, in the same revision or a later one. */
const isInAnotherSession = (seen, { of }) => Boolean(of && seen.of) && of.id !== seen.of.id && of.revision >= seenRevision(seen.of);

/** The revision that the reader last saw a session in; 0 for one of another history, whose numbers say nothing here. */
const seenRevision = ({ revision = 0, history = "" }) => (history === historyShown() ? revision : 0);

/** The latest news of each session that a star stands for, unless the reader has dismissed it; once for all its stars. */
function changeCallouts(time) {
  const callouts = seenSessions().flatMap(([id, seen]) => {
    const entry = seen && pageData.news.filter(({ revision, sessions }) => revision > seenRevision(seen) && sessions[id]).at(-1);
    const news = entry?.sessions[id];
    if (!news || Date.parse(news.until) <= time || COMPARED_FIELDS.every((name) => news[name] === seen[name])) return [];
    return [[id, { id, sort: "change", text: news.text, dismissed: seenFields(news, entry.revision) }]];
  });
  return [...new Map(callouts).values()];
}

/** Sessions that begin soon. */
function reminderCallouts(main, time) {
  const { remind, reminded } = stars;
  if (!remind) return [];
  return sessionsNow([...main.querySelectorAll("[data-session]")], seenById()).flatMap(({ id, title, start, status, place }) => {
    const left = Date.parse(start) - time;
    if (status === "cancelled" || !(left > 0 && left <= REMIND_MILLISECONDS) || reminded[id] === start) return [];
    return [{ id, sort: "reminder", text: [`In ${Math.ceil(left / 60_000)} min: ${title}`, place].filter(Boolean).join(", "), dismissed: start }];
  });
}

/** What the reader last saw of the sessions that the stars stand for, by id; the latest where several stand for one. */
function seenById() {
  const present = seenSessions().filter(([id, , star]) => id === star || !hasVanished(star));
  present.sort(([, one], [, other]) => seenRevision(one ?? {}) - seenRevision(other ?? {}));
  return Object.fromEntries(present);
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
  if (sort === "change") storeSeen(id, dismissed);
  else updateStars({ reminded: { ...stars.reminded, [id]: dismissed } });
}

/** Stores what was last seen of a session, in its own star and in those of its papers. */
function storeSeen(id, fields) {
  const seenNow = (star, seen) => (star === id ? fields : seen?.of?.id === id ? { ...seen, of: { id, ...fields } } : seen);
  updateStars({ starred: Object.fromEntries(Object.entries(stars.starred).map(([star, seen]) => [star, seenNow(star, seen)])) });
}
