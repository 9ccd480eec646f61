// Reports regularly that this display is alive, and which revision it shows, and at once which cue; the console lists it.
import { address, request, retryTime, revisionShown, service } from "../core/page-context.js";

const INTERVAL_MILLISECONDS = 30_000;
const STORAGE_KEY = `display ${service} ${location.pathname}`;
let token = readStorage();
let runningReport = null;
// The id of the cue that a stage shows; null: none. And whether it came while a report ran.
let cueShown = null;
let isCueNew = false;
// After a refusal (429, 503) nothing is sent before this time of performance.now().
let pausedUntil = 0;

export function start(element) {
  setInterval(() => refreshed(element), INTERVAL_MILLISECONDS);
}

export function refreshed(element) {
  if (performance.now() < pausedUntil) return;
  runningReport ??= report(element.dataset).catch(() => {}).finally(() => {
    runningReport = null;
    if (isCueNew) refreshed(element);
  });
}

export function cue(element, { id }) {
  isCueNew = id !== null && id !== cueShown;
  cueShown = id;
  if (isCueNew) refreshed(element);
}

async function report({ reportRoom, reportScreen }) {
  if (!token) {
    const response = await post("display/token");
    if (response.ok) storeToken((await response.json()).token);
  }
  if (!token) return;
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  isCueNew = false;
  const { status } = await post("display/report", { headers, body: JSON.stringify({ room: reportRoom || null, screen: reportScreen, revision: revisionShown(), cue: cueShown }) });
  // The service has another secret now: the next report asks for another token.
  if (status === 401) storeToken("");
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
