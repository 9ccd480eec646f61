"""Instants and zones: the only place where local time is converted to an instant.

Zone data comes from pytz, since the system's copy may be older. Zones are attached with ``localize``:
passed as ``tzinfo=``, a pytz zone gives its local mean time (-08:12 for Vancouver).
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

import pytz

from app.domain.errors import AmbiguousTime, MalformedTime, NonexistentTime, UnknownZone

MINUTE = timedelta(minutes=1)
ONE_DAY = timedelta(days=1)
# Within years 1 to 9999 with a margin, so that no conversion between zones overflows.
CONFERENCE_YEARS = range(1900, 2200)
LONGEST_SKIP_DAYS = 3
# The starts and ends of a large program: a page asks again and again what the venue's clocks show then.
MOST_KEPT_INSTANTS = 4096

# `datetime.fromisoformat` accepts any separator, and would parse "2025-07-18-07:00" as 07:00.
WRITTEN = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d[\d:.,]*(?:[Zz]|[+-][\d:]+)?", re.ASCII)


@lru_cache(maxsize=512)
def zone_named(name: str) -> pytz.BaseTzInfo:
    """The zone of this name, case-insensitive; raises `UnknownZone`."""
    try:
        return pytz.timezone(name)
    except (pytz.UnknownTimeZoneError, AttributeError, ValueError) as error:
        raise UnknownZone(name) from error


def whole_minute(instant: datetime) -> datetime:
    """The instant at which the minute of an instant began."""
    return instant.replace(second=0, microsecond=0)


def time_of_day(text: str) -> time:
    """Parse a time of day, such as 10:25; raises `MalformedTime`."""
    try:
        return datetime.strptime(text.strip(), "%H:%M").time()  # noqa: DTZ007 - a time of day has no zone
    except ValueError as error:
        raise MalformedTime(text, "a time of day such as 10:25") from error


def minutes_rounded_up(span: timedelta) -> int:
    """A span in whole minutes, rounded up."""
    return -(-span // MINUTE)


def rising(now: datetime, last: datetime | None) -> datetime:
    """Now in whole seconds, and at least a second after the last stamp: stamps rise where the clock steps back."""
    now = now.replace(microsecond=0)
    return max(now, last + timedelta(seconds=1)) if last else now


def utc(instant: datetime) -> datetime:
    """The same instant in UTC; raises ValueError for a naive datetime, which is a programming error."""
    if instant.utcoffset() is None:
        raise ValueError(f"naive datetime {instant!r}: every instant carries its offset")
    return instant.astimezone(UTC)


def at_local(day: date, clock: time, zone_name: str) -> datetime:
    """The instant in UTC at which the clocks of a zone show this day and time.

    Raises `NonexistentTime` or `AmbiguousTime` where a clock change skips or repeats it.
    """
    local = datetime.combine(day, clock)
    tz = zone_named(zone_name)
    try:
        return tz.localize(local, is_dst=None).astimezone(UTC)
    except pytz.NonExistentTimeError as error:
        raise NonexistentTime(local.isoformat(timespec="minutes"), str(tz)) from error
    except pytz.AmbiguousTimeError as error:
        raise AmbiguousTime(local.isoformat(timespec="minutes"), str(tz)) from error


def parse_instant(text: str, zone_name: str) -> datetime:
    """Parse ISO 8601 as an instant in UTC; without an offset it is local time in the zone.

    Raises `MalformedTime`, `NonexistentTime` or `AmbiguousTime`.
    """
    stripped = text.strip()
    if not WRITTEN.fullmatch(stripped):  # a date alone is not an instant
        raise MalformedTime(text)
    try:
        parsed = datetime.fromisoformat(stripped)
        if parsed.year not in CONFERENCE_YEARS:
            raise MalformedTime(text)
        return at_local(parsed.date(), parsed.time(), zone_name) if parsed.tzinfo is None else utc(parsed)
    except (ValueError, OverflowError) as error:
        raise MalformedTime(text) from error


def in_zone(instant: datetime, tz: tzinfo) -> datetime:
    """The instant as the clocks of a zone show it."""
    return _in_zone(utc(instant), tz)


@lru_cache(MOST_KEPT_INSTANTS)
def _in_zone(instant: datetime, tz: tzinfo) -> datetime:
    return instant.astimezone(tz)


def is_ambiguous(instant: datetime, tz: pytz.BaseTzInfo) -> bool:
    """Whether the clocks of a zone show this local time twice, before and after they are set back."""
    local = in_zone(instant, tz).replace(tzinfo=None)
    return tz.localize(local, is_dst=True) != tz.localize(local, is_dst=False)


def instant_on(day: date, clock: timedelta, zone_name: str) -> tuple[datetime, bool]:
    """The instant of a local time, given as the time since midnight of a day, and whether it is exact.

    A local time that is skipped or repeated by a clock change is read with the offset from before the
    change (RFC 5545, 3.3.5), which is not exact. Raises OverflowError outside years 1 to 9999.
    """
    local = (datetime.combine(day, time()) + clock).replace(microsecond=0)
    for days_back in range(LONGEST_SKIP_DAYS):
        back = days_back * ONE_DAY
        with suppress(NonexistentTime, AmbiguousTime):
            return at_local((local - back).date(), local.time(), zone_name) + back, not back
    raise OverflowError(f"{local} does not exist in {zone_name}, nor does that time on the days before")
