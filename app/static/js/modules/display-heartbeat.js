// A display tells the console that it is alive, and which revision it shows.
import { revisionShown } from "../core/page.js";

const EACH_MILLISECONDS = 30_000;
const KEPT = "display";
const id = name();

export function start(element) {
  setInterval(() => refreshed(element), EACH_MILLISECONDS);
}

export function refreshed(element) {
  const body = JSON.stringify({ id, room: element.dataset.reportRoom || null, revision: revisionShown() });
  fetch("/display/report", { method: "POST", headers: { "Content-Type": "application/json" }, body }).catch(() => {});
}

/** A name of its own that outlives a reload, where the browser keeps anything. */
function name() {
  const made = crypto.getRandomValues(new Uint32Array(3)).join("-");
  try {
    sessionStorage[KEPT] ??= made;
    return sessionStorage[KEPT];
  } catch {
    return made;
  }
}
