// This reader's stars as this device has them: kept here first, and brought together with the service's.
// The name of the day's database is part of the key: another day has other stars.
import { contact } from "../core/clock.js";
import { address, copied, frozen, service } from "../core/page.js";

const KEPT = `stars ${service}`;
// starred: what the reader knows of each, by id: {title, start, end, room, status, revision}. pending: what was not sent yet, by id: starred or not.
// keys: {read, write} from the service. told: what it last said. remind: whether reminders are wanted; reminded: of which starts.
const NOTHING = { starred: {}, pending: {}, keys: null, told: null, remind: false, reminded: {} };
const listeners = [];
const PATIENCE_MILLISECONDS = 8_000;
const PAUSE_MILLISECONDS = 300;
const ASK_AGAIN_MILLISECONDS = 20_000;
let state = read() ?? NOTHING;

addEventListener("storage", ({ key }) => {
  if (key !== KEPT) return;
  state = read() ?? NOTHING;
  tell();
});

/** What this device has. */
export function get() {
  return state;
}

/** Writes some fields anew, over what another page of this device may have written meanwhile. */
export function update(fields) {
  state = { ...(read() ?? state), ...fields };
  try {
    localStorage.setItem(KEPT, JSON.stringify(state));
  } catch { /* a private window keeps nothing: the stars last as long as the page */ }
  tell();
}

/** Forgets all of it. */
export function clear() {
  update(NOTHING);
}

export function starred(id) {
  return id in state.starred;
}

/** Stars a session, or takes the star away; to be sent. `known` is what the reader sees of the session. */
export function star(id, on, known) {
  const { [id]: _, ...others } = state.starred;
  update({ starred: on ? { ...others, [id]: known } : others, pending: { ...state.pending, [id]: on } });
}

/** Writes what the reader has seen of a session now. */
export function know(id, known) {
  if (starred(id)) update({ starred: { ...state.starred, [id]: known } });
}

/** Calls listener() whenever something changed, by this page or another one. */
export function onChange(listener) {
  listeners.push(listener);
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEPT));
  } catch {
    return null;
  }
}

function tell() {
  for (const listener of listeners) listener();
}

let asked = -Infinity;
let running = null;
let waiting = 0;
let refused = false;

/** Keeps the two together from here on: a device sends what its reader did, so that what two devices did adds up. */
export function startSync() {
  // A frozen copy has no service behind it: its stars stay on the device.
  if (copied) return;
  onChange(() => unsent() && soon());
  document.addEventListener("visibilitychange", () => document.hidden || look());
  // The clock asks each half minute, and at once when the network is back.
  contact.addEventListener("made", () => unsent() && soon());
  if (!frozen) look();
}

/** Asks what other devices did, but not at every step of a reader who goes from page to page. */
function look() {
  if (performance.now() - asked > ASK_AGAIN_MILLISECONDS) exchange();
}

function soon() {
  if (refused) return;
  clearTimeout(waiting);
  waiting = setTimeout(exchange, PAUSE_MILLISECONDS);
}

/** Sends what was not sent, and takes what the service has; gives its HTTP status, 0 without network. */
export async function exchange() {
  running ??= alone(attempt).finally(() => (running = null));
  const status = await running;
  if (status === 200 && unsent()) soon();
  return status;
}

/** One request with this device's key. */
export function ask(path, options = {}, key = get().keys?.write) {
  const headers = { ...(key && { Authorization: `Bearer ${key}` }), ...(options.body && { "Content-Type": "application/json" }) };
  return fetch(address(path), { ...options, headers, cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MILLISECONDS) });
}

/** Writes what the service said, under what the reader did since it was asked. */
export function take(told, sent = {}) {
  const { starred, pending } = get();
  const left = Object.fromEntries(Object.entries(pending).filter(([id, on]) => sent[id] !== on));
  const ids = new Set(told.sessions);
  for (const [id, on] of Object.entries(left)) on ? ids.add(id) : ids.delete(id);
  const now = Object.fromEntries([...ids].map((id) => [id, starred[id] ?? null]));
  update({ starred: now, pending: left, keys: { read: told.read, write: told.write }, told });
}

function unsent() {
  return Object.keys(get().pending).length > 0;
}

async function attempt() {
  const sent = { ...get().pending };
  const changed = Object.keys(sent).length > 0;
  if (!changed && !get().keys) return 200;
  asked = performance.now();
  try {
    const body = JSON.stringify({ add: named(sent, true), remove: named(sent, false) });
    const answer = await ask("my/picks", changed ? { method: "POST", body } : {});
    if (answer.ok) take(await answer.json(), sent);
    else if (answer.status === 404 && get().keys) return await begin(changed);
    // Too many, say: what is kept here stays, and the next page tries again.
    else if (answer.status === 422) refused = true;
    return answer.ok ? 200 : answer.status;
  } catch {
    return 0;
  }
}

/** The service knows this set no more: it was forgotten elsewhere. This device's stars begin another with the next star. */
function begin(changed) {
  update({ keys: null, told: null });
  if (!changed) return 404;
  update({ pending: Object.fromEntries(Object.keys(get().starred).map((id) => [id, true])) });
  return attempt();
}

/** Two pages of one device must not begin two sets; without HTTPS browsers have no locks. */
function alone(work) {
  return navigator.locks ? navigator.locks.request("stars", work) : work();
}

function named(pending, on) {
  return Object.keys(pending).filter((id) => pending[id] === on);
}
