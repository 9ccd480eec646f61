"""Hand-over of a room: a link whose opener becomes the room's chair, in place of the chair who made it.

A chair who hands over is removed in the transaction that adds the new chair: at no time do both have the room, and what
they published stays. An organizer who hands a room over stays.

The answer to the new chair may be lost on the way, and then nobody would have the room: the form that took it over may
be sent again, and signs the new chair in again, as long as the link would be valid.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from app.domain.errors import NotAllowed
from app.domain.rights import Editor
from app.store.database import Database
from app.store.errors import HandedOver, SignedOut, SignInRefused
from app.store.people import checked_person, person, write_new
from app.store.sign_in_links import has_taken_over, named, use_link, valid_link, write_link
from app.store.sign_ins import SignIns, write_sign_in
from app.store.tables import organizers, sign_in_links

# The other person stands beside the giver.
HAND_OVER_LIFETIME = timedelta(minutes=15)


class HandOvers:
    """The links that hand a room over, in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def new_link(self, giver: Editor, room: str, now: datetime, secret: str | bytes) -> str:
        """The key of a link that hands a room over; the giver's former one becomes invalid.

        Raises `NotAllowed` unless the giver is an organizer or the room's chair, `UnknownName` for a room that the
        program does not have, `SignedOut` where the giver was removed meanwhile.
        """
        if giver.role != "organizer" and (giver.role, giver.room) != ("chair", room):
            raise NotAllowed("A room is handed over by its chair or by an organizer.")
        checked_person(self._database, Editor(giver.name, "chair", room))
        former = (sign_in_links.c.organizer == giver.name) & sign_in_links.c.used_by.is_(None)
        with self._database.publishing() as connection:
            if person(connection, giver.name) != giver:
                raise SignedOut
            connection.execute(delete(sign_in_links).where(former, sign_in_links.c.hand_over_room.is_not(None)))
            return write_link(connection, giver.name, now + HAND_OVER_LIFETIME, secret, now=now, room=room)

    def take_over(self, key: str, name: str, now: datetime, user_agent: str, once: str = "") -> str:
        """Make whoever opened a link chair of its room; returns the key of their sign-in.

        The form that ``once`` identifies, sent again with the same name, signs that chair in again. Raises
        `SignInRefused` for a link that hands no room over or was used, `BadOrganizer` for a name that is not valid or
        that somebody has, `UnknownName` for a room that the program no longer has.
        """
        new = self._new_chair(key, name, now, once)
        with self._database.publishing() as connection:
            link = valid_link(connection, key, now, once)
            if link.is_used and link.editor != new:
                raise HandedOver(link.editor.name)
            if not link.is_used:
                write_new(connection, new, now)
            # It is the new chair's from here on, and so stays when its giver is removed.
            use_link(connection, key, replace(link, editor=new), once, now)
            if not link.is_used and link.editor.role != "organizer":
                connection.execute(delete(organizers).where(organizers.c.name == link.editor.name))
            return write_sign_in(connection, new.name, now, user_agent)

    def check(self, key: str, name: str, now: datetime) -> None:
        """Raise what `take_over` raises, without handing over."""
        SignIns(self._database).check(self._new_chair(key, name, now))

    def _new_chair(self, key: str, name: str, now: datetime, once: str = "") -> Editor:
        """Who somebody becomes by a link, if nobody has their name; raises what `take_over` raises."""
        room = SignIns(self._database).open_link(key, now, once).room
        if room is None:
            raise SignInRefused
        return checked_person(self._database, Editor(name, "chair", room))

    def taken_over_by(self, link: str) -> Editor | None:
        """The chair who took a room over by a link, while that is kept; None for any other link."""
        chair = select(sign_in_links, organizers.c.name).join(organizers).where(named(link))
        with self._database.reading() as connection:
            row = connection.execute(chair).first()
        return Editor(row.name, "chair", row.hand_over_room) if row is not None and has_taken_over(row) else None
