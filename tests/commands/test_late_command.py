"""`agenda late`."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.terminal import Terminal, terminal

from app.store.database import sqlite_url

At = Callable[[str], Terminal]

EVAN, SARA, DEMOS, LUNCH = "evan-shelhamer", "sara-hooker", "contributed-morning", "lunch"
MORNING = (EVAN, SARA, DEMOS, LUNCH)
AS_PLANNED = {EVAN: "10:15–10:45", SARA: "10:45–11:15", DEMOS: "11:15–12:00", LUNCH: "12:00–13:00"}
TWO_ROOMS = """
id = "two"
domain = "two.example"
title = "Two"
timezone = "America/Vancouver"
[[room]]
id = "hall"
name = "Hall"
[[room]]
id = "annex"
name = "Annex"
[[day]]
date = 2025-07-18
[[day.session]]
id = "one"
time = "10:00-11:00"
title = "One"
room = "hall"
[[day.session]]
id = "two"
time = "10:00-11:00"
title = "Two"
room = "annex"
"""


def test_late_delays_what_is_on_and_pushes_what_follows(at_clock: At) -> None:
    day = at_clock("13:10")
    result = day.run("late", "10", "--note", "A long question.")
    assert (result.exit_code, result.stderr) == (0, "")
    assert day.times("matt-johnson", "chris-rackauckas", "contributed-afternoon", "posters", "coffee-afternoon") == {
        "matt-johnson": "13:00–13:40",
        "chris-rackauckas": "13:40–14:10",
        "contributed-afternoon": "14:10–14:25",
        "posters": "14:25–15:00",
        "coffee-afternoon": "15:00–15:30",
    }
    made = day.revisions()[-1]
    assert (made.number, made.author, made.note, made.kind) == (2, "terminal", "A long question.", "edit")


def test_where_nothing_is_on_late_means_what_is_next(at_clock: At) -> None:
    day = at_clock("08:40")
    assert day.run("late", "5").exit_code == 0
    assert day.times("opening", "tri-dao", "coffee-morning") == {
        "opening": "09:05–09:20",
        "tri-dao": "09:20–09:50",
        "coffee-morning": "09:50–10:15",
    }


def test_a_negative_number_ends_it_earlier_and_leaves_a_gap(day: Terminal) -> None:
    result = day.run("late", "-3")
    assert (result.exit_code, result.output) == (
        0,
        day.said(2, "DIY Deep Learning a Decade Later: a Retrospective on Brewing Community with Caffe:"
             " 10:15–10:45 → 10:15–10:42"),
    )  # fmt: skip
    assert day.times(*MORNING) == AS_PLANNED | {EVAN: "10:15–10:42"}


def test_what_would_run_into_lunch_is_refused_with_commands_and_changes_nothing(day: Terminal) -> None:
    result = day.run("late", "8", "--from", EVAN)
    reason, *commands = result.stderr.splitlines()
    assert (result.exit_code, result.stdout) == (1, "")
    assert reason == "agenda: “Contributed talks / demos” would run 8 minutes into “Lunch and discussion” at 12:00"
    assert [command.partition("#")[0].strip() for command in commands] == [
        f"agenda late 8 --from {EVAN} --squeeze {LUNCH}",
        f"agenda late 8 --from {EVAN} --shorten {DEMOS}=37",
        f"agenda late 8 --from {EVAN} --shorten {SARA}=22",
        f"agenda late 8 --from {EVAN} --push {LUNCH}",
    ]
    assert (len(day.revisions()), day.times(*MORNING)) == (1, AS_PLANNED)


@pytest.mark.process
def test_each_command_that_a_refusal_prints_succeeds_as_printed(day: Terminal, tmp_path: Path) -> None:
    commands = day.run("late", "8", "--from", EVAN).stderr.splitlines()[1:]
    found = [times_after_a_shell_ran(command, day, tmp_path / str(n)) for n, command in enumerate(commands)]
    late = {EVAN: "10:15–10:53", SARA: "10:53–11:23", DEMOS: "11:23–12:00", LUNCH: "12:00–13:00"}
    assert found == [
        late | {DEMOS: "11:23–12:08", LUNCH: "12:08–13:00"},
        late,
        late | {SARA: "10:53–11:15", DEMOS: "11:15–12:00"},
        late | {DEMOS: "11:23–12:08", LUNCH: "12:08–13:08"},
    ]


def times_after_a_shell_ran(command: str, day: Terminal, copy: Path) -> dict[str, str]:
    """Run a printed line in a shell, on a copy of the day."""
    shutil.copy(day.url.removeprefix("sqlite:///"), copy)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    subprocess.run(command, shell=True, check=True, env={"PATH": path, "DATABASE_URL": sqlite_url(copy)}, stdout=-3)
    return Terminal(sqlite_url(copy), {}).times(*MORNING)


def test_noticed_late_what_should_have_ended_goes_on(at_clock: At) -> None:
    day = at_clock("10:47")
    result = day.run("late", "8", "--from", EVAN, "--shorten", f"{DEMOS}=37")
    assert result.exit_code == 0
    assert day.times(*MORNING) == {
        EVAN: "10:15–10:53",
        SARA: "10:53–11:23",
        DEMOS: "11:23–12:00",
        LUNCH: "12:00–13:00",
    }


def test_during_a_pinned_session_the_command_for_the_next_is_printed(at_clock: At) -> None:
    day = at_clock("12:30")
    result = day.run("late", "10")
    assert (result.exit_code, result.stderr.splitlines()[0]) == (1, "agenda: “Lunch and discussion” is pinned")
    command = result.stderr.splitlines()[1].partition("#")[0]
    assert day.run(*shlex.split(command)[1:]).exit_code == 0
    assert day.times("lunch", "matt-johnson") == {"lunch": "12:00–13:00", "matt-johnson": "13:10–13:40"}


def test_a_delay_of_nothing_is_said_to_change_nothing_and_makes_no_revision(day: Terminal) -> None:
    result = day.run("late", "0")
    place = day.url.removeprefix("sqlite:///")
    assert (result.exit_code, result.stdout.splitlines()[0]) == (
        0,
        f"That changes nothing; {place} stays at revision 1.",
    )
    assert len(day.revisions()) == 1


def test_after_the_day_nothing_is_late(at_clock: At) -> None:
    result = at_clock("18:00").run("late", "5")
    assert (result.exit_code, result.stderr) == (
        1,
        "agenda: nothing is on in Vancouver Convention Center, and nothing comes after 18:00\n",
    )


@pytest.fixture
def two_rooms(tmp_path: Path) -> Terminal:
    folder = tmp_path / "two"
    folder.mkdir()
    (folder / "program.toml").write_text(TWO_ROOMS)
    return terminal(sqlite_url(tmp_path / "two.sqlite"), AGENDA_PROGRAM=str(folder))


def test_in_several_rooms_the_room_is_asked_for(two_rooms: Terminal) -> None:
    result = two_rooms.run("late", "5")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "agenda: there are several rooms; say which with --room: hall, annex",
        "  agenda late 5 --from one    # In Hall: “One”.",
        "  agenda late 5 --from two    # In Annex: “Two”.",
    ]


def test_in_several_rooms_only_commands_that_succeed_are_printed(two_rooms: Terminal) -> None:
    two_rooms.run("late", "5", "--from", "two")
    result = two_rooms.run("late", "-25")
    assert result.stderr.splitlines()[1:] == [
        "  agenda end one    # In Hall: “One”. End “One” now: 10:00–11:00 → 10:00–10:40.",
        "  agenda late -19 --from one    # In Hall: “One”. End “One” in a minute: 10:00–11:00 → 10:00–10:41.",
        "  agenda end two    # In Annex: “Two”. End “Two” now: 10:00–11:05 → 10:00–10:40.",
        "  agenda late -24 --from two    # In Annex: “Two”. End “Two” in a minute: 10:00–11:05 → 10:00–10:41.",
    ]


def test_a_room_that_is_said_is_the_one_that_is_late(two_rooms: Terminal) -> None:
    assert two_rooms.run("late", "5", "--room", "annex").exit_code == 0
    assert two_rooms.times() == {"one": "10:00–11:00", "two": "10:00–11:05"}


def test_a_name_to_push_that_is_no_session_is_refused(at_clock: At) -> None:
    day = at_clock("13:10")
    result = day.run("late", "5", "--push", "lunhc")
    assert (result.exit_code, result.stderr) == (1, "agenda: there is no session 'lunhc'; did you mean 'lunch'?\n")
    assert len(day.revisions()) == 1


def test_what_is_not_pinned_is_not_named_to_be_pushed(at_clock: At) -> None:
    day = at_clock("13:10")
    result = day.run("late", "5", "--push", "panel")
    assert (result.exit_code, result.stderr) == (
        1,
        "agenda: “Panel discussion” is not pinned, so it gives way without being named\n",
    )
    assert len(day.revisions()) == 1
