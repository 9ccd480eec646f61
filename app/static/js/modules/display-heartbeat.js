// Reports regularly that this display is alive, and which revision it shows; the console lists displays.
import { revisionShown } from "../core/page-context.js";

const INTERVAL_MILLISECONDS = 30_000;
const STORAGE_KEY = "display";
const id = displayId();

export function start(element) {
  setInterval(() => refreshed(element), INTERVAL_MILLISECONDS);
}

export function refreshed(element) {
  const body = JSON.stringify({ id, room: element.dataset.reportRoom || null, revision: revisionShown() });
  fetch("/display/report", { method: "POST", headers: { "Content-Type": "application/json" }, body }).catch(() => {});
}

/** A random id that survives a reload, where the browser has storage. */
function displayId() {
  const random = crypto.getRandomValues(new Uint32Array(3)).join("-");
  try {
    sessionStorage[STORAGE_KEY] ??= random;
    return sessionStorage[STORAGE_KEY];
  } catch {
    return random;
  }
}
