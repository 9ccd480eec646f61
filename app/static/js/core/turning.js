// Turns the page as the clock goes on, with or without network: states, slots for now and next, phase, the time left,
// and what comes and goes at an instant (data-from, data-until).
import { frozen, isTypedInto, pageData } from "./page.js";
import { setBoundaries, span, wallClock } from "./clock.js";
import { momentIn } from "./now-next.js";

const MINUTE = 60_000;
// Before that, the hour on the card says it better.
const SOON = 120 * MINUTE;
const MOST_BIG_MINUTES = 180;

export const turned = new EventTarget();

let element = null;
let rooms = [];
let sessions = [];
let phases = [];
let edges = [];
let shownAt = NaN;

/** Reads the page's sessions, at its start and after each refresh. */
export function read() {
  const { phases: turns = [], others = [] } = pageData();
  phases = turns.map(([instant, phase]) => [Date.parse(instant), phase]);
  element = document.querySelector("[data-turns]");
  sessions = [...sessionsShown(), ...others.map(([id, start, end, room]) => ({ id, start: Date.parse(start), end: Date.parse(end), room }))];
  rooms = element?.dataset.rooms.split(" ") ?? [];
  edges = [...new Set([...sessions.flatMap(({ start, end }) => [start, end]), ...phases.map(([instant]) => instant), ...passing().flatMap(([, ...times]) => times)])]
    .filter((time) => !Number.isNaN(time));
  setBoundaries(edges);
  shownAt = NaN;
}

function sessionsShown() {
  const byId = new Map();
  for (const node of element?.querySelectorAll("[data-sources] [data-session], [data-session][data-source]") ?? []) {
    const { session, start, end, room, status } = node.dataset;
    byId.set(session, { id: session, start: Date.parse(start), end: Date.parse(end), room, status, node });
  }
  return byId.values();
}

/** Shows an instant; gives whether a boundary lies between it and what was shown before. */
export function turn(time) {
  if (frozen || Number.isNaN(time)) return false;
  // A rehearsal's clock may also be set back.
  const [before, after] = [shownAt, time].sort((a, b) => a - b);
  const crossed = !Number.isNaN(shownAt) && edges.some((edge) => before < edge && edge <= after);
  if (crossed || Number.isNaN(shownAt)) turnAll(time);
  shownAt = time;
  return crossed;
}

function turnAll(time) {
  const moments = new Map(rooms.map((room) => [room, momentIn(room, sessions, time)]));
  for (const slot of document.querySelectorAll("[data-slot]")) fill(slot, moments.get(slot.dataset.slotRoom) ?? {});
  showStates([...moments.values()], time);
  showPhase(phases.findLast(([instant]) => instant <= time)?.[1] ?? (phases.length ? "before" : "after"));
  // What is typed into is not taken from under its writer's hands: the next refresh does so, or moves it.
  for (const [node, from, until] of passing()) node.hidden = (time < from || time >= until) && !isTypedInto(node);
  turned.dispatchEvent(new Event("turned"));
}

function showStates(moments, time) {
  const nowIds = new Set(moments.map((moment) => moment.now?.id));
  const nextIds = new Set(moments.map((moment) => moment.next?.id));
  for (const node of element?.querySelectorAll("[data-session]") ?? []) {
    const { session, end } = node.dataset;
    const state = nowIds.has(session) ? "now" : nextIds.has(session) ? "next" : Date.parse(end) <= time ? "past" : "later";
    set(node, "state", node.closest("[data-slot=now], [data-slot=next]")?.dataset.slot ?? state);
  }
}

function showPhase(phase) {
  set(document.documentElement, "phase", phase);
  for (const text of document.querySelectorAll("[data-when]")) text.hidden = text.dataset.when !== phase;
}

/** A card that shows the right session is left alone. What is cancelled stands in the place of what is now. */
function fill(slot, moment) {
  const { slot: name } = slot.dataset;
  const session = moment[name];
  if (name !== "next") slot.hidden = Boolean(moment.cancelled) !== (name === "cancelled");
  const card = slot.querySelector("[data-card]");
  if (card.firstElementChild?.dataset.session !== session?.id) card.replaceChildren(...(session ? [session.node.cloneNode(true)] : []));
  for (const nothing of slot.querySelectorAll("[data-nothing]")) nothing.hidden = Boolean(session);
  for (const progress of slot.querySelectorAll("[data-progress]")) progress.hidden = !session;
}

/** What is shown for a while only, as [node, from, until]. */
function passing() {
  return [...document.querySelectorAll("[data-until]")].map((node) => [node, node.dataset.from ? Date.parse(node.dataset.from) : -Infinity, Date.parse(node.dataset.until)]);
}

function set(node, key, value) {
  if (node.dataset[key] !== value) node.dataset[key] = value;
}

/** The venue's clock, "8 min left", "in 12 min", and how much of a session is over. */
export function count(time) {
  for (const clock of document.querySelectorAll("[data-clock]")) write(clock, wallClock(time));
  if (!element) return;
  for (const node of element.querySelectorAll("[data-session]")) {
    const { start, end, state } = node.dataset;
    write(node.querySelector("[data-left]"), words(state, Date.parse(start), Date.parse(end), time));
  }
  for (const bar of element.querySelectorAll("[data-progress]")) {
    const on = bar.closest("[data-slot]").querySelector("[data-session]");
    bar.value = on ? share(Date.parse(on.dataset.start), Date.parse(on.dataset.end), time) : 0;
  }
  showBig(element.querySelector("[data-big-left]"), time);
}

function words(state, start, end, time) {
  if (state === "now") return `${rounded(end - time)} left`;
  if (state === "next" && start - time <= SOON) return `in ${rounded(start - time)}`;
  return "";
}

function share(start, end, time) {
  return Math.round(Math.min(1, Math.max(0, (time - start) / (end - start))) * 1000) / 1000;
}

/** Minutes are rounded up: "1 min left" holds until the end. */
function rounded(milliseconds) {
  return span(Math.ceil(milliseconds / MINUTE));
}

/** The projector's large figure: minutes left now, or until what is next. */
function showBig(big, time) {
  if (!big) return;
  const [on, next] = ["now", "next"].map((slot) => element.querySelector(`[data-slot=${slot}] [data-session]`));
  const until = on ? Date.parse(on.dataset.end) : Date.parse(next?.dataset.start);
  const minutes = Math.ceil((until - time) / MINUTE);
  big.hidden = !(minutes <= MOST_BIG_MINUTES);
  write(big.querySelector("[data-figure]"), big.hidden ? "" : String(minutes));
  write(big.querySelector("[data-unit]"), big.hidden ? "" : `${minutes === 1 ? "minute" : "minutes"} ${on ? "left" : "to go"}`);
}

export function write(node, text) {
  if (node && node.textContent !== text) node.textContent = text;
}
