"""People who may edit and how they sign in: a one-time link, then a key in their browser. No passwords.

``now`` is the real time, in a rehearsal too, so that the lifetime of links does not depend on its clock. What depends
on the people, links and sign-ins that there are is checked and written under the publishing lock.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, false, func, insert, select, update

from app.domain.conference_day import outside_conference_days
from app.domain.errors import UnknownName
from app.domain.program import Program
from app.domain.rights import FILES, TERMINAL, Editor, Role
from app.domain.texts import BadText, checked
from app.store.database import Database
from app.store.errors import BadOrganizer, HandedOver, LastOrganizer, NameTaken, SignedOut, SignInRefused
from app.store.revisions import Revisions
from app.store.secret_keys import derived_key, key_hash, new_key, stored_among
from app.store.tables import organizers, sign_in_links, sign_ins, upsert

_PERSON = (organizers.c.name, organizers.c.role, organizers.c.room, organizers.c.session)
_SIGN_INS: Select[Any] = select(sign_ins, *_PERSON).join(organizers)
_LINKS: Select[Any] = select(sign_in_links, *_PERSON).join(organizers)

FIRST_ORGANIZER = "organizer"
# The first link is printed to a terminal or log, where others may read it.
FIRST_LINK_LIFETIME = timedelta(hours=1)
LINK_LIFETIME = timedelta(days=7)
# For so long after it expired the page of a link that handed a room over says to whom.
EXPIRED_LINKS_KEPT = timedelta(days=1)
# For so long the form that used a link may use it again, where its answer was lost on the way.
USED_AGAIN_WITHIN = timedelta(minutes=15)
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
    """A one-time link; ``id`` identifies it and is not its secret key, which is None where it is not known.

    It signs ``editor`` in, or hands their ``room`` over to whoever opens it; if ``is_used``, ``editor`` has taken over.
    """

    id: str
    editor: Editor
    expires_at: datetime
    room: str | None = None
    is_used: bool = False
    key: str | None = field(default=None, repr=False)


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
        editor = checked_person(self._database, Editor(name, role, room, session))
        with self._database.publishing() as connection:
            write_new(connection, editor, now)
        return editor

    def check(self, editor: Editor) -> None:
        """Raise what `add` raises for somebody, without adding them."""
        name = checked_person(self._database, editor).name
        with self._database.reading() as connection:
            _check_free(connection, name)

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
            removed = _removable(connection, name)
            connection.execute(delete(organizers).where(organizers.c.name == removed))

    def check_removal(self, name: str) -> None:
        """Raise what `remove` raises for somebody, without removing them."""
        with self._database.reading() as connection:
            _removable(connection, name)

    def new_link(
        self, name: str, now: datetime, lifetime: timedelta = LINK_LIFETIME, secret: str | bytes | None = None
    ) -> str:
        """The key of a one-time sign-in link, which can be shown again with ``secret``; raises `UnknownName`."""
        with self._database.publishing() as connection:
            return write_link(connection, person(connection, name).name, now + lifetime, secret, now=now)

    def link(self, link: str, now: datetime, secret: str | bytes) -> SignInLink:
        """A link that can still be used, with its key if it was made with this secret; raises `UnknownName`."""
        with self._database.reading() as connection:
            row = connection.execute(_LINKS.where(named(link), _usable(now))).first()
        if row is None:
            raise UnknownName("link", checked("link", link))
        key = derived_key(secret, row.salt) if row.salt else ""
        return replace(_link(row), key=key if key_hash(key) == row.hash else None)

    def links(self, now: datetime) -> tuple[SignInLink, ...]:
        """The links that can still be used, the first to expire first."""
        valid = _LINKS.where(_usable(now))
        with self._database.reading() as connection:
            return tuple(
                map(_link, connection.execute(valid.order_by(sign_in_links.c.expires_at, sign_in_links.c.hash)))
            )

    def withdraw_link(self, link: str) -> None:
        """Make an unused link invalid; raises `UnknownName`."""
        unused = delete(sign_in_links).where(named(link), sign_in_links.c.used_by.is_(None))
        with self._database.writing() as connection:
            if not connection.execute(unused).rowcount:
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
            return write_link(connection, FIRST_ORGANIZER, now + FIRST_LINK_LIFETIME, None, now=now)

    def open_link(self, key: str, now: datetime, once: str = "") -> SignInLink:
        """The link with a key; it stays unused, since chat programs open links. Raises `SignInRefused`.

        A used one is refused too, unless the form that ``once`` identifies used it a few minutes ago.
        """
        with self._database.reading() as connection:
            return valid_link(connection, key, now, once)

    def links_among(self, keys: Iterable[str]) -> frozenset[str]:
        """Those of some keys that are a link's, whether or not it has expired."""
        return stored_among(self._database, keys, sign_in_links.c.hash)

    def redeem(self, key: str, now: datetime, user_agent: str, once: str = "") -> str:
        """Use a link up that signs somebody in; returns the key of a new sign-in. Raises `SignInRefused`.

        The form that ``once`` identifies may be sent again for a few minutes, in case its answer was lost.
        """
        # A made-up key is refused before it takes the lock of writers.
        self.open_link(key, now, once)
        with self._database.publishing() as connection:
            link = valid_link(connection, key, now, once)
            # A hand-over does not sign its giver in.
            if link.room is not None:
                raise SignInRefused
            use_link(connection, key, link, once, now)
            return write_sign_in(connection, link.editor.name, now, user_agent)

    def signed_in(self, key: str, now: datetime, program: Program) -> SignIn:
        """The sign-in with this key, if it has not ended; raises `SignedOut`."""
        with self._database.reading() as connection:
            row = connection.execute(_SIGN_INS.where(sign_ins.c.hash == key_hash(key))).first()
        if row is None or now >= sign_in_end(program, row.created_at):
            raise SignedOut
        if now - row.seen_at >= SEEN_EVERY:
            with self._database.writing() as connection:
                connection.execute(update(sign_ins).where(sign_ins.c.id == row.id).values(seen_at=now))
        return _signed_in(row)

    def keys_among(self, keys: Iterable[str], now: datetime, program: Program, roles: Iterable[Role]) -> frozenset[str]:
        """Those of some keys whose sign-in has not ended, of people in some roles."""
        key_of_hash = {key_hash(key): key for key in keys}
        asked = sign_ins.c.hash.in_(key_of_hash) & organizers.c.role.in_(roles)
        with self._database.reading() as connection:
            rows = connection.execute(_SIGN_INS.where(asked))
            return frozenset(key_of_hash[row.hash] for row in rows if now < sign_in_end(program, row.created_at))

    def all(self, now: datetime, program: Program) -> tuple[SignIn, ...]:
        """The signed-in browsers, the most recently used first."""
        with self._database.reading() as connection:
            rows = connection.execute(_SIGN_INS.order_by(sign_ins.c.seen_at.desc(), sign_ins.c.id))
            return tuple(_signed_in(row) for row in rows if now < sign_in_end(program, row.created_at))

    def revoke(self, sign_in: str) -> None:
        """Sign one browser out; raises `UnknownName`. The form that signed it in does not do so again."""
        with self._database.writing() as connection:
            name = connection.scalar(select(sign_ins.c.organizer).where(sign_ins.c.id == sign_in))
            if name is None:
                raise UnknownName("sign-in", checked("sign-in", sign_in))
            connection.execute(delete(sign_ins).where(sign_ins.c.id == sign_in))
            used = (sign_in_links.c.organizer == name) & sign_in_links.c.used_by.is_not(None)
            connection.execute(update(sign_in_links).where(used).values(used_by=""))

    def sign_out_everywhere(self, name: str) -> None:
        """Sign somebody's browsers out and withdraw their links, but keep the person; raises `UnknownName`."""
        with self._database.publishing() as connection:
            editor = person(connection, name)
            for table in (sign_in_links, sign_ins):
                connection.execute(delete(table).where(table.c.organizer == editor.name))


def checked_person(database: Database, editor: Editor) -> Editor:
    """Somebody who may be added, if nobody has their name; raises `BadOrganizer` or `UnknownName`."""
    editor = replace(editor, name=_checked_name(editor.name.strip()))
    if fault := place_fault(editor):
        raise BadOrganizer(fault, "session" if editor.role == "speaker" else "room")
    _check_place(editor, database)
    return editor


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


def _check_free(connection: Connection, name: str) -> None:
    """Raise `NameTaken` where somebody has a name, whatever its case: the history tells people apart by their names."""
    for row in connection.execute(select(organizers)):
        if row.name.casefold() == name.casefold():
            raise NameTaken(row.name, row.role)


def write_new(connection: Connection, editor: Editor, now: datetime) -> None:
    """Add somebody under the publishing lock; raises `NameTaken`."""
    _check_free(connection, editor.name)
    _write(connection, editor, now, unclaimed=False)


def named(link: str) -> ColumnElement[bool]:
    """The condition that a link has an id; one that is no id names none."""
    matches = func.substr(sign_in_links.c.hash, 1, LINK_ID_DIGITS) == link
    return matches if _LINK_ID.fullmatch(link) else false()


def link_id(key: str) -> str:
    """The id of the link with a key."""
    return key_hash(key)[:LINK_ID_DIGITS]


def check_signed_in(connection: Connection, sign_in: str, editor: Editor) -> None:
    """Raise `SignedOut` unless a sign-in is still there, and its person as they were."""
    row = connection.execute(_SIGN_INS.where(sign_ins.c.id == sign_in)).first()
    if row is None or _editor(row) != editor:
        raise SignedOut


def person(connection: Connection, name: str) -> Editor:
    """Look somebody up; raises `UnknownName`."""
    row = _row(connection, checked("name", name))
    if row is None:
        raise UnknownName("person", name, tuple(connection.scalars(select(organizers.c.name))))
    return _editor(row)


def _removable(connection: Connection, name: str) -> str:
    """The name of somebody who may be removed; raises `UnknownName` or `LastOrganizer`."""
    editor = person(connection, name)
    if editor.role == "organizer" and not _claimed_organizers(connection) - {editor.name}:
        raise LastOrganizer(editor.name)
    return editor.name


def _claimed_organizers(connection: Connection) -> set[str]:
    """The names of organizers, without the first one while nobody has used its link."""
    claimed = (organizers.c.role == "organizer") & ~organizers.c.unclaimed
    return set(connection.scalars(select(organizers.c.name).where(claimed)))


def _write(connection: Connection, editor: Editor, now: datetime, *, unclaimed: bool) -> None:
    values = {"role": editor.role, "room": editor.room, "session": editor.session, "unclaimed": unclaimed}
    upsert(connection, organizers, {"name": editor.name}, values, {"created_at": now})


def write_link(
    connection: Connection,
    name: str,
    expires_at: datetime,
    secret: str | bytes | None,
    *,
    now: datetime,
    room: str | None = None,
) -> str:
    """Make a link of somebody, one that hands a room over if there is one; returns its key."""
    salt = None if secret is None else new_key()
    key = new_key() if secret is None or salt is None else derived_key(secret, salt)
    connection.execute(delete(sign_in_links).where(sign_in_links.c.expires_at <= now - EXPIRED_LINKS_KEPT))
    values = {"organizer": name, "expires_at": expires_at, "salt": salt, "hand_over_room": room}
    connection.execute(insert(sign_in_links).values(hash=key_hash(key), **values))
    return key


def write_sign_in(connection: Connection, name: str, now: datetime, user_agent: str) -> str:
    """Sign a browser of somebody in; returns its key."""
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


def valid_link(connection: Connection, key: str, now: datetime, once: str = "") -> SignInLink:
    """The link with a key, if it can be used, or the form that ``once`` identifies used it; raises `SignInRefused`."""
    row = connection.execute(_LINKS.where(sign_in_links.c.hash == key_hash(key))).first()
    if row is not None and row.expires_at > now and row.used_by in {None, _form_hash(once) or None}:
        return _link(row)
    if row is not None and has_taken_over(row):
        raise HandedOver(row.name)
    raise SignInRefused


def use_link(connection: Connection, key: str, link: SignInLink, once: str, now: datetime) -> None:
    """Mark a link as used by its editor with the form that ``once`` identifies, for the first time or again."""
    used = {
        "organizer": link.editor.name,
        "expires_at": min(link.expires_at, now + USED_AGAIN_WITHIN),
        "salt": None,
        "used_by": _form_hash(once),
    }
    connection.execute(update(sign_in_links).where(sign_in_links.c.hash == key_hash(key)).values(**used))


def _form_hash(once: str) -> str:
    return key_hash(once) if once else ""


def _usable(now: datetime) -> ColumnElement[bool]:
    """The condition that a link can still be used."""
    return sign_in_links.c.used_by.is_(None) & (sign_in_links.c.expires_at > now)


def has_taken_over(row: Row[Any]) -> bool:
    """Whether a link handed its room over: it is the new chair's then."""
    return row.hand_over_room is not None and row.used_by is not None


def _link(row: Row[Any]) -> SignInLink:
    is_used = row.used_by is not None
    return SignInLink(row.hash[:LINK_ID_DIGITS], _editor(row), row.expires_at, row.hand_over_room, is_used)


def _editor(row: Row[Any]) -> Editor:
    return Editor(row.name, row.role, row.room, row.session)


def _signed_in(row: Row[Any]) -> SignIn:
    return SignIn(row.id, _editor(row), row.created_at, row.seen_at, row.user_agent)
