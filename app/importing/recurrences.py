"""Recurring events (RFC 5545, 3.8.5), expanded within bounds: whatever their rule, they end soon."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from itertools import chain
from typing import Any

from icalendar import Calendar, Component, vBroken, vRecur
from recurring_ical_events import EventAdapter, of

from app.domain.program import LONGEST_SESSION
from app.importing.clean_text import one_line
from app.importing.report import ImportReport

MOST_SERIES = 300
MOST_OCCURRENCES = 200
MOST_DATES = 1000
SPAN = timedelta(days=365)
FIRST_YEAR = 1900
# Whatever icalendar and its extension raise for values that they cannot read.
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, OSError)
AS_ONE = "repetitions that cannot be expanded: only the first is taken"
BEYOND = f"repetitions beyond {MOST_OCCURRENCES} or a year after the first"
# The rules with an occurrence in most of their periods, as icalendar writes them. Of others (on the 30 February,
# INTERVAL=0) the library looks for the next one up to the year 9999, or without end.
_DAY = "(?:MO|TU|WE|TH|FR|SA|SU)"
_DAYS = rf";BYDAY={_DAY}(?:,{_DAY})*"
_NTH_DAYS = rf";BYDAY=[+-]?[1-5]{_DAY}(?:,[+-]?[1-5]{_DAY})*"
_DATES = r";BYMONTHDAY=-?(?:[12]\d|3[01]|[1-9])(?:,-?(?:[12]\d|3[01]|[1-9]))*"
_END = r"(?:;UNTIL=\w+|;COUNT=\d+)?"
RULE = re.compile(
    rf"FREQ=(?:(?:DAILY|WEEKLY|MONTHLY|YEARLY){_END}(?:;INTERVAL=[1-9]\d?)?|DAILY{_END}(?:;INTERVAL=1)?{_DAYS}|"
    rf"WEEKLY{_END}(?:;INTERVAL=[1-9]\d?)?{_DAYS}|"
    rf"MONTHLY{_END}(?:;INTERVAL=[1-9])?(?:{_NTH_DAYS}|{_DATES}|{_DAYS}(?:;BYSETPOS=-?[1-4])?))(?:;WKST={_DAY})?"
)


def expanded(events: Sequence[Component], report: ImportReport) -> Iterator[Component]:
    """Events, the recurring ones as their occurrences."""
    cores: list[Component] = []
    changes: dict[str, list[Component]] = defaultdict(list)
    for event in events:
        (changes[text_of(event, "UID")] if "RECURRENCE-ID" in event else cores).append(event)
    series = 0
    for event in cores:
        if "RRULE" in event or "RDATE" in event:
            series += 1
            yield from _series(event, changes.pop(text_of(event, "UID"), []), series, report)
        else:
            yield event
    yield from chain.from_iterable(changes.values())


def identity(event: Component) -> str:
    """What identifies an event: its UID, and the start of an occurrence that is not the first, before it was moved."""
    uid = text_of(event, "UID")
    with suppress(*UNREADABLE):
        return f"{uid}/{_original(event)}" if uid and "RECURRENCE-ID" in event else uid
    return uid


def _series(core: Component, changes: list[Component], number: int, report: ImportReport) -> list[Component]:
    """The occurrences of a series; it and its changes as they stand where they cannot be expanded, or are of days."""
    start = time_of(core, "DTSTART")
    if isinstance(start, datetime):
        with suppress(*UNREADABLE):
            if number <= MOST_SERIES:
                return _occurrences(core, changes, start, report)
        report.left(AS_ONE, text_of(core, "SUMMARY"))
    return [core, *changes]


def _occurrences(core: Component, changes: list[Component], start: datetime, report: ImportReport) -> list[Component]:
    """The occurrences of a series within its bounds; raises what is in `UNREADABLE`."""
    calendar = Calendar()
    for event in (_bounded(core, start), *changes):
        one = EventAdapter(event)
        is_short = timedelta() <= one.raw_end - one.raw_start <= LONGEST_SESSION
        if not is_short or max(one.extend_query_span_by) > SPAN:
            raise ValueError("ends before it starts, is longer than a session, or was moved by more than a year")
        calendar.add_component(event)
    query, last = of(calendar, components=["VEVENT"]), start + SPAN
    found = sorted(query.between(datetime(FIRST_YEAR, 1, 1, tzinfo=start.tzinfo), last), key=_start)
    for event in found:
        if _original(event) == _stamp(start):
            del event["RECURRENCE-ID"]
    if len(found) > MOST_OCCURRENCES or any(_start(event) >= _stamp(last) for event in query.after(last)):
        report.left(BEYOND, text_of(core, "SUMMARY"))
    return found[:MOST_OCCURRENCES]


def _bounded(core: Component, start: datetime) -> Any:
    """A copy of a recurring event; raises ValueError if expanding it could take long."""
    dates = sum(len(one.dts) for name in ("RDATE", "EXDATE") for one in values_of(core, name))
    if dates > MOST_DATES:
        raise ValueError(f"{dates} dates")
    event = core.copy()
    event["RRULE"] = [_bounded_rule(rule, start) for rule in values_of(core, "RRULE")]
    return event


def _bounded_rule(rule: Any, start: datetime) -> Any:
    """A rule with its end in UTC, a date meaning that whole day; raises ValueError if it may have none for long."""
    for until in rule.get("UNTIL", ()):
        end = until if isinstance(until, datetime) else datetime.combine(until, time.max)
        if start.tzinfo and not end.tzinfo:
            end = end.replace(tzinfo=start.tzinfo).astimezone(UTC)
        rule = vRecur({**rule, "UNTIL": [end]})
    if not RULE.fullmatch(rule.to_ical().decode()):
        raise ValueError("a rule that may have no occurrence for long")
    return rule


def values_of(component: Component, name: str) -> list[Any]:
    """The values of a property that stands once or several times; None for those that cannot be read."""
    found = component.get(name, [])
    return [None if isinstance(one, vBroken) else one for one in (found if isinstance(found, list) else [found])]


def time_of(event: Component, name: str) -> Any:
    """The moment or the length that a property holds; None where it has none, or one that cannot be read."""
    with suppress(*UNREADABLE):
        return getattr(value_of(event, name), "dt", None)
    return None


def value_of(component: Component, name: str) -> Any:
    """The first value of a property; None where there is none that can be read."""
    return next(iter(values_of(component, name)), None)


def text_of(component: Component, name: str) -> str:
    """The first value of a property as one line."""
    return one_line(value_of(component, name))


def _start(event: Any) -> str:
    return _stamp(event["DTSTART"].dt)


def _original(event: Any) -> str:
    """When an occurrence was to start; for one that moves all later ones, when it starts."""
    original = event["RECURRENCE-ID"]
    return _start(event) if "RANGE" in original.params else _stamp(original.dt)


def _stamp(moment: Any) -> str:
    if not isinstance(moment, datetime):
        return str(moment)
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}" if moment.tzinfo else f"{moment:%Y%m%dT%H%M%S}"
