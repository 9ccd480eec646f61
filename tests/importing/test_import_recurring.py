"""Recurring events of calendars: which occurrences there are, within which bounds, and how each is known again."""

from __future__ import annotations

import pytest
from support.import_results import clock, of_text

from app.importing import Imported, ImportOptions


def series(*lines: str, zone: str = "Europe/Vienna", day: str = "20250310", more: str = "") -> str:
    """A calendar with a talk at 09:00 that recurs, and further events."""
    start, end = (f"{name};TZID={zone}:{day}T{hour}0000" for name, hour in (("DTSTART", "09"), ("DTEND", "10")))
    event = "\n".join(("UID:u@example.org", "SUMMARY:A", start, end, *lines))
    return f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{event}\nEND:VEVENT\n{more}END:VCALENDAR\n"


def changed(start: str, moved_to: str, *lines: str) -> str:
    """An event that takes the place of one occurrence."""
    zone = "TZID=Europe/Vienna"
    event = "\n".join((f"RECURRENCE-ID;{zone}:{start}", f"DTSTART;{zone}:{moved_to}", "SUMMARY:B", *lines))
    return f"BEGIN:VEVENT\nUID:u@example.org\n{event}\nEND:VEVENT\n"


def imported(text: str) -> Imported:
    return of_text(text, "a.ics", ImportOptions())


def starts(text: str) -> list[str]:
    program = imported(text).program
    return [clock(program, one.start) for one in program.sessions]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=WEEKLY;COUNT=3", ["10 09:00", "17 09:00", "24 09:00"]),
        ("FREQ=DAILY;COUNT=3;INTERVAL=2", ["10 09:00", "12 09:00", "14 09:00"]),
        ("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3", ["10 09:00", "12 09:00", "17 09:00"]),
        ("FREQ=MONTHLY;BYDAY=2MO;COUNT=2", ["10 09:00", "14 09:00"]),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=2;COUNT=2", ["10 09:00", "14 09:00"]),
        ("FREQ=MONTHLY;BYMONTHDAY=10;COUNT=2", ["10 09:00", "10 09:00"]),
        ("FREQ=WEEKLY;UNTIL=20250324T080000Z", ["10 09:00", "17 09:00", "24 09:00"]),
        ("FREQ=WEEKLY;UNTIL=20250324T090000", ["10 09:00", "17 09:00", "24 09:00"]),
        ("FREQ=WEEKLY;UNTIL=20250324", ["10 09:00", "17 09:00", "24 09:00"]),
    ],
)
def test_a_rule_gives_each_of_its_occurrences(rule: str, expected: list[str]) -> None:
    assert starts(series(f"RRULE:{rule}")) == expected


def test_further_dates_are_added_and_excepted_ones_left_out() -> None:
    dates = ("RDATE;TZID=Europe/Vienna:20250311T140000", "EXDATE;TZID=Europe/Vienna:20250317T090000")
    assert starts(series("RRULE:FREQ=WEEKLY;COUNT=3", *dates)) == ["10 09:00", "11 14:00", "24 09:00"]


def test_a_changed_occurrence_takes_the_place_of_the_one_that_it_changes() -> None:
    change = changed("20250317T090000", "20250318T110000", "STATUS:CANCELLED")
    program = imported(series("RRULE:FREQ=WEEKLY;COUNT=3", more=change)).program
    assert [(clock(program, one.start), one.title, one.cancelled) for one in program.sessions] == [
        ("10 09:00", "A", False),
        ("18 11:00", "B", True),
        ("24 09:00", "A", False),
    ]


def test_a_change_of_one_that_is_not_in_the_file_is_taken() -> None:
    alone = f"BEGIN:VCALENDAR\n{changed('20250317T090000', '20250318T110000')}END:VCALENDAR\n"
    assert starts(alone) == ["18 11:00"]


@pytest.mark.parametrize(
    ("zone", "day"), [("Europe/Vienna", "20250324"), ("America/Vancouver", "20270308"), ("Africa/Cairo", "20250420")]
)
def test_occurrences_keep_their_local_time_across_a_clock_change(zone: str, day: str) -> None:
    local = [time[3:] for time in starts(series("RRULE:FREQ=WEEKLY;COUNT=4", zone=zone, day=day))]
    assert local == ["09:00"] * 4


def test_each_occurrence_is_known_again_after_a_change_in_the_series() -> None:
    before = imported(series("RRULE:FREQ=WEEKLY;COUNT=4")).program
    text = series(
        "RRULE:FREQ=WEEKLY;COUNT=4",
        "EXDATE;TZID=Europe/Vienna:20250310T090000",
        more=changed("20250324T090000", "20250328T150000"),
    )
    after = of_text(text, "a.ics", ImportOptions(), former=before).program
    ids = [one.id for one in before.sessions]
    assert [(one.id, clock(after, one.start), one.cancelled) for one in after.sessions] == [
        (ids[0], "10 09:00", True),
        (ids[1], "17 09:00", False),
        (ids[2], "28 15:00", False),
        (ids[3], "31 09:00", False),
    ]


def test_the_first_occurrence_keeps_the_identifier_of_the_series() -> None:
    found = imported(series("RRULE:FREQ=WEEKLY;COUNT=2")).program.sessions
    assert [one.guid for one in found] == ["u@example.org", "u@example.org/20250317T080000Z"]


def test_a_series_and_another_event_under_its_identifier_are_both_taken() -> None:
    other = "BEGIN:VEVENT\nUID:u@example.org\nSUMMARY:C\nDTSTART:20250311T080000Z\nEND:VEVENT\n"
    assert starts(series("RRULE:FREQ=WEEKLY;COUNT=2", more=other)) == ["10 09:00", "11 09:00", "17 09:00"]


@pytest.mark.parametrize(
    ("rule", "count"),
    [("FREQ=DAILY", 200), ("FREQ=WEEKLY", 53), ("FREQ=WEEKLY;COUNT=99999999", 53), ("FREQ=YEARLY;COUNT=9", 1)],
)
def test_a_long_series_is_cut_and_that_is_said(rule: str, count: int) -> None:
    found = imported(series(f"RRULE:{rule}"))
    said = ("repetitions beyond 200 or a year after the first: A",)
    assert (len(found.program.sessions), found.left) == (count, said)


@pytest.mark.parametrize(
    "lines",
    [
        ("RRULE:FREQ=SECONDLY",),
        ("RRULE:FREQ=DAILY;INTERVAL=0",),
        ("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",),
        ("RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=9",),
        ("RRULE:FREQ=MONTHLY;BYDAY=1MO,SA",),
        ("RRULE:FREQ=MONTHLY;BYMONTHDAY=31;INTERVAL=12",),
        ("RRULE:FREQ=WEEKLY;COUNT=2", "DTEND;TZID=Europe/Vienna:20250310T080000"),
        ("RRULE:FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,1,2",),
        ("RRULE:FREQ=WEEKLY;UNTIL=soon",),
        ("RRULE:weekly",),
        ("RDATE:tomorrow",),
        (f"RDATE:{','.join(['20250311T090000'] * 1001)}",),
        ("RRULE:FREQ=WEEKLY;COUNT=2", "EXDATE:never"),
        ("RRULE:FREQ=WEEKLY;COUNT=2", "SEQUENCE:x", "SEQUENCE:2"),
    ],
)
def test_what_cannot_be_expanded_or_not_soon_is_taken_once_and_that_is_said(lines: tuple[str, ...]) -> None:
    found = imported(series(*lines))
    said = ("repetitions that cannot be expanded: only the first is taken: A",)
    assert (len(found.program.sessions), found.left) == (1, said)


def test_a_series_with_a_change_by_centuries_is_taken_as_it_stands() -> None:
    found = imported(series("RRULE:FREQ=DAILY", more=changed("22000310T090000", "20250312T090000")))
    assert [one.title for one in found.program.sessions] == ["A", "B"]
    assert found.left == ("repetitions that cannot be expanded: only the first is taken: A",)


def test_a_series_of_whole_days_is_left_as_one() -> None:
    days = "BEGIN:VEVENT\nUID:d\nSUMMARY:Holiday\nDTSTART;VALUE=DATE:20250311\nRRULE:FREQ=DAILY\nEND:VEVENT\n"
    assert imported(series(more=days)).left == ("entries for whole days, or without a start: Holiday",)


def test_series_beyond_three_hundred_are_taken_once_each() -> None:
    rule = "RRULE:FREQ=WEEKLY;COUNT=2\n"
    events = "".join(
        f"BEGIN:VEVENT\nUID:{number}\nSUMMARY:A\nDTSTART:20250311T080000Z\n{rule}END:VEVENT\n" for number in range(300)
    )
    assert len(imported(series(rule.strip(), more=events)).program.sessions) == 601
