"""Reading real schedules: lenient with what comes in, and plain about what was guessed.

Each form has one reader, which makes a neutral draft; one builder makes the program. Whatever
bytes come in, there is a program or one clear error.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.program import Program
from app.formats.imports.build import program_of
from app.formats.imports.days import Calendar
from app.formats.imports.detect import read
from app.formats.imports.items import with_items
from app.formats.imports.notes import Notes
from app.formats.imports.place import ImportOptions
from app.formats.imports.refusal import ImportRefused
from app.formats.imports.source import Source

__all__ = ["ImportOptions", "ImportRefused", "Imported", "import_source"]

MOST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Imported:
    """A program, and what its import took, guessed and left, a line each."""

    program: Program
    took: tuple[str, ...]
    guessed: tuple[str, ...]
    left: tuple[str, ...]


def import_source(
    data: bytes, *, name: str, options: ImportOptions | None = None, former: Program | None = None
) -> Imported:
    """The program of a source in any known form; ``former`` is what it updates, ids and all.

    Raises `ImportRefused` (no program can be made of it), `UnknownZone` or `UnknownName`
    (an option that names what there is not).
    """
    options = options or ImportOptions()
    notes = Notes()
    first_day = options.first_date or (former.days[0] if former and former.days else None)
    source = Source(data, name, Calendar(first_day.year if first_day else None, options.first_date, notes))
    source.bounded(MOST_BYTES)
    if options.items_of is not None:
        program = with_items(source, options.items_of, former)
    else:
        draft = read(source)
        notes.took(f"read as {draft.form}")
        program = program_of(draft, options, former, name, notes)
    return Imported(program, *(tuple(notes.lines(sort)) for sort in ("took", "guessed", "left")))
