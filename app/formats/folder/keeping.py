"""What of a program a folder keeps, and under which of its days a session stands there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from app.domain.faults import DAY_SPILL
from app.domain.program import VENUE_ROOM, Page, Program, Room
from app.domain.session import Session


def as_files_hold(program: Program) -> Program:
    """The program as its folder holds it: what is now, without the history of edits and announcements.

    The days of its sessions stand in for days that nobody announced, and pages have line feeds
    and a title of one line. What was read from a folder is as its files hold it already.
    """
    return replace(
        program,
        days=tuple(sorted(set(program.days) or {_local_day(program, session) for session in program.sessions})),
        sessions=tuple(map(_without_history, program.sessions)),
        pages=tuple(_tidy(page, order) for order, page in enumerate(program.pages)),
        dates_changed_at=None,
        announcements=(),
    )


def names_its_rooms(program: Program) -> bool:
    """Whether there are rooms to write; one in which everything is, named as the venue, needs no word."""
    name = program.venue.name if program.venue else program.title
    return program.rooms != (Room(VENUE_ROOM, name),) or any(one.room is None for one in program.sessions)


def sessions_by_day(program: Program) -> Mapping[date, list[Session]]:
    """The sessions under the announced days, in order; one on no such day is under the last before it."""
    days: dict[date, list[Session]] = {day: [] for day in program.days}
    for session in program.sessions:
        days[_day_of(program, session)].append(session)
    return days


def _day_of(program: Program, session: Session) -> date:
    day = _local_day(program, session)
    evening_before = (program.local(session.start) - DAY_SPILL).date()
    named = [one for one in (day, evening_before) if one in program.days]
    before = [one for one in program.days if one < day]
    return next(iter([*named, *reversed(before)]), program.days[0])


def _local_day(program: Program, session: Session) -> date:
    return program.local(session.start).date()


def _without_history(session: Session) -> Session:
    return replace(
        session,
        scheduled=session.slot,
        ended_by_hand=False,
        sequence=0,
        created_at=None,
        changed_at=None,
    )


def _tidy(page: Page, order: int) -> Page:
    body = page.body.replace("\r\n", "\n").replace("\r", "\n")
    return replace(page, title=" ".join(page.title.split()), body=body, order=order)
