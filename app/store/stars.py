"""Stars without an account: a set of sessions and items, by id, with two keys, one to read and one to write.

The read key, which is in the address of the feed, is derived from the write key and from ``turn``; the write key
cannot be derived from it. The database stores the hashes of both. Increasing ``turn`` makes a new read key, so that
a leaked address stops working, while the reader's devices keep their write key.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from app.domain.errors import UnknownName
from app.domain.ids import SESSION_ID
from app.domain.instants import rising
from app.domain.program import Program
from app.domain.session import Session
from app.store.database import Database
from app.store.errors import StarsFull, StarsRefused
from app.store.secret_keys import key_hash, new_key, stored_among
from app.store.tables import star_sets

READ_KEY_BYTES = 16
MOST_STARS = 1000
# The ids in one set that the program does not have: cancelled for good, or published by another process just now.
MOST_UNKNOWN = 50
MOST_READERS = 100_000
# Calendar programs fetch once a day or more often: after this long without a fetch none holds the address.
FORGOTTEN_AFTER = timedelta(days=30)
# A calendar that fetches more often is not recorded each time.
FETCHED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class StarSet:
    """One reader's stars.

    A calendar last fetched them at ``fetched_at``: the revision ``fetched_revision``, with the stars as of
    ``fetched_stars``.
    """

    starred: frozenset[str]
    changed_at: datetime
    fetched_at: datetime | None = None
    fetched_revision: int | None = None
    fetched_stars: datetime | None = None

    def vanished(self, program: Program) -> frozenset[str]:
        """What is starred and no longer in the program; the reader is told of it."""
        return self.starred - program.sessions_by_id.keys() - program.items_by_id.keys()

    def sessions_of(self, program: Program) -> tuple[Session, ...]:
        """The sessions that are starred or have a starred item: what the reader's calendar holds."""
        items = self.starred & program.items_by_id.keys()
        wanted = self.starred.union(program.items_by_id[name].session.id for name in items)
        return tuple(session for session in program.sessions if session.id in wanted)


@dataclass(frozen=True, slots=True)
class StarKeys:
    """One reader's keys: the one in the feed's address, and the one that changes stars."""

    read: str
    write: str


class StarStore:
    """All readers' stars in one database. An unknown key raises `UnknownName`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keys_among(self, keys: Iterable[str]) -> frozenset[str]:
        """Those of some keys that read or write a set."""
        return stored_among(self._database, keys, star_sets.c.write_hash, star_sets.c.read_hash)

    def open(self, now: datetime, add: Iterable[str] = (), known: AbstractSet[str] = frozenset()) -> StarKeys:
        """Create a set with some stars; ``known`` are the program's ids. Raises `StarsRefused` or `StarsFull`.

        Where there are `MOST_READERS`, the set that no calendar uses and that was not changed for longest is removed:
        its devices still have the stars, and make another set with their next star.
        """
        write, wanted, changed_at = new_key(), _starred(frozenset(add), known), rising(now, None)
        read = _read_key(write, 0)
        with self._database.writing() as connection:
            _make_room(connection, now)
            values = {"read_hash": key_hash(read), "turn": 0, "sessions": " ".join(sorted(wanted))}
            connection.execute(insert(star_sets).values(write_hash=key_hash(write), changed_at=changed_at, **values))
        return StarKeys(read, write)

    def star(
        self,
        write: str,
        now: datetime,
        add: Iterable[str] = (),
        remove: Iterable[str] = (),
        known: AbstractSet[str] = frozenset(),
    ) -> StarSet:
        """Add and remove stars; ``known`` are the program's ids. Raises `StarsRefused`.

        Devices send changes, not their whole set, so that the changes of two devices are merged; for one session the
        change that arrives last counts.
        """
        with self._changing(write) as (connection, row):
            before = _sessions(row)
            wanted = _starred(before.union(add).difference(remove), known, before)
            changed_at = rising(now, row.changed_at) if wanted != before else row.changed_at
            _update(connection, write, sessions=" ".join(sorted(wanted)), changed_at=changed_at)
        return replace(_star_set(row), starred=wanted, changed_at=changed_at)

    def of_device(self, write: str) -> tuple[StarSet, StarKeys]:
        """The stars and both keys behind a write key."""
        with self._database.reading() as connection:
            row = _row(connection, write)
        return _star_set(row), StarKeys(_read_key(write, row.turn), write)

    def of_feed(self, read: str) -> StarSet:
        """The stars behind a read key."""
        with self._database.reading() as connection:
            row = connection.execute(select(star_sets).where(star_sets.c.read_hash == key_hash(read))).first()
        if row is None:
            raise UnknownName("personal feed", "with this key")
        return _star_set(row)

    def fetched(self, read: str, got: StarSet, revision: int, now: datetime) -> None:
        """Record that a calendar fetched these stars with a revision."""
        is_new = (got.fetched_revision, got.fetched_stars) != (revision, got.changed_at)
        if not is_new and got.fetched_at and now - got.fetched_at < FETCHED_EVERY:
            return
        with self._database.writing() as connection:
            of_feed = update(star_sets).where(star_sets.c.read_hash == key_hash(read))
            values = {"fetched_at": now, "fetched_revision": revision, "fetched_stars": got.changed_at}
            connection.execute(of_feed.values(values))

    def renew(self, write: str) -> StarKeys:
        """Make another read key; the feed's former address stops working."""
        with self._changing(write) as (connection, row):
            turn = row.turn + 1
            read = _read_key(write, turn)
            never = dict.fromkeys(("fetched_at", "fetched_revision", "fetched_stars"))
            _update(connection, write, turn=turn, read_hash=key_hash(read), **never)
        return StarKeys(read, write)

    def close(self, write: str) -> None:
        """Delete a reader's stars."""
        with self._changing(write) as (connection, row):
            connection.execute(delete(star_sets).where(star_sets.c.write_hash == row.write_hash))

    @contextmanager
    def _changing(self, write: str) -> Iterator[tuple[Connection, Row[Any]]]:
        """One transaction that changes a set. A made-up key is refused before it takes the lock of writers."""
        self.of_device(write)
        with self._database.writing() as connection:
            yield connection, _row(connection, write, lock=True)


def _make_room(connection: Connection, now: datetime) -> None:
    """Remove as many sets as one more needs; raises `StarsFull` where calendars use too many."""
    surplus = _count(connection) - MOST_READERS + 1
    if surplus <= 0:
        return
    unused = star_sets.c.fetched_at.is_(None) | (star_sets.c.fetched_at < now - FORGOTTEN_AFTER)
    oldest = select(star_sets.c.write_hash).where(unused).order_by(star_sets.c.changed_at).limit(surplus)
    # On PostgreSQL two new sets at once take the places of different ones.
    removed = connection.scalars(oldest.with_for_update(skip_locked=True)).all()
    if len(removed) < surplus:
        raise StarsFull
    connection.execute(delete(star_sets).where(star_sets.c.write_hash.in_(removed)))


def _read_key(write: str, turn: int) -> str:
    """The read key of a turn: 128 bits, derived from the write key."""
    digest = hashlib.sha256(f"read {turn} {write}".encode()).digest()
    return base64.urlsafe_b64encode(digest[:READ_KEY_BYTES]).decode().rstrip("=")


def _count(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(star_sets)) or 0


def _row(connection: Connection, write: str, *, lock: bool = False) -> Row[Any]:
    query = select(star_sets).where(star_sets.c.write_hash == key_hash(write))
    row = connection.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise UnknownName("set of stars", "with this key")
    return row


def _update(connection: Connection, write: str, **values: Any) -> None:
    connection.execute(update(star_sets).where(star_sets.c.write_hash == key_hash(write)).values(**values))


def _starred(ids: frozenset[str], known: AbstractSet[str], before: AbstractSet[str] = frozenset()) -> frozenset[str]:
    """The ids that can be ones of the program, if not too many; those starred ``before`` may vanish all at once."""
    starred = frozenset(one for one in ids if SESSION_ID.fullmatch(one))
    if len(starred) > MOST_STARS:
        raise StarsRefused(f"at most {MOST_STARS} stars are kept")
    unknown = starred - known
    if len(unknown) > MOST_UNKNOWN and not unknown <= before:
        raise StarsRefused(f"at most {MOST_UNKNOWN} stars of what the program does not have are kept")
    return starred


def _sessions(row: Row[Any]) -> frozenset[str]:
    return frozenset(row.sessions.split())


def _star_set(row: Row[Any]) -> StarSet:
    return StarSet(_sessions(row), row.changed_at, row.fetched_at, row.fetched_revision, row.fetched_stars)
