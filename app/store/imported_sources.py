"""The addresses that organizers published imports of, to be read again in the console: a fact, no revision.

One for the schedule, and one for the papers of each session.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection

from app.store.database import Database
from app.store.import_jobs import ImportSource
from app.store.source_status import LONGEST_REASON, SourceStatus
from app.store.tables import read_fact, write_fact

IMPORTED = "imported sources"
MOST_SOURCES = 100


@dataclass(frozen=True, slots=True)
class ImportedSource:
    """An address, and what became of it when it was last read."""

    source: ImportSource
    status: SourceStatus


_SOURCES: TypeAdapter[tuple[ImportedSource, ...]] = TypeAdapter(tuple[ImportedSource, ...])


def imported_sources(database: Database) -> tuple[ImportedSource, ...]:
    """The addresses, in the order in which they were first published."""
    with database.reading() as connection:
        return _read(connection)


def remember_imported(connection: Connection, source: ImportSource, now: datetime) -> None:
    """Remember an address in place of the one for the same sessions; of too many the first is forgotten."""
    found = {one.source.items_of: one for one in _read(connection)}
    found[source.items_of] = ImportedSource(source, SourceStatus(name=source.full_name, read_at=now))
    _write(connection, tuple(found.values())[-MOST_SOURCES:])


def forget_imported(database: Database, items_of: str) -> None:
    """Forget the address of the papers of a session, or of the schedule ("")."""
    with database.publishing() as connection:
        _write(connection, tuple(one for one in _read(connection) if one.source.items_of != items_of))


def record_imported_status(database: Database, source: ImportSource, status: SourceStatus) -> None:
    """Store what became of an address, if it is remembered."""
    status = replace(status, reason=status.reason[:LONGEST_REASON])
    # A lock: what somebody forgets meanwhile must not come back.
    with database.publishing() as connection:
        known = _read(connection)
        found = tuple(replace(one, status=status.after(one.status)) if one.source == source else one for one in known)
        if found != known:
            _write(connection, found)


def _read(connection: Connection) -> tuple[ImportedSource, ...]:
    text = read_fact(connection, IMPORTED)
    return _SOURCES.validate_json(text) if text else ()


def _write(connection: Connection, sources: tuple[ImportedSource, ...]) -> None:
    write_fact(connection, IMPORTED, _SOURCES.dump_json(sources).decode())
