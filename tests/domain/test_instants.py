from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.strategies import ZONE_DAYS, examples

from app.domain import instants
from app.domain.errors import AmbiguousTime, MalformedTime, NonexistentTime, UnknownZone

VANCOUVER = "America/Vancouver"
MALFORMED = [
    "",
    "   ",
    "now",
    "10:20",
    "2025-07-18",
    "2025-07-18T",
    "2025-07-18T10",
    "2025-07-18T25:00",
    "2025-07-18T10:60",
    "2025-02-29T10:20",
    "2025-13-01T10:20",
    "2025-7-18T10:20",
    "18.07.2025 10:20",
    "2025-07-18T10:20+99:00",
    "2025-07-18T10:20 02:00",
    "2025-07-18T10:20Europe/Vienna",
    "2025-07-18T10:20\x00",
    "٢٠٢٥-٠٧-١٨T١٠:٢٠",
]


def offset(instant: datetime, zone: str) -> timedelta | None:
    return instants.in_zone(instant, instants.zone_named(zone)).utcoffset()


def test_a_summer_morning_in_vancouver_is_seven_hours_behind() -> None:
    assert instants.at_local(date(2025, 7, 18), time(9), VANCOUVER) == datetime(2025, 7, 18, 16, tzinfo=UTC)


def test_vancouver_never_has_its_local_mean_time() -> None:
    trap = datetime(2025, 7, 18, 9, tzinfo=instants.zone_named(VANCOUVER))
    right = instants.at_local(date(2025, 7, 18), time(9), VANCOUVER)
    assert trap.astimezone(UTC) - right == timedelta(hours=1, minutes=12)


def test_a_winter_before_the_reform_is_eight_hours_behind() -> None:
    assert instants.parse_instant("2025-01-15T09:00", VANCOUVER) == datetime(2025, 1, 15, 17, tzinfo=UTC)


def test_vancouver_stays_at_seven_hours_behind_on_1_january_2027() -> None:
    assert instants.parse_instant("2027-01-01T00:00", VANCOUVER) == datetime(2027, 1, 1, 7, tzinfo=UTC)


@given(st.datetimes(datetime(2026, 3, 9), datetime(2036, 12, 31)))  # noqa: DTZ001
@examples(80)
def test_every_local_time_in_vancouver_since_the_reform_exists_once(local: datetime) -> None:
    """Since 9 March 2026 local time is UTC minus seven hours, 1 November 2026 included."""
    expected = local.replace(tzinfo=timezone(timedelta(hours=-7))).astimezone(UTC)
    assert instants.at_local(local.date(), local.time(), VANCOUVER) == expected


def test_the_night_of_1_november_2026_is_not_repeated_in_vancouver() -> None:
    assert instants.parse_instant("2026-11-01T01:30", VANCOUVER) == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)


@given(st.sampled_from(list(ZONE_DAYS)), st.datetimes(datetime(1950, 1, 1), datetime(2036, 12, 31)))  # noqa: DTZ001
@examples(150)
def test_local_time_comes_back_from_its_instant(zone: str, local: datetime) -> None:
    """What a zone's clocks show at the instant of a local time is that local time."""
    try:
        instant = instants.at_local(local.date(), local.time(), zone)
    except (NonexistentTime, AmbiguousTime):
        return
    assert instants.in_zone(instant, instants.zone_named(zone)).replace(tzinfo=None) == local


@given(st.sampled_from(list(ZONE_DAYS)), st.datetimes(datetime(1950, 1, 1), datetime(2036, 12, 31)))  # noqa: DTZ001
@examples(150)
def test_an_instant_comes_back_from_its_text(zone: str, naive: datetime) -> None:
    """Shown in any zone with its offset and read again, an instant is the same."""
    instant = naive.replace(tzinfo=UTC)
    shown = instants.in_zone(instant, instants.zone_named(zone)).isoformat()
    assert instants.parse_instant(shown, "Asia/Kolkata") == instant


def test_a_skipped_local_time_is_refused_with_its_zone() -> None:
    with pytest.raises(NonexistentTime) as refusal:
        instants.parse_instant("2025-03-09T02:30", VANCOUVER)
    assert str(refusal.value) == (
        "2025-03-09T02:30 does not exist in Vancouver time: the clocks skip it; add an offset or choose another time"
    )


def test_a_repeated_local_time_is_refused_with_its_zone() -> None:
    with pytest.raises(AmbiguousTime) as refusal:
        instants.parse_instant("2025-11-02T01:30", VANCOUVER)
    assert str(refusal.value) == (
        "2025-11-02T01:30 happens twice in Vancouver time: the clocks go back over it; add an offset such as -07:00"
    )


@pytest.mark.parametrize(("text", "hour"), [("2025-11-02T01:30-07:00", 8), ("2025-11-02T01:30-08:00", 9)])
def test_a_repeated_local_time_with_an_offset_is_accepted(text: str, hour: int) -> None:
    assert instants.parse_instant(text, VANCOUVER) == datetime(2025, 11, 2, hour, 30, tzinfo=UTC)


def test_a_skipped_local_time_with_an_offset_is_accepted() -> None:
    assert instants.parse_instant("2025-03-09T02:30-08:00", VANCOUVER) == datetime(2025, 3, 9, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2025-10-05T02:00", "2025-10-05T02:29"])
def test_lord_howe_skips_half_an_hour(text: str) -> None:
    with pytest.raises(NonexistentTime) as refusal:
        instants.parse_instant(text, "Australia/Lord_Howe")
    assert refusal.value.local == text


@pytest.mark.parametrize("text", ["2025-04-06T01:30", "2025-04-06T01:59"])
def test_lord_howe_repeats_half_an_hour(text: str) -> None:
    with pytest.raises(AmbiguousTime) as refusal:
        instants.parse_instant(text, "Australia/Lord_Howe")
    assert refusal.value.local == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-10-05T01:59", datetime(2025, 10, 4, 15, 29, tzinfo=UTC)),
        ("2025-10-05T02:30", datetime(2025, 10, 4, 15, 30, tzinfo=UTC)),
        ("2025-04-06T01:29", datetime(2025, 4, 5, 14, 29, tzinfo=UTC)),
        ("2025-04-06T02:00", datetime(2025, 4, 5, 15, 30, tzinfo=UTC)),
    ],
)
def test_lord_howe_beside_its_clock_changes_exists_once(text: str, expected: datetime) -> None:
    assert instants.parse_instant(text, "Australia/Lord_Howe") == expected


def test_kolkata_is_five_and_a_half_hours_ahead() -> None:
    assert offset(datetime(2025, 7, 18, tzinfo=UTC), "Asia/Kolkata") == timedelta(hours=5, minutes=30)


@pytest.mark.parametrize(
    "text",
    [
        "2025-07-18T10:20",
        "2025-07-18 10:20",
        " 2025-07-18T10:20 ",
        "2025-07-18T10:20:00",
        "2025-07-18T10:20-07:00",
        "2025-07-18T17:20Z",
        "2025-07-18T22:50+05:30",
        "2025-07-18T17:20:00.000000+00:00",
    ],
)
def test_one_instant_may_be_written_in_many_ways(text: str) -> None:
    assert instants.parse_instant(text, VANCOUVER) == datetime(2025, 7, 18, 17, 20, tzinfo=UTC)


@pytest.mark.parametrize("text", MALFORMED)
def test_a_malformed_text_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(MalformedTime) as refusal:
        instants.parse_instant(text, VANCOUVER)
    assert str(refusal.value) == f"{text!r} is not a time; expected one such as 2025-07-18T10:20"


@pytest.mark.parametrize("text", ["2025-07-18+02:00", "2025-07-18-07:00", "2025-07-18x10:20"])
def test_a_date_with_an_offset_is_still_a_date_alone(text: str) -> None:
    with pytest.raises(MalformedTime) as refusal:
        instants.parse_instant(text, VANCOUVER)
    assert refusal.value.text == text


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00",
        "9999-12-31T23:59",
        "0001-01-01T00:00+14:00",
        "9999-12-31T23:59-12:00",
        "1899-12-31T23:59",
        "2200-01-01T00:00",
    ],
)
def test_the_ends_of_the_calendar_are_refused(text: str) -> None:
    with pytest.raises(MalformedTime) as refusal:
        instants.parse_instant(text, VANCOUVER)
    assert refusal.value.text == text


@given(st.text(max_size=30))
@examples(150)
def test_nonsense_is_only_ever_refused_as_malformed(text: str) -> None:
    """Reading any text gives an instant in UTC or `MalformedTime`, never another error."""
    try:
        read = instants.parse_instant(text, "Asia/Kolkata")
    except MalformedTime as refusal:
        outcome: object = refusal.text
        expected: object = text
    else:
        outcome, expected = read.tzinfo, UTC
    assert outcome == expected


@pytest.mark.parametrize(
    "name",
    [
        "Vancouver",
        "America/Atlantis",
        "",
        "America",
        "America/",
        "../zone",
        "/etc/passwd",
        "Zürich",
        "UTC\x00",
        "zone.tab",
    ],
)
def test_an_unknown_zone_is_refused_by_name(name: str) -> None:
    with pytest.raises(UnknownZone) as refusal:
        instants.zone_named(name)
    assert refusal.value.name == name


def test_an_unknown_zone_is_refused_when_a_time_is_read() -> None:
    with pytest.raises(UnknownZone) as refusal:
        instants.parse_instant("2025-07-18T10:20", "Mars/Olympus")
    assert str(refusal.value) == "unknown time zone 'Mars/Olympus'; expected a name such as 'America/Vancouver'"


def test_a_zone_is_found_in_any_case_of_letters() -> None:
    assert instants.zone_named("america/vancouver") == instants.zone_named(VANCOUVER)


def test_a_naive_datetime_is_no_instant() -> None:
    with pytest.raises(ValueError, match="every instant carries its offset"):
        instants.utc(datetime(2025, 7, 18, 9))  # noqa: DTZ001


def test_an_instant_with_an_offset_is_kept_in_utc() -> None:
    kept = instants.utc(datetime(2025, 7, 18, 9, tzinfo=timezone(timedelta(hours=-7))))
    assert (kept.isoformat(), kept.tzinfo) == ("2025-07-18T16:00:00+00:00", UTC)
