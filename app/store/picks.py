"""Stars without an account: a set of sessions behind two keys, one to read and one to change.

Whoever has the write key can always derive the read key, which is the address of the feed; not
the other way round. The database keeps what both hash to. Taking a new turn makes another read
key, so that an address that got about is worth nothing, while the reader's devices keep theirs.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from app.domain.errors import UnknownName
from app.domain.faults import SESSION_ID
from app.domain.program import Program
from app.store.database import Database
from app.store.errors import PicksRefused
from app.store.secrets import hashed, new_key
from app.store.tables import picks

READ_KEY_BYTES = 16
MOST_STARS = 1000
MOST_READERS = 100_000
# Readers of a year ago make room for new ones.
FORGOTTEN_AFTER = timedelta(days=400)
# A calendar that asks more often is not written down each time.
FETCHED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Picks:
    """One reader's stars.

    ``fetched_at`` is when a calendar last asked; it got ``fetched_revision``, and the stars as of
    ``fetched_stars``.
    """

    sessions: frozenset[str]
    changed_at: datetime
    fetched_at: datetime | None = None
    fetched_revision: int | None = None
    fetched_stars: datetime | None = None

    def vanished(self, program: Program) -> frozenset[str]:
        """The starred sessions that are not in the program any more: to be said, not dropped."""
        return self.sessions - {session.id for session in program.sessions}


@dataclass(frozen=True, slots=True)
class Keys:
    """What one reader holds: the key in the feed's address, and the one that changes stars."""

    read: str
    write: str


class PickBook:
    """All readers' stars in one database. A key that is not known raises `UnknownName`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, now: datetime) -> Keys:
        """Begin a set without stars; raises `PicksRefused` where there are too many."""
        write = new_key()
        read = _read_key(write, 0)
        with self._database.writing() as connection:
            _make_room(connection, now)
            changed_at = now.replace(microsecond=0)
            values = {"read_hash": hashed(read), "turn": 0, "sessions": "", "changed_at": changed_at}
            connection.execute(insert(picks).values(write_hash=hashed(write), **values))
        return Keys(read, write)

    def star(self, write: str, now: datetime, add: Iterable[str] = (), remove: Iterable[str] = ()) -> Picks:
        """Add and remove stars; raises `PicksRefused`.

        Devices send what their reader did, not what they have: so what two did meanwhile adds up,
        and of two words on one session the later to arrive holds.
        """
        with self._database.writing() as connection:
            row = _row(connection, write, lock=True)
            wanted = (_sessions(row) | {one for one in add if SESSION_ID.fullmatch(one)}) - set(remove)
            if len(wanted) > MOST_STARS:
                raise PicksRefused(f"at most {MOST_STARS} stars are kept")
            changed_at = _later(now, row.changed_at) if wanted != _sessions(row) else row.changed_at
            _update(connection, write, sessions=" ".join(sorted(wanted)), changed_at=changed_at)
        return replace(_picks(row), sessions=wanted, changed_at=changed_at)

    def of_device(self, write: str) -> tuple[Picks, Keys]:
        """A reader's stars and both keys, for whoever holds the write key."""
        with self._database.reading() as connection:
            row = _row(connection, write)
        return _picks(row), Keys(_read_key(write, row.turn), write)

    def of_feed(self, read: str) -> Picks:
        """A reader's stars, for whoever holds the read key."""
        with self._database.reading() as connection:
            return _picks(_row_of_feed(connection, read))

    def fetched(self, read: str, got: Picks, revision: int, now: datetime) -> None:
        """A calendar asked for the feed and got these stars as of a revision."""
        news = (got.fetched_revision, got.fetched_stars) != (revision, got.changed_at)
        if not news and got.fetched_at and now - got.fetched_at < FETCHED_EVERY:
            return
        with self._database.writing() as connection:
            of_feed = update(picks).where(picks.c.read_hash == hashed(read))
            values = {"fetched_at": now, "fetched_revision": revision, "fetched_stars": got.changed_at}
            connection.execute(of_feed.values(values))

    def renew(self, write: str) -> Keys:
        """Make another read key; the feed's former address is worth nothing from now on."""
        with self._database.writing() as connection:
            turn = _row(connection, write, lock=True).turn + 1
            read = _read_key(write, turn)
            _update(
                connection,
                write,
                turn=turn,
                read_hash=hashed(read),
                fetched_at=None,
                fetched_revision=None,
                fetched_stars=None,
            )
        return Keys(read, write)

    def close(self, write: str) -> None:
        """Forget a reader."""
        with self._database.writing() as connection:
            _row(connection, write, lock=True)
            connection.execute(delete(picks).where(picks.c.write_hash == hashed(write)))


def _read_key(write: str, turn: int) -> str:
    """128 bits that only the write key leads to."""
    digest = hashlib.sha256(f"read {turn} {write}".encode()).digest()
    return base64.urlsafe_b64encode(digest[:READ_KEY_BYTES]).decode().rstrip("=")


def _later(now: datetime, before: datetime) -> datetime:
    """Now in whole seconds, as HTTP tells when a feed has changed; two changes in one second are told apart."""
    return max(now.replace(microsecond=0), before + timedelta(seconds=1))


def _make_room(connection: Connection, now: datetime) -> None:
    if _count(connection) < MOST_READERS:
        return
    long_ago = now - FORGOTTEN_AFTER
    not_fetched = picks.c.fetched_at.is_(None) | (picks.c.fetched_at < long_ago)
    connection.execute(delete(picks).where(picks.c.changed_at < long_ago, not_fetched))
    if _count(connection) >= MOST_READERS:
        raise PicksRefused("no more readers' stars are kept here; stars stay on this device")


def _count(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(picks)) or 0


def _row(connection: Connection, write: str, *, lock: bool = False) -> Row[Any]:
    query = select(picks).where(picks.c.write_hash == hashed(write))
    row = connection.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise UnknownName("set of stars", "with this key")
    return row


def _row_of_feed(connection: Connection, read: str) -> Row[Any]:
    row = connection.execute(select(picks).where(picks.c.read_hash == hashed(read))).first()
    if row is None:
        raise UnknownName("personal feed", "with this key")
    return row


def _update(connection: Connection, write: str, **values: Any) -> None:
    connection.execute(update(picks).where(picks.c.write_hash == hashed(write)).values(**values))


def _sessions(row: Row[Any]) -> frozenset[str]:
    return frozenset(row.sessions.split())


def _picks(row: Row[Any]) -> Picks:
    return Picks(_sessions(row), row.changed_at, row.fetched_at, row.fetched_revision, row.fetched_stars)
