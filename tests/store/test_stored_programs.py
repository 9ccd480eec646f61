"""A stored program is read back completely."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.publisher_processes import NOW
from support.repository import FIRST_PROGRAM
from support.strategies import examples

from app.domain.change_stamps import with_stamps
from app.domain.program import Announcement, ImportantDate, Page, Person, Program, Room, Venue
from app.domain.revision_diff import SessionChange, changed_sessions, compare_programs
from app.domain.session import Item, Link, Session, Slot
from app.formats.program_folder.reader import read_program
from app.live.kept_memory import size_of
from app.store.packed_programs import (
    MOST_PROGRAMS,
    PART_SIZE,
    ProgramPacker,
    pack_program,
    program_json,
    unpack_program,
)
from app.store.revisions import pack_difference, unpack_difference
from benchmarks.programs import program_of

# All that a file in UTF-8 may hold: no halves of surrogate pairs.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NAMES = TEXTS.filter(str.strip)
LINKS = st.lists(st.builds(Link, TEXTS, TEXTS), max_size=2).map(tuple)
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=-12)), timezone(timedelta(hours=5, minutes=45))])
INSTANTS = st.datetimes(datetime(1950, 1, 1), datetime(2150, 1, 1), timezones=ZONES)  # noqa: DTZ001 - bounds are naive
ROOMS = (Room("hall", "Hall"), Room("attic", "Under the roof"))
PEOPLE = (Person(id="ada", name="Ada", affiliations=("Analytical, Inc.",)), Person(id="tao", name="陶"))


@st.composite
def slots(draw: st.DrawFn) -> Slot:
    start, minutes = draw(INSTANTS), draw(st.integers(0, 600))
    room = draw(st.sampled_from([None, *(room.id for room in ROOMS)]))
    return Slot(start=start, end=start + timedelta(minutes=minutes), room=room)


SESSIONS = st.builds(
    Session,
    id=st.from_regex(r"[a-z0-9-]{1,24}", fullmatch=True),
    title=NAMES,
    slot=slots(),
    scheduled=slots(),
    kind=TEXTS,
    speakers=st.lists(st.sampled_from([person.id for person in PEOPLE]), unique=True).map(tuple),
    abstract=TEXTS,
    items=st.lists(st.builds(Item, title=NAMES, number=TEXTS, links=LINKS), max_size=2).map(tuple),
    links=LINKS,
    pinned=st.booleans(),
    min_minutes=st.none() | st.integers(0, 60),
    cancelled=st.booleans(),
    ended_by_hand=st.booleans(),
    sequence=st.integers(0, 9),
    created_at=st.none() | INSTANTS,
    changed_at=st.none() | INSTANTS,
)

PROGRAMS = st.builds(
    Program,
    id=st.just("made"),
    title=TEXTS,
    timezone=st.sampled_from(["America/Vancouver", "Asia/Kathmandu", "Australia/Lord_Howe"]),
    domain=st.just("example.org"),
    days=st.lists(st.dates(), max_size=3).map(tuple),
    venue=st.none() | st.builds(Venue, name=TEXTS, latitude=st.none() | st.floats(-90, 90)),
    rooms=st.just(ROOMS),
    sessions=st.lists(SESSIONS, max_size=4, unique_by=lambda session: session.id).map(tuple),
    speakers=st.just(PEOPLE),
    dates=st.builds(
        ImportantDate, id=st.just("deadline"), title=TEXTS, day=st.dates(), at=st.none() | INSTANTS, zone_label=TEXTS
    ).map(lambda date: (date,)),
    pages=st.builds(Page, slug=st.just("about"), title=TEXTS, body=TEXTS, order=st.integers()).map(
        lambda page: (page,)
    ),
    links=LINKS,
    announcements=st.lists(
        st.builds(Announcement, text=NAMES, until=INSTANTS, revision=st.integers(0, 9)), max_size=2
    ).map(tuple),
)


def read_elsewhere(packed: bytes) -> Program:
    """A program as another process reads it, which has packed nothing."""
    return ProgramPacker().unpack(packed)


@examples(60)
@given(PROGRAMS)
def test_a_program_that_was_packed_is_the_same(program: Program) -> None:
    """Law: unpack(pack(p)) == p, down to the offsets that instants are written in."""
    again = read_elsewhere(pack_program(program))
    assert again == program
    assert repr(again) == repr(read_elsewhere(pack_program(again)))
    assert [date.at and date.at.utcoffset() for date in again.dates] == [
        date.at and date.at.utcoffset() for date in program.dates
    ]


def in_short(change: SessionChange) -> SessionChange:
    """A change without the links and abstracts of items that it leaves as they are."""
    old, new = change.before, change.after
    if old is None or new is None or old.items != new.items:
        return change
    items = tuple(replace(item, abstract="", links=()) for item in old.items)
    return replace(change, before=replace(old, items=items), after=replace(new, items=items))


@examples(60)
@given(PROGRAMS, st.data())
def test_a_difference_tells_what_changed_and_survives_packing(before: Program, data: st.DataObject) -> None:
    """Law: the cut-down programs have the same changes as the whole ones, items that are the same in short."""
    after = replace(before, sessions=tuple(one for one in before.sessions if data.draw(st.booleans())))
    after = replace(
        after,
        sessions=tuple(replace(one, title=data.draw(NAMES), slot=data.draw(slots())) for one in after.sessions),
        announcements=data.draw(st.sampled_from([before.announcements, ()])),
    )
    made = compare_programs(before, after)
    assert made.sessions == tuple(map(in_short, changed_sessions(before, after)))
    assert unpack_difference(pack_difference(made)) == made


def test_of_the_first_revision_nothing_counts_as_changed(program: Program) -> None:
    made = compare_programs(None, program)
    assert (made.before, made.sessions) == (None, ())


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(lambda p: replace(p, title="Another"), id="title"),
        pytest.param(lambda p: replace(p, pages=()), id="pages"),
        pytest.param(lambda p: replace(p, dates=()), id="dates"),
        pytest.param(lambda p: replace(p, rooms=(*p.rooms, Room("attic", "Attic"))), id="rooms"),
    ],
)
def test_what_no_session_shows_changes_no_session(program: Program, other: object) -> None:
    assert compare_programs(program, other(program)).sessions == ()  # type: ignore[operator]


def test_the_first_program_survives_packing(program: Program) -> None:
    published = with_stamps(None, program, NOW, 1)
    assert read_elsewhere(pack_program(published)) == published


def test_the_same_program_is_the_same_bytes(program: Program) -> None:
    assert pack_program(program) == ProgramPacker().pack(read_program(FIRST_PROGRAM))


def test_the_same_bytes_are_the_same_object_for_a_while(program: Program) -> None:
    assert unpack_program(pack_program(program)) is unpack_program(pack_program(program))


def large(number: int = 3 * PART_SIZE) -> Program:
    """A program whose sessions and speakers are in several parts."""
    return program_of(number)


def changed(program: Program, number: int, title: str = "Another title") -> Program:
    """A program with another title of one session."""
    sessions = list(program.sessions)
    sessions[number] = replace(sessions[number], title=title)
    return replace(program, sessions=tuple(sessions))


def test_a_large_program_survives_packing() -> None:
    assert read_elsewhere(pack_program(large())) == large()


def test_what_two_programs_share_is_read_once() -> None:
    elsewhere, program = ProgramPacker(), large()
    before = elsewhere.unpack(pack_program(program))
    after = elsewhere.unpack(pack_program(changed(program, PART_SIZE)))
    same = [one is other for one, other in zip(before.sessions, after.sessions, strict=True)]
    assert same == [True] * PART_SIZE + [False] * PART_SIZE + [True] * PART_SIZE
    assert all(one is other for one, other in zip(before.speakers, after.speakers, strict=True))


def test_what_was_packed_is_read_as_the_object_that_it_was() -> None:
    program = large()
    after = changed(program, 0)
    assert unpack_program(pack_program(after)).sessions[1] is program.sessions[1]


def test_a_program_that_an_older_version_packed_is_read(program: Program) -> None:
    assert read_elsewhere(zlib.compress(program_json(program))) == program


@pytest.mark.parametrize("cut", [1, 3, 20, -1])
def test_bytes_that_are_cut_off_are_no_program(cut: int) -> None:
    with pytest.raises((ValueError, zlib.error)):
        read_elsewhere(pack_program(large())[:cut])


@given(st.integers(min_value=1), st.integers(0, 7))
def test_damaged_bytes_are_no_program(place: int, bit: int) -> None:
    packed = bytearray(pack_program(large()))
    packed[place % len(packed)] ^= 1 << bit
    with pytest.raises((ValueError, zlib.error)):
        read_elsewhere(bytes(packed))


def test_the_parts_of_few_programs_are_kept() -> None:
    """Each edit that another process makes brings a part of its own: they must not add up."""
    writer, reader, program = ProgramPacker(), ProgramPacker(), large(PART_SIZE)
    sizes = []
    for number in range(3 * MOST_PROGRAMS):
        program = changed(program, 0, f"Title {number}")
        reader.unpack(writer.pack(program))
        sizes.append((size_of(writer), size_of(reader)))
    assert all(after <= before * 1.01 for before, after in zip(sizes[MOST_PROGRAMS], sizes[-1], strict=True))
