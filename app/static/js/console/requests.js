// Requests of the console that are given up after a time, and what is said where no answer came.
import { address } from "../core/page-context.js";

const ANSWER_MILLISECONDS = 8_000;
// A form with a file, which may be large: as long as the service takes it.
const FILE_MILLISECONDS = 120_000;
const CHECK_MILLISECONDS = 5_000;

/** What is said of a form: it may have arrived, unless the device knew that it had no network. */
const WORDS = {
  offline: "No network: not sent yet.",
  lost: "No network: perhaps not sent. Trying again sends it once at most.",
  late: "No answer yet. It may have arrived; trying again sends it once at most.",
};

/** Sends a form; returns { response, page }, or { words } where no answer came. */
export async function post(path, body) {
  const unanswered = navigator.onLine ? "lost" : "offline";
  try {
    return await within(hasFile(body) ? FILE_MILLISECONDS : ANSWER_MILLISECONDS, async (signal) => {
      const response = await fetch(path, { method: "POST", body, signal, headers: { Accept: "text/html" } });
      return { response, page: new DOMParser().parseFromString(await response.text(), "text/html") };
    });
  } catch (error) {
    return { words: WORDS[error.name === "AbortError" ? "late" : unanswered] };
  }
}

const hasFile = (body) => [...body.values()].some((value) => value instanceof File && value.size > 0);

/** Whether the service answers; asked by the smallest request that it has. */
export async function isReachable() {
  const check = within(CHECK_MILLISECONDS, (signal) => fetch(address("api/now"), { cache: "no-store", signal }));
  return Boolean(await check.catch(() => null));
}

async function within(milliseconds, work) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), milliseconds);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}
