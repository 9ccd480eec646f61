"""JSON and YAML as plain data, and access to records whose shape is not to be trusted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import yaml

from app.domain.colours import COLOUR
from app.domain.identity import Track
from app.domain.session import Link
from app.importing.clean_text import link, one_line
from app.importing.source import Source

Record: TypeAlias = Mapping[str, Any]
ADDRESSES = ("url", "href", "resource", "link_url", "download_url")
DEEPEST_YAML = 40


def json_data(source: Source) -> Any:
    """The data of a JSON file; raises `ImportRefused`."""
    try:
        return json.loads(source.text)
    except RecursionError as error:
        raise source.refused("nested too deeply") from error
    except ValueError as error:
        reason = error if isinstance(error, json.JSONDecodeError) else "a number in it is too long"
        raise source.refused(f"not JSON that can be read: {reason}") from error


def data_of_yaml(text: str, source: Source) -> Any:
    """The data of a text in YAML, all scalars as text (YAML 1.1 reads 9:30 as 570); raises `ImportRefused`."""
    try:
        _check_size(text, source)
        return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it makes texts, lists and dicts alone
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        where = getattr(error, "problem_mark", None)
        line = f" in line {where.line + 1}" if where is not None else ""
        raise source.refused(f"not YAML that can be read{line}") from error


def _check_size(text: str, source: Source) -> None:
    """Raise `ImportRefused` for aliases, which can expand to any size, and for deep nesting."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        if isinstance(event, yaml.AliasEvent):
            raise source.refused("YAML with aliases is not read; write the values out")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST_YAML:
            raise source.refused(f"YAML nested deeper than {DEEPEST_YAML} levels is not read")


def text_of(record: Any, *names: str) -> str:
    """The first field of some names that is not empty, as one line."""
    if not isinstance(record, Mapping):
        return ""
    return next((text for name in names if (text := one_line(record.get(name)))), "")


def colour_of(record: Any, name: str) -> str:
    """The colour in a record; "" for what is none, such as the name of one."""
    text = text_of(record, name)
    return text if COLOUR.fullmatch(text) else ""


def tracks_in(record: Any) -> tuple[Track, ...]:
    """The tracks of a record's list that have a name and a colour, each once."""
    tracks = {text_of(one, "name"): colour_of(one, "color") for one in records_in(record, "tracks")}
    return tuple(Track(name, color) for name, color in tracks.items() if name and color)


def list_of(record: Any, name: str) -> list[Any]:
    """The list under a name; an empty one where there is none."""
    value = record.get(name) if isinstance(record, Mapping) else None
    return value if isinstance(value, list) else []


def texts_of(record: Any, name: str) -> tuple[str, ...]:
    """The texts and numbers of a list in a record."""
    return tuple(text for value in list_of(record, name) if (text := one_line(value)))


def record_of(record: Any, *names: str) -> Record:
    """The record under some names, one within the other; an empty one where there is none."""
    for name in names:
        record = record.get(name) if isinstance(record, Mapping) else None
    return record if isinstance(record, Mapping) else {}


def records_in(record: Any, *names: str) -> Iterator[Record]:
    """The records of the lists under some names."""
    return (one for name in names for one in list_of(record, name) if isinstance(one, Mapping))


def links_in(record: Any, source: Source, base: str = "") -> tuple[Link, ...]:
    """A record's links, each once; those that are relative, without a base, or of another scheme are left out."""
    found = [
        link(text_of(one, "label", "title", "name", "description"), text_of(one, *ADDRESSES), base)
        for one in records_in(record, "links", "attachments", "resources")
    ]
    if None in found:
        source.report.left("links that are relative or of an odd scheme", text_of(record, "title", "name"))
    return tuple(dict.fromkeys(filter(None, found)))
