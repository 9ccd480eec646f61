// Moves the line of the present minute in a strip of the day, as `room_strip` in `app/web/timeline_svg.py` draws it.
const MINUTE = 60_000;

export function tick(element, time) {
  const [start, end] = [element.dataset.begins, element.dataset.ends].map(Date.parse);
  const minute = Math.floor(time / MINUTE) * MINUTE;
  const position = `${(Math.min(Math.max((minute - start) / Math.max(end - start, 1), 0), 1) * 100).toFixed(2)}%`;
  const line = element.querySelector("line");
  for (const end of ["x1", "x2"]) if (line.getAttribute(end) !== position) line.setAttribute(end, position);
}
