"""The people who may edit: their names, roles and places, which are checked here, and their rows in the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from app.domain.errors import UnknownName
from app.domain.program import Program
from app.domain.rights import FILES, TERMINAL, Editor, Role
from app.domain.texts import BadText, checked
from app.store.database import Database
from app.store.errors import BadOrganizer, LastOrganizer, NameTaken
from app.store.revisions import Revisions
from app.store.tables import organizers, upsert

# The columns of a person, in queries for what is theirs; `editor_of` reads them.
PERSON = (
    *(organizers.c.name, organizers.c.role, organizers.c.room),
    *(organizers.c.session, organizers.c.speaker),
)
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


def place_fault(editor: Editor) -> str | None:
    """What a role needs, where somebody's room and session do not fit it; else None."""
    needed, allowed = _PLACES[editor.role]
    given = {name for name in ("room", "session") if getattr(editor, name) is not None}
    return None if needed <= given <= needed | allowed else _EXPECTED[editor.role]


def checked_person(database: Database, editor: Editor) -> Editor:
    """Somebody who may be added, if nobody has their name; raises `BadOrganizer` or `UnknownName`.

    A speaker is the person of their session who has their name, unless another one is given.
    """
    editor = replace(editor, name=checked_name(editor.name.strip()))
    if fault := place_fault(editor):
        raise BadOrganizer(fault, "session" if editor.role == "speaker" else "room")
    if editor.room is None and editor.session is None:
        return editor
    latest = Revisions(database).latest()
    return in_program(editor, latest.program if latest else None)


def checked_name(name: str) -> str:
    """A name that somebody may have; raises `BadOrganizer`."""
    try:
        checked("name", name)
    except BadText as error:
        raise BadOrganizer(str(error)) from error
    if not name:
        raise BadOrganizer("a name is not empty")
    if name.casefold() in {FILES, TERMINAL}:
        raise BadOrganizer(f"{name} stands in the history for what is no person; choose another name")
    return name


def in_program(editor: Editor, program: Program | None) -> Editor:
    """Somebody with the person of the program who they are; raises `UnknownName` for what the program does not have."""
    rooms, sessions = (program.rooms_by_id, program.sessions_by_id) if program else ({}, {})
    for sort, name, known in (("room", editor.room, rooms), ("session", editor.session, sessions)):
        if name is not None and name not in known:
            raise UnknownName(sort, checked(sort, name), known)
    if program is None or editor.session is None:
        return editor
    people = {one.id: one.name for one in program.speakers_of(program.session(editor.session))}
    if editor.speaker is None:
        named = (name for name, called in people.items() if called.casefold() == editor.name.casefold())
        return replace(editor, speaker=next(named, None))
    if editor.speaker not in people:
        raise UnknownName("speaker of this session", checked("name", editor.speaker), people)
    return editor


def person(connection: Connection, name: str) -> Editor:
    """Look somebody up; raises `UnknownName`."""
    row = row_of(connection, checked("name", name))
    if row is None:
        raise UnknownName("person", name, tuple(connection.scalars(select(organizers.c.name))))
    return editor_of(row)


def row_of(connection: Connection, name: str) -> Row[Any] | None:
    """The row of somebody, if there is one of this name."""
    return connection.execute(select(organizers).where(organizers.c.name == name)).first()


def check_free(connection: Connection, name: str) -> None:
    """Raise `NameTaken` where somebody has a name, whatever its case: the history tells people apart by their names."""
    for row in connection.execute(select(organizers)):
        if row.name.casefold() == name.casefold():
            raise NameTaken(row.name, row.role)


def write_new(connection: Connection, editor: Editor, now: datetime) -> None:
    """Add somebody under the publishing lock; raises `NameTaken`."""
    check_free(connection, editor.name)
    write_person(connection, editor, now, unclaimed=False)


def write_person(connection: Connection, editor: Editor, now: datetime, *, unclaimed: bool) -> None:
    """Add somebody, or give them another role; an organizer is unclaimed until their first link is used."""
    place = {"room": editor.room, "session": editor.session, "speaker": editor.speaker}
    values = {"role": editor.role, **place, "unclaimed": unclaimed}
    upsert(connection, organizers, {"name": editor.name}, values, {"created_at": now})


def removable(connection: Connection, name: str) -> str:
    """The name of somebody who may be removed; raises `UnknownName` or `LastOrganizer`."""
    editor = person(connection, name)
    if editor.role == "organizer" and not claimed_organizers(connection) - {editor.name}:
        raise LastOrganizer(editor.name)
    return editor.name


def claimed_organizers(connection: Connection) -> set[str]:
    """The names of organizers, without the first one while nobody has used its link."""
    claimed = (organizers.c.role == "organizer") & ~organizers.c.unclaimed
    return set(connection.scalars(select(organizers.c.name).where(claimed)))


def editor_of(row: Row[Any]) -> Editor:
    """The person of a row that has the columns of `PERSON`."""
    return Editor(row.name, row.role, row.room, row.session, row.speaker)
