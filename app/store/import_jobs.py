"""Imports that organizers began in the console, and what came of them, so that every process of the service shows them.

Each belongs to the browser that began it. ``now`` is the real time, in a rehearsal too.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, select, update

from app.domain.errors import UnknownName
from app.domain.program import Program
from app.domain.texts import checked
from app.store.database import Database
from app.store.packed_programs import pack_program, unpack_program
from app.store.tables import import_jobs

# Of one browser; the oldest are forgotten.
MOST_JOBS = 5
FORGOTTEN_AFTER = timedelta(days=1)
# Of a packed program, and of the lines of each sort in a report.
LARGEST_PROGRAM = 8_000_000
MOST_LINES = 200
LONGEST_LINE = 500
# A job of which its process has not said for so long that it works on it: that process has ended.
ALIVE_SECONDS = 20
ID_BYTES = 12

State = Literal["waiting", "reading", "interrupted", "read", "failed", "published"]
UNFINISHED = ("waiting", "reading")
# The columns that lists leave out.
LARGE = ("report", "program")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSource:
    """What is imported: an address, or a file of which only the name is kept; ``options`` by their terminal names."""

    place: str
    name: str
    is_address: bool
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def items_of(self) -> str:
        """The session whose papers it has; "" for a schedule."""
        return self.options.get("items-of", "")

    @property
    def full_name(self) -> str:
        """Its name, and whose papers it has."""
        return f"{self.name} (papers of {self.items_of})" if self.items_of else self.name


@dataclass(frozen=True, slots=True)
class Lines:
    """The first lines of one sort in a report, and how many more there were."""

    shown: tuple[str, ...] = ()
    more: int = 0

    @classmethod
    def of(cls, lines: Iterable[str]) -> Lines:
        """All lines, cut to what is kept."""
        found = tuple(line[:LONGEST_LINE] for line in lines)
        return cls(found[:MOST_LINES], max(0, len(found) - MOST_LINES))


@dataclass(frozen=True, slots=True, kw_only=True)
class JobReport:
    """What an import took, guessed and left."""

    took: Lines = Lines()
    guessed: Lines = Lines()
    left: Lines = Lines()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportJob:
    """One import: ``at`` is when its state began.

    Once it is read it has a report and a program, which is based on the ``plan`` of that order. ``reason`` says why it
    failed; ``revision`` is what it was published as, None where readers saw no difference.
    """

    id: str
    source: ImportSource
    state: State
    at: datetime
    plan: int | None = None
    report: JobReport = JobReport()
    program: Program | None = None
    reason: str = ""
    revision: int | None = None

    @property
    def is_unfinished(self) -> bool:
        """Whether somebody works on it, or will."""
        return self.state in UNFINISHED


_SOURCE: TypeAdapter[ImportSource] = TypeAdapter(ImportSource)
_REPORT: TypeAdapter[JobReport] = TypeAdapter(JobReport)


class ProgramTooLarge(ValueError):
    """A program that is too large to be kept until somebody publishes it."""


class ImportJobs:
    """The imports in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, sign_in: str, source: ImportSource, now: datetime, form: str = "") -> str:
        """Keep a new import, which waits; its id. The oldest of a browser, and all that are old, are forgotten."""
        name = secrets.token_urlsafe(ID_BYTES)
        row = {"id": name, "sign_in": sign_in, "form": form, "source": _SOURCE.dump_json(source).decode()}
        with self._database.writing() as connection:
            connection.execute(import_jobs.insert().values(**row, state="waiting", at=now, seen_at=now, reason=""))
            _forget(connection, sign_in, now)
        return name

    def begun_by(self, sign_in: str, form: str) -> str | None:
        """The import that a form began when it was sent before."""
        asked = (import_jobs.c.sign_in == sign_in) & (import_jobs.c.form == form)
        with self._database.reading() as connection:
            return connection.scalar(select(import_jobs.c.id).where(asked)) if form else None

    def job(self, sign_in: str, name: str, now: datetime) -> ImportJob:
        """One import of a browser; raises `UnknownName`."""
        asked = (import_jobs.c.id == name) & (import_jobs.c.sign_in == sign_in)
        with self._database.reading() as connection:
            row = connection.execute(select(import_jobs).where(asked, _is_kept(now))).first()
        if row is None:
            raise UnknownName("import", checked("import", name))
        return _job(row._asdict(), now)

    def all(self, sign_in: str, now: datetime) -> tuple[ImportJob, ...]:
        """The imports of a browser without their reports and programs, the latest first."""
        columns = [column for column in import_jobs.c if column.name not in LARGE]
        query = select(*columns).where(import_jobs.c.sign_in == sign_in, _is_kept(now))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(import_jobs.c.at.desc(), import_jobs.c.id)).all()
        return tuple(_job({**row._asdict(), **dict.fromkeys(LARGE)}, now) for row in rows)

    def forget(self, now: datetime) -> None:
        """Forget all that are old: an address may be a secret."""
        with self._database.writing() as connection:
            _forget_old(connection, now)

    def begin(self, name: str, now: datetime) -> None:
        """Somebody reads it from now on."""
        self._change(name, state="reading", at=now, seen_at=now)

    def touch(self, names: Iterable[str], now: datetime) -> None:
        """Their process still works on these."""
        unfinished = import_jobs.c.state.in_(UNFINISHED)
        with self._database.writing() as connection:
            connection.execute(
                update(import_jobs).where(import_jobs.c.id.in_(list(names)), unfinished).values(seen_at=now)
            )

    def finish(self, name: str, plan: int, report: JobReport, program: Program, now: datetime) -> None:
        """It is read; raises `ProgramTooLarge`."""
        packed = pack_program(program)
        if len(packed) > LARGEST_PROGRAM:
            raise ProgramTooLarge
        self._change(name, state="read", at=now, plan=plan, report=_REPORT.dump_json(report).decode(), program=packed)

    def fail(self, name: str, reason: str, now: datetime) -> None:
        """It cannot be read."""
        self._change(name, state="failed", at=now, reason=reason[:LONGEST_LINE])

    def _change(self, name: str, **values: object) -> None:
        with self._database.writing() as connection:
            connection.execute(update(import_jobs).where(import_jobs.c.id == name).values(**values))


def record_publication(connection: Connection, name: str, revision: int | None, now: datetime) -> None:
    """An import is published, as a revision if readers see a difference; in the transaction that publishes it."""
    values = {"state": "published", "at": now, "program": None, "revision": revision}
    connection.execute(update(import_jobs).where(import_jobs.c.id == name).values(values))


def _job(row: dict[str, Any], now: datetime) -> ImportJob:
    if row["state"] in UNFINISHED and row["seen_at"] < now - timedelta(seconds=ALIVE_SECONDS):
        row |= {"state": "interrupted"}
    return ImportJob(
        id=row["id"],
        source=_SOURCE.validate_json(row["source"]),
        state=row["state"],
        at=row["at"],
        plan=row["plan"],
        report=_REPORT.validate_json(row["report"]) if row["report"] else JobReport(),
        program=unpack_program(row["program"]) if row["program"] else None,
        reason=row["reason"],
        revision=row["revision"],
    )


def _is_kept(now: datetime) -> Any:
    return import_jobs.c.at > now - FORGOTTEN_AFTER


def _forget(connection: Connection, sign_in: str, now: datetime) -> None:
    """Forget the oldest of one browser."""
    _forget_old(connection, now)
    own = import_jobs.c.sign_in == sign_in
    latest = select(import_jobs.c.id).where(own).order_by(import_jobs.c.at.desc(), import_jobs.c.id).limit(MOST_JOBS)
    connection.execute(delete(import_jobs).where(own, import_jobs.c.id.not_in(latest)))


def _forget_old(connection: Connection, now: datetime) -> None:
    connection.execute(delete(import_jobs).where(import_jobs.c.at <= now - FORGOTTEN_AFTER))
