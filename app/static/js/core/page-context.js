// The facts that this page carries on <html> (service, build, revision, how it was delivered), and helpers for elements.
const { service, build, kept: keptMark, copy: copyMark, frozen: frozenAt } = document.documentElement.dataset;
const baseUrl = new URL("../../../../", import.meta.url);
const TIMEOUT_MILLISECONDS = 8_000;
const NEW_WORKER_MILLISECONDS = 8_000;

/** The identity of the day's database, part of the name of everything that is stored; and the build that made the page. */
export { service, build };

/** Whether the service worker answered with a stored page, which may be old. */
export const isFromCache = keptMark !== undefined;

/** Whether the page belongs to a frozen copy: static files without a service behind them. */
export const isStaticCopy = copyMark !== undefined;

/** Whether the page shows a fixed instant (`?at=`) and does not follow the clock. */
export const isFrozen = frozenAt !== undefined;

/** The path of an address of the service, or of the copy below whatever path it stands: `address("api/now")`. */
export const address = (path) => new URL(path, baseUrl).pathname;

/** A fetch that bypasses the HTTP cache and fails after a timeout. */
export function request(path, options) {
  return fetch(path, { cache: "no-store", signal: AbortSignal.timeout?.(TIMEOUT_MILLISECONDS), ...options });
}

/** When the service wants the next request after this response, as a time of performance.now(). */
export const retryTime = ({ headers }) => performance.now() + 1000 * (Number(headers.get("Retry-After")) || 0);

/**
 * Which history the revision that the page shows belongs to ("": the first). It changes where the service goes on from a
 * backup: a number may come again with another content, and a lower one be newer.
 */
export const historyShown = () => document.documentElement.dataset.history ?? "";

/** The number of the revision that the page shows. */
export const revisionShown = () => Number(document.documentElement.dataset.revision);

/** The session that an element shows: its data attributes, title and place. */
export function sessionOf(node) {
  const { session: id, start, end, room, status } = node.dataset;
  const part = (name) => node.querySelector(`[data-part=${name}]`)?.textContent ?? "";
  return { id, start, end, room, status, title: part("title"), place: part("place") };
}

/** Runs one part of the page and logs its error, so that the other parts go on. */
export function attempt(work, ...values) {
  try {
    return work(...values);
  } catch (error) {
    console.error(error);
  }
}

/** Sets an element's text, without touching the DOM where it is the same. */
export function setText(node, text) {
  if (node && node.textContent !== text) node.textContent = text;
}

/** Adds, changes or (without a text) removes a line at the end of a row, identified by its class. */
export function setLine(row, className, text) {
  const line = row.querySelector(`.${className}`);
  if (!text) return line?.remove();
  if (line) return setText(line, text);
  const added = Object.assign(document.createElement("p"), { className, textContent: text });
  added.dataset.added = "";
  row.append(added);
}

/** A copy of the element in a <template> of the page. */
export function cloneTemplate(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

// Spreads the requests of many phones, so that they do not fetch all their pages at the same time.
const CACHE_UPDATE_MILLISECONDS = 60_000;
let cacheUpdateTimer = 0;
let newWorkerTimer = 0;
let isUsed = false;
let isReloading = false;
// Longer each time: a slow network may need it.
let reloadPause = 8_000;

/** Registers the service worker, which stores the day on this device. Browsers need HTTPS or localhost for it. */
export function registerWorker() {
  for (const event of ["pointerdown", "keydown", "wheel"]) addEventListener(event, () => (isUsed = true), { once: true, passive: true });
  const worker = navigator.serviceWorker;
  worker?.addEventListener("message", ({ data }) => (data.build !== build || data.service !== service) && reloadWhenIdle());
  if (!worker || isFrozen || location.pathname.startsWith("/organizer")) return;
  const register = () => worker.register(address("sw.js"), { updateViaCache: "none" }).catch((error) => console.warn("not kept offline:", error));
  addEventListener("load", register, { once: true });
}

/** The latest revision of which readers are told, as of this page: a step of a line-up is none. */
const revisionTold = () => Number(document.documentElement.dataset.told ?? revisionShown());

/** Tells the worker this page's revision, at a random time within a minute: it then updates older stored pages. */
export function requestCacheUpdate() {
  cacheUpdateTimer ||= setTimeout(() => {
    cacheUpdateTimer = 0;
    navigator.serviceWorker?.controller?.postMessage({ revision: revisionTold(), history: historyShown() });
  }, Math.random() * CACHE_UPDATE_MILLISECONDS);
}

/** Handles a response of another build or service: updates the worker, or reloads the page where none comes in time. */
export function reloadForNewBuild() {
  if (newWorkerTimer) return;
  // A browser may hold a new worker back for minutes, while the former one has a request in hand.
  newWorkerTimer = setTimeout(reloadWhenIdle, NEW_WORKER_MILLISECONDS);
  updateWorker();
}

async function updateWorker() {
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.update().catch(() => {});
  const worker = registration?.installing ?? registration?.waiting;
  if (!worker) return reloadWhenIdle();
  // A new worker posts a message once it is active. This may be that of the page's own build, which is just being installed,
  // or one that cannot be.
  worker.addEventListener("statechange", () => {
    if (worker.state === "activated") updateWorker();
    else if (worker.state === "redundant") reloadWhenIdle();
  });
}

/** Reloads at once where nobody has used the page yet (a projector), else when it is hidden and nobody is typing. */
function reloadWhenIdle() {
  if (!isUsed || (document.hidden && !isBeingEdited(document))) return reload();
  document.addEventListener("visibilitychange", reloadWhenIdle);
}

/**
 * Reloads the page. A reload that begins during another one cancels that, and Chromium may then lose both while it replaces
 * the service worker: so there is one at a time, and the next one only if this document is still here after a pause.
 */
function reload() {
  if (isReloading) return;
  isReloading = true;
  setTimeout(() => {
    isReloading = false;
    reloadWhenIdle();
  }, reloadPause);
  reloadPause *= 2;
  location.reload();
}

/**
 * Whether a text field inside a node has the focus or differs from what the page was delivered with, or the node is or
 * has a form that is not sent yet.
 */
export function isBeingEdited(node) {
  if (node.matches?.("[data-unsent]") || node.querySelector("[data-unsent]")) return true;
  const fields = [...node.querySelectorAll("textarea, input:not([type=search], [type=hidden])")];
  return fields.some((field) => field === document.activeElement || field.value !== field.defaultValue);
}
