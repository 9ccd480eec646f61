"""The API as an OpenAPI 3.2 document: the same program gives the same bytes.

The operations and their parameters are data; the docstrings of their views describe them.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from app.domain.program import Program
from app.formats.api_answers import Changes, CueEvent, Now, Problem, RevisionEvent, TimeEvent
from app.formats.api_program import Program as ProgramJson
from app.formats.qr_code import MARGINS, SCALES
from app.web import address_traits
from app.web.calendar_feeds import ALARMS, CALENDAR
from app.web.changes import ATOM, REVISIONS
from app.web.monitoring import TEXT
from app.web.qr_codes import PNG, SVG
from app.web.responses import HTML, JSON, PROBLEM

JsonObject = dict[str, Any]

VERSION = "1.0.0"
STREAM = "text/event-stream; charset=utf-8"
XML, CSV = "application/xml; charset=utf-8", "text/csv; charset=utf-8"
METRICS = "/metrics"
IF_NONE_MATCH = "If-None-Match"
NOT_MODIFIED = ("304", "NotModified")
# The events of `/live`, and the schemas of their data.
EVENTS = {"revision": "RevisionEvent", "announcement": "Announcement", "time": "TimeEvent", "cue": "CueEvent"}

# As `parse_instant` reads it; a local time that a clock change skips or repeats is refused all the same.
_DAY = r"((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))"
INSTANT = rf"^(19|20|21)\d\d-{_DAY}T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?(Z|[+-](0\d|1[0-4]):[0-5]\d)?$"


@dataclass(frozen=True)
class Operation:
    """GET on the route of a rule. ``schema`` names the schema of its JSON; other content types are text or bytes.

    ``timed``: each response has its own instant, and so no ETag.
    """

    rule: str
    tag: str
    id: str
    content_types: tuple[str, ...]
    schema: str = "Document"
    timed: bool = False

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters that it shares with others of its tag."""
        return tuple(name for name in TAGS[self.tag].parameters if not (self.timed and name == IF_NONE_MATCH))

    @property
    def has_etag(self) -> bool:
        """Whether its responses can be asked for again by their ETag."""
        return IF_NONE_MATCH in self.parameters

    @property
    def responses(self) -> tuple[tuple[str, str], ...]:
        """Its responses beside 200: status and name."""
        shared = TAGS[self.tag].responses
        return (*(one for one in shared if self.has_etag or one != NOT_MODIFIED), ("default", "Refused"))


@dataclass(frozen=True)
class Tag:
    """A group of operations; all have these parameters and these responses (status and name) besides their own."""

    description: str
    parameters: tuple[str, ...] = ("at", IF_NONE_MATCH)
    responses: tuple[tuple[str, str], ...] = (NOT_MODIFIED,)


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
    Operation("/api/now", "Program", "now", (JSON,), "Now", timed=True),
    Operation("/api/changes", "Program", "changes", (JSON,), "Changes"),
    Operation("/api/openapi.json", "Program", "openapi", (JSON,)),
    Operation("/export/schedule.<any(xml, json, csv):form>", "Files", "schedule", (XML, JSON, CSV)),
    Operation("/export/papers.csv", "Files", "papers", (CSV,)),
    Operation("/live", "Live", "live", (STREAM,)),
    Operation("/calendar/<name>.ics", "Feeds", "calendar", (CALENDAR,)),
    Operation("/rooms/<room_id>.ics", "Feeds", "room", (CALENDAR,)),
    Operation("/speakers/<speaker_id>.ics", "Feeds", "speaker", (CALENDAR,)),
    Operation("/talks/<session_id>.ics", "Feeds", "talk", (CALENDAR,)),
    Operation("/changes.atom", "Feeds", "changesFeed", (ATOM,)),
    Operation("/talks/<session_id>/qr.<any(svg, png):picture>", "Codes", "talkCode", (SVG, PNG)),
    Operation("/papers/<item_id>/qr.<any(svg, png):picture>", "Codes", "paperCode", (SVG, PNG)),
    Operation("/qr.<any(svg, png):picture>", "Codes", "code", (SVG, PNG)),
    Operation("/card.png", "Codes", "card", (PNG,)),
    Operation("/cards/<session_id>.png", "Codes", "sessionCard", (PNG,)),
    Operation("/healthz", "Health", "alive", (TEXT,)),
    Operation("/readyz", "Health", "ready", (TEXT,)),
    Operation(METRICS, "Health", "metrics", ("text/plain",)),
)


def _parameter(place: str, description: str, example: str | int, schema: Mapping[str, Any]) -> JsonObject:
    return {"in": place, "required": False, "description": description, "schema": schema, "example": example}


def _within(allowed: range) -> JsonObject:
    return {"type": "integer", "minimum": allowed.start, "maximum": allowed.stop - 1}


# The names in paths; their values are those of the program.
PATH_PARAMETERS = {
    "session": "A session's id.",
    "speaker": "A speaker's id.",
    "room": "A room's id.",
    "item": "A paper's id.",
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
    # A stream is not refused for it.
    "live-since": {
        "name": "since",
        **_parameter("query", "The revision that the reader has; another text is ignored.", "3", {"type": "string"}),
    },
    "stage": _parameter(
        "query", "A room's id: the stream then also has the cues to the speaker there.", "venue", {"type": "string"}
    ),
    "for": _parameter("query", "Where the code leads.", "/now", {"$ref": "#/components/schemas/PublicPath"}),
    "scale": _parameter("query", "Size of a module, in pixels.", 6, _within(SCALES)),
    "alarm": _parameter("query", "Minutes before the start at which a calendar reminds.", 5, _within(ALARMS)),
    "margin": _parameter("query", "The quiet zone, in modules.", 4, _within(MARGINS)),
    IF_NONE_MATCH: _parameter("header", "ETags that the reader has.", '"9f2c"', {"type": "string"}),
    "Last-Event-ID": _parameter(
        "header",
        "The last revision that the reader got; browsers send it by themselves. Another text is ignored.",
        "3",
        {"type": "string"},
    ),
}


def document(program: Program, server_url: str, *, metrics: bool) -> JsonObject:
    """The OpenAPI document of a service with this program; ``metrics`` says whether it shows its figures.

    An operation on things of which the program has none, such as papers, is left out.
    """
    found = (one for one in OPERATIONS if metrics or one.rule != METRICS)
    operations = [one for one in found if all(address_traits.path_values(program, one.rule).values())]
    return {
        "openapi": "3.2.0",
        "info": {
            "title": f"{program.title}: the agenda",
            "version": VERSION,
            "summary": "A conference day, live.",
            "description": "Reading needs no key and sets no cookie. Instants are ISO 8601 with the venue's offset. "
            "Responses, but those of `/api/now`, have a strong ETag: send it back as If-None-Match, and 304 says that "
            "nothing changed. "
            "Fields may be added; none is removed within a version. Errors are problem details (RFC 9457).",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": server_url}],
        "tags": [{"name": name, "description": tag.description} for name, tag in TAGS.items()],
        "paths": {address_traits.path_template(one.rule): {"get": _operation(program, one)} for one in operations},
        "components": {
            "schemas": _schemas(program),
            "parameters": _parameters(program, operations),
            "responses": _responses(),
            "headers": {
                "ETag": {"description": "Changes whenever the response does.", "schema": {"type": "string"}},
                "Cache-Control": {"description": "How long caches may keep it.", "schema": {"type": "string"}},
            },
        },
    }


def _operation(program: Program, one: Operation) -> JsonObject:
    [route] = (route for route in current_app.url_map.iter_rules() if route.rule == one.rule)
    docstring = inspect.getdoc(current_app.view_functions[route.endpoint]) or ""
    summary, _, description = docstring.partition("\n\n")
    variables = address_traits.path_values(program, one.rule)
    headers = ("ETag", "Cache-Control") if one.has_etag else ("Cache-Control",)
    found = {
        "description": summary,
        "headers": {name: _reference("headers", name) for name in headers},
        "content": {kind: _media(kind, one.schema) for kind in one.content_types},
    }
    return {
        "operationId": one.id,
        "tags": [one.tag],
        "summary": summary.removesuffix("."),
        **({"description": description} if description else {}),
        "parameters": [
            _reference("parameters", f"{one.id}-{name}" if f"{one.id}-{name}" in PARAMETERS else name)
            for name in (*variables, *address_traits.traits_of(route).query, *one.parameters)
        ],
        "responses": {"200": found, **{status: _reference("responses", name) for status, name in one.responses}},
    }


def _media(kind: str, schema: str) -> JsonObject:
    if kind == STREAM:
        return {"itemSchema": _reference("schemas", "LiveEvent")}
    return {"schema": _reference("schemas", schema) if kind == JSON else {"type": "string"}}


def _live_event() -> JsonObject:
    """One server-sent event (OpenAPI 3.2, Media Type Object): its fields, and the JSON of its data for each name."""
    text = {"type": "string"}
    forms = [
        {"event": {"const": name}, "data": {"contentMediaType": JSON, "contentSchema": _reference("schemas", schema)}}
        for name, schema in EVENTS.items()
    ]
    return {
        "type": "object",
        "description": "A server-sent event. A stream may begin with a block that has an id and no event.",
        "properties": {
            "event": {**text, "description": "What happened.", "enum": [*EVENTS]},
            "data": {**text, "description": f"JSON: {', '.join(EVENTS.values())}."},
            "id": {**text, "description": "The last revision that was sent.", "pattern": r"^\d+$"},
            "retry": {"type": "integer", "description": "Milliseconds to wait before connecting again.", "minimum": 0},
        },
        "required": ["event", "data"],
        "oneOf": [{"properties": one} for one in forms],
    }


def _reference(sort: str, name: str) -> JsonObject:
    return {"$ref": f"#/components/{sort}/{name}"}


def _schemas(program: Program) -> JsonObject:
    """The schemas of all JSON, by name (JSON Schema 2020-12)."""
    mode: JsonSchemaMode = "serialization"
    models = [(model, mode) for model in (ProgramJson, Now, Changes, RevisionEvent, TimeEvent, CueEvent, Problem)]
    found: JsonObject = models_json_schema(models, ref_template="#/components/schemas/{model}")[1]["$defs"]
    for schema in found.values():
        # Pydantic's titles repeat the names.
        for titled in (schema, *schema["properties"].values()):
            titled.pop("title", None)
    return {
        **found,
        "LiveEvent": _live_event(),
        "Document": {"type": "object", "description": "A document in a format of its own."},
        "PublicPath": {
            "type": "string",
            "description": "A page or a feed of this service.",
            "enum": sorted(address_traits.paths(current_app, program, lambda one: one.public)),
        },
    }


def _parameters(program: Program, operations: Iterable[Operation]) -> JsonObject:
    """All parameters by name; those in paths with the values that they have in this program."""
    found = dict(PARAMETERS)
    for one in operations:
        for name, values in address_traits.path_values(program, one.rule).items():
            schema = {"type": "string", "enum": values or ["none"]}
            found[name] = {"in": "path", "required": True, "description": PATH_PARAMETERS[name], "schema": schema}
    return {name: {"name": name, **parameter} for name, parameter in sorted(found.items())}


def _responses() -> JsonObject:
    problem = {PROBLEM: {"schema": _reference("schemas", "Problem")}, HTML: {"schema": {"type": "string"}}}
    return {
        "NotModified": {"description": "The response that the reader has is still valid."},
        "Full": {"description": "There are as many readers as there is room for; come back later.", "content": problem},
        "Refused": {
            "description": "A problem in JSON; outside `/api` and `/export` a page for clients that prefer HTML.",
            "content": problem,
        },
    }
