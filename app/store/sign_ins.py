"""Organizers and how they sign in: a one-time link, then a key in their browser. No passwords.

``now`` is the real time, in a rehearsal too, so that the lifetime of links does not depend on its clock.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from app.domain.conference_day import outside_conference_days
from app.domain.errors import UnknownName
from app.domain.program import Program
from app.domain.texts import BadText, checked
from app.store.database import Database
from app.store.errors import BadOrganizer, SignInRefused
from app.store.secret_keys import key_hash, new_key, stored_among
from app.store.tables import organizers, sign_in_links, sign_ins, upsert

Role = Literal["organizer", "chair"]

_SIGN_INS: Select[Any] = select(sign_ins, organizers.c.name, organizers.c.role, organizers.c.room).join(organizers)

FIRST_ORGANIZER = "organizer"
# The first link is printed to a terminal or log, where others may read it.
FIRST_LINK_LIFETIME = timedelta(hours=1)
LINK_LIFETIME = timedelta(days=7)
# After this long a browser must sign in again, used or not; see `sign_in_end`.
SIGN_IN_LIFETIME = timedelta(days=30)
# The resolution of ``seen_at``, so that not every request writes.
SEEN_EVERY = timedelta(minutes=1)
LONGEST_USER_AGENT = 200


@dataclass(frozen=True, slots=True)
class Organizer:
    """A person who may edit: an organizer everything, a chair the times of one room."""

    name: str
    role: Role
    room: str | None = None


@dataclass(frozen=True, slots=True)
class SignIn:
    """One signed-in browser; ``id`` identifies it and is not its secret key."""

    id: str
    organizer: Organizer
    created_at: datetime
    seen_at: datetime
    user_agent: str


def sign_in_end(program: Program, signed_in_at: datetime) -> datetime:
    """The end of a sign-in: 30 days later, and never during a day of the program, but after it."""
    return outside_conference_days(program, signed_in_at + SIGN_IN_LIFETIME)


class SignIns:
    """The organizers, links and signed-in browsers of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, now: datetime, role: Role = "organizer", room: str | None = None) -> Organizer:
        """Add an organizer, or change the role and room of one; raises `BadOrganizer`."""
        if (role == "chair") != (room is not None) or not name.strip():
            raise BadOrganizer(f"organizer {name!r}: a name is not empty; a chair has a room, an organizer none")
        try:
            checked("name", name)
        except BadText as error:
            raise BadOrganizer(str(error)) from error
        with self._database.writing() as connection:
            _add(connection, Organizer(name, role, room), now, unclaimed=False)
        return Organizer(name, role, room)

    def organizers(self) -> tuple[Organizer, ...]:
        """All organizers, by name."""
        with self._database.reading() as connection:
            return tuple(map(_organizer, connection.execute(select(organizers).order_by(organizers.c.name))))

    def remove(self, name: str) -> None:
        """Remove an organizer with all links and sign-ins; raises `UnknownName`."""
        with self._database.writing() as connection:
            if not connection.execute(delete(organizers).where(organizers.c.name == name)).rowcount:
                raise UnknownName("organizer", name)

    def new_link(self, name: str, now: datetime, lifetime: timedelta = LINK_LIFETIME) -> str:
        """The key of a one-time sign-in link; raises `UnknownName`."""
        with self._database.writing() as connection:
            if not connection.scalar(select(organizers.c.name).where(organizers.c.name == name)):
                raise UnknownName("organizer", name)
            return _new_link(connection, name, now, lifetime)

    def first_link(self, now: datetime) -> str | None:
        """The key of a link for the person who starts the service; None once somebody was added or has signed in.

        Each call withdraws the previous first link.
        """
        with self._database.publishing() as connection:
            if connection.scalar(select(func.count()).select_from(organizers).where(~organizers.c.unclaimed)):
                return None
            _add(connection, Organizer(FIRST_ORGANIZER, "organizer"), now, unclaimed=True)
            connection.execute(delete(sign_in_links).where(sign_in_links.c.organizer == FIRST_ORGANIZER))
            return _new_link(connection, FIRST_ORGANIZER, now, FIRST_LINK_LIFETIME)

    def open_link(self, key: str, now: datetime) -> Organizer:
        """Whom a link would sign in; it stays unused, since chat programs open links. Raises `SignInRefused`."""
        with self._database.reading() as connection:
            return _invited(connection, key, now)

    def links_among(self, keys: Iterable[str]) -> frozenset[str]:
        """Those of some keys that are a link's, whether or not it has expired."""
        return stored_among(self._database, keys, sign_in_links.c.hash)

    def redeem(self, key: str, now: datetime, user_agent: str) -> str:
        """Use a link up; returns the key of a new sign-in. Raises `SignInRefused`."""
        # A made-up key is refused before it takes the lock of writers.
        self.open_link(key, now)
        with self._database.writing() as connection:
            organizer = _invited(connection, key, now)
            used = delete(sign_in_links).where(sign_in_links.c.hash == key_hash(key))
            # Of two concurrent requests only one deletes the link.
            if not connection.execute(used).rowcount:
                raise SignInRefused
            return _sign_in(connection, organizer.name, now, user_agent)

    def signed_in(self, key: str, now: datetime, program: Program) -> SignIn:
        """The sign-in with this key, if it has not ended; raises `SignInRefused`."""
        with self._database.reading() as connection:
            row = connection.execute(_SIGN_INS.where(sign_ins.c.hash == key_hash(key))).first()
        if row is None or now >= sign_in_end(program, row.created_at):
            raise SignInRefused
        if now - row.seen_at >= SEEN_EVERY:
            with self._database.writing() as connection:
                connection.execute(update(sign_ins).where(sign_ins.c.id == row.id).values(seen_at=now))
        return _signed_in(row)

    def all(self, now: datetime, program: Program) -> tuple[SignIn, ...]:
        """The signed-in browsers, the most recently used first."""
        with self._database.reading() as connection:
            rows = connection.execute(_SIGN_INS.order_by(sign_ins.c.seen_at.desc(), sign_ins.c.id))
            return tuple(_signed_in(row) for row in rows if now < sign_in_end(program, row.created_at))

    def revoke(self, sign_in: str) -> None:
        """Sign one browser out; raises `UnknownName`."""
        with self._database.writing() as connection:
            if not connection.execute(delete(sign_ins).where(sign_ins.c.id == sign_in)).rowcount:
                raise UnknownName("sign-in", sign_in)


def _add(connection: Connection, organizer: Organizer, now: datetime, *, unclaimed: bool) -> None:
    values = {"role": organizer.role, "room": organizer.room, "unclaimed": unclaimed}
    upsert(connection, organizers, {"name": organizer.name}, values, {"created_at": now})


def _new_link(connection: Connection, name: str, now: datetime, lifetime: timedelta) -> str:
    key = new_key()
    connection.execute(delete(sign_in_links).where(sign_in_links.c.expires_at <= now))
    connection.execute(insert(sign_in_links).values(hash=key_hash(key), organizer=name, expires_at=now + lifetime))
    return key


def _sign_in(connection: Connection, name: str, now: datetime, user_agent: str) -> str:
    key = new_key()
    connection.execute(update(organizers).where(organizers.c.name == name).values(unclaimed=False))
    # Twice as long, since a sign-in may last until after the program's days.
    connection.execute(delete(sign_ins).where(sign_ins.c.seen_at <= now - 2 * SIGN_IN_LIFETIME))
    connection.execute(
        insert(sign_ins).values(
            id=secrets.token_hex(8),
            hash=key_hash(key),
            organizer=name,
            created_at=now,
            seen_at=now,
            user_agent=user_agent[:LONGEST_USER_AGENT],
        )
    )
    return key


def _invited(connection: Connection, key: str, now: datetime) -> Organizer:
    valid = (sign_in_links.c.hash == key_hash(key)) & (sign_in_links.c.expires_at > now)
    row = connection.execute(select(organizers).join(sign_in_links).where(valid)).first()
    if row is None:
        raise SignInRefused
    return _organizer(row)


def _organizer(row: Row[Any]) -> Organizer:
    return Organizer(row.name, row.role, row.room)


def _signed_in(row: Row[Any]) -> SignIn:
    return SignIn(row.id, _organizer(row), row.created_at, row.seen_at, row.user_agent)
