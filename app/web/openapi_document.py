"""The API as an OpenAPI 3.1 document; the same program gives the same bytes."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import Any

from flask import current_app
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from app.domain.program import Program
from app.formats.api_models import Changes, Now, Problem
from app.formats.api_models import Program as ProgramJson
from app.web import address_traits
from app.web.errors import PROBLEM
from app.web.openapi_operations import METRICS, OPERATIONS, PARAMETERS, PATH_PARAMETERS, TAGS, Operation
from app.web.responses import HTML, JSON

JsonObject = dict[str, Any]

VERSION = "1.0.0"


def document(program: Program, server_url: str, *, metrics: bool) -> JsonObject:
    """The OpenAPI document of a service with this program; ``metrics`` says whether it shows its figures."""
    operations = [one for one in OPERATIONS if metrics or one.rule != METRICS]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{program.title}: the agenda",
            "version": VERSION,
            "summary": "A conference day, live.",
            "description": "Reading needs no key and sets no cookie. Instants are ISO 8601 with the venue's offset. "
            "Responses have a strong ETag: send it back as If-None-Match, and 304 says that nothing changed. "
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
    tag = TAGS[one.tag]
    [route] = (route for route in current_app.url_map.iter_rules() if route.rule == one.rule)
    docstring = inspect.getdoc(current_app.view_functions[route.endpoint]) or ""
    summary, _, description = docstring.partition("\n\n")
    responses = (*tag.responses, ("default", "Refused"))
    variables = address_traits.path_values(program, one.rule)
    headers = ("ETag", "Cache-Control") if "If-None-Match" in tag.parameters else ("Cache-Control",)
    found = {
        "description": summary,
        "headers": {name: _reference("headers", name) for name in headers},
        "content": {
            kind: {"schema": _reference("schemas", one.schema) if kind == JSON else {"type": "string"}}
            for kind in one.content_types
        },
    }
    return {
        "operationId": one.id,
        "tags": [one.tag],
        "summary": summary.removesuffix("."),
        **({"description": description} if description else {}),
        "parameters": [
            _reference("parameters", name)
            for name in (*variables, *address_traits.traits_of(route).query, *tag.parameters)
        ],
        "responses": {"200": found, **{status: _reference("responses", name) for status, name in responses}},
    }


def _reference(sort: str, name: str) -> JsonObject:
    return {"$ref": f"#/components/{sort}/{name}"}


def _schemas(program: Program) -> JsonObject:
    """The schemas of all JSON, by name (JSON Schema 2020-12)."""
    mode: JsonSchemaMode = "serialization"
    models = [(model, mode) for model in (ProgramJson, Now, Changes, Problem)]
    found: JsonObject = models_json_schema(models, ref_template="#/components/schemas/{model}")[1]["$defs"]
    for schema in found.values():
        # Pydantic's titles repeat the names.
        for titled in (schema, *schema["properties"].values()):
            titled.pop("title", None)
    return {
        **found,
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
