// The whole program with its long texts: from the network, else as this phone last had it.
import { address, copied, service } from "../core/page.js";

const PATH = address(copied ? "api/program.json" : "api/program");
const KEPT = `find ${service}`;
const PATIENCE_MILLISECONDS = 8_000;

/** The JSON of the program; null where there is neither network nor a copy. */
export async function fullProgram() {
  try {
    const answer = await fetch(PATH, { cache: "no-cache", signal: AbortSignal.timeout(PATIENCE_MILLISECONDS) });
    if (!answer.ok) throw new Error(answer.status);
    keep(answer.clone());
    return await answer.json();
  } catch {
    return keptProgram();
  }
}

/** Browsers keep nothing for a page without HTTPS (but on localhost). */
function keep(answer) {
  globalThis.caches?.open(KEPT).then((cache) => cache.put(PATH, answer)).catch(() => {});
}

async function keptProgram() {
  const found = await globalThis.caches?.match(PATH, { cacheName: KEPT, ignoreVary: true });
  const first = found ?? (await globalThis.caches?.match(PATH, { ignoreVary: true }));
  return first ? first.json() : null;
}
