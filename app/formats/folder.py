"""A program folder: `program.toml` and `pages/*.md`.

Reading reports all faults at once, each with file and line, the value, and what was expected.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from app.domain.errors import Fault, InvalidProgram
from app.domain.faults import program_warnings
from app.domain.program import Program
from app.formats import toml_lines
from app.formats.folder_build import Places, build_program
from app.formats.folder_pages import read_pages
from app.formats.folder_schema import FORMS, ProgramTable

FILE = "program.toml"
LARGEST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found; ``program`` is None where there are faults."""

    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...] = ()
    program: Program | None = None


def read_program(folder: Path) -> Program:
    """The program of a folder; raises `InvalidProgram` with all faults."""
    report = check_folder(folder)
    if report.program is None:
        raise InvalidProgram(report.faults)
    return report.program


def check_folder(folder: Path) -> Report:
    """All that is wrong with a folder, and all that is odd; raises nothing for a user's mistake."""
    path = folder / FILE
    try:
        text = _text(path)
        data = tomllib.loads(text)
    except OSError as error:
        return Report((Fault(str(path), error.strerror or "cannot be read", "a program folder holds this file"),))
    except UnicodeDecodeError as error:
        return Report((Fault(f"{path}:{_line_at(path, error.start)}", "not UTF-8", "text in UTF-8"),))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return Report((Fault(str(path), str(error), "TOML (https://toml.io)"),))
    return _check(folder, Places(path, toml_lines.lines_of(text)), data)


def _check(folder: Path, places: Places, data: dict[str, Any]) -> Report:
    pages, faults = read_pages(folder / "pages")
    try:
        table = ProgramTable.model_validate(data)
    except ValidationError as error:
        problems = error.errors(include_url=False)
        faults = [*(_fault(places, problem) for problem in problems), *faults]
        pruned = _sound_part(data, [tuple(problem["loc"]) for problem in problems])
        if pruned is None:
            return Report(tuple(faults))
        table = pruned
    program, more = build_program(table, pages, places)
    if program is None or faults or more:
        return Report((*faults, *more))
    warnings = tuple(places.placed(warning, table) for warning in program_warnings(program))
    return Report((), warnings, program)


def _sound_part(data: dict[str, Any], problems: list[tuple[str | int, ...]]) -> ProgramTable | None:
    """The program without the sessions that are faulty in themselves, so that the rest is checked too.

    None where more than sessions is faulty: what refers to it would look faulty as well.
    """
    if not all(path[:1] == ("day",) and path[2:3] == ("session",) for path in problems):
        return None
    faulty = {(path[1], path[3]) for path in problems if len(path) > 3}  # noqa: PLR2004 - day, n, session, n
    days = [
        {**day, "session": [one for m, one in enumerate(day.get("session", ())) if (n, m) not in faulty]}
        for n, day in enumerate(data["day"])
    ]
    try:
        return ProgramTable.model_validate({**data, "day": days})
    except ValidationError:
        return None


def _text(path: Path) -> str:
    if path.stat().st_size > LARGEST_BYTES:
        raise OSError(0, f"larger than {LARGEST_BYTES} bytes")
    return path.read_text(encoding="utf-8")


def _line_at(path: Path, offset: int) -> int:
    return path.read_bytes()[:offset].count(b"\n") + 1


def _fault(places: Places, problem: Mapping[str, Any]) -> Fault:
    path = tuple(problem["loc"])
    where = f"{places.at(path)} {_dotted(path)}"
    if problem["type"] == "missing":
        return Fault(where, "missing", "this key")
    if problem["type"] == "extra_forbidden":
        return Fault(where, "unknown key", _suggestion(str(path[-1]), _fields_at(path[:-1])))
    expected = FORMS.get(problem.get("ctx", {}).get("pattern", ""), problem["msg"])
    return Fault(where, repr(problem["input"])[:200], expected)


def _dotted(path: tuple[str | int, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def _suggestion(key: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"one of {', '.join(known)}"


def _fields_at(path: tuple[str | int, ...]) -> list[str]:
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
