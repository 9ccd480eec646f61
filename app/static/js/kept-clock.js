// The server's clock as it was at the last contact, kept for a start without network. The phone's own clock may be
// wrong by hours; but whoever sets it anew between two visits without network moves the page by as much, until contact.
import { service } from "./page.js";

const KEPT = `clock ${service}`;

export function keepClock(server, speed) {
  try {
    localStorage.setItem(KEPT, JSON.stringify({ server, phone: Date.now(), speed }));
  } catch { /* a private window keeps nothing */ }
}

/** The last contact on the server's clock, and where that clock stands by now; NaN and null before the first ever. */
export function keptClock() {
  try {
    const { server, phone, speed } = JSON.parse(localStorage.getItem(KEPT));
    const passed = Math.max(0, Date.now() - phone);
    return { last: server, anchor: { server: server + passed * speed, device: performance.now(), speed } };
  } catch {
    return { last: NaN, anchor: null };
  }
}
