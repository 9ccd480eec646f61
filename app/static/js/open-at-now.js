// Opens the day at what is on: once, only where the reader has not chosen a place already.
export function start(element) {
  const on = element.querySelector("[data-state=now]") ?? element.querySelector("[data-state=next]");
  const chosen = location.hash || scrollY > 0 || performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  const started = document.querySelector("[data-state=past]");
  if (!on || chosen || !started) return;
  const { bottom } = on.getBoundingClientRect();
  if (bottom > innerHeight) on.scrollIntoView({ block: "center" });
}
