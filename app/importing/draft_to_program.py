"""The program of a draft, whatever its format, or a former program brought up to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from datetime import date

from app.domain.conference_day import conference_day, day_of_local_time
from app.domain.errors import InvalidProgram
from app.domain.identity import NO_LINES
from app.domain.instants import in_zone, zone_named
from app.domain.program import SLUG, Program
from app.domain.session import Session
from app.domain.slugs import slug_or_digest
from app.importing.draft import MOST_SESSIONS, Draft, DraftSession
from app.importing.merge_with_former import (
    People,
    Rooms,
    merged_dates,
    merged_organizers,
    merged_speakers,
    merged_tracks,
    merged_venue,
)
from app.importing.report import ImportReport, counted
from app.importing.session_times import TimedSession, first_day_of, with_instants
from app.importing.sessions_from_draft import SessionBuilder
from app.importing.source import ImportOptions, Source
from app.importing.time_zones import zone_of, zone_of_clocks

MOST_DAYS = 1000
MOST_ROOMS = 2000
# A top-level domain without hosts (RFC 2606, 2), so that identifiers in calendars are nobody else's.
DOMAIN = "invalid"


def program_of(draft: Draft, options: ImportOptions, former: Program | None, source: Source) -> Program:
    """The program of a draft, or the former one brought up to it; raises `ImportRefused`."""
    if not any(session.time.has_start for session in draft.sessions):
        raise source.refused(f"no sessions with a time in it (read as {draft.format})")
    if len(draft.sessions) > MOST_SESSIONS:
        raise source.refused(f"more than {MOST_SESSIONS} sessions")
    if len({session.room for session in draft.sessions}.union(draft.rooms)) > MOST_ROOMS:
        raise source.refused(f"more than {MOST_ROOMS} rooms")
    zone = zone_of(draft, options, former, source)
    first_day = first_day_of(draft, options, former, source)
    if source.report.questions:
        raise source.refused(source.report.questions)
    sessions = _with_unique_guids(_in_rooms(draft, options), source.report)
    found = with_instants(sessions, zone_of_clocks(draft, options, zone, source.report), first_day, source.report)
    if not found:
        raise source.refused("none of its sessions has a time that can be used")
    try:
        return _program(draft, found, zone, former, source.report, published=options.published)
    except InvalidProgram as error:
        raise source.refused(f"the program would not be sound: {error.faults[0]}") from error


def _program(
    draft: Draft,
    found: Sequence[TimedSession],
    zone: str,
    former: Program | None,
    report: ImportReport,
    *,
    published: Container[str] | None,
) -> Program:
    before = former or _empty(draft, zone)
    named_people = (person for one in found for person in one.draft.people or ())
    people = People((*draft.people, *named_people), before.speakers)
    rooms = Rooms([*draft.rooms, *(one.draft.room for one in found if one.draft.room)], former, draft.ways)
    sessions = SessionBuilder(people, rooms, before, report, published).sessions(found)
    report.took(counted(len(found), "session"))
    return replace(
        before,
        timezone=zone,
        identity=replace(before.identity, accent=draft.accent or before.identity.accent),
        tracks=merged_tracks(draft.tracks, before.tracks, report),
        screen=before.screen if draft.screen == NO_LINES else draft.screen,
        days=_days((*draft.days[:MOST_DAYS], *_days_that_stay(before, sessions)), found, zone),
        rooms=rooms.in_use(sessions),
        sessions=sessions,
        speakers=merged_speakers(people, sessions, before, report),
        organizers=merged_organizers(draft.organizers, before.organizers, report),
        dates=merged_dates(draft.dates, before.dates, report),
        venue=merged_venue(draft.venue, before.venue),
        pages=before.pages or draft.pages,
        links=before.links or draft.links,
    )


def _empty(draft: Draft, zone: str) -> Program:
    title = draft.title or "Program"
    name = draft.id if SLUG.fullmatch(draft.id) else slug_or_digest(title, "program")
    return Program(
        id=name,
        title=title,
        timezone=zone,
        domain=draft.domain or f"{name}.{DOMAIN}",
        days=(),
        subtitle=draft.subtitle,
        series=draft.series,
        description=draft.description,
        url=draft.url,
        language=draft.language or "en",
    )


def _in_rooms(draft: Draft, options: ImportOptions) -> Sequence[DraftSession]:
    """The sessions, those without a room in the one that is given for all."""
    room = options.room or draft.room
    return [replace(one, room=room) if room and one.room is None else one for one in draft.sessions]


def _with_unique_guids(sessions: Sequence[DraftSession], report: ImportReport) -> Sequence[DraftSession]:
    """The sessions without guids that several of them share."""
    counts = Counter(session.guid for session in sessions if session.guid)
    shared = sorted(guid for guid, count in counts.items() if count > 1)
    for guid in shared:
        report.left("an identifier that several sessions share", guid)
    return [replace(session, guid="") if session.guid in set(shared) else session for session in sessions]


def _days(announced: Iterable[date], found: Iterable[TimedSession], zone: str) -> tuple[date, ...]:
    """The announced days, and those of sessions that are on none of them."""
    local_starts = [in_zone(one.start, zone_named(zone)) for one in found]
    # By day first: a night belongs to the day before where that is one.
    by_daylight = {local.date() for local in local_starts if day_of_local_time(local, ()) == local.date()}
    days = {*announced, *by_daylight}
    return tuple(sorted(days | {day_of_local_time(local, days) for local in local_starts}))


def _days_that_stay(former: Program, sessions: Iterable[Session]) -> set[date]:
    """The days that were announced before and still have a session, be it a cancelled one."""
    return {conference_day(former, one.start) for one in sessions}.intersection(former.days)
