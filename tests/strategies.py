"""Hypothesis strategies for all tests: zones, days, programs, instants and edits."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import settings
from hypothesis import strategies as st

from app.domain import edits
from app.domain.program import Announcement, Person, Program, Room, Session, Slot

# Laws are many and cheap; a slow machine is no fault of theirs.
laws = settings(max_examples=120, deadline=None)

ROOMS = (Room("hall", "Hall"), Room("annex", "Annex"), Room("yard", "Yard"))
PEOPLE = tuple(Person(id=name, name=name.title()) for name in ("ada", "grace", "alan"))

# Half-hour and quarter-hour zones, zones that move by half an hour, far east and far west.
zones = st.sampled_from(
    [
        "America/Vancouver",
        "Europe/Berlin",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "America/St_Johns",
        "Pacific/Apia",
        "UTC",
    ]
)

# Clock changes in each of these zones, and days without any.
days = st.sampled_from(
    [
        date(2025, 3, 9),
        date(2025, 3, 30),
        date(2025, 4, 6),
        date(2025, 7, 18),
        date(2025, 10, 5),
        date(2025, 10, 26),
        date(2025, 11, 2),
        date(2026, 11, 1),
        date(2027, 1, 1),
    ]
)

titles = st.sampled_from(["TBA", "Opening", "Größe; a, b\\c", "Second\nline", "日本語", "CANCELLED: no"])


@st.composite
def sessions(draw: st.DrawFn, name: str, slot: Slot) -> Session:
    """A session of any sort at a slot; some stand elsewhere than scheduled."""
    moved = draw(st.sampled_from([0, 0, 0, 10, -5]))
    start = slot.start + timedelta(minutes=moved)
    scheduled = Slot(start=start, end=start + (slot.end - slot.start), room=slot.room)
    kind = draw(st.sampled_from(["talk", "talk", "break", "posters", "lunch"]))
    return Session(
        id=name,
        title=draw(titles),
        slot=slot,
        scheduled=scheduled,
        kind=kind,
        speakers=tuple(draw(st.lists(st.sampled_from(["ada", "grace"]), max_size=2, unique=True))),
        pinned=kind == "lunch" and draw(st.booleans()),
        min_minutes={"break": 5, "posters": 10}.get(kind),
        cancelled=draw(st.sampled_from([False, False, False, False, True])),
    )


@st.composite
def programs(draw: st.DrawFn, most: int = 9) -> Program:
    """Any program: overlaps, zero lengths, cancelled and roomless sessions, nights and clock changes included."""
    day = draw(days)
    midnight = datetime.combine(day, time(), UTC)
    rooms = ROOMS[: draw(st.integers(1, 3))]
    made = []
    for number in range(draw(st.integers(0, most))):
        start = midnight + timedelta(minutes=5 * draw(st.integers(0, 400)))
        end = start + timedelta(minutes=5 * draw(st.integers(0, 30)))
        room = draw(st.sampled_from([None, *(room.id for room in rooms)]))
        made.append(draw(sessions(f"s{number}", Slot(start=start, end=end, room=room))))
    return _program(draw, day, rooms, made)


@st.composite
def tidy_programs(draw: st.DrawFn) -> Program:
    """A program as people plan one: one thing at a time in each room, some gaps, sessions for all between."""
    day = draw(days)
    rooms = ROOMS[: draw(st.integers(1, 2))]
    cursor = datetime.combine(day, time(9), UTC)
    made: list[Session] = []
    for _ in range(draw(st.integers(1, 4))):
        for_all = draw(st.booleans())
        ends = [cursor]
        for room in [None] if for_all else [room.id for room in rooms]:
            at = cursor
            for _ in range(1 if for_all else draw(st.integers(0, 3))):
                at += timedelta(minutes=draw(st.sampled_from([0, 0, 0, 5, 10])))
                end = at + timedelta(minutes=5 * draw(st.integers(1, 9)))
                made.append(draw(sessions(f"s{len(made)}", Slot(start=at, end=end, room=room))))
                at = end
            ends.append(at)
        cursor = max(ends)
    return _program(draw, day, rooms, made)


def _program(draw: st.DrawFn, day: date, rooms: tuple[Room, ...], made: list[Session]) -> Program:
    edges = [edge for session in made for edge in (session.start, session.end)]
    announcements = [
        Announcement(
            text=f"Word {number}", until=until, room=draw(st.sampled_from([None, rooms[0].id])), revision=number
        )
        for number, until in enumerate(draw(st.lists(st.sampled_from(edges), max_size=2)) if edges else [], start=1)
    ]
    return Program(
        id="random",
        title="Random",
        timezone=draw(zones),
        domain="random.example",
        days=(day,),
        rooms=rooms,
        sessions=tuple(draw(st.permutations(made))),
        speakers=PEOPLE,
        announcements=tuple(announcements),
    )


@st.composite
def instants(draw: st.DrawFn, program: Program) -> datetime:
    """An instant that matters to a program: at, just before or just after a start or an end, or amid it all."""
    edges = sorted({edge for session in program.sessions for edge in (session.start, session.end)})
    if not edges:
        return datetime.combine(program.days[0], time(12), UTC)
    near = draw(st.sampled_from(edges))
    return near + draw(
        st.sampled_from([timedelta(0), timedelta.resolution, -timedelta.resolution])
        | st.integers(-40, 40).map(lambda minutes: timedelta(minutes=minutes))
        | st.integers(-3000, 3000).map(lambda seconds: timedelta(seconds=seconds))
    )


@st.composite
def pushing_edits(draw: st.DrawFn, program: Program) -> edits.Edit:
    """An edit that pushes what follows, with or without shortening and pushing."""
    ids = st.sampled_from([session.id for session in program.sessions])
    minutes = st.integers(-30, 60)
    shorten = tuple(draw(st.dictionaries(ids, st.integers(1, 40), max_size=1)).items()) if draw(st.booleans()) else ()
    push = draw(st.frozensets(ids, max_size=3)) if draw(st.booleans()) else frozenset()
    edit: edits.PushingEdit = draw(
        st.builds(edits.Delay, session=ids, minutes=minutes, pull_forward=st.booleans())
        | st.builds(edits.Extend, session=ids, minutes=st.integers(1, 30))
        | st.builds(edits.StartNow, session=ids)
        | st.builds(edits.Swap, first=ids, second=ids)
    )
    return type(edit)(**{name: getattr(edit, name) for name in _own_fields(edit)}, shorten=shorten, push=push)


def _own_fields(edit: edits.PushingEdit) -> list[str]:
    return [name for name in type(edit).__dataclass_fields__ if name not in {"shorten", "push"}]


@st.composite
def any_edits(draw: st.DrawFn, program: Program) -> edits.Edit:
    """Any edit of a program, sensible or not."""
    ids = st.sampled_from([session.id for session in program.sessions])
    rooms = st.sampled_from([None, *(room.id for room in program.rooms)])
    starts = instants(program)
    return draw(
        pushing_edits(program)
        | st.builds(edits.EndNow, session=ids)
        | st.builds(edits.Shorten, session=ids, minutes=st.integers(0, 50))
        | st.builds(edits.Move, session=ids, start=starts, room=rooms)
        | st.builds(edits.ChangeRoom, session=ids, room=rooms)
        | st.builds(edits.Cancel, session=ids)
        | st.builds(edits.Reinstate, session=ids)
        | st.builds(edits.Rename, session=ids, title=titles)
        | st.builds(edits.ChangeSpeakers, session=ids, speakers=st.sampled_from([(), ("alan",), ("ada", "alan")]))
        | st.builds(edits.Announce, text=titles, room=rooms)
        | st.builds(edits.WithdrawAnnouncement, revision=st.integers(1, 2))
    )
