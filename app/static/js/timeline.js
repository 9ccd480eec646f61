// Turns the page at each boundary: states, phase, and the slots for now and next.
import { contact, frozen, onTick, setBoundaries } from "./clock.js";
import { showLeft } from "./left.js";
import { momentIn, phaseAt } from "./moment.js";

let element;
let rooms = [];
// A page of some rooms does not know the day's phase: the server tells it.
let whole = true;
let sessions = [];
let shownAt = NaN;

export function start(found) {
  element = found;
  whole = declared().length >= Number(element.dataset.of ?? 0);
  read();
  if (!whole && !frozen) contact.addEventListener("made", ({ detail }) => showPhase(detail.phase));
  onTick((time) => {
    if (!frozen) turn(time);
    showLeft(element, time);
  });
}

/** Reads the sessions again, after they were changed in place. */
export function read() {
  const byId = new Map();
  for (const node of element.querySelectorAll("[data-sources] [data-session], [data-sources-one]")) {
    const { session, start, end, room, status } = node.dataset;
    byId.set(session, { id: session, start: Date.parse(start), end: Date.parse(end), room, status, node });
  }
  sessions = [...byId.values()];
  // A session may have moved to a room that the page was not made for.
  rooms = [...new Set([...declared(), ...sessions.map(({ room }) => room).filter(Boolean)])];
  setBoundaries(new Set(sessions.flatMap((s) => [s.start, s.end])));
  shownAt = NaN;
}

/** Whether this page shows a timeline. */
export function present() {
  return element !== undefined;
}

/** Whether a session is in a room of this page, which was made without it. */
export function lacks({ id, room }) {
  if (!present() || whole || (room !== null && !declared().includes(room))) return false;
  return element.querySelector(`[data-session="${id}"]`) === null;
}

export function turn(time) {
  if (Number.isNaN(time) || !crossed(time)) return;
  shownAt = time;
  const moments = new Map(rooms.map((room) => [room, momentIn(room, sessions, time)]));
  const all = [...moments.values()];
  const nowIds = new Set(all.map((m) => m.now?.id));
  const nextIds = new Set(all.map((m) => m.next?.id));
  for (const slot of element.querySelectorAll("[data-slot]")) {
    const { slot: name, slotRoom } = slot.dataset;
    fill(slot, name, moments.get(slotRoom)?.[name]);
  }
  const byId = new Map(sessions.map((s) => [s.id, s]));
  for (const node of element.querySelectorAll("[data-session]")) {
    const s = byId.get(node.dataset.session);
    const inSlot = node.closest("[data-slot]")?.dataset.slot;
    set(node, "state", inSlot ?? state(s, nowIds, nextIds, time));
  }
  if (whole) showPhase(phaseAt(all, sessions, time));
  document.dispatchEvent(new CustomEvent("turned", { detail: { now: all.map((m) => m.now).filter(Boolean) } }));
}

function declared() {
  return element.dataset.rooms.split(" ");
}

function showPhase(phase) {
  set(document.documentElement, "phase", phase);
  for (const text of element.querySelectorAll("[data-when]")) text.hidden = text.dataset.when !== phase;
}

function crossed(time) {
  if (Number.isNaN(shownAt) || time < shownAt) return true;
  return sessions.some((s) => (shownAt < s.start && s.start <= time) || (shownAt < s.end && s.end <= time));
}

function state(s, nowIds, nextIds, time) {
  if (nowIds.has(s.id)) return "now";
  if (nextIds.has(s.id)) return "next";
  return s.end <= time ? "past" : "later";
}

/** A card that shows the right session is left alone: it is patched in place when its session changes. */
function fill(slot, name, session) {
  const card = slot.querySelector("[data-card]");
  if (card.firstElementChild?.dataset.session !== session?.id) {
    const copy = session?.node.cloneNode(true);
    if (copy) copy.dataset.state = name;
    card.replaceChildren(...(copy ? [copy] : []));
  }
  slot.querySelector("[data-nothing]").hidden = Boolean(session);
  const progress = slot.querySelector("[data-progress]");
  if (progress) progress.hidden = !session;
}

function set(node, key, value) {
  if (node.dataset[key] !== value) node.dataset[key] = value;
}
