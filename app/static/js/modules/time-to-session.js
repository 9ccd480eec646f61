// How long it is until a session begins (data-starts), or ends (data-ends), as the service writes it too.
import { formatDuration } from "../core/clock.js";
import { setText } from "../core/page-context.js";

const DAY = 24 * 60 * 60_000;

export function tick(element, time) {
  setText(element.firstElementChild, timeText(Date.parse(element.dataset.starts), Date.parse(element.dataset.ends), time));
}

function timeText(start, end, time) {
  if (time >= end) return "over";
  if (time >= start) return `${formatDuration(end - time)} left`;
  const days = Math.floor((start - time) / DAY);
  return days >= 2 ? `in ${days} days` : `in ${formatDuration(start - time)}`;
}
