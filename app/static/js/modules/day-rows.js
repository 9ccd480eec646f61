// The day of several rooms: rows stand under their start, and those that are on in many rooms in a strip above; at a
// boundary they go from one to the other, as on a page loaded anew. The heads of the grid scroll sideways with it.
import { setText } from "../core/page-context.js";
import { move } from "../core/refresh.js";

export function start(section) {
  section.addEventListener("scroll", ({ target }) => scrollTogether(section, target), { capture: true, passive: true });
}

export function refreshed(section) {
  turned(section);
  const times = section.querySelector("[data-times]");
  if (times) scrollTogether(section, times);
}

export function turned(section) {
  const strip = section.querySelector("[data-on-now]");
  const rows = [...section.querySelectorAll("[data-times] li")];
  if (strip) placeRows(section, strip, rows);
  const states = rows.map((row) => row.firstElementChild.dataset.state);
  setText(section.querySelector("[data-count-over]"), String(states.filter((state) => state === "past").length));
  setText(section.querySelector("[data-count-on]"), String(states.filter((state) => state === "now").length));
}

function placeRows(section, strip, rows) {
  const rooms = section.closest("[data-rooms]").dataset.rooms.split(" ");
  const lists = new Map([...section.querySelectorAll("[data-time]")].map((time) => [time.dataset.time, time.querySelector("ol")]));
  for (const row of rows) {
    const { state, start } = row.firstElementChild.dataset;
    const list = state === "now" ? strip : lists.get(start);
    if (list && row.parentElement !== list) insert(list, row, list === strip ? (one) => [rooms.indexOf(one.room)] : () => []);
  }
}

/** Puts a row among those of a list, which stand by some numbers, then by start, end and id. */
function insert(list, row, numbersOf) {
  const order = ({ firstElementChild: { dataset } }) => [...numbersOf(dataset), Date.parse(dataset.start), Date.parse(dataset.end), dataset.session];
  const own = order(row);
  const isAfter = (other) => {
    const theirs = order(other);
    const place = theirs.findIndex((value, index) => value !== own[index]);
    return place >= 0 && theirs[place] > own[place];
  };
  move(list, row, [...list.children].find(isAfter) ?? null);
}

/** The heads of the grid and what is below them scroll sideways as one. */
function scrollTogether(section, scrolled) {
  if (!scrolled.matches("[data-times], [data-heads]")) return;
  for (const one of section.querySelectorAll("[data-times], [data-heads]")) {
    if (one.scrollLeft !== scrolled.scrollLeft) one.scrollTo({ left: scrolled.scrollLeft, behavior: "instant" });
  }
}
