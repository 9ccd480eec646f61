"""Other edits to the same end, for one that puts a session where another is; none of them is tried here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from app.domain.edits.kinds import ChangeRoom, Delay, Edit, Move, Reinstate, Shorten, Swap
from app.domain.edits.outcome import Outcome, WayOut
from app.domain.edits.standing import conference_day, overlap, share_a_room
from app.domain.program import Program, Room
from app.domain.session import Session, Slot
from app.domain.telling import clock, length, minutes, named


def detours(program: Program, edit: Edit, outcome: Outcome, now: datetime) -> Iterator[WayOut]:
    """What might be done in place of an edit that clashes."""
    match edit:
        case Move():
            yield from _for_move(program, edit, outcome, now)
        case ChangeRoom():
            yield from _for_room(program, edit, outcome, now)
        case Reinstate(session=name):
            yield from _for_reinstated(program, program.session(name), now)
        case Delay(session=name, minutes=minutes) if minutes < 0:
            yield WayOut(
                Shorten(name, length(program.session(name)) + minutes),
                f"Let it end {-minutes} minutes earlier instead.",
            )
        case _:
            return


def _for_move(program: Program, edit: Move, outcome: Outcome, now: datetime) -> Iterator[WayOut]:
    session = program.session(edit.session)
    wanted = outcome.of(session).slot
    later = minutes(wanted.start - session.start)
    if later > 0 and wanted.room == session.room:
        yield WayOut(Delay(session.id, later), f"Delay it by {later} minutes and push what follows.")
    for room in _free_rooms(program, session, wanted):
        yield WayOut(replace(edit, room=room.id), f"Move it to {room.name} at that time.")
    yield from _elsewhen(program, session, wanted, edit.room, now)
    yield from _swap(program, outcome)


def _for_room(program: Program, edit: ChangeRoom, outcome: Outcome, now: datetime) -> Iterator[WayOut]:
    session = program.session(edit.session)
    wanted = outcome.of(session).slot
    for room in _free_rooms(program, session, wanted):
        yield WayOut(ChangeRoom(session.id, room.id), f"Change to {room.name} instead.")
    yield from _swap(program, outcome)
    if edit.room is not None:
        yield from _elsewhen(program, session, wanted, edit.room, now)


def _for_reinstated(program: Program, session: Session, now: datetime) -> Iterator[WayOut]:
    start = _nearest_free(program, session, session.slot, now)
    if start is not None:
        yield WayOut(
            Move(session.id, start), f"Move it to {clock(program, start)} while it is cancelled, then reinstate it."
        )


def _elsewhen(program: Program, session: Session, wanted: Slot, room: str | None, now: datetime) -> Iterator[WayOut]:
    start = _nearest_free(program, session, wanted, now)
    if start is not None:
        yield WayOut(
            Move(session.id, start, room), f"Move it to {clock(program, start)}, the nearest time that is free."
        )


def _swap(program: Program, outcome: Outcome) -> Iterator[WayOut]:
    if len(outcome.clashes) == 1:
        clash = outcome.clashes[0]
        one, other = program.session(clash.session), program.session(clash.into)
        # Lunch is moved by who says so, not by who looks for a way out.
        if not (one.pinned or other.pinned):
            yield WayOut(Swap(one.id, other.id), f"Swap it with {named(other)}.")


def _free_rooms(program: Program, session: Session, wanted: Slot) -> Iterator[Room]:
    others = _others(program, session, replace(wanted, room=None))
    busy = [other.slot for other in others if overlap(replace(wanted, room=None), other.slot)]
    for room in program.rooms:
        slot = replace(wanted, room=room.id)
        if room.id not in (wanted.room, session.room) and not any(share_a_room(slot, one) for one in busy):
            yield room


def _nearest_free(program: Program, session: Session, wanted: Slot, now: datetime) -> datetime | None:
    """The start nearest to the wanted one, on the same day and not past, at which nothing else is there."""
    span = wanted.end - wanted.start
    day = conference_day(program, session.start)
    others = _others(program, session, wanted)
    edges = {*(one.end for one in others), *(one.start - span for one in others)}
    for start in sorted(edges, key=lambda edge: (abs(edge - wanted.start), edge)):
        slot = replace(wanted, start=start, end=start + span)
        possible = slot != session.slot and start >= now and conference_day(program, start) == day
        if possible and not any(overlap(slot, other.slot) for other in others):
            return start
    return None


def _others(program: Program, session: Session, place: Slot) -> list[Session]:
    """The other sessions that are in the room of a slot."""
    return [
        one for one in program.sessions if not one.cancelled and one.id != session.id and share_a_room(one.slot, place)
    ]
