"""Instants and zones: the only place where local time becomes an instant.

pytz carries the zone data (the system's copy may be older). Zones are attached with
``localize``; passed as ``tzinfo=`` pytz gives local mean time (Vancouver -08:12).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache

import pytz

from app.domain.errors import AmbiguousTime, MalformedTime, NonexistentTime, UnknownZone

# Far from the ends of the calendar, where a change of zone would leave it.
CONFERENCE_YEARS = range(1900, 2200)

# Python's reader takes any letter between day and clock, and would read "2025-07-18-07:00" as seven o'clock.
WRITTEN = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d[\d:.,]*(?:[Zz]|[+-][\d:]+)?", re.ASCII)


@lru_cache(maxsize=512)
def zone(name: str) -> pytz.BaseTzInfo:
    """Return the zone of this name, in any case of letters; raises `UnknownZone`."""
    try:
        return pytz.timezone(name)
    except (pytz.UnknownTimeZoneError, AttributeError, ValueError) as error:
        raise UnknownZone(name) from error


def utc(instant: datetime) -> datetime:
    """Return the same instant in UTC; a naive datetime is a programming error (ValueError)."""
    if instant.utcoffset() is None:
        raise ValueError(f"naive datetime {instant!r}: every instant carries its offset")
    return instant.astimezone(UTC)


def at_local(day: date, clock: time, zone_name: str) -> datetime:
    """Return the instant (in UTC) at which the clocks of a zone show this day and time.

    Raises `NonexistentTime` or `AmbiguousTime` where a clock change skips or repeats it.
    """
    local = datetime.combine(day, clock)
    tz = zone(zone_name)
    try:
        return tz.localize(local, is_dst=None).astimezone(UTC)
    except pytz.NonExistentTimeError as error:
        raise NonexistentTime(local.isoformat(timespec="minutes"), zone_name) from error
    except pytz.AmbiguousTimeError as error:
        raise AmbiguousTime(local.isoformat(timespec="minutes"), zone_name) from error


def parse_instant(text: str, zone_name: str) -> datetime:
    """Read ISO 8601 as an instant in UTC; without an offset it is local time in the zone.

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
    """Return the instant as the clocks of a zone show it."""
    return utc(instant).astimezone(tz)
