"""The text of a program folder's files, as if written by hand: the same program, the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.domain.program import ImportantDate, Person, Program, Room, Venue
from app.domain.session import Item, Link, Session
from app.formats.folder import comments
from app.formats.folder.build import usual_least_minutes
from app.formats.folder.keeping import as_files_hold, names_its_rooms, sessions_by_day
from app.formats.folder.pages import PAGES, written_pages
from app.formats.folder.reader import FILE
from app.formats.folder.times import write_range
from app.formats.folder.toml import links, literal, pair, prose, tables, texts


def folder_files(program: Program) -> dict[str, bytes]:
    """The contents of a program's files by their names, with `/` in them."""
    kept = as_files_hold(program)
    pages = {f"{PAGES}/{name}": text.encode() for name, text in written_pages(kept.pages).items()}
    return {**pages, FILE: ("\n".join(_lines(kept)).rstrip("\n") + "\n").encode()}


def _lines(program: Program) -> Iterator[str]:
    rooms = program.rooms if names_its_rooms(program) else ()
    venues = [program.venue] if program.venue else []
    yield from _part(comments.PROGRAM, [*_head(program), ""])
    yield from _part(comments.LINKS, tables("[[link]]", _link, program.links))
    yield from _part(comments.VENUE, [*tables("[venue]", _venue, venues), *tables("[[room]]", _room, rooms)])
    yield from _part(comments.DAYS, _days(program, has_rooms=bool(rooms)))
    people = [*tables("[[speaker]]", _person, program.speakers), *tables("[[organizer]]", _person, program.organizers)]
    yield from _part(comments.PEOPLE, people)
    yield from _part(comments.DATES, tables("[[important_date]]", _date, program.dates))


def _part(comment: str, lines: Iterable[str]) -> Iterator[str]:
    """A part of the file under a word on it, for whoever writes the next program."""
    yield comment
    yield from list(lines) or [""]


def _head(program: Program) -> Iterator[str]:
    yield from pair("id", program.id)
    yield from pair("domain", program.domain)
    yield from pair("title", program.title)
    yield from pair("subtitle", program.subtitle)
    yield from pair("series", program.series)
    yield from pair("description", program.description)
    yield from pair("url", program.url)
    yield from pair("timezone", program.timezone)
    yield f"language = {literal(program.language)}"


def _link(link: Link) -> Iterator[str]:
    yield from pair("label", link.label)
    yield from pair("url", link.url)


def _venue(venue: Venue) -> Iterator[str]:
    yield from pair("name", venue.name)
    yield from pair("address", venue.address)
    yield from pair("city", venue.city)
    yield from pair("latitude", venue.latitude)
    yield from pair("longitude", venue.longitude)
    yield from pair("url", venue.url)


def _room(room: Room) -> Iterator[str]:
    yield from pair("id", room.id)
    yield from pair("name", room.name)


def _days(program: Program, *, has_rooms: bool) -> Iterator[str]:
    for day, sessions in sessions_by_day(program).items():
        yield "[[day]]"
        yield from pair("date", day)
        yield ""
        for session in sessions:
            yield "[[day.session]]"
            yield from pair("id", session.id)
            yield from pair("time", write_range(session.slot, day, program.zone))
            yield from _session(session, has_rooms=has_rooms)
            yield ""
            yield from tables("[[day.session.items]]", _item, session.items)


def _session(session: Session, *, has_rooms: bool) -> Iterator[str]:
    yield from pair("kind", session.kind)
    yield from pair("title", session.title)
    yield from pair("room", session.room if has_rooms else None)
    yield from texts("speakers", session.speakers)
    yield from pair("track", session.track)
    yield from pair("language", session.language)
    yield from pair("guid", session.guid)
    yield from pair("pinned", session.pinned)
    yield from _least_minutes(session)
    yield from pair("cancelled", session.cancelled)
    yield from links("links", session.links)
    yield from prose("abstract", session.abstract)


def _least_minutes(session: Session) -> Iterator[str]:
    if session.min_minutes is not None:
        yield f"min_minutes = {session.min_minutes}"
    elif usual_least_minutes(session.kind, session.slot) is not None:
        yield "min_minutes = false"


def _item(item: Item) -> Iterator[str]:
    yield from pair("number", item.number)
    yield from pair("title", item.title)
    yield from texts("authors", item.authors)
    yield from links("links", item.links)


def _person(person: Person) -> Iterator[str]:
    yield from pair("id", person.id)
    yield from pair("name", person.name)
    yield from texts("affiliations", person.affiliations)
    yield from pair("url", person.url)
    yield from pair("language", person.language)
    yield from links("links", person.links)
    yield from prose("biography", person.biography)


def _date(one: ImportantDate) -> Iterator[str]:
    yield from pair("id", one.id)
    yield from pair("title", one.title)
    if one.at is None or one.at.date() != one.day:
        yield from pair("day", one.day)
    yield from pair("at", one.at)
    yield from pair("zone_label", one.zone_label)
    yield from pair("former_day", one.former_day)
