// The venue's clock.
import { onTick } from "./clock.js";
import { wallClock } from "./zone.js";

export function start(element) {
  onTick((time) => {
    const text = wallClock(time);
    if (element.textContent !== text) element.textContent = text;
  });
}
