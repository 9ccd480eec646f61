// A board with more rooms than fit on the screen shows them page by page.
const PAGE_MILLISECONDS = 12_000;

// The index of the first line shown, and of the first line of the next page.
let first = 0;
let nextFirst = 0;

export function start(board) {
  setInterval(() => show(board, nextFirst), PAGE_MILLISECONDS);
}

export function refreshed(board) {
  show(board, first);
}

/** Shows the lines from an index on, as many as fit; after the last page comes the first again. */
function show(board, from) {
  const lines = [...board.querySelectorAll("[data-line]")];
  first = from < lines.length ? from : 0;
  for (const line of lines) line.hidden = false;
  nextFirst = 0;
  if (board.scrollHeight <= board.clientHeight + 1) return;
  lines.slice(0, first).forEach((line) => { line.hidden = true; });
  const { bottom } = board.getBoundingClientRect();
  nextFirst = Math.max(0, lines.findIndex((line, number) => number > first && line.getBoundingClientRect().bottom > bottom));
  if (nextFirst) lines.slice(nextFirst).forEach((line) => { line.hidden = true; });
}
