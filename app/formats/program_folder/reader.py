"""Reads and checks a program folder: `program.toml` and `pages/*.md`.

All faults are reported at once, each with file and line, the value, and what was expected. So faulty values are
replaced by stand-ins until the other faults are found; a program with stand-ins is never published.
"""

from __future__ import annotations

import copy
import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import reduce
from operator import getitem, itemgetter
from pathlib import Path
from typing import Any

import pytz
from pydantic import ValidationError

from app.domain.errors import Fault, InvalidProgram, TimeError, UnknownZone, nearest
from app.domain.ids import SLUG
from app.domain.instants import ONE_DAY, at_local, in_zone, zone_named
from app.domain.program import ImportantDate, Page, Program
from app.domain.program_warnings import program_warnings
from app.domain.session import Session, usual_least_minutes
from app.formats.pictures import NoPicture, PreparedPicture, Use, prepare
from app.formats.program_folder import schema
from app.formats.program_folder.faults import (
    FileLines,
    Locations,
    SessionInFile,
    in_order,
    name_of,
    schema_fault,
    syntax_fault,
)
from app.formats.program_folder.files import PROGRAM_FILE, Pages, read_pages, read_program_file
from app.formats.program_folder.stored_fields import OPTIONAL_TABLES, PICTURES, SAME_FIELDS, TABLES, value_of
from app.formats.program_folder.toml_document import Path as TomlPath


@dataclass(frozen=True, slots=True)
class FolderContent:
    """What a folder holds: its program, and the bytes of the program's pictures.

    ``made_ids`` are those of the items to which the files give none.
    """

    program: Program
    pictures: tuple[PreparedPicture, ...]
    made_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found; ``program`` is None where there are faults."""

    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...] = ()
    program: Program | None = None


def read_program(folder: Path, pictures: Path | None = None) -> Program:
    """The program of a folder; raises `InvalidProgram` with all faults.

    Pictures that the folder lacks are those of the folder ``pictures``, if that is given.
    """
    return _read(folder, pictures)[0].program


def read_folder(folder: Path) -> FolderContent:
    """As `read_program`, with the bytes of its pictures."""
    return _read(folder)[0]


def read_dated_folder(folder: Path) -> tuple[FolderContent, dt.datetime]:
    """As `read_folder`, and when its file was written: stamps of it are the same as long as the file is."""
    return read_folder(folder), dt.datetime.fromtimestamp((folder / PROGRAM_FILE).stat().st_mtime, dt.UTC)


def read_id(folder: Path) -> str:
    """The id of a folder's program, whatever else in it is faulty; raises `InvalidProgram` with all faults."""
    with suppress(InvalidProgram, ValueError, RecursionError):
        found = tomllib.loads(read_program_file(folder)).get("id")
        if isinstance(found, str) and SLUG.fullmatch(found):
            return found
    return read_program(folder).id


def check_folder(folder: Path) -> Report:
    """All faults and warnings of a folder; a user's mistake raises nothing."""
    try:
        content, locations = _read(folder)
    except InvalidProgram as error:
        return Report(tuple(error.faults))
    program = content.program
    return Report((), in_order(map(locations.located, program_warnings(program))), program)


def _read(folder: Path, pictures: Path | None = None) -> tuple[FolderContent, Locations]:
    """The content of a folder and where its parts stand; raises `InvalidProgram` with all faults."""
    file = folder / PROGRAM_FILE
    text = read_program_file(folder)
    pages = read_pages(folder)
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # int() raises a ValueError of its own
        raise InvalidProgram(in_order([syntax_fault(file, text, str(error)), *pages.faults])) from error
    return _checked(data, FileLines(file, text), pages, (folder, pictures or folder))


def _checked(
    data: dict[str, Any], lines: FileLines, pages: Pages, folders: tuple[Path, Path]
) -> tuple[FolderContent, Locations]:
    faults: list[Fault] = [*pages.faults]
    try:
        table: schema.ProgramTable | None = schema.ProgramTable.model_validate(data)
    except ValidationError as error:
        problems = error.errors(include_url=False)
        faults += [schema_fault(lines, problem) for problem in problems]
        table = _with_stand_ins(data, problems)
    if table is None:
        raise InvalidProgram(in_order(faults))
    locations = Locations(table, lines, pages.files)
    builder = _Builder(table.timezone, locations)
    builder.prepare_pictures(table, folders)
    try:
        program = builder.program(table, pages.pages)
    except InvalidProgram as error:
        faults += map(locations.located, error.faults)
    if faults or builder.faults:
        raise InvalidProgram(in_order([*faults, *builder.faults]))
    return FolderContent(program, tuple(builder.pictures.values()), builder.made_ids(program)), locations


class _Builder:
    """Builds a program of validated tables; collects the faults of its pictures and of local times."""

    def __init__(self, timezone: str, locations: Locations) -> None:
        self.faults = [*locations.repeated]
        self.pictures: dict[tuple[Use, str], PreparedPicture] = {}
        self._zone_name = timezone
        self._lines, self._sessions = locations.lines, locations.sessions
        try:
            zone_named(timezone)
        except UnknownZone:
            near = nearest(timezone, pytz.all_timezones) or "America/Vancouver"
            self._add_fault(("timezone",), "timezone", repr(timezone), f"a zone name such as {near!r}")
            self._zone_name = "UTC"  # so that the rest is checked too

    def prepare_pictures(self, table: schema.ProgramTable, folders: tuple[Path, Path]) -> None:
        """Read the pictures that the tables name from the first folder, or from the other what that lacks."""
        accent = table.identity.accent if table.identity else ""
        for path, use, file in _pictures_in(table):
            try:
                folder = folders[0] if (folders[0] / file).exists() else folders[1]
                self.pictures[use, file] = self.pictures.get((use, file)) or prepare(folder, file, use, accent)
            except NoPicture as error:
                self._add_fault(path, name_of(path), repr(file), str(error))

    def made_ids(self, program: Program) -> frozenset[str]:
        """The ids of items that have none in their tables; the order of a session's items is that of its tables."""
        sessions = ((program.sessions_by_id[name], one.table) for name, one in self._sessions.items())
        items = (pair for session, table in sessions for pair in zip(session.items, table.items, strict=True))
        return frozenset(item.id for item, table in items if not table.id)

    def program(self, table: schema.ProgramTable, pages: tuple[Page, ...]) -> Program:
        """The program, without what is faulty; raises `InvalidProgram` with the domain's faults."""
        pictures = {key: one.picture for key, one in self.pictures.items()}
        sessions = [self._session(name, one) for name, one in self._sessions.items()]
        dates = [self._date(one, number) for number, one in enumerate(table.important_date)]
        return Program(
            **{name: value_of(getattr(table, name)) for name in SAME_FIELDS},
            **{key: value_of(getattr(table, key), pictures) or usual for key, usual in OPTIONAL_TABLES.items()},
            **{group: value_of(getattr(table, key), pictures) for group, key in TABLES.items()},
            timezone=self._zone_name,
            days=tuple(sorted({day.date for day in table.day})),
            sessions=tuple(one for one in sessions if one),
            dates=tuple(one for one in dates if one),
            pages=pages,
        )

    def _session(self, session_id: str, one: SessionInFile) -> Session | None:
        """A session under an id; None where its time is faulty."""
        table = one.table
        try:
            slot = table.time.slot(one.day, self._zone_name, table.room)
        except TimeError as error:
            self._add_fault((*one.path, "time"), f"sessions[{table.id}].time", repr(table.time.text), str(error))
            return None
        least = usual_least_minutes(table.kind, slot) if table.min_minutes is None else table.min_minutes
        values = {key: value_of(value) for key, value in table if key not in {"time", "room"}}
        values |= {"id": session_id, "min_minutes": None if least is False else least}
        return Session(**values, slot=slot, scheduled=slot)

    def _date(self, one: schema.DateTable, number: int) -> ImportantDate | None:
        """An important date; None where it has no day or a faulty time."""
        path, name = ("important_date", number), f"important_date[{one.id}]"
        at, day = one.at, one.day or (one.at and one.at.date())
        if day is None:
            self._add_fault(path, name, "neither `day` nor `at`", "`day`, or `at` for one with a time")
            return None
        # At any instant, the dates of two zones differ by one day at most.
        if at is not None and abs(day - at.date()) > ONE_DAY:
            self._add_fault((*path, "day"), f"{name}.day", day.isoformat(), f"the day of `at`, {at.date()}")
        if at is not None and at.tzinfo is None:
            try:
                at = in_zone(at_local(at.date(), at.time(), self._zone_name), zone_named(self._zone_name))
            except TimeError as error:
                self._add_fault((*path, "at"), f"{name}.at", at.isoformat(), str(error))
                return None
        return ImportantDate(**dict(one) | {"day": day, "at": at})

    def _add_fault(self, path: TomlPath, name: str, value: str, expected: str) -> None:
        self.faults.append(Fault(self._lines.at(path, name), value, expected))


def _pictures_in(value: Any, path: TomlPath = ()) -> Iterator[tuple[TomlPath, Use, str]]:
    """The pictures that validated tables name, each with the place of its key."""
    for number, one in enumerate(value) if isinstance(value, tuple) else ():
        yield from _pictures_in(one, (*path, number))
    for key, inner in value if isinstance(value, schema.Table) else ():
        if key in PICTURES and inner is not None:
            yield (*path, key), PICTURES[key], inner
        yield from _pictures_in(inner, (*path, key))


_SOME_DAY = dt.date(2000, 1, 1)
_STAND_INS: Mapping[str, Any] = {
    "domain": "invalid",
    "title": "?",
    "label": "?",
    "timezone": "UTC",
    "url": "https://invalid/",
    "time": "00:00-00:00",
    "date": _SOME_DAY,
}
_ONE_REQUIRED = {"day", "at"}
_UNIQUE = {"id", "name"}
# The lists that sessions refer to, and their keys that do.
_REFERENCES = {"room": "room", "speaker": "speakers"}
_PATH_AND_TYPE = itemgetter("loc", "type")


def _with_stand_ins(data: dict[str, Any], problems: Sequence[Mapping[str, Any]]) -> schema.ProgramTable | None:
    """The program without the values that pydantic reports, with stand-ins for those that are required.

    Where a whole list is faulty, sessions do not refer to it, so that only the list is reported. None where even
    that is no program.
    """
    # A faulty value in a list removes the list, since the positions of the other values must stay valid.
    found = [(path[:-1] if isinstance(path[-1], int) else path, kind) for path, kind in map(_PATH_AND_TYPE, problems)]
    whole = copy.deepcopy(data)
    for number, (path, kind) in enumerate(sorted(found, key=lambda one: len(one[0]), reverse=True)):
        table: dict[str, Any] = reduce(getitem, path[:-1], whole)
        table.pop(path[-1], None)
        if kind != "extra_forbidden":
            _put_stand_in(table, path[-1], f"unnamed-{number}")
    try:
        return _without_references(schema.ProgramTable.model_validate(whole), data.keys() - whole.keys())
    except ValidationError:
        return None


def _without_references(table: schema.ProgramTable, lists: set[str]) -> schema.ProgramTable:
    """The program, in which sessions refer to none of some lists, which it lacks."""
    keys = [key for name, key in _REFERENCES.items() if name in lists]
    if not keys:
        return table
    unset = {key: schema.SessionTable.model_fields[key].default for key in keys}
    days = [
        day.model_copy(update={"session": tuple(one.model_copy(update=unset) for one in day.session)})
        for day in table.day
    ]
    return table.model_copy(update={"day": tuple(days)})


def _put_stand_in(table: dict[str, Any], key: str, name: str) -> None:
    if key in _UNIQUE:
        table[key] = name
    elif key in _STAND_INS:
        table[key] = _STAND_INS[key]
    elif key in _ONE_REQUIRED and not _ONE_REQUIRED & table.keys():
        table["day"] = _SOME_DAY
