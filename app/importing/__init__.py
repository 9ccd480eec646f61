"""Import of published schedules: lenient with what comes in, and explicit about what was guessed.

Each format has one reader, which makes a neutral draft; `draft_to_program` makes the program of it.
Any bytes give a program or one clear error.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from app.domain.program import Program
from app.domain.texts import changed_texts, longest_of, most_of
from app.importing.dates import DateContext
from app.importing.detect_format import read
from app.importing.draft_to_program import program_of
from app.importing.paper_list import with_items_of
from app.importing.report import ImportRefused, ImportReport
from app.importing.source import ImportOptions, Source

__all__ = ["ImportOptions", "ImportRefused", "ImportReport", "Imported", "import_source"]

MOST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Imported:
    """A program, and what its import took, guessed and left, a line each."""

    program: Program
    took: tuple[str, ...]
    guessed: tuple[str, ...]
    left: tuple[str, ...]


def import_source(
    data: bytes,
    *,
    name: str,
    address: str = "",
    options: ImportOptions | None = None,
    former: Program | None = None,
    report: ImportReport | None = None,
) -> Imported:
    """The program of a source in any known format; ``former`` is the program that it updates.

    Relative links are resolved against ``address``, the source's own; without one they are left out.
    ``report`` may have remarks already, on how the source was found.

    Raises `ImportRefused` (no program can be made of it), `UnknownZone` or `UnknownName` (an option
    names a zone or a session that does not exist).
    """
    options = options or ImportOptions()
    report = report or ImportReport()
    first_day = options.first_date or (former.days[0] if former and former.days else None)
    dates = DateContext(
        first_day.year if first_day else None, options.first_date, report, day_given=options.first_date is not None
    )
    source = Source(data, name, dates, address)
    source.bounded(MOST_BYTES)
    if options.items_of is not None:
        program = with_items_of(source, options.items_of, former, number_from=options.number_from)
    else:
        draft = read(source)
        report.took(f"read as {draft.format}")
        program = program_of(draft, options, former, source)
    program = changed_texts(program, partial(_cut, report))
    return Imported(program, *(tuple(report.lines(sort)) for sort in ("took", "guessed", "left")))


def _cut(report: ImportReport, field: str, value: Any) -> Any:
    """A text, or a tuple, without what is beyond the bounds of its field: a part of an address leads elsewhere."""
    if field == "links":
        value = tuple(link for link in value if _cut(report, "url", link.url))
    most = longest_of(field) if isinstance(value, str) else most_of(field, value)
    if len(value) <= most:
        return value
    if field == "url":
        report.left(f"an address longer than {most:,} characters", value)
        return ""
    report.left(f"what is beyond {most:,} {'characters' if isinstance(value, str) else 'entries'}", f"{field} {value}")
    return value[:most]
