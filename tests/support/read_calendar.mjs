// Reads a calendar from standard input with ical.js and writes its events as JSON.
// Usage: node read_calendar.mjs FOLDER-OF-ICAL.JS

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { default: ICAL } = await import(pathToFileURL(join(process.argv[2], "dist", "ical.js")).href);
const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);

const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return {
    uid: event.uid,
    start: event.startDate.toJSDate().toISOString(),
    end: event.endDate.toJSDate().toISOString(),
    summary: event.summary,
    status: component.getFirstPropertyValue("status"),
    modified: component.getFirstPropertyValue("last-modified").toJSDate().toISOString(),
    url: component.getFirstPropertyValue("url"),
  };
});
process.stdout.write(JSON.stringify(events));
