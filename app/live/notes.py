"""Public notes: why the day changed, as the history tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.domain.changes import SessionChange
from app.domain.program import Program
from app.domain.session import Session
from app.domain.timeline import Note
from app.store.publishing import undone_by
from app.store.revisions import Entry

# The notes of files are made by the service, and say nothing of the day.
BY_PEOPLE = frozenset({"edit", "undo"})


def notes_of(entries: Sequence[Entry]) -> tuple[Note, ...]:
    """The notes of what people changed and nobody has undone, oldest first."""
    return tuple(_note(entry) for entry in standing(entries) if entry.note.strip())


def standing(entries: Sequence[Entry]) -> list[Entry]:
    """The entries that people made, without those that are undone."""
    undone = undone_by((entry.number, entry.undoes) for entry in reversed(entries) if entry.undoes)
    return [entry for entry in entries if entry.kind in BY_PEOPLE and entry.number not in undone]


def reasons_of(program: Program, entries: Sequence[Entry]) -> dict[str, str]:
    """Why sessions are not where they were planned, by id: the latest note of what moved or cancelled them.

    Only what was done since a session is moved, or is cancelled, says why it is.
    """
    sought = {session.id: session for session in program.sessions if session.status != "confirmed"}
    found: dict[str, str] = {}
    for entry in reversed(standing(entries)):
        for change in entry.difference.sessions if sought else ():
            session = sought.get(change.session)
            if session is None or not _led_there(session, change):
                continue
            if entry.note.strip():
                found[session.id] = entry.note.strip()
            # An undo without a note brings back what an earlier revision gave the reason for.
            if session.id in found or (entry.kind == "edit" and _began(session, change)):
                del sought[session.id]
    return found


def _led_there(session: Session, change: SessionChange) -> bool:
    """Whether a change is one of those by which a session is cancelled, or moved."""
    before, after = change.before, change.after
    if before is None or after is None:
        return False
    if session.cancelled:
        return after.cancelled and not before.cancelled
    return (before.start, before.room) != (after.start, after.room)


def _began(session: Session, change: SessionChange) -> bool:
    """Whether a session was not cancelled, or stood where it was planned, before a change."""
    before = change.before
    return before is None or session.cancelled or replace(before, cancelled=False).status == "confirmed"


def _note(entry: Entry) -> Note:
    changes = entry.difference.sessions
    return Note(
        revision=entry.number,
        text=entry.note.strip(),
        at=entry.at,
        sessions=tuple(change.session for change in changes),
        rooms=frozenset(session.room for change in changes for session in _sides(change)),
    )


def _sides(change: SessionChange) -> Iterator[Session]:
    yield from (session for session in (change.before, change.after) if session is not None)
