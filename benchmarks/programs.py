"""Programs of any size: days of talks in parallel rooms."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.domain.program import Person, Program, Room
from app.domain.session import Session, Slot

SESSIONS_A_DAY = 15
FIRST = datetime(2025, 7, 18, 16, tzinfo=UTC)
LENGTH = timedelta(minutes=30)
# Of a large conference: so many rooms at most, then more days.
MOST_ROOMS = 100


def program_of(sessions: int) -> Program:
    """A valid program with so many sessions, each with a speaker and an abstract."""
    rooms = max(1, min(MOST_ROOMS, sessions // (3 * SESSIONS_A_DAY)))
    made = tuple(sorted((_session(number, rooms) for number in range(sessions)), key=Session.order))
    return Program(
        id="large",
        title="Large",
        timezone="America/Vancouver",
        domain="conference.example",
        days=tuple(sorted({(session.start - timedelta(hours=7)).date() for session in made})),
        rooms=tuple(Room(id=f"room-{room}", name=f"Room {room}") for room in range(rooms)),
        speakers=tuple(Person(id=f"speaker-{number}", name=f"Speaker {number}") for number in range(sessions)),
        sessions=made,
    )


def _session(number: int, rooms: int) -> Session:
    day, place = divmod(number // rooms, SESSIONS_A_DAY)
    start = FIRST + timedelta(days=day) + place * LENGTH
    slot = Slot(start=start, end=start + LENGTH, room=f"room-{number % rooms}")
    return Session(
        id=f"session-{number}",
        title=f"What was measured in talk {number}, and what follows from it",
        slot=slot,
        scheduled=slot,
        speakers=(f"speaker-{number}",),
        abstract="A paragraph on what is said. " * 20,
    )
