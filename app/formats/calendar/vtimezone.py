"""Venue time in calendars: local times with their zone, and the zone's rules from pytz's own data.

A VTIMEZONE (RFC 5545, 3.6.5) covers only the time span of its feed. The library's own functions give wrong
onsets with pytz, and long lists that some clients misread.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import pytz
from icalendar import Event, Timezone, TimezoneDaylight, TimezoneStandard

from app.domain.instants import CONFERENCE_YEARS, in_zone, is_ambiguous, utc

NO_TIME = timedelta(0)
ONE_SECOND = timedelta(seconds=1)
# The onset of the only rule of a zone that never changed its offset.
UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def is_utc(zone: pytz.BaseTzInfo) -> bool:
    """Whether a zone is UTC under any of its names."""
    return zone.tzname(None) == "UTC"


def needs_zone(instant: datetime, zone: pytz.BaseTzInfo) -> bool:
    """Whether an instant is written as local time, which needs the zone's rules, and not in UTC (with a Z).

    Ambiguous local times are written in UTC: they should mean the first occurrence (RFC 5545, 3.3.5),
    but ical.js and khal take the second.
    """
    return not (is_utc(zone) or is_ambiguous(instant, zone))


def add_local_time(event: Event, name: str, instant: datetime, zone: pytz.BaseTzInfo) -> None:
    """Add an instant to an event as the clocks of a zone show it, with the zone's name."""
    if needs_zone(instant, zone):
        # For naive values the library takes the zone's name from the parameters.
        event.add(name, in_zone(instant, zone).replace(tzinfo=None), {"TZID": str(zone)})
    else:
        event.add(name, utc(instant))


def timezone_of(zone: pytz.BaseTzInfo, first: datetime, last: datetime) -> Timezone:
    """The rules of a zone from the one in force at ``first`` to the last change up to ``last``."""
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
    # pytz has no public access to its table of changes; zones without changes have no table.
    table: list[datetime] = getattr(zone, "_utc_transition_times", [])
    instants = (naive.replace(tzinfo=UTC) for naive in table if naive.year in CONFERENCE_YEARS)
    return tuple(instant for instant in instants if _offset(zone, instant - ONE_SECOND) != _offset(zone, instant))


def _observance(zone: pytz.BaseTzInfo, onset: datetime) -> TimezoneStandard | TimezoneDaylight:
    """The rule for an offset from its onset on; DTSTART is in local time before the change."""
    local = in_zone(onset, zone)
    before = in_zone(onset - ONE_SECOND, zone)
    # Dublin's winter is negative daylight saving time: its end begins the summer.
    begins_summer = (local.dst() or NO_TIME) > (before.dst() or NO_TIME)
    component = TimezoneDaylight() if begins_summer else TimezoneStandard()
    component.add("DTSTART", before.replace(tzinfo=None) + ONE_SECOND)
    component.add("TZOFFSETFROM", before.utcoffset())
    component.add("TZOFFSETTO", local.utcoffset())
    component.add("TZNAME", local.strftime("%Z"))
    return component


def _offset(zone: pytz.BaseTzInfo, instant: datetime) -> timedelta:
    return in_zone(instant, zone).utcoffset() or NO_TIME
