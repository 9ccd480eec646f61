"""Times of calendar files as instants: read through the file's own VTIMEZONE, and held against pytz's data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytz

from support.ical_lines import Component, NotACalendar, Property

_UTC_TIME = re.compile(r"\d{8}T\d{6}Z")
_LOCAL_TIME = re.compile(r"\d{8}T\d{6}")
_DATE = re.compile(r"\d{8}")
_OFFSET = re.compile(r"([+-])(\d\d)([0-5]\d)([0-5]\d)?")
ONE_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Observance:
    """From this local time, read before the change, clocks differ by ``after`` from UTC."""

    onset: datetime
    before: timedelta
    after: timedelta

    @property
    def instant(self) -> datetime:
        """When it begins."""
        return (self.onset - self.before).replace(tzinfo=UTC)


Zones = dict[str, list[Observance]]


def zones_of(calendar: Component) -> Zones:
    """The embedded zones by TZID; of two with one TZID the first. Raises `NotACalendar`."""
    zones: Zones = {}
    for component in calendar.inside("VTIMEZONE"):
        zones.setdefault(_only(component, "TZID").value, [_observance(one) for one in component.components])
    return zones


def instant_of(one: Property, zones: Zones) -> datetime | date:
    """A DATE-TIME as an instant in UTC, a DATE as a day; `NotACalendar` where it floats or its zone is not told."""
    zone = one.parameters.get("TZID")
    if one.parameters.get("VALUE") == "DATE":
        if not _DATE.fullmatch(one.value) or zone:
            raise NotACalendar(f"{one.name}:{one.value} is not a date")
        return _parsed(one.value, "%Y%m%d").date()
    if _UTC_TIME.fullmatch(one.value) and zone is None:
        return _parsed(one.value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    if not _LOCAL_TIME.fullmatch(one.value) or zone is None:
        raise NotACalendar(f"{one.name}:{one.value} is neither UTC nor in a zone")
    if zone not in zones:
        raise NotACalendar(f"{one.name} is in {zone}, which has no VTIMEZONE")
    local = _parsed(one.value, "%Y%m%dT%H%M%S")
    return (local - _offset_at(local, zones[zone])).replace(tzinfo=UTC)


def zone_problems(tzid: str, observances: list[Observance]) -> Iterator[str]:
    """Where an embedded zone says what pytz's data do not."""
    if not observances:
        yield f"VTIMEZONE {tzid} is empty"
    try:
        zone = pytz.timezone(tzid)
    except pytz.UnknownTimeZoneError:
        yield f"VTIMEZONE {tzid} is no zone of the database"
        return
    for one in observances:
        told = one.before, one.after
        true = offset(zone, one.instant - ONE_SECOND), offset(zone, one.instant)
        never_changes = len(observances) == 1 and one.before == one.after
        if told != true or (one.before == one.after and not never_changes):
            yield f"VTIMEZONE {tzid}: the change at {one.onset} is told as {told}, and is {true}"


def offset(zone: pytz.BaseTzInfo, instant: datetime) -> timedelta | None:
    """A zone's offset from UTC by pytz's data."""
    return instant.astimezone(zone).utcoffset()


def _observance(component: Component) -> Observance:
    if component.name not in {"STANDARD", "DAYLIGHT"} or component.all("RRULE") or component.all("RDATE"):
        raise NotACalendar(f"{component.name} in a VTIMEZONE is not one change")
    onset = _only(component, "DTSTART")
    if not _LOCAL_TIME.fullmatch(onset.value) or onset.parameters:
        raise NotACalendar(f"{component.name} begins at {onset.value}, not a local time")
    before, after = (_delta(_only(component, name).value) for name in ("TZOFFSETFROM", "TZOFFSETTO"))
    return Observance(_parsed(onset.value, "%Y%m%dT%H%M%S"), before, after)


def _offset_at(local: datetime, observances: list[Observance]) -> timedelta:
    """The offset of the last observance that begins not after a local time (RFC 5545, 3.6.5)."""
    begun = [one for one in observances if one.onset <= local]
    if begun:
        return max(begun, key=lambda one: one.onset).after
    return min(observances, key=lambda one: one.onset).before


def _only(component: Component, name: str) -> Property:
    found = component.all(name)
    if len(found) != 1:
        raise NotACalendar(f"{component.name} has {len(found)} {name}")
    return found[0]


def _delta(text: str) -> timedelta:
    match = _OFFSET.fullmatch(text)
    if match is None:
        raise NotACalendar(f"{text} is not an offset from UTC")
    size = timedelta(hours=int(match[2]), minutes=int(match[3]), seconds=int(match[4] or 0))
    return -size if match[1] == "-" else size


def _parsed(text: str, form: str) -> datetime:
    try:
        return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is added by the caller
    except ValueError as error:
        raise NotACalendar(f"{text} is not a time") from error
