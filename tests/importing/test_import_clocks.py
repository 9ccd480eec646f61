from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.importing.dates import find_date, read_date
from app.importing.times_of_day import leading_span, read_clock, read_exchange_length, read_length, read_span


def at(text: str) -> timedelta:
    hours, minutes = text.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("9:00", "9:00"),
        ("12h00", "12:00"),
        ("8h", "8:00"),
        ("8:30am", "8:30"),
        ("8.30 a.m.", "8:30"),
        ("1:30 PM", "13:30"),
        ("12:10 AM", "0:10"),
        ("noon", "12:00"),
        ("midnight", "24:00"),
        ("24:00", "24:00"),
        ("13:30 Uhr", "13:30"),
        ("10:00 AM PST", "10:00"),
        ("9:00 (PT)", "9:00"),
    ],
)
def test_a_clock_is_read_as_people_write_it(text: str, clock: str) -> None:
    assert read_clock(text) == at(clock)


@pytest.mark.parametrize("text", ["", "12", "late", "25:00", "9:75", "1-8, 10, 11", "72: Monitoring", "9 people"])
def test_what_is_no_clock_is_not_taken_for_one(text: str) -> None:
    assert read_clock(text) is None


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("09:00 - 09:15", "9:00", "9:15"),
        ("8:30 AM – 8:40 AM", "8:30", "8:40"),
        ("08:15 -- 08:30", "8:15", "8:30"),
        ("9-10am", "9:00", "10:00"),
        ("11:30 – 12:30 PM", "11:30", "12:30"),
        ("1:00 – 2:30 pm", "13:00", "14:30"),
        ("0900-1030", "9:00", "10:30"),
        ("8h30 - 9h", "8:30", "9:00"),
        ("9:00 bis 9:30 Uhr", "9:00", "9:30"),
        ("14:00–14:45 CET", "14:00", "14:45"),
        ("08:30 AM EDT - 09:00 AM EDT", "8:30", "9:00"),
        ("23:30-24:00", "23:30", "24:00"),
    ],
)
def test_a_stretch_has_its_start_and_its_end(text: str, start: str, end: str) -> None:
    span = read_span(text)
    assert span is not None
    assert (span.start, span.end) == (at(start), at(end))


def test_late_is_no_end() -> None:
    span = read_span("22:00 - late")
    assert span is not None
    assert (span.start, span.end) == (at("22:00"), None)


def test_a_line_is_taken_apart_at_its_time() -> None:
    found = leading_span("9:00 – 9:15: Opening remarks")
    assert found is not None
    assert (found[0].start, found[0].end, found[1]) == (at("9:00"), at("9:15"), "Opening remarks")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("45", 45),
        ("45 min", 45),
        ("1h30", 90),
        ("0.75", 45),
        ("1,5 h", 90),
        ("0:45", 45),
        ("2", 120),
        ("1 h 15 min", 75),
    ],
)
def test_a_length_may_be_in_minutes_or_decimal_hours(text: str, minutes: int) -> None:
    assert read_length(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("0:45", timedelta(minutes=45)),
        ("00:45:00", timedelta(minutes=45)),
        ("55:23", timedelta(hours=55, minutes=23)),
        ("1:12:00", timedelta(days=1, hours=12)),
        ("1:30:00", timedelta(hours=1, minutes=30)),
        ("01:30:00", timedelta(hours=1, minutes=30)),
    ],
)
def test_a_duration_of_the_exchange_formats_may_mean_days(text: str, length: timedelta) -> None:
    assert read_exchange_length(text)[0] == length


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("July 18, 2025", date(2025, 7, 18)),
        ("Friday, 18 July 2025", date(2025, 7, 18)),
        ("15th December 2024", date(2024, 12, 15)),
        ("2025-07-18", date(2025, 7, 18)),
        ("18.07.2025", date(2025, 7, 18)),
        ("7/18/2025", date(2025, 7, 18)),
        ("3. Mai 2021", date(2021, 5, 3)),
        ("August 5-7, 2016", date(2016, 8, 5)),
        ("Extended: May 26, 2025 - 11:59 PM AoE", date(2025, 5, 26)),
    ],
)
def test_a_date_is_read_as_people_write_it(text: str, day: date) -> None:
    assert read_date(text) == day


@pytest.mark.parametrize("text", ["", "May 5:00", "2025-02-30", "5.30", "maybe 3", "Room 12"])
def test_what_is_no_date_is_not_taken_for_one(text: str) -> None:
    assert read_date(text, 2025) is None


def test_a_date_without_a_year_takes_the_one_it_is_given() -> None:
    assert read_date("Fri 18 Jul", 2025) == date(2025, 7, 18)
    assert read_date("Fri 18 Jul") is None


def test_a_date_of_numbers_says_that_its_month_could_be_its_day() -> None:
    found = [find_date(text) for text in ("5/6/2025", "5/26/2025")]
    assert [one.ambiguous for one in found if one] == [True, False]
