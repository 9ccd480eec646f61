"""`agenda absent` and `agenda reorder`: sessions in another order."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.terminal import Terminal, refused_with_commands

At = Callable[[str], Terminal]

MATT, CHRIS, DEMOS = "matt-johnson", "chris-rackauckas", "contributed-afternoon"


# Absent


def test_the_next_talk_takes_the_place_of_an_absent_speakers(at_clock: At) -> None:
    day = at_clock("13:02:31")
    result = day.type('agenda absent matt-johnson --note "He is on his way."')
    assert (result.exit_code, result.stderr, day.revisions()[-1].note) == (0, "", "He is on his way.")
    assert day.times(CHRIS, MATT, DEMOS) == {CHRIS: "13:00–13:30", MATT: "13:30–14:00", DEMOS: "14:00–14:15"}
    assert [one.id for one in day.program().sessions if one.cancelled] == []


def test_noticed_more_than_five_minutes_late_the_next_talk_begins_now(at_clock: At) -> None:
    day = at_clock("13:06:59")
    assert day.type("agenda absent matt-johnson").exit_code == 0
    assert day.times(CHRIS, MATT, DEMOS) == {CHRIS: "13:06–13:36", MATT: "13:36–14:06", DEMOS: "14:06–14:21"}


def test_breaks_are_not_taken_for_talks(at_clock: At) -> None:
    day = at_clock("14:02")
    assert day.type("agenda absent contributed-afternoon").exit_code == 0
    assert day.times("stella-biderman", "posters", "coffee-afternoon", DEMOS) == {
        "stella-biderman": "14:00–14:30",
        "posters": "14:30–15:00",
        "coffee-afternoon": "15:00–15:30",
        DEMOS: "15:30–15:45",
    }


def test_an_absence_that_runs_into_lunch_is_refused_with_commands_that_succeed(day: Terminal) -> None:
    assert refused_with_commands(day, "agenda absent evan-shelhamer") == [
        "agenda absent evan-shelhamer --shorten evan-shelhamer=20 --squeeze lunch",
        "agenda absent evan-shelhamer --shorten evan-shelhamer=19 --shorten contributed-morning=31",
        "agenda absent evan-shelhamer --push lunch",
    ]


def test_without_a_talk_that_could_be_first_the_commands_end_or_cancel_it(at_clock: At) -> None:
    day = at_clock("15:33")
    assert refused_with_commands(day, "agenda absent stella-biderman") == [
        "agenda end stella-biderman",
        "agenda cancel stella-biderman",
    ]
    assert day.type("agenda absent stella-biderman").stderr.splitlines()[0] == (
        "agenda: no talk comes after “TBA” in Vancouver Convention Center that could take its place"
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("agenda absent tri-dao", "“Open-Source Attention Optimizations” is over: it ended at 09:45"),
        ("agenda absent lunhc", "there is no session 'lunhc'; did you mean 'lunch'?"),
    ],
)
def test_an_absence_that_cannot_be_is_refused(day: Terminal, line: str, reason: str) -> None:
    result = day.type(line)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"agenda: {reason}\n")


# Reorder


def test_sessions_take_their_places_in_the_order_in_which_they_are_named(day: Terminal) -> None:
    result = day.type(f'agenda reorder {DEMOS} {CHRIS} {MATT} --note "As asked."')
    assert (result.exit_code, result.stderr, day.revisions()[-1].note) == (0, "", "As asked.")
    assert day.times(DEMOS, CHRIS, MATT, "posters") == {
        DEMOS: "13:00–13:15",
        CHRIS: "13:15–13:45",
        MATT: "13:45–14:15",
        "posters": "14:15–15:00",
    }


def test_the_order_in_which_they_are_changes_nothing(day: Terminal) -> None:
    result = day.type(f"agenda reorder {MATT} {CHRIS}")
    assert (result.exit_code, result.stdout.partition(";")[0], len(day.revisions())) == (0, "That changes nothing", 1)


def test_a_pinned_session_is_reordered_only_where_it_is_named(day: Terminal) -> None:
    assert refused_with_commands(day, f"agenda reorder {MATT} lunch") == [f"agenda reorder {MATT} lunch --push lunch"]


def test_an_order_that_runs_into_lunch_is_refused_with_commands_that_succeed(day: Terminal) -> None:
    assert refused_with_commands(day, f"agenda reorder posters sara-hooker {CHRIS}") == [
        f"agenda reorder posters sara-hooker {CHRIS} --squeeze lunch",
        f"agenda reorder posters sara-hooker {CHRIS} --shorten sara-hooker=15 --squeeze lunch",
        f"agenda reorder posters sara-hooker {CHRIS} --shorten contributed-morning=30",
        f"agenda reorder posters sara-hooker {CHRIS} --push lunch",
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("agenda reorder hall-two", "another order needs two sessions at least, each named once"),
        ("agenda reorder hall-two hall-two", "another order needs two sessions at least, each named once"),
        ("agenda reorder hall-two annex-two", "only sessions of one room and one day can be reordered"),
        ("agenda reorder hall-two hall-tow", "there is no session 'hall-tow'; did you mean 'hall-two'?"),
    ],
)
def test_an_order_that_cannot_be_is_refused(rooms: Terminal, line: str, reason: str) -> None:
    result = rooms.type(line)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"agenda: {reason}\n")
    assert len(rooms.revisions()) == 1


# Wrong use


@pytest.mark.parametrize(
    "line",
    ["agenda absent", "agenda absent panel closing", "agenda reorder",
     "agenda reorder panel closing --shorten panel=many"],
)  # fmt: skip
def test_wrong_use_is_status_2_and_changes_nothing(day: Terminal, line: str) -> None:
    result = day.type(line)
    assert (result.exit_code, result.stderr.partition(" ")[0], len(day.revisions())) == (2, "Usage:", 1)


@pytest.mark.parametrize("name", ["absent", "reorder"])
def test_each_command_explains_itself(day: Terminal, name: str) -> None:
    result = day.type(f"agenda {name} --help")
    assert (result.exit_code, result.stdout.split()[0], result.stderr) == (0, "Usage:", "")
