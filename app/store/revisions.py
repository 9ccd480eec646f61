"""Revisions: published programs, numbered without gaps, never altered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, Row, func, insert, select, text

from app.domain.changes import stamped
from app.domain.errors import StaleBase, UnknownName
from app.domain.program import Program
from app.store.codec import pack, unpack
from app.store.database import Database
from app.store.tables import revisions

Kind = Literal["import", "edit", "undo", "publish"]

# Writers of one database queue up behind this lock of PostgreSQL; SQLite has one writer anyway.
ADVISORY_LOCK = 0x0C0DE31
CHANNEL = "agenda_revision"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One published program. ``base`` is the revision it was made on (0: none), ``undoes`` the one it takes back."""

    number: int
    program: Program
    at: datetime
    author: str
    note: str
    kind: Kind
    base: int
    undoes: int | None = None


class Revisions:
    """The history in one database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def latest_number(self) -> int:
        """The number of the latest revision; 0 when there is none."""
        with self.database.reading() as connection:
            return _latest_number(connection)

    def latest(self) -> Revision | None:
        """The revision that holds; None before the first."""
        with self.database.reading() as connection:
            row = connection.execute(select(revisions).order_by(revisions.c.number.desc()).limit(1)).first()
        return _revision(row) if row else None

    def get(self, number: int) -> Revision:
        """One revision; raises `UnknownName`."""
        with self.database.reading() as connection:
            row = connection.execute(select(revisions).where(revisions.c.number == number)).first()
        if row is None:
            raise UnknownName("revision", str(number))
        return _revision(row)

    def since(self, number: int) -> tuple[Revision, ...]:
        """The revisions after one, oldest first."""
        query = select(revisions).where(revisions.c.number > number).order_by(revisions.c.number)
        with self.database.reading() as connection:
            return tuple(map(_revision, connection.execute(query)))

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
    ) -> Revision:
        """Publish a program in one transaction; raises `StaleBase` where the latest is not ``base``.

        Stamps only rise, also when the clock steps back.
        """
        with self.database.writing() as connection:
            if not self.database.is_sqlite:
                connection.execute(select(func.pg_advisory_xact_lock(ADVISORY_LOCK)))
            latest = _latest_number(connection)
            if latest != base:
                raise StaleBase(base, latest)
            before = _revision(_row(connection, latest)) if latest else None
            at = max(now, before.at + timedelta(microseconds=1)) if before else now
            made = Revision(
                number=latest + 1,
                program=stamped(before.program if before else None, program, at, latest + 1),
                at=at,
                author=author,
                note=note,
                kind=kind,
                base=base,
                undoes=undoes,
            )
            _insert(connection, made)
            if not self.database.is_sqlite:
                connection.execute(text(f"NOTIFY {CHANNEL}, '{made.number}'"))
        return made


def _latest_number(connection: Connection) -> int:
    return connection.scalar(select(func.max(revisions.c.number))) or 0


def _row(connection: Connection, number: int) -> Row[tuple[object, ...]]:
    return connection.execute(select(revisions).where(revisions.c.number == number)).one()


def _insert(connection: Connection, revision: Revision) -> None:
    connection.execute(
        insert(revisions).values(
            number=revision.number,
            at=revision.at.isoformat(),
            author=revision.author,
            note=revision.note,
            kind=revision.kind,
            base=revision.base,
            undoes=revision.undoes,
            program=pack(revision.program),
        )
    )


def _revision(row: Row[tuple[object, ...]]) -> Revision:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for a row's columns
    return Revision(
        number=values["number"],
        program=unpack(values["program"]),
        at=datetime.fromisoformat(values["at"]),
        author=values["author"],
        note=values["note"],
        kind=values["kind"],
        base=values["base"],
        undoes=values["undoes"],
    )
