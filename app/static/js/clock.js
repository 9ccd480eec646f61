// The server's clock, and its speed in a rehearsal. The phone's own clock is never asked what time it is,
// only how much has passed: since the last contact, at a start without network, and while the phone slept.
import { keepClock, keptClock } from "./kept-clock.js";
import { address, copied, service } from "./page.js";

const SYNC_MILLISECONDS = 30_000;
const SLEPT_MILLISECONDS = 2_000;

const root = document.documentElement;
const frozenAt = root.dataset.frozen ? Date.parse(root.dataset.frozen) : null;
const listeners = [];
const boundaries = new Set();
let { last, anchor } = keptClock();
let timer = 0;
let questions = 0;
// The newest question that has an outcome, and that outcome: what comes late of an older one changes nothing.
let settled = 0;
let outcome = null;
let skew = Date.now() - performance.now();

export const frozen = frozenAt !== null;
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

/** Calls listener(now) at each second of the server's clock, and at each boundary. */
export function onTick(listener) {
  listeners.push(listener);
}

/** Instants at which a tick must come, whatever the second. */
export function setBoundaries(instants) {
  boundaries.clear();
  for (const instant of instants) boundaries.add(instant);
}

export function begin() {
  tick();
  if (frozen) return;
  sync();
  setInterval(sync, SYNC_MILLISECONDS);
  for (const event of ["online", "offline", "pageshow"]) addEventListener(event, ask);
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
    keepClock(server, speed);
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

function tick() {
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

function attempt(listener, time) {
  try {
    listener(time);
  } catch (error) {
    console.error(error);
  }
}
