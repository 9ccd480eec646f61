// What the news alone cannot write, such as a talk's people or its story, is taken from the page itself, asked for anew.
// data-anew names the session that the part is about; empty, every revision changes it.
import { frozen } from "./clock.js";

const PATIENCE_MILLISECONDS = 8_000;

export function watch() {
  if (frozen) return;
  document.addEventListener("revised", async ({ detail }) => {
    const changed = new Set(detail.changes.map(({ session }) => session));
    const parts = [...document.querySelectorAll("[data-anew]")].filter(({ dataset }) => !dataset.anew || changed.has(dataset.anew));
    if (parts.length) await bring(parts);
  });
}

/** Replaces parts by what stands under their id in the page as it is now; without network they stay as they are. */
async function bring(parts) {
  try {
    const answer = await fetch(location.href, { cache: "no-cache", signal: AbortSignal.timeout(PATIENCE_MILLISECONDS) });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of parts) {
      const other = fresh.getElementById(part.id);
      if (other && other.innerHTML !== part.innerHTML) part.replaceChildren(...document.importNode(other, true).childNodes);
    }
  } catch { /* the notice of old data tells that there is no network */ }
}
