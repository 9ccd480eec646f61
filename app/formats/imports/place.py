"""What a whole program needs and a table often lacks: its zone and its first day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from app.domain.instants import in_zone, zone
from app.domain.program import Program
from app.formats.imports.draft import Draft
from app.formats.imports.notes import Notes
from app.formats.imports.refusal import ImportRefused
from app.formats.imports.slots import needs_a_day
from app.formats.imports.zones import known_zone, zone_of_offsets, zone_of_places, zone_of_words


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """What a person says beside the source; what the source says itself is not replaced but for the zone.

    ``room`` is for rows that name none; ``items_of`` names the session whose items the rows become.
    """

    first_date: date | None = None
    timezone: str | None = None
    room: str | None = None
    items_of: str | None = None


def zone_of(draft: Draft, options: ImportOptions, former: Program | None, source: str, notes: Notes) -> str:
    """The zone: as told, as the source says, as it was before, as its city has it; raises `ImportRefused`.

    Raises `UnknownZone` for a told zone that there is not.
    """
    if options.timezone:
        return str(zone(options.timezone).zone)
    if known := _known(draft, notes):
        _say_if_offsets_differ(draft, known, notes)
        return known
    if former is not None:
        return former.timezone
    if guess := _guess(draft, notes):
        return guess
    raise ImportRefused(source, "its time zone is not said; give it, such as --timezone America/Vancouver")


def zone_of_clocks(draft: Draft, options: ImportOptions, venue: str, notes: Notes) -> str:
    """The zone in which the times are written: the venue's, unless another is written beside them."""
    words = None if options.timezone or _known(draft, notes) else zone_of_words(draft.zone_words)
    if words is None or not _differ(venue, words[0], draft):
        return venue
    notes.took(f"the times are written in {words[1]}; they are shown as the clocks of {venue} show them")
    return words[0]


def first_day_of(
    draft: Draft, options: ImportOptions, former: Program | None, source: str, notes: Notes
) -> date | None:
    """The day of rows that name none: as told, as the source says, as it was before; raises `ImportRefused`."""
    if not needs_a_day(draft.rows):
        return options.first_date or draft.first_day
    if day := options.first_date or draft.first_day:
        return day
    if former is not None and former.days:
        notes.guessed(f"no date in the source: {former.days[0].isoformat()}, as before")
        return former.days[0]
    raise ImportRefused(source, "it says at what time, but not on which day; give it, such as --date 2025-07-18")


def _known(draft: Draft, notes: Notes) -> str:
    """The zone that the source names for all, else the one that most of its rows name."""
    zones = Counter(row.when.zone for row in draft.rows if row.when.zone)
    if name := known_zone(draft.timezone):
        return name
    if draft.timezone:
        notes.left("a time zone that there is not", draft.timezone)
    return zones.most_common(1)[0][0] if zones else ""


def _say_if_offsets_differ(draft: Draft, name: str, notes: Notes) -> None:
    """Some files name one zone and write their times in another: the instants are right, the clocks are not."""
    differ = [at for at in _instants(draft) if at.utcoffset() and in_zone(at, zone(name)).utcoffset() != at.utcoffset()]
    if differ:
        notes.guessed(f"the times are written at another offset than that of {name}, the zone it names; they are kept")


def _guess(draft: Draft, notes: Notes) -> str | None:
    if found := zone_of_places(draft.places) or zone_of_words(f"{draft.zone_words} {draft.timezone}"):
        name, source = found
        notes.guessed(f"the time zone {name}, from {source}")
        return name
    if name_of_offset := zone_of_offsets(_instants(draft)):
        notes.guessed(f"the time zone {name_of_offset}, from the offset of the times; --timezone names a place")
        return name_of_offset
    return None


def _differ(one: str, other: str, draft: Draft) -> bool:
    """Whether two zones' clocks show different times on the draft's day; PT is what Vancouver's clocks show in July."""
    days = [row.when.day for row in draft.rows if row.when.day] or ([draft.first_day] if draft.first_day else [])
    noon = datetime.combine(days[0], time(12), UTC) if days else datetime.now(UTC)
    return in_zone(noon, zone(one)).utcoffset() != in_zone(noon, zone(other)).utcoffset()


def _instants(draft: Draft) -> list[datetime]:
    """The instants that rows carry, if all of them do."""
    starts = [row.when.start for row in draft.rows if row.when.said]
    return [start for start in starts if start is not None] if None not in starts else []
