"""What is wrong with a program folder, in words: where, the value, and what was expected."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from app.domain.errors import Fault
from app.formats.folder import toml_lines
from app.formats.folder.schema import PATTERNS, SORTS, ProgramTable

LONGEST_VALUE = 200
_SYNTAX = re.compile(r"(?P<what>.*) \(at (?:line (?P<line>\d+), column \d+|end of document)\)", re.DOTALL)
_PLACE = re.compile(r"(?P<file>.*?)(?::(?P<line>\d+))?(?: |$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Places:
    """Where things stand in a program's file."""

    file: Path
    lines: Mapping[toml_lines.Path, int]

    @classmethod
    def of(cls, file: Path, text: str) -> Places:
        """The places in a file of this text."""
        return cls(file, toml_lines.lines_of(text))

    def line(self, path: toml_lines.Path) -> int:
        """The line of a table or key, or of what holds it."""
        return toml_lines.line_of(self.lines, path)

    def at(self, path: toml_lines.Path, name: str) -> str:
        """File, line and name of a table or key."""
        return f"{self.file}:{self.line(path)} {name}"


def syntax_fault(file: Path, text: str, message: str) -> Fault:
    """What is no TOML, with the line on which the parser stopped."""
    match = _SYNTAX.fullmatch(message)
    lines = text.rstrip("\n").split("\n")
    number = int(match["line"]) if match and match["line"] else len(lines)
    shown = lines[min(number, len(lines)) - 1].strip()
    return Fault(
        f"{file}:{number}", shown_value(shown), f"TOML (https://toml.io): {match['what'] if match else message}"
    )


def schema_fault(places: Places, problem: Mapping[str, Any]) -> Fault:
    """What pydantic found, with file and line."""
    path = tuple(problem["loc"])
    where = places.at(path, _dotted(path))
    if problem["type"] == "missing":
        return Fault(where, "missing", "this key")
    if problem["type"] == "extra_forbidden":
        return Fault(where, "unknown key", _keys_expected(str(path[-1]), _keys_at(path[:-1])))
    return Fault(where, shown_value(problem["input"]), _expected(problem))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like another; None where none is."""
    return next(iter(difflib.get_close_matches(name, list(known), n=1)), None)


def shown_value(value: object) -> str:
    """A value as it stands in a fault."""
    text = repr(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Faults in the order in which they stand in the files, each once."""
    return tuple(sorted(dict.fromkeys(faults), key=_place))


def _place(fault: Fault) -> tuple[str, int]:
    match = _PLACE.match(fault.where)
    return (match["file"], int(match["line"] or 0)) if match else (fault.where, 0)


def _expected(problem: Mapping[str, Any]) -> str:
    context = problem.get("ctx", {})
    if problem["type"] == "value_error":
        return str(context["error"])
    return PATTERNS.get(context.get("pattern", "")) or SORTS.get(problem["type"]) or str(problem["msg"])


def _keys_expected(key: str, known: Sequence[str]) -> str:
    near = nearest(key, known)
    return f"did you mean {near!r}?" if near else f"one of {', '.join(known)}"


def _dotted(path: toml_lines.Path) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def _keys_at(path: toml_lines.Path) -> list[str]:
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
