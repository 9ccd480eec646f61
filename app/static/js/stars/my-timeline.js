// Composes the starred rows of a day, which is a grid: what overlaps stands side by side, and between rows stands how long
// the reader is free. Rows keep their order in the document; lines of words that are added carry data-added.
import { formatDuration } from "../core/clock.js";

// Divisible by each number of columns, 1 to 4.
const GRID_COLUMNS = 12;
const MOST_COLUMNS = 4;
const COLUMN_REM = 10;
const LEAST_GAP_MILLISECONDS = 10 * 60_000;

/** How many columns of cards a width in pixels has room for; larger text needs wider ones. */
export function columnsWithin(width) {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return Math.max(1, Math.min(MOST_COLUMNS, Math.floor(width / (COLUMN_REM * rem))));
}

/** Places the rows of a list that are not hidden, in at most so many columns. */
export function composeDay(list, mostColumns) {
  for (const line of list.querySelectorAll(":scope > [data-added]")) line.remove();
  [...list.children].forEach(clearPlace);
  let [gridRow, busyUntil] = [1, NaN];
  for (const block of blocksOf([...list.children].filter(({ hidden }) => !hidden).map(entryOf))) {
    const lines = [block.isBusy && freeText(block.start - busyUntil), overlapText(block.entries)].filter(Boolean);
    for (const line of lines) addLine(block.entries[0].row, line, gridRow++);
    gridRow += placeEntries(block.entries, gridRow, mostColumns);
    if (block.isBusy) busyUntil = Math.max(block.end, busyUntil || block.end);
  }
}

/** A row with its times. What is cancelled or has no length overlaps nothing; what is cancelled leaves its time free. */
function entryOf(row) {
  const { start, end, status } = row.querySelector("[data-session]").dataset;
  const [from, until] = [Date.parse(start), Date.parse(end)];
  return { row, start: from, end: until, isBusy: status !== "cancelled", isHeld: status !== "cancelled" && from < until };
}

/** The rows in order of time, those that hang together by overlapping in one block. Times are half-open. */
function blocksOf(entries) {
  const blockOf = (entry) => ({ start: entry.start, end: entry.end, isBusy: entry.isBusy, entries: [entry] });
  const blocks = [];
  for (const entry of entries.filter(({ isHeld }) => isHeld).sort(byTime)) {
    const last = blocks.at(-1);
    if (!last || entry.start >= last.end) blocks.push(blockOf(entry));
    else {
      last.entries.push(entry);
      last.end = Math.max(last.end, entry.end);
    }
  }
  return [...blocks, ...entries.filter(({ isHeld }) => !isHeld).map(blockOf)].sort(byTime);
}

const byTime = (a, b) => a.start - b.start || a.end - b.end;

/** Words and class of the line between two rows; null for a short gap, and before the first row (NaN). */
const freeText = (gap) => (gap >= LEAST_GAP_MILLISECONDS ? { className: "free", text: `${formatDuration(gap)} free` } : null);

function overlapText(entries) {
  if (entries.length < 2) return null;
  const [first, second] = entries;
  const isPartial = entries.length === 2 && first.start < second.start && first.end < second.end;
  return { className: "overlap", text: isPartial ? `${formatDuration(first.end - second.start)} overlap` : "At the same time" };
}

function addLine(row, { className, text }, gridRow) {
  const line = Object.assign(document.createElement("li"), { className, textContent: text });
  line.dataset.added = "";
  line.style.gridRow = gridRow;
  row.before(line);
}

function clearPlace(row) {
  for (const name of ["style", "data-lane", "data-lanes", "data-outer"]) row.removeAttribute(name);
}

/**
 * Places the rows of a block from a row of the grid on; returns how many rows of the grid they take. Each has a lane where
 * there are columns enough, and is as high as it overlaps; else they stand in turn, the last one as wide as there is room.
 */
function placeEntries(entries, gridRow, mostColumns) {
  const lanes = lanesOf(entries);
  const laneCount = Math.max(...lanes) + 1;
  const columns = Math.min(laneCount, mostColumns);
  const starts = [...new Set(entries.map(({ start }) => start))];
  const startsBefore = (time) => starts.filter((start) => start < time).length;
  const inLane = ({ start, end }, index) => [lanes[index], lanes[index] + 1, startsBefore(start), Math.max(startsBefore(end), startsBefore(start) + 1)];
  const inTurn = (_, index) => [index % columns, index === entries.length - 1 ? columns : (index % columns) + 1, Math.floor(index / columns), Math.floor(index / columns) + 1];
  const areas = entries.map(laneCount === columns ? inLane : inTurn);
  const span = GRID_COLUMNS / columns;
  entries.forEach(({ row }, index) => {
    const [left, right, top, bottom] = areas[index];
    row.style.gridArea = `${gridRow + top} / ${left * span + 1} / ${gridRow + bottom} / ${right * span + 1}`;
    if (entries.length < 2) return;
    Object.assign(row.dataset, { lane: left, lanes: columns });
    row.toggleAttribute("data-outer", right === columns);
  });
  return Math.max(...areas.map(([, , , bottom]) => bottom));
}

/** The lane of each entry, in order of time: the first one that is free at its start. */
function lanesOf(entries) {
  const busyUntil = [];
  return entries.map(({ start, end }) => {
    const free = busyUntil.findIndex((time) => time <= start);
    const lane = free < 0 ? busyUntil.length : free;
    busyUntil[lane] = end;
    return lane;
  });
}
