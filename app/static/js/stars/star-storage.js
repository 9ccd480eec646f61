// This reader's stars as the device stores them (localStorage), and their synchronization with the service.
// The identity of the day's database is part of the key: another day has other stars.
import { contactEvents } from "../core/clock.js";
import { address, isFrozen, isStaticCopy, request, retryTime, service } from "../core/page-context.js";

const STORAGE_KEY = `stars ${service}`;
// starred: what the reader last saw of each session, by id: {title, start, end, room, status, revision, history}, or null;
// of each paper {title, of}: its title, and as `of` the same fields of the session that has it, with its id.
// pending: what was not sent yet, by id: starred or not. keys: {read, write} from the service. told: its last answer.
// remind: whether reminders are wanted; reminded: the start of each session whose reminder was dismissed, by id.
export const EMPTY = { starred: {}, pending: {}, keys: null, told: null, remind: false, reminded: {} };
const SEND_DELAY_MILLISECONDS = 300;
const LEAST_INTERVAL_MILLISECONDS = 20_000;

/** What this device has; changed by updateStars() alone. */
export let stars = readStorage() ?? EMPTY;

/** Event: "changed", whenever this page or another one changed the stars. */
export const starEvents = new EventTarget();

let queue = Promise.resolve();
let runningSync = null;
let lastRequestAt = -Infinity;
let timer = 0;
// The service refused more stars (422): they stay on the device, and the next page tries again.
let isRefused = false;
// After a refusal with Retry-After (429, 503) no star is sent before this time of performance.now().
let pausedUntil = 0;

addEventListener("storage", ({ key }) => {
  if (key !== STORAGE_KEY) return;
  stars = readStorage() ?? EMPTY;
  starEvents.dispatchEvent(new Event("changed"));
});

/** Replaces some fields, on top of what another page of this device may have stored meanwhile. */
export function updateStars(fields) {
  stars = { ...(readStorage() ?? stars), ...fields };
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(stars));
  } catch { /* a private window has no storage: the stars last as long as the page */ }
  starEvents.dispatchEvent(new Event("changed"));
}

/** Adds or removes a star, and marks it as to be sent. `seen` is what the reader sees of the session or paper. */
export function setStar(id, isStarred, seen) {
  const { [id]: _, ...others } = stars.starred;
  updateStars({ starred: isStarred ? { ...others, [id]: seen } : others, pending: { ...stars.pending, [id]: isStarred } });
}

/** All stars of this device as not sent yet: for another set of the service's. */
export const allAsPending = () => Object.fromEntries(Object.keys(stars.starred).map((id) => [id, true]));

function readStorage() {
  try {
    return JSON.parse(localStorage.getItem(STORAGE_KEY));
  } catch {
    return null;
  }
}

/** Synchronizes from here on. A device sends the reader's actions, so that those of two devices add up. */
export function startSync() {
  // A frozen copy has no service: its stars stay on the device.
  if (isStaticCopy) return;
  starEvents.addEventListener("changed", sendSoon);
  // The clock makes contact with each heartbeat of the stream, and at once when the network is back.
  contactEvents.addEventListener("made", sendSoon);
  document.addEventListener("visibilitychange", () => document.hidden || syncSometimes());
  if (!isFrozen) syncSometimes();
}

/** Fetches what other devices did, but not on every page of a reader who goes from page to page. */
function syncSometimes() {
  if (performance.now() - lastRequestAt > LEAST_INTERVAL_MILLISECONDS) syncStars();
}

function sendSoon() {
  if (isRefused || performance.now() < pausedUntil || !hasPending()) return;
  clearTimeout(timer);
  timer = setTimeout(syncStars, SEND_DELAY_MILLISECONDS);
}

const hasPending = () => Object.keys(stars.pending).length > 0;

/** Sends what was not sent, and applies the service's answer. */
export const syncStars = () => (runningSync ??= inTurn(send).finally(() => (runningSync = null)));

/** Runs one action at a time, on all pages of this device where browsers have locks: no late answer replaces a newer one. */
export function inTurn(action) {
  queue = queue.then(() => (navigator.locks ? navigator.locks.request("stars", action) : action())).catch(() => {});
  return queue;
}

async function send() {
  const { pending, keys } = stars;
  const hasChanges = hasPending();
  if (!hasChanges && !keys) return;
  lastRequestAt = performance.now();
  // Without keys the service creates a set, from all stars of this device.
  const sent = keys ? pending : { ...allAsPending(), ...pending };
  const ids = Object.keys(sent);
  const body = JSON.stringify({ add: ids.filter((id) => sent[id]), remove: ids.filter((id) => !sent[id]) });
  const response = await requestWithKey("my/picks", hasChanges ? { method: "POST", body } : {});
  pausedUntil = retryTime(response);
  if (response.ok) applyServerStars(await response.json(), sent);
  // Another device deleted the set, or it made room for new ones: the next star of this one creates another set.
  else if (response.status === 404 && keys) updateStars({ keys: null, told: null });
  else if (response.status === 422) isRefused = true;
}

/** A request with this device's key. */
export function requestWithKey(path, options = {}, key = stars.keys?.write) {
  const headers = { ...(key && { Authorization: `Bearer ${key}` }), ...(options.body && { "Content-Type": "application/json" }) };
  return request(address(path), { ...options, headers });
}

/** Replaces this device's stars by the service's answer, with the reader's actions since the request applied on top. */
export function applyServerStars(told, sent = {}) {
  const { starred, pending } = stars;
  const unsent = Object.fromEntries(Object.entries(pending).filter(([id, isStarred]) => sent[id] !== isStarred));
  const ids = new Set(told.sessions);
  for (const [id, isStarred] of Object.entries(unsent)) isStarred ? ids.add(id) : ids.delete(id);
  const merged = Object.fromEntries([...ids].map((id) => [id, starred[id] ?? null]));
  updateStars({ starred: merged, pending: unsent, keys: { read: told.read, write: told.write }, told });
}
