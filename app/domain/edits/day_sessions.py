"""Sessions that people added on the day, where a plan that lacks them meets the published program."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace

from app.domain.program import Program
from app.domain.revision_diff import people_and_rooms
from app.domain.session import Session


def added_sessions(plan: Program, latest: Program) -> tuple[Session, ...]:
    """The sessions that were published beside the plan and take place, as they were planned when they were added."""
    return tuple(
        replace(one, slot=one.scheduled, ended_by_hand=False)
        for one in latest.sessions
        if one.id not in plan.sessions_by_id and not one.cancelled
    )


def with_added_sessions(plan: Program, latest: Program, wanted: Container[str] | None = None) -> Program:
    """The plan with those that were published beside it, of ``wanted`` ids alone; with their people and rooms."""
    found = [one for one in added_sessions(plan, latest) if wanted is None or one.id in wanted]
    if not found:
        return plan
    people, rooms = people_and_rooms(found, ())
    return replace(
        plan,
        sessions=(*plan.sessions, *found),
        speakers=(*plan.speakers, *(one for one in latest.speakers if one.id in people - set(plan.speakers_by_id))),
        rooms=(*plan.rooms, *(one for one in latest.rooms if one.id in rooms - set(plan.rooms_by_id))),
    )


def without_unchanged(program: Program, sessions: Iterable[Session]) -> Program:
    """The program without those of some sessions that are in it just as they are."""
    unchanged = {one.id: one for one in sessions}
    left = tuple(one for one in program.sessions if unchanged.get(one.id) != one)
    return program if len(left) == len(program.sessions) else replace(program, sessions=left)
