"""Another time, another room, another order, another length."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.edits.kinds import ChangeRoom, Delay, Move, Shorten, StartNow, Swap
from app.domain.edits.laid_over import laid_over
from app.domain.edits.outcome import Outcome, WayOut
from app.domain.edits.ripple import Placed, check_length, ripple
from app.domain.edits.standing import (
    conference_day,
    minute_of,
    refuse_begun,
    refuse_cancelled,
    refuse_over,
)
from app.domain.errors import EditRefused
from app.domain.instants import utc
from app.domain.program import Program
from app.domain.session import Session, Slot
from app.domain.telling import clock, minutes, named


def shorten(program: Program, edit: Shorten, now: datetime) -> Outcome:
    """The session keeps its start and ends earlier; what follows stays where it is."""
    session = program.session(edit.session)
    refuse_cancelled(session)
    refuse_over(program, session, now)
    check_length(session, edit.minutes)
    end = session.start + timedelta(minutes=edit.minutes)
    if end <= now:
        raise EditRefused(
            f"{named(session)} would have ended at {clock(program, end)}, and it is {clock(program, now)}"
        )
    return Outcome(sessions=(replace(session, slot=replace(session.slot, end=end)),))


def move(program: Program, edit: Move, now: datetime) -> Outcome:
    """The session keeps its length and starts at another time of its day; nothing else moves."""
    session = program.session(edit.session)
    start = utc(edit.start)
    slot = Slot(start=start, end=start + (session.end - session.start), room=edit.room or session.room)
    _check_room(program, slot.room)
    if slot == session.slot:
        return Outcome()
    if not session.cancelled:
        _refuse_begun(program, session, start, now)
    _refuse_time(program, session, start, now)
    outcome = Outcome(sessions=(replace(session, slot=slot),))
    # A cancelled one is in nobody's way.
    return outcome if session.cancelled else laid_over(program, outcome, session.id)


def change_room(program: Program, edit: ChangeRoom, now: datetime) -> Outcome:
    """The session keeps its time; it may have begun."""
    session = program.session(edit.session)
    _check_room(program, edit.room)
    refuse_over(program, session, now)
    if edit.room == session.room:
        return Outcome()
    outcome = Outcome(sessions=(replace(session, slot=replace(session.slot, room=edit.room)),))
    return outcome if session.cancelled else laid_over(program, outcome, session.id)


def swap(program: Program, edit: Swap, now: datetime) -> Outcome:
    """Each begins where the other did; two that follow each other fill the same stretch as before."""
    if edit.first == edit.second:
        raise EditRefused("a session cannot be swapped with itself")
    pair = sorted(map(program.session, (edit.first, edit.second)), key=Session.order)
    for session in pair:
        refuse_cancelled(session)
        refuse_begun(program, session, now)
    early, late = pair
    neighbours = early.room == late.room and early.end == late.start
    start = late.end - (early.end - early.start) if neighbours else late.start
    slots = {late.id: _at(late, early.start, early.room), early.id: _at(early, start, late.room)}
    placed = {name: Placed(slot, (slot.start, slot.end, name)) for name, slot in slots.items()}
    return laid_over(program, ripple(program, edit, placed, now), *placed)


def _refuse_begun(program: Program, session: Session, start: datetime, now: datetime) -> None:
    if session.start <= now < session.end and start > now:
        later = minutes(start - session.start)
        way = WayOut(Delay(session.id, later), f"End it {later} minutes later.")
        raise EditRefused(f"{named(session)} is on since {clock(program, session.start)} and keeps its start", [way])
    refuse_begun(program, session, now)


def _refuse_time(program: Program, session: Session, start: datetime, now: datetime) -> None:
    if start < minute_of(now):
        raise EditRefused(
            f"{clock(program, start)} has passed; it is {clock(program, now)}",
            [WayOut(StartNow(session.id), "Start it now."), *_earliest(program, session, now)],
        )
    if conference_day(program, start) != conference_day(program, session.start):
        raise EditRefused(f"{named(session)} can be moved within its day only")


def _earliest(program: Program, session: Session, now: datetime) -> Iterator[WayOut]:
    """As early as can be where nothing else is in the way, for who cannot tap "start"."""
    earlier = (session.start - minute_of(now)) // timedelta(minutes=1)
    if earlier > 0 and not session.pinned:
        start = session.start - timedelta(minutes=earlier)
        yield WayOut(Delay(session.id, -earlier), f"Bring it forward by {earlier} minutes, to {clock(program, start)}.")


def _check_room(program: Program, room: str | None) -> None:
    if room is not None:
        program.room(room)


def _at(session: Session, start: datetime, room: str | None) -> Slot:
    return Slot(start=start, end=start + (session.end - session.start), room=room)
