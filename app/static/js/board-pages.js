// A board with more rooms than fit turns like a departure board's pages.
const PAGE_MS = 12_000;

export function start(board) {
  const lines = [...board.querySelectorAll("[data-line]")];
  let first = 0;
  const show = () => {
    for (const line of lines) line.hidden = false;
    if (board.scrollHeight <= board.clientHeight + 1) return;
    lines.slice(0, first).forEach((line) => { line.hidden = true; });
    const bottom = board.getBoundingClientRect().bottom;
    const after = lines.findIndex((line, number) => number > first && line.getBoundingClientRect().bottom > bottom);
    lines.slice(after < 0 ? lines.length : after).forEach((line) => { line.hidden = true; });
    first = after < 0 ? 0 : after;
  };
  show();
  setInterval(show, PAGE_MS);
}
