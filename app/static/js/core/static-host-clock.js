// A frozen copy has no service to tell the time: this reads the host's Date header (RFC 9110, 6.6.1), in whole seconds.
// The copy of a rehearsal says in freeze.json how the rehearsal's clock goes by the real time.
import { address, request } from "./page-context.js";

// How often a cache in front of the host is bypassed; between these requests the device's elapsed time is precise enough.
const BYPASS_CACHES_MILLISECONDS = 600_000;

let hostTime = null;
let etag = "";
let copyInfo = null;

/**
 * Which copy the host has (by a conditional request), and the host's time, or a rehearsal's by it, extrapolated from its
 * last Date header.
 */
export async function fetchHostTime() {
  const isFromCache = await fetchCopyInfo("");
  // The Date header of a cached response may be old or the cache's own. No cache has a response for a random query.
  if (isFromCache && !(performance.now() - hostTime?.device < BYPASS_CACHES_MILLISECONDS)) await fetchCopyInfo(`?${crypto.getRandomValues(new Uint32Array(1))[0]}`);
  if (!hostTime) throw new Error("The host does not send its time.");
  const device = performance.now();
  const { anchor, shown, speed } = copyInfo.rehearsal ?? { anchor: 0, shown: 0, speed: 1 };
  const shownAt = (instant) => shown + (instant + device - hostTime.device - anchor) * speed;
  return { ...copyInfo, earliest: shownAt(hostTime.earliest), latest: shownAt(hostTime.latest), device, speed };
}

/** Updates `copyInfo` and, where the response comes from the host itself, `hostTime`; returns whether a cache answered. */
async function fetchCopyInfo(query) {
  const response = await request(address("freeze.json") + query, { headers: etag ? { "If-None-Match": etag } : {} });
  const device = performance.now();
  if (!response.ok && response.status !== 304) throw new Error(response.status);
  if (response.ok) [copyInfo, etag] = [await response.json(), response.headers.get("ETag") ?? ""];
  if (!query && Number(response.headers.get("Age")) > 0) return true;
  const second = Date.parse(response.headers.get("Date"));
  if (!Number.isNaN(second)) hostTime = { earliest: second, latest: second + 1000, device };
  return false;
}
