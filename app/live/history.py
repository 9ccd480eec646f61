"""The history in memory, readable while the database does not respond, and the public notes in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.domain.program import Program
from app.domain.revision_diff import SessionChange
from app.domain.session import Session
from app.domain.timeline import Note
from app.store.publishing import undone_by
from app.store.revisions import HistoryEntry, Revisions


class History:
    """All revisions up to the one that is served, without their programs."""

    def __init__(self, revisions: Revisions) -> None:
        self._revisions = revisions
        self._entries: tuple[HistoryEntry, ...] = ()

    def until(self, number: int) -> list[HistoryEntry]:
        """The entries up to a revision, oldest first; raises `StoreError` only where one is not loaded yet."""
        held = self._entries[-1].number if self._entries else 0
        if held < number:
            # Only `CurrentRevision.refresh` comes here, in one thread at a time: a revision is served with its history.
            self._entries += self._revisions.history(since=held)
        return [entry for entry in self._entries if entry.number <= number]


# Publishing files makes revisions with notes of the service's own, which readers need not see.
BY_PEOPLE = frozenset({"edit", "undo"})


def notes_of(entries: Sequence[HistoryEntry]) -> tuple[Note, ...]:
    """The public notes of edits that are not undone, oldest first."""
    return tuple(_note(entry) for entry in notes_in_force(entries) if entry.note.strip())


def notes_in_force(entries: Sequence[HistoryEntry]) -> list[HistoryEntry]:
    """The entries that people made and that are not undone."""
    undone = undone_by((entry.number, entry.undoes) for entry in reversed(entries))
    return [entry for entry in entries if entry.kind in BY_PEOPLE and entry.number not in undone]


def reasons_of(program: Program, entries: Sequence[HistoryEntry]) -> dict[str, str]:
    """Why sessions are moved or cancelled, by id: the latest note of a revision that moved or cancelled them.

    Revisions from before a session left its planned slot, or from before its cancellation, are not considered.
    """
    sought = {session.id: session for session in program.sessions if session.status != "confirmed"}
    found: dict[str, str] = {}
    for entry in reversed(notes_in_force(entries)):
        for change in entry.difference.sessions if sought else ():
            session = sought.get(change.session)
            if session is None or not _explains(session, change):
                continue
            if entry.note.strip():
                found[session.id] = entry.note.strip()
            # An undo without a note restores a state whose reason an earlier revision gives: the search goes on.
            if session.id in found or (entry.kind == "edit" and _began_with(session, change)):
                del sought[session.id]
    return found


def _explains(session: Session, change: SessionChange) -> bool:
    """Whether a change cancelled a session that is now cancelled, or moved one that is now moved."""
    before, after = change.before, change.after
    if before is None or after is None:
        return False
    if session.cancelled:
        return after.cancelled and not before.cancelled
    return (before.start, before.room) != (after.start, after.room)


def _began_with(session: Session, change: SessionChange) -> bool:
    """Whether before a change the session was not cancelled, or was in its planned slot."""
    before = change.before
    return before is None or session.cancelled or replace(before, cancelled=False).status == "confirmed"


def _note(entry: HistoryEntry) -> Note:
    changes = entry.difference.sessions
    return Note(
        revision=entry.number,
        text=entry.note.strip(),
        at=entry.at,
        sessions=tuple(change.session for change in changes),
        rooms=frozenset(session.room for change in changes for session in (change.before, change.after) if session),
    )
