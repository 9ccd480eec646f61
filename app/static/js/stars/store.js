// This reader's stars as this device has them: kept here first, and brought together with the service's.
// The name of the day's database is part of the key: another day has other stars.
import { contact } from "../core/clock.js";
import { address, copied, frozen, request, service } from "../core/page.js";

const KEPT = `stars ${service}`;
// starred: what the reader knows of each, by id: {title, start, end, room, status, revision}. pending: what was not
// sent yet, by id: starred or not. keys: {read, write} from the service. told: what it last answered.
// remind: whether reminders are wanted; reminded: of which starts.
export const NOTHING = { starred: {}, pending: {}, keys: null, told: null, remind: false, reminded: {} };
const SEND_DELAY_MILLISECONDS = 300;
const ASK_AGAIN_MILLISECONDS = 20_000;

/** What this device has; to be changed by update() alone. */
export let stars = read() ?? NOTHING;

/** Says "changed" whenever something changed, by this page or another one. */
export const changes = new EventTarget();

let running = null;
let asked = -Infinity;
let timer = 0;
// The service has as many as it takes: what is kept here stays, and the next page tries again.
let refused = false;

addEventListener("storage", ({ key }) => {
  if (key !== KEPT) return;
  stars = read() ?? NOTHING;
  changes.dispatchEvent(new Event("changed"));
});

/** Writes some fields anew, over what another page of this device may have written meanwhile. */
export function update(fields) {
  stars = { ...(read() ?? stars), ...fields };
  try {
    localStorage.setItem(KEPT, JSON.stringify(stars));
  } catch { /* a private window keeps nothing: the stars last as long as the page */ }
  changes.dispatchEvent(new Event("changed"));
}

/** Stars a session, or takes the star away; to be sent. `known` is what the reader sees of the session. */
export function star(id, on, known) {
  const { [id]: _, ...others } = stars.starred;
  update({ starred: on ? { ...others, [id]: known } : others, pending: { ...stars.pending, [id]: on } });
}

/** All that is starred here as not sent yet: for another set of the service's. */
export function allPending() {
  return Object.fromEntries(Object.keys(stars.starred).map((id) => [id, true]));
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEPT));
  } catch {
    return null;
  }
}

/** Keeps the two together from here on: a device sends what its reader did, so that what two devices did adds up. */
export function startSync() {
  // A frozen copy has no service behind it: its stars stay on the device.
  if (copied) return;
  changes.addEventListener("changed", sendSoon);
  // The clock asks each half minute, and at once when the network is back.
  contact.addEventListener("made", sendSoon);
  document.addEventListener("visibilitychange", () => document.hidden || askSometimes());
  if (!frozen) askSometimes();
}

/** Asks what other devices did, but not at every step of a reader who goes from page to page. */
function askSometimes() {
  if (performance.now() - asked > ASK_AGAIN_MILLISECONDS) exchange();
}

function sendSoon() {
  if (refused || !isUnsent()) return;
  clearTimeout(timer);
  timer = setTimeout(exchange, SEND_DELAY_MILLISECONDS);
}

const isUnsent = () => Object.keys(stars.pending).length > 0;

/** Sends what was not sent, and takes what the service has. */
export async function exchange() {
  // Two pages of one device must not begin two sets; without HTTPS browsers have no locks.
  running ??= (navigator.locks ? navigator.locks.request("stars", send) : send()).catch(() => {}).finally(() => (running = null));
  await running;
}

async function send() {
  const { pending, keys } = stars;
  const changed = isUnsent();
  if (!changed && !keys) return;
  asked = performance.now();
  // Without keys the service begins a set: of all that is starred here.
  const sent = keys ? pending : { ...allPending(), ...pending };
  const ids = Object.keys(sent);
  const body = JSON.stringify({ add: ids.filter((id) => sent[id]), remove: ids.filter((id) => !sent[id]) });
  const answer = await ask("my/picks", changed ? { method: "POST", body } : {});
  if (answer.ok) take(await answer.json(), sent);
  // The set was forgotten elsewhere: this device's stars begin another with the next star.
  else if (answer.status === 404 && keys) update({ keys: null, told: null });
  else if (answer.status === 422) refused = true;
}

/** One request with this device's key. */
export function ask(path, options = {}, key = stars.keys?.write) {
  const headers = { ...(key && { Authorization: `Bearer ${key}` }), ...(options.body && { "Content-Type": "application/json" }) };
  return request(address(path), { ...options, headers });
}

/** Takes over what the service answered, below what the reader did since it was asked. */
export function take(told, sent = {}) {
  const { starred, pending } = stars;
  const left = Object.fromEntries(Object.entries(pending).filter(([id, on]) => sent[id] !== on));
  const ids = new Set(told.sessions);
  for (const [id, on] of Object.entries(left)) on ? ids.add(id) : ids.delete(id);
  const now = Object.fromEntries([...ids].map((id) => [id, starred[id] ?? null]));
  update({ starred: now, pending: left, keys: { read: told.read, write: told.write }, told });
}
