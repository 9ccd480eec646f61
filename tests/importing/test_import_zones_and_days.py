"""What sources say of zones, days and halves of the day in their own ways, and what must not be taken for it."""

from __future__ import annotations

from datetime import date

import pytest
from support.import_results import clocks, of_text

from app.importing import Imported, ImportOptions
from app.importing.report import ImportRefused

BERLIN = ImportOptions(first_date=date(2025, 7, 19), timezone="Europe/Berlin")


def page(rows: list[str], head: str = "Time", place: str = "July 18, 2025. Vancouver, Canada") -> Imported:
    table = "\n".join(f"| {row} |" for row in rows)
    return of_text(f"# Trees\n\n{place}\n\n| {head} | Session |\n|--|--|\n{table}\n", "page.md", ImportOptions())


def starts(found: Imported) -> list[str]:
    return [start for start, _, _ in clocks(found.program)]


@pytest.mark.parametrize(
    ("head", "cell", "place"),
    [
        ("Time (UTC)", "16:00 - 16:15", "July 18, 2025. Vancouver, Canada"),
        ("Time (GMT+2)", "18:00 - 18:15", "July 18, 2025. Vancouver, Canada"),
        ("Time", "12:00 - 12:15 PM EDT", "July 18, 2025. Vancouver, Canada"),
        ("Time", "12:00 - 12:15", "July 18, 2025. Vancouver, Canada\n\nAll times are in EDT."),
        ("Time (PT)", "9:00 - 9:15", "July 18, 2025. Vancouver, Canada"),
    ],
)
def test_a_zone_that_is_written_beside_the_times_is_theirs(head: str, cell: str, place: str) -> None:
    found = page([f"{cell} | Opening"], head, place)
    assert (found.program.timezone, starts(found)) == ("America/Vancouver", ["18 09:00"])


def test_an_offset_is_a_zone_where_no_place_is_named() -> None:
    found = page(["9:00 - 9:15 | Opening"], "Time (GMT+2)", "July 18, 2025. Virtual")
    assert found.program.timezone == "Etc/GMT-2"


@pytest.mark.parametrize("form", ["{d}-07-2025", "{d}-Jul-2025", "7/{d}/25", "{d}.07.25", "{d}.7.2025", "2025-07-{d}"])
def test_dates_are_written_in_many_ways(form: str) -> None:
    table = "".join(f"{form.format(d=day)},{clock}:00,Talk\n" for day, clock in ((19, 9), (20, 10)))
    assert starts(of_text(f"Date,Time,Title\n{table}", "day.csv", BERLIN)) == ["19 09:00", "20 10:00"]


@pytest.mark.parametrize("wrong", ["2025-02-30", "99999-01-01", "45/45/2025"])
def test_a_date_that_there_is_not_is_no_other(wrong: str) -> None:
    found = of_text(f"Date,Time,Title\n{wrong},9:00,One\n2025-07-20,9:00,Two\n", "day.csv", BERLIN)
    assert starts(found) == ["20 09:00"]
    assert f"a date that cannot be read: {wrong}" in found.left


@pytest.mark.parametrize(
    ("first", "second", "days"),
    [
        ("12/07/2025", "13/07/2025", ["12", "13"]),
        ("13/07/2025", "12/07/2025", ["12", "13"]),
        ("07/12/2025", "07/13/2025", ["12", "13"]),
        ("12/7", "13/7", ["12", "13"]),
    ],
)
def test_one_date_that_can_be_read_in_one_order_only_tells_that_of_its_table(
    first: str, second: str, days: list[str]
) -> None:
    rows = f"{first},9:00,9:30,Roots\n{second},9:00,9:30,Leaves\n"
    program = of_text(f"date,start,end,title\n{rows}", "day.csv", BERLIN).program
    assert ([start[:2] for start, _, _ in clocks(program)], {one.month for one in program.days}) == (days, {7})


@pytest.mark.parametrize("day", ["Day 1/2", "July 18 (1/2)"])
def test_a_part_of_a_whole_is_no_date(day: str) -> None:
    imported = of_text(f"day,start,end,title\n{day},9:00,9:30,Roots\n", "day.csv")
    assert imported.program.days == (date(2025, 7, 18),)


def test_a_date_in_a_text_says_nothing_of_the_order_of_others() -> None:
    rows = "7/8/2025,9:00,9:30,Roots,Seen on 25/12/2024\n7/9/2025,9:00,9:30,Moss,\n"
    imported = of_text(f"date,start,end,title,abstract\n{rows}", "day.csv", BERLIN)
    assert imported.program.days == (date(2025, 7, 8), date(2025, 7, 9))


@pytest.mark.parametrize("written", ["18.7.", "18.07.", "7/18", "18/7", "Fri 7/18", "July 18"])
def test_a_date_without_a_year_has_that_of_the_program(written: str) -> None:
    imported = of_text(f"date,start,end,title\n{written},9:00,9:30,Roots\n", "day.csv")
    assert imported.program.days == (date(2025, 7, 18),)
    assert "the year 2025, which the dates do not have; better: --date" in imported.guessed


@pytest.mark.parametrize("written", ["18.7.", "18.07.", "7/18", "18/7", "Fri 7/18", "July 18"])
def test_of_a_date_without_a_year_the_day_is_asked_for(written: str) -> None:
    with pytest.raises(ImportRefused, match="its day is not said; add, such as: --date "):
        of_text(f"date,start,end,title\n{written},9:00,9:30,Roots\n", "day.csv", ImportOptions(timezone="UTC"))


def test_a_number_in_a_column_of_days_counts_them() -> None:
    assert starts(of_text("Day,Time,Title\n1,9:00,One\n2,9:00,Two\n", "day.csv", BERLIN)) == ["19 09:00", "20 09:00"]


def test_a_time_without_am_or_pm_follows_those_that_have_it() -> None:
    found = page(["12:00pm | Lunch", "1:30 | Weather", "2:30pm | Panel"])
    assert starts(found) == ["18 12:00", "18 13:30", "18 14:30"]


def test_a_table_of_the_afternoon_alone_is_not_at_night() -> None:
    found = page(["1:00 - 1:15 | Opening", "1:15 - 2:00 | Keynote", "2:00 - 5:00 | Posters"])
    assert starts(found) == ["18 13:00", "18 13:15", "18 14:00"]
    assert any("afternoon" in line for line in found.guessed)


def test_what_comes_after_midnight_under_a_days_heading_is_of_the_next_day() -> None:
    found = page(["23:00 - 00:30 | Party", "00:30 - 02:00 | After", "02:00 - 03:00 | Late"])
    assert starts(found) == ["18 23:00", "19 00:30", "19 02:00"]


def test_a_day_that_each_row_says_itself_is_that_day() -> None:
    table = "Date,Time,Title\n2025-07-19,23:00,Late\n2025-07-19,00:30,Early\n"
    assert sorted(starts(of_text(table, "day.csv", BERLIN))) == ["19 00:30", "19 23:00"]


@pytest.mark.parametrize("weekday", ["Sat", "Saturday,", "Samstag", "samedi"])
def test_a_weekday_may_stand_before_a_time(weekday: str) -> None:
    assert starts(of_text(f'Start,Title\n"{weekday} 9:00",One\n', "day.csv", BERLIN)) == ["19 09:00"]


@pytest.mark.parametrize("column", ["time", "when", "start"])
def test_a_column_may_hold_day_and_time(column: str) -> None:
    table = f"{column},title\n2025-07-18T09:00:00Z,Opening\n2025-07-18 12:15,Talk\n"
    assert starts(of_text(table, "day.csv", BERLIN)) == ["18 11:00", "18 12:15"]


@pytest.mark.parametrize(
    "cell",
    [
        "9:00–9:30 (Vancouver time)",
        "9:00–9:30 AM (local time)",
        "9:00 ～ 9:30",
        "9：00–9：30",
        "9h00 à 9h30",
        "09:00 h - 09:30 h",
        "9:00–9:30*",
        "9:00<br>9:30",
    ],
)
def test_a_stretch_of_time_is_written_in_many_ways(cell: str) -> None:
    assert clocks(page([f"{cell} | Opening"]).program) == [("18 09:00", "18 09:30", "Opening")]


def test_an_event_of_a_calendar_without_an_end_has_no_length() -> None:
    event = "BEGIN:VEVENT\nUID:1@x\nDTSTART:20250718T090000Z\nSUMMARY:Pass\nEND:VEVENT\n"
    calendar = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{event}END:VCALENDAR\n"
    assert clocks(of_text(calendar, "day.ics", BERLIN).program) == [("18 11:00", "18 11:00", "Pass")]


def test_the_year_of_the_title_is_that_of_its_days() -> None:
    days = "## Day 1: Monday, 16 June\n\n| Time | Session |\n|--|--|\n| 9:00-9:30 | Opening |\n"
    found = of_text(f"# Summer School 2025\n\nCopenhagen, Denmark\n\n{days}", "page.md", ImportOptions())
    assert found.program.days == (date(2025, 6, 16),)
    assert any("the year 2025" in line for line in found.guessed)


@pytest.mark.parametrize(("name", "text"), [("deep.json", "[" * 100_000), ("deep.yml", "[" * 100_000)])
def test_what_is_nested_too_deeply_is_said_in_plain_words(name: str, text: str) -> None:
    with pytest.raises(ImportRefused, match=r"nested|YAML"):
        of_text(text, name, BERLIN)


def test_a_zone_that_there_is_not_is_reported_once() -> None:
    times = "{title: Roots, start: '2025-07-18T09:00:00+02:00', end: '2025-07-18T10:00:00+02:00'}"
    left = of_text(f"timezone: Mars/Phobos\nsessions:\n- {times}\n", "a.yml", ImportOptions()).left
    assert left == ("a time zone that there is not: Mars/Phobos",)


@pytest.mark.parametrize(
    ("zone", "name"), [("SGT", "Asia/Singapore"), ("HST", "Pacific/Honolulu"), ("JST", "Asia/Tokyo")]
)
def test_an_abbreviation_of_one_zone_is_that_zone(zone: str, name: str) -> None:
    assert page([f"9:00 - 9:15 {zone} | Opening"], place="July 18, 2025").program.timezone == name


@pytest.mark.parametrize("zone", ["IST", "CST"])
def test_an_abbreviation_of_several_zones_is_asked_about(zone: str) -> None:
    with pytest.raises(ImportRefused, match="its time zone is not said"):
        page([f"9:00 - 9:15 {zone} | Opening"], place="July 18, 2025")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("day.csv", "Date,Time (EDT),Title\n2025-07-18,9:00-9:30,Roots\n"),
        ("day.csv", "Date,Time,Title\n2025-07-18,9:00-9:30 EDT,Roots\n"),
        ("day.csv", "All times in EDT\nDate,Time,Title\n2025-07-18,9:00-9:30,Roots\n"),
        ("day.yaml", "- date: 2025-07-18\n  time: 9:00-9:30 EDT\n  title: Roots\n"),
    ],
)
def test_a_table_without_a_page_names_the_zone_of_its_times_too(name: str, text: str) -> None:
    imported = of_text(text, name, ImportOptions())
    assert imported.program.timezone == "America/New_York"
    assert "the time zone (New York time), from EDT; better: --timezone" in imported.guessed
    assert imported.left == ()
