// Reports regularly that this display is alive, and which revision it shows, and at once which cue; the console lists it.
import { address, request, retryTime, revisionShown, service } from "../core/page-context.js";

const INTERVAL_MILLISECONDS = 30_000;
// After a report that failed.
const PAUSE_MILLISECONDS = 3_000;
const STORAGE_KEY = `display ${service} ${location.pathname}`;
let token = readStorage();
let runningReport = null;
// After a failure nothing is sent before this time of performance.now().
let pausedUntil = 0;
// The ids of the cue that a stage shows, and of the one that it has reported; null: none.
let cueShown = null;
let cueReported = null;

export function start(element) {
  setInterval(() => refreshed(element), INTERVAL_MILLISECONDS);
}

export function refreshed(element) {
  if (performance.now() < pausedUntil) return;
  runningReport ??= report(element.dataset).catch(() => false).then((isTaken) => {
    runningReport = null;
    if (!isTaken) pausedUntil = Math.max(pausedUntil, performance.now() + PAUSE_MILLISECONDS);
    if (cueShown !== cueReported) setTimeout(() => refreshed(element), Math.max(0, pausedUntil - performance.now()));
  });
}

/** A stage says at once that it shows another cue. */
export function cue(element, { id }) {
  cueShown = id;
  if (cueShown !== cueReported) refreshed(element);
}

/** Whether the service took a report. */
async function report({ reportRoom, reportScreen }) {
  if (!token) {
    const response = await post("display/token");
    if (response.ok) storeToken((await response.json()).token);
  }
  if (!token) return false;
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const said = { room: reportRoom || null, screen: reportScreen, revision: revisionShown(), cue: cueShown };
  const { ok, status } = await post("display/report", { headers, body: JSON.stringify(said) });
  // The service has another secret now: the next report asks for another token.
  if (status === 401) storeToken("");
  if (ok) cueReported = said.cue;
  return ok;
}

async function post(path, options) {
  const response = await request(address(path), { method: "POST", ...options });
  pausedUntil = retryTime(response);
  return response;
}

function readStorage() {
  try {
    return sessionStorage[STORAGE_KEY];
  } catch {
    return "";
  }
}

/** Keeps the token over a reload, where the browser has storage; each tab is a display of its own. */
function storeToken(text) {
  token = text;
  try {
    sessionStorage[STORAGE_KEY] = text;
  } catch { /* it lasts as long as the page */ }
}
