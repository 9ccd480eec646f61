"""Faults of a program folder: file and line of what is wrong, its value, and what was expected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from app.domain.errors import Fault, nearest
from app.formats.program_folder.schema import PATTERNS, TYPES, ProgramTable, SessionTable
from app.formats.program_folder.toml_document import Path as TomlPath
from app.formats.program_folder.toml_document import line_numbers, line_of

LONGEST_VALUE = 200
END_EXPECTED = "an end not before its start, within seven days; after midnight go on counting: 23:30-24:30"
_SYNTAX = re.compile(r"(?P<what>.*) \(at (?:line (?P<line>\d+), column \d+|end of document)\)", re.DOTALL)
_FILE_AND_LINE = re.compile(r"(?P<file>.*?)(?::(?P<line>\d+))?(?: |$)", re.DOTALL)
# What the domain and the file call the same thing.
_KEYS = {"start": "time", "end": "time"}
_TABLES = {
    "tracks": "track",
    "rooms": "room",
    "speakers": "speaker",
    "organizers": "organizer",
    "dates": "important_date",
}


@dataclass(frozen=True)
class FileLines:
    """The lines of a program's file, found only when one is asked for: a sound file needs none."""

    file: Path
    text: str

    def at(self, path: TomlPath, name: str) -> str:
        """File, line and name of a table or key."""
        return f"{self.file}:{self.line(path)} {name}"

    def line(self, path: TomlPath) -> int:
        """The line of a table or key, else of the nearest one that holds it."""
        return line_of(self._lines, path)

    @cached_property
    def _lines(self) -> Mapping[TomlPath, int]:
        return line_numbers(self.text)


@dataclass(frozen=True, slots=True)
class SessionInFile:
    """A session's table with its path and its day."""

    path: TomlPath
    day: date
    table: SessionTable


class Locations:
    """Where the sessions, people, rooms, dates and pages of a program stand.

    ``sessions`` is by id; a session whose id is taken has a made-up key, so that it is checked too.
    """

    def __init__(self, table: ProgramTable, lines: FileLines, pages: Mapping[str, Path]) -> None:
        self.lines = lines
        self.sessions: dict[str, SessionInFile] = {}
        self.repeated: list[Fault] = []
        for number, day in enumerate(table.day):
            for place, session in enumerate(day.session):
                self._add(SessionInFile(("day", number, "session", place), day.date, session))
        self._pages = pages
        self._known_ids = {"speakers": [one.id for one in table.speaker], "room": [one.id for one in table.room]}
        self._paths: dict[str, TomlPath] = {
            f"{group}[{one.name if group == 'tracks' else one.id}]": (key, number)
            for group, key in _TABLES.items()
            for number, one in enumerate(getattr(table, key))
        }
        self._paths |= {f"stage.{key}": ("stage", key) for key in ("warn_minutes", "questions_minutes")}
        self._paths |= {"identity.accent": ("identity", "accent"), "tracks": ("track",)}

    def located(self, fault: Fault) -> Fault:
        """A fault of the domain with its file and line, in the file's terms."""
        head, _, key = fault.where.partition("].")
        group, _, name = head.removesuffix("]").partition("[")
        if group == "sessions" and name in self.sessions:
            return self._in_session(self.sessions[name], key, fault)
        if group == "pages" and name in self._pages:
            return replace(fault, where=f"{self._pages[name]}:1 {fault.where}")
        path = self._paths.get(f"{group}[{name}]" if name else group, (group,))
        return replace(fault, where=self.lines.at((*path, key) if key else path, fault.where))

    def _add(self, session: SessionInFile) -> None:
        name = session.table.id
        first = self.sessions.setdefault(name, session)
        if first is not session:
            where = self.lines.at((*session.path, "id"), f"sessions[{name}].id")
            line = self.lines.line((*first.path, "id"))
            self.repeated.append(Fault(where, repr(name), f"an id of its own; the session of line {line} has this one"))
            self.sessions[f"-{len(self.sessions)}"] = session

    def _in_session(self, session: SessionInFile, key: str, fault: Fault) -> Fault:
        path = (*session.path, _KEYS.get(key, key)) if key else session.path
        where = self.lines.at(path, f"sessions[{session.table.id}]{'.' if key else ''}{key}")
        if key == "end":
            return Fault(where, repr(session.table.time.text), END_EXPECTED)
        near = nearest(fault.value.strip("'"), self._known_ids.get(key, ()))
        return Fault(where, fault.value, f"{fault.expected}; did you mean {near!r}?" if near else fault.expected)


def syntax_fault(file: Path, text: str, message: str) -> Fault:
    """The fault of a text that is not TOML, with the line at which the parser stopped."""
    match = _SYNTAX.fullmatch(message)
    lines = text.rstrip("\n").split("\n")
    number = int(match["line"]) if match and match["line"] else len(lines)
    value = shown_value(lines[min(number, len(lines)) - 1].strip())
    return Fault(f"{file}:{number}", value, f"TOML (https://toml.io): {match['what'] if match else message}")


def schema_fault(lines: FileLines, problem: Mapping[str, Any]) -> Fault:
    """A validation error of pydantic as a fault with file and line."""
    path = tuple(problem["loc"])
    where = lines.at(path, name_of(path))
    if problem["type"] == "missing":
        return Fault(where, "missing", "this key")
    if problem["type"] == "extra_forbidden":
        keys = _keys_at(path[:-1])
        near = nearest(str(path[-1]), keys)
        return Fault(where, "unknown key", f"did you mean {near!r}?" if near else f"one of {', '.join(keys)}")
    return Fault(where, shown_value(problem["input"]), _expected(problem))


def name_of(path: TomlPath) -> str:
    """A path as a fault shows it, such as "room[0].plan"."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def shown_value(value: object) -> str:
    """A value as a fault shows it."""
    text = repr(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Faults by file and line, each once."""
    return tuple(sorted(dict.fromkeys(faults), key=_file_and_line))


def _file_and_line(fault: Fault) -> tuple[str, int]:
    match = _FILE_AND_LINE.match(fault.where)
    return (match["file"], int(match["line"] or 0)) if match else (fault.where, 0)


def _expected(problem: Mapping[str, Any]) -> str:
    context = problem.get("ctx", {})
    if problem["type"] == "value_error":
        return str(context["error"])
    if problem["type"] == "literal_error":
        return f"one of {context['expected']}"
    return PATTERNS.get(context.get("pattern", "")) or TYPES.get(problem["type"]) or str(problem["msg"])


def _keys_at(path: TomlPath) -> list[str]:
    """The keys that the table at a path may have."""
    model: type[BaseModel] = ProgramTable
    for part in path:
        if isinstance(part, str):
            model = next(_models_in(model.model_fields[part].annotation))
    return list(model.model_fields)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _models_in(inner)
