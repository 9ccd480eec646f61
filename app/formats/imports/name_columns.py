"""Names in two columns, a first and a last one: put together into one."""

from __future__ import annotations

from app.domain.matching import plain
from app.formats.imports.cells import EMPTY, Cell, Table

FIRST = frozenset({"first name", "firstname", "given name", "vorname", "prenom", "nombre"})
LAST = frozenset({"last name", "lastname", "surname", "family name", "nachname", "nom", "apellido"})
WHOSE = ("speaker", "presenter", "author")
TOGETHER = "speakers"


def with_whole_names(table: Table) -> Table:
    """The table with a column of whole names, where it has first and last ones and none of that name."""
    first, last = _column(table, FIRST), _column(table, LAST)
    if first is None or last is None or TOGETHER in table.headers:
        return table
    rows = tuple({**row, TOGETHER: _whole(row.get(first, EMPTY), row.get(last, EMPTY))} for row in table.rows)
    kept = tuple(header for header in table.headers if header not in {first, last})
    return Table((*kept, TOGETHER), rows, table.context)


def _column(table: Table, names: frozenset[str]) -> str | None:
    return next((header for header in table.headers if _bare(header) in names), None)


def _bare(header: str) -> str:
    words = plain(header).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] in WHOSE else words)


def _whole(first: Cell, last: Cell) -> Cell:
    return Cell(f"{first.text} {last.text}".strip())
