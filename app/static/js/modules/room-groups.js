// Many rooms in two groups: rooms with something on, and the others, folded. Moves a room when that changes.
import { setText } from "../core/page-context.js";

export function turned(element) {
  const lists = Object.fromEntries(["on", "idle"].map((name) => [name, element.querySelector(`[data-board-group=${name}] [data-board-rooms]`)]));
  const order = element.closest("[data-rooms]").dataset.rooms.split(" ");
  const place = (board) => order.indexOf(board.dataset.roomBoard);
  for (const board of element.querySelectorAll("[data-room-board]")) {
    const list = board.querySelector("[data-slot=now] [data-session]") ? lists.on : lists.idle;
    if (board.parentElement === list) continue;
    list.insertBefore(board, [...list.children].find((other) => place(other) > place(board)) ?? null);
  }
  for (const list of Object.values(lists)) updateCount(list);
}

function updateCount(list) {
  const group = list.closest("[data-board-group]");
  setText(group.querySelector("[data-count]"), String(list.children.length));
  group.hidden = list.children.length === 0;
}
