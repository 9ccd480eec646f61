// The server's clock, its speed in a rehearsal, and how it reads at the venue. The phone's own clock is never asked
// what time it is, only how much has passed: since the last contact, at a start without network, and while it slept.
import { address, attempt, copied, frozen, service } from "./page.js";

const SYNC_MILLISECONDS = 30_000;
const SLEPT_MILLISECONDS = 2_000;

const KEPT = `clock ${service}`;

const frozenAt = Date.parse(document.documentElement.dataset.frozen);
const listeners = [];
let boundaries = new Set();
let { last, anchor, heardOf } = keptClock();
let timer = 0;
let questions = 0;
// The newest question that has an outcome, and that outcome: what comes late of an older one changes nothing.
let settled = 0;
let outcome = null;
let skew = Date.now() - performance.now();

export const contact = new EventTarget();

/** Milliseconds since 1970 on the server's clock; NaN before the first contact ever. */
export function now() {
  if (frozen) return frozenAt;
  return anchor ? anchor.server + (performance.now() - anchor.device) * anchor.speed : NaN;
}

/** The server's time at the last contact, on an earlier page too; NaN before the first ever. */
export function lastContact() {
  return last;
}

/** The newest revision that this phone has heard of. */
export function newestRevision() {
  return heardOf;
}

/** Calls listener(now) at each second of the server's clock, and at each boundary. */
export function onTick(listener) {
  listeners.push(listener);
}

/** Instants at which a tick must come, whatever the second. */
export function setBoundaries(instants) {
  boundaries = new Set(instants);
}

/** Shown seconds a second: 1 but in a rehearsal. */
export function speed() {
  return anchor?.speed ?? 1;
}

export function begin() {
  tick();
  if (frozen) return;
  sync();
  setInterval(sync, SYNC_MILLISECONDS);
  for (const event of ["online", "offline"]) addEventListener(event, ask);
  addEventListener("pageshow", ({ persisted }) => persisted && ask());
  document.addEventListener("visibilitychange", () => document.hidden || ask());
}

/** What was slept through is shown at once, and not only when the server has answered. */
function ask() {
  tick();
  sync();
}

/** Sets the clock by the server's answer, less half the time that the question took; another day's says nothing. */
export async function sync() {
  const question = ++questions;
  try {
    const moment = await (copied ? askHost() : askService());
    if (moment.service !== service) {
      contact.dispatchEvent(new Event("other"));
      return;
    }
    const { server, device, speed } = moment;
    anchor = { server, device, speed };
    skew = Date.now() - device;
    last = server;
    keepClock(server, speed, moment.revision);
    settle(question, new CustomEvent("made", { detail: moment }));
  } catch {
    settle(question, new Event("lost"));
  }
  tick();
}

/** Tells how the newest question ended; again where an older one has brought a later time of contact. */
function settle(question, event) {
  if (question >= settled) [settled, outcome] = [question, event];
  contact.dispatchEvent(outcome);
}

async function askService() {
  const asked = performance.now();
  const response = await fetch(address("api/now"), { cache: "no-store", signal: AbortSignal.timeout(8_000) });
  if (!response.ok) throw new Error(response.status);
  const moment = await response.json();
  const device = performance.now();
  return { ...moment, device, server: Date.parse(moment.now) + ((device - asked) / 2) * moment.speed };
}

/** The time of a frozen copy, which few pages are: only they load this. */
async function askHost() {
  const host = await import("./host-clock.js");
  const moment = await host.askHost();
  const pause = host.untilNextQuestion();
  if (pause !== null) setTimeout(sync, pause);
  return moment;
}

/** Brings all that follows the clock up to date, and again when the next second or boundary comes. */
export function tick() {
  clearTimeout(timer);
  if (!frozen) wakeUp();
  const time = now();
  if (!Number.isNaN(time)) for (const listener of listeners) attempt(listener, time);
  if (!frozen && anchor) timer = setTimeout(tick, Math.max(5, (nextTick(time) - time) / anchor.speed));
}

/** While a phone sleeps, its running time may stand still; its clock goes on, and says for how long. */
function wakeUp() {
  const slept = Date.now() - performance.now() - skew;
  if (Math.abs(slept) <= SLEPT_MILLISECONDS) return;
  skew += slept;
  if (anchor && slept > 0) anchor.device -= slept;
  sync();
}

function nextTick(time) {
  const second = Math.floor(time / 1000) * 1000 + 1000 * Math.max(1, anchor.speed / 4);
  let next = second;
  for (const boundary of boundaries) if (boundary > time && boundary < next) next = boundary;
  return next;
}

function keepClock(server, speed, revision) {
  heardOf = revision;
  try {
    localStorage.setItem(KEPT, JSON.stringify({ server, phone: Date.now(), speed, revision }));
  } catch { /* a private window keeps nothing */ }
}

/**
 * The last contact on the server's clock, and where that clock stands by now; NaN and null before the first ever.
 * Whoever sets the phone's own clock anew between two visits without network moves the page by as much, until contact.
 */
function keptClock() {
  try {
    const { server, phone, speed, revision = 0 } = JSON.parse(localStorage.getItem(KEPT));
    const passed = Math.max(0, Date.now() - phone);
    return { last: server, heardOf: revision, anchor: { server: server + passed * speed, device: performance.now(), speed } };
  } catch {
    return { last: NaN, heardOf: 0, anchor: null };
  }
}

/** Minutes that an ISO instant's offset is ahead of UTC. */
export function offsetMinutes(iso) {
  const match = /([+-])(\d\d):(\d\d)$/.exec(iso);
  return match ? (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) : 0;
}

/** Minutes by which the reader's zone is ahead of the venue's at an ISO instant; 0 for none. */
export function minutesAhead(iso) {
  return iso ? -new Date(Date.parse(iso)).getTimezoneOffset() - offsetMinutes(iso) : 0;
}

/** The venue's clock at an instant, 09:15. */
export function wallClock(time) {
  return atVenue(time).toISOString().slice(11, 16);
}

/** The venue's day of the week at an instant, Fri; "" for no instant. */
export function weekday(time) {
  return Number.isNaN(time) ? "" : atVenue(time).toUTCString().slice(0, 3);
}

/**
 * A date whose UTC fields are the venue's, by the offset of the nearest session, else by the page's: a phone's own
 * zone data may be older.
 */
function atVenue(time) {
  let nearest = null;
  for (const { dataset } of document.querySelectorAll("[data-session]")) {
    const distance = Math.abs(Date.parse(dataset.start) - time);
    if (!nearest || distance < nearest.distance) nearest = { distance, minutes: offsetMinutes(dataset.start) };
  }
  return new Date(time + (nearest?.minutes ?? offsetMinutes(document.documentElement.dataset.offset)) * 60_000);
}

/** Minutes in words: 45 min, 9 h, 5 h 30 min. */
export function span(minutes) {
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest ? ` ${rest} min` : ""}`;
}
