from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.codeml_day import talk, two_rooms
from support.strategies import examples, instants_near, programs, programs_with_instants

from app.domain.program import Announcement, Program, Room
from app.domain.session import Link, Session, Slot
from app.domain.timeline import Moment, Note, Phase, Segment, Timeline

NINE = datetime(2025, 7, 18, 16, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TICK = timedelta(microseconds=1)


def at(minutes: int) -> datetime:
    """The instant so many minutes after nine in Vancouver."""
    return NINE + minutes * MINUTE


def session(name: str, start: int, end: int, room: str | None = "east", *, cancelled: bool = False) -> Session:
    slot = Slot(start=at(start), end=at(end), room=room)
    return Session(id=name, title=name, slot=slot, scheduled=slot, cancelled=cancelled)


def day(*sessions: Session, announcements: tuple[Announcement, ...] = ()) -> Program:
    return Program(
        id="day",
        title="Day",
        timezone="America/Vancouver",
        domain="example.org",
        days=(datetime(2025, 7, 18, tzinfo=UTC).date(),),
        rooms=(Room("east", "East"), Room("west", "West")),
        sessions=sessions,
        announcements=announcements,
    )


def name_of(found: Session | None) -> str | None:
    return found.id if found else None


def east(program: Program, minutes: int) -> tuple[str | None, str | None]:
    """What is now and next in the east room, by id."""
    answer = Timeline(program).moment(at(minutes)).in_room("east")
    return name_of(answer.now), name_of(answer.next)


def cancelled_in_east(program: Program, minutes: int) -> str | None:
    """What is cancelled and would be on in the east room, by id."""
    return name_of(Timeline(program).moment(at(minutes)).in_room("east").cancelled)


def phase(program: Program, minutes: int) -> Phase:
    return Timeline(program).moment(at(minutes)).phase


# The oracle: a linear search over all sessions, written directly from the rules.


def oracle_now(program: Program, room: str, now: datetime) -> Session | None:
    """The session that is on: began last, then ends first, then by id."""
    best: Session | None = None
    for one in program.sessions:
        if one.room not in (room, None) or one.cancelled or not one.start <= now < one.end:
            continue
        tie = best is not None and one.start == best.start and (one.end, one.id) < (best.end, best.id)
        if best is None or one.start > best.start or tie:
            best = one
    return best


def oracle_next(program: Program, room: str, now: datetime) -> Session | None:
    """The session with the earliest start after the instant."""
    best: Session | None = None
    for one in program.sessions:
        if one.room in (room, None) and not one.cancelled and one.start > now:
            key = (one.start, one.end, one.id)
            if best is None or key < (best.start, best.end, best.id):
                best = one
    return best


def oracle_cancelled(program: Program, room: str, now: datetime) -> Session | None:
    """Where nothing is on: the cancelled session that would be, unless another has begun since it would have."""
    if oracle_now(program, room, now):
        return None
    off = [replace(one, cancelled=False) for one in program.sessions if one.cancelled]
    found = oracle_now(replace(program, sessions=tuple(off)), room, now)
    live = [one for one in program.sessions_in(room) if not one.cancelled]
    if found is None or any(found.start < one.start <= now for one in live):
        return None
    return program.session(found.id)


def oracle_phase(program: Program, now: datetime) -> Phase:
    live = [one for one in program.sessions if not one.cancelled]
    if any(one.start <= now < one.end for one in live):
        return "during"
    if not any(one.start > now for one in live):
        return "after"
    return "between" if any(one.start <= now for one in live) else "before"


def oracle_change(program: Program, now: datetime) -> datetime | None:
    edges = [edge for one in program.sessions for edge in (one.start, one.end)]
    edges += [one.until for one in program.announcements]
    return min((edge for edge in edges if edge > now), default=None)


@given(programs_with_instants())
@examples(120)
def test_the_timeline_answers_as_a_linear_search_does(drawn: tuple[Program, datetime]) -> None:
    """Bisection gives the same as a linear search: phase, now, next, cancelled, announcements, next change."""
    program, now = drawn
    found = Timeline(program).moment(now)
    assert [(one.room, one.now, one.next, one.cancelled) for one in found.rooms] == [
        (
            room,
            oracle_now(program, room.id, now),
            oracle_next(program, room.id, now),
            oracle_cancelled(program, room.id, now),
        )
        for room in program.rooms
    ]
    assert (found.phase, found.changes_at) == (oracle_phase(program, now), oracle_change(program, now))
    assert found.announcements == tuple(one for one in program.announcements if one.until > now)


@given(programs())
@examples(30)
def test_a_session_is_now_from_its_start_and_not_at_its_end(program: Program) -> None:
    """Half-open: at its start a session that has a length is on, or one with the same start; at its end it is not."""
    timeline = Timeline(program)
    for one in program.sessions:
        rooms = [one.room] if one.room else [room.id for room in program.rooms]
        for room in rooms:
            if not one.cancelled and one.start < one.end:
                on = timeline.moment(one.start).in_room(room).now
                assert on is not None
                assert on.start == one.start
            assert timeline.moment(one.end).in_room(room).now != one


@given(programs_with_instants())
@examples(40)
def test_what_is_now_has_begun_and_what_is_next_has_not(drawn: tuple[Program, datetime]) -> None:
    """Now and next are disjoint: now.start ≤ instant < now.end, instant < next.start, in every room."""
    program, now = drawn
    answers = Timeline(program).moment(now).rooms
    assert [one for one in answers if one.now and not one.now.start <= now < one.now.end] == []
    assert [one for one in answers if one.next and one.next.start <= now] == []
    assert [one for one in answers if one.now and one.now == one.next] == []


@given(programs_with_instants())
@examples(40)
def test_nothing_starts_in_a_room_between_the_instant_and_next(drawn: tuple[Program, datetime]) -> None:
    """No live session of a room starts after the instant and before the room's next, nor at all where next is None."""
    program, now = drawn
    for answer in Timeline(program).moment(now).rooms:
        live = [one for one in program.sessions_in(answer.room.id) if not one.cancelled]
        assert [one for one in live if one.start > now and (not answer.next or one.start < answer.next.start)] == []


@pytest.mark.slow
@examples(300)
@given(programs_with_instants())
def test_the_answers_of_a_room_hold_each_from_its_instant_to_the_next(drawn: tuple[Program, datetime]) -> None:
    program, now = drawn
    timeline = Timeline(program)
    for room in program.rooms:
        answers = list(timeline.room_moments(room.id))
        held = [answer for instant, answer in answers if instant is None or instant <= now]
        assert held[-1] == timeline.moment(now).in_room(room.id)
        assert [one for one, following in pairwise(answers) if one[1] == following[1]] == []


@given(programs_with_instants(), st.randoms(use_true_random=False))
@examples(30)
def test_the_order_in_the_file_does_not_matter(drawn: tuple[Program, datetime], chance: Random) -> None:
    """The sessions in any order make an equal program and an equal moment."""
    program, now = drawn
    shuffled = list(program.sessions)
    chance.shuffle(shuffled)
    other = replace(program, sessions=tuple(shuffled))
    assert other == program
    assert Timeline(other).moment(now) == Timeline(program).moment(now)


@given(programs())
@examples(30)
def test_the_moment_is_the_same_throughout_a_segment(program: Program) -> None:
    """At a segment's first instant, in its middle and at its last the moment is one and the same."""
    timeline = Timeline(program)
    for start, end in zip(timeline.boundaries, timeline.boundaries[1:], strict=False):
        first = timeline.moment(start)
        assert first.changes_at == end
        assert [timeline.moment(start + (end - start) / 2), timeline.moment(end - TICK)] == [first, first]


@given(programs_with_instants())
@examples(40)
def test_an_instant_lies_in_its_segment(drawn: tuple[Program, datetime]) -> None:
    """segment.start ≤ instant < segment.end, and the index counts the boundaries that have passed."""
    program, now = drawn
    timeline = Timeline(program)
    found = timeline.segment(now)
    passed = [edge for edge in timeline.boundaries if edge <= now]
    to_come = [edge for edge in timeline.boundaries if edge > now]
    assert found == Segment(len(passed), max(passed, default=None), min(to_come, default=None))


@given(programs_with_instants(), st.sampled_from(["America/Vancouver", "Europe/Vienna", "Asia/Kolkata"]))
@examples(30)
def test_the_readers_zone_does_not_matter(drawn: tuple[Program, datetime], zone: str) -> None:
    """An instant written with another offset gets the same moment."""
    program, now = drawn
    elsewhere = replace(program, timezone=zone).local(now)
    assert Timeline(program).moment(elsewhere) == Timeline(program).moment(now)


@given(st.data())
@examples(30)
def test_cancelled_and_zero_length_sessions_are_never_now(data: st.DataObject) -> None:
    """What is now is not cancelled and has a length."""
    program = data.draw(programs())
    answers = Timeline(program).moment(data.draw(instants_near(program))).rooms
    assert [one.now for one in answers if one.now and (one.now.cancelled or one.now.start == one.now.end)] == []


@given(programs_with_instants())
@examples(40)
def test_a_sessions_state_follows_from_the_moment(drawn: tuple[Program, datetime]) -> None:
    """State `now` is a room's now, `next` a room's next and not now elsewhere; the rest is past from its end on."""
    program, now = drawn
    found = Timeline(program).moment(now)
    on = {one.now.id for one in found.rooms if one.now}
    soon = {one.next.id for one in found.rooms if one.next} - on
    for one in program.sessions:
        rest = "past" if one.end <= now else "later"
        expected = "now" if one.id in on else "next" if one.id in soon else rest
        assert found.state_of(one, now) == expected


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (-1, (None, "talk")),
        (0, ("talk", "panel")),
        (29, ("talk", "panel")),
        (30, (None, "panel")),
        (45, ("panel", None)),
        (60, (None, None)),
    ],
)
def test_a_session_is_now_from_start_to_end_and_a_gap_is_empty(
    minutes: int, expected: tuple[str | None, str | None]
) -> None:
    assert east(day(session("talk", 0, 30), session("panel", 45, 60)), minutes) == expected


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (-1, "before"),
        (0, "during"),
        (30, "between"),
        (45, "during"),
        (60, "between"),
        (1440, "during"),
        (1470, "after"),
    ],
)
def test_the_phase_follows_the_day(minutes: int, expected: Phase) -> None:
    program = day(session("talk", 0, 30), session("west", 45, 60, "west"), session("tomorrow", 1440, 1470))
    assert phase(program, minutes) == expected


def test_a_program_without_sessions_is_over() -> None:
    assert Timeline(day()).moment(NINE) == Moment(
        phase="after", rooms=Timeline(day()).moment(at(99)).rooms, announcements=(), changes_at=None
    )


def test_a_cancelled_first_session_does_not_open_the_day() -> None:
    assert phase(day(session("off", 0, 30, cancelled=True), session("talk", 60, 90)), 15) == "before"


def test_a_cancelled_session_is_neither_now_nor_next() -> None:
    program = day(session("off", 0, 30, cancelled=True), session("gone", 40, 50, cancelled=True))
    assert [east(program, minutes) for minutes in (-5, 0, 35)] == [(None, None)] * 3


def test_a_zero_length_session_is_next_and_never_now() -> None:
    assert [east(day(session("ring", 10, 10)), minutes) for minutes in (9, 10, 11)] == [
        (None, "ring"),
        (None, None),
        (None, None),
    ]


def test_where_sessions_overlap_the_one_that_began_last_is_now() -> None:
    assert east(day(session("a", 0, 60), session("b", 10, 90)), 20) == ("b", None)


def test_the_longer_session_is_now_again_when_the_one_inside_it_ends() -> None:
    assert east(day(session("long", 0, 60), session("inner", 10, 20)), 20) == ("long", None)


def test_of_two_that_began_together_the_one_that_ends_first_is_now() -> None:
    assert east(day(session("a", 0, 60), session("b", 0, 30)), 10) == ("b", None)


def test_of_two_with_the_same_times_the_first_by_id_is_now() -> None:
    assert east(day(session("b", 0, 30), session("a", 0, 30)), 10) == ("a", None)


def test_a_session_without_a_room_is_now_in_every_room() -> None:
    found = Timeline(day(session("lunch", 0, 60, None))).moment(at(5))
    assert [name_of(one.now) for one in found.rooms] == ["lunch", "lunch"]


def test_a_session_that_is_now_in_one_room_and_next_in_none_is_now() -> None:
    lunch = session("lunch", 0, 60, None)
    program = day(lunch, session("talk", 30, 45, "east"))
    assert Timeline(program).moment(at(40)).state_of(lunch, at(40)) == "now"


def test_rooms_do_not_see_each_others_sessions() -> None:
    program = day(session("talk", 0, 30, "west"))
    assert (east(program, 5), phase(program, 5)) == ((None, None), "during")


def test_an_announcements_until_is_a_boundary() -> None:
    word = Announcement(text="Coffee is served", until=at(7))
    timeline = Timeline(day(session("talk", 0, 30), announcements=(word,)))
    assert timeline.boundaries == (at(0), at(7), at(30))
    assert timeline.moment(at(6)).announcements == (word,)
    assert timeline.moment(at(7)).announcements == ()


def test_a_cancelled_sessions_edges_are_boundaries_since_it_stays_until_its_end() -> None:
    assert Timeline(day(session("off", 0, 30, cancelled=True))).boundaries == (at(0), at(30))


@pytest.mark.parametrize(("minutes", "expected"), [(-1, None), (0, "off"), (29, "off"), (30, None)])
def test_a_cancelled_session_stays_from_its_start_to_its_end(minutes: int, expected: str | None) -> None:
    program = day(session("off", 0, 30, cancelled=True), session("talk", 60, 90))
    assert cancelled_in_east(program, minutes) == expected
    assert east(program, minutes) == (None, "talk")


@pytest.mark.parametrize(("minutes", "expected"), [(19, "off"), (20, None), (24, None), (25, None)])
def test_a_cancelled_session_goes_when_the_next_one_starts_and_does_not_come_back(
    minutes: int, expected: str | None
) -> None:
    program = day(session("off", 0, 30, cancelled=True), session("talk", 20, 25))
    assert cancelled_in_east(program, minutes) == expected


def test_a_next_one_of_no_length_ends_the_stay_of_a_cancelled_session_too() -> None:
    program = day(session("off", 0, 30, cancelled=True), session("ring", 20, 20))
    assert [cancelled_in_east(program, minutes) for minutes in (19, 20)] == ["off", None]


def test_a_cancelled_session_stays_after_one_that_began_before_it_has_ended() -> None:
    program = day(session("talk", -30, 10), session("off", 0, 30, cancelled=True))
    assert [cancelled_in_east(program, minutes) for minutes in (9, 10)] == [None, "off"]


def test_of_several_cancelled_sessions_the_one_that_began_last_stays_then_the_first_to_end_then_by_id() -> None:
    times = {"a": (0, 60), "d": (10, 40), "c": (10, 30), "b": (10, 30)}
    program = day(*(session(name, *edges, cancelled=True) for name, edges in times.items()))
    assert [cancelled_in_east(program, minutes) for minutes in (9, 29, 30, 40)] == ["a", "b", "d", "a"]


def test_a_cancelled_session_of_no_length_does_not_stay() -> None:
    assert cancelled_in_east(day(session("off", 0, 0, cancelled=True)), 0) is None


def test_a_cancelled_session_for_all_rooms_stays_in_each() -> None:
    found = Timeline(day(session("lunch", 0, 60, None, cancelled=True))).moment(at(5))
    assert [name_of(one.cancelled) for one in found.rooms] == ["lunch", "lunch"]


def test_a_note_stands_until_half_an_hour_after_its_revision() -> None:
    note = Note(revision=2, text="The projector was late.", at=at(7), sessions=("talk",))
    timeline = Timeline(day(session("talk", 0, 60)), [note])
    assert timeline.boundaries == (at(0), at(7), at(37), at(60))
    assert timeline.moment(at(37) - TICK).notes == (note,)
    assert timeline.moment(at(37)).notes == ()


@pytest.mark.parametrize(
    ("rooms", "concerned"), [({"east"}, True), ({"west"}, False), ({"west", "east"}, True), ({None, "west"}, True)]
)
def test_a_note_concerns_the_rooms_of_its_sessions(rooms: set[str | None], concerned: bool) -> None:
    note = Note(revision=2, text="Late.", at=NINE, sessions=("talk",), rooms=frozenset(rooms))
    assert note.concerns("east") == concerned


def test_a_note_about_no_session_concerns_every_room() -> None:
    assert Note(revision=2, text="Lunch is in the yard.", at=NINE).concerns("east")


@pytest.mark.parametrize(("minutes", "expected"), [(5, "later"), (15, "later"), (30, "past")])
def test_a_cancelled_session_is_later_until_its_end_and_then_past(minutes: int, expected: str) -> None:
    off = session("off", 10, 30, cancelled=True)
    assert Timeline(day(off)).moment(at(minutes)).state_of(off, at(minutes)) == expected


@pytest.mark.parametrize(("minutes", "expected"), [(-20, "later"), (-5, "next"), (0, "now"), (30, "past")])
def test_a_session_goes_from_later_to_next_to_now_to_past(minutes: int, expected: str) -> None:
    talk = session("talk", 0, 30)
    program = day(session("first", -10, 0), talk)
    assert Timeline(program).moment(at(minutes)).state_of(talk, at(minutes)) == expected


def test_an_unknown_room_has_no_moment_and_no_answers() -> None:
    with pytest.raises(KeyError, match="attic"):
        Timeline(day()).moment(NINE).in_room("attic")
    with pytest.raises(KeyError, match="attic"):
        list(Timeline(day()).room_moments("attic"))


def test_a_session_for_all_rooms_may_be_next_in_one_room_and_come_later_in_another() -> None:
    program = two_rooms(talk("a", "10:00-10:30"), talk("a2", "10:30-11:00"), talk("lunch", "12:00-13:00", None))
    moment, lunch = Timeline(program).moment(at(70)), program.session("lunch")
    found = [moment.state_of(lunch, at(70), rooms) for rooms in ((), ("annex",), ("hall",), ("hall", "annex"))]
    assert found == ["next", "next", "later", "next"]


def test_the_spans_of_several_days_are_boundaries_and_those_of_one_day_are_not() -> None:
    one, other = session("first", 0, 30), session("last", 24 * 60, 24 * 60 + 30)
    edges = [Timeline(day(*sessions)).boundaries for sessions in ((one,), (one, other))]
    assert [len(found) for found in edges] == [2, 4 + 3]


def test_the_opening_of_watch_is_a_boundary() -> None:
    streamed = replace(session("talk", 30, 60), links=(Link("Live stream", "https://example.org"),))
    timeline = Timeline(day(streamed))
    assert timeline.boundaries == (at(20), at(30), at(60))
    assert [timeline.segment(at(20) - TICK).index, timeline.segment(at(20)).index] == [0, 1]


def test_a_cancelled_session_has_no_opening_of_watch() -> None:
    links = (Link("Live stream", "https://example.org"),)
    assert Timeline(day(replace(session("talk", 30, 60, cancelled=True), links=links))).boundaries == (at(30), at(60))
