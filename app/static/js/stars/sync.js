// Brings this device's stars and the service's together. A device sends what its reader did, not what it has:
// so what two devices did meanwhile adds up.
import { contact, frozen } from "../clock.js";
import { address, copied } from "../page.js";
import { get, onChange, update } from "./store.js";

const PATIENCE_MILLISECONDS = 8_000;
const PAUSE_MILLISECONDS = 300;
const ASK_AGAIN_MILLISECONDS = 20_000;

let asked = -Infinity;
let running = null;
let waiting = 0;
let refused = false;

export function start() {
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
