"""Room state in the database: cues, ticks for speakers, notes for whoever chairs. Nothing of it is in a revision.

Whoever changes it holds the publishing lock, so that rights are checked on the newest revision. Each change raises a
version, by which other processes notice it.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from app.domain.cues import Cue, checked_cue
from app.domain.edits.edit_rights import check_cue, check_room_state, check_tick
from app.domain.errors import NotAllowed, UnknownName
from app.domain.program import Program
from app.domain.rights import Editor
from app.domain.room_state import MOST_NOTES, TICKS, ChairNote, SpeakerTick, Tick
from app.domain.texts import BadText, checked
from app.store.errors import NoDatabase, NotesFull
from app.store.revisions import Revisions, raise_version, room_state_version
from app.store.sign_ins import check_signed_in
from app.store.tables import chair_notes, cues, speaker_ticks, upsert

ID_BYTES = 8
# So many digits of a form's key are the id of the note that it adds.
NOTE_ID_DIGITS = 32


class RoomStates:
    """The room state of one database. With ``sign_in`` that sign-in must still be there (else `SignInRefused`)."""

    def __init__(self, revisions: Revisions) -> None:
        self._revisions = revisions
        self._database = revisions.database

    def version(self) -> int:
        """How often the room state was changed."""
        with self._database.reading() as connection:
            return room_state_version(connection)

    def ticks(self, sessions: Collection[str]) -> tuple[SpeakerTick, ...]:
        """The ticks of some sessions, also of people who are no longer their speakers."""
        query = select(speaker_ticks).where(speaker_ticks.c.session.in_(sessions))
        with self._database.reading() as connection:
            return tuple(SpeakerTick(**row._asdict()) for row in connection.execute(query))

    def notes(self, sessions: Collection[str]) -> tuple[ChairNote, ...]:
        """The notes on some sessions, oldest first."""
        query = select(chair_notes).where(chair_notes.c.session.in_(sessions))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(chair_notes.c.at, chair_notes.c.id))
            return tuple(ChairNote(**row._asdict()) for row in rows)

    def cues(self) -> tuple[Cue, ...]:
        """The last cue of each room that was not cleared; it may stand no longer."""
        with self._database.reading() as connection:
            return tuple(Cue(**row._asdict()) for row in connection.execute(select(cues).order_by(cues.c.room)))

    def send_cue(
        self, room: str, text: str, style: str, *, minutes: int, by: Editor, now: datetime, sign_in: str | None = None
    ) -> None:
        """Show a cue on the stage of a room for so many minutes, instead of any other.

        Raises `BadText`, `UnknownName`, `NotAllowed`.
        """
        words, found = checked_cue(text, style, minutes)
        with self._changing(by, sign_in) as (connection, program):
            check_cue(by, program.room(room).id)
            raise_version(connection)
            values = {"text": words, "style": found, "by": by.name, "at": now}
            values |= {
                "id": room_state_version(connection),
                "until": now + timedelta(minutes=minutes),
                "shown_at": None,
            }
            upsert(connection, cues, {"room": room}, values)

    def clear_cue(self, room: str, *, by: Editor, sign_in: str | None = None) -> None:
        """Clear the cue of a room; where none is, that is no fault. Raises `UnknownName`, `NotAllowed`."""
        with self._changing(by, sign_in) as (connection, program):
            check_cue(by, program.room(room).id)
            if connection.execute(delete(cues).where(cues.c.room == room)).rowcount:
                raise_version(connection)

    def waits_for_stage(self, room: str, cue: int) -> bool:
        """Whether this is the cue of a room, and no screen has said yet that it shows it."""
        with self._database.reading() as connection:
            return connection.execute(select(cues.c.id).where(_is_unshown(room, cue))).first() is not None

    def note_stage_connected(self) -> None:
        """Tell consoles that a room has a stage that had none."""
        with self._revisions.publishing() as transaction:
            raise_version(transaction.connection)

    def note_cue_shown(self, room: str, cue: int, now: datetime) -> None:
        """Note when a screen of a room first shows its cue; one that was replaced meanwhile changes nothing."""
        with self._revisions.publishing() as transaction:
            connection = transaction.connection
            if connection.execute(update(cues).where(_is_unshown(room, cue)).values(shown_at=now)).rowcount:
                raise_version(connection)

    def set_tick(
        self, session: str, speaker: str, tick: str, *, on: bool, by: Editor, now: datetime, sign_in: str | None = None
    ) -> None:
        """Set or remove a tick; one that is so already stays. Raises `UnknownName`, `NotAllowed`."""
        with self._changing(by, sign_in) as (connection, program):
            check_tick(by, program.session(session), speaker, tick, now)
            key = {"session": session, "speaker": _speaker(program, session, speaker), "tick": _tick(tick)}
            if _has_tick(connection, key) == on:
                return
            if on:
                connection.execute(insert(speaker_ticks).values(**key, by=by.name, at=now))
            else:
                connection.execute(delete(speaker_ticks).filter_by(**key))
            raise_version(connection)

    def add_note(
        self, session: str, text: str, *, by: Editor, now: datetime, sign_in: str | None = None, once: str = ""
    ) -> ChairNote:
        """Add a note to a session; the former note where the form with the key ``once`` added one, "" for no form.

        Raises `BadText`, `UnknownName`, `NotAllowed` or `NotesFull`.
        """
        note = ChairNote(once[:NOTE_ID_DIGITS] or secrets.token_hex(ID_BYTES), session, text, by.name, now)
        with self._changing(by, sign_in) as (connection, program):
            check_room_state(by, program.session(session))
            if former := connection.execute(select(chair_notes).where(chair_notes.c.id == note.id)).first():
                return ChairNote(**former._asdict())
            count = connection.scalar(select(func.count()).where(chair_notes.c.session == session)) or 0
            check_note(text, count)
            columns = {column.name: getattr(note, column.name) for column in chair_notes.c}
            connection.execute(insert(chair_notes).values(columns))
            raise_version(connection)
        return note

    def remove_note(self, note: str, *, by: Editor, sign_in: str | None = None) -> None:
        """Remove a note, an organizer any and a chair their own; one that is gone already is no fault.

        Raises `NotAllowed`.
        """
        with self._changing(by, sign_in) as (connection, program):
            row = connection.execute(select(chair_notes).where(chair_notes.c.id == checked("id", note))).first()
            if row is None:
                return
            check_room_state(by, program.session(row.session))
            if by.role != "organizer" and row.author != by.name:
                raise NotAllowed("A chair removes their own notes, an organizer any.")
            connection.execute(delete(chair_notes).where(chair_notes.c.id == note))
            raise_version(connection)

    @contextmanager
    def _changing(self, by: Editor, sign_in: str | None) -> Iterator[tuple[Connection, Program]]:
        """The transaction of somebody who is still signed in, and the newest program."""
        with self._revisions.publishing() as transaction:
            if transaction.latest is None:
                raise NoDatabase(self._database.place)
            if sign_in is not None:
                check_signed_in(transaction.connection, sign_in, by)
            yield transaction.connection, transaction.latest.program


def _is_unshown(room: str, cue: int) -> ColumnElement[bool]:
    return (cues.c.room == room) & (cues.c.id == cue) & cues.c.shown_at.is_(None)


def check_note(text: str, notes: int) -> None:
    """Raise `BadText` or `NotesFull` for a text that cannot be added to a session with so many notes."""
    if not checked("text", text).strip():
        raise BadText("text", "a note that says something")
    if notes >= MOST_NOTES:
        raise NotesFull(MOST_NOTES)


def _speaker(program: Program, session: str, speaker: str) -> str:
    if speaker not in program.session(session).speakers:
        raise UnknownName("speaker of this session", checked("name", speaker))
    return speaker


def _tick(tick: str) -> Tick:
    found = next((one for one in TICKS if one == tick), None)
    if found is None:
        raise UnknownName("tick", checked("tick", tick), TICKS)
    return found


def _has_tick(connection: Connection, key: dict[str, str]) -> bool:
    return connection.execute(select(speaker_ticks).filter_by(**key)).first() is not None
