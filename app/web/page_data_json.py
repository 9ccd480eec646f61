"""The JSON data in a page for its scripts: when the phase changes, what is on in its rooms when, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Reversible, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from weakref import WeakKeyDictionary

from app.domain.change_text import change_sentence, field_changes
from app.domain.program import Program
from app.domain.revision_diff import RevisionDiff, SessionChange
from app.domain.session import Session
from app.domain.timeline import RoomMoment, RoomTimeline
from app.store.revisions import HistoryEntry
from app.web.request_context import PageContext
from app.web.template_helpers import iso

JsonObject = dict[str, Any]

# Changes that are shown to readers who starred the session, and announced to screen readers.
ANNOUNCED = frozenset({"presence", "status", "time", "room", "title"})
MOST_REVISIONS = 20
MOST_SENTENCES = 200
# Of more changes, a screen reader hears the number.
MOST_SPOKEN = 3

_kept: WeakKeyDictionary[RoomTimeline, list[list[int | str | None]]] = WeakKeyDictionary()


def page_data(context: PageContext, entries: Reversible[HistoryEntry], room_ids: Iterable[str]) -> JsonObject:
    """The data of a page that shows what is on in some rooms; its scripts need no rules of their own for that.

    ``phases``: [instant, phase], in order. ``rooms``: for each room its moments in order, each as
    [from, now, next, cancelled, item]: Unix seconds (0: since ever), ids of sessions, and the id of what is on in a
    line-up; omitted values at the end are null.
    ``news``: for each revision what changed, oldest first: ``{revision, text, sessions: {id: ...}}``, each session with
    ``text``, ``until`` (when the change stops to matter) and its current title, start, end, room and status, by which
    scripts leave out a change that was undone.
    """
    program, timeline = context.program, context.snapshot.timeline
    return {
        "phases": [[iso(program, start), phase] for start, phase in timeline.phases],
        "rooms": {room: _answers_of(timeline.rooms[room]) for room in room_ids},
        "news": list(_news(program, entries)),
    }


def _answers_of(room: RoomTimeline) -> list[list[int | str | None]]:
    """A room's moments, written once: pages of several revisions and segments have those of the same room."""
    if room not in _kept:
        _kept[room] = [_room_moment(*one) for one in room.answers]
    return _kept[room]


def _room_moment(start: datetime | None, answer: RoomMoment) -> list[int | str | None]:
    found = [one.id if one else None for one in (answer.now, answer.next, answer.cancelled)]
    found.append(answer.item.item.id if answer.item else None)
    while found and found[-1] is None:
        found.pop()
    return [int(start.timestamp()) if start else 0, *found]


def _news(program: Program, entries: Reversible[HistoryEntry]) -> Iterator[JsonObject]:
    """The latest revisions that changed a session, whichever instant the page shows."""
    left = MOST_SENTENCES
    latest = (entry for entry in reversed(entries) if entry.difference.before is not None)
    found: list[JsonObject] = []
    for entry in islice(latest, MOST_REVISIONS):
        changes = list(islice(_sentences(program, entry.difference), left))
        left -= len(changes)
        if changes:
            found.append({"revision": entry.number, "text": _spoken(changes), "sessions": dict(changes)})
        if not left:
            break
    yield from reversed(found)


def _sentences(program: Program, difference: RevisionDiff) -> Iterator[tuple[str, JsonObject]]:
    before, after = difference.before or difference.after, difference.after
    for change in difference.sessions:
        if any(field.aspect in ANNOUNCED for field in field_changes(before, after, change)):
            text, until = f"{change_sentence(before, after, change)}.", iso(program, _until(change))
            yield change.session, {"text": text, "until": until, **_current(program, change.after)}


def _current(program: Program, session: Session | None) -> JsonObject:
    if session is None:
        return {}
    times = {"start": iso(program, session.start), "end": iso(program, session.end)}
    return {"title": session.title, **times, "room": session.room or "", "status": session.status}


def _until(change: SessionChange) -> datetime:
    """The later of the session's old and new end."""
    return max(one.end for one in (change.before, change.after) if one is not None)


def _spoken(changes: Sequence[tuple[str, JsonObject]]) -> str:
    if len(changes) > MOST_SPOKEN:
        return f"{len(changes)} sessions have changed."
    return " ".join(str(change["text"]) for _, change in changes)
