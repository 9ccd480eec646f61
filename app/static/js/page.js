// What this page says of itself: of which day it is, where that stands, and whether it comes from the phone's own store.
const { service = "", kept: mark, copy } = document.documentElement.dataset;
const home = new URL("../../../", import.meta.url);

/** The name of the day's database: whatever a phone keeps, it keeps under it. */
export { service };

/** Whether the worker gave this page from the phone's store: then it may be old. */
export const kept = mark !== undefined;

/** Whether this page is of a frozen copy: files on a host, with no service behind them. */
export const copied = copy !== undefined;

/** An address of the service, or of the copy under whatever path it stands: `address("api/now")`. */
export function address(path) {
  return new URL(path, home).pathname;
}
