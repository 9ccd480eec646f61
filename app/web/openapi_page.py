"""The OpenAPI document as people read it: groups of addresses, and tables of fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

# As many values of a parameter as a reader looks at; the document has all.
MOST_VALUES = 4
# Parameters of all addresses, said once at the top.
COMMON = frozenset({"at", "If-None-Match", "Last-Event-ID"})


@dataclass(frozen=True)
class Field:
    """A field of an object, or a parameter of an address: its type in words, and whether an object is linked."""

    name: str
    type: str
    words: str
    object: str = ""
    example: str = ""


@dataclass(frozen=True)
class Address:
    """One address that can be read; ``try_it`` is it with names that exist."""

    path: str
    name: str
    summary: str
    words: str
    types: tuple[str, ...]
    object: str
    try_it: str
    parameters: tuple[Field, ...]


@dataclass(frozen=True)
class Group:
    """Addresses of one kind."""

    name: str
    words: str
    addresses: tuple[Address, ...]


def groups_of(document: Json) -> list[Group]:
    """All addresses by their kind."""
    found = {tag["name"]: list[Address]() for tag in document["tags"]}
    for path, methods in document["paths"].items():
        found[methods["get"]["tags"][0]].append(_address(document, path, methods["get"]))
    return [Group(tag["name"], tag["description"], tuple(found[tag["name"]])) for tag in document["tags"]]


def objects_of(document: Json) -> dict[str, list[Field]]:
    """The objects of JSON answers with their fields, by name."""
    schemas: Json = document["components"]["schemas"]
    return {
        name: [_field(field, schema) for field, schema in schemas[name]["properties"].items()]
        for name in schemas
        if "properties" in schemas[name]
    }


def _address(document: Json, path: str, operation: Json) -> Address:
    parameters = [_found(document, parameter["$ref"]) for parameter in operation["parameters"]]
    try_it = path
    for parameter in parameters:
        if parameter["in"] == "path":
            try_it = try_it.replace(f"{{{parameter['name']}}}", parameter["schema"]["enum"][0])
    content = operation["responses"]["200"]["content"]
    objects = [_object(media["schema"]) for media in content.values()]
    return Address(
        path=path,
        name=operation["operationId"],
        summary=operation["summary"],
        words=operation["description"],
        types=tuple(kind.partition(";")[0] for kind in content),
        object=next((name for name in objects if name in document["components"]["schemas"]), ""),
        # A stream would never end in a browser's window.
        try_it="" if operation["tags"] == ["Live"] else try_it,
        parameters=tuple(_field(one["name"], {**one, **one["schema"]}) for one in parameters if not _is_common(one)),
    )


def _is_common(parameter: Json) -> bool:
    """Whether all addresses take it, so that the page says it once."""
    return parameter["name"] in COMMON


def _field(name: str, schema: Json) -> Field:
    given = schema.get("example", next(iter(schema.get("examples", ())), ""))
    return Field(name, _type(schema), schema.get("description", ""), _object(schema), str(given))


def _type(schema: Json) -> str:
    """A schema in words: "Session or null", "list of text", "one of svg, png"."""
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        values = [str(value) for value in schema["enum"]]
        return f"one of {', '.join(values[:MOST_VALUES])}{'…' if len(values) > MOST_VALUES else ''}"
    if "$ref" in schema:
        return _last(schema["$ref"])
    if schema["type"] == "array":
        return f"list of {_type(schema['items'])}"
    words = {"string": "text", "integer": "whole number", "boolean": "true or false"}
    kinds = {"date-time": "instant", "date": "day"}
    kind = str(schema["type"])
    return kinds.get(schema.get("format", ""), words.get(kind, kind))


def _object(schema: Json) -> str:
    """The name of the object that a schema leads to, where it does."""
    if "$ref" in schema:
        return _last(schema["$ref"])
    inner = [*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else [])]
    found = [name for name in map(_object, inner) if name]
    return found[0] if found else ""


def _found(document: Json, reference: str) -> Json:
    found = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def _last(reference: str) -> str:
    return reference.rpartition("/")[2]
