"""Revisions: published programs, numbered without gaps, never altered."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, func, insert, select

from app.domain.changes import stamped
from app.domain.difference import Difference, difference
from app.domain.errors import InvalidProgram, StaleBase, UnknownName
from app.domain.program import Program
from app.store.codec import pack, pack_difference, unpack, unpack_difference
from app.store.database import Database
from app.store.errors import Unreadable
from app.store.tables import revisions

Kind = Literal["import", "edit", "undo", "publish"]

# What PostgreSQL's LISTEN hears when a revision is published.
CHANNEL = "agenda_revision"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the history tells of a revision, without its whole program.

    ``at`` is a whole second, later than that of the revision before. ``base`` is the revision
    it was made on (0: none), ``undoes`` the one it takes back, ``edit`` what was done, for machines.
    """

    number: int
    at: datetime
    author: str
    note: str
    kind: Kind
    base: int
    difference: Difference
    undoes: int | None = None
    edit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision(Entry):
    """One published program."""

    program: Program


class Revisions:
    """The history in one database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def latest_number(self) -> int:
        """The number of the latest revision; 0 when there is none."""
        with self.database.reading() as connection:
            return latest_number(connection)

    def latest(self) -> Revision | None:
        """The revision that holds; None before the first."""
        with self.database.reading() as connection:
            return _latest(connection)

    def get(self, number: int) -> Revision:
        """One revision; raises `UnknownName`."""
        with self.database.reading() as connection:
            row = connection.execute(select(revisions).where(revisions.c.number == number)).first()
        if row is None:
            raise UnknownName("revision", str(number))
        return _revision(row)

    def since(self, number: int) -> tuple[Revision, ...]:
        """The revisions after one, oldest first."""
        with self.database.reading() as connection:
            return tuple(map(_revision, connection.execute(_after(select(revisions), number))))

    def history(self, since: int = 0) -> tuple[Entry, ...]:
        """What the revisions after one changed, oldest first: cheap also for hundreds of large programs."""
        columns = [column for column in revisions.c if column is not revisions.c.program]
        with self.database.reading() as connection:
            return tuple(Entry(**_values(row)) for row in connection.execute(_after(select(*columns), since)))

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """One publisher's turn: nobody else publishes until it ends, and it is done as a whole or not at all."""
        with self.database.publishing() as connection:
            yield Turn(connection)

    def append(
        self,
        program: Program,
        *,
        base: int,
        author: str,
        note: str,
        kind: Kind,
        now: datetime,
        undoes: int | None = None,
        edit: str | None = None,
    ) -> Revision:
        """Publish a program; raises `StaleBase` where the latest revision is not ``base``."""
        with self.turn() as turn:
            if turn.number != base:
                raise StaleBase(base, turn.number)
            return turn.append(program, author=author, note=note, kind=kind, now=now, undoes=undoes, edit=edit)


class Turn:
    """The history while one publisher has it for itself."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.latest = _latest(connection)

    @property
    def number(self) -> int:
        """The number of the latest revision; 0 when there is none."""
        return self.latest.number if self.latest else 0

    def programs(self, since: int) -> Mapping[int, Program]:
        """The programs of the revisions from one on."""
        return Programs(self.connection, range(max(since, 1), self.number + 1))

    def append(
        self,
        program: Program,
        *,
        author: str,
        note: str,
        kind: Kind,
        now: datetime,
        undoes: int | None = None,
        edit: str | None = None,
    ) -> Revision:
        """Publish a program. Stamps only rise, by a second at least, also when the clock steps back."""
        before = self.latest.program if self.latest else None
        at = now.replace(microsecond=0)
        if self.latest:
            at = max(at, self.latest.at + timedelta(seconds=1))
        after = stamped(before, program, at, self.number + 1)
        self.latest = Revision(
            number=self.number + 1,
            at=at,
            author=author,
            # PostgreSQL's text does not hold it.
            note=note.replace("\0", ""),
            kind=kind,
            base=self.number,
            difference=difference(before, after),
            undoes=undoes,
            edit=edit,
            program=after,
        )
        self._insert(self.latest)
        return self.latest

    def _insert(self, revision: Revision) -> None:
        names = [column.name for column in revisions.c]
        values = {name: getattr(revision, name) for name in names}
        values |= {"program": pack(revision.program), "difference": pack_difference(revision.difference)}
        self.connection.execute(insert(revisions).values(values))
        if self.connection.dialect.name == "postgresql":
            self.connection.execute(select(func.pg_notify(CHANNEL, str(revision.number))))


class Programs(Mapping[int, Program]):
    """Programs by revision, each read when it is asked for: one that is large is not read for nothing."""

    def __init__(self, connection: Connection, numbers: range) -> None:
        self._connection = connection
        self._numbers = numbers

    def __getitem__(self, number: int) -> Program:
        if number not in self._numbers:
            raise KeyError(number)
        query = select(revisions.c.program).where(revisions.c.number == number)
        with _readable(number):
            return unpack(self._connection.execute(query).scalar_one())

    def __contains__(self, number: object) -> bool:
        return number in self._numbers

    def __iter__(self) -> Iterator[int]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


def latest_number(connection: Connection) -> int:
    """The number of the latest revision; 0 when there is none."""
    return connection.scalar(select(func.max(revisions.c.number))) or 0


def _latest(connection: Connection) -> Revision | None:
    row = connection.execute(select(revisions).order_by(revisions.c.number.desc()).limit(1)).first()
    return _revision(row) if row else None


def _after(query: Select[Any], number: int) -> Select[Any]:
    return query.where(revisions.c.number > number).order_by(revisions.c.number)


def _revision(row: Row[Any]) -> Revision:
    with _readable(row.number):
        return Revision(**_values(row) | {"program": unpack(row.program)})


def _values(row: Row[Any]) -> dict[str, Any]:
    with _readable(row.number):
        values = row._asdict()
        return values | {"difference": unpack_difference(values["difference"])}


@contextmanager
def _readable(number: int) -> Iterator[None]:
    try:
        yield
    except (zlib.error, ValueError, InvalidProgram) as error:
        raise Unreadable(number) from error
