"""What programs may ask for and what they get, as an OpenAPI 3.1 document; the same program gives the same bytes."""

from __future__ import annotations

from typing import Any

from app.domain.program import Program
from app.web import api_models, traits
from app.web.openapi_table import OPERATIONS, PAGE, PROBLEM, TAGS, Operation

Json = dict[str, Any]

VERSION = "1.0.0"
# As `parse_instant` reads it; a local time that a clock change skips or repeats is refused all the same.
_DAY = r"((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))"
INSTANT = rf"^(19|20|21)\d\d-{_DAY}T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?(Z|[+-](0\d|1[0-4]):[0-5]\d)?$"


def document(program: Program, server_url: str, *, metrics: bool = False) -> Json:
    """The OpenAPI document of a service with this program; ``metrics`` says whether it shows figures."""
    shown = [one for one in OPERATIONS if metrics or one.path != "/metrics"]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{program.title}: the agenda",
            "version": VERSION,
            "summary": "A conference day, live.",
            "description": "Reading needs no key and sets no cookie. Instants are ISO 8601 with the venue's offset. "
            "Answers have a strong ETag: send it back as If-None-Match, and 304 says that nothing changed. "
            "Fields may be added; none is taken away within a version. Errors are problem details (RFC 9457).",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": server_url}],
        "tags": [{"name": name, "description": words} for name, words in TAGS.items()],
        "paths": {one.path: {"get": _operation(one)} for one in shown},
        "components": {
            "schemas": {
                **api_models.schemas(),
                "Document": {"type": "object", "description": "A document of a standard of its own."},
                "PublicPath": {
                    "type": "string",
                    "description": "A page or a feed of this service.",
                    "enum": sorted(traits.paths(program, lambda one: one.public)),
                },
            },
            "parameters": dict(sorted(_parameters(program).items())),
            "responses": _refusals(),
            "headers": _headers(),
        },
    }


def _operation(one: Operation) -> Json:
    names = [part.partition("}")[0] for part in one.path.split("{")[1:]]
    parameters = [*names, *one.query, *(["If-None-Match"] if one.varies else [])]
    if one.tag == "Live":
        parameters.append("Last-Event-ID")
    headers = ("ETag", "Cache-Control") if one.varies else ("Cache-Control",)
    found: Json = {
        "description": one.summary + ".",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
        "content": {kind: {"schema": _schema(name)} for kind, name in one.gives},
    }
    responses: Json = {"200": found}
    if one.varies:
        responses["304"] = {"description": "What the reader has is still right."}
    if one.tag == "Live":
        responses["503"] = {"$ref": "#/components/responses/Full"}
    responses["default"] = {"$ref": "#/components/responses/Refused"}
    return {
        "operationId": one.id,
        "tags": [one.tag],
        "summary": one.summary,
        "description": one.words,
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in parameters],
        "responses": responses,
    }


def _schema(name: str | None) -> Json:
    return {"$ref": f"#/components/schemas/{name}"} if name else {"type": "string"}


def _parameters(program: Program) -> Json:
    """Every parameter by its name; ids are those of this program."""

    def one_of(ids: list[str], words: str) -> Json:
        return {"in": "path", "required": True, "description": words, "schema": {"type": "string", "enum": ids}}

    def asked(words: str, schema: Json, example: Any) -> Json:
        return {"in": "query", "required": False, "description": words, "schema": schema, "example": example}

    calendars = [program.id, "talks", "dates"]
    found = {
        "session": one_of([session.id for session in program.sessions] or ["none"], "A session's id."),
        "speaker": one_of([person.id for person in program.speakers] or ["nobody"], "A speaker's id."),
        "room": one_of([room.id for room in program.rooms], "A room's id."),
        "calendar": one_of(calendars, "The program by its id, `talks`, or the important `dates`."),
        "form": one_of(["xml", "json", "csv"], "The form of the file."),
        "picture": one_of(["svg", "png"], "The form of the picture."),
        "at": asked(
            "Look at another instant: venue time, or with an offset. A time that a clock change skips or repeats "
            "needs one.",
            {"type": "string", "pattern": INSTANT},
            "2025-07-18T10:20",
        ),
        "since": asked("The revision that the reader has.", {"type": "integer", "minimum": 0}, 3),
        "for": asked("Where the code leads.", {"$ref": "#/components/schemas/PublicPath"}, "/now"),
        "scale": asked("Size of a module, in pixels.", {"type": "integer", "minimum": 1, "maximum": 20}, 6),
        "alarm": asked(
            "Minutes before the start at which a calendar reminds.",
            {"type": "integer", "minimum": 1, "maximum": 1440},
            5,
        ),
        "margin": asked("The quiet zone, in modules.", {"type": "integer", "minimum": 4, "maximum": 10}, 4),
        "If-None-Match": {
            "in": "header",
            "required": False,
            "description": "ETags that the reader has.",
            "schema": {"type": "string"},
            "example": '"9f2c"',
        },
        "Last-Event-ID": {
            "in": "header",
            "required": False,
            "description": "The last revision that the reader heard of; browsers send it by themselves.",
            "schema": {"type": "string", "pattern": r"^\d{1,9}$"},
            "example": "3",
        },
    }
    return {name: {"name": name, **parameter} for name, parameter in found.items()}


def _refusals() -> Json:
    problem: Json = {"schema": {"$ref": "#/components/schemas/Problem"}}
    content = {PROBLEM: problem, PAGE: {"schema": {"type": "string"}}}
    return {
        "Full": {"description": "As many readers as there is room for; come back later.", "content": content},
        "Refused": {
            "description": "A problem in JSON; outside `/api` and `/export` a page, for those who rather take HTML.",
            "content": content,
        },
    }


def _headers() -> Json:
    return {
        "ETag": {"description": "Changes whenever the answer does.", "schema": {"type": "string"}},
        "Cache-Control": {"description": "How long caches may keep it.", "schema": {"type": "string"}},
    }
