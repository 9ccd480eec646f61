"""A day of a few rooms as columns: the place of each session in a CSS grid on wide screens.

Sessions that start at the same time are at the same height. The HTML stays a list in the order of time, which narrow
screens, readers without scripts and searches show as such.
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
    """The columns of one day's sessions; None for sessions in one room, or in more rooms than fit."""
    used = {session.room for session in sessions}
    rooms = tuple(room for room in program.rooms if room.id in used)
    if not 1 < len(rooms) <= MOST_COLUMNS:
        return None
    return Columns(rooms, _areas([room.id for room in rooms], sessions))


def _areas(rooms: Sequence[str], sessions: Sequence[Session]) -> Mapping[str, str]:
    instants = sorted({edge for session in sessions for edge in (session.start, session.end)})
    lines = {instant: number for number, instant in enumerate(instants, start=1)}
    # The first free grid line of each room: of overlapping sessions in a room, the later one is below.
    free = dict.fromkeys(rooms, 1)
    areas = {}
    for session in sessions:
        columns = rooms if session.room is None else [session.room]
        top = max(lines[session.start], *(free[room] for room in columns))
        bottom = max(top + 1, lines[session.end])
        free.update(dict.fromkeys(columns, bottom))
        left = rooms.index(columns[0]) + 1
        areas[session.id] = f"{top} / {left} / {bottom} / {left + len(columns)}"
    return areas
