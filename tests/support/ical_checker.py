"""The rules that every calendar of this service keeps, checked on raw bytes and without a calendar library.

`check_calendar` looks at one file (rules 1 to 6), `check_instants` at what its times mean (rule 4),
`check_evolution` at two states of one feed (rule 7); rule 8, about HTTP, is in `ical_http_rules`. Each
gives a list of problems in words; an empty one is a pass.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from urllib.parse import urlsplit

from support.ical_lines import Component, NotACalendar, Property, line_problems, read
from support.ical_times import Zones, instant_of, zone_problems, zones_of

Instants = Mapping[str, tuple[datetime | date, datetime | date | None]]

TEXTS = frozenset(
    {
        *("UID", "PRODID", "SUMMARY", "DESCRIPTION", "LOCATION", "CATEGORIES", "COMMENT", "CONTACT", "CLASS", "ACTION"),
        *("NAME", "X-WR-CALNAME", "X-WR-CALDESC", "X-WR-TIMEZONE", "COLOR", "X-APPLE-CALENDAR-COLOR"),
    }
)
URIS = frozenset({"URL", "SOURCE", "X-APPLE-STRUCTURED-LOCATION"})
MANY = frozenset({"CATEGORIES", "COMMENT", "CONTACT", "ATTACH", "ATTENDEE", "RELATED-TO"})
STAMPS = ("DTSTAMP", "CREATED", "LAST-MODIFIED")
RISING = ("DTSTAMP", "LAST-MODIFIED")
PLACED = ("DURATION", "LOCATION", "GEO", "STATUS")
ALLOWED = {
    "STATUS": {"TENTATIVE", "CONFIRMED", "CANCELLED"},
    "TRANSP": {"OPAQUE", "TRANSPARENT"},
    "CLASS": {"PUBLIC", "PRIVATE", "CONFIDENTIAL"},
}
_UTC_TIME = re.compile(r"\d{8}T\d{6}Z")
_ESCAPED_TEXT = re.compile(r"(?:[^\\,;]|\\[\\,;nN])*")
_COORDINATES = re.compile(r"(-?\d{1,3}(?:\.\d+)?);(-?\d{1,3}(?:\.\d+)?)")


def check_calendar(data: bytes) -> list[str]:
    """What is wrong with a calendar file by itself."""
    problems = [f"rule 1: {problem}" for problem in line_problems(data)]
    try:
        calendar = read(data)
        zones = zones_of(calendar)
    except NotACalendar as error:
        return [*problems, f"rule 1: {error}"]
    events = calendar.inside("VEVENT")
    problems += _required(calendar, events)
    problems += [problem for event in events for problem in _event_times(event, zones)]
    problems += _zones_used(calendar, events, zones)
    problems += [problem for one in _all_components(calendar) for problem in _values(one)]
    return problems


def check_instants(data: bytes, expected: Instants) -> list[str]:
    """Where events start or end at other instants than expected, by UID; None: without an end."""
    try:
        found = read_instants(data)
    except NotACalendar as error:
        return [f"rule 1: {error}"]
    problems = [f"rule 2: {uid} is missing" for uid in expected if uid not in found]
    problems += [f"rule 2: {uid} is not expected" for uid in found if uid not in expected]
    wrong = [uid for uid in found if uid in expected and found[uid] != expected[uid]]
    return problems + [f"rule 4: {uid} is at {found[uid]}, not at {expected[uid]}" for uid in wrong]


def read_instants(data: bytes) -> dict[str, tuple[datetime | date, datetime | date | None]]:
    """When each event starts and ends, by UID, read through the embedded zones; raises `NotACalendar`."""
    calendar = read(data)
    zones = zones_of(calendar)
    return {uid: (_instant(one, "DTSTART", zones), _end(one, zones)) for uid, one in events_by_uid(calendar).items()}


def check_evolution(before: bytes, after: bytes, touched: Collection[str] = ()) -> list[str]:
    """Where a feed's later state breaks the promises of an earlier one; events may come and go.

    The stamps of the ``touched`` (UIDs) may rise though a calendar shows no change: in a control character, say.
    """
    old, new = (events_by_uid(read(data)) for data in (before, after))
    old_times, new_times = read_instants(before), read_instants(after)
    return [
        f"rule 7: {uid}: {problem}"
        for uid in old
        if uid in new
        for problem in _steps(old[uid], new[uid], same_time=old_times[uid] == new_times[uid], may_rise=uid in touched)
    ]


def events_by_uid(calendar: Component) -> dict[str, Component]:
    """The events by their UID; one without is left out."""
    return {uid.text: event for event in calendar.inside("VEVENT") if (uid := event.get("UID"))}


def _required(calendar: Component, events: list[Component]) -> Iterator[str]:
    if not calendar.components:
        yield "rule 2: no component"
    for component, name in [(calendar, "PRODID"), (calendar, "VERSION")] + [
        (event, name) for event in events for name in ("UID", "DTSTAMP")
    ]:
        if (count := len(component.all(name))) != 1:
            yield f"rule 2: {count} {name} in {_name(component)}"
    for uid, count in Counter(one.text for event in events for one in event.all("UID")).items():
        if count > 1:
            yield f"rule 2: {count} events are {uid}"


def _event_times(event: Component, zones: Zones) -> Iterator[str]:
    for one in event.properties:
        if one.name in STAMPS and (one.parameters or not _UTC_TIME.fullmatch(one.value)):
            yield f"rule 3: {_name(event)}: {one.name}:{one.value} is not in UTC"
    try:
        start, end = _instant(event, "DTSTART", zones), _end(event, zones)
    except NotACalendar as error:
        yield f"rule 3: {_name(event)}: {error}"
        return
    if end is not None and (type(start) is not type(end) or not _is_before(start, end)):
        yield f"rule 3: {_name(event)}: ends at {end}, not after {start}"
    if event.get("DTEND") and event.get("DURATION"):
        yield f"rule 3: {_name(event)}: has DTEND and DURATION"


def _zones_used(calendar: Component, events: list[Component], zones: Zones) -> Iterator[str]:
    told = Counter(one.value for zone in calendar.inside("VTIMEZONE") for one in zone.all("TZID"))
    used = {one.parameters["TZID"] for event in events for one in event.properties if "TZID" in one.parameters}
    for tzid in sorted(used | set(told)):
        if told[tzid] != 1:
            yield f"rule 4: {told[tzid]} VTIMEZONE for {tzid}"
        # A calendar without events holds its zone because it must hold something.
        if events and tzid not in used:
            yield f"rule 4: VTIMEZONE {tzid} is not used"
    for tzid, observances in zones.items():
        yield from (f"rule 4: {problem}" for problem in zone_problems(tzid, observances))


def _values(component: Component) -> Iterator[str]:
    for one in component.properties:
        yield from (f"{problem} in {_name(component)}" for problem in _value(one))
    for name, count in Counter(one.name for one in component.properties).items():
        if count > 1 and name not in MANY:
            yield f"rule 6: {count} {name} in {_name(component)}"
    place, title = component.get("LOCATION"), component.get("X-APPLE-STRUCTURED-LOCATION")
    if title and (place is None or title.parameters.get("X-TITLE") != place.text):
        yield f"rule 5: X-TITLE is not the LOCATION in {_name(component)}"


def _value(one: Property) -> Iterator[str]:
    value = re.sub(r"(?<!\\),", "", one.value) if one.name == "CATEGORIES" else one.value
    if one.name in TEXTS and not _ESCAPED_TEXT.fullmatch(value):
        yield f"rule 5: {one.name}:{one.value} is not escaped"
    if (one.name in URIS or one.parameters.get("VALUE") == "URI") and not _is_uri(one.value):
        yield f"rule 5: {one.name}:{one.value} is not a URI"
    if one.name in ALLOWED and one.value not in ALLOWED[one.name]:
        yield f"rule 6: {one.name}:{one.value} is not allowed"
    if one.name == "GEO" and not _is_position(one.value):
        yield f"rule 6: GEO:{one.value} is not a position"
    if one.name == "SEQUENCE" and not one.value.isdecimal():
        yield f"rule 6: SEQUENCE:{one.value} is not a number"


def _steps(before: Component, after: Component, *, same_time: bool, may_rise: bool) -> Iterator[str]:
    """The rises that one event owes to its changes."""
    changed = _told(before) != _told(after)
    moved = not same_time or any(_values_of(before, name) != _values_of(after, name) for name in PLACED)
    for name in RISING:
        old, new = _values_of(before, name), _values_of(after, name)
        if new < old or (changed and new == old) or (not (changed or may_rise) and new != old):
            yield f"{name} goes from {old} to {new}, the event {'changed' if changed else 'did not change'}"
    old_number, new_number = (int(one.value) if (one := event.get("SEQUENCE")) else 0 for event in (before, after))
    if (
        new_number < old_number
        or (moved and new_number == old_number)
        or (not (changed or may_rise) and new_number != old_number)
    ):
        yield f"SEQUENCE goes from {old_number} to {new_number}, the event {'moved' if moved else 'did not move'}"
    if _values_of(before, "CREATED") != _values_of(after, "CREATED"):
        yield "CREATED changes"


def _told(event: Component) -> list[tuple[str, dict[str, str], str]]:
    """All that an event tells but its stamps."""
    own = {*STAMPS, "SEQUENCE"}
    return sorted(
        ((one.name, one.parameters, one.value) for one in event.properties if one.name not in own),
        key=lambda told: (told[0], told[2]),
    )


def _values_of(component: Component, name: str) -> list[str]:
    return [one.value for one in component.all(name)]


def _instant(event: Component, name: str, zones: Zones) -> datetime | date:
    one = event.get(name)
    if one is None:
        raise NotACalendar(f"no {name}")
    return instant_of(one, zones)


def _end(event: Component, zones: Zones) -> datetime | date | None:
    return instant_of(one, zones) if (one := event.get("DTEND")) else None


def _all_components(component: Component) -> Iterator[Component]:
    yield component
    for inner in component.components:
        yield from _all_components(inner)


def _name(component: Component) -> str:
    uid = component.get("UID")
    return f"{component.name} {uid.text}" if uid else component.name


def _is_before(start: datetime | date, end: datetime | date) -> bool:
    return start < end


def _is_uri(value: str) -> bool:
    return bool(re.fullmatch(r"[!-~]+", value)) and "\\" not in value and urlsplit(value).scheme != ""


def _is_position(value: str) -> bool:
    match = _COORDINATES.fullmatch(value)
    return match is not None and abs(float(match[1])) <= 90 and abs(float(match[2])) <= 180
