"""Three-way merge of programs, by session and field: for undoing a revision and for publishing changed files.

A field that one side alone changed is taken from that side; one that both changed differently is a
conflict, and the merged program holds our side of it. Stamps are not merged: they stay ours until
`stamped` raises them. A session that readers know is never dropped: one that theirs no longer has
is cancelled.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, TypeVar

from app.domain.errors import EditRefused, UndoRefused, UnknownName
from app.domain.program import ImportantDate, Page, Person, Program, Room
from app.domain.session import Session, Slot

Part = Session | Room | Person | ImportantDate | Page
AnyKey = TypeVar("AnyKey", bound=Hashable)

_GROUPS = ("rooms", "speakers", "organizers", "dates", "pages")
_STAMPS = {"sequence", "created_at", "changed_at"}
_APART = {"id", "sessions", "announcements", "dates_changed_at", *_GROUPS}
# Whoever changes one of these changes what the others mean: they are one field to `edited_fields`.
_WHEN_AND_WHERE = re.compile(r"(?<=\])\.(time|room|cancelled)$")
_PLAIN = tuple(field.name for field in fields(Program) if field.name not in _APART)


@dataclass(frozen=True, slots=True)
class Time:
    """When a session is, which is one field: a start without its end means little."""

    start: datetime
    end: datetime
    ended_by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """What both sides changed differently, such as ``sessions[panel].time``; None where one has no such thing."""

    where: str
    base: object
    ours: object
    theirs: object


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged program; where there are conflicts, with our side of each."""

    program: Program
    conflicts: tuple[Conflict, ...] = ()


def undone(after: Program, before: Program, latest: Program) -> Merge:
    """The latest program without what one revision changed: the programs after it and before it."""
    return _Merging(after, latest, before).done()


def merged_files(base: Program, files: Program, latest: Program) -> Merge:
    """The latest program with what changed in its files since they were merged last, as ``base``.

    What was changed on the day wins over what did not change in the files. ``scheduled`` is always
    what the files say.
    """
    return _Merging(base, latest, files, follows_plan=True).done()


def undo(number: int, programs: Mapping[int, Program]) -> Program:
    """The latest program without what revision ``number`` changed; ``programs`` from the one before it on.

    Raises `UndoRefused`, naming the revision, where a later one changed the same thing.
    """
    if number not in programs:
        raise UnknownName("revision", str(number))
    if number - 1 not in programs:
        raise EditRefused(f"revision {number} is the first, and nothing was before it")
    latest = max(programs)
    merge = undone(programs[number], programs[number - 1], programs[latest])
    if merge.conflicts:
        places = [conflict.where for conflict in merge.conflicts]
        later = (one for one in range(latest, number, -1) if _touches(programs[one - 1], programs[one], places))
        raise UndoRefused(number, next(later, latest), places)
    return merge.program


def changed_places(before: Program, after: Program) -> frozenset[str]:
    """Where two programs differ, such as ``title`` or ``sessions[panel].time``."""
    old, new = _flat(before), _flat(after)
    return frozenset(where for where in {*old, *new} if old.get(where, _ABSENT) != new.get(where, _ABSENT))


def edited_fields(before: Program, after: Program) -> frozenset[str]:
    """Where two programs differ, as far as two edits can meet there.

    A session's time, room and cancellation are one field. Announcements and new people do not
    count: one more does not touch the others.
    """
    known = {person.id for person in before.speakers}
    new = (f"speakers[{person.id}]" for person in after.speakers if person.id not in known)
    ignored = ("announcements", *new)
    places = (where for where in changed_places(before, after) if not where.startswith(ignored))
    return frozenset(_WHEN_AND_WHERE.sub(".when-and-where", where) for where in places)


_ABSENT = object()


def _touches(before: Program, after: Program, places: Iterable[str]) -> bool:
    changed = changed_places(before, after)
    return any(place in changed or any(one.startswith(f"{place}.") for one in changed) for place in places)


def _flat(program: Program) -> dict[str, object]:
    flat: dict[str, object] = {name: getattr(program, name) for name in (*_PLAIN, "announcements")}
    for group in ("sessions", *_GROUPS):
        for part in getattr(program, group):
            where = f"{group}[{_key(part)}]"
            flat.update({where: True, **{f"{where}.{name}": value for name, value in _values(part).items()}})
    return flat


def _key(part: Part) -> str:
    return part.slug if isinstance(part, Page) else part.id


def _values(part: Part) -> dict[str, Any]:
    """A part's fields as they are merged."""
    values = {field.name: getattr(part, field.name) for field in fields(part)}
    if isinstance(part, Session):
        del values["slot"]
        values = {name: value for name, value in values.items() if name not in _STAMPS}
        values["time"] = Time(part.start, part.end, values.pop("ended_by_hand"))
        values["room"] = part.room
    return values


def _with_values(part: Part, values: dict[str, Any]) -> Part:
    if isinstance(part, Session):
        time, room = values.pop("time"), values.pop("room")
        slot = Slot(start=time.start, end=time.end, room=room)
        return replace(part, slot=slot, ended_by_hand=time.ended_by_hand, **values)
    return replace(part, **values)


class _Merging:
    """One merge, with the conflicts found so far."""

    def __init__(self, base: Program, ours: Program, theirs: Program, *, follows_plan: bool = False) -> None:
        self._base, self._ours, self._theirs = base, ours, theirs
        self._follows_plan = follows_plan
        self._conflicts: list[Conflict] = []

    def done(self) -> Merge:
        merged: dict[str, Any] = {name: self._value(name, *self._all(name)) for name in _PLAIN}
        sessions = self._group("sessions", *self._all("sessions"))
        announcements = self._announcements()
        for name in _GROUPS:
            merged[name] = self._group(name, *self._all(name))
        people = {speaker for session in sessions for speaker in session.speakers}
        rooms = {slot.room for session in sessions for slot in (session.slot, session.scheduled)}
        rooms |= {one.room for one in announcements}
        merged["speakers"] = self._with_needed("speakers", merged["speakers"], people)
        merged["rooms"] = self._with_needed("rooms", merged["rooms"], rooms)
        program = replace(self._ours, sessions=sessions, announcements=announcements, **merged)
        return Merge(program, tuple(self._conflicts))

    def _all(self, name: str) -> tuple[Any, Any, Any]:
        return getattr(self._base, name), getattr(self._ours, name), getattr(self._theirs, name)

    def _value(self, where: str, base: Any, ours: Any, theirs: Any) -> Any:
        if theirs in (base, ours):
            return ours
        if ours == base:
            return theirs
        self._conflicts.append(Conflict(where, None if base is _ABSENT else base, ours, theirs))
        return ours

    def _group(self, name: str, base: Sequence[Part], ours: Sequence[Part], theirs: Sequence[Part]) -> tuple[Any, ...]:
        sides = [{_key(part): part for part in side} for side in (base, ours, theirs)]
        parts = {}
        for key in dict.fromkeys(key for side in sides for key in side):
            part = self._part(f"{name}[{key}]", *(side.get(key) for side in sides))
            if part is not None:
                parts[key] = part
        return tuple(parts[key] for key in _order(*(list(side) for side in sides)) if key in parts)

    def _part(self, where: str, base: Part | None, ours: Part | None, theirs: Part | None) -> Part | None:
        if ours is None or theirs is None:
            if isinstance(ours, Session):
                # Calendars and codes know it: it is cancelled, not gone.
                return ours if base is None else replace(ours, cancelled=True)
            return theirs if base is None and ours is None else self._value(where, base, ours, theirs)
        return self._fields(where, base, ours, theirs)

    def _fields(self, where: str, base: Part | None, ours: Part, theirs: Part) -> Part:
        if base is None and isinstance(ours, Session) and ours.cancelled:
            # It was dropped, and so cancelled, and is back; anything else was added on both sides.
            base = ours
        old = _values(base) if base is not None else {}
        mine, other = _values(ours), _values(theirs)
        if self._follows_plan and isinstance(ours, Session):
            old["scheduled"] = mine["scheduled"]
        merged = {
            name: self._value(f"{where}.{name}", old.get(name, _ABSENT), mine[name], other[name]) for name in mine
        }
        return _with_values(ours, merged)

    def _announcements(self) -> tuple[Any, ...]:
        base, ours, theirs = self._all("announcements")
        kept = {one for one in ours if one in theirs or one not in base} | {one for one in theirs if one not in base}
        return tuple(one for one in _order(base, ours, theirs) if one in kept)

    def _with_needed(self, name: str, parts: tuple[Any, ...], needed: set[Any]) -> tuple[Any, ...]:
        """The parts, and those that sessions still refer to."""
        known = {_key(part) for part in parts}
        found = {_key(part): part for side in (self._base, self._theirs, self._ours) for part in getattr(side, name)}
        return (*parts, *(part for key, part in found.items() if key in needed and key not in known))


def _order(base: Sequence[AnyKey], ours: Sequence[AnyKey], theirs: Sequence[AnyKey]) -> Iterable[AnyKey]:
    """All of them, in our order where theirs did not change, else in theirs; what only the other has follows."""
    first, then = (ours, theirs) if list(theirs) == list(base) else (theirs, ours)
    return dict.fromkeys((*first, *then))
