"""Signing in: a one-time link, then a key in the person's browser. No passwords.

`SignIns` is what the console and the commands use; `people` and `sign_in_links` have the rules and rows of those.
``now`` is the real time, in a rehearsal too, so that the lifetime of links does not depend on its clock. What depends
on the people, links and sign-ins that there are is checked and written under the publishing lock.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from app.domain.conference_day import outside_conference_days
from app.domain.edits.speaker_rights import changes_until
from app.domain.errors import UnknownName
from app.domain.program import Program
from app.domain.rights import Editor, Role
from app.domain.texts import checked
from app.store.database import Database
from app.store.errors import SignedOut, SignInRefused
from app.store.people import (
    PERSON,
    check_free,
    checked_person,
    claimed_organizers,
    editor_of,
    person,
    removable,
    row_of,
    write_new,
    write_person,
)
from app.store.revisions import raise_version
from app.store.secret_keys import key_hash, new_key, stored_among
from app.store.sign_in_links import LINKS, SignInLink, link_of, named, usable, use_link, valid_link, write_link
from app.store.tables import organizers, proposals, sign_in_links, sign_ins

_SIGN_INS: Select[Any] = select(sign_ins, *PERSON).join(organizers)

FIRST_ORGANIZER = "organizer"
# The first link is printed to a terminal or log, where others may read it.
FIRST_LINK_LIFETIME = timedelta(hours=1)
LINK_LIFETIME = timedelta(days=7)
# Links of speakers are sent long before the day, and some read their mail late.
SPEAKER_LINK_LIFETIME = timedelta(days=30)
# After this long a browser must sign in again, used or not; see `sign_in_end`.
SIGN_IN_LIFETIME = timedelta(days=30)
# The resolution of ``seen_at``, so that not every request writes.
SEEN_EVERY = timedelta(minutes=1)
LONGEST_USER_AGENT = 200


@dataclass(frozen=True, slots=True)
class SignIn:
    """One signed-in browser; ``id`` identifies it and is not its secret key."""

    id: str
    editor: Editor
    created_at: datetime
    seen_at: datetime
    user_agent: str


def sign_in_end(program: Program, signed_in_at: datetime, editor: Editor | None = None) -> datetime:
    """The end of a sign-in: 30 days later, and never during a day of the program, but after it.

    That of a speaker lasts at least for as long as they may change something of their session.
    """
    end = outside_conference_days(program, signed_in_at + SIGN_IN_LIFETIME)
    session = program.sessions_by_id.get(editor.session or "") if editor else None
    return max(end, changes_until(session)) if session else end


class SignIns:
    """The people who may edit, their links and their signed-in browsers, in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        name: str,
        now: datetime,
        role: Role = "organizer",
        room: str | None = None,
        session: str | None = None,
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
            check_free(connection, name)

    def people(self) -> tuple[Editor, ...]:
        """Everybody who may edit, by name."""
        with self._database.reading() as connection:
            found = map(editor_of, connection.execute(select(organizers)))
            return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.name)))

    def last_organizer(self) -> str | None:
        """The name of the one organizer that cannot be removed; None where any may be."""
        with self._database.reading() as connection:
            claimed = claimed_organizers(connection)
        return next(iter(claimed), FIRST_ORGANIZER) if len(claimed) <= 1 else None

    def remove(self, name: str) -> None:
        """Remove somebody with links, sign-ins and what waits of theirs; raises `UnknownName` or `LastOrganizer`."""
        with self._database.publishing() as connection:
            removed = removable(connection, name)
            waiting = (proposals.c.author == removed) & (proposals.c.state != "published")
            if connection.execute(delete(proposals).where(waiting)).rowcount:
                raise_version(connection)
            connection.execute(delete(organizers).where(organizers.c.name == removed))

    def check_removal(self, name: str) -> None:
        """Raise what `remove` raises for somebody, without removing them."""
        with self._database.reading() as connection:
            removable(connection, name)

    def new_link(
        self, name: str, now: datetime, lifetime: timedelta | None = None, secret: str | bytes | None = None
    ) -> str:
        """The key of a one-time sign-in link, which can be shown again with ``secret``; raises `UnknownName`.

        It can be used for 7 days unless ``lifetime`` is given; that of a speaker for 30, and it withdraws their others.
        """
        with self._database.publishing() as connection:
            return new_link_of(connection, person(connection, name), now, secret, lifetime)

    def link(self, link: str, now: datetime, secret: str | bytes) -> SignInLink:
        """A link that can still be used, with its key if it was made with this secret; raises `UnknownName`."""
        with self._database.reading() as connection:
            row = connection.execute(LINKS.where(named(link), usable(now))).first()
        if row is None:
            raise UnknownName("link", checked("link", link))
        return link_of(row, secret)

    def links(self, now: datetime, secret: str | bytes | None = None) -> tuple[SignInLink, ...]:
        """The links that can still be used, the first to expire first; with the keys made with ``secret``, if given."""
        valid = LINKS.where(usable(now)).order_by(sign_in_links.c.expires_at, sign_in_links.c.hash)
        with self._database.reading() as connection:
            return tuple(link_of(row, secret) for row in connection.execute(valid))

    def withdraw_link(self, link: str) -> None:
        """Make an unused link invalid; raises `UnknownName`."""
        unused = delete(sign_in_links).where(named(link), sign_in_links.c.used_by.is_(None))
        with self._database.publishing() as connection:
            if not connection.execute(unused).rowcount:
                raise UnknownName("link", checked("link", link))

    def first_link(self, now: datetime) -> str | None:
        """The key of a link for the person who starts the service; None once an organizer was added or has signed in.

        Each call withdraws the previous first link.
        """
        with self._database.publishing() as connection:
            first = row_of(connection, FIRST_ORGANIZER)
            if claimed_organizers(connection) or (first is not None and not first.unclaimed):
                return None
            write_person(connection, Editor(FIRST_ORGANIZER), now, unclaimed=True)
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
            if link.editor.role == "speaker":
                # They are signed in on one device: who found an older one cannot go on.
                connection.execute(delete(sign_ins).where(sign_ins.c.organizer == link.editor.name))
            return write_sign_in(connection, link.editor.name, now, user_agent)

    def signed_in(self, key: str, now: datetime, program: Program) -> SignIn:
        """The sign-in with this key, if it has not ended; raises `SignedOut`."""
        with self._database.reading() as connection:
            row = connection.execute(_SIGN_INS.where(sign_ins.c.hash == key_hash(key))).first()
        if row is None or _is_over(row, program, now):
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
            return frozenset(key_of_hash[row.hash] for row in rows if not _is_over(row, program, now))

    def all(self, now: datetime, program: Program) -> tuple[SignIn, ...]:
        """The signed-in browsers, the most recently used first."""
        with self._database.reading() as connection:
            rows = connection.execute(_SIGN_INS.order_by(sign_ins.c.seen_at.desc(), sign_ins.c.id))
            return tuple(_signed_in(row) for row in rows if not _is_over(row, program, now))

    def revoke(self, sign_in: str) -> None:
        """Sign one browser out; raises `UnknownName`. The form that signed it in does not do so again."""
        with self._database.publishing() as connection:
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


def new_link_of(
    connection: Connection, editor: Editor, now: datetime, secret: str | bytes | None, lifetime: timedelta | None = None
) -> str:
    """The key of a new link of somebody, as `SignIns.new_link` makes it."""
    usual = LINK_LIFETIME
    if editor.role == "speaker":
        usual = SPEAKER_LINK_LIFETIME
        unused = (sign_in_links.c.organizer == editor.name) & sign_in_links.c.used_by.is_(None)
        connection.execute(delete(sign_in_links).where(unused))
    return write_link(connection, editor.name, now + (lifetime or usual), secret, now=now)


def names_with_access(connection: Connection, program: Program, now: datetime) -> set[str]:
    """Who has a link that can be used to sign in, or is signed in."""
    links = select(sign_in_links.c.organizer).where(usable(now), sign_in_links.c.hand_over_room.is_(None))
    signed_in = (row.name for row in connection.execute(_SIGN_INS) if not _is_over(row, program, now))
    return {*connection.scalars(links), *signed_in}


def check_signed_in(connection: Connection, sign_in: str, editor: Editor) -> None:
    """Raise `SignedOut` unless a sign-in is still there, and its person as they were."""
    row = connection.execute(_SIGN_INS.where(sign_ins.c.id == sign_in)).first()
    if row is None or editor_of(row) != editor:
        raise SignedOut


def write_sign_in(connection: Connection, name: str, now: datetime, user_agent: str) -> str:
    """Sign a browser of somebody in; returns its key."""
    key = new_key()
    connection.execute(update(organizers).where(organizers.c.name == name).values(unclaimed=False))
    # Twice as long, since a sign-in may last until after the program's days. That of a speaker, who has one, may last
    # for months, and they may be away all the time.
    speakers = select(organizers.c.name).where(organizers.c.role == "speaker")
    old = (sign_ins.c.seen_at <= now - 2 * SIGN_IN_LIFETIME) & sign_ins.c.organizer.not_in(speakers)
    connection.execute(delete(sign_ins).where(old))
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


def _is_over(row: Row[Any], program: Program, now: datetime) -> bool:
    return now >= sign_in_end(program, row.created_at, editor_of(row))


def _signed_in(row: Row[Any]) -> SignIn:
    return SignIn(row.id, editor_of(row), row.created_at, row.seen_at, row.user_agent)
