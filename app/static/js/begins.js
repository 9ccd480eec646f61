// "The day begins at 09:00": as the first session of the page stands now.
import { longDate } from "./zone.js";

export function start(element) {
  const { rooms, of = 0 } = element.closest("[data-rooms]").dataset;
  // A page of some rooms does not know the whole day's first session.
  if (rooms.split(" ").length < Number(of)) return;
  document.addEventListener("revised", () => {
    const first = [...document.querySelectorAll("[data-sources] [data-session]:not([data-status=cancelled])")]
      .map(({ dataset }) => dataset.start)
      .sort((a, b) => Date.parse(a) - Date.parse(b))[0];
    const text = first && `${first.slice(11, 16)}, ${longDate(first)}`;
    if (text && element.textContent !== text) element.textContent = text;
  });
}
