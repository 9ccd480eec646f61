"""`agenda undo` of a number among later changes, and `agenda undo --back-to`."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.publisher_processes import NOW, opened
from support.terminal import Terminal

from app.domain.rights import Editor
from app.store.publishing import publish_note
from app.store.revisions import Revisions

At = Callable[[str], Terminal]

EVAN, SARA, DEMOS = "evan-shelhamer", "sara-hooker", "contributed-morning"
AS_PLANNED = {EVAN: "10:15–10:45", SARA: "10:45–11:15", DEMOS: "11:15–12:00"}


def taken(day: Terminal, *lines: str) -> None:
    assert [(line, day.type(line).exit_code) for line in lines] == [(line, 0) for line in lines]


# What stands in the way


def test_a_refusal_names_the_revisions_to_undo_first_and_they_can_be(day: Terminal) -> None:
    taken(day, "agenda rename panel One", "agenda rename panel Two", "agenda rename panel Three")
    result = day.type("agenda undo 2")
    reason, *lines = result.stderr.splitlines()
    assert (result.exit_code, result.stdout, reason) == (
        1,
        "",
        "agenda: revision 2 cannot be undone: the same was changed since (title of “Three”); undo 4, then 3 first",
    )
    commands = [line.partition("#")[0].strip() for line in lines]
    assert commands == ["agenda undo 4", "agenda undo 3"]
    taken(day, *commands, "agenda undo 2")
    assert day.program().session("panel").title == "Panel discussion"


def test_what_was_taken_back_again_does_not_stand_in_the_way(day: Terminal) -> None:
    taken(day, "agenda rename panel One", "agenda rename panel Two", "agenda undo", "agenda undo 2")
    assert day.program().session("panel").title == "Panel discussion"


def test_a_later_change_of_something_else_does_not_stand_in_the_way(day: Terminal) -> None:
    taken(day, "agenda rename panel One", "agenda cancel panel", "agenda undo 2")
    panel = day.program().session("panel")
    assert (panel.title, panel.cancelled) == ("Panel discussion", True)


def test_a_revision_is_undone_once(day: Terminal) -> None:
    taken(day, "agenda cancel panel", "agenda undo 2")
    result = day.type("agenda undo 2")
    assert (result.exit_code, result.stderr) == (1, "agenda: revision 2 is undone already, by revision 3\n")


def test_an_edit_of_each_new_command_is_undone(day: Terminal) -> None:
    before = day.times()
    for line in (
        "agenda start sara-hooker",
        "agenda end",
        "agenda extend 5 --push lunch",
        "agenda absent matt-johnson",
        "agenda reorder chris-rackauckas matt-johnson",
        "agenda late 5 --everywhere --squeeze lunch",
        "agenda edit panel --pin",
    ):
        taken(day, line, "agenda undo")
    assert day.times() == before


# Back to a revision


def test_back_to_a_revision_restores_times_rooms_and_cancellations(day: Terminal) -> None:
    taken(
        day,
        "agenda late 5 --shorten contributed-morning=40",
        "agenda cancel panel",
        "agenda rename panel 'Who pays?'",
        "agenda announce Hello",
        "agenda add Demo --minutes 5 --at 17:10",
        "agenda undo --back-to 1 --note 'As planned after all.'",
    )
    program = day.program()
    panel, demo = program.session("panel"), program.session("demo")
    assert day.times(EVAN, SARA, DEMOS) == AS_PLANNED
    assert (panel.cancelled, demo.cancelled) == (False, True)
    assert (panel.title, [one.text for one in program.announcements]) == ("Who pays?", ["Hello"])
    made = day.revisions()[-1]
    assert (made.number, made.author, made.note, made.undoes) == (7, "terminal", "As planned after all.", None)


def test_rooms_are_restored_too(rooms: Terminal) -> None:
    taken(rooms, "agenda cancel annex-two", "agenda edit hall-two --room annex", "agenda undo --back-to 2")
    assert (rooms.program().session("hall-two").room, rooms.program().session("annex-two").cancelled) == ("hall", True)


def test_what_has_ended_stays_as_it_went(day: Terminal, at_clock: At) -> None:
    taken(day, "agenda end", "agenda late 5 --from sara-hooker --squeeze lunch", "agenda undo --back-to 1")
    assert day.times(EVAN, SARA, DEMOS) == AS_PLANNED | {EVAN: "10:15–10:40"}


def test_going_back_can_be_taken_back(day: Terminal) -> None:
    taken(day, "agenda late 5 --squeeze lunch", "agenda add Demo --minutes 5 --at 17:10")
    before = day.times()
    taken(day, "agenda undo --back-to 1", "agenda undo")
    assert (day.times(), day.program().session("demo").cancelled, day.revisions()[-1].undoes) == (before, False, 4)


def test_back_to_how_it_is_already_is_refused(day: Terminal) -> None:
    taken(day, "agenda rename panel Another")
    result = day.type("agenda undo --back-to 1")
    assert (result.exit_code, result.stdout, result.stderr, len(day.revisions())) == (
        1,
        "",
        "agenda: what has not ended is as it stood in revision 1\n",
        2,
    )


# Wrong use


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("agenda undo --back-to 9", "agenda: there is no revision '9'\n"),
        ("agenda undo 9", "agenda: there is no revision '9'\n"),
        ("agenda undo 1", "agenda: revision 1 is the first, and nothing was before it\n"),
        ("agenda undo", "agenda: there is nothing to undo\n"),
    ],
)
def test_what_is_not_there_is_not_undone(day: Terminal, line: str, said: str) -> None:
    result = day.type(line)
    assert (result.exit_code, result.stdout, result.stderr, len(day.revisions())) == (1, "", said, 1)


@pytest.mark.parametrize("arguments", ["2 --back-to 1", "--back-to 0", "--back-to yesterday", "2 3", "0"])
def test_wrong_use_is_status_2_and_changes_nothing(day: Terminal, arguments: str) -> None:
    result = day.type(f"agenda undo {arguments}")
    assert (result.exit_code, result.stderr.partition(" ")[0], len(day.revisions())) == (2, "Usage:", 1)


def test_the_command_explains_itself(day: Terminal) -> None:
    result = day.type("agenda undo --help")
    assert (result.exit_code, result.stdout.split()[0], result.stderr) == (0, "Usage:", "")


# Notes that were given afterwards


def give_note(day: Terminal) -> None:
    """Give revision 2 a note, which makes revision 3."""
    with opened(day.url) as database:
        publish_note(Revisions(database), 2, by=Editor("Frank"), note="Flu.", now=NOW)


def test_a_plain_undo_takes_back_the_change_and_not_its_note(day: Terminal) -> None:
    taken(day, "agenda cancel panel")
    give_note(day)
    taken(day, "agenda undo")
    assert day.program().session("panel").cancelled is False


def test_a_note_is_taken_back_by_its_number(day: Terminal) -> None:
    taken(day, "agenda cancel panel")
    give_note(day)
    result = day.type("agenda undo 3")
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, "Taken back: revision 3 by Frank (Flu.)")
    assert day.program().session("panel").cancelled is True
