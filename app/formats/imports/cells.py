"""Cells of a table, whatever it was written in, and the tables they stand in."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.domain.session import Link


@dataclass(frozen=True, slots=True)
class Cell:
    """What a reader sees in a cell.

    ``links`` include those within the page (`#tri-dao`), ``struck`` is crossed out, ``bold``
    are the texts that stand out, ``lines`` what stands below each other.
    """

    text: str = ""
    links: tuple[Link, ...] = ()
    struck: str = ""
    bold: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header: each row maps headers to cells; ``context`` is what was said above it."""

    headers: tuple[str, ...]
    rows: tuple[dict[str, Cell], ...]
    context: tuple[str, ...] = field(default=())

    def samples(self, count: int = 200) -> dict[str, list[str]]:
        """Some cells of each column, to see what it holds."""
        return {header: [row.get(header, EMPTY).text for row in self.rows[:count]] for header in self.headers}
