"""Import again: five versions of one page, and what is kept from before."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from importing import clocks, of_text, people

from app.domain.changes import changed_sessions
from app.domain.program import Program

HEAD = "# Trees 2025\n\n| Time | Session |\n|------|---------|\n"
FIRST = [
    ("9:00 - 9:30", "Opening"),
    ("9:30 - 10:00", "Invited talk:"),
    ("10:00 - 10:30", "Coffee break"),
    ("10:30 - 11:00", "Ann Lee (MIT): “On roots”"),
    ("11:00 - 11:30", "Bob Ray (ETH): “On bark”"),
    ("11:30 - 12:00", "Coffee break"),
    ("12:00 - 12:30", "Closing"),
]
# The open talk is filled, and one is given another title.
SECOND = [
    *FIRST[:1],
    ("9:30 - 10:00", "Cy Dow (UBC): “On leaves”"),
    *FIRST[2:4],
    ("11:00 - 11:30", "Bob Ray (ETH): “On moss”"),
    *FIRST[5:],
]
# All before the second break begins a quarter of an hour later.
THIRD = [
    ("9:15 - 9:45", "Opening"),
    ("9:45 - 10:15", "Cy Dow (UBC): “On leaves”"),
    ("10:15 - 10:45", "Coffee break"),
    ("10:45 - 11:15", "Ann Lee (MIT): “On roots”"),
    ("11:15 - 11:30", "Bob Ray (ETH): “On moss”"),
    *SECOND[5:],
]
# Two speakers change places, and a line has moved in the table.
FOURTH = [
    THIRD[6],
    THIRD[0],
    ("9:45 - 10:15", "Ann Lee (MIT): “On roots”"),
    THIRD[2],
    ("10:45 - 11:15", "Cy Dow (UBC): “On leaves”"),
    *THIRD[4:6],
]
# The first break is gone, a panel is new.
FIFTH = [*FOURTH[:3], ("14:00 - 15:00", "Panel discussion"), *FOURTH[4:]]


def page(rows: list[tuple[str, str]]) -> str:
    return HEAD + "".join(f"| {time} | {session} |\n" for time, session in rows)


def versions(*pages: list[tuple[str, str]]) -> list[Program]:
    """Each page imported into what came of the one before."""
    found: list[Program] = []
    for rows in pages:
        found.append(of_text(page(rows), "page.md", former=found[-1] if found else None).program)
    return found


def changes(before: Program, after: Program) -> list[str]:
    return sorted(change.session for change in changed_sessions(before, after))


FIVE = versions(FIRST, SECOND, THIRD, FOURTH, FIFTH)


def test_each_version_has_the_true_difference_and_no_other() -> None:
    assert [changes(before, after) for before, after in pairwise(FIVE)] == [
        ["on-bark", "talk"],
        ["coffee-break", "on-bark", "on-roots", "opening", "talk"],
        ["on-roots", "talk"],
        ["coffee-break", "panel-discussion"],
    ]


def test_no_version_has_a_session_twice() -> None:
    assert [len(program.sessions) for program in FIVE] == [7, 7, 7, 7, 8]


def test_the_filled_talk_keeps_the_id_it_had_while_open() -> None:
    talk = FIVE[1].session("talk")
    assert (talk.title, people(FIVE[1], talk)) == ("On leaves", ["Cy Dow"])


def test_a_session_that_is_gone_is_cancelled_where_it_was() -> None:
    assert FIVE[4].session("coffee-break") == replace(FIVE[3].session("coffee-break"), cancelled=True)


def test_the_break_that_stayed_is_the_one_that_did_not_move() -> None:
    assert FIVE[4].session("coffee-break-2") == FIVE[3].session("coffee-break-2")


def test_a_session_that_comes_back_is_on_again_under_its_id() -> None:
    again = of_text(page(FOURTH), "page.md", former=FIVE[4]).program
    assert again.session("coffee-break") == FIVE[3].session("coffee-break")
    assert again.session("panel-discussion").cancelled


def test_the_same_page_again_changes_nothing() -> None:
    assert of_text(page(FIFTH), "page.md", former=FIVE[4]).program == FIVE[4]


def test_pins_and_least_minutes_are_kept() -> None:
    sessions = (replace(one, pinned=True, min_minutes=7) for one in FIVE[0].sessions)
    former = replace(FIVE[0], sessions=tuple(sessions))
    again = of_text(page(SECOND), "page.md", former=former).program
    assert {(one.pinned, one.min_minutes) for one in again.sessions} == {(True, 7)}


def test_prose_and_places_that_the_source_does_not_hold_are_kept() -> None:
    speakers = tuple(replace(one, biography="Likes trees.", url="https://example.org/") for one in FIVE[0].speakers)
    sessions = tuple(replace(one, abstract="All about it.", language="de") for one in FIVE[0].sessions)
    former = replace(FIVE[0], speakers=speakers, sessions=sessions)
    again = of_text(page(FIRST), "page.md", former=former).program
    assert again == former


def test_a_column_that_the_source_has_takes_its_word_away_again() -> None:
    table = "Time,Title,Abstract\n9:00-9:30,On roots,{}\n9:30-10:00,On bark,Bark.\n"
    before = of_text(table.format("Roots."), "plan.csv").program
    after = of_text(table.format(""), "plan.csv", former=before).program
    assert [one.abstract for one in after.sessions] == ["", "Bark."]


def test_a_renamed_room_list_keeps_the_ids_of_rooms_that_stay() -> None:
    table = "Time,Title,Room\n9:00-9:30,On roots,East\n9:30-10:00,On bark,{}\n"
    before = of_text(table.format("West"), "plan.csv").program
    after = of_text(table.format("North"), "plan.csv", former=before).program
    assert [one.room for one in after.sessions] == ["east", "north"]
    assert changes(before, after) == ["on-bark"]


def test_a_page_without_a_date_stays_on_the_day_it_had() -> None:
    again = of_text(page(FIRST), "page.md", former=FIVE[0]).program
    assert clocks(again) == clocks(FIVE[0])
    assert (again.days, again.timezone) == (FIVE[0].days, FIVE[0].timezone)
