// What this page says of itself: whose day it is, where that stands, which build of the service made it.
const { service = "", kept: mark, copy, frozen: at } = document.documentElement.dataset;
const home = new URL("../../../../", import.meta.url);

/** The name of the day's database: whatever a phone keeps, it keeps under it. */
export { service };

/** The build of the service that this page came from. */
export const build = import.meta.url.split("/").at(-4);

/** Whether the worker gave this page from the phone's store: then it may be old. */
export const kept = mark !== undefined;

/** Whether this page is of a frozen copy: files on a host, with no service behind them. */
export const copied = copy !== undefined;

/** Whether this page shows an instant that its reader named (`?at=`), and stays there. */
export const frozen = at !== undefined;

/** An address of the service, or of the copy under whatever path it stands: `address("api/now")`. */
export function address(path) {
  return new URL(path, home).pathname;
}

/** The JSON that the page carries for its scripts: `phases`, `others` and `news`. */
export function pageData() {
  return JSON.parse(document.getElementById("page-data")?.value ?? "{}");
}

/** The number of the revision that the page shows. */
export function revisionShown() {
  return Number(document.documentElement.dataset.revision);
}

/** Runs one part of the page: its failure must not stop the others. */
export function attempt(work, ...values) {
  try {
    return work(...values);
  } catch (error) {
    console.error(error);
  }
}

const SIGNS_OF_USE = ["pointerdown", "keydown", "wheel"];
// A hall's phones must not fetch all their pages in one moment.
const BRING_UP_MILLISECONDS = 60_000;
let used = false;
let broughtUp = 0;
let bringing = false;

/** Has the worker keep the day on this phone. Without HTTPS browsers have no worker (but on localhost). */
export function keepOnPhone() {
  for (const sign of SIGNS_OF_USE) addEventListener(sign, () => (used = true), { once: true, passive: true });
  const worker = navigator.serviceWorker;
  worker?.addEventListener("message", ({ data }) => (data.build !== build || data.service !== service) && takeUp());
  if (!worker || frozen || location.pathname.startsWith("/organizer")) return;
  const register = () => worker.register(address("sw.js"), { updateViaCache: "none" }).catch((error) => console.warn("not kept offline:", error));
  if (document.readyState === "complete") register();
  else addEventListener("load", register, { once: true });
}

/** Tells the worker the page's revision, some time within a minute: it brings older pages up to it. */
export function bringUpKept() {
  if (bringing || revisionShown() === broughtUp) return;
  bringing = true;
  setTimeout(() => {
    bringing = false;
    broughtUp = revisionShown();
    navigator.serviceWorker?.controller?.postMessage({ revision: broughtUp });
  }, Math.random() * BRING_UP_MILLISECONDS);
}

/** Another build or another day answers here now: the worker brings it, else the page is loaded anew. */
export async function replaced() {
  const registration = await navigator.serviceWorker?.getRegistration();
  if (registration) registration.update().catch(() => {});
  else takeUp();
}

/** At once on a page that nobody has touched yet, such as the projector's; else when it is out of sight, and nobody types. */
function takeUp() {
  if (!used || (document.hidden && !isTypedInto(document))) return location.reload();
  document.addEventListener("visibilitychange", takeUp);
}

/** Whether a text field below a node has the focus, or holds what its page did not write there. */
export function isTypedInto(node) {
  const fields = [...node.querySelectorAll("textarea, input:not([type=search], [type=hidden])")];
  return fields.some((field) => field === document.activeElement || field.value !== field.defaultValue);
}
