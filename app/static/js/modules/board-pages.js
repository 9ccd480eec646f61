// A board with more rooms than fit turns like a departure board's pages.
const PAGE_MS = 12_000;

let first = 0;
let after = 0;

export function start(board) {
  setInterval(() => show(board, after), PAGE_MS);
}

export function refreshed(board) {
  show(board, first);
}

/** Shows the lines from one on, as many as fit; the next page begins after them, or anew. */
function show(board, from) {
  const lines = [...board.querySelectorAll("[data-line]")];
  first = from < lines.length ? from : 0;
  for (const line of lines) line.hidden = false;
  after = 0;
  if (board.scrollHeight <= board.clientHeight + 1) return;
  lines.slice(0, first).forEach((line) => { line.hidden = true; });
  const { bottom } = board.getBoundingClientRect();
  after = Math.max(0, lines.findIndex((line, number) => number > first && line.getBoundingClientRect().bottom > bottom));
  if (after) lines.slice(after).forEach((line) => { line.hidden = true; });
}
