// "8 min left", "in 12 min", and how much of a session is over.
import { span } from "./zone.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
// Before that, the hour on the card says it better.
const SOON = 2 * HOUR;

export function showLeft(element, time) {
  for (const node of element.querySelectorAll("[data-session]")) {
    const { start, end, state } = node.dataset;
    write(node.querySelector("[data-left]"), words(state, Date.parse(start), Date.parse(end), time));
  }
  for (const bar of element.querySelectorAll("[data-progress]")) {
    const on = bar.closest("[data-slot]").querySelector("[data-session]");
    if (on) bar.value = share(Date.parse(on.dataset.start), Date.parse(on.dataset.end), time);
  }
  showBig(element, time);
}

function words(state, start, end, time) {
  if (state === "now") return `${rounded(end - time)} left`;
  if (state === "next" && start - time <= SOON) return `in ${rounded(start - time)}`;
  return "";
}

function share(start, end, time) {
  return Math.round(Math.min(1, Math.max(0, (time - start) / (end - start))) * 1000) / 1000;
}

/** Minutes are rounded up: "1 min left" holds until the end. */
function rounded(milliseconds) {
  return span(Math.ceil(milliseconds / MINUTE));
}

/** The projector's large figure: minutes left now, or until what is next. */
function showBig(element, time) {
  const big = element.querySelector("[data-big-left]");
  if (!big) return;
  const now = element.querySelector("[data-slot=now] [data-session]");
  const next = element.querySelector("[data-slot=next] [data-session]");
  const until = now ? Date.parse(now.dataset.end) : next ? Date.parse(next.dataset.start) : NaN;
  const minutes = Math.ceil((until - time) / MINUTE);
  big.hidden = !(minutes <= 180);
  if (big.hidden) return;
  write(big.querySelector("[data-figure]"), String(minutes));
  write(big.querySelector("[data-unit]"), `${minutes === 1 ? "minute" : "minutes"} ${now ? "left" : "to go"}`);
}

function write(node, text) {
  if (node && node.textContent !== text) node.textContent = text;
}
