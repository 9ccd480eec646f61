"""What a venue's clocks show, made an instant even where a clock change skips or repeats it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from app.domain.errors import AmbiguousTime, NonexistentTime
from app.domain.instants import at_local

DAY = timedelta(days=1)
LONGEST_SKIP_DAYS = 3


def instant_on(day: date, clock: timedelta, zone_name: str) -> tuple[datetime, bool]:
    """The instant of a clock's reading, counted from midnight of a day, and whether it is exact.

    A reading that is skipped or comes twice is taken with the offset that held before the
    change (RFC 5545, 3.3.5), which is then not exact. Raises OverflowError at the calendar's ends.
    """
    days, rest = divmod(clock, DAY)
    local_day = day + timedelta(days=days)
    local_time = time(*_parts(rest))
    for back in range(LONGEST_SKIP_DAYS):
        instant = _instant(local_day - timedelta(days=back), local_time, zone_name)
        if instant is not None:
            return instant + timedelta(days=back), back == 0
    raise OverflowError(f"no clock in {zone_name} shows {local_time} about {local_day}")


def _parts(clock: timedelta) -> tuple[int, int, int]:
    minutes, seconds = divmod(int(clock.total_seconds()), 60)
    return (*divmod(minutes, 60), seconds)


def _instant(day: date, clock: time, zone_name: str) -> datetime | None:
    try:
        return at_local(day, clock, zone_name)
    except (NonexistentTime, AmbiguousTime):
        return None
