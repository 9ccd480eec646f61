"""Changes in plain words, in the venue's time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Literal

from app.domain.changes import SessionChange
from app.domain.difference import Difference
from app.domain.program import Program
from app.domain.session import Session

What = Literal["time", "room", "status", "title", "people", "details"]

# What the other facets tell, and what readers do not see.
_TOLD = {"id", "slot", "title", "speakers", "cancelled", "scheduled"}
_HIDDEN = {"sequence", "created_at", "changed_at", "ended_by_hand", "pinned", "min_minutes"}
_DETAILS = tuple(field.name for field in fields(Session) if field.name not in _TOLD | _HIDDEN)


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing about a session that changed, as text before and after; empty where there was or is none.

    ``details`` names in ``after`` the other fields that changed.
    """

    what: What
    before: str
    after: str


def named(session: Session) -> str:
    """A session in a sentence."""
    return f"“{session.title}”"


def clock(program: Program, instant: datetime) -> str:
    """Venue time: 10:15."""
    return f"{program.local(instant):%H:%M}"


def minutes(span: timedelta) -> int:
    """A span in minutes; one that has begun counts."""
    return -(-span // timedelta(minutes=1))


def length(session: Session) -> int:
    """How long a session is, in minutes."""
    return minutes(session.end - session.start)


def facets(before: Program, after: Program, change: SessionChange) -> tuple[Facet, ...]:
    """What changed about a session; a time names its day where that changed."""
    old, new = change.before, change.after
    if old is None or new is None:
        return (Facet("status", _whole(before, old), _whole(after, new)),)
    told: dict[What, tuple[str, str]] = {
        "status": (_status(old), _status(new)),
        "time": _times(before, old, after, new),
        "room": (_room(before, old), _room(after, new)),
        "title": (old.title, new.title),
        "people": (_people(before, old), _people(after, new)),
    }
    found = [Facet(what, *texts) for what, texts in told.items() if texts[0] != texts[1]]
    details = ", ".join(name for name in _DETAILS if getattr(old, name) != getattr(new, name))
    return (*found, Facet("details", "", details)) if details else tuple(found)


def tell(before: Program, after: Program, change: SessionChange) -> str:
    """A change as a sentence: “Panel” moved from 16:00 to 16:08."""
    session = change.before or change.after
    if session is None:
        raise ValueError(f"{change.session}: neither before nor after")
    return f"{named(session)} {', '.join(_clauses(before, after, change))}"


def _clauses(before: Program, after: Program, change: SessionChange) -> Iterator[str]:
    old, new = change.before, change.after
    if old is None or new is None:
        yield f"is new: {_whole(after, new)}" if new else "is gone"
        return
    found = facets(before, after, change)
    told = [_clause(before, old, after, new, facet) for facet in found if facet.what != "details"]
    yield from told
    if not told:
        yield f"has new {found[0].after if found else 'details'}"


def _clause(before: Program, old: Session, after: Program, new: Session, facet: Facet) -> str:
    match facet.what:
        case "status":
            return "is cancelled" if new.cancelled else "takes place after all"
        case "time":
            return _moved(before, old, after, new)
        case "room":
            return f"is in {facet.after}, no longer in {facet.before}"
        case "title":
            return f"is now {named(new)}"
        case _:
            return f"is now with {facet.after}" if facet.after else f"is no longer with {facet.before}"


def _moved(before: Program, old: Session, after: Program, new: Session) -> str:
    if old.start == new.start:
        earlier, later = _clocks(before, old.end, after, new.end)
        return f"ends at {later}, not {earlier}"
    was, now = (text.partition("–")[0] for text in _times(before, old, after, new))
    changed = "" if length(old) == length(new) else f" and lasts {length(new)} minutes, not {length(old)}"
    return f"moved from {was} to {now}{changed}"


def _times(before: Program, old: Session, after: Program, new: Session) -> tuple[str, str]:
    same_day = before.local(old.start).date() == after.local(new.start).date()
    days = ("", "") if same_day else (_day(before, old), _day(after, new))
    starts, ends = _clocks(before, old.start, after, new.start), _clocks(before, old.end, after, new.end)
    was, now = (f"{day}{start}–{end}" for day, start, end in zip(days, starts, ends, strict=True))
    return was, now


def _clocks(before: Program, old: datetime, after: Program, new: datetime) -> tuple[str, str]:
    """Two instants as venue time, with seconds where nothing else tells them apart."""
    was, now = clock(before, old), clock(after, new)
    if was == now and timedelta(0) < abs(new - old) < timedelta(minutes=1):
        return f"{before.local(old):%H:%M:%S}", f"{after.local(new):%H:%M:%S}"
    return was, now


def _day(program: Program, session: Session) -> str:
    start = program.local(session.start)
    return f"{start:%a} {start.day} {start:%B} "


def _whole(program: Program, session: Session | None) -> str:
    if session is None:
        return ""
    times = f"{clock(program, session.start)}–{clock(program, session.end)}"
    return f"{_day(program, session)}{times}, {_room(program, session)}"


def _room(program: Program, session: Session) -> str:
    return program.room(session.room).name if session.room else "all rooms"


def _people(program: Program, session: Session) -> str:
    return ", ".join(person.name for person in program.speakers_of(session))


def _status(session: Session) -> str:
    return "cancelled" if session.cancelled else "takes place"


def told(difference: Difference) -> tuple[str, ...]:
    """What a revision changed, a line for each thing: announcements, then sessions."""
    before, after = difference.before, difference.after
    lines = [one.text for one in difference.announced]
    lines += [f"Announcement withdrawn: {one.text}" for one in difference.withdrawn]
    for change in difference.sessions if before is not None else ():
        session = change.after or change.before
        name = session.title if session is not None else change.session
        seen = facets(before or after, after, change)
        lines += [f"{name}: {facet.before or '–'} → {facet.after or '–'}" for facet in seen]
    return tuple(lines)


def headline(difference: Difference) -> str:
    """The first thing that a revision changed, and how many more there are; empty where there is none to tell."""
    lines = told(difference)
    more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
    return f"{lines[0]}{more}" if lines else ""
