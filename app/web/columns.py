"""A day of a few rooms as columns: where each session stands on a wide screen.

Sessions that begin at the same time stand at the same height. The list itself stays in the order of time: only its
CSS grid areas change, and a narrow screen, a reader without scripts and a search have the list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.program import Program, Room
from app.domain.session import Session

MOST_COLUMNS = 8


@dataclass(frozen=True)
class Columns:
    """The rooms with sessions on a day, in the program's order, and the CSS ``grid-area`` of each session by id."""

    rooms: tuple[Room, ...]
    areas: Mapping[str, str]


def columns_of(program: Program, sessions: Sequence[Session]) -> Columns | None:
    """The columns of one day's sessions; None where one room has them all, or more rooms than have place."""
    used = {session.room for session in sessions}
    rooms = tuple(room for room in program.rooms if room.id in used)
    if not 1 < len(rooms) <= MOST_COLUMNS:
        return None
    return Columns(rooms, _areas([room.id for room in rooms], sessions))


def _areas(rooms: Sequence[str], sessions: Sequence[Session]) -> Mapping[str, str]:
    instants = sorted({edge for session in sessions for edge in (session.start, session.end)})
    lines = {instant: number for number, instant in enumerate(instants, start=1)}
    # The first grid line that is free in each room: where sessions of a room overlap, the later one stands below.
    free = dict.fromkeys(rooms, 1)
    areas = {}
    for session in sessions:
        own = rooms if session.room is None else [session.room]
        first = max(lines[session.start], *(free[room] for room in own))
        after = max(first + 1, lines[session.end])
        free.update(dict.fromkeys(own, after))
        column = rooms.index(own[0]) + 1
        areas[session.id] = f"{first} / {column} / {after} / {column + len(own)}"
    return areas
