"""`agenda add`: a session that the program did not have."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.terminal import Terminal, refused_with_commands

At = Callable[[str], Terminal]

TITLE = '"A call for maintainers"'
ADDED = "a-call-for-maintainers"
NO_KIND = "not a kind of session such as talk, panel or break: lower-case letters, digits and hyphens, at most 64"


def test_a_session_that_comes_after_another_pushes_what_follows(at_clock: At) -> None:
    day = at_clock("12:40:31")
    result = day.type(f'agenda add {TITLE} --minutes 5 --after matt-johnson --kind panel --note "A call."')
    assert (result.exit_code, result.stderr, day.revisions()[-1].note) == (0, "", "A call.")
    added = day.program().session(ADDED)
    assert (added.title, added.kind, added.room, added.added) == ("A call for maintainers", "panel", "venue", True)
    assert day.times(ADDED, "chris-rackauckas", "contributed-afternoon", "posters") == {
        ADDED: "13:30–13:35",
        "chris-rackauckas": "13:35–14:05",
        "contributed-afternoon": "14:05–14:20",
        "posters": "14:20–15:00",
    }


def test_a_session_at_a_time_is_on_the_day_that_goes_on(day: Terminal) -> None:
    result = day.type(f"agenda add {TITLE} --minutes 5 --at 17:10")
    assert (result.exit_code, result.output) == (
        0,
        day.said(
            2,
            "A call for maintainers: – → Fri 18 July 17:10–17:15, Vancouver Convention Center",
            "Its id is a-call-for-maintainers.",
        ),
    )


def test_a_time_after_midnight_is_that_of_the_night_to_come(day: Terminal) -> None:
    assert day.type(f"agenda add {TITLE} --minutes 30 --at 00:30").exit_code == 0
    added = day.program().session(ADDED)
    assert f"{day.program().local(added.start):%Y-%m-%d %H:%M}" == "2025-07-19 00:30"


def test_before_the_day_a_time_is_on_the_first_day(at_clock: At) -> None:
    day = at_clock("05:00")
    assert day.type(f"agenda add {TITLE} --minutes 5 --at 08:00 --day 2025-07-18").exit_code == 0
    assert day.times(ADDED) == {ADDED: "08:00–08:05"}


def test_undo_cancels_what_was_added_and_its_address_stays(day: Terminal) -> None:
    day.type(f"agenda add {TITLE} --minutes 5 --at 17:10")
    assert day.type("agenda undo").exit_code == 0
    assert day.program().session(ADDED).cancelled


def test_two_sessions_of_one_title_have_an_address_each(day: Terminal) -> None:
    for clock in ("17:10", "17:20"):
        assert day.type(f"agenda add Demo --minutes 5 --at {clock}").exit_code == 0
    assert day.times("demo", "demo-2") == {"demo": "17:10–17:15", "demo-2": "17:20–17:25"}


def test_a_title_that_looks_like_an_option_can_be_given_behind_dashes(day: Terminal) -> None:
    assert day.type("agenda add --minutes 5 --at 17:10 -- --help").exit_code == 0
    assert day.program().session("help").title == "--help"


# What does not fit


def test_a_session_that_pushes_into_lunch_is_refused_with_commands_that_succeed(day: Terminal) -> None:
    assert refused_with_commands(day, "agenda add Demo --minutes 5 --after sara-hooker") == [
        "agenda add Demo --minutes 5 --after sara-hooker --squeeze lunch",
        "agenda add Demo --minutes 5 --after sara-hooker --shorten contributed-morning=40",
        "agenda add Demo --minutes 5 --after sara-hooker --push lunch",
    ]


def test_a_time_during_another_session_is_refused_with_commands_that_succeed(day: Terminal) -> None:
    assert refused_with_commands(day, "agenda add Demo --minutes 5 --at 13:10") == [
        "agenda add Demo --minutes 5 --after matt-johnson --room venue",
        "agenda add Demo --minutes 5 --room venue --at 13:00",
    ]
    assert day.type("agenda add Demo --minutes 5 --at 13:10").stderr.splitlines()[0] == (
        "agenda: 13:10 is during “JAX and OSS at Google / DeepMind”"
    )


def test_during_a_session_that_is_on_the_command_puts_it_after_that_one(at_clock: At) -> None:
    assert refused_with_commands(at_clock("13:05"), "agenda add Demo --minutes 5 --at 13:10") == [
        "agenda add Demo --minutes 5 --after matt-johnson --room venue"
    ]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ("--minutes 5 --at 10:30", "10:30 has passed; it is 10:40"),
        ("--minutes 5 --after opening", "09:15 has passed; it is 10:40"),
        ("--minutes 5 --at 17:10 --day 2025-07-19", "2025-07-19 is not a day of the program"),
        ("--minutes 5 --at 17:10 --room hall", "there is no room 'hall'"),
        ("--minutes 5 --after pannel", "there is no session 'pannel'; did you mean 'panel'?"),
        ("--minutes 1441 --at 17:10", "a session lasts 1 to 1440 minutes, not 1441"),
        ("--minutes 5 --at 17:10 --kind 'A talk'", f"'A talk' is {NO_KIND}"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(day: Terminal, options: str, reason: str) -> None:
    result = day.type(f"agenda add Demo {options}")
    assert (result.exit_code, result.stdout, result.stderr.splitlines()[0]) == (1, "", f"agenda: {reason}")
    assert len(day.revisions()) == 1


def test_a_time_that_has_passed_is_refused_with_a_place_after_what_is_on(day: Terminal) -> None:
    assert refused_with_commands(day, "agenda add Demo --minutes 5 --at 10:30") == [
        "agenda add Demo --minutes 5 --after evan-shelhamer --room venue --squeeze lunch"
    ]


def test_a_title_of_nothing_is_refused(day: Terminal) -> None:
    result = day.type("agenda add ' ' --minutes 5 --at 17:10")
    assert (result.exit_code, result.stderr) == (1, "agenda: a title is a text, or TBA\n")


# Several rooms


def test_after_a_session_is_in_its_room(rooms: Terminal) -> None:
    assert rooms.type("agenda add Demo --minutes 5 --after annex-one").exit_code == 0
    assert (rooms.program().session("demo").room, rooms.times("annex-two")) == ("annex", {"annex-two": "11:05–12:05"})


def test_after_a_session_may_be_in_another_room(rooms: Terminal) -> None:
    assert rooms.type("agenda add Demo --minutes 5 --after annex-one --room hall").exit_code == 0
    assert (rooms.program().session("demo").room, rooms.times("hall-two", "annex-two")) == (
        "hall",
        {"hall-two": "11:05–11:35", "annex-two": "11:00–12:00"},
    )


def test_at_a_time_the_room_is_asked_for(rooms: Terminal) -> None:
    assert refused_with_commands(rooms, "agenda add Demo --minutes 5 --at 12:00") == [
        "agenda add Demo --minutes 5 --room hall --at 12:00",
        "agenda add Demo --minutes 5 --room annex --at 12:00",
    ]
    assert rooms.type("agenda add Demo --minutes 5 --at 12:00").stderr.splitlines()[0] == (
        "agenda: there are several rooms; say which with --room: hall, annex"
    )


def test_the_commands_for_the_rooms_are_for_the_same_people(rooms: Terminal) -> None:
    assert refused_with_commands(rooms, "agenda add Demo --minutes 5 --at 12:00 --speaker 'Ada Lovelace'") == [
        "agenda add Demo --minutes 5 --room hall --at 12:00 --speaker 'Ada Lovelace' --new-person",
        "agenda add Demo --minutes 5 --room annex --at 12:00 --speaker 'Ada Lovelace' --new-person",
    ]


def test_the_commands_for_the_rooms_tell_similar_names_apart(rooms: Terminal) -> None:
    assert refused_with_commands(rooms, "agenda add Demo --minutes 5 --at 12:00 --speaker 'Tri Doa'") == [
        "agenda add Demo --minutes 5 --room hall --at 12:00 --speaker 'Tri Dao'",
        "agenda add Demo --minutes 5 --room hall --at 12:00 --speaker 'Tri Doa' --new-person",
        "agenda add Demo --minutes 5 --room annex --at 12:00 --speaker 'Tri Dao'",
        "agenda add Demo --minutes 5 --room annex --at 12:00 --speaker 'Tri Doa' --new-person",
    ]


# People


def test_people_may_be_known_by_name_or_id_or_be_new(day: Terminal) -> None:
    line = "agenda add Demo --minutes 5 --at 17:10 --speaker 'sara hooker' --speaker tri-dao --speaker 'Ada Lovelace'"
    assert day.type(line).exit_code == 0
    program = day.program()
    assert program.session("demo").speakers == ("sara-hooker", "tri-dao", "ada-lovelace")
    assert program.speaker("ada-lovelace").name == "Ada Lovelace"


@pytest.mark.parametrize("name", ["Sarah Hooker", "S. Hooker", "Hooker Sara"])
def test_a_name_that_is_nearly_somebody_elses_is_refused_with_both_readings(day: Terminal, name: str) -> None:
    assert refused_with_commands(day, f"agenda add Demo --minutes 5 --at 17:10 --speaker '{name}'") == [
        "agenda add Demo --minutes 5 --room venue --at 17:10 --speaker 'Sara Hooker'",
        f"agenda add Demo --minutes 5 --room venue --at 17:10 --speaker '{name}' --new-person",
    ]


def test_a_new_person_of_a_similar_name_is_new(day: Terminal) -> None:
    assert day.type("agenda add Demo --minutes 5 --at 17:10 --speaker 'Sarah Hooker' --new-person").exit_code == 0
    program = day.program()
    assert [program.speaker(one).name for one in program.session("demo").speakers] == ["Sarah Hooker"]


def test_the_commands_for_a_similar_name_succeed_where_the_time_is_taken(day: Terminal) -> None:
    assert refused_with_commands(day, "agenda add Demo --minutes 5 --at 13:10 --speaker 'Tri Doa'") == [
        "agenda add Demo --minutes 5 --after matt-johnson --room venue --speaker 'Tri Dao'",
        "agenda add Demo --minutes 5 --room venue --at 13:00 --speaker 'Tri Dao'",
        "agenda add Demo --minutes 5 --after matt-johnson --room venue --speaker 'Tri Doa' --new-person",
        "agenda add Demo --minutes 5 --room venue --at 13:00 --speaker 'Tri Doa' --new-person",
    ]


# Wrong use


@pytest.mark.parametrize(
    "options",
    [
        "--minutes 5",
        "--minutes 5 --at 17:10 --after panel",
        "--at 17:10",
        "--minutes 0 --at 17:10",
        "--minutes five --at 17:10",
        "--minutes 5 --at noon",
        "--minutes 5 --at 17:10 --day tomorrow",
        "--minutes 5 --at 17:10 --speaker ''",
        "--minutes 5 --at 17:10 more",
        "--minutes 5 --at 17:10 --shorten panel",
    ],
)
def test_wrong_use_is_status_2_and_changes_nothing(day: Terminal, options: str) -> None:
    result = day.type(f"agenda add Demo {options}")
    assert (result.exit_code, result.stderr.partition(" ")[0], len(day.revisions())) == (2, "Usage:", 1)


def test_the_command_explains_itself(day: Terminal) -> None:
    result = day.type("agenda add --help")
    assert (result.exit_code, result.stdout.split()[0], result.stderr) == (0, "Usage:", "")
