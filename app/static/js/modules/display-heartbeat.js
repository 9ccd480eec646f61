// Reports regularly that this display is alive, and which revision it shows; the console lists displays.
import { address, request, retryTime, revisionShown, service } from "../core/page-context.js";

const INTERVAL_MILLISECONDS = 30_000;
const STORAGE_KEY = `display ${service} ${location.pathname}`;
let token = readStorage();
let runningReport = null;
// After a refusal (429, 503) nothing is sent before this time of performance.now().
let pausedUntil = 0;

export function start(element) {
  setInterval(() => refreshed(element), INTERVAL_MILLISECONDS);
}

export function refreshed(element) {
  if (performance.now() < pausedUntil) return;
  runningReport ??= report(element.dataset.reportRoom || null).catch(() => {}).finally(() => (runningReport = null));
}

async function report(room) {
  if (!token) {
    const response = await post("display/token");
    if (response.ok) storeToken((await response.json()).token);
  }
  if (!token) return;
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const { status } = await post("display/report", { headers, body: JSON.stringify({ room, revision: revisionShown() }) });
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
