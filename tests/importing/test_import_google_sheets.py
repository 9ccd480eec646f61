"""CSV as Google Sheets exports it: American dates, seconds, empty columns and rows, merged cells as empty ones."""

from __future__ import annotations

import csv
import io

from support.import_results import clocks, of_text, people, room_of

from app.domain.program import Program
from app.importing import Imported


def of_rows(*rows: str) -> Imported:
    """The import of a sheet of rows, their cells between bars."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(row.split("|") for row in rows)
    return of_text(text.getvalue(), "Tree Day - Plan.csv")


def placed(program: Program) -> list[tuple[str, str, str]]:
    """Start, title and room of each session."""
    return [
        (start, title, room_of(program, one))
        for (start, _, title), one in zip(clocks(program), program.sessions, strict=True)
    ]


def test_a_sheet_with_a_title_empty_edges_and_checkboxes_is_read() -> None:
    imported = of_rows(
        "|||||||",
        "|Tree Day 2025|||||||",
        "||||||||",
        "|Day|Start|End|Title|Speaker|Confirmed|||",
        "|7/18/2025|9:00:00 AM|9:30:00 AM|On roots|Ann Lee|TRUE|||",
        "||9:30:00 AM|10:15:00 AM|On bark|Bob Ray|FALSE|||",
        "|7/19/2025|1:00:00 PM|2:00:00 PM|Panel||FALSE|||",
    )
    assert clocks(imported.program) == [
        ("18 09:00", "18 09:30", "On roots"),
        ("18 09:30", "18 10:15", "On bark"),
        ("19 13:00", "19 14:00", "Panel"),
    ]
    assert [people(imported.program, one) for one in imported.program.sessions] == [["Ann Lee"], ["Bob Ray"], []]
    assert imported.left == ("a line above the table: Tree Day 2025", "a column that is not read: Confirmed")


def test_a_day_in_words_is_that_of_the_rows_below_it() -> None:
    program = of_rows(
        "Date|Start|End|Title",
        "Friday, July 18, 2025|9:00 AM|9:30 AM|A",
        "|9:30 AM|10:00 AM|B",
        "Saturday, July 19, 2025|9:00 AM|9:30 AM|C",
    ).program
    assert [start for start, _, _ in clocks(program)] == ["18 09:00", "18 09:30", "19 09:00"]


def test_parallel_sessions_have_the_time_of_the_first_of_them() -> None:
    imported = of_rows(
        "Start|End|Room|Title",
        "9:00 AM|9:30 AM|East|A",
        "||West|B",
        "||North|C",
        "10:00 AM|10:30 AM|East|D",
    )
    assert placed(imported.program) == [
        ("18 09:00", "A", "East"),
        ("18 09:00", "B", "West"),
        ("18 09:00", "C", "North"),
        ("18 10:00", "D", "East"),
    ]
    said = "no time in its row: that of the row above, in another room: B, C; better: a time a row"
    assert said in imported.guessed


def test_a_row_without_a_time_in_the_same_room_or_in_none_is_left() -> None:
    imported = of_rows("Start|End|Room|Title|Speaker", "9:00|9:30|East|A|", "||East|B|", "|||C|Ann Lee", "||West|D|")
    assert [title for _, title, _ in placed(imported.program)] == ["A"]
    assert imported.left == ("without a time: B, C, D",)


def test_the_line_with_the_names_of_columns_is_found_below_other_lines() -> None:
    imported = of_rows("Updated 7/1/2025|by Ann", "Friday, July 18, 2025", "Time|Event|Who", "9:00-9:30|A|Ann Lee")
    assert clocks(imported.program) == [("18 09:00", "18 09:30", "A")]
    assert imported.left == ("a line above the table: Updated 7/1/2025 by Ann",)


def test_a_break_that_only_the_first_room_has_is_for_all_rooms() -> None:
    imported = of_rows("Time|East|West", "9:00-10:00|A|B", "10:00-10:30|Coffee break|", "10:30-11:00|C|")
    assert placed(imported.program) == [
        ("18 09:00", "A", "East"),
        ("18 09:00", "B", "West"),
        ("18 10:00", "Coffee break", ""),
        ("18 10:30", "C", "East"),
    ]
    assert "in the first room only, so for all: Coffee break; better: its name in each room" in imported.guessed
