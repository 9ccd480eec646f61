"""Changes as text, in venue time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Literal

from app.domain.instants import MINUTE
from app.domain.lineup import LineUpPlace, has_line_up
from app.domain.program import Program
from app.domain.revision_diff import RevisionDiff, SessionChange
from app.domain.session import HIDDEN_FIELDS, Item, Session

Aspect = Literal["presence", "status", "time", "room", "title", "people", "details"]

# A longer time is said in hours.
MOST_MINUTES_WITHOUT_HOURS = 90
# The fields of a program that are compared as a whole, and the names of those whose own names say less.
_PARTS = tuple(field.name for field in fields(Program) if field.name not in {"sessions", "speakers"})
_PART_NAMES = {"timezone": "time zone", "dates": "important dates"}
_OTHERWISE_DESCRIBED = {"id", "slot", "title", "speakers", "cancelled", "scheduled"}
_DETAILS = tuple(field.name for field in fields(Session) if field.name not in _OTHERWISE_DESCRIBED | HIDDEN_FIELDS)
# What readers call a field that has another name here.
_READERS_WORDS = {"items": "papers"}
# The same of fields that are said where organizers alone read them.
_WORDS = {"guid": "identifier", "min_minutes": "least minutes"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One changed aspect of a session, as text before and after; empty where there was or is none.

    ``presence`` is of a session that is new or gone. For ``status``, ``after`` alone says what holds: "cancelled". For
    ``details``, ``after`` lists the names of the other fields that changed, or says that of a person did.
    """

    aspect: Aspect
    before: str
    after: str


def field_word(name: str) -> str:
    """What readers call a field of the program, of a session or of a person."""
    return {**_PART_NAMES, **_READERS_WORDS, **_WORDS}.get(name, name.replace("_", " "))


def quoted_title(session: Session) -> str:
    """A session's title, quoted for use in a sentence."""
    return f"“{session.title}”"


def quoted_item(item: Item) -> str:
    """An item's title, quoted for use in a sentence; one that is still to be announced by its id."""
    return f"{item.id} (to be announced)" if item.tba else f"“{item.title}”"


def place_text(place: LineUpPlace) -> str:
    """A place of a line-up: "2 of 6: Small models, Ada Lovelace"; "2 of 6: to be announced"."""
    item = place.item
    title = "to be announced" if item.tba else item.title
    return f"{place.position} of {place.of}: {', '.join((title, *item.authors))}"


def minutes_text(count: int) -> str:
    """A number of minutes, such as "1 minute" or "8 minutes"; above 90 with hours: "9 h", "2 h 30 min"."""
    if count > MOST_MINUTES_WITHOUT_HOURS:
        hours, minutes = divmod(count, 60)
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{count} minute" if count == 1 else f"{count} minutes"


def field_changes(before: Program, after: Program, change: SessionChange) -> tuple[FieldChange, ...]:
    """What changed about a session; times include the day if that changed."""
    old, new = change.before, change.after
    if old is None or new is None:
        return (FieldChange("presence", _whole(before, old), _whole(after, new)),)
    is_same_time = (old.start, old.end, before.timezone) == (new.start, new.end, after.timezone)
    texts: dict[Aspect, tuple[str, str]] = {
        "status": ("", "" if old.cancelled == new.cancelled else _status(new)),
        "time": ("", "") if is_same_time else _times(before, old, after, new),
        "room": (before.room_name(old.room), after.room_name(new.room)),
        "title": (old.title, new.title),
        "people": (_people(before, old), _people(after, new)),
    }
    found = [FieldChange(aspect, *pair) for aspect, pair in texts.items() if pair[0] != pair[1]]
    words = _READERS_WORDS | ({"items": "line-up"} if has_line_up(old) or has_line_up(new) else {})
    details = [words.get(name, name) for name in _DETAILS if getattr(old, name) != getattr(new, name)]
    if _affiliations(before, old) != _affiliations(after, new) and _people(before, old) == _people(after, new):
        details.append("affiliation")
    return (*found, FieldChange("details", "", ", ".join(details))) if details else tuple(found)


def before_after(program: Program, session: Session) -> str:
    """What becomes of a session: "12:00–13:00 → 12:08–13:00", with rooms if they differ; empty if it stays."""
    old = program.sessions_by_id.get(session.id)
    if old is None:
        return _times(program, session, program, session)[1]
    if old.slot == session.slot:
        return ""
    was, now = _times(program, old, program, session)
    if old.room != session.room:
        was, now = f"{was}, {program.room_name(old.room)}", f"{now}, {program.room_name(session.room)}"
    return f"{was} → {now}"


def change_sentence(before: Program, after: Program, change: SessionChange) -> str:
    """A change as a sentence: “Panel” moved from 16:00 to 16:08."""
    session = change.before or change.after
    if session is None:
        raise ValueError(f"{change.session}: neither before nor after")
    return f"{quoted_title(session)} {', '.join(_clauses(before, after, change))}"


def _clauses(before: Program, after: Program, change: SessionChange) -> Iterator[str]:
    old, new = change.before, change.after
    if old is None or new is None:
        yield f"is new: {_whole(after, new)}" if new else "is gone"
        return
    found = field_changes(before, after, change)
    clauses = [_clause(before, old, after, new, field) for field in found if field.aspect != "details"]
    yield from clauses
    if not clauses:
        yield f"has new {found[0].after if found else 'details'}"


def _clause(before: Program, old: Session, after: Program, new: Session, field: FieldChange) -> str:
    match field.aspect:
        case "status":
            return "is cancelled" if new.cancelled else field.after
        case "time":
            return _moved(before, old, after, new)
        case "room":
            return f"is in {field.after}, no longer in {field.before}"
        case "title":
            return f"is now {quoted_title(new)}"
        case _:
            return f"is now with {field.after}" if field.after else f"is no longer with {field.before}"


def _moved(before: Program, old: Session, after: Program, new: Session) -> str:
    if old.start == new.start:
        earlier, later = _clocks(before, old.end, after, new.end)
        return f"ends at {later}, not {earlier}"
    was, now = (text.partition("–")[0] for text in _times(before, old, after, new))
    length = "" if old.minutes == new.minutes else f" and lasts {_lengths(old.minutes, new.minutes)}"
    return f"moved from {was} to {now}{length}"


def _lengths(old: int, new: int) -> str:
    """A length and the former one, which needs a unit where one of them has hours: "8 minutes, not 5"."""
    return f"{minutes_text(new)}, not {minutes_text(old) if max(old, new) > MOST_MINUTES_WITHOUT_HOURS else old}"


def _times(before: Program, old: Session, after: Program, new: Session) -> tuple[str, str]:
    same_day = before.local(old.start).date() == after.local(new.start).date()
    days = ("", "") if same_day else (_day(before, old), _day(after, new))
    starts, ends = _clocks(before, old.start, after, new.start), _clocks(before, old.end, after, new.end)
    was, now = (f"{day}{start}–{end}" for day, start, end in zip(days, starts, ends, strict=True))
    return was, now


def _clocks(before: Program, old: datetime, after: Program, new: datetime) -> tuple[str, str]:
    """Two instants as venue time, with seconds where they differ in nothing else."""
    was, now = before.clock(old), after.clock(new)
    if was == now and timedelta(0) < abs(new - old) < MINUTE:
        return f"{before.local(old):%H:%M:%S}", f"{after.local(new):%H:%M:%S}"
    return was, now


def _day(program: Program, session: Session) -> str:
    start = program.local(session.start)
    return f"{start:%a} {start.day} {start:%B} "


def _whole(program: Program, session: Session | None) -> str:
    if session is None:
        return ""
    times = f"{program.clock(session.start)}–{program.clock(session.end)}"
    return f"{_day(program, session)}{times}, {program.room_name(session.room)}"


def _people(program: Program, session: Session) -> str:
    return ", ".join(person.name for person in program.speakers_of(session))


def _affiliations(program: Program, session: Session) -> list[tuple[str, ...]]:
    return [person.affiliations for person in program.speakers_of(session)]


def _status(session: Session) -> str:
    return "cancelled" if session.cancelled else "takes place after all"


def change_lines(difference: RevisionDiff) -> tuple[str, ...]:
    """What a revision changed, one line for each change: announcements, then sessions."""
    before, after = difference.before, difference.after
    lines = [one.text for one in difference.announced]
    lines += [f"Announcement withdrawn: {one.text}" for one in difference.withdrawn]
    for change in difference.sessions:
        session = change.after or change.before
        name = session.title if session is not None else change.session
        changed = field_changes(before or after, after, change)
        lines += [f"{name}: {_field_line(field)}" for field in changed]
    return tuple(lines)


def changed_parts(before: Program, after: Program) -> tuple[str, ...]:
    """What differs beside the sessions: "the title", "the speakers"."""
    parts = [f"the {_PART_NAMES.get(name, name)}" for name in _PARTS if getattr(before, name) != getattr(after, name)]
    return (*parts, "the speakers") if set(before.speakers) != set(after.speakers) else tuple(parts)


def _field_line(field: FieldChange) -> str:
    if field.aspect == "details":
        return f"changed {field.after}"
    if field.aspect == "status":
        return field.after
    return f"{field.before or '–'} → {field.after or '–'}"


def headline(difference: RevisionDiff) -> str:
    """The first of the `change_lines` and the number of the others; empty if there are none."""
    lines = change_lines(difference)
    more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
    return f"{lines[0]}{more}" if lines else ""
