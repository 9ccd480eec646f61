// A display tells the console that it is alive, and which revision it shows.
import { frozen, revisionShown } from "../core/page.js";

const EACH_MILLISECONDS = 30_000;
const KEPT = "display";
const id = name();

export function start(element) {
  if (frozen) return;
  setInterval(() => refreshed(element), EACH_MILLISECONDS);
  addEventListener("online", () => refreshed(element));
}

export function refreshed(element) {
  if (frozen) return;
  const body = JSON.stringify({ id, room: element.dataset.reportRoom || null, revision: revisionShown() });
  fetch("/display/report", { method: "POST", headers: { "Content-Type": "application/json" }, body }).catch(() => {});
}

/** A name of its own that outlives a reload, where the browser keeps anything. */
function name() {
  try {
    const kept = sessionStorage.getItem(KEPT) ?? crypto.randomUUID?.() ?? random();
    sessionStorage.setItem(KEPT, kept);
    return kept;
  } catch {
    return random();
  }
}

/** randomUUID is missing where the page comes without HTTPS. */
function random() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
