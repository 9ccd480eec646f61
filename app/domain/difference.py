"""What a revision changed, as two small programs: enough to tell it without the whole ones."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property

from app.domain.changes import SessionChange, changed_sessions
from app.domain.program import Announcement, Program


@dataclass(frozen=True)
class Difference:
    """The programs before and after, cut down to the sessions that changed, with their people and rooms.

    ``before`` is None for the first revision. Announcements are whole. ``elsewhere`` says that
    more than sessions and announcements changed: a page, a room, the title.
    """

    before: Program | None
    after: Program
    elsewhere: bool = False

    @cached_property
    def sessions(self) -> tuple[SessionChange, ...]:
        """The sessions that a reader sees differently, in the order of the program after; none for the first."""
        return changed_sessions(self.before, self.after) if self.before else ()

    @property
    def announced(self) -> tuple[Announcement, ...]:
        """The announcements that are new."""
        known = {one.revision for one in self.before.announcements} if self.before else set()
        return tuple(one for one in self.after.announcements if one.revision not in known)

    @property
    def withdrawn(self) -> tuple[Announcement, ...]:
        """The announcements that are there no more."""
        left = {one.revision for one in self.after.announcements}
        return tuple(one for one in self.before.announcements if one.revision not in left) if self.before else ()


def difference(before: Program | None, after: Program) -> Difference:
    """Compare two programs; of the first one ever nothing counts as changed."""
    if before is None:
        return Difference(None, _cut(after, frozenset()))
    changed = {change.session for change in changed_sessions(before, after)}
    return Difference(_cut(before, changed), _cut(after, changed), _frame(before) != _frame(after))


def _cut(program: Program, sessions: AbstractSet[str]) -> Program:
    kept = tuple(session for session in program.sessions if session.id in sessions)
    people = {speaker for session in kept for speaker in session.speakers}
    rooms = {slot.room for session in kept for slot in (session.slot, session.scheduled)}
    rooms |= {one.room for one in program.announcements}
    return replace(
        program,
        description="",
        sessions=kept,
        speakers=tuple(person for person in program.speakers if person.id in people),
        # Never none: a program without rooms would be given one.
        rooms=tuple(room for room in program.rooms if room.id in rooms) or program.rooms[:1],
        organizers=(),
        dates=(),
        pages=(),
    )


def _frame(program: Program) -> Program:
    """All but sessions, their people and the announcements."""
    return replace(program, sessions=(), speakers=(), announcements=(), dates_changed_at=None)
