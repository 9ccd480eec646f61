"""Venue time in calendars, checked against pytz's data for every zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import pytz
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event
from support.ical_lines import read
from support.ical_times import Observance, instant_of, zone_problems, zones_of
from support.strategies import examples

from app.formats.calendar.vtimezone import add_local_time, is_utc, needs_zone, offset_changes, timezone_of

HOUR = timedelta(hours=1)
EAST, WEST = timedelta(hours=-7), timedelta(hours=-8)
NAMES = sorted(pytz.all_timezones)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def observances(zone_name: str, first: datetime, last: datetime) -> list[Observance]:
    calendar = Calendar()
    calendar.add_component(timezone_of(pytz.timezone(zone_name), first, last))
    [found] = zones_of(read(calendar.to_ical())).values()
    return found


def kinds(zone_name: str, first: datetime, last: datetime) -> list[str]:
    return [one.name for one in timezone_of(pytz.timezone(zone_name), first, last).subcomponents]


def read_back(zone_name: str, instant: datetime) -> object:
    """An instant written in a calendar and read through the zone that is embedded there."""
    zone, event, calendar = pytz.timezone(zone_name), Event(), Calendar()
    add_local_time(event, "DTSTART", instant, zone)
    calendar.add_component(timezone_of(zone, instant, instant))
    calendar.add_component(event)
    again = read(calendar.to_ical())
    start = again.inside("VEVENT")[0].get("DTSTART")
    assert start is not None
    return instant_of(start, zones_of(again))


def test_a_summer_day_needs_one_rule() -> None:
    summer = at("2025-07-18T16:00")
    assert observances("America/Vancouver", summer, summer + HOUR) == [
        Observance(datetime(2025, 3, 9, 2), WEST, EAST)  # noqa: DTZ001
    ]


def test_a_program_across_a_change_needs_both_rules() -> None:
    found = observances("America/Vancouver", at("2025-10-31T16:00"), at("2025-11-05T16:00"))
    assert [(one.onset.isoformat(), one.after) for one in found] == [
        ("2025-03-09T02:00:00", EAST),
        ("2025-11-02T02:00:00", WEST),
    ]


def test_vancouver_changes_its_clocks_for_the_last_time_in_march_2026() -> None:
    found = observances("America/Vancouver", at("2026-12-01T00:00"), at("2027-12-01T00:00"))
    assert [(one.onset.isoformat(), one.before, one.after) for one in found] == [("2026-03-08T02:00:00", WEST, EAST)]


def test_lord_howe_changes_by_half_an_hour() -> None:
    found = observances("Australia/Lord_Howe", at("2025-09-01T00:00"), at("2025-12-01T00:00"))
    assert [one.after - one.before for one in found] == [-HOUR / 2, HOUR / 2]


def test_summer_is_called_daylight_and_winter_standard() -> None:
    assert kinds("Europe/Vienna", at("2025-01-01T00:00"), at("2025-12-31T00:00")) == [
        "STANDARD",
        "DAYLIGHT",
        "STANDARD",
    ]


def test_summer_is_daylight_also_where_winter_is_negative_daylight_saving() -> None:
    assert kinds("Europe/Dublin", at("2025-01-01T00:00"), at("2025-12-31T00:00")) == [
        "STANDARD",
        "DAYLIGHT",
        "STANDARD",
    ]


def test_a_zone_that_never_changes_has_one_rule() -> None:
    [only] = observances("Etc/GMT+12", at("2025-05-27T00:00"), at("2025-05-28T00:00"))
    assert (only.before, only.after) == (-12 * HOUR, -12 * HOUR)


def test_the_rules_begin_with_the_one_in_force_at_the_very_change() -> None:
    change = at("2025-03-09T10:00")
    assert [one.instant for one in observances("America/Vancouver", change, change)] == [change]


@pytest.mark.parametrize("name", ["UTC", "Etc/UTC", "Zulu", "Etc/UCT", "Universal"])
def test_utc_is_known_under_all_its_names(name: str) -> None:
    assert is_utc(pytz.timezone(name))


@pytest.mark.parametrize("name", ["Europe/London", "GMT", "Africa/Abidjan", "Atlantic/Reykjavik"])
def test_other_zones_are_not_utc(name: str) -> None:
    assert not is_utc(pytz.timezone(name))


@pytest.mark.parametrize(
    ("instant", "local"),
    [
        ("2025-11-02T07:59:59", True),
        ("2025-11-02T08:00:00", False),  # 01:00, for the first time
        ("2025-11-02T09:59:59", False),  # 01:59:59, for the second time
        ("2025-11-02T10:00:00", True),
    ],
)
def test_an_ambiguous_local_time_is_not_written(instant: str, local: bool) -> None:
    assert needs_zone(at(instant), pytz.timezone("America/Vancouver")) == local


@given(st.sampled_from(NAMES), st.datetimes(datetime(1970, 1, 2), datetime(2037, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001
@examples(200)
def test_every_instant_in_every_zone_is_read_back(zone_name: str, instant: datetime) -> None:
    """RFC 5545, 3.3.5 and 3.6.5: TZID and VTIMEZONE together name the instant."""
    whole = instant.replace(microsecond=0)
    assert read_back(zone_name, whole) == whole


@given(st.data(), st.sampled_from(NAMES).filter(offset_changes))
@examples(200)
def test_instants_about_a_change_of_clocks_are_read_back(data: st.DataObject, zone_name: str) -> None:
    """The same near changes of clocks."""
    changes = [change for change in offset_changes(zone_name) if change.year >= 1970] or [at("2025-01-01T00:00")]
    minutes = data.draw(st.integers(-180, 180))
    near = data.draw(st.sampled_from(changes)) + timedelta(minutes=minutes)
    assert read_back(zone_name, near) == near


@given(st.sampled_from(NAMES), st.integers(1971, 2036))
@examples(100)
def test_each_rule_is_a_true_change(zone_name: str, year: int) -> None:
    """RFC 5545, 3.6.5: DTSTART and TZOFFSETFROM name an instant at which the offset changes so."""
    first = datetime(year, 1, 1, tzinfo=UTC)
    assert list(zone_problems(zone_name, observances(zone_name, first, first + timedelta(days=365)))) == []
