// The notice that the shown data may be old, and what a screen reader is told: what has begun and what was changed.
import { contactEvents, isOlderRevision, lastContact, now, venueTime, venueWeekday } from "./clock.js";
import { historyShown, isFrozen, isFromCache, revisionShown, setText } from "./page-context.js";
import { refreshEvents } from "./refresh.js";
import { pageData } from "./time-updates.js";

// A dead network may give no error for long: a page from the cache shows its notice after this time without an answer.
const NOTICE_DELAY_MILLISECONDS = 2_500;
// Texts that come within this time are announced together.
const PAUSE_MILLISECONDS = 500;
const MOST_TITLES = 3;

let currentText = null;
let announcedRevision = revisionShown();
let announcedHistory = historyShown();
let queue = [];
let timer = 0;

export function showStaleNotice() {
  const notice = document.querySelector("[data-stale]");
  if (isFrozen || !notice) return;
  let isOffline = isFromCache;
  let hasFailed = false;
  const show = () => {
    const words = isOffline ? "Offline." : hasFailed ? "Not up to date." : "";
    setText(notice, words && `${words} ${ageText(lastContact, now(), isOlderRevision())}`);
    notice.hidden = !words;
  };
  const delay = isFromCache ? setTimeout(show, navigator.onLine ? NOTICE_DELAY_MILLISECONDS : 0) : 0;
  const showAfter = (source, event, change) => source.addEventListener(event, (happened) => {
    clearTimeout(delay);
    change(happened);
    show();
  });
  showAfter(contactEvents, "made", () => (isOffline = false));
  showAfter(contactEvents, "lost", () => (isOffline = true));
  // The service answers, but not with this page.
  showAfter(refreshEvents, "failed", () => (hasFailed = true));
  // A page that this device keeps is no sign of a network.
  showAfter(refreshEvents, "refreshed", ({ detail }) => detail.isOutdated || (isOffline = hasFailed = false));
}

function ageText(last, time, isOlder) {
  if (Number.isNaN(last)) return "";
  const day = venueWeekday(last) === venueWeekday(time) ? "" : `${venueWeekday(last)} `;
  return `${isOlder ? "From before" : "As of"} ${day}${venueTime(last)}.`;
}

/** Announces what is on now, in the page's own words, where it changed since the last call. */
export function announceNow() {
  const slots = [...document.querySelectorAll("[data-slot=now]")];
  const titles = [...new Set(slots.map((slot) => textOf(slot, "[data-session] [data-part=title]")).filter(Boolean))];
  const many = textOf(document, "[data-count-on]") && textOf(document, "#on-now-name");
  const text = many || (titles.length > MOST_TITLES ? "" : titles.length ? `${textOf(slots[0], ".label")}: ${titles.join("; ")}`
    : textOf(document, "[data-slot=now] [data-nothing], [data-now-count]"));
  if (currentText !== null && currentText !== text) announce(text);
  currentText = text;
}

/** Announces the changes of revisions that were not announced yet. */
export function announceNews() {
  // The numbers of another history say nothing about this one's.
  if (announcedHistory !== historyShown()) [announcedHistory, announcedRevision] = [historyShown(), revisionShown()];
  for (const { revision, text } of pageData.news) if (revision > announcedRevision) announce(text);
  announcedRevision = Math.max(announcedRevision, revisionShown());
}

/** Writes a text into the page's live region, which screen readers read out. */
export function announce(text) {
  if (!text) return;
  queue.push(text);
  clearTimeout(timer);
  timer = setTimeout(() => {
    document.querySelector("[data-spoken]").textContent = queue.join(" ");
    queue = [];
  }, PAUSE_MILLISECONDS);
}

const textOf = (node, selector) => node?.querySelector(selector)?.textContent.trim().replace(/\s+/g, " ") ?? "";
