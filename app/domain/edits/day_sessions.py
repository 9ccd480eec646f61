"""Sessions that people added on the day, where a plan that lacks them meets the published program."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.domain.program import Program
from app.domain.revision_diff import people_and_rooms
from app.domain.session import Session, without_the_day


def added_sessions(plan: Program, latest: Program) -> tuple[Session, ...]:
    """The sessions that were added on the day and that the plan lacks, as they would stand in it.

    That is without edits of the day, and without the items that other sessions have by the plan.
    """
    planned = plan.items_by_id
    return tuple(
        replace(
            without_the_day(one), cancelled=False, items=tuple(item for item in one.items if item.id not in planned)
        )
        for one in latest.sessions
        if one.added and one.id not in plan.sessions_by_id
    )


def with_sessions(plan: Program, sessions: Iterable[Session], latest: Program) -> Program:
    """The plan with sessions that were added on the day, and with their people and rooms."""
    found = tuple(sessions)
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
