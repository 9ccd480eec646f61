"""The time zone of a program and of its clocks, from its source, the texts on its place or the offsets of its times."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from functools import cache

import pytz

from app.domain.errors import UnknownZone
from app.domain.instants import in_zone, zone_named
from app.domain.program import Program
from app.domain.session_matching import normalized
from app.domain.zone_words import zone_words
from app.importing.draft import Draft
from app.importing.report import ImportReport
from app.importing.source import ImportOptions, Source
from app.importing.vocabulary import by_name, lists, name_set

ABBREVIATIONS = by_name(lists("zones.abbreviations"))
_AREAS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
_HOUR = timedelta(hours=1)
_OFFSET = re.compile(r"\b(?:UTC|GMT)\s*(?P<sign>[+\-−–])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?\b")
# "All times are in EDT"
_ALL_TIMES = re.compile(
    r"\b[Tt]imes?\b[^.:;]{0,40}?\s(?P<zone>(?:UTC|GMT)\s*[+\-−–]\s*\d{1,2}(?::?\d\d)?|[A-Z]{2,5}\b)"
)
_LONGEST_TEXT = 2000
_MOST_WORDS = 4
OTHER_ZONE = "--timezone"
EXAMPLES = by_name(lists("zones.examples", normalized))
EXAMPLE = "America/Vancouver"


def known_zone(name: str) -> str:
    """The zone's name as the IANA database spells it; "" for one that is not in it."""
    try:
        return str(zone_named(name).zone) if name else ""
    except UnknownZone:
        return ""


def zone_of_places(texts: Iterable[str]) -> tuple[str, str] | None:
    """The zone of the first city, else of the first country of one zone, in some texts; and its name."""
    words = [normalized(text[:_LONGEST_TEXT]).split() for text in texts]
    for zones in (_cities(), _countries()):
        for text in words:
            for length in range(_MOST_WORDS, 0, -1):
                for start in range(len(text) - length + 1):
                    name = " ".join(text[start : start + length])
                    if name in zones:
                        return zones[name], name.title()
    return None


def zone_of_words(text: str) -> tuple[str, str] | None:
    """The zone of an offset such as GMT+2, else of an abbreviation such as PT; and how the text writes it."""
    text = text[:_LONGEST_TEXT]
    if match := _OFFSET.search(text):
        hours = int(match["hours"]) * (1 if match["sign"] == "+" else -1)
        name = _fixed_zone(hours) if not int(match["minutes"] or 0) else None
        return (name, match.group()) if name else None
    for word in re.findall(r"[A-Za-z]+", text):
        if known := ABBREVIATIONS.get(word) or ABBREVIATIONS.get(word.casefold()):
            return known, word
    return None


def zone_of_all_times(texts: Iterable[str]) -> str:
    """The zone that the first of some texts names for all times, as it is written; "" where none names one."""
    found = (match["zone"] for match in map(_ALL_TIMES.search, texts) if match)
    return next((zone for zone in found if zone_of_words(zone)), "")


def zone_of_offsets(instants: Iterable[datetime]) -> str | None:
    """A zone of the constant offset with which all instants are written; None where they differ."""
    offsets = {instant.utcoffset() for instant in instants}
    if len(offsets) != 1:
        return None
    offset = offsets.pop()
    if not offset:
        return "UTC"
    hours, rest = divmod(offset, _HOUR)
    return None if rest else _fixed_zone(hours)


def _fixed_zone(hours: int) -> str | None:
    """The zone that is always so many hours ahead of UTC; these names have the sign reversed."""
    name = f"Etc/GMT{-hours:+d}"
    return name if name in pytz.all_timezones_set else None


@cache
def _cities() -> dict[str, str]:
    named = {
        normalized(name.rsplit("/", 1)[1].replace("_", " ")): name
        for name in pytz.common_timezones
        if name.startswith(_AREAS)
    }
    zones = named | by_name(lists("zones.cities", normalized))
    not_cities = name_set("zones.not_cities")
    return {name: zone for name, zone in zones.items() if name not in not_cities}


@cache
def _countries() -> dict[str, str]:
    single = {code: zones[0] for code, zones in pytz.country_timezones.items() if len(zones) == 1}
    named = {normalized(pytz.country_names[code]): zone for code, zone in single.items() if code in pytz.country_names}
    return named | by_name(lists("zones.countries", normalized))


def zone_of(draft: Draft, options: ImportOptions, former: Program | None, source: Source) -> str:
    """The program's zone: of the options, else of the source, of the former program, of the city.

    Where there is none of them it is asked for, and ""; raises `UnknownZone` for an option that is no zone.
    """
    if options.timezone:
        return str(zone_named(options.timezone).zone)
    if draft.timezone and not known_zone(draft.timezone):
        source.report.left("a time zone that there is not", draft.timezone)
    if named := _named_zone(draft):
        _report_other_offsets(draft, named, source.report)
        return named
    if former is not None:
        return former.timezone
    if guess := _guessed_zone(draft, source.report):
        return guess
    source.report.ask("its time zone is not said", f"--timezone {_example(draft.places)}")
    return ""


def _example(places: Iterable[str]) -> str:
    """A zone of a country of several zones that the texts name, else of the first workshop."""
    text = f" {' '.join(normalized(place[:_LONGEST_TEXT]) for place in places)} "
    return next((zone for name, zone in EXAMPLES.items() if f" {name} " in text), EXAMPLE)


def zone_of_clocks(draft: Draft, options: ImportOptions, venue: str, report: ImportReport) -> str:
    """The zone in which the times are written: the venue's, unless another one is written beside them."""
    found = None if options.timezone or _named_zone(draft) else zone_of_words(draft.zone_text)
    if found is None or not _differ(venue, found[0], draft):
        return venue
    zone, words = found
    report.took(f"the times are written in {words}; they are shown in {zone_words(venue)}")
    return zone


def _named_zone(draft: Draft) -> str:
    """The zone that the source names for all sessions, else the one that most of them name."""
    zones = Counter(session.time.zone for session in draft.sessions if session.time.zone)
    [(most_named, _)] = zones.most_common(1) or [("", 0)]
    return known_zone(draft.timezone) or most_named


def _report_other_offsets(draft: Draft, zone: str, report: ImportReport) -> None:
    """Some files name one zone and write their times at the offset of another; the instants are right."""
    tz = zone_named(zone)
    if any(start.utcoffset() and in_zone(start, tz).utcoffset() != start.utcoffset() for start in _starts(draft)):
        report.guessed(
            f"the times are written at another offset than that of {zone_words(zone)}, the zone it names; they hold",
            better=OTHER_ZONE,
        )


def _guessed_zone(draft: Draft, report: ImportReport) -> str | None:
    zone, words = (
        zone_of_places(draft.places)
        or zone_of_words(f"{draft.zone_text} {draft.timezone}")
        or (zone_of_offsets(_starts(draft)), "the offset of the times")
    )
    if zone:
        report.guessed(f"the time zone ({zone_words(zone)}), from {words}", better=OTHER_ZONE)
    return zone


def _differ(one: str, other: str, draft: Draft) -> bool:
    """Whether two zones' clocks show different times on the draft's day; PT is what Vancouver's clocks show in July."""
    days = (session.time.day for session in draft.sessions if session.time.day)
    day = next(days, draft.first_day)
    noon = datetime.combine(day, time(12), UTC) if day else datetime.now(UTC)
    return in_zone(noon, zone_named(one)).utcoffset() != in_zone(noon, zone_named(other)).utcoffset()


def _starts(draft: Draft) -> list[datetime]:
    """The instants at which sessions start; empty unless all starts are instants."""
    starts = [session.time.start for session in draft.sessions if session.time.has_start]
    return [start for start in starts if start is not None] if None not in starts else []
