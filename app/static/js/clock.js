// The server's clock, and its speed in a rehearsal. The phone's own clock and zone are never asked,
// but to bridge a start without network and to notice that the phone has slept.
const SYNC_MILLISECONDS = 30_000;
const SLEPT_MILLISECONDS = 2_000;
const KEPT = "clock";

const root = document.documentElement;
const frozenAt = root.dataset.frozen ? Date.parse(root.dataset.frozen) : null;
const listeners = [];
const boundaries = new Set();
let anchor = kept();
let timer = 0;
let skew = 0;

export const frozen = frozenAt !== null;
export const contact = new EventTarget();

/** Milliseconds since 1970 on the server's clock; NaN before the first contact ever. */
export function now() {
  if (frozen) return frozenAt;
  return anchor ? anchor.server + (performance.now() - anchor.device) * anchor.speed : NaN;
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
  for (const event of ["online", "offline", "pageshow"]) addEventListener(event, sync);
  document.addEventListener("visibilitychange", () => document.hidden || sync());
}

/** Sets the clock by the server's answer, less half the time that the question took. */
export async function sync() {
  const asked = performance.now();
  try {
    const response = await fetch("/api/now", { cache: "no-store", signal: AbortSignal.timeout(8_000) });
    if (!response.ok) throw new Error(response.status);
    const moment = await response.json();
    const arrived = performance.now();
    const { speed } = moment;
    const server = Date.parse(moment.now) + ((arrived - asked) / 2) * speed;
    anchor = { server, device: arrived, speed };
    skew = Date.now() - arrived;
    keep();
    contact.dispatchEvent(new CustomEvent("made", { detail: moment }));
  } catch {
    contact.dispatchEvent(new Event("lost"));
  }
  tick();
}

function tick() {
  clearTimeout(timer);
  const time = now();
  if (Math.abs(Date.now() - performance.now() - skew) > SLEPT_MILLISECONDS && skew && !frozen) {
    skew = Date.now() - performance.now();
    sync();
  }
  if (!Number.isNaN(time)) for (const listener of listeners) attempt(listener, time);
  if (!frozen && anchor) timer = setTimeout(tick, Math.max(5, (nextTick(time) - time) / anchor.speed));
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

function keep() {
  try {
    localStorage.setItem(KEPT, JSON.stringify({ server: anchor.server, phone: Date.now(), speed: anchor.speed }));
  } catch { /* a private window keeps nothing */ }
}

function kept() {
  try {
    const { server, phone, speed } = JSON.parse(localStorage.getItem(KEPT));
    return { server: server + (Date.now() - phone) * speed, device: performance.now(), speed };
  } catch {
    return null;
  }
}
