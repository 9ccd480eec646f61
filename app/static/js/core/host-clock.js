// A frozen copy has no service to ask. Its clock is the time that the host writes above each answer (Date,
// RFC 9110, 6.6.1), in whole seconds: an answer says between which two instants the host's clock stands, and a few
// answers around the turn of a second bring these close together. The earlier one is shown: no page turns too soon.
import { address } from "./page.js";

const NARROW_MILLISECONDS = 60;
const MOST_QUESTIONS = 5;
const QUESTIONS_EACH_MILLISECONDS = 30_000;
const LONGEST_MILLISECONDS = 8_000;
// A device's running time is off by less, in milliseconds a millisecond.
const DRIFT = 0.0001;
// Behind a cache the time is asked for so rarely; between, the device's running time is good enough.
const ASK_PAST_CACHES_MILLISECONDS = 600_000;

// The host's time less the device's: at least, at most, and when that was found.
let least = -Infinity;
let most = Infinity;
let found = -Infinity;
let questions = [];
let answerTime = 0;
let narrowing = false;
let tag = "";
let mark = null;

/** Which copy the host has, by ETag only read when it is another, and the host's time, as the service gives them. */
export async function askHost() {
  const fromCache = await ask("");
  // A cache's Date may be its own or the host's of long ago. It has no answer to a question that was never asked.
  if (fromCache && (narrowing || performance.now() - found > ASK_PAST_CACHES_MILLISECONDS)) {
    await ask(`?${crypto.getRandomValues(new Uint32Array(1))[0]}`);
  }
  narrowing = false;
  if (found === -Infinity) throw new Error("The host does not say what time it is.");
  const device = performance.now();
  return { ...mark, server: device + least, device, speed: 1 };
}

/** Asks once, and learns what it can from the answer; returns whether a cache gave it. */
async function ask(query) {
  const asked = performance.now();
  const response = await fetch(address("freeze.json") + query, {
    cache: "no-store", headers: tag ? { "If-None-Match": tag } : {}, signal: AbortSignal.timeout(LONGEST_MILLISECONDS),
  });
  const device = performance.now();
  if (response.status !== 304) await read(response);
  if (!query && Number(response.headers.get("Age")) > 0) return true;
  const second = Date.parse(response.headers.get("Date"));
  if (!Number.isNaN(second)) narrow(second - device, second + 1000 - asked, device);
  answerTime = device - asked;
  return false;
}

async function read(response) {
  if (!response.ok) throw new Error(response.status);
  mark = await response.json();
  tag = response.headers.get("ETag") ?? "";
}

function narrow(low, high, device) {
  const drift = found === -Infinity ? 0 : (device - found) * DRIFT;
  least = Math.max(least - drift, low);
  most = Math.min(most + drift, high);
  found = device;
  // The host's clock was set, or the phone slept.
  if (least > most) [least, most] = [low, high];
}

/** Milliseconds until the next question tells most, when a second turns by the middle of what is known; null: known well. */
export function untilNextQuestion() {
  questions = questions.filter((time) => time > performance.now() - QUESTIONS_EACH_MILLISECONDS);
  if (most - least <= NARROW_MILLISECONDS || questions.length >= MOST_QUESTIONS) return null;
  questions.push(performance.now());
  narrowing = true;
  const time = performance.now() + (least + most) / 2 + answerTime / 2;
  return 1000 - (time % 1000);
}
