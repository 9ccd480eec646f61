"""What came of merging changed files, and the conflict that the console shows until it is resolved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, select

from app.domain.difference import Difference
from app.domain.merge import Conflict, Time
from app.domain.program import Program
from app.domain.telling import clock, tell
from app.store.database import Database
from app.store.revisions import Revision
from app.store.tables import meta
from app.store.writing import upsert

Kind = Literal["published", "unchanged", "conflict"]

_KEY = "conflict"
_LONGEST_VALUE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishOutcome:
    """What came of it; ``conflicts`` are plain sentences, one for each thing that both sides changed.

    ``revision`` is the new one, None where nothing was published; ``difference`` what it changed or,
    in a dry run, would change.
    """

    kind: Kind
    revision: Revision | None = None
    difference: Difference | None = None
    conflicts: tuple[str, ...] = ()

    def lines(self) -> tuple[str, ...]:
        """The outcome for a terminal."""
        if self.kind == "unchanged":
            return ("The files hold nothing new.",)
        if self.kind == "conflict":
            return ("Both the files and the published program changed:", *self.conflicts)
        return (*_changes(self.difference), f"Published as revision {self.revision.number}." if self.revision else "")


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """Files that could not be merged, and since when; what is published goes on."""

    source_hash: str
    at: datetime
    conflicts: tuple[str, ...]


_OPEN_CONFLICT: TypeAdapter[OpenConflict] = TypeAdapter(OpenConflict)


def open_conflict(database: Database) -> OpenConflict | None:
    """The conflict between the files and what was published; None where there is none."""
    with database.reading() as connection:
        text = connection.scalar(select(meta.c.value).where(meta.c.key == _KEY))
    return _OPEN_CONFLICT.validate_json(text) if text else None


def keep_conflict(connection: Connection, conflict: OpenConflict) -> None:
    """Let the console show it."""
    upsert(connection, meta, {"key": _KEY}, {"value": _OPEN_CONFLICT.dump_json(conflict).decode()})


def forget_conflict(connection: Connection) -> None:
    """It is resolved."""
    connection.execute(delete(meta).where(meta.c.key == _KEY))


def told(program: Program, conflicts: Iterable[Conflict]) -> tuple[str, ...]:
    """Each conflict as a sentence."""
    return tuple(
        f"{one.where}: the files say {_value(program, one.theirs)}, published is {_value(program, one.ours)},"
        f" both were {_value(program, one.base)}"
        for one in conflicts
    )


def _changes(difference: Difference | None) -> Iterable[str]:
    if difference is None or difference.before is None:
        return
    for change in difference.sessions:
        yield tell(difference.before, difference.after, change)
    if difference.elsewhere:
        yield "More than sessions changed: pages, dates, rooms or the program's own words."


def _value(program: Program, value: object) -> str:
    if isinstance(value, Time):
        return f"{clock(program, value.start)}–{clock(program, value.end)}"
    if value is None or value in ((), ""):
        return "nothing"
    text = str(value) if isinstance(value, str | int) else repr(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
