"""Lists of records with any names in JSON or YAML, such as al-folio's, nested in any way: days, rooms, sessions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from app.domain.session import Item
from app.importing.clean_text import block, link, one_line
from app.importing.draft import MOST_COLUMNS, MOST_ROWS, Draft, DraftSession
from app.importing.json_exports import name_of
from app.importing.json_yaml_data import data_of_yaml, text_of
from app.importing.markup_cells import cell_of_markup
from app.importing.paper_tables import papers_of
from app.importing.papers import accepted_items
from app.importing.source import Source
from app.importing.table_columns import EMPTY, TIMES, Cell, Table, TableRow, roles_of, zone_text_of
from app.importing.table_rows import read_table

MOST_BYTES = 500_000
DEEPEST = 12
# Fields of a record that hold for all sessions in the lists below it.
INHERITED = frozenset({"date", "day", "room", "track", "location", "venue", "timezone"})
PAPERS = frozenset({"paper", "papers", "posters"})
# What is shown of a recording, not a page for readers.
PICTURES = (".jpeg", ".jpg", ".png", ".webp")
# Parts of the names of lists that belong to one session.
PARTS_OF_A_SESSION = ("speaker", "author", "person", "presenter", "link", "panelist", "item", "paper")


def read_yaml(source: Source) -> Draft:
    """The sessions of a YAML file; raises `ImportRefused`."""
    source.bounded(MOST_BYTES)
    return draft_of_records(data_of_yaml(source.text, source), "YAML", source)


def draft_of_records(data: Any, form: str, source: Source) -> Draft:
    """The sessions in nested data: those of every list of records with times, else of the first with titles."""
    tables = list(record_tables(data, source))
    timed = [table for table in tables if {*TIMES, "date"} & set(roles_of(table))]
    found = (sessions for table in timed or tables if (sessions := read_table(table, source.dates)))
    return Draft(
        format=form,
        sessions=tuple(chain.from_iterable(found if timed else islice(found, 1))),
        title=text_of(data, "title", "name"),
        timezone=text_of(data, "timezone", "time_zone"),
        zone_text=" ".join(map(zone_text_of, timed)),
    )


def sessions_in(data: Any, source: Source) -> tuple[DraftSession, ...]:
    """The sessions with a time in nested data that may hold anything, such as a page's front matter."""
    found = chain.from_iterable(read_table(table, source.dates) for table in record_tables(data, source))
    return tuple(session for session in found if session.time.has_start)


def record_tables(data: Any, source: Source) -> Iterator[Table]:
    """Each list of records in nested data, as a table."""
    for records in _lists(data, {}, 0, source):
        yield _table(records[:MOST_ROWS])


def _table(rows: Sequence[TableRow]) -> Table:
    return Table(tuple(islice(dict.fromkeys(name for row in rows for name in row), MOST_COLUMNS)), tuple(rows))


def _lists(data: Any, above: TableRow, depth: int, source: Source) -> Iterator[list[TableRow]]:
    """Each list of records, with fields inherited from the records above it; nested lists come after their own."""
    if depth > DEEPEST:
        return
    if isinstance(data, dict):
        inherited = {name: cell for name, cell in _row(data, source).items() if name.casefold() in INHERITED}
        for value in data.values():
            yield from _lists(value, above | inherited, depth + 1, source)
    elif isinstance(data, list):
        records = [one for one in data if isinstance(one, dict)]
        sessions = [one for one in records if not _holds_sessions(one)]
        if sessions:
            _report_unread(sessions, source)
            yield [above | _row(one, source) for one in sessions]
        for one in filter(_holds_sessions, records):
            yield from _lists(one, above, depth + 1, source)


def _holds_sessions(record: Mapping[str, Any]) -> bool:
    """Whether a record stands above others, as a day or a room; a list of speakers does not make it one."""
    return any(
        isinstance(value, list)
        and any(isinstance(one, dict) for one in value)
        and not any(word in str(name).casefold() for word in PARTS_OF_A_SESSION)
        for name, value in record.items()
    )


def _report_unread(records: Iterable[Mapping[Any, Any]], source: Source) -> None:
    """Report the fields with records in them of which no text or address is taken."""
    nested = (
        (name, value) for one in records for name, value in one.items() if value and isinstance(value, list | dict)
    )
    for name in dict.fromkeys(str(name) for name, value in nested if _cell(value, source) in (None, EMPTY)):
        source.report.left("a field that is not read", name)


def _row(record: Mapping[Any, Any], source: Source) -> TableRow:
    papers = ((name, value) for name, value in record.items() if str(name).casefold() in PAPERS)
    items = {str(name): Cell(items=found) for name, value in papers if (found := _items(value, source))}
    return _cells(record, source) | items


def _cells(record: Mapping[Any, Any], source: Source) -> TableRow:
    return {str(name): cell for name, value in record.items() if (cell := _cell(value, source)) is not None}


def _items(records: Any, source: Source) -> tuple[Item, ...]:
    """The items of a list of records, such as the papers of a session; none of anything else."""
    if not isinstance(records, list) or not all(isinstance(one, dict) for one in records):
        return ()
    rows = [_cells(one, source) for one in records[:MOST_ROWS]]
    papers = [paper for paper in papers_of(_table(rows), source) if paper.item.title]
    return accepted_items(papers, source.report)


def _cell(value: Any, source: Source) -> Cell | None:
    """A value as a cell: several divided by semicolons, a person or a room by their name."""
    if isinstance(value, list):
        parts = [part for one in value[:MOST_ROWS] if (part := _cell(one, source)) is not None and part.text]
        return Cell("; ".join(part.text for part in parts), tuple(one for part in parts for one in part.links))
    if not isinstance(value, dict):
        return cell_of_markup(block(value), source)
    name = one_line(value.get("name") or value.get("title") or value.get("en")) or name_of(value)
    place = text_of(value, "affiliation", "institution")
    page = link(text_of(value, "name"), text_of(value, "url", "website", "homepage"))
    if name:
        return Cell(f"{name} ({place})" if place else name, (page,) if page else ())
    addresses = (link(text_of(value, "label") or str(key).capitalize(), text_of(value, key)) for key in value)
    links = tuple(one for one in addresses if one is not None and not one.url.lower().endswith(PICTURES))
    return Cell("", links) if links else None
