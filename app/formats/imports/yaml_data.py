"""al-folio's `_data` and other YAML: records with free names."""

from __future__ import annotations

from typing import Any

import yaml

from app.formats.imports.draft import Draft
from app.formats.imports.records import draft_of_records
from app.formats.imports.source import Source

MOST_BYTES = 500_000
DEEPEST = 40


class _Texts(yaml.SafeLoader):
    """Reads every scalar as the text it is: YAML 1.1 takes 9:30 for the number 570."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own way to say it


def read_yaml(source: Source) -> Draft:
    """The sessions of a YAML file."""
    return draft_of_records(yaml_value(source), "YAML", source)


def yaml_value(source: Source) -> Any:
    """The file's data, all scalars as text; raises `ImportRefused`."""
    source.bounded(MOST_BYTES)
    return plain_yaml(source.text, source)


def plain_yaml(text: str, source: Source) -> Any:
    """YAML as plain data, all scalars as text; raises `ImportRefused`."""
    try:
        _check(text, source)
        loader = _Texts(text)
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        where = getattr(error, "problem_mark", None)
        line = f" in line {where.line + 1}" if where is not None else ""
        raise source.refused(f"not YAML that can be read{line}") from error


def _check(text: str, source: Source) -> None:
    """Raises `ImportRefused` for what could unfold to any size, or nests without end."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise source.refused("YAML with aliases is not read; write the values out")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise source.refused(f"YAML nested deeper than {DEEPEST} levels is not read")
