// Venue time by the offsets that the page's own instants carry: a phone's zone data may be older.

/** Minutes that an ISO instant's offset is ahead of UTC. */
export function offsetMinutes(iso) {
  const match = /([+-])(\d\d):(\d\d)$/.exec(iso);
  return match ? (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) : 0;
}

/** The venue's clock at an instant, 09:15. */
export function wallClock(time) {
  return atVenue(time).toISOString().slice(11, 16);
}

/** The venue's day of the week at an instant, Fri; "" for no instant. */
export function weekday(time) {
  return Number.isNaN(time) ? "" : atVenue(time).toUTCString().slice(0, 3);
}

/** A date whose UTC fields are the venue's, by the offset of the nearest session, else by the page's. */
function atVenue(time) {
  let nearest = null;
  for (const { dataset } of document.querySelectorAll("[data-session]")) {
    const distance = Math.abs(Date.parse(dataset.start) - time);
    if (!nearest || distance < nearest.distance) nearest = { distance, minutes: offsetMinutes(dataset.start) };
  }
  return new Date(time + (nearest?.minutes ?? offsetMinutes(document.documentElement.dataset.offset)) * 60_000);
}

/** Minutes by which the reader's zone is ahead of the venue's at an ISO instant. */
export function minutesAhead(iso) {
  return -new Date(Date.parse(iso)).getTimezoneOffset() - offsetMinutes(iso);
}

/** The day of the month that an ISO instant names. */
export function venueDay(iso) {
  return Number(iso.slice(8, 10));
}

/** The venue's day in an ISO instant: Sat 19 July. */
export function shortDate(iso) {
  return date(iso, { weekday: "short", day: "numeric", month: "long" });
}

/** The venue's day in an ISO instant: Saturday 19 July 2025. */
export function longDate(iso) {
  return date(iso, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
}

function date(iso, parts) {
  return new Date(`${iso.slice(0, 10)}T00:00Z`).toLocaleDateString("en-GB", { ...parts, timeZone: "UTC" }).replace(",", "");
}

/** Minutes in words: 45 min, 9 h, 5 h 30 min. */
export function span(minutes) {
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest ? ` ${rest} min` : ""}`;
}
