"""What a page carries for its scripts, as JSON: when its phase turns, what is on in its rooms when, what is new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from app.domain.changes import SessionChange
from app.domain.difference import Difference
from app.domain.program import Program
from app.domain.session import Session
from app.domain.telling import facets, tell
from app.domain.timeline import RoomMoment
from app.store.revisions import Entry
from app.web.look import Look
from app.web.present import iso

Json = dict[str, Any]

# Changes that are called out to who starred the session, and told to a screen reader.
TOLD = frozenset({"time", "room", "status", "title"})
MOST_REVISIONS = 20
MOST_SENTENCES = 200
# More than these are told as a number.
MOST_SPOKEN = 3


def page_data(look: Look, entries: Sequence[Entry], room_ids: Iterable[str]) -> Json:
    """The data of a page that shows what is on in some rooms, so that its scripts need no rule of what is on.

    ``phases``: [instant, phase], in order. ``rooms``: per room its answers in order, each as
    [from, now, next, cancelled]: Unix seconds (0: from ever) and ids of sessions; what is missing at the end is null.
    ``news``: per revision what changed, oldest first: ``{revision, text, sessions: {id: ...}}``, each session with
    ``text``, ``until`` (when it is of no more interest) and what holds now, so that a change that was taken back is
    told as none: title, start, end, room, status.
    """
    program, timeline = look.program, look.snapshot.timeline
    return {
        "phases": [[iso(program, start), phase] for start, phase in timeline.phases],
        "rooms": {room: [_answer(*one) for one in timeline.answers(room)] for room in room_ids},
        "news": list(_news(program, entries)),
    }


def _answer(start: datetime | None, answer: RoomMoment) -> list[int | str | None]:
    sessions = [one.id if one else None for one in (answer.now, answer.next, answer.cancelled)]
    while sessions and sessions[-1] is None:
        sessions.pop()
    return [int(start.timestamp()) if start else 0, *sessions]


def _news(program: Program, entries: Sequence[Entry]) -> Iterator[Json]:
    """The latest revisions that changed a session; at which instant a page is looked at makes no difference."""
    left = MOST_SENTENCES
    latest = [entry for entry in entries if entry.difference.before is not None][-MOST_REVISIONS:]
    found: list[Json] = []
    for entry in reversed(latest):
        told = list(_sentences(program, entry.difference))[:left]
        left -= len(told)
        if told:
            found.append({"revision": entry.number, "text": _spoken(told), "sessions": dict(told)})
    yield from reversed(found)


def _sentences(program: Program, difference: Difference) -> Iterator[tuple[str, Json]]:
    before, after = difference.before, difference.after
    for change in difference.sessions if before is not None else ():
        if _matters(before or after, after, change):
            text, until = f"{tell(before or after, after, change)}.", iso(program, _until(change))
            yield change.session, {"text": text, "until": until, **_standing(program, change.after)}


def _standing(program: Program, session: Session | None) -> Json:
    if session is None:
        return {}
    times = {"start": iso(program, session.start), "end": iso(program, session.end)}
    return {"title": session.title, **times, "room": session.room or "", "status": session.status}


def _until(change: SessionChange) -> datetime:
    """When a change is of no more interest: both its session's old and new end have passed."""
    return max(one.end for one in (change.before, change.after) if one is not None)


def _matters(before: Program, after: Program, change: SessionChange) -> bool:
    return any(facet.what in TOLD for facet in facets(before, after, change))


def _spoken(told: Sequence[tuple[str, Json]]) -> str:
    if len(told) > MOST_SPOKEN:
        return f"{len(told)} sessions have changed."
    return " ".join(str(one["text"]) for _, one in told)
