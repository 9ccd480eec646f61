"""A day of several rooms as a grid for wide screens: hours downwards, a column for each room, lengths to scale.

The HTML is a list in the order of time, which narrow screens show as such. What places it in the grid are classes for
columns and the hours and minutes in `data-start` and `data-end`; `place_rules` writes the style sheet's rules for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from math import ceil

from app.domain.conference_day import DAY_STARTS, conference_day
from app.domain.program import Program, Room
from app.domain.session import Session

# A day that would need more columns has a list only.
MOST_COLUMNS = 150
FIRST_HOUR = DAY_STARTS // timedelta(hours=1)
HOURS = range(FIRST_HOUR, FIRST_HOUR + 24)
# A session without length stands in the grid like one of a minute.
LEAST_LENGTH = timedelta(minutes=1)
# The heights of a session's parts in CSS pixels, and the letters in a line, in a column of the least width.
LINE_PIXELS, OTHER_PIXELS = 18, 44
LETTERS = 20
# The pixels of a minute.
PACES = range(2, 9)
# Sessions of at most this length have no names in the grid, so that they need less height.
BRIEF = timedelta(minutes=10)
# The custom property that a class with an hour sets.
HOUR_CLASSES = {"hour": "sh", "first": "first", "from": "opening", "last": "last"}


@dataclass(frozen=True)
class RoomGrid:
    """The grid of a day.

    ``heads`` are the columns' rooms (None: what is for all rooms, where that has a column of its own), each with the
    classes of its place. ``places`` are the classes of sessions, by id. ``hours`` are those of the axis, counted from
    the midnight before the day: a session at half past midnight stands below 24. ``pace`` is the height of a minute in
    CSS pixels; only a session whose text needs more makes its own minutes higher.
    """

    heads: tuple[tuple[Room | None, str], ...]
    places: Mapping[str, str]
    columns: int
    hours: range
    pace: int


def grid_of(program: Program, sessions: Sequence[Session]) -> RoomGrid | None:
    """The grid of one day's sessions.

    None for those of one room, for more columns than are shown, and for a day that begins before its first hour.
    """
    used = {session.room for session in sessions}
    rooms: list[Room | None] = [room for room in program.rooms if room.id in used]
    if len(rooms) in (0, 1) or _is_before_its_day(program, min(sessions, key=Session.order)):
        return None
    # What is for all rooms stands across them, unless something else is on meanwhile.
    common = [one for one in sessions if one.room is None]
    own = any(_overlap(one, other) for one in common for other in sessions if other is not one)
    heads = [None, *rooms] if own else rooms
    in_room: dict[str | None, list[Session]] = {}
    for one in sessions:
        in_room.setdefault(one.room, []).append(one)
    lanes = [_lanes(in_room[room.id if room else None]) for room in heads]
    widths = [1 + max(lane.values()) for lane in lanes]
    *firsts, end = accumulate(widths, initial=1)
    if end > MOST_COLUMNS + 1:
        return None
    places = {} if own else {one.id: _place(1, end - 1) for one in common}
    for first, lane in zip(firsts, lanes, strict=True):
        places |= {name: _place(first + number) for name, number in lane.items()}
    named = zip(heads, map(_place, firsts, widths), strict=True)
    brief = {one.id for one in sessions if _is_brief(one)}
    places = {name: f"{place} brief" if name in brief else place for name, place in places.items()}
    return RoomGrid(tuple(named), places, end - 1, _hours(program, sessions), _pace(program, sessions))


def hour_of_day(program: Program, instant: datetime) -> int:
    """The hour at the venue, counted from the midnight before the conference day: 25 at one in the night."""
    hour = program.local(instant).hour
    return hour if hour >= FIRST_HOUR else hour + 24


def place_rules() -> str:
    """The style sheet's rules by which classes, hours and minutes become places in the grid."""
    return "".join((*_time_rules(), *_column_rules()))


def _time_rules() -> Iterator[str]:
    for edge in ("start", "end"):
        for hour in HOURS:
            yield f'[data-{edge}*="T{hour % 24:02}:"]{{--{edge[0]}h:{hour}}}'
        for minute in range(1, 60):
            yield f'[data-{edge}*=":{minute:02}:00"]{{--{edge[0]}m:{minute}}}'
    # The last minute of a day is its end, not its beginning.
    yield f'[data-end*="T{FIRST_HOUR:02}:00:00"]{{--eh:{HOURS[-1] + 1}}}'
    for name, property_name in HOUR_CLASSES.items():
        for hour in HOURS:
            yield f".{name}-{hour}{{--{property_name}:{hour}}}"
    for pace in PACES:
        yield f".pace-{pace}{{--pace:{pace}px}}"


def _column_rules() -> Iterator[str]:
    for column in range(1, MOST_COLUMNS + 1):
        yield f".c{column}{{--column:{column};--width:1}}.of{column}{{--columns:{column}}}"
    # After those, which they replace.
    for width in range(2, MOST_COLUMNS + 1):
        yield f".w{width}{{--width:{width}}}"


def _place(column: int, width: int = 1) -> str:
    """The classes of a column, counted from 1, and of how many columns something is wide."""
    return f"c{column}" if width == 1 else f"c{column} w{width}"


def _hours(program: Program, sessions: Sequence[Session]) -> range:
    """The hours from the first start to the last end; what lasts into the next day counts by its start."""
    starts = {hour_of_day(program, start) for start in {one.start for one in sessions}}
    ends = {hour_of_day(program, end - LEAST_LENGTH) for end in {_end(one) for one in sessions}}
    return range(min(starts), max(starts | ends) + 1)


def _pace(program: Program, sessions: Sequence[Session]) -> int:
    """The pace at which three of four sessions have the height that their text needs."""
    needed = sorted(_height(program, one) / ((_end(one) - one.start) / timedelta(minutes=1)) for one in sessions)
    return min(max(ceil(needed[ceil(len(needed) * 3 / 4) - 1]), PACES[0]), PACES[-1])


def _height(program: Program, session: Session) -> int:
    """About how high the text of a session is, in CSS pixels."""
    shown = () if _is_brief(session) else program.speakers_of(session)
    names = sum(len(person.name) + len(", ") for person in shown)
    return OTHER_PIXELS + LINE_PIXELS * (ceil(len(session.title) / LETTERS) + ceil(names / LETTERS))


def _is_brief(session: Session) -> bool:
    return session.end - session.start <= BRIEF


def _is_before_its_day(program: Program, session: Session) -> bool:
    """Whether a session is at an hour that elsewhere stands for the end of the day, but at the day's beginning."""
    local = program.local(session.start)
    return local.hour < FIRST_HOUR and local.date() == conference_day(program, session.start)


def _lanes(sessions: Sequence[Session]) -> dict[str, int]:
    """For each session of a room the first column of that room that is free at its start, counted from 0."""
    ends: list[datetime] = []
    lanes = {}
    for session in sessions:
        lane = next((lane for lane, end in enumerate(ends) if end <= session.start), len(ends))
        ends[lane : lane + 1] = [_end(session)]
        lanes[session.id] = lane
    return lanes


def _overlap(one: Session, other: Session) -> bool:
    return one.start < _end(other) and other.start < _end(one)


def _end(session: Session) -> datetime:
    return max(session.end, session.start + LEAST_LENGTH)
