"""VTIMEZONE from pytz's own data, for the span that a feed covers and no more (RFC 5545, 3.6.5).

The library's own makers give wrong onsets under pytz, and long lists that some clients misread.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

import pytz
from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from app.domain.instants import in_zone

ONE_SECOND = timedelta(seconds=1)
# No zone changes its offset twice within so short a time; a change inside it is found by bisection.
STEP = timedelta(days=7)
# How far back the rule in force may have begun: most zones changed within a year, some not since a war.
LOOK_BACK = (timedelta(days=400), timedelta(days=365 * 100))


def timezone_of(zone: pytz.BaseTzInfo, first: datetime, last: datetime) -> Timezone:
    """The offset in force at the first instant, and each change up to the last."""
    component = Timezone()
    component.add("TZID", str(zone))
    for instant in [_in_force_since(str(zone), first), *offset_changes(zone, first, last)]:
        component.add_component(_observance(zone, instant))
    return component


def offset_changes(zone: pytz.BaseTzInfo, after: datetime, until: datetime) -> list[datetime]:
    """The instants in (after, until] at which a zone's offset from UTC changes."""
    found: list[datetime] = []
    low = after
    while low < until:
        high = min(low + STEP, until)
        if in_zone(low, zone).utcoffset() != in_zone(high, zone).utcoffset():
            found.append(_onset(zone, low, high))
        low = high
    return found


@lru_cache(maxsize=256)
def _in_force_since(zone_name: str, instant: datetime) -> datetime:
    """When the offset that holds at an instant began; a century back where it never changed."""
    zone = pytz.timezone(zone_name)
    for span in LOOK_BACK:
        found = offset_changes(zone, instant - span, instant)
        if found:
            return found[-1]
    return instant - LOOK_BACK[-1]


def _onset(zone: pytz.BaseTzInfo, low: datetime, high: datetime) -> datetime:
    """The first second at which the offset of ``high`` holds, by bisection."""
    offset = in_zone(high, zone).utcoffset()
    low, high = low.replace(microsecond=0), high.replace(microsecond=0)
    while high - low > ONE_SECOND:
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if in_zone(middle, zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return high


def _observance(zone: pytz.BaseTzInfo, onset: datetime) -> TimezoneStandard | TimezoneDaylight:
    """One offset from its onset on; DTSTART is written in the local time before the change."""
    before = in_zone(onset - ONE_SECOND, zone)
    local = in_zone(onset, zone)
    component = TimezoneDaylight() if local.dst() else TimezoneStandard()
    component.add("DTSTART", before.replace(tzinfo=None) + ONE_SECOND)
    component.add("TZOFFSETFROM", before.utcoffset())
    component.add("TZOFFSETTO", local.utcoffset())
    component.add("TZNAME", local.strftime("%Z"))
    return component
