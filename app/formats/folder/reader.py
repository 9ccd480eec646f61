"""A program folder: `program.toml` and `pages/*.md`.

Reading reports all faults at once, each with file and line, the value, and what was expected.
"""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.domain.errors import Fault, InvalidProgram
from app.domain.faults import program_warnings
from app.domain.program import Program
from app.formats.folder.build import build_program
from app.formats.folder.faults import Places, in_order, schema_fault, syntax_fault
from app.formats.folder.index import Index
from app.formats.folder.mend import mended
from app.formats.folder.pages import Pages, read_pages
from app.formats.folder.schema import ProgramTable
from app.formats.folder.text import read_text

FILE = "program.toml"
ID = re.compile(r"[a-z0-9-]+")


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


def read_id(folder: Path) -> str:
    """The id of a folder's program, whatever else in it is faulty; raises `InvalidProgram` with all faults."""
    text = read_text(folder / FILE, "a program folder holds this file")
    with suppress(ValueError, RecursionError):
        found = "" if isinstance(text, Fault) else tomllib.loads(text).get("id")
        if isinstance(found, str) and ID.fullmatch(found):
            return found
    return read_program(folder).id


def check_folder(folder: Path) -> Report:
    """All that is wrong with a folder, and all that is odd; raises nothing for a user's mistake."""
    file = folder / FILE
    text = read_text(file, "a program folder holds this file")
    if isinstance(text, Fault):
        return Report((text,))
    pages = read_pages(folder)
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # tomllib has its own ValueError, and Python's for giant numbers
        return Report(in_order([syntax_fault(file, text, str(error)), *pages.faults]))
    return _checked(data, Places.of(file, text), pages)


def _checked(data: dict[str, Any], places: Places, pages: Pages) -> Report:
    faults: list[Fault] = [*pages.faults]
    try:
        table: ProgramTable | None = ProgramTable.model_validate(data)
    except ValidationError as error:
        problems = error.errors(include_url=False)
        faults += [schema_fault(places, problem) for problem in problems]
        table = mended(data, problems)
    if table is None:
        return Report(in_order(faults))
    index = Index.of(table, places, pages.files)
    program, more = build_program(table, pages.pages, index)
    if program is None or faults or more:
        return Report(in_order([*faults, *more]))
    return Report((), in_order(map(index.placed, program_warnings(program))), program)
