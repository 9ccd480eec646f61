"""What a folder stores of a program, as the program that is read back and as the tables of its file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from app.domain.conference_day import by_day, conference_day
from app.domain.identity import NO_IDENTITY, NO_LINES, Identity, Picture, ScreenLines, Track
from app.domain.program import VENUE_ROOM, ImportantDate, Page, Person, Program, Room, Venue
from app.domain.session import Item, Link, Session, as_planned, usual_least_minutes
from app.domain.warning_times import USUAL_STAGE_TIMES, StageTimes
from app.formats.pictures import Use
from app.formats.program_folder import schema
from app.formats.program_folder.time_ranges import write_range

Tables = dict[str, Any]
# Texts of these keys that are longer, or have several lines, get a line end, which the reader removes:
# they are written in lines between three quotation marks.
PROSE = {"abstract", "biography", "directions", "for_speakers"}
LONGEST_LINE = 100
MODELS: dict[type, type[schema.Table]] = {
    Link: schema.LinkTable,
    Item: schema.ItemTable,
    Identity: schema.IdentityTable,
    Track: schema.TrackTable,
    ScreenLines: schema.ScreenTable,
    StageTimes: schema.StageTable,
    Room: schema.RoomTable,
    Venue: schema.VenueTable,
    Person: schema.PersonTable,
}
VALUES: dict[type, type] = {table: value for value, table in MODELS.items()}
# The lists of a program that a file has as tables, and the names of these tables.
TABLES = {"links": "link", "tracks": "track", "rooms": "room", "speakers": "speaker", "organizers": "organizer"}
# The keys of tables that name a picture, and what it is for.
PICTURES: Mapping[str, Use] = {"logo": "logo", "logo_dark": "logo", "plan": "plan", "picture": "face"}
Pictures = Mapping[tuple[Use, str], Picture]
NO_PICTURES: Pictures = {}
# The tables that a file has only where they say something, and what a program has without them.
OPTIONAL_TABLES: dict[str, Any] = {"identity": NO_IDENTITY, "screen": NO_LINES, "stage": USUAL_STAGE_TIMES}
# The fields that have the same name in a program and in its file.
SAME_FIELDS = (
    *("id", "domain", "title", "subtitle", "series", "description", "url", "language", "venue"),
    *("speakers_publish", "for_speakers"),
)


def as_files_hold(program: Program) -> Program:
    """The program as it is read back from its folder: without the history of edits and without announcements.

    Where no days are announced it has those of its sessions. Pages have line feeds only and
    titles of one line. A program that was read from a folder is unchanged by this.
    """
    return replace(
        program,
        days=tuple(sorted(set(program.days) or by_day(program, program.sessions))),
        sessions=tuple(map(_without_history, program.sessions)),
        pages=tuple(_tidy(page, order) for order, page in enumerate(program.pages)),
        dates_changed_at=None,
        announcements=(),
    )


def program_tables(program: Program) -> Tables:
    """The tables of a program's file, as tomllib reads them from a file that we write."""
    lists = {key: getattr(program, group) for group, key in TABLES.items()}
    if not _names_its_rooms(program):
        lists["room"] = ()
    said = {key: getattr(program, key) for key in OPTIONAL_TABLES}
    optional = {key: None if value == OPTIONAL_TABLES[key] else value for key, value in said.items()}
    days = tuple(_days(program, has_rooms=bool(lists["room"])))
    dates = tuple(map(_date, program.dates))
    return _table(schema.ProgramTable, program, **lists, **optional, day=days, important_date=dates)


def value_of(stored: Any, pictures: Pictures = NO_PICTURES) -> Any:
    """The domain's value of a validated table or list, with those of the tables in it; other values as they are.

    A table's pictures are those of ``pictures``, None where there is none.
    """
    if isinstance(stored, tuple):
        return tuple(value_of(one, pictures) for one in stored)
    if type(stored) not in VALUES:
        return stored
    values = {key: value_of(value, pictures) for key, value in stored if key not in PICTURES}
    found = {key: pictures.get((PICTURES[key], file or "")) for key, file in stored if key in PICTURES}
    return VALUES[type(stored)](**values, **found)


def named_pictures(values: Any) -> Iterator[tuple[Use, str]]:
    """The pictures that the data of a file names, at any depth, each with its use."""
    for key, value in values.items() if isinstance(values, dict) else ():
        if key in PICTURES and isinstance(value, str):
            yield PICTURES[key], value
        for one in value if isinstance(value, list) else [value]:
            yield from named_pictures(one)


def _table(model: type[schema.Table], source: object, **values: Any) -> Tables:
    """The keys of a model in its order, with the values given or those of the source, without empty defaults."""
    found = {key: values.get(key, getattr(source, key, None)) for key in model.model_fields}
    defaults = {key: field.get_default() for key, field in model.model_fields.items()}
    return {key: _plain(key, value) for key, value in found.items() if value or value != defaults[key]}


def _plain(key: str, value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(key, one) for one in value]
    if isinstance(value, Picture):
        return value.file
    if key in PROSE and ("\n" in value or len(value) >= LONGEST_LINE):
        return f"{value}\n"
    return _table(MODELS[type(value)], value) if type(value) in MODELS else value


def _days(program: Program, *, has_rooms: bool) -> Iterator[Tables]:
    """The announced days with their sessions in order; one on no such day is under the last before it."""
    days: dict[date, list[Tables]] = {day: [] for day in program.days}
    for session in program.sessions:
        local = conference_day(program, session.start)
        day = max((one for one in program.days if one <= local), default=program.days[0])
        time = write_range(session.slot, day, program.zone)
        days[day].append(_session(session, time, session.room if has_rooms else None))
    for day, sessions in days.items():
        yield _table(schema.DayTable, None, date=day, session=tuple(sessions))


def _session(session: Session, time: str, room: str | None) -> Tables:
    shrinks_by_kind = usual_least_minutes(session.kind, session.slot) is not None
    min_minutes = False if session.min_minutes is None and shrinks_by_kind else session.min_minutes
    return _table(schema.SessionTable, session, time=time, room=room, min_minutes=min_minutes)


def _date(one: ImportantDate) -> Tables:
    is_day_of_at = one.at is not None and one.at.date() == one.day
    return _table(schema.DateTable, one, day=None if is_day_of_at else one.day)


def _names_its_rooms(program: Program) -> bool:
    """Whether there are rooms to write; a single one for everything, named as the venue, is left out."""
    name = program.venue.name if program.venue else program.title
    return program.rooms != (Room(VENUE_ROOM, name),) or any(one.room is None for one in program.sessions)


def _without_history(session: Session) -> Session:
    return replace(
        session,
        scheduled=session.slot,
        ended_by_hand=False,
        items=as_planned(session.items),
        steps=(),
        removed_items=(),
        sequence=0,
        created_at=None,
        changed_at=None,
    )


def _tidy(page: Page, order: int) -> Page:
    body = page.body.replace("\r\n", "\n").replace("\r", "\n")
    return replace(page, title=" ".join(page.title.split()), body=body, order=order)
