"""Rows that have their instants, made sessions: rooms, kinds, people, and who they were before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.faults import SESSION_ID
from app.domain.matching import Traits, matched, plain, sort_of, traits_of
from app.domain.program import Program, Room
from app.domain.session import TBA, Item, Link, Session, Slot
from app.formats.frab.event import web_links
from app.formats.identity import identities
from app.formats.imports.draft import Give, Row
from app.formats.imports.kinds import TALK, kind_of_title, kind_of_word
from app.formats.imports.notes import Notes
from app.formats.imports.people import People
from app.formats.imports.rooms import Rooms
from app.formats.imports.slots import Placed
from app.formats.imports.slugs import SESSION_ID_LENGTH, Ids, named, slug

# What a break or a poster session can be shortened to, in minutes, unless the program says otherwise.
LEAST_MINUTES = {"break": 10, "posters": 30}


@dataclass(frozen=True, slots=True)
class Held:
    """Which fields the source holds at all: what it never fills is kept from before."""

    people: bool
    rooms: bool
    fields: frozenset[str]


OPTIONAL = ("abstract", "links", "items", "track", "language")


def held_by(rows: Iterable[Row]) -> Held:
    """The fields that at least one row fills."""
    rows = list(rows)
    filled = {name for name in OPTIONAL if any(getattr(row, name) for row in rows)}
    return Held(any(row.people for row in rows), any(row.room is not None for row in rows), frozenset(filled))


def sessions_of(
    found: Sequence[Placed], people: People, rooms: Rooms, former: Program | None, notes: Notes
) -> tuple[Session, ...]:
    """The sessions of all rows, each with the id it had, and the former ones that are no longer there, cancelled."""
    before = former.sessions if former else ()
    held = held_by(one.row for one in found)
    pairs = _pairs(found, former, held)
    ids = Ids((session.id for session in before), SESSION_ID_LENGTH)
    given = {name: one.guid for name, one in identities(former).items()} if former else {}
    found = [_without_given_guid(one, before[pairs[at]], given) if at in pairs else one for at, one in enumerate(found)]
    kept = [
        _known_again(one, before[pairs[index]], held, people, rooms)
        if index in pairs
        else _new(one, ids, people, rooms, notes)
        for index, one in enumerate(found)
    ]
    if former:
        notes.took(f"{len(pairs)} of {len(found)} sessions known again")
    gone = [session for index, session in enumerate(before) if index not in set(pairs.values())]
    return (*kept, *(_cancelled(session, notes) for session in gone))


def _without_given_guid(one: Placed, before: Session, given: Mapping[str, str]) -> Placed:
    """Without the guid that our own exports gave the session; they will give it again."""
    return replace(one, row=replace(one.row, guid="")) if one.row.guid == given[before.id] else one


def _pairs(found: Sequence[Placed], former: Program | None, held: Held) -> dict[int, int]:
    if former is None:
        return {}
    old = [traits_of(former, session) for session in former.sessions]
    if not held.rooms:  # then no room tells sessions apart
        old = [replace(traits, room="") for traits in old]
    return matched([_traits(one) for one in found], old)


def _traits(one: Placed) -> Traits:
    row = one.row
    people = row.people or ()
    anchors = tuple(slug(person.anchor, SESSION_ID_LENGTH) for person in people) if len(people) == 1 else ()
    return Traits(
        start=one.start,
        guid=row.guid,
        ids=tuple(name for name in (row.id, *anchors) if name),
        title=plain(row.title),
        people=frozenset(plain(person.name) for person in people),
        room=plain(row.room or ""),
        kind=sort_of(_kind(row)),
    )


def _kind(row: Row) -> str:
    return kind_of_word(row.kind) or kind_of_title(row.title)


def _new(one: Placed, ids: Ids, people: People, rooms: Rooms, notes: Notes) -> Session:
    row, kind = one.row, _kind(one.row)
    slot = Slot(start=one.start, end=one.end, room=rooms.id(row.room))
    give = row.give or Give(pinned=False, min_minutes=LEAST_MINUTES.get(kind))
    if row.give is None and give.min_minutes is not None:
        notes.guessed("breaks may be shortened to 10 minutes, poster sessions to 30")
    return Session(
        id=ids.give(_wished_id(row, kind)),
        title=row.title or TBA,
        slot=slot,
        scheduled=slot,
        kind=kind,
        speakers=people.ids(row.people or ()),
        abstract=row.abstract or "",
        items=row.items or (),
        links=row.links or (),
        track=row.track or "",
        language=row.language or "",
        guid=row.guid,
        pinned=give.pinned,
        min_minutes=give.min_minutes,
        cancelled=row.cancelled,
    )


def _wished_id(row: Row, kind: str) -> str:
    if SESSION_ID.fullmatch(row.id):
        return row.id
    people = row.people or ()
    if len(people) == 1 and (people[0].anchor or not row.title):
        return slug(people[0].anchor, SESSION_ID_LENGTH) or named(people[0].name, "talk", SESSION_ID_LENGTH)
    return named(row.title, "session", SESSION_ID_LENGTH) if row.title else slug(kind, SESSION_ID_LENGTH) or "session"


def _known_again(one: Placed, before: Session, held: Held, people: People, rooms: Rooms) -> Session:
    row = one.row
    slot = Slot(start=one.start, end=one.end, room=rooms.id(row.room) if held.rooms else before.room)
    return replace(
        before,
        title=row.title or TBA,
        slot=slot,
        scheduled=slot,
        kind=_kind_known_again(row, before),
        speakers=people.ids(row.people or ()) if held.people else before.speakers,
        guid=row.guid or before.guid,
        cancelled=row.cancelled,
        ended_by_hand=False,
        pinned=row.give.pinned if row.give else before.pinned,
        min_minutes=row.give.min_minutes if row.give else before.min_minutes,
        abstract=_kept(row.abstract, before.abstract, "abstract" in held.fields),
        items=_kept_items(row.items, before.items),
        links=_kept_links(row.links, before.links, "links" in held.fields),
        track=_kept(row.track, before.track, "track" in held.fields),
        language=_kept(row.language, before.language, "language" in held.fields),
    )


def _kind_known_again(row: Row, before: Session) -> str:
    kind = _kind(row)
    said = kind_of_word(row.kind)
    same = sort_of(kind) == sort_of(before.kind) or plain(row.title or TBA) == plain(before.title)
    return before.kind if same and not (said and said != TALK) else kind


def _kept(said: str | None, before: str, held: bool) -> str:
    return said if held and said is not None else before


def _kept_items(said: tuple[Item, ...] | None, before: tuple[Item, ...]) -> tuple[Item, ...]:
    """Items of a list of their own are not in the schedule: an empty cell does not take them away."""
    return said or before


def _kept_links(said: tuple[Link, ...] | None, before: tuple[Link, ...], held: bool) -> tuple[Link, ...]:
    """What the source says now; addresses that differ only in how they are spelled stay as they were."""
    return said if held and said is not None and web_links(said) != web_links(before) else before


def _cancelled(session: Session, notes: Notes) -> Session:
    if session.cancelled:
        return session
    notes.took("no longer in the source, so cancelled", session.title)
    return replace(session, cancelled=True)


def rooms_in_use(rooms: Iterable[Room], sessions: Iterable[Session]) -> tuple[Room, ...]:
    """The rooms in which some session is or was to be."""
    used = {room for session in sessions for room in (session.slot.room, session.scheduled.room)}
    return tuple(room for room in rooms if room.id in used)
