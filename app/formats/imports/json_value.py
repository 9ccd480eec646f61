"""JSON as plain data, read without trust in its shape."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from app.formats.imports.source import Source
from app.formats.imports.text import one_line


def json_value(source: Source) -> Any:
    """The data of a JSON file; raises `ImportRefused`."""
    try:
        return json.loads(source.text)
    except RecursionError as error:
        raise source.refused("nested too deeply") from error
    except json.JSONDecodeError as error:
        raise source.refused(f"not JSON that can be read: {error}") from error
    except ValueError as error:
        raise source.refused("not JSON that can be read: a number in it is too long") from error


def text_of(record: Any, *names: str) -> str:
    """The first of some fields that says something, as one line."""
    if not isinstance(record, Mapping):
        return ""
    return next((text for name in names if (text := one_line(record.get(name)))), "")


def record_of(record: Any, *names: str) -> Mapping[str, Any]:
    """The record under some names, one within the other; an empty one where there is none."""
    for name in names:
        record = record.get(name) if isinstance(record, Mapping) else None
    return record if isinstance(record, Mapping) else {}


def records_in(record: Any, *names: str) -> Iterator[Mapping[str, Any]]:
    """The records of the lists under some names."""
    for name in names:
        value = record.get(name) if isinstance(record, Mapping) else None
        yield from (one for one in value if isinstance(one, Mapping)) if isinstance(value, list) else ()
