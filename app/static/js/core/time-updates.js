// Updates the page as the clock goes on, with or without network: session states, the slots for now and next, the phase,
// time left, and elements that are shown for a while only (data-from, data-until).
import { attempt, isBeingEdited, isFrozen, setText } from "./page-context.js";
import { formatDuration, venueTime, venueWeekday } from "./clock.js";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
// Sessions that begin later than this show their start only, not "in 3 h".
const SOON = 120 * MINUTE;
const MOST_BIG_MINUTES = 180;
// A conference day begins at six: what is at one in the night belongs to the evening before.
const FIRST_HOUR = 6;

/** Event: "turned", after a boundary was passed. */
export const turnEvents = new EventTarget();

/** What the page carries for its scripts: `phases`, `rooms` and `news` (`app/web/page_data_json.py`). */
export let pageData = null;

// The elements of sessions that may be copied into a slot, by id; and per room its answers in order, from the page data.
let sources = new Map();
let rooms = [];
let phases = [];
let boundaries = [];
// The number of boundaries before the instant that is shown; null before anything is.
let shownSegment = null;

/** Reads the page's sessions and data, at the start and after each refresh. */
export function readPage() {
  pageData = JSON.parse(document.getElementById("page-data").value);
  phases = pageData.phases.map(([instant, phase]) => [Date.parse(instant), phase]);
  rooms = Object.entries(pageData.rooms).map(([room, answers]) => [room, answers.map(([from, now, next, cancelled, item]) => ({ from: from * 1000, now, next, cancelled, item }))]);
  const nodes = turningSessions();
  sources = new Map(nodes.filter((node) => node.matches("[data-source], [data-sources] *")).map((node) => [node.dataset.session, node]));
  boundaries = [
    ...rooms.flatMap(([, answers]) => answers.map(({ from }) => from)), ...phases.map(([instant]) => instant),
    ...nodes.map(({ dataset }) => Date.parse(dataset.end)), ...temporaryElements().flatMap(([, ...times]) => times),
  ];
  shownSegment = null;
}

/** Shows an instant; returns whether a boundary lies between it and what was shown before. */
export function turnTo(time) {
  if (isFrozen || Number.isNaN(time)) return false;
  const segment = boundaries.filter((boundary) => boundary <= time).length;
  if (segment === shownSegment) return false;
  const isTurn = shownSegment !== null;
  shownSegment = segment;
  turnAll(time);
  return isTurn;
}

function turnAll(time) {
  const moments = new Map(rooms.map(([room, answers]) => [room, answers.filter(({ from }) => from <= time).at(-1)]));
  for (const slot of document.querySelectorAll("[data-slot]")) fillSlot(slot, moments.get(slot.dataset.slotRoom) ?? {});
  for (const holder of document.querySelectorAll("[data-line-up]")) fillLineUp(holder, moments.get(holder.dataset.lineUp) ?? {});
  showStates([...moments.values()], time);
  const phase = phases.filter(([instant]) => instant <= time).at(-1)?.[1] ?? (phases.length ? "before" : "after");
  document.documentElement.dataset.phase = phase;
  for (const part of document.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(phase);
  for (const screen of document.querySelectorAll("[data-shows]")) showScreen(screen, moments.get(screen.dataset.showsRoom) ?? {}, phase);
  // A form that is being edited stays visible: the next refresh removes or moves it.
  for (const [node, from, until] of temporaryElements()) node.hidden = (time < from || time >= until) && !isBeingEdited(node);
  turnEvents.dispatchEvent(new Event("turned"));
}

/** Shows a room on its projector: before, now, cancelled (would be on), next, after, or nothing more. */
function showScreen(screen, moment, phase) {
  const found = ["now", "cancelled", "next"].find((name) => moment[name]) ?? "nothing";
  const state = { "next before": "before", "nothing after": "after" }[`${found} ${phase}`] ?? found;
  screen.dataset.shows = state;
  for (const part of screen.querySelectorAll("[data-shown-in]")) part.hidden = !part.dataset.shownIn.split(" ").includes(state);
}

function showStates(moments, time) {
  const nowIds = new Set(moments.map((moment) => moment.now));
  const nextIds = new Set(moments.map((moment) => moment.next));
  for (const node of turningSessions()) {
    const { session, end } = node.dataset;
    const state = nowIds.has(session) ? "now" : nextIds.has(session) ? "next" : Date.parse(end) <= time ? "past" : "later";
    node.dataset.state = node.closest("[data-slot=now], [data-slot=next]")?.dataset.slot ?? state;
  }
}

/** Puts a copy of the right session into a slot. The slot for a cancelled session is shown instead of the one for now. */
function fillSlot(slot, moment) {
  const { slot: name } = slot.dataset;
  const session = moment[name] ?? undefined;
  if (name !== "next") slot.hidden = Boolean(moment.cancelled) !== (name === "cancelled");
  const card = slot.querySelector("[data-card]");
  if (card.firstElementChild?.dataset.session !== session) card.replaceChildren(...copiesOf(session));
  for (const nothing of slot.querySelectorAll("[data-nothing]")) nothing.hidden = Boolean(session);
  for (const progress of slot.querySelectorAll("[data-progress]")) progress.hidden = !session;
}

/** Puts a copy of what is on in a room's line-up into its place, or of what follows it; of one session, where one is named. */
function fillLineUp(holder, { now, item }) {
  const { of: session, following } = holder.dataset;
  const isShown = item && (session ?? now) === now;
  const on = isShown ? document.querySelector(`[data-line-ups] [data-place="${item}"]`) : null;
  const place = following === undefined ? on : on?.nextElementSibling;
  if (holder.firstElementChild?.dataset.place !== place?.dataset.place) holder.replaceChildren(...(place ? [place.cloneNode(true)] : []));
}

/** A copy of a session's card, without its place in a grid; none of one that the page does not have, until it refreshes. */
function copiesOf(session) {
  const copies = sources.has(session) ? [sources.get(session).cloneNode(true)] : [];
  for (const copy of copies) copy.className = "session";
  return copies;
}

/** The sessions whose state follows the clock. */
const turningSessions = () => [...document.querySelectorAll("[data-turns] [data-session]")];

/** The elements that are shown for a while only, as [node, from, until] in milliseconds since 1970. */
function temporaryElements() {
  const instant = (text, always) => (text ? Date.parse(text) : always);
  return [...document.querySelectorAll("[data-from], [data-until]")].map((node) => [node, instant(node.dataset.from, -Infinity), instant(node.dataset.until, Infinity)]);
}

// The present minute, for the styles that show where it is: its text, and its number from the midnight before the day.
const minuteSheet = attempt(() => new CSSStyleSheet());
if (minuteSheet) document.adoptedStyleSheets = [...document.adoptedStyleSheets, minuteSheet];
let minuteShown = "";

function showMinute(text) {
  if (text === minuteShown) return;
  minuteShown = text;
  const [hour, minute] = text.split(":").map(Number);
  minuteSheet?.replaceSync(`:root { --clock: "${text}"; --minute-known: 1; --minute-now: ${(hour < FIRST_HOUR ? hour + 24 : hour) * 60 + minute}; }`);
}

/** Shows venue time, "8 min left", "in 12 min", and progress bars. */
export function updateCountdowns(time) {
  showMinute(venueTime(time));
  for (const clock of document.querySelectorAll("[data-clock]")) setText(clock, venueTime(time));
  for (const node of turningSessions()) {
    const { start, end, state } = node.dataset;
    setText(node.querySelector("[data-left]"), timeLeftText(state, Date.parse(start), Date.parse(end), time));
  }
  for (const bar of document.querySelectorAll("[data-progress]")) {
    const on = bar.closest("[data-slot]").querySelector("[data-session]");
    const [start, end] = on ? [on.dataset.start, on.dataset.end].map(Date.parse) : [time, time + 1];
    bar.value = ((time - start) / (end - start)).toFixed(3);
  }
  for (const place of document.querySelectorAll("[data-line-up] [data-place]")) {
    const left = Date.parse(place.dataset.ends) - time;
    setText(place.querySelector(".item-left"), left > 0 ? `${formatDuration(left)} left` : "");
  }
  showBigFigure(document.querySelector("[data-big-left]"), time);
}

/** "1 min left" holds until the end, as minutes are rounded up. */
function timeLeftText(state, start, end, time) {
  if (state === "now") return `${formatDuration(end - time)} left`;
  if (state === "next" && start - time <= SOON) return `in ${formatDuration(start - time)}`;
  return "";
}

/** The projector's large figure: minutes until the end of what is on in its one room, else until what begins first. */
function showBigFigure(figure, time) {
  if (!figure) return;
  const on = document.querySelector("[data-slot=now] [data-session]");
  const starts = turningSessions().filter(({ dataset }) => dataset.state === "next").map(({ dataset }) => Date.parse(dataset.start));
  const until = on ? Date.parse(on.dataset.end) : Math.min(...starts);
  figure.hidden = !Number.isFinite(until);
  if (figure.hidden) return clearFigure(figure);
  const minutes = Math.ceil((until - time) / MINUTE);
  const isFar = minutes > MOST_BIG_MINUTES;
  const text = isFar ? venueTime(until) : String(minutes);
  figure.dataset.letters = text.length;
  figure.toggleAttribute("data-far", isFar);
  setText(figure.querySelector("[data-figure]"), text);
  setText(figure.querySelector("[data-unit]"), isFar ? farWords(on, until, time) : `${minutes === 1 ? "minute" : "minutes"} ${untilWhat(on)}`);
}

function clearFigure(figure) {
  delete figure.dataset.letters;
  delete figure.dataset.far;
  for (const part of figure.children) part.replaceChildren();
}

/** What stands above a time that is hours away. */
function farWords(on, until, time) {
  if (on) return "Ends at";
  const isToday = until - time < DAY && venueWeekday(until) === venueWeekday(time);
  return isToday ? "Starts at" : `Starts on ${venueWeekday(until)} at`;
}

/** Where a session is cancelled that would be on, what is meant is the one after it. */
function untilWhat(on) {
  if (on) return "left";
  return document.querySelector("[data-shows=cancelled]") ? "until the next" : "to go";
}
