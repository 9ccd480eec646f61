"""What each file of real schedules says of its sessions, read plainly: field by field, with nothing of `app.importing`.

Where a file is written freely (pages, and tables without a column of people), a short table has its facts, as read by
eye. Two liberties: a text is what a browser shows of it (runs of spaces are one), and a start is an instant.
"""

from __future__ import annotations

import csv
import html
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytz
from icalendar import Calendar

# The zones of local times, which these files do not name.
ZONES = {
    "site.md": "America/Vancouver",
    "site-2025-06-02.md": "America/Vancouver",
    "34c3-jugend-hackt.xml": "Europe/Berlin",
    "34c3-jugend-hackt.json": "Europe/Berlin",
    "giggity-fosdem_2021.xml": "Europe/Brussels",
    "emf-2016-own.json": "Europe/London",
    "sessionize-gab-linz-2025.json": "Europe/Vienna",
    "d3s3-neurips2024-schedule.md": "America/Vancouver",
    "tta-icml2025-schedule.csv": "America/Vancouver",
    "mleval-iclr2022-schedule.csv": "UTC",
}


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A paper presented in a session."""

    title: str
    number: str = ""
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PlainSession:
    """A session as a file has it; ``room`` is empty where it names none, ``links`` are addresses."""

    title: str
    start: datetime
    room: str = ""
    people: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    items: tuple[Paper, ...] = ()


def frab_xml(file: Path) -> Iterator[PlainSession]:
    """Each `event`: its `title`, `date` (or the day's date and `start`), `room`, `person`, `link` and `attachment`."""
    root = ET.parse(file).getroot()
    for day in root.iter("day"):
        for event in day.iter("event"):
            clock = event.findtext("date") or f"{day.get('date')}T{event.findtext('start')}"
            links = [*event.findall("links/link"), *event.findall("attachments/attachment")]
            yield PlainSession(
                title=shown(event.findtext("title")),
                start=instant(clock, file),
                room=shown(event.findtext("room")),
                people=tuple(shown(one.text) for one in event.iter("person")),
                links=tuple(shown(one.get("href")) for one in links),
            )


def frab_json(file: Path) -> Iterator[PlainSession]:
    """Each event of each room of each day, with the same fields, and the address of its page."""
    days = json.loads(file.read_text())["schedule"]["conference"]["days"]
    for event in (event for day in days for events in day["rooms"].values() for event in events):
        names = (one.get("public_name") or one.get("full_public_name") for one in event["persons"])
        links = [one["url"] for one in (*event["links"], *event.get("attachments", ()))]
        yield PlainSession(
            title=shown(event["title"]),
            start=instant(event["date"], file),
            room=shown(event["room"]),
            people=tuple(map(shown, names)),
            links=(*([event["url"]] if "url" in event else []), *links),
        )


def emf_json(file: Path) -> Iterator[PlainSession]:
    """Each record; `speaker` is what somebody typed: names with commas, `&` or "and" between them."""
    for record in json.loads(file.read_text()):
        recordings = (record.get("video", {}).get(name) for name in ("ccc", "youtube"))
        yield PlainSession(
            title=shown(record["title"]),
            start=instant(record["start_date"], file),
            room=shown(record["venue"]),
            people=tuple(filter(None, map(shown, re.split(", | & | and ", record["speaker"])))),
            links=(record["link"], *filter(None, recordings)),
        )


def sessionize(file: Path) -> Iterator[PlainSession]:
    """Each session, its room and speakers by their ids; an answer to a question may be an address."""
    data = json.loads(file.read_text())
    rooms = {one["id"]: one["name"] for one in data["rooms"]}
    names = {one["id"]: f"{one['firstName']} {one['lastName']}" for one in data["speakers"]}
    for record in data["sessions"]:
        answers = (one["answerValue"] for one in record["questionAnswers"])
        links = (record["liveUrl"], record["recordingUrl"], *answers)
        yield PlainSession(
            title=shown(record["title"]),
            start=instant(record["startsAt"], file),
            room=rooms[record["roomId"]],
            people=tuple(names[one] for one in record["speakers"]),
            links=tuple(one for one in links if str(one).startswith("http")),
        )


def calendar(file: Path) -> Iterator[PlainSession]:
    """Each VEVENT: SUMMARY, DTSTART, LOCATION, the CN of each ATTENDEE, URL."""
    for event in Calendar.from_ical(file.read_bytes()).walk("VEVENT"):
        attendees = event.get("ATTENDEE", [])
        yield PlainSession(
            title=shown(event["SUMMARY"]),
            start=event["DTSTART"].dt,
            room=shown(event.get("LOCATION")),
            people=tuple(one.params["CN"] for one in (attendees if isinstance(attendees, list) else [attendees])),
            links=(str(event["URL"]),) if "URL" in event else (),
        )


def codeml(file: Path) -> Iterator[PlainSession]:
    """The rows of its one table: `Title`, or `<a href="#…">Speaker</a>: "Title"`; what is in a comment is not shown."""
    page = re.sub(r"<!--.*?-->", "", file.read_text(), flags=re.DOTALL)
    for clock, cell in re.findall(r"<tr><td>(\d\d:\d\d) - \d\d:\d\d</td><td>(.*?)</td></tr>", page):
        speaker = re.match(r"<a [^>]*>(.*?)</a>", cell)
        text = html.unescape(re.sub(r"<[^>]*>", "", cell))
        yield PlainSession(
            title=text.partition(":")[2].strip(' "“”') if speaker else shown(text),
            start=instant(f"2025-07-18T{clock}", file),
            people=(speaker[1],) if speaker else (),
        )


D3S3 = {
    "08:30": "Johannes Brandstetter",
    "09:30": "Nicholas Nelsen",
    "10:00": "Anima Anandkumar",
    "10:30": "Sherry Yang",
    "13:00": "Nicholas Krämer",
    "13:30": "Manmohan Chandraker",
    "14:00": "Philipp Hennig",
    "15:30": "Daniel Worrall",
    "16:00": "Ilze Amanad Auzina",
}


def d3s3(file: Path) -> Iterator[PlainSession]:
    """The rows of its one table, `| 08:15 -- 08:30 | **Title** … |`; people by the table above."""
    for clock, title in re.findall(r"^\| (\d\d:\d\d) -- \d\d:\d\d \| \*\*(.+?)\*\*", file.read_text(), re.MULTILINE):
        people = (D3S3[clock],) if clock in D3S3 else ()
        start = instant(f"2024-12-15T{clock}", file)
        yield PlainSession(title=title, start=start, room="Meeting 116, 117", people=people)


def mleval(file: Path) -> Iterator[PlainSession]:
    """`start,end,categories,title,desc`, shifted: of talks `title` is the speaker, `desc` the title; of panels
    `desc` are the people; all others have their title in `categories`.
    """
    for row in table(file):
        start = instant(f"2022-04-29T{row['start'].replace('h', ':')}", file)
        if row["categories"] == "Invited Talk:":
            yield PlainSession(title=row["desc"], start=start, people=(row["title"],))
        elif row["categories"] == "Panel:":
            yield PlainSession(title=row["title"], start=start, people=tuple(re.split(", | and ", row["desc"])))
        else:
            yield PlainSession(title=row["categories"], start=start)


def tta(file: Path) -> Iterator[PlainSession]:
    """`Start time,Program,Paper(s)`: of invited talks the last is the speaker, of oral talks `number: title`."""
    for row in table(file):
        last = row["Paper(s)"] or ""
        number, _, title = last.partition(": ")
        yield PlainSession(
            title=shown(row["Program"]),
            start=instant(f"2025-07-19T{row['Start time']:0>5}", file),
            people=(last,) if "Invited Talk" in row["Program"] else (),
            items=(Paper(number=number, title=title),) if "Oral Talk" in row["Program"] else (),
        )


def tta_papers(file: Path) -> tuple[Paper, ...]:
    """`ID,Title,Authors,Decision`, with commas between the authors."""
    return tuple(
        Paper(number=row["ID"], title=row["Title"], authors=tuple(row["Authors"].split(", "))) for row in table(file)
    )


# People whom a page introduces, be they on a session or not; those in a comment are not shown.
CODEML_SPEAKERS = (
    "Sara Hooker",
    "Tri Dao",
    "Stella Biderman",
    "Matt Johnson",
    "Evan Shelhamer",
    "Chris Rackauckas",
)
OTHER_SPEAKERS = {"codeml/site.md": CODEML_SPEAKERS, "codeml/site-2025-06-02.md": CODEML_SPEAKERS}


def table(file: Path) -> list[dict[str, Any]]:
    """The rows of a CSV file by the names in its first line."""
    with file.open(newline="") as lines:
        return list(csv.DictReader(lines))


def shown(text: object) -> str:
    """A text as a browser shows it."""
    return " ".join(str(text or "").split())


def instant(text: str, file: Path) -> datetime:
    """The instant of a time with its offset, or of a local one in the file's zone."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else pytz.timezone(ZONES[file.name]).localize(moment)


READERS: dict[str, Callable[[Path], Iterable[PlainSession]]] = {
    "codeml/site.md": codeml,
    "codeml/site-2025-06-02.md": codeml,
    "schedules/giggity-fosdem_2021.xml": frab_xml,
    "schedules/34c3-jugend-hackt.xml": frab_xml,
    "schedules/34c3-jugend-hackt.json": frab_json,
    "schedules/emf-2016.xml": frab_xml,
    "schedules/emf-2016-xsd-valid.xml": frab_xml,
    "schedules/emf-2016-own.json": emf_json,
    "calendars/emf-2016.ics": calendar,
    "calendars/giggity-kielux_2020.ics": calendar,
    "schedules/voc-pretalx-democon.json": frab_json,
    "schedules/voc-invalid-example.json": frab_json,
    "tables/tta-icml2025-schedule.csv": tta,
    "tables/d3s3-neurips2024-schedule.md": d3s3,
    "tables/mleval-iclr2022-schedule.csv": mleval,
    "tables/sessionize-gab-linz-2025.json": sessionize,
}
