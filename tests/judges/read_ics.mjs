// Reads one calendar as ical.js understands it; prints its events with their times in UTC as JSON.
import { readFile } from "node:fs/promises";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(await readFile(process.argv[2], "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
const events = calendar.getAllSubcomponents("vevent").map((part) => {
  const event = new ICAL.Event(part);
  return {
    uid: event.uid,
    sequence: event.sequence,
    stamp: part.getFirstPropertyValue("dtstamp").toString(),
    summary: event.summary,
    description: event.description,
    location: event.location,
    zone: event.startDate.zone.tzid,
    start: event.startDate.toString(),
    startUnix: event.startDate.toUnixTime(),
    endUnix: event.endDate.toUnixTime(),
    allDay: event.startDate.isDate,
    alarms: part.getAllSubcomponents("valarm").map((alarm) => alarm.getFirstPropertyValue("trigger").toString()),
  };
});
process.stdout.write(JSON.stringify(events));
