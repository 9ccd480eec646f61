"""All edits but `late` from a terminal, undo, and `agenda diff`."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from support.codeml_day import at
from support.movable_clock import MovableClock
from support.terminal import Terminal, terminal

from app.commands.service_database import EditSession
from app.domain.edits.edit_types import Cancel
from app.domain.program import Program
from app.store.database import open_database, sqlite_url
from app.store.revisions import Revisions

At = Callable[[str], Terminal]


def test_shorten_keeps_the_start(day: Terminal) -> None:
    assert day.run("shorten", "panel", "40").exit_code == 0
    assert day.times("panel", "closing") == {"panel": "16:00–16:40", "closing": "16:55–17:00"}


def test_a_length_that_is_none_is_refused(day: Terminal) -> None:
    result = day.run("shorten", "panel", "56")
    assert (result.exit_code, result.stderr) == (
        1,
        "agenda: “Panel discussion” lasts 55 minutes; it can be shortened to 1 at least, not to 56\n",
    )


def test_cancel_and_reinstate(day: Terminal) -> None:
    result = day.run("cancel", "panel", "--note", "Flu.")
    assert (result.exit_code, result.output) == (0, day.said(2, "Panel discussion: cancelled"))
    assert (day.program().session("panel").cancelled, day.revisions()[-1].note) == (True, "Flu.")
    assert day.run("cancel", "panel").exit_code == 1
    result = day.run("reinstate", "panel")
    assert (result.exit_code, result.output) == (0, day.said(3, "Panel discussion: takes place after all"))
    assert not day.program().session("panel").cancelled


def test_move_to_another_time_of_the_day(day: Terminal) -> None:
    assert day.run("move", "closing", "17:05").exit_code == 0
    assert day.times("panel", "closing") == {"panel": "16:00–16:55", "closing": "17:05–17:10"}


def test_two_sessions_swap_and_keep_their_lengths(day: Terminal) -> None:
    result = day.run("swap", "matt-johnson", "chris-rackauckas", "--note", "A flight is late.")
    assert (result.exit_code, day.revisions()[-1].note) == (0, "A flight is late.")
    assert day.times("chris-rackauckas", "matt-johnson") == {
        "chris-rackauckas": "13:00–13:30",
        "matt-johnson": "13:30–14:00",
    }


def test_a_swap_that_clashes_is_refused_with_commands_that_succeed(day: Terminal) -> None:
    result = day.run("swap", "sara-hooker", "panel")
    commands = [line.partition("#")[0] for line in result.stderr.splitlines()[1:]]
    assert result.exit_code == 1
    assert day.run(*shlex.split(commands[0])[1:]).exit_code == 0


def test_a_move_onto_another_session_is_refused_with_commands_that_succeed(day: Terminal) -> None:
    result = day.run("move", "panel", "15:40")
    reason, *commands = result.stderr.splitlines()
    assert result.exit_code == 1
    assert reason == "agenda: “Panel discussion” would run 20 minutes into “TBA” at 15:30"
    assert day.run(*shlex.split(commands[0].partition("#")[0])[1:]).exit_code == 0


@pytest.mark.parametrize("time", ["noon", "25:00", "10:60", "10:25Z", "10", "2025-07-18T10:25", "10:25:30:1", ""])
def test_what_is_no_time_of_day_is_wrong_use(day: Terminal, time: str) -> None:
    for arguments in (["move", "panel", time], ["announce", "Hello", "--until", time]):
        result = day.run(*arguments)
        assert (result.exit_code, result.stderr.splitlines()[-1].partition(": ")[2].partition(": ")[2]) == (
            2,
            f"{time!r} is not a time of day such as 10:25",
        )


def test_a_time_may_be_short(at_clock: At) -> None:
    day = at_clock("08:00")
    day.run("cancel", "opening")
    assert day.run("move", "closing", "9:05").exit_code == 0
    assert day.times("closing") == {"closing": "09:05–09:10"}


def test_until_a_time_that_has_passed_is_refused(day: Terminal) -> None:
    result = day.run("announce", "Hello", "--until", "10:30")
    assert (result.exit_code, result.stderr) == (
        1,
        "agenda: an announcement until 10:30 would be over; it is 10:40\n",
    )


def test_rename_keeps_the_address(day: Terminal) -> None:
    result = day.run("rename", "stella-biderman", "What models learn")
    assert (result.exit_code, result.output) == (0, day.said(2, "What models learn: TBA → What models learn"))
    assert day.program().session("stella-biderman").title == "What models learn"


def test_announce_for_half_an_hour_and_take_it_back(day: Terminal) -> None:
    result = day.run("announce", "Posters are in Hall B")
    assert (result.exit_code, result.output) == (0, day.said(2, "Posters are in Hall B"))
    [shown] = day.program().announcements
    assert (f"{day.program().local(shown.until):%H:%M}", shown.room, shown.revision) == ("11:10", None, 2)
    assert day.run("undo").exit_code == 0
    assert day.program().announcements == ()


def test_announce_to_a_room_until_a_time(day: Terminal) -> None:
    assert day.run("announce", "Doors open", "--room", "venue", "--until", "11:30").exit_code == 0
    [shown] = day.program().announcements
    assert (f"{day.program().local(shown.until):%H:%M}", shown.room) == ("11:30", "venue")


def test_what_was_published_in_the_meantime_is_told(day: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    database = open_database(day.url, "codeml-2025", create=False)
    edit_session = EditSession(database, Revisions(database), day.revisions()[-1], MovableClock(at("10:40")))
    day.run("rename", "panel", "Who pays?", "--note", "As asked")
    edit_session.publish(Cancel("closing"), "")
    database.close()
    assert capsys.readouterr().out.splitlines() == [
        "Closing remarks: cancelled",
        f"Published as revision 3 in {database.place}.",
        "On top of revision 2 by terminal (As asked), published in the meantime.",
    ]


# Undo


def test_undo_takes_the_latest_change_back(day: Terminal) -> None:
    day.run("cancel", "panel")
    day.run("rename", "stella-biderman", "What models learn")
    result = day.run("undo", "--note", "Too soon.")
    assert (result.exit_code, result.output) == (
        0,
        day.said(
            4,
            "TBA: What models learn → TBA",
            "Taken back: revision 3 by terminal (What models learn: TBA → What models learn)",
        ),
    )
    assert (day.program().session("panel").cancelled, day.revisions()[-1].undoes) == (True, 3)
    assert day.run("undo").exit_code == 0
    assert (day.program().session("panel").cancelled, day.revisions()[-1].undoes) == (False, 2)
    result = day.run("undo")
    assert (result.exit_code, result.stderr) == (1, "agenda: there is nothing to undo\n")


def test_undo_of_a_number_takes_back_what_that_changed(day: Terminal) -> None:
    day.run("cancel", "panel")
    day.run("rename", "stella-biderman", "What models learn")
    assert day.run("undo", "2").exit_code == 0
    program = day.program()
    assert (program.session("panel").cancelled, program.session("stella-biderman").title) == (
        False,
        "What models learn",
    )


def test_undo_is_refused_with_the_commands_that_undo_first_what_stands_in_its_way(day: Terminal) -> None:
    day.run("rename", "panel", "One", "--note", "Better.")
    day.run("rename", "panel", "Two")
    day.run("cancel", "lunch")
    day.run("rename", "panel", "Three", "--note", "Best.")
    result = day.run("undo", "2")
    assert (result.exit_code, result.stderr.splitlines(), len(day.revisions())) == (
        1,
        [
            "agenda: revision 2 cannot be undone: the same was changed since (title of “Three”); undo 5, then 3 first",
            "  agenda undo 5    # By terminal (Best.).",
            "  agenda undo 3    # By terminal (Two: One → Two).",
        ],
        5,
    )
    assert [day.run("undo", number).exit_code for number in ("5", "3", "2")] == [0, 0, 0]


def test_what_was_taken_back_does_not_stand_in_the_way_of_an_undo(day: Terminal) -> None:
    day.run("rename", "panel", "One")
    day.run("rename", "panel", "Two")
    day.run("undo")
    day.run("rename", "panel", "Three")
    assert [line.partition("#")[0].strip() for line in day.run("undo", "2").stderr.splitlines()[1:]] == [
        "agenda undo 5"
    ]


@pytest.mark.parametrize("number", ["1", "9"])
def test_the_first_revision_and_one_that_is_not_there_are_not_undone(day: Terminal, number: str) -> None:
    result = day.run("undo", number)
    assert (result.exit_code, result.stderr.count("\n"), len(day.revisions())) == (1, 1, 1)


# What differs


def test_diff_tells_two_revisions_apart(day: Terminal) -> None:
    day.run("cancel", "panel")
    day.run("rename", "stella-biderman", "What models learn")
    result = day.run("diff", "1", "3")
    assert (result.exit_code, result.output.splitlines()) == (
        0,
        ["What models learn: TBA → What models learn", "Panel discussion: cancelled"],
    )
    assert day.run("diff", "3", "3").output == ""
    assert day.run("diff", "1", "9").exit_code == 1


# What they say and take


def test_the_real_clock_is_not_spoken_of(tmp_path: Path) -> None:
    day = terminal(sqlite_url(tmp_path / "agenda.sqlite"), None)
    result = day.run("rename", "panel", "Another")
    assert result.output == (
        f"Another: Panel discussion → Another\nPublished as revision 2 in {tmp_path}/agenda.sqlite.\n"
    )


@pytest.mark.parametrize("name", ["-h", "--help"])
def test_a_name_that_looks_like_an_option_can_be_given_behind_dashes(day: Terminal, name: str) -> None:
    assert day.run("rename", "--", "panel", name).exit_code == 0
    assert day.program().session("panel").title == name


def test_the_files_are_not_needed_to_agree(day: Terminal, program: Program) -> None:
    """An edit is of what is published, whatever the folder says by now."""
    day.run("rename", "panel", "Another")
    assert day.run("cancel", "panel").exit_code == 0
    assert day.program().session("panel").title != program.session("panel").title


def announced_until(day: Terminal, time: str) -> str:
    """Until when an announcement holds that is made with a time; the day of the month stands before it."""
    assert day.run("announce", "The bar is open", "--until", time).exit_code == 0
    [word] = day.program().announcements
    return f"{day.program().local(word.until):%d %H:%M}"


def test_until_a_time_after_midnight_is_the_night_to_come(at_clock: At) -> None:
    assert announced_until(at_clock("23:50"), "00:20") == "19 00:20"


def test_until_a_time_of_the_morning_is_that_morning_where_the_night_is_not_over(at_clock: At) -> None:
    assert announced_until(at_clock("05:30"), "06:30") == "18 06:30"


def test_until_a_time_that_has_just_passed_is_refused(day: Terminal) -> None:
    result = day.run("announce", "Hello", "--until", "10:25")
    assert (result.exit_code, result.stderr) == (
        1,
        "agenda: an announcement until 10:25 would be over; it is 10:40\n",
    )


def test_taking_an_announcement_back_is_told(day: Terminal) -> None:
    day.run("announce", "Lunch is in Hall B.")
    result = day.run("undo")
    assert result.output == day.said(
        3,
        "Announcement withdrawn: Lunch is in Hall B.",
        "Taken back: revision 2 by terminal (Lunch is in Hall B.)",
    )


def test_what_is_taken_back_is_told_by_its_note(day: Terminal) -> None:
    day.run("cancel", "panel", "--note", "Flu.")
    assert day.run("undo").stdout.splitlines()[1] == "Taken back: revision 2 by terminal (Flu.)"


def test_a_way_out_is_a_command_with_what_becomes_of_its_session(day: Terminal) -> None:
    title = "Beyond the Research Paper: Why the Way Breakthroughs Happen Is Ripe for Revolution"
    assert day.run("move", "sara-hooker", "10:00").stderr.splitlines() == [
        "agenda: 10:00 has passed; it is 10:40",
        f"  agenda start sara-hooker    # Start “{title}” now: 10:45–11:15 → 10:40–11:10.",
    ]


def test_taking_back_what_would_lay_sessions_over_each_other_is_refused(day: Terminal) -> None:
    day.run("cancel", "panel")
    assert day.run("late", "20", "--from", "stella-biderman").exit_code == 0
    result = day.run("undo", "2")
    told = "Move “Panel discussion” while it is cancelled, then reinstate it: 16:00–16:55 → 17:00–17:55."
    assert (result.exit_code, result.stderr.splitlines()) == (
        1,
        [
            "agenda: “Panel discussion” would run 20 minutes into “TBA” at 15:50",
            f"  agenda move panel 17:00    # {told}",
        ],
    )
    assert day.program().session("panel").cancelled


def test_where_nothing_is_in_the_way_a_session_can_be_brought_forward_by_a_command(day: Terminal) -> None:
    day.run("cancel", "evan-shelhamer")
    result = day.run("move", "sara-hooker", "10:00")
    command = result.stderr.splitlines()[2].partition("#")[0].strip()
    assert command == "agenda late -5 --from sara-hooker"
    assert day.run(*shlex.split(command)[1:]).exit_code == 0
    assert day.times("sara-hooker") == {"sara-hooker": "10:40–11:10"}
