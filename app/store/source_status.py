"""What became of the sources that a program follows, for the console's status page: one fact, no revision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter

from app.store.database import Database
from app.store.tables import read_fact, write_fact

SOURCES = "sources"
# Of a reason: the messages of servers and formats can be long.
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """When a source was last read, was last read with another content, and last failed, or was not taken over, and why.

    ``name`` holds no part of its address but the host. After a good reading ``reason`` is empty.
    """

    name: str
    read_at: datetime | None = None
    changed_at: datetime | None = None
    failed_at: datetime | None = None
    reason: str = ""

    def after(self, former: SourceStatus) -> SourceStatus:
        """This status, with the instants of a former one that it does not have itself."""
        return replace(
            self,
            read_at=self.read_at or former.read_at,
            changed_at=self.changed_at or former.changed_at,
            failed_at=self.failed_at or former.failed_at,
        )


_STATUSES: TypeAdapter[tuple[SourceStatus, ...]] = TypeAdapter(tuple[SourceStatus, ...])


def read_source_statuses(database: Database) -> tuple[SourceStatus, ...]:
    """The sources that were followed last, in the order in which they are read."""
    with database.reading() as connection:
        text = read_fact(connection, SOURCES)
    return _STATUSES.validate_json(text) if text else ()


def record_source_statuses(database: Database, statuses: Iterable[SourceStatus]) -> None:
    """Store what became of all sources of the program; what is not among them is no longer followed."""
    with database.writing() as connection:
        text = read_fact(connection, SOURCES)
        former = {one.name: one for one in _STATUSES.validate_json(text)} if text else {}
        merged = tuple(
            replace(one, reason=one.reason[:LONGEST_REASON]).after(former.get(one.name, one)) for one in statuses
        )
        write_fact(connection, SOURCES, _STATUSES.dump_json(merged).decode())


def record_source_status(database: Database, status: SourceStatus) -> None:
    """Store what became of one source; the others stay as they are."""
    by_name = {one.name: one for one in read_source_statuses(database)} | {status.name: status}
    record_source_statuses(database, by_name.values())
