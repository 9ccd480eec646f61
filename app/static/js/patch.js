// Writes what changed of a session into every element that shows it, and keeps lists in order.
import { shortDate } from "./zone.js";

export function patch(session) {
  const nodes = document.querySelectorAll(`[data-session="${session.id}"]`);
  for (const node of nodes) write(node, session);
  for (const list of new Set([...nodes].map((node) => node.closest("[data-sources]")))) {
    if (list) reorder(list);
  }
}

/** Whether a session stands under the heading of another day than its own. */
export function misplaced({ id, start }) {
  const lists = [...document.querySelectorAll(`[data-date] [data-session="${id}"]`)].map((node) => node.closest("[data-date]"));
  return lists.some(({ dataset }) => dataset.date !== start.slice(0, 10));
}

function write(node, session) {
  const { start, end, room, status } = session;
  Object.assign(node.dataset, { start, end, room: room ?? "", status });
  const part = (name) => node.querySelector(`[data-part="${name}"]`);
  text(part("start"), clock(start));
  part("start")?.setAttribute("datetime", start);
  text(part("end"), clock(end));
  text(part("title"), session.title);
  text(part("people"), session.speaker_names.join(", "));
  text(part("place"), session.room_name);
  shown(part("cancelled"), status === "cancelled");
  const before = was(session);
  text(part("was"), before);
  shown(part("was"), status === "moved" && before !== "");
}

function was(session) {
  const words = [];
  // By seconds, clocks show no difference.
  const { start, scheduled_start: planned } = session;
  const day = start.slice(0, 10) === planned.slice(0, 10) ? "" : `${shortDate(planned)} `;
  if (start.slice(0, 16) !== planned.slice(0, 16)) words.push(`was ${day}${clock(planned)}`);
  if (session.room !== session.scheduled_room) words.push(`was in ${session.scheduled_room_name}`);
  return words.join(", ");
}

/** The clock part of an ISO instant, which carries the venue's own offset. */
function clock(iso) {
  return iso.slice(11, 16);
}

/** Moves only what stands wrongly, so that nothing else on the page stirs. */
function reorder(list) {
  const rows = [...list.children];
  const sorted = rows.toSorted((a, b) => compare(key(a), key(b)));
  if (rows.every((row, position) => row === sorted[position])) return;
  sorted.forEach((row, position) => {
    if (list.children[position] !== row) list.insertBefore(row, list.children[position]);
  });
}

function key(row) {
  const { start, end, session } = (row.matches("[data-session]") ? row : row.querySelector("[data-session]")).dataset;
  return [Date.parse(start), Date.parse(end), session];
}

function compare(a, b) {
  const position = a.findIndex((value, index) => value !== b[index]);
  return position < 0 ? 0 : a[position] < b[position] ? -1 : 1;
}

function text(node, value) {
  if (node && node.textContent !== value) node.textContent = value;
}

function shown(node, visible) {
  if (node) node.hidden = !visible;
}
