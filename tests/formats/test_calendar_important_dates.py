"""The important dates as a calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from support.calendar_programs import PUBLIC_URL, PUBLISHED, program
from support.ical_checker import check_calendar, check_evolution, read_instants
from support.ical_lines import read

from app.domain.change_stamps import with_stamps
from app.domain.program import ImportantDate, Program
from app.formats.calendar import feed as calendar_feed

LATER = PUBLISHED + timedelta(days=17)
AOE = timezone(timedelta(hours=-12))
DEADLINE = ImportantDate(
    id="cfp",
    title="Submission deadline",
    day=date(2025, 5, 26),
    at=datetime(2025, 5, 26, 23, 59, tzinfo=AOE),
    zone_label="AoE",
    former_day=date(2025, 5, 19),
)


def dates(shown: Program) -> bytes:
    assert shown.dates_changed_at is not None
    return calendar_feed.dates_feed(
        shown, public_url=PUBLIC_URL, feed_path="/calendar/dates.ics", stamp=shown.dates_changed_at
    )


def test_a_deadline_is_at_its_instant_and_other_dates_are_days() -> None:
    shown = program(dates=(DEADLINE, ImportantDate(id="camera-ready", title="Camera-ready", day=date(2025, 6, 30))))
    assert check_calendar(dates(shown)) == []
    assert read_instants(dates(shown)) == {
        "date-cfp@codeml.example": (datetime(2025, 5, 27, 11, 59, tzinfo=UTC), None),
        "date-camera-ready@codeml.example": (date(2025, 6, 30), None),
    }


def test_a_deadline_says_its_zone_and_its_extension() -> None:
    [event] = read(dates(program(dates=(DEADLINE,)))).inside("VEVENT")
    assert event.texts()["SUMMARY"] == "CODEML: Submission deadline"
    assert event.texts()["DESCRIPTION"] == (
        "Submission deadline: 26 May 2025, 23:59 AoE.\nExtended; it was 19 May 2025.\n\n"
        "https://codeml-workshop.example/pages/important-dates"
    )


def test_without_dates_their_feed_is_still_a_calendar() -> None:
    assert check_calendar(dates(program())) == []


def test_an_extended_deadline_is_a_newer_one() -> None:
    before = program(dates=(DEADLINE,))
    after = with_stamps(
        before, program(dates=(ImportantDate(id="cfp", title="Deadline", day=date(2025, 6, 2)),)), LATER, 2
    )
    assert check_evolution(dates(before), dates(after)) == []
