// Venue time by the offsets that the page's own instants carry: a phone's zone data may be older.

/** Minutes that an ISO instant's offset is ahead of UTC. */
export function offsetMinutes(iso) {
  const match = /([+-])(\d\d):(\d\d)$/.exec(iso);
  return match ? (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) : 0;
}

/** The venue's clock at an instant, 09:15, by the offset of the nearest session. */
export function wallClock(time) {
  let nearest = null;
  for (const { dataset } of document.querySelectorAll("[data-session]")) {
    const distance = Math.abs(Date.parse(dataset.start) - time);
    if (!nearest || distance < nearest.distance) nearest = { distance, minutes: offsetMinutes(dataset.start) };
  }
  return new Date(time + (nearest?.minutes ?? 0) * 60_000).toISOString().slice(11, 16);
}

/** Minutes by which the reader's zone is ahead of the venue's at an ISO instant. */
export function minutesAhead(iso) {
  return -new Date(Date.parse(iso)).getTimezoneOffset() - offsetMinutes(iso);
}
