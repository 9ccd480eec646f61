"""Revisions: published programs, numbered without gaps and immutable."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select

from app.domain.change_stamps import with_stamps
from app.domain.edits.edit_types import Explain
from app.domain.errors import InvalidProgram, UnknownName
from app.domain.instants import rising
from app.domain.program import Program
from app.domain.revision_diff import RevisionDiff, compare_programs
from app.formats.edit_json import recorded_edit
from app.store.database import Database
from app.store.errors import Unreadable
from app.store.packed_programs import pack_program, program_json, unpack_program
from app.store.tables import meta, read_fact, revisions, write_fact

_DIFFERENCE: TypeAdapter[RevisionDiff] = TypeAdapter(RevisionDiff)


def pack_difference(value: RevisionDiff) -> bytes:
    """What a revision changed."""
    return zlib.compress(_DIFFERENCE.dump_json(value))


def unpack_difference(packed: bytes) -> RevisionDiff:
    """The difference that was packed."""
    return _DIFFERENCE.validate_json(zlib.decompress(packed))


Kind = Literal["import", "edit", "undo", "publish", "note", "step"]

# PostgreSQL's NOTIFY channel for published revisions, and for changes of the room state and of what waits.
CHANNEL = "agenda_revision"
# The name of the fact that counts the changes of the room state, and of what speakers changed and waits for an OK.
ROOM_STATE = "room_state"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """A revision without its program.

    ``at`` is a whole second, later than that of the previous revision. ``base`` is the previous revision (0: none),
    ``undoes`` the revision that it takes back, ``edit`` the edit as JSON.
    """

    number: int
    at: datetime
    author: str
    note: str
    kind: Kind
    base: int
    difference: RevisionDiff
    undoes: int | None = None
    edit: str | None = None

    @property
    def explains(self) -> int | None:
        """The revision that a revision of kind `note` gives its note; None for other kinds."""
        return explained_by(self.kind, self.edit)


def explained_by(kind: str, edit: str | None) -> int | None:
    """The revision that one of some kind gives its note by its edit as JSON; None for what is no note."""
    explain = recorded_edit(edit) if kind == "note" else None
    return explain.revision if isinstance(explain, Explain) else None


_ENTRY: TypeAdapter[HistoryEntry] = TypeAdapter(HistoryEntry)
# The most of a dictionary that compression looks at (RFC 1950 and 1951: its window).
WINDOW_BYTES = 32 * 1024


def packing_dictionary(program: Program) -> bytes:
    """What entries about a program have in common: with it they are a tenth as large as without."""
    return program_json(program)[-WINDOW_BYTES:]


def pack_entry(entry: HistoryEntry, dictionary: bytes) -> bytes:
    """An entry as bytes, for `unpack_entry` with the same dictionary."""
    packer = zlib.compressobj(zdict=dictionary)
    return packer.compress(_ENTRY.dump_json(entry)) + packer.flush()


def unpack_entry(packed: bytes, dictionary: bytes) -> HistoryEntry:
    """The entry that was packed."""
    return _ENTRY.validate_json(zlib.decompressobj(zdict=dictionary).decompress(packed))


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision(HistoryEntry):
    """One published program."""

    program: Program


def _news() -> Select[Any]:
    """The revisions after a ``number``, each with the version of the room state."""
    version = select(meta.c.value).where(meta.c.key == ROOM_STATE).scalar_subquery()
    state = select(version.label("room_state")).subquery()
    later = revisions.c.number > bindparam("number")
    return select(state.c.room_state, revisions).outerjoin_from(state, revisions, later).order_by(revisions.c.number)


# Every process asks for it some times a second; making it took three times as long as asking.
_NEWS = _news()


class Revisions:
    """The history in one database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def latest(self) -> Revision | None:
        """The latest revision; None before the first."""
        with self.database.reading() as connection:
            return _latest(connection)

    def newest_number(self) -> int:
        """The number of the latest revision, whose program is not read; 0 before the first."""
        with self.database.reading() as connection:
            return connection.execute(select(func.max(revisions.c.number))).scalar() or 0

    def newest_told_number(self) -> int:
        """The number of the latest revision of which readers are told: no step of a line-up; 0 before the first."""
        query = select(func.max(revisions.c.number)).where(revisions.c.kind != "step")
        with self.database.reading() as connection:
            return connection.execute(query).scalar() or 0

    def get(self, number: int) -> Revision:
        """One revision; raises `UnknownName`."""
        with self.database.reading() as connection:
            return _numbered(connection, number)

    def since(self, number: int) -> tuple[Revision, ...]:
        """The revisions after one, oldest first."""
        with self.database.reading() as connection:
            return tuple(Revision(**_values(row)) for row in connection.execute(_after(select(revisions), number)))

    def news(self, number: int) -> tuple[tuple[Revision, ...], int]:
        """The revisions after one, oldest first, and the version of the room state: in one query."""
        with self.database.reading() as connection:
            rows = connection.execute(_NEWS, {"number": number}).all()
        names = [column.name for column in revisions.c]
        found = ({name: getattr(row, name) for name in names} for row in rows if row.number is not None)
        return tuple(Revision(**_unpacked(values)) for values in found), int(rows[0].room_state or 0)

    def history(self, since: int = 0, most: int | None = None) -> tuple[HistoryEntry, ...]:
        """Revisions after one, the first ``most``, without their programs, oldest first: cheap also for large ones."""
        columns = [column for column in revisions.c if column is not revisions.c.program]
        query = _after(select(*columns), since).limit(most)
        with self.database.reading() as connection:
            return tuple(HistoryEntry(**_values(row)) for row in connection.execute(query))

    def sessions_ever(self) -> frozenset[str]:
        """The ids of all sessions that some revision has."""
        latest = self.latest()
        # Whatever an earlier revision had and the latest has not, a difference between two of them tells.
        changed = (change.session for entry in self.history() for change in entry.difference.sessions)
        return frozenset(changed).union(latest.program.sessions_by_id if latest else ())

    @contextmanager
    def previewing(self) -> Iterator[PublishTransaction]:
        """A transaction for asking what would be published; it publishes nothing."""
        with self.database.reading() as connection:
            yield PublishTransaction(connection)

    @contextmanager
    def publishing(self) -> Iterator[PublishTransaction]:
        """A transaction with the publishing lock: nobody else publishes until it ends."""
        with self.database.publishing() as connection:
            yield PublishTransaction(connection)


class PublishTransaction:
    """The history inside a publisher's transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.latest = _latest(connection)

    @property
    def number(self) -> int:
        """The number of the latest revision; 0 when there is none."""
        return self.latest.number if self.latest else 0

    def get(self, number: int) -> Revision:
        """One revision; raises `UnknownName`."""
        return _numbered(self.connection, number)

    def programs(self, since: int) -> Mapping[int, Program]:
        """The programs of the revisions from one on, each read when it is first used."""
        return _Programs(self.connection, range(max(since, 1), self.number + 1))

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
        """Publish a program. Timestamps rise by at least a second, even when the clock steps back."""
        before = self.latest.program if self.latest else None
        at = rising(now, self.latest.at if self.latest else None)
        after = with_stamps(before, program, at, self.number + 1)
        self.latest = Revision(
            number=self.number + 1,
            at=at,
            author=author,
            # PostgreSQL's text cannot hold a NUL.
            note=note.replace("\0", ""),
            kind=kind,
            base=self.number,
            difference=compare_programs(before, after),
            undoes=undoes,
            edit=edit,
            program=after,
        )
        self._insert(self.latest)
        return self.latest

    def _insert(self, revision: Revision) -> None:
        names = [column.name for column in revisions.c]
        values = {name: getattr(revision, name) for name in names}
        values |= {"program": pack_program(revision.program), "difference": pack_difference(revision.difference)}
        self.connection.execute(insert(revisions).values(values))
        notify(self.connection)


def notify(connection: Connection) -> None:
    """Tell the processes that listen, once the transaction is committed, to look for what is new."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_notify(CHANNEL, "")))


def room_state_version(connection: Connection) -> int:
    """How often the room state, or what waits of speakers, was changed."""
    return int(read_fact(connection, ROOM_STATE) or 0)


def raise_version(connection: Connection) -> None:
    """Count such a change, and tell other processes of it; those that publish wait, so that none is counted twice."""
    write_fact(connection, ROOM_STATE, str(room_state_version(connection) + 1))
    notify(connection)


class _Programs(Mapping[int, Program]):
    """Programs by revision, read on access, since they can be large."""

    def __init__(self, connection: Connection, numbers: range) -> None:
        self._connection = connection
        self._numbers = numbers

    def __getitem__(self, number: int) -> Program:
        if number not in self._numbers:
            raise KeyError(number)
        query: Select[Any] = select(revisions.c.number, revisions.c.program).where(revisions.c.number == number)
        program: Program = _values(self._connection.execute(query).one())["program"]
        return program

    def __contains__(self, number: object) -> bool:
        return number in self._numbers

    def __iter__(self) -> Iterator[int]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


def _latest(connection: Connection) -> Revision | None:
    row = connection.execute(select(revisions).order_by(revisions.c.number.desc()).limit(1)).first()
    return Revision(**_values(row)) if row else None


def _numbered(connection: Connection, number: int) -> Revision:
    row = connection.execute(select(revisions).where(revisions.c.number == number)).first()
    if row is None:
        raise UnknownName("revision", str(number))
    return Revision(**_values(row))


def _after(query: Select[Any], number: int) -> Select[Any]:
    return query.where(revisions.c.number > number).order_by(revisions.c.number)


def _values(row: Row[Any]) -> dict[str, Any]:
    """A row's values by column, unpacked; raises `Unreadable`."""
    return _unpacked(row._asdict())


def _unpacked(values: Mapping[str, Any]) -> dict[str, Any]:
    packed: dict[str, Callable[[bytes], Any]] = {"program": unpack_program, "difference": unpack_difference}
    try:
        return {name: packed[name](value) if name in packed else value for name, value in values.items()}
    except (zlib.error, ValueError, InvalidProgram) as error:
        raise Unreadable(values["number"]) from error
