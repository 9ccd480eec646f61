"""People, rooms, dates, items and the venue of a draft as the program's, and what of the former program stays.

Values of the source replace former ones; what it does not hold, people may have added, and stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from app.domain.identity import Track
from app.domain.ids import SESSION_ID, UniqueIds, slug, slug_or_digest
from app.domain.item_matching import matched_items
from app.domain.program import VENUE_ROOM, ImportantDate, Person, Program, Room, Venue
from app.domain.session import Item, Session, with_kinds_of
from app.domain.session_matching import normalized
from app.domain.texts import MOST
from app.importing.draft import DraftPerson, DraftWay
from app.importing.person_names import without_honorific
from app.importing.report import ImportReport
from app.importing.vocabulary import name_set

KNOWN_BY = "in the list its former title, or its page on OpenReview, its DOI or its number on arXiv"
ALL_ROOMS = name_set("sessions.all_rooms")
PersonOrDate = TypeVar("PersonOrDate", bound=Person | ImportantDate)


class People:
    """Everybody a draft names; whoever was there before keeps their id, and what the draft does not hold."""

    def __init__(self, drafts: Iterable[DraftPerson], former: Sequence[Person]) -> None:
        merged: dict[str, DraftPerson] = {}
        for draft in drafts:
            key = normalized(draft.name)
            merged[key] = _merged(merged[key], draft) if key in merged else draft
        named_so = {normalized(person.name): person for person in former}
        with_id = {person.id: person for person in former}
        without_title = {
            normalized(without_honorific(person.name)): person for key, person in named_so.items() if key not in merged
        }
        ids = UniqueIds(with_id)
        given: set[str] = set()
        self._people: dict[str, Person] = {}
        for key, draft in merged.items():
            known = named_so.get(key) or with_id.get(slug(draft.anchor)) or without_title.get(key)
            if known is None or known.id in given:
                wished_id = slug(draft.anchor) or slug_or_digest(draft.name, "person")
                known = Person(id=ids.reserve(wished_id), name=draft.name)
            given.add(known.id)
            self._people[key] = _updated(known, draft)

    def ids(self, drafts: Iterable[DraftPerson]) -> tuple[str, ...]:
        """The ids of some people, each once."""
        return tuple(dict.fromkeys(self._people[normalized(draft.name)].id for draft in drafts))

    def everybody(self) -> tuple[Person, ...]:
        """All, in the order in which the draft names them."""
        return tuple(self._people.values())


def _merged(first: DraftPerson, other: DraftPerson) -> DraftPerson:
    return replace(other, **_filled(first, "name", "anchor", "affiliations", "url", "biography", "links"))


def _updated(person: Person, draft: DraftPerson) -> Person:
    """A person updated from the draft; links to other addresses stay."""
    urls = {link.url for link in draft.links}
    links = (*draft.links, *(link for link in person.links if link.url not in urls))
    return replace(person, links=links, **_filled(draft, "name", "affiliations", "url", "biography"))


def _filled(draft: DraftPerson | DraftWay | Venue, *fields: str) -> dict[str, Any]:
    return {field: value for field in fields if (value := getattr(draft, field))}


class Rooms:
    """The rooms that a draft names, and those of the former program."""

    def __init__(self, names: Iterable[str], former: Program | None, ways: Iterable[DraftWay] = ()) -> None:
        self._former = former
        self._former_rooms = former.rooms if former else ()
        before = {normalized(room.name): room for room in self._former_rooms}
        said = {normalized(way.room): way for way in ways}
        ids = UniqueIds((*(room.id for room in before.values()), VENUE_ROOM))
        self._rooms: dict[str, Room] = {}
        for name in names:
            key = normalized(name)
            if key and key not in ALL_ROOMS and key not in self._rooms:
                way = said.get(key) or DraftWay(room=name)
                room = before.get(key) or Room(ids.reserve(way.id or slug_or_digest(name, "room")), name)
                self._rooms[key] = replace(room, name=name, **_filled(way, "floor", "directions"))
        self._own = {room.id for key, room in self._rooms.items() if key in said}

    def id(self, name: str | None) -> str | None:
        """The id of a room; None for all rooms. Where the draft names no room, the only one of the former program."""
        if self._rooms:
            room = self._rooms.get(normalized(name)) if name else None
            return room.id if room else None
        return self._former_rooms[0].id if len(self._former_rooms) == 1 else None

    def in_use(self, sessions: Sequence[Session]) -> tuple[Room, ...]:
        """The rooms in which some session is or was to be, and those of this service; the former ones come first.

        Empty where that is only the room that a program without rooms makes of its venue.
        """
        rooms = {room.id: room for room in (*self._former_rooms, *self._rooms.values())}
        used = {room for session in sessions for room in (session.slot.room, session.scheduled.room)} | self._own
        found = tuple(room for room in rooms.values() if room.id in used)
        return () if self._former and found == (_venue_room(self._former),) else found


def _venue_room(program: Program) -> Room:
    return Room(VENUE_ROOM, program.venue.name if program.venue else program.title)


def merged_speakers(
    people: People, sessions: Sequence[Session], former: Program, report: ImportReport
) -> tuple[Person, ...]:
    """All whom the source names, and those of the former speakers whom a session still needs.

    If the source names nobody, all stay but those of sessions that are removed.
    """
    found = {person.id: person for person in people.everybody()}
    needed, before = (
        {speaker for session in some for speaker in session.speakers} for some in (sessions, former.sessions)
    )
    stay = []
    for person in former.speakers:
        if person.id in found or person.id in needed or not (found or person.id in before):
            stay.append(person)
        else:
            report.took("no longer on any session, so taken out", person.name)
    return _in_former_order(stay, found)


def merged_organizers(
    drafts: Iterable[DraftPerson], former: tuple[Person, ...], report: ImportReport
) -> tuple[Person, ...]:
    """The former organizers, updated from the source, then the others that it names."""
    people = People((replace(draft, anchor="") for draft in drafts), former)
    found = {person.id: person for person in people.everybody()}
    return _with_kept(former, found, report)


def merged_dates(
    dates: Iterable[ImportantDate], former: tuple[ImportantDate, ...], report: ImportReport
) -> tuple[ImportantDate, ...]:
    """As `merged_organizers`; a date is recognized by its title, else by its day, and keeps its id and title."""
    titles = {normalized(one.title): one for one in former}
    days = {one.day: one for one in former}
    ids = UniqueIds(one.id for one in former)
    found: dict[str, ImportantDate] = {}
    for one in dates:
        known = titles.get(normalized(one.title)) or days.get(one.day)
        if known is not None and known.id not in found:
            found[known.id] = replace(one, id=known.id, title=known.title)
        else:
            name = ids.reserve(one.id)
            found[name] = replace(one, id=name)
    return _with_kept(former, found, report)


def merged_venue(venue: Venue | None, former: Venue | None) -> Venue | None:
    """The source's venue, completed by the former one; its position stays the former one's."""
    if venue is None or former is None:
        return venue or former
    return replace(former, **_filled(venue, "name", "address", "city", "url"))


def merged_tracks(tracks: Iterable[Track], former: tuple[Track, ...], report: ImportReport) -> tuple[Track, ...]:
    """The former tracks, updated from the source, then the others to which it gives a colour."""
    found = {normalized(one.name): one for one in former}
    for track in tracks:
        if normalized(track.name) in found or len(found) < MOST["tracks"]:
            found[normalized(track.name)] = track
        else:
            report.left(f"a colour of more than {MOST['tracks']} tracks", track.name)
    return tuple(found.values())


def merged_items(new: Sequence[Item], former: Sequence[Item], report: ImportReport) -> tuple[Item, ...]:
    """A list of items in its own order: each known one with its id, and with what the list does not say of it."""
    says_kinds = any(item.kind for item in new)
    matches = matched_items(new, former)
    items = []
    for index, item in enumerate(new):
        match = matches.get(index)
        before = former[match.former] if match else None
        if before is not None and match and not match.certain:
            report.guessed("taken for a former paper with another title", item.title, better=KNOWN_BY)
        items.append(item if before is None else _updated_item(item, before, says_kinds=says_kinds))
    return tuple(items)


def _updated_item(item: Item, before: Item, *, says_kinds: bool) -> Item:
    """An item that is a former one; links with other labels, to other addresses, stay."""
    labels, urls = {link.label for link in item.links}, {link.url for link in item.links}
    kept = (link for link in before.links if link.label not in labels and link.url not in urls)
    return replace(
        item,
        id=before.id,
        number=item.number or before.number,
        kind=item.kind if says_kinds else before.kind,
        authors=item.authors or before.authors,
        minutes=item.minutes or before.minutes,
        abstract=item.abstract or before.abstract,
        links=(*with_kinds_of(before.links, item.links), *kept),
    )


def with_sound_item_ids(sessions: Sequence[Session], former: Program, report: ImportReport) -> tuple[Session, ...]:
    """The sessions, their items with ids that no other one has; those that moved to another session keep theirs.

    A former item's id is its own as long as its session has it. Items that no session has any more are reported.
    """
    home = {name: found.session.id for name, found in former.items_by_id.items()}
    taken = {session.id for session in sessions}
    at_home = {one.id for session in sessions for one in session.items if home.get(one.id) == session.id} - taken
    held: set[str] = set()

    def sound(session: Session, item: Item) -> Item:
        is_free = (
            item.id not in taken and item.id not in held and (item.id not in at_home or home[item.id] == session.id)
        )
        name = item.id if is_free and SESSION_ID.fullmatch(item.id) else ""
        held.add(name)
        return replace(item, id=name)

    found = [replace(session, items=tuple(sound(session, item) for item in session.items)) for session in sessions]
    gone = [one.item for name, one in former.items_by_id.items() if name not in held]
    found = _with_moved(found, gone, held)
    for item in gone:
        if item.id not in held:
            report.left("no longer in the list, so taken out", item.title)
    return tuple(found)


def _with_moved(sessions: Sequence[Session], gone: Sequence[Item], held: set[str]) -> list[Session]:
    """The sessions, their new items that are certainly ones gone from elsewhere as those; ``held`` gets their ids."""
    new = [item for session in sessions for item in session.items if not item.id]
    matches = {index: match for index, match in matched_items(new, gone).items() if match.certain} if gone else {}
    known = iter(
        _updated_item(item, gone[matches[index].former], says_kinds=bool(item.kind)) if index in matches else item
        for index, item in enumerate(new)
    )
    held.update(gone[match.former].id for match in matches.values())
    return [
        replace(session, items=tuple(item if item.id else next(known) for item in session.items))
        for session in sessions
    ]


def _in_former_order(former: Iterable[PersonOrDate], found: Mapping[str, PersonOrDate]) -> tuple[PersonOrDate, ...]:
    return tuple(({one.id: one for one in former} | dict(found)).values())


def _with_kept(
    former: Iterable[PersonOrDate], found: Mapping[str, PersonOrDate], report: ImportReport
) -> tuple[PersonOrDate, ...]:
    """As `_in_former_order`; those that are not found are reported, unless the source has nothing of the kind."""
    for one in former:
        if found and one.id not in found:
            report.left("not in the source, kept as before", one.name if isinstance(one, Person) else one.title)
    return _in_former_order(former, found)
