"""Labels of poster boards to print, four or eight on a sheet, on which every text is measured to fit.

Units are those of `print_entries.py`. `print.css` has the lengths below.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.items import SessionItem, by_number
from app.domain.program import Program
from app.domain.session import Item
from app.formats.text_metrics import POINT_MM, line_count, truncated
from app.web.print_entries import LINE_HEIGHT, FittedText, Paper, best_size, ems, fitted_text
from app.web.print_selection import ALL, Selection

COLUMNS = 2
NUMBER_SIZES = (96, 84, 72, 60, 54, 48, 42, 36, 30, 24, 20, 16, 12)
TITLE_SIZES = (30, 28, 26, 24, 22, 20, 18, 16, 14, 13, 12, 11, 10, 9, 8)
# The size of the lines with the session, and the space between the number and the code.
SMALL, GAP = 9, 4


@dataclass(frozen=True)
class LabelFormat:
    """How many labels a sheet has, and a label's margin, line of names, and code, which is as high as the number."""

    per_sheet: int
    margin: float
    head: float
    code: float

    def width(self, paper: Paper) -> float:
        """The width of a label's text."""
        return paper.width / COLUMNS - 2 * self.margin

    def height(self, paper: Paper) -> float:
        """The height left for title and authors."""
        return paper.height / (self.per_sheet // COLUMNS) - 2 * self.margin - self.head - self.code - GAP


LABEL_FORMATS = {"4": LabelFormat(4, 9, 8, 40), "8": LabelFormat(8, 6, 6, 26)}


@dataclass(frozen=True)
class Label:
    """One item's label; ``where`` is its session with its time, on two lines at most."""

    item: Item
    number: str
    number_size: float
    text: FittedText
    where: str


def labels(program: Program, paper: Paper, form: LabelFormat, selection: Selection = ALL) -> list[list[Label]]:
    """A label for each item on a board, by number, sheet by sheet; of a session that is named for each of its items."""
    made = [_label(program, paper, form, one) for one in _items(program, selection)]
    return [made[first : first + form.per_sheet] for first in range(0, len(made), form.per_sheet)]


def _items(program: Program, selection: Selection) -> Iterator[SessionItem]:
    for session in selection.of(program).sessions:
        if session.has_boards or selection.session:
            yield from (SessionItem(session, item) for item in by_number(session.items))


def _label(program: Program, paper: Paper, form: LabelFormat, one: SessionItem) -> Label:
    beside_code = form.width(paper) - form.code - GAP
    time = f"{program.clock(one.session.start)}–{program.clock(one.session.end)}"
    where = truncated(f"{time} {one.session.title}", ems(beside_code, SMALL), 2)
    height = form.code - line_count(where, ems(beside_code, SMALL)) * SMALL * POINT_MM * LINE_HEIGHT

    def fits(size: float) -> bool:
        return size * POINT_MM * LINE_HEIGHT <= height and line_count(one.item.number, ems(beside_code, size)) <= 1

    size = best_size(one.item.number, beside_code, NUMBER_SIZES, fits)
    return Label(
        one.item,
        truncated(one.item.number, ems(beside_code, size), 1),
        size,
        fitted_text(one.item.title, one.item.authors, (form.width(paper), form.height(paper)), TITLE_SIZES),
        where,
    )
