"""The workshop in several rooms."""

from __future__ import annotations

from dataclasses import replace

from app.domain.program import Program, Room
from app.domain.session import Session


def with_rooms(program: Program, number: int) -> Program:
    """The workshop in so many rooms: each has the whole day, in the others under other ids."""
    rooms = tuple(Room(f"hall-{one}", f"Lecture hall {one}") for one in range(number - 1))
    copies = (_in_room(one, number, room.id) for room in rooms for number, one in enumerate(program.sessions))
    sessions = tuple(sorted((*program.sessions, *copies), key=Session.order))
    return replace(program, rooms=(*program.rooms, *rooms), sessions=sessions)


def _in_room(session: Session, number: int, room: str) -> Session:
    slot, scheduled = replace(session.slot, room=room), replace(session.scheduled, room=room)
    return replace(session, id=f"{room}-{number}", slot=slot, scheduled=scheduled, items=())
