// Starts what the page declares by data-module. One part's failure does not stop the others.
import { start as announceNow } from "./announce.js";
import { start as announcements } from "./announcements.js";
import { start as begins } from "./begins.js";
import { start as board } from "./board.js";
import { start as boardPages } from "./board-pages.js";
import { start as columns } from "./columns.js";
import { start as copy } from "./copy.js";
import { start as countdown } from "./countdown.js";
import { start as displayCode } from "./display-code.js";
import { start as find } from "./find.js";
import { start as jump } from "./jump.js";
import { start as openAtNow } from "./open-at-now.js";
import { start as ownZone } from "./own-zone.js";
import { start as report } from "./report.js";
import { start as stale } from "./stale.js";
import { start as stars } from "./stars/start.js";
import { start as timeline } from "./timeline.js";
import { start as venueClock } from "./venue-clock.js";
import { start as wake } from "./wake.js";
import { watch as watchParts } from "./anew.js";
import { begin } from "./clock.js";
import { follow } from "./live.js";
import { start as keepOffline } from "./offline.js";

const modules = {
  "announce-now": announceNow, announcements, begins, board, "board-pages": boardPages, columns, copy, countdown, "display-code": displayCode, find, jump, "open-at-now": openAtNow,
  // Few open it: it is fetched where it is wanted.
  my: async (element) => (await import("./stars/my.js")).start(element),
  "own-zone": ownZone, report, stale, stars, timeline, "venue-clock": venueClock, wake,
};

for (const element of document.querySelectorAll("[data-module]")) {
  try {
    modules[element.dataset.module](element);
  } catch (error) {
    console.error(element.dataset.module, error);
  }
}
try {
  begin();
  follow();
  watchParts();
  keepOffline();
} finally {
  // The style hides a kept page's slots until they are right.
  delete document.documentElement.dataset.kept;
}
