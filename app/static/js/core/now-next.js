// What is on in a room at an instant: the rule of `app/domain/timeline.py`, checked against it by a test's vectors.
// now: began last, then ends first, then by id; next: the earliest start after the instant. Cancelled ones are neither.

/** The sessions of a list that stand in a room, as {now, next}. Both may be undefined. */
export function momentIn(room, sessions, time) {
  const here = sessions.filter((s) => s.status !== "cancelled" && (s.room === room || s.room === ""));
  const on = here.filter((s) => s.start <= time && time < s.end);
  const coming = here.filter((s) => s.start > time);
  return {
    now: on.sort((a, b) => b.start - a.start || a.end - b.end || compare(a.id, b.id))[0],
    next: coming.sort((a, b) => a.start - b.start || a.end - b.end || compare(a.id, b.id))[0],
  };
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
