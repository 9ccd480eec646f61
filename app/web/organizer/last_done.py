"""What was done last in some rooms, as the console's day page says it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from app.domain.edits.edit_text import edit_text
from app.formats.edit_json import recorded_edit
from app.live.history import HistoryView, Outline, notes_of
from app.store.revisions import BY_PEOPLE, HistoryEntry
from app.store.undo_rules import undone_by
from app.web.request_context import page_context
from app.web.running_service import current_service


@dataclass(frozen=True)
class LastDone:
    """A revision: what was done, its public note, how many sessions moved, and what others published since.

    ``rooms`` are the names of the rooms that it concerns; none where it concerns no session.
    """

    entry: HistoryEntry
    told: str
    note: str
    rooms: tuple[str, ...]
    moved: int
    undone: bool
    since: tuple[HistoryEntry, ...]


def last_done(number: int | None, room_ids: Collection[str], me: str) -> LastDone | None:
    """The revision of this number, else the latest that people made and that concerns some of the rooms."""
    history = current_service().current.history.until(page_context().revision)
    latest = (one for one in reversed(history.outlines) if one.kind in BY_PEOPLE and _concerns(one, room_ids))
    outline = history.outlines[number - 1] if number else next(latest, None)
    return _told(history, outline, me) if outline else None


def _concerns(outline: Outline, room_ids: Collection[str]) -> bool:
    return any(outline.note.concerns(room) for room in room_ids)


def _told(history: HistoryView, outline: Outline, me: str) -> LastDone:
    number = outline.note.revision
    entry, *later = history.since(number - 1)
    program = page_context().program
    return LastDone(
        entry,
        told=told(entry),
        note=next((one.text for one in notes_of(history.outlines) if one.revision == number), ""),
        rooms=tuple(room.name for room in program.rooms if room.id in outline.note.rooms),
        moved=sum(change.moved for change in outline.changes),
        undone=number in undone_by((one.note.revision, one.undoes) for one in reversed(history.outlines)),
        since=tuple(one for one in reversed(later) if one.kind in BY_PEOPLE and one.author != me),
    )


def told(entry: HistoryEntry) -> str:
    """What somebody did, in words; empty for what was neither an edit nor an undo."""
    edit = recorded_edit(entry.edit)
    if edit is not None:
        return edit_text(edit, entry.difference.after)
    return f"Took back revision {entry.undoes}" if entry.undoes else ""
