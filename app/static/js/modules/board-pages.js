// A board with more rows than fit on the screen shows them page by page, each page with as many as the others.
import { setText } from "../core/page-context.js";

const PAGE_MILLISECONDS = 12_000;

let page = 0;

export function start(board) {
  setInterval(() => showPage(board, page + 1), PAGE_MILLISECONDS);
}

export function refreshed(board) {
  showPage(board, page);
  const count = document.querySelector("[data-quiet-count]");
  const quiet = [...document.querySelectorAll(".quiet > *")].filter(({ hidden }) => !hidden).length;
  count.hidden = quiet === 0;
  setText(count.firstElementChild, String(quiet));
}

export const turned = refreshed;

/** Shows a page; after the last one comes the first again. */
function showPage(board, number) {
  const rows = [...board.querySelectorAll("[data-until]:not([hidden]) > [data-session]")];
  const pages = Math.max(1, Math.ceil(rows.length / Number(board.dataset.mostRows)));
  const size = Math.ceil(rows.length / pages);
  page = number < pages ? number : 0;
  board.dataset.rows = size;
  rows.forEach((row, place) => { row.hidden = Math.floor(place / size) !== page; });
  setText(document.querySelector("[data-page-number]"), pages > 1 ? `${page + 1}/${pages}` : "");
}
