"""Three-way merge of programs, by session and field: for undoing a revision and for publishing changed files.

A field that only one side changed is taken from that side. A field that both sides changed differently
is a conflict, and the merged program has our value. Stamps are not merged: they stay ours until
`with_stamps` raises them. A published session is never dropped: if theirs no longer has it, it is
cancelled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from app.domain.change_text import quoted_title
from app.domain.edits.item_merge import merged_items
from app.domain.edits.lineup_fields import changed_places_of_line_ups
from app.domain.edits.outcome import EditRefused, UndoRefused
from app.domain.errors import InvalidProgram, UnknownName
from app.domain.program import Announcement, ImportantDate, Page, Person, Program, Room
from app.domain.revision_diff import people_and_rooms
from app.domain.session import STAMPS, Session, Slot

Part = Session | Room | Person | ImportantDate | Page | Announcement

_GROUPS = ("sessions", "rooms", "speakers", "organizers", "dates", "pages", "announcements")
_NOT_PLAIN = {"id", "dates_changed_at", *_GROUPS}
_PLAIN = tuple(field.name for field in fields(Program) if field.name not in _NOT_PLAIN)
# A change of one of these affects the others, so `edited_fields` treats them as one field.
_WHEN_AND_WHERE = re.compile(r"(?<=\])\.(time|room|cancelled)$")
_PLACE = re.compile(r"(?P<group>\w+)\[(?P<key>[^]]*)\](?:\.(?P<field>\w+))?")
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Time:
    """When a session takes place: start and end are merged as one field."""

    start: datetime
    end: datetime
    ended_by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that both sides changed differently, such as ``sessions[panel].time``; None where it is absent."""

    where: str
    base: object
    ours: object
    theirs: object


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged program, with our value of each conflict."""

    program: Program
    conflicts: tuple[Conflict, ...] = ()


def merge_files(base: Program, files: Program, latest: Program) -> Merge:
    """The latest program, merged with the changes of its files since ``base``, which was merged last.

    Fields that did not change in the files keep their value; ``scheduled`` is always that of the files.
    """
    return _Merging(base, latest, files, follows_plan=True).merge()


def undo(number: int, programs: Mapping[int, Program]) -> Program:
    """The latest program without what revision ``number`` changed; ``programs`` by revision, from the one before it on.

    Raises `UndoRefused`, with the later revisions, if some changed the same field.
    """
    if number not in programs:
        raise UnknownName("revision", str(number))
    if number - 1 not in programs:
        raise EditRefused(f"revision {number} is the first, and nothing was before it")
    latest = max(programs)
    try:
        merge = _Merging(base=programs[number], ours=programs[latest], theirs=programs[number - 1]).merge()
    except InvalidProgram as error:  # such as an item's id that another item has by now
        raise EditRefused(str(error)) from error
    if merge.conflicts:
        places = [conflict.where for conflict in merge.conflicts]
        later = [one for one in range(latest, number, -1) if _touches(programs[one - 1], programs[one], places)]
        raise UndoRefused(number, later, [_place_text(programs[latest], place) for place in places])
    return merge.program


def without_change(plan: Program, before: Program, after: Program) -> Program:
    """The plan with what changed from before to after taken back, except where the plan has something else by now.

    Raises `InvalidProgram` where that does not go together.
    """
    return _Merging(base=after, ours=plan, theirs=before).merge().program


def changed_places(before: Program, after: Program) -> frozenset[str]:
    """The fields in which two programs differ, such as ``title`` or ``sessions[panel].time``."""
    old, new = _flat(before), _flat(after)
    return frozenset(where for where in {*old, *new} if old.get(where, _ABSENT) != new.get(where, _ABSENT))


def edited_fields(before: Program, after: Program) -> frozenset[str]:
    """The fields in which two programs differ and in which two edits can be in conflict.

    A session's time, room and cancellation are one field. Announcements, new people and new sessions are left out,
    since adding one does not affect the others. Of a line-up there is a field for each item that is passed or moved.
    """
    people = (f"speakers[{name}]" for name in after.speakers_by_id.keys() - before.speakers_by_id.keys())
    sessions = (f"sessions[{name}]" for name in after.sessions_by_id.keys() - before.sessions_by_id.keys())
    ignored = ("announcements", *people, *sessions)
    places = (where for where in changed_places(before, after) if not where.startswith(ignored))
    line_ups = changed_places_of_line_ups(before, after)
    return frozenset((*(_WHEN_AND_WHERE.sub(".when-and-where", where) for where in places), *line_ups))


def fields_changed_since(base: Program, latest: Program) -> frozenset[str]:
    """The fields that an edit of ``base`` may not change in ``latest``: the edited ones, and the new sessions' slots.

    Who made the edit did not see those sessions, so it does not push them.
    """
    added = latest.sessions_by_id.keys() - base.sessions_by_id.keys()
    return edited_fields(base, latest) | {f"sessions[{name}].when-and-where" for name in added}


def _touches(before: Program, after: Program, places: Iterable[str]) -> bool:
    changed = changed_places(before, after)
    return any(place in changed or any(one.startswith(f"{place}.") for one in changed) for place in places)


def _place_text(program: Program, place: str) -> str:
    """A field in people's words: "time of “Panel discussion”"."""
    named, field = named_place(program, place)
    return f"{field.replace('_', ' ')} of {named}" if field and named else named or field


def named_place(program: Program, place: str) -> tuple[str, str]:
    """Whose field it is, in people's words, and which: "“Panel discussion”" and "time".

    The first is empty for a field of the program, the second for a whole session, person and the like.
    """
    match = _PLACE.fullmatch(place)
    if match is None:
        return "", place
    group, key, field = match["group"], match["key"], match["field"] or ""
    if group == "announcements":
        return f"the announcement of revision {key}", field
    part = next((one for one in getattr(program, group) if _key(one) == key), None)
    match part:
        case Session():
            return quoted_title(part), field
        case Person() if group == "speakers":
            return part.name, field
    return key, field


def _flat(program: Program) -> dict[str, object]:
    flat: dict[str, object] = {name: getattr(program, name) for name in _PLAIN}
    for group in _GROUPS:
        for part in getattr(program, group):
            where = f"{group}[{_key(part)}]"
            flat.update({where: True, **{f"{where}.{name}": value for name, value in _values(part).items()}})
    return flat


def _key(part: Part) -> str:
    match part:
        case Page():
            return part.slug
        case Announcement():
            return str(part.revision)
    return part.id


def _values(part: Part) -> dict[str, Any]:
    """The fields of a part that are merged."""
    values = {field.name: getattr(part, field.name) for field in fields(part)}
    if isinstance(part, Session):
        del values["slot"]
        values = {name: value for name, value in values.items() if name not in STAMPS}
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
    """A merge, with the conflicts found so far."""

    def __init__(self, base: Program, ours: Program, theirs: Program, *, follows_plan: bool = False) -> None:
        self._base, self._ours, self._theirs = base, ours, theirs
        self._follows_plan = follows_plan
        self._conflicts: list[Conflict] = []

    def merge(self) -> Merge:
        merged: dict[str, Any] = {name: self._value(name, *self._sides(name)) for name in _PLAIN}
        merged |= {name: self._group(name) for name in _GROUPS}
        merged["sessions"] = self._with_items_once(merged["sessions"])
        people, rooms = people_and_rooms(merged["sessions"], merged["announcements"])
        merged["speakers"] = self._with_referenced("speakers", merged["speakers"], people)
        merged["rooms"] = self._with_referenced("rooms", merged["rooms"], rooms)
        return Merge(replace(self._ours, **merged), tuple(self._conflicts))

    def _sides(self, name: str) -> tuple[Any, Any, Any]:
        return getattr(self._base, name), getattr(self._ours, name), getattr(self._theirs, name)

    def _value(self, where: str, base: Any, ours: Any, theirs: Any) -> Any:
        if theirs in (base, ours):
            return ours
        if ours == base:
            return theirs
        self._conflicts.append(Conflict(where, None if base is _ABSENT else base, ours, theirs))
        return ours

    def _group(self, name: str) -> tuple[Any, ...]:
        base, ours, theirs = ({_key(part): part for part in side} for side in self._sides(name))
        parts = {
            key: self._part(f"{name}[{key}]", base.get(key), ours.get(key), theirs.get(key))
            for key in base | ours | theirs
        }
        order = _order(list(base), list(ours), list(theirs))
        return tuple(parts[key] for key in order if parts[key] is not None)

    def _part(self, where: str, base: Part | None, ours: Part | None, theirs: Part | None) -> Part | None:
        if ours is not None and theirs is not None:
            return self._fields(where, base, ours, theirs)
        if isinstance(ours, Session):
            # Calendars and codes refer to it: it is cancelled, not removed.
            return ours if base is None else replace(ours, cancelled=True)
        merged: Part | None = self._value(where, base, ours, theirs)
        return merged

    def _fields(self, where: str, base: Part | None, ours: Part, theirs: Part) -> Part:
        if base is None and isinstance(ours, Session) and ours.cancelled:
            # The files dropped it, which cancelled it, and have it again.
            base = ours
        old = _values(base) if base is not None else {}
        mine, other = _values(ours), _values(theirs)
        if self._follows_plan and isinstance(ours, Session):
            old |= {name: mine[name] for name in ("scheduled", "added")}
        if isinstance(ours, Session):
            # What was on in a line-up was on, whatever is taken back; and files know nothing of it.
            for name in ("steps", "removed_items"):
                other[name] = old[name] = mine[name]
        if isinstance(base, Session) and old["items"] not in (mine["items"], other["items"]):
            merged_once = merged_items(old["items"], mine["items"], other["items"], follows_plan=self._follows_plan)
            if merged_once is not None:
                old["items"], other["items"] = mine["items"], merged_once
        merged = {
            name: self._value(f"{where}.{name}", old.get(name, _ABSENT), mine[name], other[name]) for name in mine
        }
        if isinstance(ours, Session):
            merged["removed_items"] = ours.with_items(merged["items"]).removed_items
        return _with_values(ours, merged)

    def _with_items_once(self, sessions: Sequence[Session]) -> tuple[Session, ...]:
        """The sessions; one that theirs no longer has is without the items that stand in another one now."""
        there = self._theirs.sessions_by_id
        moved = {item.id for session in sessions if session.id in there for item in session.items}
        return tuple(
            one if one.id in there else replace(one, items=tuple(item for item in one.items if item.id not in moved))
            for one in sessions
        )

    def _with_referenced(self, name: str, parts: tuple[Any, ...], ids: AbstractSet[str | None]) -> tuple[Any, ...]:
        """The parts, and those of any side that are gone but still referred to."""
        known = {_key(part) for part in parts}
        found = {_key(part): part for side in (self._base, self._theirs, self._ours) for part in getattr(side, name)}
        return (*parts, *(part for key, part in found.items() if key in ids and key not in known))


def _order(base: Sequence[Any], ours: Sequence[Any], theirs: Sequence[Any]) -> Iterable[Any]:
    """All of ours and theirs, in our order if theirs is that of the base, else in theirs; the other's own come last."""
    first, then = (ours, theirs) if list(theirs) == list(base) else (theirs, ours)
    return dict.fromkeys((*first, *then))
