"""Spreadsheets: `.xlsx` and `.ods` files, of one sheet or of several, with times as a cell keeps them."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from support.exchange_schemas import worded_programs
from support.import_results import clocks, content, of_text, people, room_of
from support.spreadsheets import CellValue, Rows, ods, xlsx, zipped
from support.strategies import examples

from app.domain.program import Program
from app.formats.csv_export import schedule_csv
from app.importing import Imported, ImportOptions, ImportRefused, import_source

VANCOUVER = ImportOptions(first_date=date(2025, 7, 18), timezone="America/Vancouver")


def imported(data: bytes, name: str = "plan.xlsx", options: ImportOptions = VANCOUVER) -> Imported:
    return import_source(data, name=name, options=options)


def of_rows(*rows: list[CellValue], merged: tuple[str, ...] = ()) -> Imported:
    return imported(xlsx({"Sheet1": rows}, merged=merged))


def placed(program: Program) -> list[tuple[str, str, str, str]]:
    """Start, end, title and room of each session."""
    return [(*clock, room_of(program, one)) for clock, one in zip(clocks(program), program.sessions, strict=True)]


ROWS: Rows = [
    ["Start", "End", "Title", "Speaker"],
    [time(9), time(9, 30), "On roots", "Ann Lee"],
    [time(9, 30), time(10, 15), "On bark", "Bob Ray"],
]
SESSIONS = [("18 09:00", "18 09:30", "On roots"), ("18 09:30", "18 10:15", "On bark")]


@pytest.mark.parametrize(("data", "name"), [(xlsx({"A": ROWS}), "plan.xlsx"), (ods({"A": ROWS}), "plan.ods")])
def test_a_spreadsheet_is_read_as_its_table(data: bytes, name: str) -> None:
    program = imported(data, name).program
    assert clocks(program) == SESSIONS
    assert [people(program, one) for one in program.sessions] == [["Ann Lee"], ["Bob Ray"]]


@pytest.mark.parametrize("name", ["plan", "plan.csv", "plan.md", "-"])
def test_a_spreadsheet_is_known_by_its_content_whatever_its_name(name: str) -> None:
    assert clocks(imported(xlsx({"A": ROWS}), name).program) == SESSIONS


def test_what_older_programs_wrote_is_told_by_its_content_too() -> None:
    with pytest.raises(ImportRefused, match=r"plan.xls: no spreadsheet that can be read"):
        imported(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "plan.xls")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (datetime.fromisoformat("2025-07-18 09:00"), datetime.fromisoformat("2025-07-18 09:30")),
        ("9:00", "9:30"),
        ("9:00 AM", "9:30 AM"),
        (time(9), timedelta(hours=9, minutes=30)),
        (0.375, 0.395833333333333),
        (45856.375, 45856.3958333333),
    ],
)
def test_times_are_read_in_each_form_that_a_cell_may_have(start: CellValue, end: CellValue) -> None:
    program = of_rows(["Start", "End", "Title"], [start, end, "A"]).program
    assert clocks(program) == [("18 09:00", "18 09:30", "A")]


@pytest.mark.parametrize(
    "day", [date(2025, 7, 19), datetime.fromisoformat("2025-07-19 00:00"), 45857.0, "July 19, 2025"]
)
def test_days_are_read_in_each_form_that_a_cell_may_have(day: CellValue) -> None:
    program = of_rows(["Date", "Start", "End", "Title"], [day, time(9), time(10), "A"]).program
    assert clocks(program) == [("19 09:00", "19 10:00", "A")]


@pytest.mark.parametrize("midnight", [time(0), timedelta(days=1), datetime.fromisoformat("2025-07-19 00:00")])
def test_a_session_may_end_at_midnight(midnight: CellValue) -> None:
    start = datetime.fromisoformat("2025-07-18 22:00") if isinstance(midnight, datetime) else time(22)
    program = of_rows(["Start", "End", "Title"], [start, midnight, "A"]).program
    assert clocks(program) == [("18 22:00", "19 00:00", "A")]


@pytest.mark.parametrize("length", [45.0, 45, "45", time(0, 45), timedelta(minutes=45), 0.75])
def test_lengths_are_read_in_each_form_that_a_cell_may_have(length: CellValue) -> None:
    program = of_rows(["Start", "Duration", "Title"], [time(9), length, "A"]).program
    assert clocks(program) == [("18 09:00", "18 09:45", "A")]


def test_a_whole_number_has_no_decimal_point() -> None:
    program = of_rows(["Start", "End", "Title", "Room"], [time(9), time(10), "A", 204.0]).program
    assert [room.name for room in program.rooms] == ["204"]


def test_a_cell_across_all_rooms_is_for_all_and_a_tall_one_lasts_over_its_rows() -> None:
    program = of_rows(
        ["Time", "Room A", "Room B"],
        ["9:00-10:00", "Opening"],
        ["10:00-11:00", "X", "Long"],
        ["11:00-13:00", "Y"],
        merged=("B2:C2", "C3:C4"),
    ).program
    assert placed(program) == [
        ("18 09:00", "18 10:00", "Opening", ""),
        ("18 10:00", "18 11:00", "X", "Room A"),
        ("18 10:00", "18 13:00", "Long", "Room B"),
        ("18 11:00", "18 13:00", "Y", "Room A"),
    ]


def test_of_two_lines_of_names_the_lower_one_names_the_columns() -> None:
    program = of_rows(
        ["Time", "Main building", None],
        [None, "Room A", "Room B"],
        ["9:00-10:00", "X", "Y"],
        merged=("A1:A2", "B1:C1"),
    ).program
    assert placed(program) == [("18 09:00", "18 10:00", "X", "Room A"), ("18 09:00", "18 10:00", "Y", "Room B")]


def test_a_merged_line_with_a_day_is_for_the_rows_below() -> None:
    program = of_rows(
        ["Our plan"],
        ["Time", "Title", "Speaker"],
        ["Friday, July 18"],
        ["9:00-10:00", "A", "Ann Lee"],
        ["Saturday, July 19"],
        ["9:00-10:00", "B", "Bob Ray"],
        merged=("A1:C1", "A3:C3", "A5:C5"),
    ).program
    assert clocks(program) == [("18 09:00", "18 10:00", "A"), ("19 09:00", "19 10:00", "B")]


def test_a_merged_time_is_that_of_all_its_rows() -> None:
    rows: list[list[CellValue]] = [["Time", "Title", "Room"], [time(9), "A", "East"], [None, "B", "West"]]
    assert placed(of_rows(*rows, merged=("A2:A3",)).program) == [
        ("18 09:00", "18 09:30", "A", "East"),
        ("18 09:00", "18 09:30", "B", "West"),
    ]


def test_empty_rows_and_columns_around_a_table_are_no_part_of_it() -> None:
    program = of_rows(
        [],
        [None, None, "Time", None, "Room A", "Room B"],
        [],
        [None, None, "9:00-10:00", None, "Opening", None],
        [None, None, "10:00-11:00", None, "X", None],
        merged=("E4:F4",),
    ).program
    assert placed(program) == [("18 09:00", "18 10:00", "Opening", ""), ("18 10:00", "18 11:00", "X", "Room A")]


@pytest.mark.parametrize("names", [("Friday", "Saturday"), ("Day 1", "Day 2"), ("2025-07-18", "Sat July 19")])
def test_a_sheet_whose_name_is_a_day_is_of_that_day(names: tuple[str, str]) -> None:
    found = imported(xlsx({name: [["Time", "Title"], ["9:00-10:00", f"On {name}"]] for name in names}))
    assert [start for start, _, _ in clocks(found.program)] == ["18 09:00", "19 09:00"]
    assert f"read from the sheet: {names[0]} (1 session), {names[1]} (1 session)" in found.took


def test_a_day_in_the_rows_is_believed_before_the_name_of_their_sheet() -> None:
    rows: Rows = [["Day", "Time", "Title"], ["2025-07-19", "9:00-10:00", "A"]]
    assert [start for start, _, _ in clocks(imported(xlsx({"2025-06-01": rows})).program)] == ["19 09:00"]


@pytest.mark.parametrize("name", ["Room A", "Hall 4", "Grand Ballroom"])
def test_a_sheet_whose_name_is_a_room_is_of_that_room(name: str) -> None:
    found = imported(xlsx({name: ROWS}))
    assert [room.name for room in found.program.rooms] == [name]
    assert f"the sheet's name is a room: {name}; better: a column Room" in found.guessed


@pytest.mark.parametrize("name", ["Sheet1", "Schedule", "Program committee", "Rooms"])
def test_another_name_of_a_sheet_is_no_room(name: str) -> None:
    assert imported(xlsx({name: ROWS})).program.rooms == of_rows(*map(list, ROWS)).program.rooms


def test_sheets_without_times_and_hidden_ones_are_left_and_named() -> None:
    budget: Rows = [["What", "Sum"], ["Coffee", 300.0]]
    found = imported(xlsx({"Plan": ROWS, "Budget": budget, "Draft": ROWS}, hidden=["Draft"]))
    assert clocks(found.program) == SESSIONS
    assert found.left == ("a sheet that is hidden, or cannot be read: Draft", "a sheet without times: Budget")


def test_hidden_rows_and_columns_are_left_and_counted() -> None:
    rows: Rows = [
        [None, "Start", "End", "Title", "Speaker"],
        [None, time(9), time(9, 30), "On roots", "Ann Lee"],
        [None, time(9, 30), time(10), "A draft", "Cy Dow"],
        [None, time(9, 30), time(10, 15), "On bark", "Bob Ray"],
    ]
    found = imported(xlsx({"Plan": rows}, hidden_rows=[3], hidden_columns=[5]))
    assert (clocks(found.program), found.program.speakers) == (SESSIONS, ())
    assert found.left == ("hidden rows and columns: Plan (2)",)


def test_that_an_ods_file_does_not_tell_what_its_merged_cells_cover_is_said() -> None:
    said = "a merged cell is in the first of its places only; better: an .xlsx file"
    both = [imported(ods({"A": ROWS}, spanned=spanned), "plan.ods").guessed for spanned in (1, 2)]
    assert [said in guessed for guessed in both] == [False, True]


def test_a_list_of_papers_may_be_a_spreadsheet() -> None:
    schedule = of_text("Time,Session\n9:00-10:00,Poster session\n", "plan.csv").program
    data = xlsx({"Papers": [["#", "Title", "Authors"], [7, "On trees", "Ann Lee; Bob Ray"]]})
    options = ImportOptions(items_of="Poster session")
    item = import_source(data, name="papers.xlsx", options=options, former=schedule).program.sessions[0].items[0]
    assert (item.number, item.title, item.authors) == ("7", "On trees", ("Ann Lee", "Bob Ray"))


FAR_APART = "".join(
    f'<row r="{row}"><c r="{place}{row}"><v>1</v></c></row>' for row, place in ((1, "A"), (1048576, "XFD"))
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04\0\0", "no spreadsheet that can be read (File is not a zip file); save the schedule as CSV"),
        (xlsx({"A": ROWS})[:300], "no spreadsheet that can be read (File is not a zip file); save the schedule as CSV"),
        (
            zipped({"word/document.xml": "<a/>"}),
            "no spreadsheet that can be read (Cannot detect file format); save the schedule as CSV",
        ),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "a password protects it; save it without one"),
        (
            zipped({f"{number}": "" for number in range(2001)}),
            "a zip file of 2,001 files; at most 2,000 can be imported",
        ),
        (xlsx({"A": [["No times"]]}), "no sessions with a time in it, such as 9:00 - 9:30 (read as spreadsheet)"),
        (xlsx({"A": []}), "no sessions with a time in it, such as 9:00 - 9:30 (read as spreadsheet)"),
        (xlsx({"A": ROWS}, hidden=["A"]), "no sessions with a time in it, such as 9:00 - 9:30 (read as spreadsheet)"),
    ],
)
def test_what_is_no_spreadsheet_with_a_schedule_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        imported(data)
    assert refused.value.reason == reason


def test_a_file_that_is_too_large_unpacked_is_refused_with_the_limit() -> None:
    data = zipped({"xl/workbook.xml": "", "xl/worksheets/sheet1.xml": " " * 60_000_001})
    with pytest.raises(ImportRefused, match="60,000,001 bytes unpacked; at most 60,000,000 can be imported"):
        imported(data)


def test_two_cells_that_are_far_apart_take_no_memory_for_those_between() -> None:
    with pytest.raises(ImportRefused, match="damaged, or takes too much to read; save it as CSV"):
        imported(xlsx({"A": FAR_APART}))


LOCAL_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")


def typed(cell: str) -> CellValue:
    """A cell as a spreadsheet keeps it: days with times as such."""
    is_time = LOCAL_TIME.fullmatch(cell) and not cell.endswith(" 00:00")
    return datetime.fromisoformat(cell) if is_time else cell or None


def as_xlsx(data: bytes) -> bytes:
    """A CSV file, opened and saved as a spreadsheet."""
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    return xlsx({"program": [[typed(cell) for cell in row] for row in rows]})


@given(worded_programs().filter(lambda program: program.sessions))
@examples(20)
def test_an_exported_table_that_is_saved_as_a_spreadsheet_gives_the_same_program(program: Program) -> None:
    """Law: the form of a table's file makes no difference to its program."""
    table = schedule_csv(program).replace(b"\0", b"")
    assert content(imported(as_xlsx(table), "program.xlsx").program) == content(
        import_source(table, name="program.csv", options=VANCOUVER).program
    )
