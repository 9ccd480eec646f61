"""The operations of the API and their parameters, as data; the docstrings of their views describe them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.formats.qr_code import MARGINS, SCALES
from app.web.calendar_feeds import ALARMS, CALENDAR
from app.web.changes import ATOM, REVISIONS
from app.web.monitoring import TEXT
from app.web.qr_codes import PNG, SVG
from app.web.responses import JSON

STREAM = "text/event-stream; charset=utf-8"
XML, CSV = "application/xml; charset=utf-8", "text/csv; charset=utf-8"
METRICS = "/metrics"

# As `parse_instant` reads it; a local time that a clock change skips or repeats is refused all the same.
_DAY = r"((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))"
INSTANT = rf"^(19|20|21)\d\d-{_DAY}T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?(Z|[+-](0\d|1[0-4]):[0-5]\d)?$"


@dataclass(frozen=True)
class Operation:
    """GET on the route of a rule. ``schema`` names the schema of its JSON; other content types are text or bytes."""

    rule: str
    tag: str
    id: str
    content_types: tuple[str, ...]
    schema: str = "Document"


@dataclass(frozen=True)
class Tag:
    """A group of operations; all have these parameters and these responses (status and name) besides their own."""

    description: str
    parameters: tuple[str, ...] = ("at", "If-None-Match")
    responses: tuple[tuple[str, str], ...] = (("304", "NotModified"),)


TAGS = {
    "Program": Tag("What is on, what was planned, what changed. Pages of other origins may read all of it."),
    "Files": Tag("The program in the forms that other systems read. Pages of other origins may read them."),
    "Live": Tag("Changes as they happen.", ("Last-Event-ID",), (("503", "Full"),)),
    "Feeds": Tag("Calendars that follow every change, and one session as a download."),
    "Codes": Tag("QR codes and pictures."),
    "Health": Tag("For monitors.", (), ()),
}
OPERATIONS = (
    Operation("/api/program", "Program", "program", (JSON,), "Program"),
    Operation("/api/now", "Program", "now", (JSON,), "Now"),
    Operation("/api/changes", "Program", "changes", (JSON,), "Changes"),
    Operation("/api/openapi.json", "Program", "openapi", (JSON,)),
    Operation("/export/schedule.<any(xml, json, csv):form>", "Files", "schedule", (XML, JSON, CSV)),
    Operation("/live", "Live", "live", (STREAM,)),
    Operation("/calendar/<name>.ics", "Feeds", "calendar", (CALENDAR,)),
    Operation("/rooms/<room_id>.ics", "Feeds", "room", (CALENDAR,)),
    Operation("/speakers/<speaker_id>.ics", "Feeds", "speaker", (CALENDAR,)),
    Operation("/talks/<session_id>.ics", "Feeds", "talk", (CALENDAR,)),
    Operation("/changes.atom", "Feeds", "changesFeed", (ATOM,)),
    Operation("/talks/<session_id>/qr.<any(svg, png):picture>", "Codes", "talkCode", (SVG, PNG)),
    Operation("/qr.<any(svg, png):picture>", "Codes", "code", (SVG, PNG)),
    Operation("/card.png", "Codes", "card", (PNG,)),
    Operation("/cards/<session_id>.png", "Codes", "sessionCard", (PNG,)),
    Operation("/healthz", "Health", "alive", (TEXT,)),
    Operation("/readyz", "Health", "ready", (TEXT,)),
    Operation(METRICS, "Health", "metrics", ("text/plain",)),
)


def _parameter(place: str, description: str, example: str | int, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"in": place, "required": False, "description": description, "schema": schema, "example": example}


def _within(allowed: range) -> dict[str, Any]:
    return {"type": "integer", "minimum": allowed.start, "maximum": allowed.stop - 1}


# The names in paths; their values are those of the program.
PATH_PARAMETERS = {
    "session": "A session's id.",
    "speaker": "A speaker's id.",
    "room": "A room's id.",
    "name": "The program by its id, `talks`, or the important `dates`.",
    "form": "The form of the file.",
    "picture": "The form of the picture.",
}
PARAMETERS = {
    "at": _parameter(
        "query",
        "The instant to look at: venue time, or with an offset. A time that a clock change skips or repeats needs one.",
        "2025-07-18T10:20",
        {"type": "string", "pattern": INSTANT},
    ),
    "since": _parameter("query", "The revision that the reader has.", 3, _within(REVISIONS)),
    "for": _parameter("query", "Where the code leads.", "/now", {"$ref": "#/components/schemas/PublicPath"}),
    "scale": _parameter("query", "Size of a module, in pixels.", 6, _within(SCALES)),
    "alarm": _parameter("query", "Minutes before the start at which a calendar reminds.", 5, _within(ALARMS)),
    "margin": _parameter("query", "The quiet zone, in modules.", 4, _within(MARGINS)),
    "If-None-Match": _parameter("header", "ETags that the reader has.", '"9f2c"', {"type": "string"}),
    "Last-Event-ID": _parameter(
        "header",
        "The last revision that the reader got; browsers send it by themselves.",
        "3",
        {"type": "string", "pattern": r"^\d{1,9}$"},
    ),
}
