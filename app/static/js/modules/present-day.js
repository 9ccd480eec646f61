// Keeps a page that names no day at the present one where the service cannot: without network, by the pages that this
// device keeps; and in a frozen copy, whose first page shows the day on which it was made.
import { isLost, now } from "../core/clock.js";
import { address, isStaticCopy, request } from "../core/page-context.js";
import { openDocument, withoutRefreshing } from "../core/refresh.js";

/**
 * Of the links to days, in order, the one to the day that the service shows at a time, by the rule of `day_of_now` in
 * `app/web/day_search.py`: the present day unless all that is not cancelled is over, else the first that is not, else the last.
 */
export function presentDay(links, time) {
  const isComing = (link) => Date.parse(link?.dataset.ends) > time;
  const today = links.findLast(({ dataset }) => Date.parse(dataset.begins) <= time);
  return isComing(today) ? today : (links.find(isComing) ?? links.at(-1));
}

/** Opens the present day where the page shows another one without having been asked for it. */
export async function openPresentDay(days) {
  const link = missingDay(days);
  if (!link || !(isLost || isStaticCopy)) return;
  if (isStaticCopy) {
    // Links of a copy are relative: its page is loaded anew.
    const response = await request(link.href).catch(() => null);
    if (response?.ok && missingDay(days) === link) location.replace(link.href);
  } else {
    await withoutRefreshing(async () => {
      const kept = await keptDay(link);
      // The address stays: with network it is the present day's.
      if (kept && missingDay(days) === link) openDocument(kept, () => {});
    });
  }
}

/** The page of a day that this device keeps, as a list or grid if it has the same; null without one. */
async function keptDay({ href, dataset: { date } }) {
  const match = (key) => globalThis.caches?.match(key, { ignoreVary: true });
  const response = (await match(href)) ?? (await match(address(`?day=${date}`)));
  return response ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
}

/** The link to the present day, if the page names no day, shows another one, and knows the time. */
function missingDay(days) {
  if (Number.isNaN(now())) return null;
  const link = presentDay([...days.querySelectorAll("a[data-begins]")], now());
  // In a copy the page of a day that was chosen has an address of its own.
  const isChosen = isStaticCopy && "chosen" in days.dataset;
  const isAsked = [...new URLSearchParams(location.search).keys()].some((name) => name !== "view");
  return link && days.isConnected && !isChosen && !isAsked && !isOfDay(document, link) ? link : null;
}

const isOfDay = (page, { dataset }) => Boolean(page.querySelector(`[data-day="${dataset.date}"]:not([hidden])`));
