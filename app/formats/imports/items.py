"""Lists of papers, posters or demos without times: they become the items of one session."""

from __future__ import annotations

from dataclasses import replace

from app.domain.errors import UnknownName
from app.domain.matching import plain
from app.domain.program import Program
from app.domain.session import Item, Session
from app.formats.imports.cells import Table
from app.formats.imports.csv_table import table_of_csv
from app.formats.imports.detect import read
from app.formats.imports.json_value import json_value
from app.formats.imports.records import tables_in
from app.formats.imports.refusal import ImportRefused
from app.formats.imports.source import Source
from app.formats.imports.tables import items_of_table
from app.formats.imports.yaml_data import yaml_value

MOST_ITEMS = 20_000


def with_items(source: Source, session: str, former: Program | None) -> Program:
    """The program with the source's rows as the items of a session; raises `ImportRefused`, `UnknownName`."""
    if former is None:
        raise source.refused("items need a program to go into; import the schedule first")
    target = _session(former, session)
    items = _items(source)
    if not items:
        raise source.refused("no titles of papers in it")
    if len(items) > MOST_ITEMS:
        raise source.refused(f"{len(items)} items; at most {MOST_ITEMS} can be imported")
    source.notes.took(f"{len(items)} items of {target.title}")
    changed = replace(target, items=items)
    return replace(former, sessions=tuple(changed if one.id == target.id else one for one in former.sessions))


def _session(program: Program, name: str) -> Session:
    """A session by its id, else by its title."""
    try:
        return program.session(name)
    except UnknownName:
        titled = [one for one in program.sessions if plain(one.title) == plain(name)]
        if len(titled) == 1:
            return titled[0]
        raise


def _items(source: Source) -> tuple[Item, ...]:
    for table in _tables(source):
        if items := items_of_table(table, source.calendar):
            return items
    return _items_of_sessions(source)


def _tables(source: Source) -> list[Table]:
    head = source.text.lstrip()[:1]
    if head in ("[", "{"):
        return list(tables_in(json_value(source)))
    if source.suffix in (".yml", ".yaml"):
        return list(tables_in(yaml_value(source)))
    return [table_of_csv(source)] if source.suffix in (".csv", ".tsv") else []


def _items_of_sessions(source: Source) -> tuple[Item, ...]:
    """Of any other form what it calls sessions."""
    try:
        rows = read(source).rows
    except ImportRefused:
        return ()
    return tuple(
        Item(
            title=row.title,
            number=row.number,
            authors=tuple(one.name for one in row.people or ()),
            links=row.links or (),
        )
        for row in rows
        if row.title
    )
