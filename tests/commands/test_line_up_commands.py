"""`agenda next` and `agenda line-up`: the line-up of a session, stepped through and changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.codeml_day import at
from support.line_ups import DEMOS, day, name_of, order_of, times_of
from support.terminal import Terminal, refused_with_commands, terminal

from app.domain.lineup import place_at
from app.domain.session import Session
from app.formats.program_folder.writer import write_program
from app.store.database import sqlite_url


@pytest.fixture
def hall(tmp_path: Path) -> Terminal:
    """A day whose line-up has six items of five minutes, from 11:00 on in the hall; it is 11:12."""
    folder = tmp_path / "hall"
    write_program(day(), folder)
    made = terminal(sqlite_url(tmp_path / "hall.sqlite"), AGENDA_PROGRAM=str(folder))
    made.set_clock(at("11:12"))
    return made


def line_up(day: Terminal) -> Session:
    return day.program().session(DEMOS)


def on(day: Terminal, time: str) -> str | None:
    return name_of(place_at(line_up(day), at(time)))


def said(day: Terminal, line: str) -> list[str]:
    """What a command prints before it says what it published."""
    result = day.type(line)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout.partition("Published as revision")[0].splitlines()


def refused(day: Terminal, line: str) -> str:
    result = day.type(line)
    assert (result.exit_code, result.stdout) == (1, "")
    return result.stderr.splitlines()[0]


# Next


def test_next_says_what_is_on_now_and_until_when(hall: Terminal) -> None:
    assert said(hall, "agenda next hall") == ["Line-up at “D”: “Demos”.", "4 of 6: D, until 11:17."]
    assert (on(hall, "11:29"), hall.revisions()[-1].kind) == ("d", "step")


def test_next_says_by_how_much_the_line_up_ends_after_its_session(hall: Terminal) -> None:
    said(hall, "agenda next hall --to item-c")
    hall.set_clock(at("11:18"))
    assert said(hall, "agenda next hall")[1:] == [
        "4 of 6: D, until 11:23.",
        "The line-up ends at 11:33, 3 minutes after “Demos”, which ends at 11:30.",
    ]


def test_just_after_the_clock_turned_next_begins_what_it_turned_to_and_says_so(hall: Terminal) -> None:
    hall.set_clock(at("11:11"))
    assert said(hall, "agenda next hall") == [
        "Line-up at “C”: “Demos”.",
        "3 of 6: C, until 11:16.",
        "The clock had turned to it at 11:10; the next `agenda next` goes past it.",
        "The line-up ends at 11:31, 1 minute after “Demos”, which ends at 11:30.",
    ]
    assert said(hall, "agenda next hall")[1:] == ["4 of 6: D, until 11:16."]


def test_before_its_session_a_step_to_an_item_is_refused_with_the_start(hall: Terminal) -> None:
    hall.set_clock(at("10:00"))
    reason = "agenda: “Demos” begins at 11:00, so nothing of its line-up is on yet"
    assert refused(hall, "agenda next hall --to item-b") == reason


def test_a_title_to_be_announced_is_said_so(at_clock: object) -> None:
    first = at_clock("11:20")  # type: ignore[operator]
    assert said(first, "agenda next venue")[1:] == [
        "2 of 5: to be announced, until 11:29.",
    ]


def test_to_steps_to_any_item_and_back_takes_the_step_back(hall: Terminal) -> None:
    said(hall, "agenda next hall --to item-f")
    assert said(hall, "agenda next hall --back")[1:] == ["3 of 6: C, until 11:15."]
    assert times_of(line_up(hall))["c"] == "11:10–11:15"


def test_by_clock_leaves_it_to_the_clock_again(hall: Terminal) -> None:
    said(hall, "agenda next hall")
    assert said(hall, "agenda next hall --by-clock") == ["Line-up by the clock: “Demos”.", "3 of 6: C, until 11:15."]
    assert line_up(hall).steps == ()


def test_by_clock_changes_nothing_where_it_is_so_already(hall: Terminal) -> None:
    assert "That changes nothing" in hall.type("agenda next hall --by-clock").stdout
    assert len(hall.revisions()) == 1


def test_after_the_last_one_next_is_refused_by_name(hall: Terminal) -> None:
    hall.set_clock(at("11:27"))
    assert refused(hall, "agenda next hall") == "agenda: “F” is the last in the line-up of “Demos”"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("agenda next annex", "“Beside” has no line-up: nothing in it that is here has minutes"),
        ("agenda next hall --to nobody", "there is no item of this line-up 'nobody'"),
        ("agenda next hall --to item-g", "there is no item of this line-up 'item-g'; did you mean 'item-f'?"),
        ("agenda next cellar", "there is no room 'cellar'"),
    ],
)
def test_a_step_that_cannot_be_is_refused(hall: Terminal, line: str, reason: str) -> None:
    assert refused(hall, line) == f"agenda: {reason}"


def test_where_nothing_is_on_there_is_no_next(hall: Terminal) -> None:
    hall.set_clock(at("10:00"))
    assert refused(hall, "agenda next hall") == "agenda: nothing is on in Hall at 10:00"


@pytest.mark.parametrize(
    "line",
    [
        "agenda next",
        "agenda next hall --back --by-clock",
        "agenda next hall --to item-a --back",
        "agenda line-up",
        "agenda line-up demos --add New",
        "agenda line-up demos --minutes 5",
        "agenda line-up demos --add New --minutes 0",
        "agenda line-up demos --absent item-e --author Ada",
        "agenda line-up demos --absent item-e --remove item-e",
    ],
)
def test_wrong_use_is_status_2_and_changes_nothing(hall: Terminal, line: str) -> None:
    result = hall.type(line)
    assert (result.exit_code, result.stderr.partition(" ")[0], len(hall.revisions())) == (2, "Usage:", 1)


# The line-up


def test_the_line_up_is_printed_with_its_times(hall: Terminal) -> None:
    hall.type("agenda line-up demos --absent item-e")
    assert hall.type("agenda line-up demos").stdout.splitlines() == [
        "11:00–11:05  1 of 5: A  (item-a)",
        "11:05–11:10  2 of 5: B  (item-b)",
        "11:10–11:15  3 of 5: C  (item-c)  on now",
        "11:15–11:20  4 of 5: D  (item-d)",
        "11:20–11:25  5 of 5: F  (item-f)",
        "not here     E  (item-e)",
        "A rehearsal: its clock says 2025-07-18 11:12.",
    ]
    assert len(hall.revisions()) == 2


def test_by_hand_the_line_up_says_so_and_by_how_much_it_ends_late(hall: Terminal) -> None:
    hall.type("agenda next hall --to item-c")
    hall.set_clock(at("11:18"))
    lines = hall.type("agenda line-up demos").stdout.splitlines()
    assert lines[2:4] == ["11:12–11:17  3 of 6: C  (item-c)  on now", "11:18–11:23  4 of 6: D  (item-d)"]
    assert lines[6:8] == [
        "By hand: each is on until the next is begun.",
        "The line-up ends at 11:33, 3 minutes after “Demos”, which ends at 11:30.",
    ]


def test_a_session_without_a_line_up_says_so(hall: Terminal) -> None:
    assert hall.type("agenda line-up after").stdout.splitlines()[0] == (
        "“After” has no line-up: nothing in it that is here has minutes."
    )


def test_who_is_absent_and_here_after_all(hall: Terminal) -> None:
    assert said(hall, 'agenda line-up demos --absent item-e --note "He is on the way."') == ["Demos: changed line-up"]
    assert (hall.revisions()[-1].note, "e" in times_of(line_up(hall))) == ("He is on the way.", False)
    said(hall, "agenda line-up demos --present item-e")
    assert times_of(line_up(hall))["e"] == "11:20–11:25"


def test_another_order(hall: Terminal) -> None:
    said(hall, 'agenda line-up demos --order "item-f, item-d"')
    assert order_of(line_up(hall)) == "abcfed"


def test_an_item_is_added_and_removed(hall: Terminal) -> None:
    lines = said(hall, 'agenda line-up demos --add "Live demo" --minutes 3 --author Ada --author Grace --after item-d')
    assert lines == ["Demos: changed line-up", "Its id is live-demo."]
    new = next(one for one in line_up(hall).items if one.added)
    assert (new.title, new.minutes, new.authors) == ("Live demo", 3, ("Ada", "Grace"))
    said(hall, "agenda line-up demos --remove live-demo")
    assert line_up(hall).items == day().session(DEMOS).items


def test_what_would_have_passed_by_the_clock_waits_by_hand_and_says_so(hall: Terminal) -> None:
    assert said(hall, "agenda line-up after --add Poster --minutes 5") == [
        "After: changed line-up",
        "Its id is poster.",
    ]
    hall.set_clock(at("11:40"))
    assert said(hall, "agenda line-up after --add Demo --minutes 5")[1:] == [
        "Its id is demo.",
        "By hand: each is on until the next is begun.",
    ]


def test_undo_takes_a_change_of_the_line_up_back_and_no_step(hall: Terminal) -> None:
    said(hall, "agenda line-up demos --absent item-e")
    said(hall, "agenda next hall")
    said(hall, "agenda undo")
    assert (on(hall, "11:29"), "e" in times_of(line_up(hall))) == ("d", True)


def test_undo_of_a_step_is_refused(hall: Terminal) -> None:
    said(hall, "agenda next hall")
    assert refused(hall, "agenda undo 2") == (
        "agenda: revision 2 is a step of a line-up, which Back takes back: agenda next ROOM --back"
    )


@pytest.mark.parametrize(
    ("before", "line", "commands"),
    [
        (
            "agenda line-up demos --absent item-e",
            "agenda next hall --to item-e",
            ["agenda line-up demos --present item-e"],
        ),
        (
            "agenda line-up demos --present item-e",
            "agenda line-up demos --remove item-f",
            ["agenda line-up demos --absent item-f"],
        ),
    ],
)
def test_refusals_print_commands_that_succeed(hall: Terminal, before: str, line: str, commands: list[str]) -> None:
    hall.type(before)
    assert refused_with_commands(hall, line) == commands
