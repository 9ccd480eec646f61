"""What the speaker's timer says at each second of a talk, in the breaks, and over time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from support.codeml_day import at, codeml, talk, two_rooms
from support.line_ups import day, demos, item, with_steps
from support.stage_tables import TABLES, WITH_QUESTIONS, expected, of_length
from support.strategies import examples, programs

from app.domain.program import Program
from app.domain.session import Session
from app.domain.stage_timer import ALWAYS, TimerSpan, timer_spans
from app.domain.timeline import Timeline
from app.domain.warning_times import StageTimes

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def spans(program: Program, room: str = "hall") -> tuple[TimerSpan, ...]:
    return timer_spans(program, Timeline(program).rooms[room])


def span_at(found: Sequence[TimerSpan], now: datetime) -> TimerSpan:
    """The span that holds at an instant."""
    return next(span for span in reversed(found) if span.since <= now)


def said(program: Program, now: datetime, room: str = "hall") -> TimerSpan:
    """What the timer says at an instant, as if it had begun then."""
    return replace(span_at(spans(program, room), now), since=ALWAYS)


def seconds(program: Program, start: datetime, end: datetime) -> Iterator[tuple[datetime, str, str]]:
    """The level and the words at each second between two instants."""
    found = spans(program)
    for number in range(int((end - start) / SECOND) + 1):
        now = start + number * SECOND
        span = span_at(found, now)
        yield now, span.level, span.words


@pytest.mark.parametrize("minutes", TABLES)
def test_each_second_of_a_talk_says_what_the_table_says(minutes: int) -> None:
    start, end = at("10:00"), at("10:00") + minutes * MINUTE
    shown = list(seconds(of_length(minutes), start, end + 14 * MINUTE))
    assert shown == [expected(TABLES[minutes], now, end) for now, *_ in shown]


def test_a_talk_with_questions_is_warned_before_these_and_ends_with_them() -> None:
    shown = list(seconds(of_length(30, questions_minutes=5), at("10:00"), at("10:31")))
    assert shown == [expected(WITH_QUESTIONS, now, at("10:30")) for now, *_ in shown]


def test_a_talk_has_its_own_warnings_or_those_of_the_program() -> None:
    program = replace(of_length(60), stage=StageTimes(warn_minutes=(10,), questions_minutes=0))
    own = of_length(60, warn_minutes=(), questions_minutes=0)
    assert said(program, at("10:50")).words == "10 minutes: wrap up"
    assert [span.level for span in spans(own)] == ["waiting", "calm", "over", "none"]


def test_only_talks_have_the_questions_of_the_program() -> None:
    program = replace(of_length(30, kind="panel"), stage=StageTimes(questions_minutes=5))
    assert said(program, at("10:00")).words == "Ends at 10:30"
    assert (
        said(replace(program, stage=StageTimes(), sessions=of_length(30).sessions), at("10:00")).words
        == "Ends at 10:30"
    )


def test_it_counts_to_the_first_talk_and_says_when_nothing_more_comes() -> None:
    program = of_length(30)
    assert said(program, at("08:00")) == TimerSpan(ALWAYS, "waiting", "Starts at 10:00", at("10:00"))
    assert said(program, at("10:45")) == TimerSpan(ALWAYS, "none", "Nothing more")


@pytest.mark.parametrize(
    ("clock", "span"),
    [
        ("12:00:00", TimerSpan(ALWAYS, "over", "Time is over", at("12:00"), late="Contributed talks / demos")),
        ("12:14:59", TimerSpan(ALWAYS, "over", "Time is over", at("12:00"), late="Contributed talks / demos")),
        ("12:15:00", TimerSpan(ALWAYS, "break", "Break until 13:00", at("13:00"))),
        ("10:45:00", TimerSpan(ALWAYS, "calm", "Ends at 11:15", at("11:15"), previous=at("10:45"))),
        ("10:49:59", TimerSpan(ALWAYS, "calm", "Ends at 11:15", at("11:15"), previous=at("10:45"))),
        ("10:50:00", TimerSpan(ALWAYS, "calm", "Ends at 11:15", at("11:15"))),
        ("16:59:30", TimerSpan(ALWAYS, "last", "Last minute: wrap up", at("17:00"), previous=at("16:55"))),
        ("17:14:59", TimerSpan(ALWAYS, "over", "Time is over", at("17:00"), late="Closing remarks")),
        ("17:15:00", TimerSpan(ALWAYS, "none", "Nothing more")),
    ],
)
def test_overtime_is_counted_through_a_break_and_a_while_beside_the_next_talk(clock: str, span: TimerSpan) -> None:
    assert said(codeml(), at(clock), "venue") == span


def ended_by_hand(session: Session) -> Session:
    return replace(session, ended_by_hand=True)


def cancelled(session: Session) -> Session:
    return replace(session, cancelled=True)


def changed(program: Program, *changes: tuple[str, object]) -> Program:
    made = {name: change(program.session(name)) for name, change in changes}  # type: ignore[operator]
    return replace(program, sessions=tuple(made.get(one.id, one) for one in program.sessions))


def test_a_talk_that_was_ended_by_hand_does_not_run_over() -> None:
    program = changed(codeml(), ("contributed-morning", ended_by_hand))
    assert said(program, at("12:00"), "venue") == TimerSpan(ALWAYS, "break", "Break until 13:00", at("13:00"))


def test_beside_a_cancelled_talk_overtime_is_short_and_the_figure_counts_to_the_next() -> None:
    program = changed(codeml(), ("sara-hooker", cancelled))
    over = TimerSpan(ALWAYS, "over", "Time is over", at("10:45"), late="Evan Shelhamer")
    assert said(program, at("10:49:59"), "venue") == over
    assert said(program, at("10:50"), "venue") == TimerSpan(ALWAYS, "waiting", "The next starts at 11:15", at("11:15"))


@pytest.mark.parametrize("day", [date(2027, 1, 15), date(2027, 7, 15)])
def test_times_in_its_words_are_the_venue_s(day: date) -> None:
    """British Columbia stays at UTC−7 since 2026 (tz database 2026b)."""
    start = datetime.combine(day, time(17), UTC)
    slot = replace(talk("a", "10:00-10:30").slot, start=start, end=start + 30 * MINUTE)
    program = two_rooms(replace(talk("a", "10:00-10:30"), slot=slot, scheduled=slot))
    assert said(program, start).words == "Ends at 10:30"


@examples(60)
@given(programs())
def test_the_spans_of_a_room_are_in_order_and_each_says_something_else_than_the_one_before(program: Program) -> None:
    for room in program.rooms:
        found = spans(program, room.id)
        assert found[0].since == ALWAYS
        assert all(one.since < other.since for one, other in pairwise(found))
        assert all(replace(one, since=other.since) != other for one, other in pairwise(found))


@examples(60)
@given(programs())
def test_while_time_is_left_the_figure_counts_to_an_instant_to_come(program: Program) -> None:
    for room in program.rooms:
        for span, following in pairwise(spans(program, room.id)):
            if span.until is not None and span.level != "over":
                assert following.since <= span.until


# Line-ups


def test_each_of_a_line_up_is_warned_as_a_talk_of_its_minutes() -> None:
    program = day()
    shown = [(span.level, span.words) for _, span in turns(program, "11:05", "11:10")]
    assert shown == [("calm", "Ends at 11:10"), ("soon", "Last minute"), ("last", "Last minute: wrap up")]
    assert said(program, at("11:10")).words == "Ends at 11:15"


def turns(program: Program, start: str, end: str) -> list[tuple[datetime, TimerSpan]]:
    """The spans that hold between two times."""
    return [(span.since, span) for span in spans(program) if at(start) <= span.since < at(end)]


def test_by_hand_it_counts_over_until_the_next_is_begun_and_names_who_should_have_ended() -> None:
    items = (replace(item("a"), authors=("Ada", "Alan")), item("b"))
    waiting, begun = (
        day(with_steps(demos(*items), **steps)) for steps in ({"a": "11:00"}, {"a": "11:00", "b": "11:08"})
    )
    over = TimerSpan(ALWAYS, "over", "Time is over", at("11:05"), late="Ada, Alan")
    assert [said(waiting, at(time)) for time in ("11:05", "11:08", "11:29")] == [over] * 3
    assert said(begun, at("11:08")).words == "Ends at 11:13"


def test_the_last_one_ends_with_its_session_at_the_latest() -> None:
    program = day(demos(item("a", 25), item("b", 25)))
    answer = Timeline(program).moment(at("11:26")).in_room("hall")
    assert said(program, at("11:25")).words == "Ends at 11:30"
    assert answer.item is not None
    assert (answer.item.start, answer.item.end) == (at("11:25"), at("11:30"))


def test_after_the_last_one_the_timer_counts_to_the_end_of_the_session() -> None:
    assert said(day(demos(item("a"), item("b"))), at("11:12")).words == "Ends at 11:30"
