"""The line-up of a session: which of its items is on, by the clock and by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.codeml_day import at, talk
from support.line_ups import NAMES, clock, day, demos, item, name_of, times_of, with_steps
from support.strategies import examples

from app.domain.instants import at_local
from app.domain.lineup import (
    MOST_PLACES,
    LineUpPlace,
    boundaries,
    following,
    former_place,
    has_line_up,
    is_by_hand,
    line_up,
    next_place,
    over_by,
    place_at,
    places_to_come,
    stepped,
)
from app.domain.session import ItemStep, Session, Slot
from app.domain.timeline import Timeline

SECOND = timedelta(seconds=1)
BY_CLOCK = {
    "a": "11:00–11:05",
    "b": "11:05–11:10",
    "c": "11:10–11:15",
    "d": "11:15–11:20",
    "e": "11:20–11:25",
    "f": "11:25–11:30",
}


def on(session: Session, time: str) -> str | None:
    return name_of(place_at(session, at(time)))


def in_room(session: Session, time: str) -> LineUpPlace | None:
    return Timeline(day(session)).moment(at(time)).in_room("hall").item


# By the clock


def test_items_with_minutes_follow_each_other_from_the_sessions_start() -> None:
    assert times_of(demos()) == BY_CLOCK


def test_a_place_says_which_it_is_of_how_many() -> None:
    assert [(place.position, place.of) for place in line_up(demos())] == [(number, 6) for number in range(1, 7)]


@pytest.mark.parametrize(
    ("time", "name"),
    [
        ("10:59:59.999999", None),
        ("11:00", "a"),
        ("11:04:59.999999", "a"),
        ("11:05", "b"),
        ("11:09:59", "b"),
        ("11:10", "c"),
        ("11:15", "d"),
        ("11:20", "e"),
        ("11:25", "f"),
        ("11:29:59.999999", "f"),
        ("11:30", None),
    ],
)
def test_an_item_is_on_at_its_start_and_no_longer_at_its_end(time: str, name: str | None) -> None:
    assert on(demos(), time) == name


@pytest.mark.parametrize(("time", "name"), [("11:09:59", "b"), ("11:10", None), ("11:29", None)])
def test_after_the_last_one_nothing_is_on(time: str, name: str | None) -> None:
    assert on(demos(item("a"), item("b")), time) == name


def test_what_does_not_fit_is_not_on_after_the_session() -> None:
    session = demos(item("a", 25), item("b", 25))
    assert (on(session, "11:29"), on(session, "11:30"), times_of(session)["b"]) == ("b", None, "11:25–11:50")


def test_a_delayed_session_shifts_its_items() -> None:
    late = replace(demos(), slot=demos().slot.starting_at(at("11:07")))
    assert (times_of(late)["a"], times_of(late)["f"]) == ("11:07–11:12", "11:32–11:37")


def test_who_is_absent_has_no_place_and_counts_for_none() -> None:
    session = demos(item("a"), item("b", absent=True), item("c"))
    assert times_of(session) == {"a": "11:00–11:05", "c": "11:05–11:10"}
    assert [(place.position, place.of) for place in line_up(session)] == [(1, 2), (2, 2)]


def test_an_item_without_minutes_has_no_place() -> None:
    assert times_of(demos(item("a", None), item("b"))) == {"b": "11:00–11:05"}


@pytest.mark.parametrize("items", [(item("a", None),), (item("a", absent=True),)])
def test_without_anything_that_has_minutes_and_is_here_there_is_no_line_up(items: tuple[object, ...]) -> None:
    session = demos(*items)  # type: ignore[arg-type]
    assert (has_line_up(session), line_up(session), place_at(session, at("11:01")), over_by(session)) == (
        False,
        (),
        None,
        0,
    )


@pytest.mark.parametrize(("count", "there"), [(MOST_PLACES, True), (MOST_PLACES + 1, False)])
def test_a_session_with_more_items_than_anybody_follows_has_none(count: int, there: bool) -> None:
    items = [item(f"{number}", 1) for number in range(count)]
    assert has_line_up(demos(*items)) == there


def test_nothing_is_on_in_a_cancelled_session() -> None:
    cancelled = replace(demos(), cancelled=True)
    assert (place_at(cancelled, at("11:01")), [*boundaries(cancelled)]) == (None, [])


@pytest.mark.parametrize(
    ("minutes", "over"), [((10, 20), 0), ((10, 19), 0), ((10, 21), 1), ((20, 20), 10), ((31,), 1), ((29,), 0)]
)
def test_a_line_up_says_by_how_many_minutes_it_ends_after_its_session(minutes: tuple[int, ...], over: int) -> None:
    assert over_by(demos(*(item(f"{place}", count) for place, count in enumerate(minutes)))) == over


def test_in_vancouver_of_2027_a_line_up_is_seven_hours_behind_utc() -> None:
    """British Columbia has no winter time since 2026."""
    start = at_local(date(2027, 1, 15), datetime.min.time().replace(hour=11), "America/Vancouver")
    session = replace(demos(), slot=Slot(start=start, end=start + timedelta(minutes=30)))
    assert [place.start for place in line_up(session)][:2] == [
        datetime(2027, 1, 15, 18, 0, tzinfo=UTC),
        datetime(2027, 1, 15, 18, 5, tzinfo=UTC),
    ]


def test_when_clocks_go_forward_meanwhile_an_item_is_no_longer_than_its_minutes() -> None:
    start = at_local(date(2025, 3, 9), datetime.min.time().replace(hour=1, minute=58), "America/Vancouver")
    session = replace(demos(), slot=Slot(start=start, end=start + timedelta(minutes=30)))
    assert {place.end - place.start for place in line_up(session)} == {timedelta(minutes=5)}
    assert f"{day().local(line_up(session)[1].start):%H:%M}" == "03:03"


# By hand


def test_the_last_that_was_stepped_to_is_on_until_the_end_over_its_minutes() -> None:
    session = with_steps(demos(), a="11:00", b="11:07")
    assert [on(session, time) for time in ("11:06", "11:07", "11:20", "11:29:59", "11:30")] == [
        "a",
        "b",
        "b",
        "b",
        None,
    ]


def test_what_was_on_keeps_its_times_and_what_follows_is_forecast_from_the_present_one() -> None:
    session = with_steps(demos(), a="11:01", b="11:07")
    assert times_of(session) == {
        "a": "11:01–11:07",
        "b": "11:07–11:12",
        "c": "11:12–11:17",
        "d": "11:17–11:22",
        "e": "11:22–11:27",
        "f": "11:27–11:32",
    }
    assert over_by(session) == 2


def test_nothing_is_forecast_for_a_time_that_has_passed() -> None:
    session = with_steps(demos(), a="11:00")
    assert (times_of(session, at("11:09"))["b"], over_by(session), over_by(session, at("11:09"))) == (
        "11:09–11:14",
        0,
        4,
    )


def test_one_that_was_passed_over_has_no_time() -> None:
    session = with_steps(demos(), a="11:00", d="11:06")
    assert {name: time for name, time in times_of(session).items() if name in "abcd"} == {
        "a": "11:00–11:06",
        "b": "11:06–11:06",
        "c": "11:06–11:06",
        "d": "11:06–11:11",
    }
    assert on(session, "11:06") == "d"


def test_two_steps_in_one_minute_leave_the_second_on() -> None:
    session = with_steps(demos(), a="11:00", b="11:05", c="11:05")
    assert (on(session, "11:04"), on(session, "11:05")) == ("a", "c")


def test_before_the_first_step_nothing_was_on() -> None:
    session = with_steps(demos(), a="11:03")
    assert (on(session, "11:02"), on(session, "11:03")) == (None, "a")


@pytest.mark.parametrize("start", ["11:08", "10:00"])
def test_steps_outside_the_sessions_present_time_count_for_nothing(start: str) -> None:
    stepped_to_b = with_steps(demos(), a="11:00", b="11:07")
    moved = replace(stepped_to_b, slot=stepped_to_b.slot.starting_at(at(start)))
    assert (is_by_hand(moved), times_of(moved)) == (False, times_of(replace(moved, steps=())))


def test_a_step_to_who_is_absent_by_now_ends_the_one_before_and_nothing_is_on() -> None:
    session = with_steps(demos(item("a"), item("b", absent=True), item("c")), a="11:00", b="11:04")
    assert [on(session, time) for time in ("11:03", "11:04", "11:20")] == ["a", None, None]
    assert times_of(session) == {"a": "11:00–11:04", "c": "11:04–11:09"}
    assert name_of(next_place(session, at("11:05"))) == "c"


def test_a_step_to_an_item_that_is_gone_ends_the_one_before() -> None:
    session = with_steps(demos(), a="11:00", gone="11:04")
    assert (on(session, "11:03"), on(session, "11:04"), times_of(session)["b"]) == ("a", None, "11:04–11:09")


def test_another_order_of_the_files_leaves_on_what_was_stepped_to_last() -> None:
    session = with_steps(demos(item("b"), item("a"), item("c")), a="11:00", b="11:05")
    assert (on(session, "11:06"), times_of(session)) == (
        "b",
        {"b": "11:05–11:10", "a": "11:10–11:15", "c": "11:15–11:20"},
    )


# Steps


def after_step(session: Session, name: str, time: str) -> Session:
    place = next(one for one in line_up(session) if name_of(one) == name)
    return replace(session, steps=stepped(session, place, at(time)))


def steps_of(session: Session) -> dict[str, str]:
    return {step.item.removeprefix("item-"): clock(step.at) for step in session.steps}


def test_a_step_from_the_clock_records_when_the_others_began() -> None:
    assert steps_of(after_step(demos(), "c", "11:12")) == {"a": "11:00", "b": "11:05", "c": "11:12"}


def test_what_the_clock_began_too_early_is_gone_back_to_and_keeps_its_start() -> None:
    assert steps_of(after_step(demos(), "b", "11:12")) == {"a": "11:00", "b": "11:05"}


def test_what_the_clock_began_begins_now_when_it_is_stepped_to() -> None:
    assert steps_of(after_step(demos(), "b", "11:07")) == {"a": "11:00", "b": "11:07"}


def test_a_step_back_drops_the_later_ones() -> None:
    session = with_steps(demos(), a="11:00", b="11:05", c="11:08")
    assert steps_of(after_step(session, "a", "11:09")) == {"a": "11:00"}


def test_a_step_back_to_one_that_was_passed_over_begins_it_now() -> None:
    session = with_steps(demos(), a="11:00", c="11:08")
    assert steps_of(after_step(session, "b", "11:09")) == {"a": "11:00", "b": "11:09"}


def test_after_the_last_by_the_clock_a_step_goes_back_to_it() -> None:
    session = demos(item("a"), item("b"))
    assert steps_of(after_step(session, "b", "11:20")) == {"a": "11:00", "b": "11:05"}


@pytest.mark.parametrize(
    ("session", "time", "former", "coming"),
    [
        (demos(), "11:00", None, "b"),
        (demos(), "11:12", "b", "d"),
        (demos(), "11:29", "e", None),
        (demos(item("a"), item("b")), "11:20", "b", None),
        (with_steps(demos(), a="11:00"), "11:20", None, "b"),
        (with_steps(demos(), a="11:00", d="11:06"), "11:20", "a", "e"),
        (with_steps(demos(), a="11:00", f="11:06"), "11:20", "a", None),
        (demos(), "10:00", None, "a"),
    ],
)
def test_the_next_place_has_not_begun_and_the_former_one_began_before(
    session: Session, time: str, former: str | None, coming: str | None
) -> None:
    assert name_of(former_place(session, at(time))) == former
    assert name_of(next_place(session, at(time))) == coming


def test_a_place_is_followed_by_the_next_one_of_its_line_up() -> None:
    session = with_steps(demos(item("a"), item("b", absent=True), item("c")), a="11:00", c="11:03")
    assert [name_of(following(session, place)) for place in line_up(session)] == ["c", None]


# In the timeline


def test_each_start_of_an_item_is_a_boundary_and_so_is_the_end_of_the_last() -> None:
    session = demos(item("a"), item("b"))
    assert [clock(edge) for edge in sorted(set(boundaries(session)))] == ["11:05", "11:10"]
    assert {at("11:05"), at("11:10")} <= {*Timeline(day(session)).boundaries}


def test_what_would_begin_after_the_session_is_no_boundary() -> None:
    assert [clock(edge) for edge in boundaries(demos(item("a", 30), item("b")))] == []


def test_by_hand_only_what_has_begun_is_a_boundary() -> None:
    session = with_steps(demos(), a="11:00", b="11:07")
    assert sorted({clock(edge) for edge in boundaries(session)}) == ["11:07"]


def test_a_room_says_what_is_on_in_the_line_up_of_what_is_on() -> None:
    assert [name_of(in_room(demos(), time)) for time in ("10:59", "11:00", "11:29", "11:30")] == [None, "a", "f", None]


def test_of_two_sessions_at_once_a_room_has_the_line_up_of_the_one_that_is_on() -> None:
    both = replace(day(), sessions=(demos(), talk("within", "11:07-11:13")))
    answers = {time: Timeline(both).moment(at(time)).in_room("hall") for time in ("11:06", "11:08", "11:13")}
    assert {time: (one.now and one.now.id, name_of(one.item)) for time, one in answers.items()} == {
        "11:06": ("demos", "b"),
        "11:08": ("within", None),
        "11:13": ("demos", "c"),
    }


# Laws

law = examples(200)


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    """A session with items of any length, some of them absent, and steps that were taken one after the other."""
    count = draw(st.integers(0, 6))
    items = [item(NAMES[n], draw(st.sampled_from([None, 1, 5, 12])), absent=draw(st.booleans())) for n in range(count)]
    session = demos(*items) if items else replace(demos(), items=())
    offsets = sorted(draw(st.lists(st.integers(-5, 40), max_size=5)))
    names = draw(st.permutations([*NAMES, "gone"]))
    steps = tuple(
        ItemStep(f"item-{name}", session.start + timedelta(minutes=offset))
        for name, offset in zip(names, offsets, strict=False)
    )
    return replace(session, steps=steps)


@law
@given(sessions())
def test_places_are_numbered_and_never_overlap(session: Session) -> None:
    places = line_up(session)
    assert [(place.position, place.of) for place in places] == [(n + 1, len(places)) for n in range(len(places))]
    assert all(place.start <= place.end for place in places)
    assert all(one.end <= other.start for one, other in pairwise(places))


@law
@given(sessions())
def test_what_is_to_come_lasts_its_minutes(session: Session) -> None:
    for place in places_to_come(session, session.end):
        assert place.end - place.start == timedelta(minutes=place.item.minutes or 0)


@law
@given(sessions(), st.integers(-60, 45 * 60))
def test_what_is_on_has_begun_and_nothing_is_on_outside_the_session(session: Session, seconds: int) -> None:
    now = session.start + seconds * SECOND
    place = place_at(session, now)
    if place is not None:
        assert session.start <= now < session.end
        assert place.start <= now
        assert place in line_up(session)


@law
@given(sessions())
def test_between_two_boundaries_the_same_is_on(session: Session) -> None:
    edges = sorted({session.start, session.end, *boundaries(session)})
    for start, end in pairwise(edges):
        seconds = range(0, int((end - start).total_seconds()), 20)
        assert len({name_of(place_at(session, start + second * SECOND)) for second in seconds}) == 1


@law
@given(sessions(), st.integers(0, 29), st.data())
def test_a_step_puts_its_item_on_and_moves_no_earlier_start(
    session: Session, minutes: int, data: st.DataObject
) -> None:
    now = session.start + timedelta(minutes=minutes)
    session = replace(session, steps=tuple(step for step in session.steps if step.at <= now))
    places = line_up(session)
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    after = replace(session, steps=stepped(session, place, now))
    assert name_of(place_at(after, now)) == name_of(place)
    former = {one.item.id: one.start for one in places[: place.position - 1] if one.start <= now}
    kept = {one.item.id: one.start for one in line_up(after)[: place.position - 1]}
    recorded = {step.item for step in after.steps}
    assert {name: kept[name] for name in former if name in recorded} == {
        name: start for name, start in former.items() if name in recorded
    }
