"""Which things of a program stand where in its folder, so that what the domain finds wrong gets file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from app.domain.errors import Fault
from app.formats.folder.faults import Places, nearest
from app.formats.folder.schema import DateTable, PersonTable, ProgramTable, RoomTable, SessionTable
from app.formats.folder.toml_lines import Path as TomlPath

END_EXPECTED = "an end not before its start, within seven days; after midnight go on counting: 23:30-24:30"
# The domain's words for parts of a session, and the file's.
_KEYS = {"start": "time", "end": "time"}


@dataclass(frozen=True, slots=True)
class Written:
    """A session of a file: where it stands, on which day."""

    path: TomlPath
    day: date
    table: SessionTable


@dataclass(frozen=True)
class Index:
    """Where the sessions, people, rooms, dates and pages of a program stand.

    A session's key is its id; one whose id is taken already has a key of its own, so that it is checked too.
    """

    places: Places
    sessions: Mapping[str, Written]
    repeated: tuple[Fault, ...]
    tables: Mapping[str, TomlPath]
    known: Mapping[str, tuple[str, ...]]
    pages: Mapping[str, Path]

    @classmethod
    def of(cls, table: ProgramTable, places: Places, pages: Mapping[str, Path]) -> Index:
        """The index of a program's tables and of its pages' files."""
        sessions: dict[str, Written] = {}
        repeated = []
        for one in _written(table):
            name = one.table.id
            if name in sessions:
                repeated.append(_repeated(places, one, sessions[name]))
                name = f"-{len(sessions)}"
            sessions[name] = one
        known = {
            "speakers": tuple(one.id for one in table.speaker),
            "room": tuple(one.id for one in table.room),
        }
        return cls(places, sessions, tuple(repeated), _tables(table), known, pages)

    def placed(self, fault: Fault) -> Fault:
        """A fault of the domain with its file and line, in the file's words."""
        head, _, key = fault.where.partition("].")
        group, _, name = head.removesuffix("]").partition("[")
        if group == "sessions" and name in self.sessions:
            return self._in_session(self.sessions[name], key, fault)
        if group == "pages" and name in self.pages:
            return replace(fault, where=f"{self.pages[name]}:1 {fault.where}")
        return replace(fault, where=self.places.at(self.tables.get(f"{group}[{name}]", (group,)), fault.where))

    def _in_session(self, one: Written, key: str, fault: Fault) -> Fault:
        path = (*one.path, _KEYS.get(key, key)) if key else one.path
        where = self.places.at(path, f"sessions[{one.table.id}]{'.' if key else ''}{key}")
        if key == "end":
            return Fault(where, repr(one.table.time.text), END_EXPECTED)
        near = nearest(fault.value.strip("'"), self.known.get(key, ()))
        return Fault(where, fault.value, f"{fault.expected}; did you mean {near!r}?" if near else fault.expected)


def _written(table: ProgramTable) -> Iterator[Written]:
    for number, day in enumerate(table.day):
        for position, one in enumerate(day.session):
            yield Written(("day", number, "session", position), day.date, one)


def _repeated(places: Places, one: Written, first: Written) -> Fault:
    where = places.at((*one.path, "id"), f"sessions[{one.table.id}].id")
    line = places.line((*first.path, "id"))
    return Fault(where, repr(one.table.id), f"an id of its own; the session of line {line} has this one")


def _tables(table: ProgramTable) -> dict[str, TomlPath]:
    groups: dict[str, tuple[str, Sequence[RoomTable | PersonTable | DateTable]]] = {
        "rooms": ("room", table.room),
        "speakers": ("speaker", table.speaker),
        "organizers": ("organizer", table.organizer),
        "dates": ("important_date", table.important_date),
    }
    return {
        f"{group}[{one.id}]": (key, number)
        for group, (key, tables) in groups.items()
        for number, one in enumerate(tables)
    }
