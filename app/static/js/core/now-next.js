// What is on in a room at an instant: the rule of `app/domain/timeline.py`, which a test holds against it on random programs.
// now: began last, then ends first, then by id; next: the earliest start after the instant. Cancelled ones are neither.
// cancelled: would be now but for its cancellation, until its end or the start of the next one.

/** The sessions of a list that stand in a room, as {now, next, cancelled}. Each may be undefined. */
export function momentIn(room, sessions, time) {
  const here = sessions.filter((s) => s.room === room || s.room === "");
  const live = here.filter((s) => s.status !== "cancelled");
  const now = foremost(live, time);
  const off = now ? undefined : foremost(here, time);
  return {
    now,
    next: live.filter((s) => s.start > time).sort((a, b) => a.start - b.start || a.end - b.end || compare(a.id, b.id))[0],
    cancelled: live.some((s) => s.start > off?.start && s.start <= time) ? undefined : off,
  };
}

function foremost(sessions, time) {
  const on = sessions.filter((s) => s.start <= time && time < s.end);
  return on.sort((a, b) => b.start - a.start || a.end - b.end || compare(a.id, b.id))[0];
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
