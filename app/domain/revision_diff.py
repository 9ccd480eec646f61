"""What a revision changed, as two programs reduced to the sessions that changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields, replace
from functools import cached_property
from operator import attrgetter

from app.domain.identity import NO_IDENTITY, NO_LINES
from app.domain.program import Announcement, Person, Program, Room
from app.domain.session import HIDDEN_FIELDS, Session
from app.domain.warning_times import USUAL_STAGE_TIMES

_seen = attrgetter(*(field.name for field in fields(Session) if field.name not in HIDDEN_FIELDS))


@dataclass(frozen=True, slots=True)
class SessionChange:
    """One session before and after; None before: added, None after: dropped."""

    session: str
    before: Session | None
    after: Session | None


def changed_sessions(before: Program, after: Program) -> tuple[SessionChange, ...]:
    """The sessions that a reader sees differently, in the order of the program after."""
    old, new = before.sessions_by_id, after.sessions_by_id
    # Most are the very same: comparing all of a large program would take longer than the edit.
    alike = (before.speakers, before.rooms) == (after.speakers, after.rooms)
    return tuple(
        SessionChange(name, old.get(name), new.get(name))
        for name in dict.fromkeys((*new, *old))
        if not (alike and old.get(name) is new.get(name))
        and not looks_same(before, old.get(name), after, new.get(name))
    )


@dataclass(frozen=True)
class RevisionDiff:
    """The programs before and after, reduced to the sessions that changed, their people and rooms.

    ``before`` is None for the first revision. Of the announcements those are kept that are new or gone.
    """

    before: Program | None
    after: Program

    @cached_property
    def sessions(self) -> tuple[SessionChange, ...]:
        """As `changed_sessions`; empty for the first revision."""
        return changed_sessions(self.before, self.after) if self.before else ()

    @property
    def announced(self) -> tuple[Announcement, ...]:
        """The announcements that are new."""
        known = {one.revision for one in self.before.announcements} if self.before else set()
        return tuple(one for one in self.after.announcements if one.revision not in known)

    @property
    def withdrawn(self) -> tuple[Announcement, ...]:
        """The announcements that are gone."""
        left = {one.revision for one in self.after.announcements}
        return tuple(one for one in self.before.announcements if one.revision not in left) if self.before else ()


def compare_programs(before: Program | None, after: Program) -> RevisionDiff:
    """Compare two programs; without one before, nothing counts as changed."""
    new = {one.revision for one in after.announcements}
    if before is None:
        return RevisionDiff(None, _cut(after, frozenset(), new))
    old = {one.revision for one in before.announcements}
    sessions = changed_sessions(before, after)
    changed = {change.session for change in sessions}
    same = {one.session for one in sessions if one.before and one.after and one.before.items == one.after.items}
    cut = _cut(before, changed, old - new), _cut(after, changed, new - old)
    return RevisionDiff(*(_with_items_in_short(program, same) for program in cut))


def _with_items_in_short(program: Program, sessions: AbstractSet[str]) -> Program:
    """The program without abstracts and links of some sessions' items, which can be most of its text."""
    return replace(program, sessions=tuple(_in_short(one) if one.id in sessions else one for one in program.sessions))


def _in_short(session: Session) -> Session:
    return replace(session, items=tuple(replace(item, abstract="", links=()) for item in session.items))


def _cut(program: Program, sessions: AbstractSet[str], announcements: AbstractSet[int]) -> Program:
    kept = tuple(session for session in program.sessions if session.id in sessions)
    announced = tuple(one for one in program.announcements if one.revision in announcements)
    people, rooms = people_and_rooms(kept, announced)
    found = [room for room in program.rooms if room.id in rooms]
    return replace(
        program,
        description="",
        identity=NO_IDENTITY,
        tracks=(),
        screen=NO_LINES,
        stage=USUAL_STAGE_TIMES,
        sessions=kept,
        speakers=tuple(replace(one, picture=None) for one in program.speakers if one.id in people),
        # Not empty, since a program without rooms is given one.
        rooms=tuple(map(_by_name, found or program.rooms[:1])),
        organizers=(),
        dates=(),
        pages=(),
        announcements=announced,
        for_speakers="",
    )


def _by_name(room: Room) -> Room:
    return Room(room.id, room.name)


def people_and_rooms(
    sessions: Sequence[Session], announcements: Iterable[Announcement]
) -> tuple[set[str], set[str | None]]:
    """The ids of the speakers and of the rooms to which sessions and announcements refer."""
    rooms = {slot.room for session in sessions for slot in (session.slot, session.scheduled)}
    return {name for session in sessions for name in session.speakers}, rooms | {one.room for one in announcements}


def looks_same(before: Program, old: Session | None, after: Program, new: Session | None) -> bool:
    """Whether readers see the same of a session: its fields that are not hidden, its people, its room's name.

    A person's picture is no part of a session: another one changes no session.
    """
    if old is None or new is None:
        return old is new
    return bool(_seen(old) == _seen(new)) and _people_and_room(before, old) == _people_and_room(after, new)


def _people_and_room(program: Program, session: Session) -> tuple[tuple[Person, ...], str]:
    people = (replace(one, picture=None) if one.picture else one for one in program.speakers_of(session))
    return tuple(people), program.room_name(session.room, for_all="")
