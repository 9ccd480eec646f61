// A frozen copy has no service to ask. The time is the host's: its Date header (RFC 9110, 6.6.1), in whole seconds.
import { address, request } from "./page.js";

// Behind a cache the host itself is asked so rarely; between, the device's running time is good enough.
const ASK_PAST_CACHES_MILLISECONDS = 600_000;

let known = null;
let tag = "";
let mark = null;

/** Which copy the host has, its ETag compared first, and the host's time by what it last told. */
export async function askHost() {
  const fromCache = await ask("");
  // A cache's Date may be its own or the host's of long ago. It has no answer to a question that was never asked.
  if (fromCache && !(performance.now() - known?.device < ASK_PAST_CACHES_MILLISECONDS)) await ask(`?${crypto.getRandomValues(new Uint32Array(1))[0]}`);
  if (!known) throw new Error("The host does not say what time it is.");
  const device = performance.now();
  const [earliest, latest] = [known.earliest, known.latest].map((instant) => instant + device - known.device);
  return { ...mark, earliest, latest, device, speed: 1 };
}

/** Asks once, and learns what it can from the answer; returns whether a cache gave it. */
async function ask(query) {
  const response = await request(address("freeze.json") + query, { headers: tag ? { "If-None-Match": tag } : {} });
  const device = performance.now();
  if (!response.ok && response.status !== 304) throw new Error(response.status);
  if (response.ok) [mark, tag] = [await response.json(), response.headers.get("ETag") ?? ""];
  if (!query && Number(response.headers.get("Age")) > 0) return true;
  const second = Date.parse(response.headers.get("Date"));
  if (!Number.isNaN(second)) known = { earliest: second, latest: second + 1000, device };
  return false;
}
