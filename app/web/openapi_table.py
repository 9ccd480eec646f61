"""The addresses that programs may read, in one table: the document and its page are made from it."""

from __future__ import annotations

from dataclasses import dataclass

TEXT, PNG, SVG = "text/plain; charset=utf-8", "image/png", "image/svg+xml"
CALENDAR, ATOM, CSV = "text/calendar; charset=utf-8", "application/atom+xml; charset=utf-8", "text/csv; charset=utf-8"
XML, JSON, STREAM = "application/xml; charset=utf-8", "application/json", "text/event-stream; charset=utf-8"
PAGE, PROBLEM = "text/html; charset=utf-8", "application/problem+json"
TAGS = {
    "Program": "What is on, what was planned, what changed. Pages of other origins may read all of it.",
    "Files": "The program in the forms that other systems take. Pages of other origins may read them.",
    "Live": "News as it happens.",
    "Feeds": "Calendars that follow every change, and one session as a download.",
    "Codes": "QR codes and pictures.",
    "Health": "For monitors.",
}


@dataclass(frozen=True)
class Operation:
    """One address that can be read.

    ``gives`` names the schema by content type, None for a file; ``varies`` means that it has an ETag.
    """

    path: str
    id: str
    tag: str
    summary: str
    words: str
    gives: tuple[tuple[str, str | None], ...]
    query: tuple[str, ...] = ("at",)
    varies: bool = True


def _feed(path: str, name: str, summary: str, words: str) -> Operation:
    return Operation(path, name, "Feeds", summary, words, ((CALENDAR, None),))


OPERATIONS = (
    Operation(
        "/api/program",
        "program",
        "Program",
        "The whole program",
        "Every session with its time as planned and as it stands, people, rooms, dates.",
        ((JSON, "Program"),),
    ),
    Operation(
        "/api/now",
        "now",
        "Program",
        "What is on",
        "Each room's now and next, notes and announcements. Made for each request: set a clock by it. "
        "With `at`, another instant.",
        ((JSON, "Now"),),
    ),
    Operation(
        "/api/changes",
        "changes",
        "Program",
        "What changed",
        "The whole history, oldest first: who, when, why, and each session before and after. With `since`, what "
        "came after that revision.",
        ((JSON, "Changes"),),
        query=("at", "since"),
    ),
    Operation(
        "/api/openapi.json", "openapi", "Program", "This document", "The API as OpenAPI 3.1.", ((JSON, "Document"),)
    ),
    Operation(
        "/export/schedule.{form}",
        "schedule",
        "Files",
        "The program as a file",
        "`xml` and `json` in frab's forms, which conference apps read; `csv` for a spreadsheet.",
        ((XML, None), (JSON, "Document"), (CSV, None)),
    ),
    Operation(
        "/live",
        "live",
        "Live",
        "News as it happens",
        "Server-sent events. `revision`: revision n is out, and readers ask for what they show at a random moment "
        "within `spread` seconds. `announcement`: each new one. `time`: each minute at least, what the clock says. "
        "A reader that comes back says what it has by Last-Event-ID or `since`, and hears of the newest. "
        "The stream does not end by itself.",
        ((STREAM, None),),
        query=("since",),
        varies=False,
    ),
    _feed("/calendar/{calendar}.ics", "calendar", "The program as a calendar", "Whole, its talks, or its dates."),
    _feed("/rooms/{room}.ics", "room", "One room's calendar", "What happens in one room."),
    _feed("/speakers/{speaker}.ics", "speaker", "One person's calendar", "What one person presents."),
    Operation(
        "/talks/{session}.ics",
        "talk",
        "Feeds",
        "One session",
        "A file for any calendar program.",
        ((CALENDAR, None),),
        query=("at", "alarm"),
    ),
    Operation("/changes.atom", "changesFeed", "Feeds", "What changed, as a feed", "For feed readers.", ((ATOM, None),)),
    Operation(
        "/talks/{session}/qr.{picture}",
        "talkCode",
        "Codes",
        "A session's code",
        "Leads to the session's page, also after it moved.",
        ((SVG, None), (PNG, None)),
        query=("at", "scale", "margin"),
    ),
    Operation(
        "/qr.{picture}",
        "code",
        "Codes",
        "The code of any page or feed",
        "Of a feed, a phone offers to subscribe.",
        ((SVG, None), (PNG, None)),
        query=("at", "for", "scale", "margin"),
    ),
    Operation("/card.png", "card", "Codes", "The day's picture", "For shared links.", ((PNG, None),)),
    Operation(
        "/cards/{session}.png", "sessionCard", "Codes", "A session's picture", "For shared links.", ((PNG, None),)
    ),
    Operation("/healthz", "alive", "Health", "Alive", "The process answers.", ((TEXT, None),), (), varies=False),
    Operation(
        "/readyz",
        "ready",
        "Health",
        "Ready",
        "It can serve readers, the database away or not.",
        ((TEXT, None),),
        (),
        varies=False,
    ),
    Operation(
        "/metrics",
        "metrics",
        "Health",
        "Figures",
        "For Prometheus.",
        (("text/plain", None),),
        (),
        varies=False,
    ),
)
