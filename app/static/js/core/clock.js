// The server's clock, its speed in a rehearsal, and venue time. The device's own clock is never used for the time of
// day, only for elapsed time: since the last contact, at a start without network, and while the device slept.
// A page asks for the time once. While its browser has a live stream (core/stream.js), heartbeats are its contacts, and it
// asks again at a doubt only: after sleep or a return of the network, where a heartbeat contradicts it, or once the stream
// is lost or silent.
import { address, attempt, build, historyShown, isFrozen, isFromCache, isStaticCopy, request, revisionShown, service } from "./page-context.js";

// Not a whole number of seconds: a static host's Date header has whole seconds, so varying fractions give more precision.
const SYNC_MILLISECONDS = 29_700;
const SLEEP_THRESHOLD_MILLISECONDS = 2_000;
// How often the service sends a heartbeat (`HEARTBEAT_SECONDS` in app/server/fan_out.py).
const HEARTBEAT_MILLISECONDS = 50_000;
/** After so long without a heartbeat a stream is taken for dead. */
export const SILENCE_MILLISECONDS = 2.5 * HEARTBEAT_MILLISECONDS;
// A heartbeat is mostly somewhat behind the page's clock, as it was under way. One by this much is a doubt, and so are
// several in a row that are behind by as much together, each by more than is usual: the server's clock was set back a little.
const DOUBT_MILLISECONDS = 2_000;
const USUAL_DELAY_MILLISECONDS = 250;
// One event gives several doubts: a device that wakes notices its sleep, comes into view and shows its page. A question on
// its way that is younger than this serves for all of them; an older one may be stuck in the network of before.
const ONE_EVENT_MILLISECONDS = 1_000;
const LOST = -Infinity;
// An upper bound for the drift of performance.now(), in milliseconds per millisecond.
const DRIFT = 0.0001;
const STORAGE_KEY = `clock ${service}`;

const frozenAt = Date.parse(document.documentElement.dataset.frozen);
let onTick = () => {};
let timer = 0;
let requestCount = 0;
let settledRequest = 0;
// When (performance.now()) the latest question was asked, and whether there was a doubt since: then it is asked again if it fails.
let askedAt = 0;
let isDoubtedSince = false;
// Until when (performance.now()) the browser's stream is taken for alive: LOST after an error, until the next heartbeat. A
// page in view that just opened waits for the first one: another tab may hold the stream.
let streamAliveUntil = isStaticCopy || document.hidden ? 0 : performance.now() + 1.2 * HEARTBEAT_MILLISECONDS;
// By how much the last heartbeats in a row were behind, together, and the last one, where that was a doubt.
let delaySum = 0;
let doubtedDelay = 0;
// By how much this stream's heartbeats are behind although the page's clock is right: a proxy with many streams tells
// them one after the other.
let streamDelay = 0;
const wallAhead = () => Date.now() - performance.now();
let wallMinusMonotonic = wallAhead();

/**
 * Events: "made" (detail: the answer), "lost" (no answer), "replaced" (another service answered), "doubted" (the network
 * may have been away: a connection that stands may be dead without a word).
 */
export const contactEvents = new EventTarget();

let anchor = storedAnchor();
/** The server's time at the last contact, on an earlier page too (NaN: none ever). */
export let lastContact = anchor?.lastContact ?? NaN;
// The newest revision that is known to be out, and its history: numbers of two histories say nothing about each other.
let newest = { revision: anchor?.revision ?? 0, history: anchor?.history ?? "" };
if (!isFromCache) learnOfRevision(revisionShown(), historyShown());
/** Whether the latest question for the time got no answer. */
export let isLost = false;

/** Takes note of a revision that is out, by default of the same history as the newest. */
export function learnOfRevision(revision, history = newest.history) {
  newest = { revision: history === newest.history ? Math.max(newest.revision, revision) : revision, history };
}

/** Whether the page shows an older revision than the newest that is known, or one of another history. */
export const isOlderRevision = () => historyShown() !== newest.history || revisionShown() < newest.revision;

/** Shown seconds per real second: 1 but in a rehearsal. */
export const speed = () => anchor?.speed ?? 1;

/** Milliseconds since 1970 on the server's clock; NaN before the first contact ever. */
export function now() {
  if (isFrozen) return frozenAt;
  return anchor ? anchor.server + (performance.now() - anchor.device) * anchor.speed : NaN;
}

/** Calls listener(now) at each second of the server's clock from here on; in a rehearsal four times a second. */
export function startClock(listener) {
  onTick = listener;
  tick();
  if (isFrozen) return;
  sync();
  setInterval(syncUnlessAlive, SYNC_MILLISECONDS);
  addEventListener("online", doubtAndTick);
  addEventListener("offline", loseNetwork);
  addEventListener("pageshow", ({ persisted }) => persisted && doubtAndTick());
  document.addEventListener("visibilitychange", followView);
}

/** Out of view a page holds no stream; where another tab does, its next heartbeat says so. */
function followView() {
  if (document.hidden) streamAliveUntil = 0;
  else {
    tick();
    syncUnlessAlive();
  }
}

function syncUnlessAlive() {
  if (isLost || performance.now() >= streamAliveUntil) syncOnce();
}

/** Asks the server for its time, unless a question is on its way. */
function syncOnce() {
  if (!isAsking()) sync();
}

const isAsking = () => settledRequest < requestCount;

/** Asks at once when the stream is lost; while it stays lost, the page asks at intervals. */
export function loseStream() {
  if (streamAliveUntil === LOST) return;
  streamAliveUntil = LOST;
  streamDelay = 0;
  sync();
}

/**
 * Takes a heartbeat of the stream as a contact: when it arrived, the server's clock stood at its time or after, since it
 * may have waited on its way. Where it contradicts what the page knows, the page asks who is right.
 */
export function takeHeartbeat(beat) {
  // It may have come before the device slept, and waited.
  if (correctForSleep()) return;
  streamAliveUntil = performance.now() + SILENCE_MILLISECONDS;
  if (!isExpected(beat)) return syncOnce();
  const instant = Date.parse(beat.now);
  const device = performance.now();
  isLost = false;
  // Where a question that is on its way fails, that says nothing more.
  settledRequest = requestCount;
  setClock({ ...beat, earliest: instant, latest: Infinity, device }, device);
  tick();
}

/** One that is ahead of the page's clock contradicts nothing: nothing arrives before it was sent. */
function isExpected(beat) {
  const isOfThisService = beat.service === service && beat.build === build && beat.history === newest.history;
  return isOfThisService && anchor?.isProven && beat.speed === anchor.speed && !isLate(beat);
}

/** Whether the page's clock may be ahead of the server's, rather than a heartbeat behind. */
function isLate(beat) {
  const delay = (now() - Date.parse(beat.now)) / beat.speed;
  const unusual = delay - streamDelay;
  delaySum = unusual > USUAL_DELAY_MILLISECONDS ? delaySum + unusual : 0;
  // One that waited once on its way hides no later setting back.
  if (delay < streamDelay) streamDelay = (streamDelay + Math.max(0, delay)) / 2;
  if (delaySum < DOUBT_MILLISECONDS) return false;
  delaySum = 0;
  doubtedDelay = delay;
  return true;
}

/** What an answer leaves of the delay that was doubted, by which it changed the page's clock, is that of the stream. */
function learnDelay(change) {
  if (doubtedDelay) streamDelay = Math.max(0, doubtedDelay + change / speed());
  doubtedDelay = 0;
}

/** Asks, and shows elapsed time at once, without waiting for the server's answer. */
function doubtAndTick() {
  if (!correctForSleep()) doubtNetwork(isAsking() && performance.now() - askedAt < ONE_EVENT_MILLISECONDS);
  tick();
}

/** Takes no stream for alive until its next heartbeat, and asks, unless what was asked just now serves. */
function doubtNetwork(isAsked) {
  streamAliveUntil = 0;
  contactEvents.dispatchEvent(new Event("doubted"));
  if (isAsked) isDoubtedSince = true;
  else sync();
}

/** The device says that it has no network: the page says so, without a question that cannot be answered. */
function loseNetwork() {
  streamAliveUntil = LOST;
  // Where a question that is on its way fails, that says nothing more.
  settledRequest = requestCount;
  lose();
  tick();
}

function lose() {
  isLost = true;
  contactEvents.dispatchEvent(new Event("lost"));
}

/** Asks the server for its time. An answer from another service does not set the clock. */
export async function sync() {
  const ownRequest = ++requestCount;
  const requestedAt = performance.now();
  askedAt = requestedAt;
  isDoubtedSince = false;
  const aheadAtRequest = wallAhead();
  // Only pages of a static copy load the module that reads the host's time.
  const answer = isStaticCopy ? import("./static-host-clock.js").then(({ fetchHostTime }) => fetchHostTime()) : fetchServerTime();
  const moment = await answer.catch(() => null);
  // A later request has been answered already, or a heartbeat has come since.
  if (ownRequest < settledRequest || (!moment && ownRequest === settledRequest)) return;
  // The answer is from before the device slept: the next tick notices the sleep, and asks again.
  if (moment && Math.abs(wallAhead() - aheadAtRequest) > SLEEP_THRESHOLD_MILLISECONDS) return tick();
  if (!moment && isDoubtedSince && ownRequest === requestCount) return sync();
  settledRequest = ownRequest;
  isLost = false;
  if (!moment) lose();
  else if (moment.service !== service) contactEvents.dispatchEvent(new Event("replaced"));
  else {
    const before = now();
    setClock(moment, requestedAt);
    learnDelay(now() - before);
  }
  tick();
}

/**
 * Sets the clock to the latest instant that is certain to have come, so that no page turns too early. The server's
 * clock stood at `latest` or before when the request was sent, and at `earliest` or after when the answer was there.
 */
function setClock(moment, requestedAt) {
  const { earliest, latest, device, speed, revision, history = "" } = moment;
  const isComparable = anchor?.isProven && anchor.speed === speed;
  const extrapolated = isComparable ? anchor.server + (device - anchor.device) * speed * (1 - DRIFT) : NaN;
  // After the server's clock was set back, the extrapolation is later than the answer allows.
  const server = extrapolated <= latest + (device - requestedAt) * speed ? Math.max(extrapolated, earliest) : earliest;
  anchor = { server, device, speed, isProven: true };
  wallMinusMonotonic = Date.now() - device;
  lastContact = server;
  learnOfRevision(revision, history);
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify({ server, phone: Date.now(), speed, ...newest }));
  } catch { /* a private window has no storage */ }
  contactEvents.dispatchEvent(new CustomEvent("made", { detail: moment }));
}

async function fetchServerTime() {
  const response = await request(address("api/now"));
  if (!response.ok) throw new Error(response.status);
  const moment = await response.json();
  const instant = Date.parse(moment.now);
  return { ...moment, earliest: instant, latest: instant, device: performance.now() };
}

/** Updates all that follows the clock, and schedules the next update for the next full second. */
export function tick() {
  clearTimeout(timer);
  if (!isFrozen) correctForSleep();
  const time = now();
  if (!Number.isNaN(time)) attempt(onTick, time);
  const step = 1000 * Math.max(1, speed() / 4);
  if (!isFrozen && anchor) timer = setTimeout(tick, Math.max(5, (step - (time % step)) / speed()));
}

/**
 * performance.now() may stand still while a device sleeps; Date.now() goes on, and the difference is the sleep. Returns
 * whether the device slept.
 */
function correctForSleep() {
  const slept = wallAhead() - wallMinusMonotonic;
  if (Math.abs(slept) <= SLEEP_THRESHOLD_MILLISECONDS) return false;
  wallMinusMonotonic += slept;
  if (anchor && slept > 0) anchor = { ...anchor, device: anchor.device - slept, isProven: false };
  doubtNetwork(false);
  return true;
}

/**
 * The server's time extrapolated from the last contact on an earlier page; null before the first contact ever. Setting
 * the device's clock between two visits without network shifts the page by as much, until the next contact.
 */
function storedAnchor() {
  try {
    const { server, phone, speed, revision, history } = JSON.parse(localStorage.getItem(STORAGE_KEY));
    const passed = Math.max(0, Date.now() - phone);
    return { server: server + passed * speed, device: performance.now(), speed, lastContact: server, revision, history };
  } catch {
    return null;
  }
}

/** The UTC offset of an ISO instant, in milliseconds. */
const offsetOf = (iso) => Date.parse(`${iso.slice(0, -6)}Z`) - Date.parse(iso);

/** Minutes by which the reader's zone is ahead of the venue's at an ISO instant; without one, now (NaN: no contact yet). */
export function minutesAheadOfVenue(iso) {
  const { offset } = document.documentElement.dataset;
  return -new Date(iso ? Date.parse(iso) : now()).getTimezoneOffset() - offsetOf(iso ?? `1970-01-01T00:00${offset}`) / 60_000;
}

/** Venue time at an instant, "09:15". */
export function venueTime(time) {
  return dateAtVenue(time).toISOString().slice(11, 16);
}

/** The venue's day of the week at an instant, "Fri"; "" for NaN. */
export function venueWeekday(time) {
  return Number.isNaN(time) ? "" : dateAtVenue(time).toUTCString().slice(0, 3);
}

/** A Date whose UTC fields are venue time, by the offset of the nearest session: a device's zone data may be outdated. */
function dateAtVenue(time) {
  const starts = [...document.querySelectorAll("[data-session]")].map(({ dataset }) => dataset.start);
  const distance = (iso) => Math.abs(Date.parse(iso) - time);
  const nearest = starts.reduce((best, iso) => (distance(iso) < distance(best) ? iso : best), `1970-01-01T00:00${document.documentElement.dataset.offset}`);
  return new Date(time + offsetOf(nearest));
}

/** A duration in words, its minutes rounded up: "45 min", "9 h", "5 h 30 min". */
export function formatDuration(milliseconds) {
  const minutes = Math.ceil(milliseconds / 60_000);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours && `${hours} h`, (rest || !hours) && `${rest} min`].filter(Boolean).join(" ");
}
