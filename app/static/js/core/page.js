// What this page says of itself: whose day it is, where that stands, which build of the service made it.
const { service, build, kept: mark, copy, frozen: at } = document.documentElement.dataset;
const home = new URL("../../../../", import.meta.url);
const TIMEOUT_MILLISECONDS = 8_000;

/** The name of the day's database: whatever a phone keeps, it keeps under it. And the build that made the page. */
export { service, build };

/**
 * kept: whether the worker gave this page from the phone's store; then it may be old. copied: whether it is of a frozen
 * copy, with no service behind it. frozen: whether it shows an instant that its reader named (`?at=`), and stays there.
 */
export const [kept, copied, frozen] = [mark, copy, at].map((value) => value !== undefined);

/** An address of the service, or of the copy under whatever path it stands: `address("api/now")`. */
export function address(path) {
  return new URL(path, home).pathname;
}

/** Asks the network and no cache; what takes too long fails. */
export function request(path, options) {
  return fetch(path, { cache: "no-store", signal: AbortSignal.timeout?.(TIMEOUT_MILLISECONDS), ...options });
}

/** The number of the revision that the page shows. */
export function revisionShown() {
  return Number(document.documentElement.dataset.revision);
}

/** A session as an element shows it: what it says of itself, and its title and place. */
export function sessionOf(node) {
  const { session: id, start, end, room, status, kind } = node.dataset;
  const part = (name) => node.querySelector(`[data-part=${name}]`)?.textContent ?? "";
  return { id, start, end, room, status, kind, title: part("title"), place: part("place") };
}

/** Runs one part of the page: its failure must not stop the others. */
export function attempt(work, ...values) {
  try {
    return work(...values);
  } catch (error) {
    console.error(error);
  }
}

/** Writes a text, where it is another. */
export function write(node, text) {
  if (node && node.textContent !== text) node.textContent = text;
}

/** Writes a line of a script's own below a row, known by its class; without a text it goes. */
export function writeLine(row, className, text) {
  const line = row.querySelector(`.${className}`);
  if (!text) return line?.remove();
  if (line) return write(line, text);
  const added = Object.assign(document.createElement("p"), { className, textContent: text });
  added.dataset.added = "";
  row.append(added);
}

/** A copy of what a <template> of the page holds. */
export function fromTemplate(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

// A hall's phones must not fetch all their pages in one moment.
const BRING_UP_MILLISECONDS = 60_000;
let bringUpTimer = 0;
let isUsed = false;

/** Has the worker keep the day on this phone. Without HTTPS browsers have no worker (but on localhost). */
export function keepOnPhone() {
  for (const sign of ["pointerdown", "keydown", "wheel"]) addEventListener(sign, () => (isUsed = true), { once: true, passive: true });
  const worker = navigator.serviceWorker;
  worker?.addEventListener("message", ({ data }) => (data.build !== build || data.service !== service) && takeUp());
  if (!worker || frozen || location.pathname.startsWith("/organizer")) return;
  const register = () => worker.register(address("sw.js"), { updateViaCache: "none" }).catch((error) => console.warn("not kept offline:", error));
  addEventListener("load", register, { once: true });
}

/** Tells the worker the page's revision, some time within a minute: it brings older pages up to it. */
export function bringUpKept() {
  bringUpTimer ||= setTimeout(() => {
    bringUpTimer = 0;
    navigator.serviceWorker?.controller?.postMessage({ revision: revisionShown() });
  }, Math.random() * BRING_UP_MILLISECONDS);
}

/** Another build or another day answers here now: the worker brings it, else the page is loaded anew. */
export async function replaced() {
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.update().catch(() => {});
  // A new worker says when it is ready.
  if (!registration?.installing && !registration?.waiting) takeUp();
}

/** At once on a page that nobody has touched yet, such as the projector's; else when it is out of sight, and nobody types. */
function takeUp() {
  if (!isUsed || (document.hidden && !isTypedInto(document))) return location.reload();
  document.addEventListener("visibilitychange", takeUp);
}

/** Whether a text field below a node has the focus, or holds what its page did not write there. */
export function isTypedInto(node) {
  const fields = [...node.querySelectorAll("textarea, input:not([type=search], [type=hidden])")];
  return fields.some((field) => field === document.activeElement || field.value !== field.defaultValue);
}
