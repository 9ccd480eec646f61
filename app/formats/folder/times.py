"""How a program folder writes when a session is: "09:15-09:45" on the venue's clocks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

import pytz

from app.domain.errors import AmbiguousTime
from app.domain.instants import CONFERENCE_YEARS, at_local, in_zone, utc
from app.domain.session import Slot

EXPECTED = (
    "start and end such as 09:15-09:45; after midnight go on counting: 23:30-24:30; "
    "with an offset or another day: 01:30-07:00 - 03:00, 22:00 - 2025-07-20 17:00"
)
# Hours go on counting to the end of the next day; what is later has a day of its own.
DAYS_COUNTED = 2
_CLOCK = r"\d{1,2}:[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?"
_OFFSET = r"[+-](?:0\d|1[0-4]):[0-5]\d"
_DASH = r"[-–—]"
_COMPACT = re.compile(rf"({_CLOCK})\s*{_DASH}\s*({_CLOCK})", re.ASCII)
_FULL = rf"(?:\d{{4}}-\d\d-\d\d[ T])?{_CLOCK}(?:{_OFFSET})?"
_SPACED = re.compile(rf"({_FULL})\s+{_DASH}\s+({_FULL})", re.ASCII)
_BARE = re.compile(r"[\d:.]+")
_WALL = re.compile(
    rf"(?:(?P<day>.{{10}})[ T])?(?P<hours>\d+):(?P<minutes>\d\d):?(?P<seconds>[\d.]*)(?P<offset>{_OFFSET})?"
)


@dataclass(frozen=True, slots=True)
class WallTime:
    """A time on the venue's clocks, counted from midnight; ``day`` and ``offset`` where they are written."""

    clock: timedelta
    day: date | None = None
    offset: timezone | None = None

    def instant(self, day: date, zone_name: str) -> datetime:
        """The instant in UTC; raises `NonexistentTime` or `AmbiguousTime` for a local time without offset."""
        local = datetime.combine(self.day or day, time()) + self.clock
        if self.offset is not None:
            return utc(local.replace(tzinfo=self.offset))
        return at_local(local.date(), local.time(), zone_name)


@dataclass(frozen=True, slots=True)
class TimeRange:
    """Start and end of a session as written."""

    text: str
    start: WallTime
    end: WallTime

    def slot(self, day: date, zone_name: str, room: str | None) -> Slot:
        """The slot on a day; the end is on the start's day where it names none. Raises as `WallTime.instant`."""
        start = self.start.instant(day, zone_name)
        return Slot(start=start, end=self.end.instant(self.start.day or day, zone_name), room=room)


def read_range(text: object) -> TimeRange:
    """Read what `write_range` writes, and what people write; raises ValueError, saying what is expected."""
    stripped = text.strip() if isinstance(text, str) else ""
    match = _COMPACT.fullmatch(stripped) or _SPACED.fullmatch(stripped)
    if match is None:
        raise ValueError(EXPECTED)
    return TimeRange(stripped, _wall(match[1]), _wall(match[2]))


def write_range(slot: Slot, day: date, tz: pytz.BaseTzInfo) -> str:
    """A slot as it is written under a day: as short as can be, and never ambiguous."""
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
    return clock + _offset_where_needed(local, tz)


def _offset_where_needed(local: datetime, tz: pytz.BaseTzInfo) -> str:
    try:
        at_local(local.date(), local.time(), str(tz))
    except AmbiguousTime:
        return local.isoformat()[-len("+hh:mm") :]
    return ""


def _wall(text: str) -> WallTime:
    match = _WALL.fullmatch(text)
    if match is None:
        raise ValueError(EXPECTED)
    clock = timedelta(
        hours=int(match["hours"]), minutes=int(match["minutes"]), microseconds=_microseconds(match["seconds"])
    )
    day = _day(match["day"]) if match["day"] else None
    # Beside a day of its own a clock has no reason to go on counting.
    if clock >= timedelta(days=1 if day else DAYS_COUNTED):
        raise ValueError(EXPECTED)
    return WallTime(clock, day, _offset(match["offset"]) if match["offset"] else None)


def _microseconds(seconds: str) -> int:
    whole, _, fraction = seconds.partition(".")
    return int(whole or 0) * 1_000_000 + int(fraction.ljust(6, "0"))


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(EXPECTED) from None
    if day.year not in CONFERENCE_YEARS:
        raise ValueError(EXPECTED)
    return day


def _offset(text: str) -> timezone:
    hours, minutes = text[1:].split(":")
    size = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-size if text[0] == "-" else size)
