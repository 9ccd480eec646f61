"""What was done last in some rooms, as the console says it on the day page and on that of a session."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from flask import request

from app.domain.edits.edit_text import edit_text
from app.domain.edits.edit_types import Explain
from app.domain.program import Room
from app.formats.edit_json import recorded_edit
from app.live.history import HistoryView, Outline, notes_of, recent_notes
from app.store.revisions import HistoryEntry
from app.store.undo_rules import is_by_people
from app.web.organizer.form_addresses import published_now
from app.web.organizer.revision_rights import entry_of, shown_history, undone_revisions
from app.web.organizer.signed_in_person import current_sign_in
from app.web.request_context import page_context
from app.web.template_helpers import TEXTS

# Of the notes given before so many are proposed again, where they have no more characters than a button holds.
MOST_REASONS, LONGEST_REASON = 4, 60
# Of the revisions that others published meanwhile so many are named; the others are counted.
MOST_NAMED = 3


@dataclass(frozen=True)
class Between:
    """The latest revisions that others published while an edit was made, the newest first, and how many more."""

    named: tuple[HistoryEntry, ...]
    more: int


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
    since: tuple[Outline, ...]


def done_in(rooms: Iterable[Room]) -> dict[str, Any]:
    """What the macro `last_done` shows: the revision `done` after its own form, else the last one in some rooms."""
    published = published_now()
    history = shown_history()
    recent = recent_notes(history.outlines, most=MOST_REASONS, longest=LONGEST_REASON)
    return {
        "between": _between(request.args.get("since", type=int), published),
        "done": _last_done(history, published, [room.id for room in rooms]),
        "reasons": list(dict.fromkeys([*recent, *TEXTS["reasons"]["usual"]])),
    }


def _last_done(history: HistoryView, number: int | None, room_ids: Collection[str]) -> LastDone | None:
    """The revision of this number, else the latest that people made and that concerns some of the rooms."""
    latest = (one for one in reversed(history.outlines) if is_by_people(one) and _concerns(one, room_ids))
    outline = history.outlines[number - 1] if number else next(latest, None)
    return _told(history, outline, current_sign_in().editor.name) if outline else None


def _between(since: int | None, number: int | None) -> Between:
    """What was published between the revision that an edit was made on and the one that it became."""
    if since is None or number is None or since not in range(number):
        return Between((), 0)
    numbers = range(number - 1, since, -1)
    return Between(tuple(map(entry_of, numbers[:MOST_NAMED])), len(numbers[MOST_NAMED:]))


def _concerns(outline: Outline, room_ids: Collection[str]) -> bool:
    return any(outline.note.concerns(room) for room in room_ids)


def _told(history: HistoryView, outline: Outline, me: str) -> LastDone:
    number, program = outline.number, page_context().program
    entry, later = entry_of(number), history.outlines[number:]
    return LastDone(
        entry,
        told=told(entry),
        note=next((one.text for one in notes_of(history.outlines) if one.revision == number), ""),
        rooms=tuple(room.name for room in program.rooms if room.id in outline.note.rooms),
        moved=sum(change.moved for change in outline.changes),
        undone=number in undone_revisions(),
        since=tuple(one for one in reversed(later) if is_by_people(one) and one.author != me),
    )


def told(entry: HistoryEntry) -> str:
    """What somebody did, in words; empty for what the program's files changed."""
    edit = recorded_edit(entry.edit)
    if isinstance(edit, Explain) and not entry.note:
        return f"Took the note of revision {edit.revision} away"
    if edit is not None:
        # A step changes nothing that readers see, and a picture no session: their entries have none.
        after = entry.difference.after
        return edit_text(edit, after if after.sessions else page_context().program)
    if entry.undoes:
        return f"Took back revision {entry.undoes}"
    return "Published an import" if is_by_people(entry) else ""
