"""Venue time in calendars: local times with their zone, and the zone's rules from pytz's own data.

A VTIMEZONE (RFC 5545, 3.6.5) covers the span that a feed covers and no more. The library's own
makers give wrong onsets under pytz, and long lists that some clients misread.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import pytz
from icalendar import Event, Timezone, TimezoneDaylight, TimezoneStandard

from app.domain.instants import CONFERENCE_YEARS, in_zone, utc

NO_TIME = timedelta(0)
ONE_SECOND = timedelta(seconds=1)
# Where the rules of a zone that never changed its offset begin.
UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def is_utc(zone: pytz.BaseTzInfo) -> bool:
    """Whether a zone is UTC under any of its names; its times are written with a Z and need no rules."""
    return zone.tzname(None) == "UTC"


def needs_zone(instant: datetime, zone: pytz.BaseTzInfo) -> bool:
    """Whether an instant is written as local time, which needs the zone's rules; else it is written with a Z.

    So are UTC itself, and local times that come twice: they should mean the first occurrence
    (RFC 5545, 3.3.5), and ical.js and khal take the second.
    """
    return not (is_utc(zone) or _comes_twice(instant, zone))


def add_local_time(event: Event, name: str, instant: datetime, zone: pytz.BaseTzInfo) -> None:
    """Add an instant to an event as the clocks of a zone show it, with the zone's name."""
    if needs_zone(instant, zone):
        # The library takes a zone's name out of a naive value's own parameters, so it is given beside it.
        event.add(name, in_zone(instant, zone).replace(tzinfo=None), {"TZID": str(zone)})
    else:
        event.add(name, utc(instant))


def timezone_of(zone: pytz.BaseTzInfo, first: datetime, last: datetime) -> Timezone:
    """The offset in force at the first instant since it began, and each change up to the last."""
    changes = offset_changes(str(zone))
    before = bisect_right(changes, first)
    onsets = [*changes[max(0, before - 1) : before], *changes[before : bisect_right(changes, last)]]
    component = Timezone()
    component.add("TZID", str(zone))
    for onset in onsets if before else [UNIX_EPOCH, *onsets]:
        component.add_component(_observance(zone, onset))
    return component


@lru_cache(maxsize=512)
def offset_changes(zone_name: str) -> tuple[datetime, ...]:
    """The instants since 1900 at which a zone's offset from UTC changes."""
    zone = pytz.timezone(zone_name)
    # pytz keeps its table of changes to itself; zones without changes have none.
    table: list[datetime] = getattr(zone, "_utc_transition_times", [])
    instants = (naive.replace(tzinfo=UTC) for naive in table if naive.year in CONFERENCE_YEARS)
    return tuple(instant for instant in instants if _offset(zone, instant - ONE_SECOND) != _offset(zone, instant))


def _comes_twice(instant: datetime, zone: pytz.BaseTzInfo) -> bool:
    """Whether clocks that go back show this local time before and after."""
    try:
        zone.localize(in_zone(instant, zone).replace(tzinfo=None), is_dst=None)
    except pytz.AmbiguousTimeError:
        return True
    return False


def _observance(zone: pytz.BaseTzInfo, onset: datetime) -> TimezoneStandard | TimezoneDaylight:
    """One offset from its onset on; DTSTART is written in the local time before the change."""
    local = in_zone(onset, zone)
    before = in_zone(onset - ONE_SECOND, zone)
    # Where winter counts as negative daylight saving (Dublin), its end is what begins the summer.
    begins_summer = (local.dst() or NO_TIME) > (before.dst() or NO_TIME)
    component = TimezoneDaylight() if begins_summer else TimezoneStandard()
    component.add("DTSTART", before.replace(tzinfo=None) + ONE_SECOND)
    component.add("TZOFFSETFROM", before.utcoffset())
    component.add("TZOFFSETTO", local.utcoffset())
    component.add("TZNAME", local.strftime("%Z"))
    return component


def _offset(zone: pytz.BaseTzInfo, instant: datetime) -> timedelta:
    return in_zone(instant, zone).utcoffset() or NO_TIME
