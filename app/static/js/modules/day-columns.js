// Shows a few rooms as columns of a grid, where the screen is wide enough; `data-area` is each session's grid area.
// Search results stay a list.

const COLUMN_REM = 12;

export function start(section) {
  addEventListener("resize", () => refreshed(section));
}

export function refreshed(section) {
  const { columns } = section.dataset;
  if (!columns) return;
  const isWide = matchMedia(`(min-width: ${(Number(columns) + 0.5) * COLUMN_REM}rem)`).matches;
  section.classList.toggle("columns", isWide && !section.querySelector("li[hidden]"));
  section.style.setProperty("--columns", columns);
  for (const row of section.querySelectorAll("[data-area]")) row.style.setProperty("--area", row.dataset.area);
}
