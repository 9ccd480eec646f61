// The server's clock, its speed in a rehearsal, and how it reads at the venue. The phone's own clock is never asked
// what time it is, only how much has passed: since the last contact, at a start without network, and while it slept.
import { address, attempt, copied, frozen, request, service } from "./page.js";

// No whole seconds: a frozen copy's host tells these alone, and more is learnt at other parts of them.
const SYNC_MILLISECONDS = 29_700;
const SLEPT_MILLISECONDS = 2_000;
// A device's running time is off by less, in milliseconds a millisecond.
const DRIFT = 0.0001;
const KEPT = `clock ${service}`;

const frozenAt = Date.parse(document.documentElement.dataset.frozen);
let onTick = () => {};
let timer = 0;
let questions = 0;
let settled = 0;
let skew = Date.now() - performance.now();

export const contact = new EventTarget();

let anchor = keptClock();
/** The server's time at the last contact, on an earlier page too (NaN: none ever); and the newest revision heard of. */
export let lastContact = anchor?.lastContact ?? NaN;
export let newestRevision = anchor?.revision ?? 0;

/** Shown seconds a second: 1 but in a rehearsal. */
export const speed = () => anchor?.speed ?? 1;

/** Milliseconds since 1970 on the server's clock; NaN before the first contact ever. */
export function now() {
  if (frozen) return frozenAt;
  return anchor ? anchor.server + (performance.now() - anchor.device) * anchor.speed : NaN;
}

/** Calls listener(now) from here on at each second of the server's clock; in a rehearsal four times a second. */
export function begin(listener) {
  onTick = listener;
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

/** Asks what time it is; another day's answer says nothing. */
export async function sync() {
  const question = ++questions;
  const asked = performance.now();
  // A frozen copy has no service to ask; only its pages load what asks the host.
  const answer = copied ? import("./host-clock.js").then(({ askHost }) => askHost()) : askService();
  const moment = await answer.catch(() => null);
  // What comes after the outcome of a newer question changes nothing.
  if (question < settled) return;
  settled = question;
  if (!moment) contact.dispatchEvent(new Event("lost"));
  else if (moment.service !== service) contact.dispatchEvent(new Event("replaced"));
  else set(moment, asked);
  tick();
}

/**
 * Sets the clock to the latest instant that the answers so far prove to have come: so no page turns too soon. When it
 * was asked the server's clock stood at `latest` or before, and when it had answered at `earliest` or after.
 */
function set(moment, asked) {
  const { earliest, latest, device, speed, revision } = moment;
  const isKnown = anchor?.isProven && anchor.speed === speed;
  const known = isKnown ? anchor.server + (device - anchor.device) * speed * (1 - DRIFT) : NaN;
  // Where the server's clock was set back, what was known is ahead of what can be.
  const server = known <= latest + (device - asked) * speed ? Math.max(known, earliest) : earliest;
  anchor = { server, device, speed, isProven: true };
  skew = Date.now() - device;
  lastContact = server;
  newestRevision = revision;
  try {
    localStorage.setItem(KEPT, JSON.stringify({ server, phone: Date.now(), speed, revision }));
  } catch { /* a private window keeps nothing */ }
  contact.dispatchEvent(new CustomEvent("made", { detail: moment }));
}

async function askService() {
  const response = await request(address("api/now"));
  if (!response.ok) throw new Error(response.status);
  const moment = await response.json();
  const instant = Date.parse(moment.now);
  return { ...moment, earliest: instant, latest: instant, device: performance.now() };
}

/** Brings all that follows the clock up to date, and again when the next second comes. */
export function tick() {
  clearTimeout(timer);
  if (!frozen) wakeUp();
  const time = now();
  if (!Number.isNaN(time)) attempt(onTick, time);
  const step = 1000 * Math.max(1, speed() / 4);
  if (!frozen && anchor) timer = setTimeout(tick, Math.max(5, (step - (time % step)) / speed()));
}

/** While a phone sleeps, its running time may stand still; its clock goes on, and says for how long. */
function wakeUp() {
  const slept = Date.now() - performance.now() - skew;
  if (Math.abs(slept) <= SLEPT_MILLISECONDS) return;
  skew += slept;
  if (anchor && slept > 0) anchor = { ...anchor, device: anchor.device - slept, isProven: false };
  sync();
}

/**
 * Where the server's clock stands by the last contact on an earlier page, and that contact; null before the first ever.
 * Whoever sets the phone's own clock anew between two visits without network moves the page by as much, until contact.
 */
function keptClock() {
  try {
    const { server, phone, speed, revision } = JSON.parse(localStorage.getItem(KEPT));
    const passed = Math.max(0, Date.now() - phone);
    return { server: server + passed * speed, device: performance.now(), speed, lastContact: server, revision };
  } catch {
    return null;
  }
}

/** Milliseconds by which an ISO instant's offset is ahead of UTC. */
function offsetOf(iso) {
  return Date.parse(`${iso.slice(0, -6)}Z`) - Date.parse(iso);
}

/** Minutes by which the reader's zone is ahead of the venue's at an ISO instant; 0 for none. */
export function minutesAhead(iso) {
  return iso ? -new Date(iso).getTimezoneOffset() - offsetOf(iso) / 60_000 : 0;
}

/** The venue's clock at an instant, 09:15. */
export function wallClock(time) {
  return atVenue(time).toISOString().slice(11, 16);
}

/** The venue's day of the week at an instant, Fri; "" for no instant. */
export function weekday(time) {
  return Number.isNaN(time) ? "" : atVenue(time).toUTCString().slice(0, 3);
}

/** A date whose UTC fields are the venue's, by the offset of the nearest session: a phone's own zone data may be older. */
function atVenue(time) {
  const starts = [...document.querySelectorAll("[data-session]")].map(({ dataset }) => dataset.start);
  const distance = (iso) => Math.abs(Date.parse(iso) - time);
  const nearest = starts.reduce((best, iso) => (distance(iso) < distance(best) ? iso : best), `1970-01-01T00:00${document.documentElement.dataset.offset}`);
  return new Date(time + offsetOf(nearest));
}

/** A length of time in words, its minutes rounded up: 45 min, 9 h, 5 h 30 min. */
export function span(milliseconds) {
  const minutes = Math.ceil(milliseconds / 60_000);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours && `${hours} h`, (rest || !hours) && `${rest} min`].filter(Boolean).join(" ");
}
