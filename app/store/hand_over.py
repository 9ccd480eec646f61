"""Hand-over of a room: a link whose opener becomes the room's chair, in place of the chair who made it.

A chair who hands over is removed in the transaction that adds the new chair: at no time do both have the room, and what
they published stays. An organizer who hands a room over stays.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from app.domain.errors import NotAllowed
from app.domain.rights import Editor
from app.store.database import Database
from app.store.errors import SignInRefused
from app.store.secret_keys import key_hash
from app.store.sign_ins import (
    SignIns,
    checked_person,
    has_taken_over,
    named,
    person,
    valid_link,
    write_link,
    write_new,
    write_sign_in,
)
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
        program does not have, `SignInRefused` where the giver was removed meanwhile.
        """
        if giver.role != "organizer" and (giver.role, giver.room) != ("chair", room):
            raise NotAllowed("A room is handed over by its chair or by an organizer.")
        checked_person(self._database, Editor(giver.name, "chair", room))
        former = (sign_in_links.c.organizer == giver.name) & sign_in_links.c.salt.is_not(None)
        with self._database.publishing() as connection:
            if person(connection, giver.name) != giver:
                raise SignInRefused
            connection.execute(delete(sign_in_links).where(former, sign_in_links.c.hand_over_room.is_not(None)))
            return write_link(connection, giver.name, now + HAND_OVER_LIFETIME, secret, now=now, room=room)

    def take_over(self, key: str, name: str, now: datetime, user_agent: str) -> str:
        """Make whoever opened a link chair of its room; returns the key of their sign-in.

        Raises `SignInRefused` for a link that hands no room over or was used, `BadOrganizer` for a name that is not
        valid or that somebody has, `UnknownName` for a room that the program no longer has.
        """
        new = self.check(key, name, now)
        with self._database.publishing() as connection:
            giver = valid_link(connection, key, now).editor
            write_new(connection, new, now)
            used = {"organizer": new.name, "expires_at": now, "salt": None}
            connection.execute(update(sign_in_links).where(sign_in_links.c.hash == key_hash(key)).values(**used))
            if giver.role != "organizer":
                connection.execute(delete(organizers).where(organizers.c.name == giver.name))
            return write_sign_in(connection, new.name, now, user_agent)

    def check(self, key: str, name: str, now: datetime) -> Editor:
        """Who somebody becomes by a link; raises what `take_over` raises."""
        sign_ins = SignIns(self._database)
        room = sign_ins.open_link(key, now).room
        if room is None:
            raise SignInRefused
        new = checked_person(self._database, Editor(name, "chair", room))
        sign_ins.check(new)
        return new

    def taken_over_by(self, link: str) -> Editor | None:
        """The chair who took a room over by a link, while that is kept; None for any other link."""
        chair = select(sign_in_links, organizers.c.name).join(organizers).where(named(link))
        with self._database.reading() as connection:
            row = connection.execute(chair).first()
        return Editor(row.name, "chair", row.hand_over_room) if row is not None and has_taken_over(row) else None
