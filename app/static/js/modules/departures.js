// A phone's board of many rooms: moves a row that has begun from the list of what comes to that of what is on, and shows
// the lists that have rows.
import { now } from "../core/clock.js";
import { setText } from "../core/page-context.js";

export function turned(board) {
  const [on, coming] = board.querySelectorAll("[data-rows]");
  for (const row of [...coming.children]) if (Date.parse(row.firstElementChild.dataset.start) <= now()) placeAmongBegun(on, row);
  for (const list of [on, coming]) list.closest("[data-group]").hidden = !list.querySelector(":scope > :not([hidden])");
  const count = on.querySelectorAll(":scope > :not([hidden]) > [data-state=now]").length;
  setText(board.querySelector("[data-count]"), String(count));
}

export const refreshed = turned;

/** What began earlier stands first, but what lasts all day comes last (app/domain/departures.py). */
function placeAmongBegun(on, row) {
  const isLong = row.dataset.long !== undefined;
  on.insertBefore(row, isLong ? null : on.querySelector(":scope > [data-long]"));
}
