"""Tables as workshops write them: CSV, Markdown, HTML, YAML, JSON."""

from __future__ import annotations

from datetime import date

import pytest
from support.import_results import clocks, of_text, people, room_of

from app.domain.errors import UnknownName, UnknownZone
from app.importing import ImportOptions, ImportRefused


def test_german_columns_with_semicolons_are_read() -> None:
    program = of_text(
        "Datum;Beginn;Ende;Titel;Sprecher;Raum\n"
        "17.07.2025;9:00;9:30;Eröffnung;;Saal 1 \n"
        ";9:30;10:15;Vortrag A;Ann Lee und Bea Two;Saal 1\n"
        "18.07.2025;22:00;00:30;Party;;Saal 2\n",
        "plan.csv",
    ).program
    assert clocks(program) == [
        ("17 09:00", "17 09:30", "Eröffnung"),
        ("17 09:30", "17 10:15", "Vortrag A"),
        ("18 22:00", "19 00:30", "Party"),
    ]
    assert [people(program, one) for one in program.sessions] == [[], ["Ann Lee", "Bea Two"], []]
    assert [room.name for room in program.rooms] == ["Saal 1", "Saal 2"]


@pytest.mark.parametrize(
    "names", ["Uhrzeit,Thema,Raum", "Hora,Título,Sala", "Orario,Titolo,Aula", "時間,題目,会場", "时间,题目,地点"]
)
def test_columns_are_named_in_many_languages(names: str) -> None:
    program = of_text(f"{names}\n9:00-9:30,A1,R2\n9:30-10:00,A2,R2\n", "day.csv").program
    assert [(one.title, room_of(program, one)) for one in program.sessions] == [("A1", "R2"), ("A2", "R2")]


def test_a_column_of_one_time_with_durations_in_hours_is_read() -> None:
    program = of_text("When,Talk,Hours,Duration\n9:00,A,x,0.75\n10:00,B,x,1.5\n", "plan.csv").program
    assert clocks(program) == [("18 09:00", "18 09:45", "A"), ("18 10:00", "18 11:30", "B")]


def test_a_table_without_column_names_is_told_by_what_it_holds() -> None:
    program = of_text("9:00,Opening,\n9:30,On trees,Ann Lee\n", "plan.csv").program
    assert clocks(program) == [("18 09:00", "18 09:30", "Opening"), ("18 09:30", "18 10:00", "On trees")]
    assert people(program, program.sessions[1]) == ["Ann Lee"]


def test_a_clock_of_twelve_hours_goes_on_in_the_afternoon() -> None:
    imported = of_text("Time,Talk\n11:00 - 12:00,A\n12:00 - 1:00,Lunch\n1:00 - 2:00,B\n", "plan.csv")
    assert clocks(imported.program) == [
        ("18 11:00", "18 12:00", "A"),
        ("18 12:00", "18 13:00", "Lunch"),
        ("18 13:00", "18 14:00", "B"),
    ]
    assert "in the afternoon, by its place in the table: B; better: am and pm, or 13:00" in imported.guessed


def test_what_follows_midnight_belongs_to_the_evening_before() -> None:
    program = of_text("Time,Talk\n22:00,Party\n00:30,Quiet\n", "plan.csv").program
    assert [start for start, _, _ in clocks(program)] == ["18 22:00", "19 00:30"]
    assert program.days == (date(2025, 7, 18),)


def test_without_an_end_a_session_lasts_up_to_the_next_in_its_room() -> None:
    imported = of_text("Start,Talk,Room\n9:00,A,East\n9:10,B,West\n9:30,C,East\n", "plan.csv")
    assert clocks(imported.program) == [
        ("18 09:00", "18 09:30", "A"),
        ("18 09:10", "18 09:40", "B"),
        ("18 09:30", "18 10:00", "C"),
    ]
    assert imported.guessed[:2] == (
        "no end given: up to the next: A; better: a column End, or times such as 9:00 - 9:30",
        "no end given and none after it: half an hour: B, C; better: a column End, or times such as 9:00 - 9:30",
    )


def test_a_time_that_a_clock_change_skips_is_guessed_and_said() -> None:
    options = ImportOptions(first_date=date(2025, 3, 9), timezone="America/Vancouver")
    imported = of_text("Start,End,Talk\n02:30,04:30,A\n", "plan.csv", options)
    assert clocks(imported.program) == [("09 03:30", "09 04:30", "A")]
    assert any("a clock change skips or repeats" in line for line in imported.guessed)


def test_columns_of_rooms_are_unfolded() -> None:
    program = of_text(
        "<table><tr><th>Time</th><th>Room A</th><th>Room B</th></tr>"
        "<tr><td>9:00-10:00</td><td colspan=2>Opening</td></tr>"
        "<tr><td>10:00-11:00</td><td>X</td><td rowspan=2>Long</td></tr>"
        "<tr><td>11:00-13:00</td><td>Y</td></tr></table>",
        "plan.html",
    ).program
    found = [(*clock, room_of(program, one)) for clock, one in zip(clocks(program), program.sessions, strict=True)]
    assert found == [
        ("18 09:00", "18 10:00", "Opening", ""),
        ("18 10:00", "18 11:00", "X", "Room A"),
        ("18 10:00", "18 13:00", "Long", "Room B"),
        ("18 11:00", "18 13:00", "Y", "Room A"),
    ]


def test_a_cell_that_is_wider_than_its_place_takes_the_free_columns() -> None:
    program = of_text(
        "<table><tr><th>Time</th><th>Room A</th><th>Room B</th></tr>"
        "<tr><td>9:00-10:00</td><td>X</td><td rowspan=2>Long</td></tr>"
        "<tr><td>10:00-11:00</td><td colspan=2>Y</td></tr></table>",
        "plan.html",
    ).program
    found = [(*clock, room_of(program, one)) for clock, one in zip(clocks(program), program.sessions, strict=True)]
    assert found == [
        ("18 09:00", "18 10:00", "X", "Room A"),
        ("18 09:00", "18 11:00", "Long", "Room B"),
        ("18 10:00", "18 11:00", "Y", "Room A"),
    ]


def test_columns_of_days_are_unfolded() -> None:
    program = of_text("Time,Fri,Sat\n9:00-10:00,A,B\n10:00-11:00,C,D\n", "plan.csv").program
    assert [(start, title) for start, _, title in clocks(program)] == [
        ("18 09:00", "A"),
        ("18 10:00", "C"),
        ("19 09:00", "B"),
        ("19 10:00", "D"),
    ]


def test_a_heading_over_a_table_says_its_day() -> None:
    program = of_text(
        "# A workshop\n\n## Thursday, July 17\n\n| Time | Talk |\n|-|-|\n| 9:00-10:00 | A |\n\n"
        "## Friday, July 18\n\n| Time | Talk |\n|-|-|\n| 9:00-10:00 | B |\n",
        "page.md",
    ).program
    assert [start for start, _, _ in clocks(program)] == ["17 09:00", "18 09:00"]


def test_a_list_of_times_is_a_schedule_too() -> None:
    program = of_text(
        "# A workshop\n\n- 9:00 – 9:15: Opening\n- 9:15 – 10:00 Keynote: **Ann Lee** (MIT), “On trees”\n"
        "- 10:00 – 10:30 Break\n",
        "page.md",
    ).program
    assert [
        (title, people(program, one)) for (_, _, title), one in zip(clocks(program), program.sessions, strict=True)
    ] == [
        ("Opening", []),
        ("On trees", ["Ann Lee"]),
        ("Break", []),
    ]


def test_yaml_of_days_with_sessions_is_read_and_nine_thirty_is_a_time() -> None:
    program = of_text(
        "- date: 2025-07-17\n  room: Aula\n  sessions:\n"
        "  - {time: 9:00-9:30, title: Opening}\n"
        "  - time: 9:30 - 10:00\n    title: A\n    speakers: [{name: Ann Lee, affiliation: MIT}, {name: Bob Ray}]\n"
        "- date: 2025-07-18\n  room: Aula\n  sessions:\n  - {start: 9:30, duration: 0.75, title: B}\n",
        "_data/schedule.yml",
    ).program
    assert clocks(program) == [
        ("17 09:00", "17 09:30", "Opening"),
        ("17 09:30", "17 10:00", "A"),
        ("18 09:30", "18 10:15", "B"),
    ]
    assert people(program, program.sessions[1]) == ["Ann Lee", "Bob Ray"]


def test_a_list_of_papers_goes_into_a_session_of_a_program() -> None:
    schedule = of_text("Time,Session\n9:00-10:00,Poster session\n", "plan.csv").program
    options = ImportOptions(items_of="Poster session")
    program = of_text("#,Title,Authors\n7,On trees,Ann Lee; Bob Ray\n", "papers.csv", options, schedule).program
    item = program.session("poster-session").items[0]
    assert (item.number, item.title, item.authors) == ("7", "On trees", ("Ann Lee", "Bob Ray"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("papers.json", '{"papers": [{"paper_id": 7, "title": "On trees", "authors": ["Ann Lee", "Bob Ray"]}]}'),
        ("papers.yml", "- number: 7\n  title: On trees\n  authors: Ann Lee and Bob Ray\n"),
        ("papers.txt", "#,Title,Authors\n7,On trees,Ann Lee; Bob Ray\n"),
    ],
)
def test_a_list_of_papers_may_have_any_form(name: str, text: str) -> None:
    schedule = of_text("Time,Session\n9:00-10:00,Poster session\n", "plan.csv").program
    program = of_text(text, name, ImportOptions(items_of="Poster session"), schedule).program
    item = program.session("poster-session").items[0]
    assert (item.number, item.title, item.authors) == ("7", "On trees", ("Ann Lee", "Bob Ray"))


def test_items_of_a_session_that_there_is_not_are_refused() -> None:
    schedule = of_text("Time,Session\n9:00-10:00,Poster session\n", "plan.csv").program
    with pytest.raises(UnknownName):
        of_text("Title\nOn trees\n", "papers.csv", ImportOptions(items_of="panel"), schedule)


def test_items_without_a_program_to_go_into_are_refused() -> None:
    with pytest.raises(ImportRefused, match="import the schedule first"):
        of_text("Title\nOn trees\n", "papers.csv", ImportOptions(items_of="posters"))


def test_without_a_zone_the_error_says_which_option_gives_it() -> None:
    with pytest.raises(ImportRefused, match="--timezone"):
        of_text("Time,Session\n9:00-10:00,A\n", "plan.csv", ImportOptions(first_date=date(2025, 7, 18)))


def test_without_a_day_the_error_says_which_option_gives_it() -> None:
    with pytest.raises(ImportRefused, match="--date"):
        of_text("Time,Session\n9:00-10:00,A\n", "plan.csv", ImportOptions(timezone="UTC"))


def test_a_zone_that_there_is_not_is_an_error() -> None:
    with pytest.raises(UnknownZone):
        of_text(
            "Time,Session\n9:00-10:00,A\n",
            "plan.csv",
            ImportOptions(first_date=date(2025, 7, 18), timezone="Mars/Olympus"),
        )


@pytest.mark.parametrize(
    "text", ["", "\n\n", "hello", "Title,Authors\nOn trees,Ann Lee\n", "[]", "{}", "<html></html>"]
)
def test_a_source_without_times_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(ImportRefused):
        of_text(text, "plan")


def test_a_room_given_beside_is_for_rows_that_name_none() -> None:
    options = ImportOptions(first_date=date(2025, 7, 18), timezone="America/Vancouver", room="Hall 4")
    program = of_text("Time,Session\n9:00-10:00,A\n", "plan.csv", options).program
    assert room_of(program, program.sessions[0]) == "Hall 4"


def test_a_line_that_says_a_day_is_for_the_lines_below() -> None:
    text = 'Time,Session\n"Friday, July 18",\n9:00-9:30,A\n"Saturday, July 19",\n9:00-9:30,B\n'
    assert [start for start, _, _ in clocks(of_text(text, "plan.csv").program)] == ["18 09:00", "19 09:00"]


def test_a_record_without_a_title_is_called_by_its_name() -> None:
    text = "- time: 8:30 - 8:45\n  name: Opening\n- time: 8:45 - 9:30\n  name: Talk\n  title: On trees\n"
    assert [title for _, _, title in clocks(of_text(text, "plan.yml").program)] == ["Opening", "On trees"]


def test_a_column_of_unknown_name_with_the_most_words_is_the_title() -> None:
    program = of_text("Time,Zzz,Speaker\n9:00-9:30,On trees and their roots,Ann Lee\n", "plan.csv").program
    assert clocks(program) == [("18 09:00", "18 09:30", "On trees and their roots")]


@pytest.mark.parametrize(
    ("cell", "title", "name"),
    [
        ("Invited Talk: Ann Lee (MIT)", "TBA", "Ann Lee"),
        ("Keynote: Ann Lee (MIT) On trees", "On trees", "Ann Lee"),
        ("Keynote 1 – Ann Lee: “On trees”", "On trees", "Ann Lee"),
        ("Ann Lee (MIT): On trees", "On trees", "Ann Lee"),
        ("**Ann Lee** — *On trees*", "On trees", "Ann Lee"),
        ("Ann Lee, “On trees”", "On trees", "Ann Lee"),
    ],
)
def test_a_cell_names_who_speaks_and_on_what(cell: str, title: str, name: str) -> None:
    program = of_text(f"# W\n\n| Time | Session |\n|-|-|\n| 9:00-9:30 | {cell} |\n", "page.md").program
    assert (program.sessions[0].title, people(program, program.sessions[0])) == (title, [name])


def test_what_stands_over_a_table_is_no_row_of_it() -> None:
    program = of_text("Our plan,,\n,,\nTime,Room A,Room B\n9:00-10:00,On roots,On bark\n", "plan.csv").program
    assert [(one.title, room_of(program, one)) for one in program.sessions] == [
        ("On bark", "Room B"),
        ("On roots", "Room A"),
    ]


def test_a_day_over_a_table_is_its_day() -> None:
    text = "Saturday 19 July 2025\nTime,Title,Speaker\n9:00-10:00,On roots,Ann Lee\n"
    assert clocks(of_text(text, "plan.csv").program) == [("19 09:00", "19 10:00", "On roots")]


def test_columns_named_by_a_database_are_read() -> None:
    text = "session_title,start_datetime,end_datetime\nOn roots,2025-07-18T09:00-07:00,2025-07-18T10:15-07:00\n"
    assert clocks(of_text(text, "plan.csv").program) == [("18 09:00", "18 10:15", "On roots")]


def test_a_line_across_a_table_that_names_no_day_is_left_and_named() -> None:
    imported = of_text("Time,Title\n9:00-9:30,A\nBring your own lunch,\n9:30-10:00,B\n", "plan.csv")
    assert imported.left == ("a line across the table: Bring your own lunch",)


def test_a_session_for_all_rooms_is_next_in_each_and_lasts_up_to_the_next_in_any() -> None:
    program = of_text(
        "<table><tr><th>Time</th><th>Room A</th><th>Room B</th></tr>"
        "<tr><td>9:00</td><td colspan=2>Opening</td></tr>"
        "<tr><td>10:00</td><td>X</td><td>Y</td></tr><tr><td>12:00</td><td colspan=2>Lunch</td></tr>"
        "<tr><td>13:00</td><td>Z</td><td>W</td></tr></table>",
        "plan.html",
    ).program
    assert [(start, end) for start, end, _ in clocks(program)][:4] == [
        ("18 09:00", "18 10:00"),
        ("18 10:00", "18 12:00"),
        ("18 10:00", "18 12:00"),
        ("18 12:00", "18 13:00"),
    ]


HALLS = ("Main hall,Side room", "Track 1,Track 2", "Room A,Room B", "Hall 1,Hall 2")
WHEN = {
    "Date,Start,End": ("2025-07-18,9:00,10:00", "2025-07-18,10:00,11:30"),
    "Day,Time": ("Fri,9:00-10:00", "Fri,10:00-11:30"),
    "Start time,Duration": ("9:00,60 min", "10:00,90 min"),
    "Start,End": ("9:00,10:00", "10:00,11:30"),
}


@pytest.mark.parametrize("halls", HALLS)
@pytest.mark.parametrize("when", WHEN)
def test_columns_of_rooms_are_unfolded_beside_any_columns_of_times(when: str, halls: str) -> None:
    first, second = WHEN[when]
    program = of_text(f"{when},{halls}\n{first},Trees,Roots\n{second},Leaves,\n", "grid.csv").program
    one, other = halls.split(",")
    assert sorted(
        (*clock, room_of(program, one)) for clock, one in zip(clocks(program), program.sessions, strict=True)
    ) == [
        ("18 09:00", "18 10:00", "Roots", other),
        ("18 09:00", "18 10:00", "Trees", one),
        ("18 10:00", "18 11:30", "Leaves", one),
    ]


def test_a_cell_over_rows_with_starts_and_ends_of_their_own_ends_with_the_last_of_them() -> None:
    head = "<tr><th>Start<th>End<th>Hall A<th>Hall B<tr><td>9:00<td>9:30<td rowspan=2>Trees<td>Roots"
    text = f"<h1>W</h1><table>{head}<tr><td>9:30<td>10:00<td>Moss</table>"
    assert sorted(clocks(of_text(text, "page.html").program)) == [
        ("18 09:00", "18 09:30", "Roots"),
        ("18 09:00", "18 10:00", "Trees"),
        ("18 09:30", "18 10:00", "Moss"),
    ]


def test_columns_of_unknown_names_beside_a_date_are_no_rooms_where_one_holds_people() -> None:
    rows = "2025-07-18,9:00,On trees,Ann Lee\n2025-07-18,10:00,On roots,Bob Ray\n"
    imported = of_text(f"Datum,Zeit,Exposition,Wer spricht\n{rows}", "list.csv")
    assert [one.title for one in imported.program.sessions] == ["On trees", "On roots"]
    assert "a column that is not read: Wer spricht" in imported.left


@pytest.mark.parametrize(
    "time", ["9:00 AM PDT – 9:30 AM PDT: ", "9:00 – 9:30 CEST | ", "9:00 - 9:30 (EST) ", "9:00 - 9:30 "]
)
def test_the_zone_beside_a_time_is_no_part_of_the_title(time: str) -> None:
    text = f"# W\n\n- {time}CT scans\n- 9:30 Leaves\n- 10:00 Roots\n"
    assert clocks(of_text(text, "page.md").program)[0] == ("18 09:00", "18 09:30", "CT scans")


def test_a_report_calls_a_talk_without_a_title_by_who_gives_it() -> None:
    imported = of_text("Time,Title,Speaker\n9:00,TBA,Ann Lee\n10:00,TBA,\n11:00,Roots,\n", "list.csv")
    assert next(line for line in imported.guessed if "up to the next" in line).startswith(
        "no end given: up to the next: Ann Lee, TBA; better: "
    )
