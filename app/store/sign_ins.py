"""People who may edit and how they sign in: a one-time link, then a key in their browser. No passwords.

``now`` is the real time, in a rehearsal too, so that the lifetime of links does not depend on its clock. What depends
on the people, links and sign-ins that there are is checked and written under the publishing lock.
"""

from __future__ import annotations

import re
import secrets
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from app.domain.conference_day import outside_conference_days
from app.domain.errors import UnknownName
from app.domain.program import Program
from app.domain.rights import FILES, TERMINAL, Editor, Role
from app.domain.texts import BadText, checked
from app.store.database import Database
from app.store.errors import BadOrganizer, LastOrganizer, SignInRefused
from app.store.revisions import Revisions
from app.store.secret_keys import key_hash, new_key, stored_among
from app.store.tables import organizers, sign_in_links, sign_ins, upsert

_PERSON = (organizers.c.name, organizers.c.role, organizers.c.room, organizers.c.session)
_SIGN_INS: Select[Any] = select(sign_ins, *_PERSON).join(organizers)

FIRST_ORGANIZER = "organizer"
# The first link is printed to a terminal or log, where others may read it.
FIRST_LINK_LIFETIME = timedelta(hours=1)
LINK_LIFETIME = timedelta(days=7)
# After this long a browser must sign in again, used or not; see `sign_in_end`.
SIGN_IN_LIFETIME = timedelta(days=30)
# The resolution of ``seen_at``, so that not every request writes.
SEEN_EVERY = timedelta(minutes=1)
LONGEST_USER_AGENT = 200
# A link is named by the first digits of its hash: that of a key of 256 random bits is no secret.
LINK_ID_DIGITS = 16
_LINK_ID = re.compile(rf"[0-9a-f]{{{LINK_ID_DIGITS}}}")
# What each role must have, and may have.
_PLACES: dict[Role, tuple[set[str], set[str]]] = {
    "organizer": (set(), set()),
    "chair": ({"room"}, set()),
    "speaker": ({"session"}, set()),
    "operator": (set(), {"room"}),
}
_EXPECTED: dict[Role, str] = {
    "organizer": "an organizer has all rooms and sessions: name none",
    "chair": "a chair has one room: name it, and no session",
    "speaker": "a speaker has one session: name it, and no room",
    "operator": "an operator has one room or all: name no session",
}


@dataclass(frozen=True, slots=True)
class SignIn:
    """One signed-in browser; ``id`` identifies it and is not its secret key."""

    id: str
    editor: Editor
    created_at: datetime
    seen_at: datetime
    user_agent: str


@dataclass(frozen=True, slots=True)
class SignInLink:
    """A one-time link that nobody has used yet; ``id`` identifies it and is not its secret key."""

    id: str
    editor: Editor
    expires_at: datetime


def place_fault(editor: Editor) -> str | None:
    """What a role needs, where somebody's room and session do not fit it; else None."""
    needed, allowed = _PLACES[editor.role]
    given = {name for name in ("room", "session") if getattr(editor, name) is not None}
    return None if needed <= given <= needed | allowed else _EXPECTED[editor.role]


def sign_in_end(program: Program, signed_in_at: datetime) -> datetime:
    """The end of a sign-in: 30 days later, and never during a day of the program, but after it."""
    return outside_conference_days(program, signed_in_at + SIGN_IN_LIFETIME)


class SignIns:
    """The people who may edit, their links and their signed-in browsers, in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, name: str, now: datetime, role: Role = "organizer", room: str | None = None, session: str | None = None
    ) -> Editor:
        """Add somebody; raises `BadOrganizer`, or `UnknownName` for a room or session that the program does not have.

        A name that exists is refused: whoever has it would lose their rights unnoticed.
        """
        editor = Editor(_checked_name(name.strip()), role, room, session)
        if fault := place_fault(editor):
            raise BadOrganizer(fault)
        _check_place(editor, self._database)
        with self._database.publishing() as connection:
            if (former := _namesake(connection, editor.name)) is not None:
                raise BadOrganizer(_exists(former))
            _write(connection, editor, now, unclaimed=False)
        return editor

    def people(self) -> tuple[Editor, ...]:
        """Everybody who may edit, by name."""
        with self._database.reading() as connection:
            found = map(_editor, connection.execute(select(organizers)))
            return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.name)))

    def last_organizer(self) -> str | None:
        """The name of the one organizer that cannot be removed; None where any may be."""
        with self._database.reading() as connection:
            claimed = _claimed_organizers(connection)
        return next(iter(claimed), FIRST_ORGANIZER) if len(claimed) <= 1 else None

    def remove(self, name: str) -> None:
        """Remove somebody with all links and sign-ins; raises `UnknownName` or `LastOrganizer`."""
        with self._database.publishing() as connection:
            editor = _person(connection, name)
            if editor.role == "organizer" and not _claimed_organizers(connection) - {editor.name}:
                raise LastOrganizer(editor.name)
            connection.execute(delete(organizers).where(organizers.c.name == editor.name))

    def new_link(self, name: str, now: datetime, lifetime: timedelta = LINK_LIFETIME) -> str:
        """The key of a one-time sign-in link; raises `UnknownName`."""
        with self._database.publishing() as connection:
            return _new_link(connection, _person(connection, name).name, now, lifetime)

    def links(self, now: datetime) -> tuple[SignInLink, ...]:
        """The links that can still be used, the first to expire first."""
        valid = select(sign_in_links, *_PERSON).join(organizers).where(sign_in_links.c.expires_at > now)
        with self._database.reading() as connection:
            rows = connection.execute(valid.order_by(sign_in_links.c.expires_at, sign_in_links.c.hash))
            return tuple(SignInLink(row.hash[:LINK_ID_DIGITS], _editor(row), row.expires_at) for row in rows)

    def withdraw_link(self, link: str) -> None:
        """Make a link invalid; raises `UnknownName`."""
        named = func.substr(sign_in_links.c.hash, 1, LINK_ID_DIGITS) == link
        with self._database.writing() as connection:
            if not _LINK_ID.fullmatch(link) or not connection.execute(delete(sign_in_links).where(named)).rowcount:
                raise UnknownName("link", checked("link", link))

    def first_link(self, now: datetime) -> str | None:
        """The key of a link for the person who starts the service; None once an organizer was added or has signed in.

        Each call withdraws the previous first link.
        """
        with self._database.publishing() as connection:
            first = _row(connection, FIRST_ORGANIZER)
            if _claimed_organizers(connection) or (first is not None and not first.unclaimed):
                return None
            _write(connection, Editor(FIRST_ORGANIZER), now, unclaimed=True)
            connection.execute(delete(sign_in_links).where(sign_in_links.c.organizer == FIRST_ORGANIZER))
            return _new_link(connection, FIRST_ORGANIZER, now, FIRST_LINK_LIFETIME)

    def open_link(self, key: str, now: datetime) -> Editor:
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
        with self._database.publishing() as connection:
            editor = _invited(connection, key, now)
            used = delete(sign_in_links).where(sign_in_links.c.hash == key_hash(key))
            # Of two concurrent requests only one deletes the link.
            if not connection.execute(used).rowcount:
                raise SignInRefused
            return _sign_in(connection, editor.name, now, user_agent)

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
                raise UnknownName("sign-in", checked("sign-in", sign_in))

    def sign_out_everywhere(self, name: str) -> None:
        """Sign somebody's browsers out and withdraw their links, but keep the person; raises `UnknownName`."""
        with self._database.publishing() as connection:
            editor = _person(connection, name)
            for table in (sign_in_links, sign_ins):
                connection.execute(delete(table).where(table.c.organizer == editor.name))


def _checked_name(name: str) -> str:
    try:
        checked("name", name)
    except BadText as error:
        raise BadOrganizer(str(error)) from error
    if not name:
        raise BadOrganizer("a name is not empty")
    if name.casefold() in {FILES, TERMINAL}:
        raise BadOrganizer(f"{name} stands in the history for what is no person; choose another name")
    return name


def _check_place(editor: Editor, database: Database) -> None:
    """Raise `UnknownName` for a room or session that is not in the current program."""
    if editor.room is None and editor.session is None:
        return
    latest = Revisions(database).latest()
    rooms = latest.program.rooms_by_id if latest else {}
    sessions = latest.program.sessions_by_id if latest else {}
    for sort, name, known in (("room", editor.room, rooms), ("session", editor.session, sessions)):
        if name is not None and name not in known:
            raise UnknownName(sort, checked(sort, name), known)


def _row(connection: Connection, name: str) -> Row[Any] | None:
    return connection.execute(select(organizers).where(organizers.c.name == name)).first()


def _namesake(connection: Connection, name: str) -> Row[Any] | None:
    """Whoever has a name, whatever its case: the history tells people apart by their names."""
    rows = connection.execute(select(organizers))
    return next((row for row in rows if row.name.casefold() == name.casefold()), None)


def check_signed_in(connection: Connection, sign_in: str, editor: Editor) -> None:
    """Raise `SignInRefused` unless a sign-in is still there, and its person as they were."""
    row = connection.execute(_SIGN_INS.where(sign_ins.c.id == sign_in)).first()
    if row is None or _editor(row) != editor:
        raise SignInRefused


def _person(connection: Connection, name: str) -> Editor:
    """Look somebody up; raises `UnknownName`."""
    row = _row(connection, checked("name", name))
    if row is None:
        raise UnknownName("person", name, tuple(connection.scalars(select(organizers.c.name))))
    return _editor(row)


def _exists(row: Row[Any]) -> str:
    role = f"an {row.role}" if row.role in {"organizer", "operator"} else f"a {row.role}"
    name = shlex.quote(row.name)
    return (
        f"{row.name} is already {role}; make a new link under People (agenda organizer link {name}), "
        f"or remove them first (agenda organizer remove {name})"
    )


def _claimed_organizers(connection: Connection) -> set[str]:
    """The names of organizers, without the first one while nobody has used its link."""
    claimed = (organizers.c.role == "organizer") & ~organizers.c.unclaimed
    return set(connection.scalars(select(organizers.c.name).where(claimed)))


def _write(connection: Connection, editor: Editor, now: datetime, *, unclaimed: bool) -> None:
    values = {"role": editor.role, "room": editor.room, "session": editor.session, "unclaimed": unclaimed}
    upsert(connection, organizers, {"name": editor.name}, values, {"created_at": now})


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


def _invited(connection: Connection, key: str, now: datetime) -> Editor:
    valid = (sign_in_links.c.hash == key_hash(key)) & (sign_in_links.c.expires_at > now)
    row = connection.execute(select(organizers).join(sign_in_links).where(valid)).first()
    if row is None:
        raise SignInRefused
    return _editor(row)


def _editor(row: Row[Any]) -> Editor:
    return Editor(row.name, row.role, row.room, row.session)


def _signed_in(row: Row[Any]) -> SignIn:
    return SignIn(row.id, _editor(row), row.created_at, row.seen_at, row.user_agent)
