// Says that what is shown may be old, and since when; and tells a screen reader what has begun and what was changed.
import { contact, lastContact, newestRevision, now, wallClock, weekday } from "./clock.js";
import { frozen, kept, revisionShown, write } from "./page.js";
import { refreshed } from "./refresh.js";
import { pageData } from "./turning.js";

// A network that swallows everything tells nothing: a page from the phone's store does not wait for its end.
const PATIENCE_MILLISECONDS = 2_500;
// What comes together is said together.
const PAUSE_MILLISECONDS = 500;
const MOST_TITLES = 3;

let known = null;
let heard = revisionShown();
let waiting = [];
let timer = 0;

export function showAge() {
  const notice = document.querySelector("[data-stale]");
  if (frozen || !notice) return;
  let offline = kept;
  let failed = false;
  const show = () => {
    const words = offline ? "Offline." : failed ? "Not up to date." : "";
    write(notice, words && `${words} ${age(lastContact, now(), revisionShown() < newestRevision)}`);
    notice.hidden = !words;
  };
  const patience = kept ? setTimeout(show, navigator.onLine ? PATIENCE_MILLISECONDS : 0) : 0;
  const after = (source, event, change) => source.addEventListener(event, () => {
    clearTimeout(patience);
    change();
    show();
  });
  after(contact, "made", () => (offline = false));
  after(contact, "lost", () => (offline = true));
  // The service answers, but not with this page.
  after(refreshed, "failed", () => (failed = true));
  after(refreshed, "refreshed", () => (offline = failed = false));
}

function age(last, time, older) {
  if (Number.isNaN(last)) return "";
  const day = weekday(last) === weekday(time) ? "" : `${weekday(last)} `;
  return `${older ? "From before" : "As of"} ${day}${wallClock(last)}.`;
}

/** Says what is on now, by the page's own words, where that is another than before. */
export function sayNow() {
  const slots = [...document.querySelectorAll("[data-slot=now]")];
  const titles = [...new Set(slots.map((slot) => text(slot, "[data-session] [data-part=title]")).filter(Boolean))];
  const words = titles.length > MOST_TITLES ? text(document, "[data-board-group=on] summary")
    : titles.length ? `${text(slots[0], ".label")}: ${titles.join("; ")}` : text(document, "[data-slot=now] [data-nothing]");
  if (known !== null && known !== words) say(words);
  known = words;
}

/** Says what revisions changed since the last one that was heard of. */
export function sayNews() {
  for (const { revision, text: words } of pageData.news) if (revision > heard) say(words);
  heard = Math.max(heard, revisionShown());
}

/** Tells a screen reader, once and politely. */
export function say(words) {
  if (!words) return;
  waiting.push(words);
  clearTimeout(timer);
  timer = setTimeout(() => {
    document.querySelector("[data-spoken]").textContent = waiting.join(" ");
    waiting = [];
  }, PAUSE_MILLISECONDS);
}

const text = (node, selector) => node?.querySelector(selector)?.textContent.trim().replace(/\s+/g, " ") ?? "";
