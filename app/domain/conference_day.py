"""The day that a session belongs to, on pages, in print and in exports.

A conference day runs from 06:00 to 06:00 local time at the venue, so that a party at 00:30 is listed
with the evening before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from app.domain.instants import ONE_DAY, at_local, in_zone, instant_on, zone_named
from app.domain.program import Program
from app.domain.session import Session

DAY_STARTS = timedelta(hours=6)


def conference_day(program: Program, instant: datetime) -> date:
    """The day that an instant belongs to; see `day_of_local_time`."""
    return _day_of(instant, program.days, program.timezone)


# Sessions begin at few instants, and their days are asked for again with each page.
@lru_cache(maxsize=4096)
def _day_of(instant: datetime, announced: tuple[date, ...], timezone: str) -> date:
    return day_of_local_time(in_zone(instant, zone_named(timezone)), announced)


def day_of_local_time(local: datetime, announced: Collection[date]) -> date:
    """The day that a local time belongs to.

    Before 06:00 that is the date before, unless days are announced and that date is not one of them:
    a run at 05:30 on the first morning belongs to the first day.
    """
    evening_before = (local - DAY_STARTS).date()
    return evening_before if not announced or evening_before in announced else local.date()


def by_day(program: Program, sessions: Iterable[Session]) -> dict[date, list[Session]]:
    """Sessions by their day, in the order given."""
    found: dict[date, list[Session]] = {}
    for session in sessions:
        found.setdefault(conference_day(program, session.start), []).append(session)
    return found


def instant_on_day(program: Program, day: date, clock: time) -> datetime:
    """The instant at which it is this local time at the venue on a conference day; raises `TimeError`."""
    if timedelta(hours=clock.hour, minutes=clock.minute) < DAY_STARTS:
        night = at_local(day + ONE_DAY, clock, program.timezone)
        if conference_day(program, night) == day:
            return night
    return at_local(day, clock, program.timezone)


def outside_conference_days(program: Program, instant: datetime) -> datetime:
    """The instant itself, or the end of the days of the program, one after the other, that it is in."""
    for day in sorted({*program.days, *by_day(program, program.sessions)}):
        start, end = day_bounds(program, day)
        if start <= instant < end:
            instant = end
    return instant


def today_span(program: Program, day: date) -> tuple[datetime, datetime]:
    """The instants from which and until which a day is the present one: those of which it is the `conference_day`."""
    return _today_span(program.days, program.timezone, day)


@lru_cache(maxsize=256)
def _today_span(announced: tuple[date, ...], timezone: str, day: date) -> tuple[datetime, datetime]:
    follows, is_announced = day - ONE_DAY in announced, day in announced or not announced
    start = DAY_STARTS if follows or not announced else timedelta()
    end = DAY_STARTS if is_announced else timedelta()
    return instant_on(day, start, timezone)[0], instant_on(day + ONE_DAY, end, timezone)[0]


def day_bounds(program: Program, day: date) -> tuple[datetime, datetime]:
    """The instants at which a conference day starts and ends."""
    start, end = (instant_on(one, DAY_STARTS, program.timezone)[0] for one in (day, day + ONE_DAY))
    return start, end
