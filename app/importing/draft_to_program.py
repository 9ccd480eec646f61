"""The program of a draft, whatever its format, or a former program brought up to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Any

from app.domain.conference_day import conference_day, day_of_local_time
from app.domain.errors import InvalidProgram
from app.domain.identity import NO_LINES
from app.domain.ids import SESSION_ID, SESSION_ID_LENGTH, SLUG, UniqueIds, slug, slug_or_digest
from app.domain.instants import in_zone, zone_named
from app.domain.program import Program
from app.domain.session import ELASTIC_MINUTES, TBA, Session, Slot, usual_least_minutes, with_kinds_of
from app.domain.session_matching import Traits, normalized, normalized_kind, paired_sessions, traits_of
from app.formats.exchange_ids import identities
from app.formats.frab.event import web_links
from app.importing.draft import MOST_SESSIONS, Draft, DraftSession
from app.importing.merge_with_former import (
    People,
    Rooms,
    merged_dates,
    merged_items,
    merged_organizers,
    merged_speakers,
    merged_tracks,
    merged_venue,
    with_sound_item_ids,
)
from app.importing.report import ImportReport, counted
from app.importing.session_times import TimedSession, first_day_of, with_instants
from app.importing.session_words import TALK, kind_of_title, kind_of_word
from app.importing.source import ImportOptions, Source
from app.importing.time_zones import zone_of, zone_of_clocks

MOST_DAYS = 1000
MOST_ROOMS = 2000
# A top-level domain without hosts (RFC 2606, 2), so that identifiers in calendars are nobody else's.
DOMAIN = "invalid"
WITHOUT_SPEAKERS = frozenset({"break", "lunch", "social"})
LEAST_MINUTES = (
    "breaks may be shortened to {break} minutes, poster sessions to {posters}: min_minutes says otherwise".format_map(
        ELASTIC_MINUTES
    )
)
TEXTS = ("abstract", "track", "language")


def program_of(draft: Draft, options: ImportOptions, former: Program | None, source: Source) -> Program:
    """The program of a draft, or the former one brought up to it; raises `ImportRefused`."""
    if not any(session.time.has_start for session in draft.sessions):
        raise source.refused(f"no sessions with a time in it, such as 9:00 - 9:30 (read as {draft.format})")
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
    title = options.title or draft.title
    if not title and former is None:
        title = source.stem or "Program"
        source.report.guessed("the program's title, from the file's name", title, better="--title")
    try:
        return _program(replace(draft, title=title), found, zone, former, source.report, options=options)
    except InvalidProgram as error:
        raise source.refused(f"the program would not be sound: {error.faults[0]}") from error


def _program(
    draft: Draft,
    found: Sequence[TimedSession],
    zone: str,
    former: Program | None,
    report: ImportReport,
    *,
    options: ImportOptions,
) -> Program:
    report.took(counted(len(found), "session"))
    before = former or _empty(draft, zone)
    named_people = (person for one in found for person in one.draft.people or ())
    people = People((*draft.people, *named_people), before.speakers)
    rooms = Rooms([*draft.rooms, *(one.draft.room for one in found if one.draft.room)], former, draft.ways)
    sessions = SessionBuilder(people, rooms, before, report, options).sessions(found)
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
    languages = Counter(session.language for session in draft.sessions if session.language)
    [(language, count)] = languages.most_common(1) or [("", 0)]
    name = draft.id if SLUG.fullmatch(draft.id) else slug_or_digest(draft.title, "program")
    return Program(
        id=name,
        title=draft.title,
        timezone=zone,
        domain=draft.domain or f"{name}.{DOMAIN}",
        days=(),
        subtitle=draft.subtitle,
        series=draft.series,
        description=draft.description,
        url=draft.url,
        language=draft.language or (language if 2 * count > languages.total() else "en"),
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


@dataclass(frozen=True, slots=True)
class SessionBuilder:
    """Makes the sessions of one import."""

    people: People
    rooms: Rooms
    former: Program
    report: ImportReport
    options: ImportOptions

    def sessions(self, found: Sequence[TimedSession]) -> tuple[Session, ...]:
        """The sessions found, each with its former id, and the former ones that are gone, cancelled if published."""
        former = self.former.sessions
        fields = _fields_of(one.draft for one in found)
        pairs = self._pairs(found, fields)
        guids = {name: one.guid for name, one in identities(self.former).items()}
        ids = UniqueIds(self.former.taken_ids, SESSION_ID_LENGTH)
        sessions = []
        for index, one in enumerate(found):
            before = former[pairs[index]] if index in pairs else self._new(one, ids)
            sessions.append(self._updated(one, before, fields, own_guid=guids.get(before.id, "")))
        if former:
            self.report.took(f"{len(pairs)} of {counted(len(found), 'session')} known again")
        recognized = set(pairs.values())
        gone = (session for index, session in enumerate(former) if index not in recognized)
        sessions += chain.from_iterable(map(self._after_it_went, gone))
        return with_sound_item_ids(sessions, self.former, self.report)

    def _pairs(self, found: Sequence[TimedSession], fields: frozenset[str]) -> dict[int, int]:
        """For the index of each session that is recognized, the index of its former self."""
        former = [traits_of(self.former, session) for session in self.former.sessions]
        if "room" not in fields:  # then no room tells sessions apart
            former = [replace(traits, room="") for traits in former]
        return paired_sessions([_traits(one) for one in found], former)

    def _new(self, found: TimedSession, ids: UniqueIds) -> Session:
        """A session with an id, kind and slot; `_updated` adds the rest."""
        draft, kind = found.draft, _kind(found.draft)
        if draft.pinned is None and kind in ELASTIC_MINUTES:
            self.report.took(LEAST_MINUTES)
        slot = Slot(start=found.start, end=found.end, room=self.rooms.id(draft.room))
        return Session(
            id=ids.reserve(_wished_id(draft, kind)),
            title=draft.title or TBA,
            slot=slot,
            scheduled=slot,
            kind=kind,
            links=draft.links or (),
            min_minutes=usual_least_minutes(kind, slot),
        )

    def _updated(self, found: TimedSession, before: Session, fields: frozenset[str], own_guid: str) -> Session:
        """The former session, updated from the source; ``own_guid`` is the one that our exports give it."""
        draft = found.draft
        room = self.rooms.id(draft.room) if "room" in fields else before.room
        slot = Slot(start=found.start, end=found.end, room=room)
        return replace(
            before,
            title=draft.title or TBA,
            slot=slot,
            scheduled=slot,
            kind=_kind_again(draft, before),
            speakers=self.people.ids(draft.people or ()) if "people" in fields else before.speakers,
            guid=before.guid if draft.guid in ("", own_guid) else draft.guid,
            cancelled=draft.cancelled,
            ended_by_hand=False,
            **_replaced(draft, before, fields, self.report),
        )

    def _after_it_went(self, session: Session) -> tuple[Session, ...]:
        """A session that the source lacks: cancelled, nothing where no reader has seen it, or as it was."""
        published = self.options.published
        if session.id in self.options.kept:
            return (session,)
        if published is not None and session.id not in published:
            self.report.took("no longer in the source, never published, so removed", session.title)
            return ()
        if not session.cancelled:
            self.report.took("no longer in the source, so cancelled", session.title)
        return (replace(session, cancelled=True),)


def _fields_of(drafts: Iterable[DraftSession]) -> frozenset[str]:
    """The fields that the source has for some session: what it never has is kept from before."""
    drafts = list(drafts)
    filled = {name for name in ("people", "links", *TEXTS) if any(getattr(draft, name) for draft in drafts)}
    return frozenset(filled | {"room"} if any(draft.room is not None for draft in drafts) else filled)


def _replaced(draft: DraftSession, before: Session, fields: frozenset[str], report: ImportReport) -> dict[str, Any]:
    """The optional fields that change."""
    found: dict[str, Any] = {
        name: text for name in TEXTS if name in fields and (text := getattr(draft, name)) is not None
    }
    if draft.items:  # an empty cell does not remove items: they may come from a list of papers
        found["items"] = merged_items(draft.items, before.items, report)
    # Addresses that differ only in their spelling stay as they were.
    if "links" in fields and draft.links is not None and web_links(draft.links) != web_links(before.links):
        found["links"] = with_kinds_of(before.links, draft.links)
    if draft.pinned is not None:
        found |= {"pinned": draft.pinned, "min_minutes": draft.min_minutes}
    return found


def _traits(found: TimedSession) -> Traits:
    draft, people = found.draft, found.draft.people or ()
    anchor = slug(people[0].anchor, SESSION_ID_LENGTH) if len(people) == 1 else ""
    return Traits(
        start=found.start,
        guid=draft.guid,
        ids=tuple(filter(None, (draft.id, anchor))),
        title=normalized(draft.title),
        people=frozenset(normalized(person.name) for person in people),
        room=normalized(draft.room or ""),
        kind=normalized_kind(_kind(draft)),
    )


def _kind(draft: DraftSession) -> str:
    kind = kind_of_word(draft.kind) or kind_of_title(draft.title)
    # "Learning over lunch", with somebody who speaks, is a talk.
    return TALK if kind in WITHOUT_SPEAKERS and draft.people and not draft.kind else kind


def _kind_again(draft: DraftSession, before: Session) -> str:
    """The former kind, unless the source names another one, or the session became one of another sort."""
    kind, named_kind = _kind(draft), kind_of_word(draft.kind)
    same_title = normalized(draft.title or TBA) == normalized(before.title)
    same = same_title or normalized_kind(kind) == normalized_kind(before.kind)
    return before.kind if same and named_kind in ("", TALK) else kind


def _wished_id(draft: DraftSession, kind: str) -> str:
    if SESSION_ID.fullmatch(draft.id):
        return draft.id
    people = draft.people or ()
    if len(people) == 1 and (people[0].anchor or not draft.title):
        return slug(people[0].anchor, SESSION_ID_LENGTH) or slug_or_digest(people[0].name, "talk", SESSION_ID_LENGTH)
    if draft.title:
        return slug_or_digest(draft.title, "session", SESSION_ID_LENGTH)
    return slug(kind, SESSION_ID_LENGTH) or "session"
