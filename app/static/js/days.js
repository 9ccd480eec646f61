// Several days: one stands open, or in a search each that has a find.
import { now } from "./clock.js";

export function tabs() {
  return document.querySelectorAll("[data-day-tab]");
}

/** Opens the chosen day ("" means the one of now, "all" each); in a search, days without a find stay closed. */
export function openDays(chosen, looking) {
  const days = [...document.querySelectorAll("[data-day]")];
  const open = chosen || (looking ? "all" : dayOfNow(days));
  for (const day of days) {
    day.hidden = (open !== "all" && day.dataset.day !== open) || (looking && !day.querySelector("li:not([hidden])"));
  }
  for (const tab of tabs()) {
    if (tab.dataset.dayTab === open) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
}

/** The first day that is not over, else the last; before the clock is known, what the page came with. */
function dayOfNow(days) {
  const time = now();
  const open = Number.isNaN(time) ? days.find((day) => !day.hidden) : days.find((day) => goesOn(day, time));
  return (open ?? days.at(-1))?.dataset.day;
}

function goesOn(day, time) {
  return [...day.querySelectorAll("[data-session]")].some(({ dataset }) => dataset.status !== "cancelled" && Date.parse(dataset.end) > time);
}
