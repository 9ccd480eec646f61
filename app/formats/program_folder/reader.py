"""Reads and checks a program folder: `program.toml` and `pages/*.md`.

All faults are reported at once, each with file and line, the value, and what was expected.
"""

from __future__ import annotations

import tomllib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.domain.errors import Fault, InvalidProgram
from app.domain.program import SLUG, Program
from app.domain.program_warnings import program_warnings
from app.formats.program_folder.faults import FileLines, Locations, in_order, schema_fault, syntax_fault
from app.formats.program_folder.files import PROGRAM_FILE, Pages, read_pages, read_text
from app.formats.program_folder.placeholder_values import with_stand_ins
from app.formats.program_folder.program_builder import build_program
from app.formats.program_folder.schema import ProgramTable


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found; ``program`` is None where there are faults."""

    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...] = ()
    program: Program | None = None


def read_program(folder: Path) -> Program:
    """The program of a folder; raises `InvalidProgram` with all faults."""
    return _read(folder)[0]


def read_id(folder: Path) -> str:
    """The id of a folder's program, whatever else in it is faulty; raises `InvalidProgram` with all faults."""
    text = read_text(folder / PROGRAM_FILE, "a program folder holds this file")
    with suppress(ValueError, RecursionError):
        found = "" if isinstance(text, Fault) else tomllib.loads(text).get("id")
        if isinstance(found, str) and SLUG.fullmatch(found):
            return found
    return read_program(folder).id


def check_folder(folder: Path) -> Report:
    """All faults and warnings of a folder; a user's mistake raises nothing."""
    try:
        program, locations = _read(folder)
    except InvalidProgram as error:
        return Report(tuple(error.faults))
    return Report((), in_order(map(locations.located, program_warnings(program))), program)


def _read(folder: Path) -> tuple[Program, Locations]:
    """The program of a folder and where its parts stand; raises `InvalidProgram` with all faults."""
    file = folder / PROGRAM_FILE
    text = read_text(file, "a program folder holds this file")
    if isinstance(text, Fault):
        raise InvalidProgram([text])
    pages = read_pages(folder)
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # int() raises a ValueError of its own
        raise InvalidProgram(in_order([syntax_fault(file, text, str(error)), *pages.faults])) from error
    return _checked(data, FileLines(file, text), pages)


def _checked(data: dict[str, Any], lines: FileLines, pages: Pages) -> tuple[Program, Locations]:
    faults: list[Fault] = [*pages.faults]
    try:
        table: ProgramTable | None = ProgramTable.model_validate(data)
    except ValidationError as error:
        problems = error.errors(include_url=False)
        faults += [schema_fault(lines, problem) for problem in problems]
        table = with_stand_ins(data, problems)
    if table is None:
        raise InvalidProgram(in_order(faults))
    locations = Locations(table, lines, pages.files)
    program, more = build_program(table, pages.pages, locations)
    if program is None or faults or more:
        raise InvalidProgram(in_order([*faults, *more]))
    return program, locations
