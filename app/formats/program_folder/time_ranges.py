"""The start and end of a session as text: "09:15-09:45" on the venue's clocks."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

import pytz

from app.domain.instants import CONFERENCE_YEARS, at_local, in_zone, is_ambiguous, utc
from app.domain.session import Slot

EXPECTED = (
    "start and end such as 09:15-09:45; after midnight go on counting: 23:30-24:30; "
    "with an offset or another day: 01:30-07:00 - 03:00, 22:00 - 2025-07-20 17:00"
)
# Hours count on after midnight to the end of the next day; a later time is written with its date.
DAYS_COUNTED = 2
# Between dates and offsets, which have dashes too, the dash stands between spaces.
_RANGE = re.compile(r"([\d:.]+)\s*[-–—]\s*([\d:.]+)|(\S.*?)\s+[-–—]\s+(.*\S)", re.ASCII)
_BARE = re.compile(r"[\d:.]+")
_WALL = re.compile(
    r"(?:(?P<day>\d{4}-\d\d-\d\d)[ T])?"
    r"(?P<hours>\d{1,2}):(?P<minutes>[0-5]\d)(?::(?P<seconds>[0-5]\d(?:\.\d{1,6})?))?"
    r"(?P<offset>[+-](?:0\d|1[0-4]):[0-5]\d)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class WallTime:
    """A time on the venue's clocks since midnight, with its date and offset where they are written."""

    clock: timedelta
    day: date | None = None
    offset: tzinfo | None = None

    def instant(self, day: date, zone_name: str) -> datetime:
        """The instant in UTC; raises `NonexistentTime` or `AmbiguousTime` for a local time without offset."""
        local = datetime.combine(self.day or day, time()) + self.clock
        if self.offset is not None:
            return utc(local.replace(tzinfo=self.offset))
        return at_local(local.date(), local.time(), zone_name)


@dataclass(frozen=True, slots=True)
class TimeRange:
    """The start and end of a session as they are written."""

    text: str
    start: WallTime
    end: WallTime

    def slot(self, day: date, zone_name: str, room: str | None) -> Slot:
        """The slot on a day; the end is on the start's day where it names none. Raises as `WallTime.instant`."""
        start = self.start.instant(day, zone_name)
        return Slot(start=start, end=self.end.instant(self.start.day or day, zone_name), room=room)


def read_range(text: object) -> TimeRange:
    """Parse what `write_range` and people write; raises ValueError with what is expected."""
    stripped = text.strip() if isinstance(text, str) else ""
    with suppress(ValueError):
        if match := _RANGE.fullmatch(stripped):
            start, end = filter(None, match.groups())
            return TimeRange(stripped, _wall(start), _wall(end))
    raise ValueError(EXPECTED)


def write_range(slot: Slot, day: date, tz: pytz.BaseTzInfo) -> str:
    """The text for a slot under a day: the shortest that is not ambiguous."""
    start_day = in_zone(slot.start, tz).date()
    is_counted = timedelta() <= start_day - day < timedelta(days=DAYS_COUNTED)
    start = _written(slot.start, day, tz)
    end = _written(slot.end, day if is_counted else start_day, tz)
    return ("-" if _BARE.fullmatch(start + end) else " - ").join([start, end])


def _written(instant: datetime, day: date, tz: pytz.BaseTzInfo) -> str:
    local = in_zone(instant, tz)
    days = (local.date() - day).days
    clock = local.time().isoformat(timespec="auto" if local.second or local.microsecond else "minutes")
    if 0 <= days < DAYS_COUNTED:
        clock = f"{local.hour + 24 * days:02}{clock[2:]}"
    else:
        clock = f"{local.date().isoformat()} {clock}"
    return clock + local.isoformat()[-len("+hh:mm") :] if is_ambiguous(instant, tz) else clock


def _wall(text: str) -> WallTime:
    """Parse one end of a range; raises ValueError."""
    match = _WALL.fullmatch(text)
    if match is None:
        raise ValueError(text)
    clock = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"]), seconds=float(match["seconds"] or 0))
    day = date.fromisoformat(match["day"]) if match["day"] else None
    # A time that is written with its date does not count on after midnight.
    if clock >= timedelta(days=1 if day else DAYS_COUNTED) or (day and day.year not in CONFERENCE_YEARS):
        raise ValueError(text)
    offset = datetime.strptime(match["offset"], "%z").tzinfo if match["offset"] else None
    return WallTime(clock, day, offset)
