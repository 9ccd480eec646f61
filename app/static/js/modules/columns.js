// A few rooms as columns side by side, where the screen is wide enough: the page says where each session stands.
// What a search finds is a list.

const COLUMN_REM = 12;

export function start(section) {
  addEventListener("resize", () => refreshed(section));
  document.addEventListener("found", () => refreshed(section));
}

export function refreshed(section) {
  const { columns } = section.dataset;
  if (!columns) return;
  const isWide = matchMedia(`(min-width: ${(Number(columns) + 0.5) * COLUMN_REM}rem)`).matches;
  section.classList.toggle("columns", isWide && !section.querySelector("li[hidden]"));
  section.style.setProperty("--columns", columns);
  for (const row of section.querySelectorAll("[data-area]")) row.style.setProperty("--area", row.dataset.area);
}
