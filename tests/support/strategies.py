"""Hypothesis strategies for all tests: zones and days with their clock changes, programs, instants."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from app.domain.instants import at_local
from app.domain.program import Announcement, Person, Program, Room
from app.domain.session import Session, Slot

ROOMS = (Room("hall", "Hall"), Room("annex", "Annex"), Room("yard", "Yard"))
PEOPLE = (Person(id="ada", name="Ada"), Person(id="grace", name="Grace"), Person(id="alan", name="Alan"))
TITLES = ("TBA", "Opening", "Größe; a, b\\c", "日本語", "CANCELLED: not really")
STEP = timedelta(minutes=5)
TICK = timedelta.resolution

# Zones by name, with days on which their clocks change and one on which they do not: by an hour, by half
# of one, in the south, never any more, and at quarter hours.
ZONE_DAYS = {
    "America/Vancouver": (date(2025, 7, 18), date(2025, 3, 9), date(2025, 11, 2), date(2026, 11, 1)),
    "Europe/Vienna": (date(2025, 7, 18), date(2025, 3, 30), date(2025, 10, 26)),
    "Australia/Lord_Howe": (date(2025, 7, 18), date(2025, 4, 6), date(2025, 10, 5)),
    "America/St_Johns": (date(2025, 7, 18), date(2025, 3, 9), date(2025, 11, 2)),
    "Asia/Kathmandu": (date(2025, 7, 18),),
    "Pacific/Apia": (date(2025, 7, 18),),
    "UTC": (date(2025, 7, 18),),
}


def examples(count: int, **options: Any) -> settings:
    """So many examples in `make acceptance`, a fifth of them in `make test`."""
    return settings(max_examples=max(5, count * settings.default.max_examples // 100), **options)


@st.composite
def zones_with_days(draw: st.DrawFn) -> tuple[str, date]:
    """A zone, and a day on which its clocks may change."""
    zone = draw(st.sampled_from(list(ZONE_DAYS)))
    return zone, draw(st.sampled_from(ZONE_DAYS[zone]))


@st.composite
def sessions(draw: st.DrawFn, name: str, slot: Slot) -> Session:
    """A session of any sort; some are elsewhere than they were scheduled, some elastic, pinned or cancelled."""
    moved = draw(st.sampled_from([0, 0, 0, 2, -1])) * STEP
    kind = draw(st.sampled_from(["talk", "talk", "talk", "break", "posters", "lunch"]))
    return Session(
        id=name,
        title=draw(st.sampled_from(TITLES)),
        slot=slot,
        scheduled=Slot(start=slot.start + moved, end=slot.end + moved, room=slot.room),
        kind=kind,
        speakers=tuple(draw(st.lists(st.sampled_from(["ada", "grace"]), max_size=2, unique=True))),
        pinned=kind == "lunch" and draw(st.booleans()),
        min_minutes={"break": 5, "posters": 10, "lunch": draw(st.sampled_from([None, 15]))}.get(kind),
        cancelled=draw(st.sampled_from([False, False, False, False, True])),
    )


@st.composite
def programs(draw: st.DrawFn, least: int = 0, most: int = 9) -> Program:
    """Any program: with overlaps, zero lengths, nights, clock changes, cancelled sessions and some for all rooms."""
    zone, day = draw(zones_with_days())
    midnight = at_local(day, time(), zone)
    rooms = ROOMS[: draw(st.integers(1, 3))]
    made = []
    for number in range(draw(st.integers(least, most))):
        start = midnight + STEP * draw(st.integers(0, 36) | st.integers(96, 330))
        end = start + STEP * draw(st.integers(0, 30))
        room = draw(st.sampled_from([None, *(room.id for room in rooms)]))
        made.append(draw(sessions(f"s{number}", Slot(start=start, end=end, room=room))))
    return _program(draw, zone, day, rooms, made)


@st.composite
def tidy_programs(draw: st.DrawFn) -> Program:
    """A program as people plan one: in each room one thing at a time, some gaps, and now and then all together."""
    zone, day = draw(zones_with_days())
    cursor = at_local(day, time(9), zone)
    rooms = ROOMS[: draw(st.integers(1, 2))]
    made: list[Session] = []
    for number in range(draw(st.integers(1, 4))):
        for_all = draw(st.booleans())
        ends = [cursor]
        for room in [None] if for_all else [room.id for room in rooms]:
            at = cursor
            for _ in range(1 if for_all else draw(st.integers(0 if number else 1, 3))):
                at += STEP * draw(st.sampled_from([0, 0, 0, 1, 2]))
                end = at + STEP * draw(st.integers(1, 9))
                made.append(draw(sessions(f"s{len(made)}", Slot(start=at, end=end, room=room))))
                at = end
            ends.append(at)
        cursor = max(ends)
    return _program(draw, zone, day, rooms, made)


@st.composite
def instants_near(draw: st.DrawFn, program: Program) -> datetime:
    """An instant that matters to a program: at a start or an end, just beside one, or somewhere about."""
    edges = sorted({edge for session in program.sessions for edge in (session.start, session.end)})
    if not edges:
        return datetime.combine(program.days[0], time(12), UTC)
    shifts = st.sampled_from([timedelta(0), TICK, -TICK])
    shifts |= st.integers(-40, 40).map(lambda minutes: timedelta(minutes=minutes))
    shifts |= st.integers(-3000, 3000).map(lambda seconds: timedelta(seconds=seconds))
    return draw(st.sampled_from(edges)) + draw(shifts)


@st.composite
def programs_with_instants(draw: st.DrawFn) -> tuple[Program, datetime]:
    """A program and an instant that matters to it."""
    program = draw(programs())
    return program, draw(instants_near(program))


def _program(draw: st.DrawFn, zone: str, day: date, rooms: tuple[Room, ...], made: list[Session]) -> Program:
    edges = [edge for session in made for edge in (session.start, session.end)]
    untils = draw(st.lists(st.sampled_from(edges), max_size=2)) if edges else []
    announcements = [
        Announcement(text="A word", until=until, room=draw(st.sampled_from([None, rooms[0].id])), revision=number)
        for number, until in enumerate(untils, start=1)
    ]
    return Program(
        id="random",
        title="Random",
        timezone=zone,
        domain="random.example",
        days=(day,),
        rooms=rooms,
        sessions=tuple(draw(st.permutations(made))),
        speakers=PEOPLE,
        announcements=tuple(announcements),
    )
