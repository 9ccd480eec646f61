"""`agenda start`, `agenda end`, `agenda extend` and `agenda late --everywhere`: the console's buttons."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.codeml_day import talk, two_rooms
from support.terminal import Terminal, refused_with_commands, terminal

from app.formats.program_folder.writer import write_program
from app.store.database import sqlite_url

At = Callable[[str], Terminal]

EVAN, SARA, DEMOS, LUNCH = "evan-shelhamer", "sara-hooker", "contributed-morning", "lunch"
EVANS_TITLE = "DIY Deep Learning a Decade Later: a Retrospective on Brewing Community with Caffe"
WHICH_ROOM = "agenda: there are several rooms; say which with --room: hall, annex"


# Start


def test_start_begins_a_session_now_and_ends_the_one_that_is_on(day: Terminal) -> None:
    result = day.type('agenda start sara-hooker --note "She has a train to catch."')
    assert (result.exit_code, result.stderr, day.revisions()[-1].note) == (0, "", "She has a train to catch.")
    assert day.times(EVAN, SARA, DEMOS) == {EVAN: "10:15–10:40", SARA: "10:40–11:10", DEMOS: "11:15–12:00"}


def test_a_session_that_starts_late_pushes_what_follows(at_clock: At) -> None:
    day = at_clock("13:04:47")
    assert day.type("agenda start matt-johnson").exit_code == 0
    assert day.times("matt-johnson", "chris-rackauckas", "posters") == {
        "matt-johnson": "13:04–13:34",
        "chris-rackauckas": "13:34–14:04",
        "posters": "14:19–15:00",
    }


def test_a_start_that_runs_into_lunch_is_refused_with_commands_that_succeed(at_clock: At) -> None:
    day = at_clock("11:25")
    assert refused_with_commands(day, "agenda start contributed-morning") == [
        "agenda start contributed-morning --squeeze lunch",
        "agenda start contributed-morning --shorten contributed-morning=35",
        "agenda start contributed-morning --push lunch",
    ]


def test_a_pinned_session_is_started_only_where_it_is_named(day: Terminal) -> None:
    [command] = refused_with_commands(day, "agenda start lunch")
    assert command == "agenda start lunch --push lunch"
    assert day.type(command).exit_code == 0
    assert day.times(LUNCH) == {LUNCH: "10:40–11:40"}


def test_what_is_over_is_not_started(day: Terminal) -> None:
    result = day.type("agenda start opening")
    assert (result.exit_code, result.stderr) == (1, "agenda: “Opening remarks” is over: it ended at 09:15\n")


# End


def test_end_without_a_session_ends_what_is_on(at_clock: At) -> None:
    day = at_clock("10:40:59")
    result = day.type("agenda end")
    assert (result.exit_code, result.output) == (0, day.said(2, f"{EVANS_TITLE}: 10:15–10:45 → 10:15–10:40"))
    assert day.times(EVAN, SARA) == {EVAN: "10:15–10:40", SARA: "10:45–11:15"}


def test_end_with_a_session_ends_that_one(rooms: Terminal) -> None:
    assert rooms.type("agenda end annex-one").exit_code == 0
    assert rooms.times("hall-one", "annex-one") == {"hall-one": "10:00–11:00", "annex-one": "10:15–10:40"}


def test_end_in_a_room_ends_what_is_on_there(rooms: Terminal) -> None:
    assert rooms.type("agenda end --room annex").exit_code == 0
    assert rooms.times("hall-one", "annex-one") == {"hall-one": "10:00–11:00", "annex-one": "10:15–10:40"}


def test_in_several_rooms_end_asks_for_the_room(rooms: Terminal) -> None:
    assert rooms.type("agenda end").stderr.splitlines() == [
        WHICH_ROOM,
        "  agenda end hall-one    # In Hall: “Hall-One”.",
        "  agenda end annex-one    # In Annex: “Annex-One”.",
    ]
    assert refused_with_commands(rooms, "agenda end") == ["agenda end hall-one", "agenda end annex-one"]


def test_where_nothing_is_on_in_a_room_no_command_is_printed_for_it(rooms: Terminal) -> None:
    rooms.type("agenda end annex-one")
    assert refused_with_commands(rooms, "agenda end") == ["agenda end hall-one"]


@pytest.mark.parametrize(
    ("clock", "line", "reason"),
    [
        ("10:40", "agenda end panel", "“Panel discussion” begins at 16:00, so it cannot end yet"),
        ("10:40", "agenda end opening", "“Opening remarks” is over: it ended at 09:15"),
        ("08:40", "agenda end", "nothing is on in Vancouver Convention Center at 08:40"),
        ("17:31", "agenda end", "nothing is on in Vancouver Convention Center at 17:31"),
        ("17:31", "agenda extend 5", "nothing is on in Vancouver Convention Center at 17:31"),
        ("08:40", "agenda extend 5", "nothing is on in Vancouver Convention Center at 08:40"),
        ("10:40", "agenda end --room annex", "there is no room 'annex'"),
        ("10:40", "agenda end pannel", "there is no session 'pannel'; did you mean 'panel'?"),
    ],
)
def test_what_is_not_on_is_not_ended(at_clock: At, clock: str, line: str, reason: str) -> None:
    day = at_clock(clock)
    result = day.type(line)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"agenda: {reason}\n")
    assert len(day.revisions()) == 1


# Extend


def test_extend_gives_what_is_on_more_time_and_pushes_what_follows(at_clock: At) -> None:
    day = at_clock("13:10")
    assert day.type("agenda extend 5").exit_code == 0
    assert day.times("matt-johnson", "chris-rackauckas", "contributed-afternoon", "posters") == {
        "matt-johnson": "13:00–13:35",
        "chris-rackauckas": "13:35–14:05",
        "contributed-afternoon": "14:05–14:20",
        "posters": "14:20–15:00",
    }


def test_what_should_have_ended_is_extended_from_now(at_clock: At) -> None:
    day = at_clock("13:32:47")
    assert day.type("agenda extend 5 matt-johnson").exit_code == 0
    assert day.times("matt-johnson", "chris-rackauckas") == {
        "matt-johnson": "13:00–13:37",
        "chris-rackauckas": "13:37–14:07",
    }


def test_extend_in_a_room_is_for_what_is_on_there(rooms: Terminal) -> None:
    assert rooms.type("agenda extend 5 --room annex").exit_code == 0
    assert rooms.times() == {
        "hall-one": "10:00–11:00",
        "annex-one": "10:15–11:05",
        "hall-two": "11:00–11:30",
        "annex-two": "11:05–12:05",
        "hall-three": "11:30–12:00",
    }


def test_in_several_rooms_extend_asks_for_the_room(rooms: Terminal) -> None:
    assert refused_with_commands(rooms, "agenda extend 5") == [
        "agenda extend 5 hall-one",
        "agenda extend 5 annex-one",
    ]


def test_more_time_that_runs_into_lunch_is_refused_with_commands_that_succeed(day: Terminal) -> None:
    assert refused_with_commands(day, "agenda extend 10") == [
        "agenda extend 10 evan-shelhamer --squeeze lunch",
        "agenda extend 10 evan-shelhamer --shorten contributed-morning=35",
        "agenda extend 10 evan-shelhamer --shorten sara-hooker=20",
        "agenda extend 10 evan-shelhamer --push lunch",
    ]


def test_a_pinned_session_is_not_extended_unless_it_is_named(at_clock: At) -> None:
    assert refused_with_commands(at_clock("12:30"), "agenda extend 10") == [
        "agenda late 10 --from matt-johnson",
        "agenda extend 10 lunch --push lunch",
    ]


# Everywhere


def test_late_everywhere_delays_what_is_on_or_next_in_each_room_in_one_revision(rooms: Terminal) -> None:
    rooms.type("agenda end annex-one")
    result = rooms.type('agenda late 5 --everywhere --note "A fire alarm."')
    assert (result.exit_code, rooms.revisions()[-1].number, rooms.revisions()[-1].note) == (0, 3, "A fire alarm.")
    assert rooms.times() == {
        "hall-one": "10:00–11:05",
        "annex-one": "10:15–10:40",
        "hall-two": "11:05–11:35",
        "annex-two": "11:05–12:05",
        "hall-three": "11:35–12:05",
    }


def test_where_one_room_cannot_be_late_none_is(rooms: Terminal) -> None:
    rooms.type("agenda edit hall-three --pin")
    assert refused_with_commands(rooms, "agenda late 5 --everywhere") == [
        "agenda late 5 --everywhere --shorten hall-two=25",
        "agenda late 5 --everywhere --push hall-three",
    ]


def test_during_lunch_for_all_everywhere_is_refused_with_the_next_session_and_the_command_that_names_it(
    at_clock: At,
) -> None:
    assert refused_with_commands(at_clock("12:30"), "agenda late 10 --everywhere") == [
        "agenda late 10 --from matt-johnson",
        "agenda late 10 --everywhere --push lunch",
    ]


# Wrong use


@pytest.mark.parametrize(
    "line",
    [
        "agenda start",
        "agenda start panel closing",
        "agenda start panel --shorten panel",
        "agenda end panel closing",
        "agenda extend",
        "agenda extend soon",
        "agenda extend 0",
        "agenda extend -5",
        "agenda late 5 --everywhere --room venue",
        "agenda late 5 --everywhere --from panel",
    ],
)
def test_wrong_use_is_status_2_and_changes_nothing(day: Terminal, line: str) -> None:
    result = day.type(line)
    assert (result.exit_code, result.stderr.partition(" ")[0], len(day.revisions())) == (2, "Usage:", 1)


@pytest.mark.parametrize("name", ["start", "end", "extend", "late"])
def test_each_command_explains_itself(day: Terminal, name: str) -> None:
    result = day.type(f"agenda {name} --help")
    assert (result.exit_code, result.stdout.split()[0], result.stderr) == (0, "Usage:", "")


def test_what_is_on_in_all_rooms_needs_no_room(tmp_path: Path) -> None:
    lunch, talks = talk("lunch", "10:00-11:00", None), (talk("a", "11:00-11:30"), talk("x", "11:00-11:30", "annex"))
    write_program(two_rooms(lunch, *talks), tmp_path / "program")
    day = terminal(sqlite_url(tmp_path / "agenda.sqlite"), AGENDA_PROGRAM=str(tmp_path / "program"))
    assert (day.type("agenda extend 5").exit_code, day.times("lunch")) == (0, {"lunch": "10:00–11:05"})
    assert (day.type("agenda end").exit_code, day.times("lunch")) == (0, {"lunch": "10:00–10:40"})
