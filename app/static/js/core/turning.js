// Turns the page as the clock goes on, with or without network: states, slots for now and next, phase, the time left,
// and what comes and goes at an instant (data-from, data-until).
import { frozen, isTypedInto, write } from "./page.js";
import { span, wallClock } from "./clock.js";

const MINUTE = 60_000;
// Before that, the hour on the card says it better.
const SOON = 120 * MINUTE;
const MOST_BIG_MINUTES = 180;

export const turned = new EventTarget();

/** What the page carries for its scripts: `phases`, `rooms` and `news` (`app/web/page_data.py`). */
export let pageData = null;

// The markup of each session that may be copied into a slot; and per room its answers in order, as the page says them.
let sources = new Map();
let rooms = [];
let phases = [];
let edges = [];
// How many boundaries lie before what is shown; null before anything is.
let shownSegment = null;

/** Reads the page's sessions and answers, at its start and after each refresh. */
export function read() {
  pageData = JSON.parse(document.getElementById("page-data").value);
  phases = pageData.phases.map(([instant, phase]) => [Date.parse(instant), phase]);
  rooms = Object.entries(pageData.rooms).map(([room, answers]) => [room, answers.map(([from, now, next, cancelled]) => ({ from: from * 1000, now, next, cancelled }))]);
  const nodes = sessions();
  sources = new Map(nodes.filter((node) => node.matches("[data-source], [data-sources] *")).map((node) => [node.dataset.session, node]));
  edges = [
    ...rooms.flatMap(([, answers]) => answers.map(({ from }) => from)), ...phases.map(([instant]) => instant),
    ...nodes.map(({ dataset }) => Date.parse(dataset.end)), ...passing().flatMap(([, ...times]) => times),
  ];
  shownSegment = null;
}

/** Shows an instant; gives whether a boundary lies between it and what was shown before. */
export function turn(time) {
  if (frozen || Number.isNaN(time)) return false;
  const segment = edges.filter((edge) => edge <= time).length;
  if (segment === shownSegment) return false;
  const isTurn = shownSegment !== null;
  shownSegment = segment;
  turnAll(time);
  return isTurn;
}

function turnAll(time) {
  const moments = new Map(rooms.map(([room, answers]) => [room, answers.filter(({ from }) => from <= time).at(-1)]));
  for (const slot of document.querySelectorAll("[data-slot]")) fill(slot, moments.get(slot.dataset.slotRoom) ?? {});
  showStates([...moments.values()], time);
  const phase = phases.filter(([instant]) => instant <= time).at(-1)?.[1] ?? (phases.length ? "before" : "after");
  document.documentElement.dataset.phase = phase;
  for (const text of document.querySelectorAll("[data-when]")) text.hidden = text.dataset.when !== phase;
  // What is typed into is not taken from under its writer's hands: the next refresh does so, or moves it.
  for (const [node, from, until] of passing()) node.hidden = (time < from || time >= until) && !isTypedInto(node);
  turned.dispatchEvent(new Event("turned"));
}

function showStates(moments, time) {
  const nowIds = new Set(moments.map((moment) => moment.now));
  const nextIds = new Set(moments.map((moment) => moment.next));
  for (const node of sessions()) {
    const { session, end } = node.dataset;
    const state = nowIds.has(session) ? "now" : nextIds.has(session) ? "next" : Date.parse(end) <= time ? "past" : "later";
    node.dataset.state = node.closest("[data-slot=now], [data-slot=next]")?.dataset.slot ?? state;
  }
}

/** A card that shows the right session is left alone. What is cancelled stands in the place of what is now. */
function fill(slot, moment) {
  const { slot: name } = slot.dataset;
  const session = moment[name] ?? undefined;
  if (name !== "next") slot.hidden = Boolean(moment.cancelled) !== (name === "cancelled");
  const card = slot.querySelector("[data-card]");
  if (card.firstElementChild?.dataset.session !== session) card.replaceChildren(...(session ? [sources.get(session).cloneNode(true)] : []));
  for (const nothing of slot.querySelectorAll("[data-nothing]")) nothing.hidden = Boolean(session);
  for (const progress of slot.querySelectorAll("[data-progress]")) progress.hidden = !session;
}

/** The sessions that turn. */
const sessions = () => [...document.querySelectorAll("[data-turns] [data-session]")];

/** What is shown for a while only, as [node, from, until]. */
function passing() {
  return [...document.querySelectorAll("[data-until]")].map((node) => [node, node.dataset.from ? Date.parse(node.dataset.from) : -Infinity, Date.parse(node.dataset.until)]);
}

/** The venue's clock, "8 min left", "in 12 min", and how much of a session is over. */
export function count(time) {
  for (const clock of document.querySelectorAll("[data-clock]")) write(clock, wallClock(time));
  for (const node of sessions()) {
    const { start, end, state } = node.dataset;
    write(node.querySelector("[data-left]"), words(state, Date.parse(start), Date.parse(end), time));
  }
  for (const bar of document.querySelectorAll("[data-progress]")) {
    const on = bar.closest("[data-slot]").querySelector("[data-session]");
    const [start, end] = on ? [on.dataset.start, on.dataset.end].map(Date.parse) : [time, time + 1];
    bar.value = ((time - start) / (end - start)).toFixed(3);
  }
  showBig(document.querySelector("[data-big-left]"), time);
}

/** "1 min left" holds until the end. */
function words(state, start, end, time) {
  if (state === "now") return `${span(end - time)} left`;
  if (state === "next" && start - time <= SOON) return `in ${span(start - time)}`;
  return "";
}

/** The projector's large figure: minutes left now, or until what is next. */
function showBig(big, time) {
  if (!big) return;
  const [on, next] = ["now", "next"].map((slot) => document.querySelector(`[data-slot=${slot}] [data-session]`));
  const until = on ? Date.parse(on.dataset.end) : Date.parse(next?.dataset.start);
  const minutes = Math.ceil((until - time) / MINUTE);
  big.hidden = !(minutes <= MOST_BIG_MINUTES);
  write(big.querySelector("[data-figure]"), big.hidden ? "" : String(minutes));
  write(big.querySelector("[data-unit]"), big.hidden ? "" : `${minutes === 1 ? "minute" : "minutes"} ${on ? "left" : "to go"}`);
}
