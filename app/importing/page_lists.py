"""Schedules in lines that begin with a time: lists, definition lists, rows of `div`, paragraphs, plain text.

A line that begins with a time begins a session. What else stands in its row (the largest element with no
other time in it) belongs to the session; where the row holds only the time, as `<dt>` does, so does what follows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, pairwise

from app.importing.page_cells import with_papers, without_papers
from app.importing.page_tree import Element, Line, lines_in, links_of, struck_text, text_of
from app.importing.table_columns import Cell
from app.importing.times_of_day import leading_span, read_clock

MOST_LINES = 50_000
# What is longer is no row: the last time of a page would have all that follows it.
MOST_LINES_OF_A_ROW = 30
HEADERS = ("time", "title", "details")


@dataclass(frozen=True, slots=True)
class TimedLine:
    """A line that begins with a time: the time, the rest of the line, and the block around it."""

    time: str
    rest: str
    block: Element


def timed_rows(
    elements: Iterable[Element], names_day: Callable[[str], bool]
) -> Iterator[tuple[str, tuple[Cell, Cell, Cell]]]:
    """Time, title and details of each row below some elements, with the last line above it that names a day."""
    lines = list(islice(chain.from_iterable(map(lines_in, elements)), MOST_LINES))
    timed = _timed_lines(lines)
    days = {at: line.text for at, line in enumerate(lines) if at not in timed and names_day(line.text)}
    days = {at: text for at, text in days.items() if not {at - 1, at + 1} & set(days)}  # one after the other: a menu
    counts = Counter(element for one in timed.values() for element in (one.block, *one.block.iterancestors()))
    day = ""
    for at, end in pairwise(sorted({*timed, *days, len(lines)})):
        day = days.get(at, day)
        if at in timed and (cells := _cells(timed[at], lines[at + 1 : end], counts)):
            yield day, cells


def _timed_lines(lines: Sequence[Line]) -> dict[int, TimedLine]:
    """The lines that begin with a time, by their number; a time alone below another one is its end."""
    found: dict[int, TimedLine] = {}
    for at, line in enumerate(lines):
        if (split := leading_span(line.text)) is None:
            continue
        one = TimedLine(line.text.removesuffix(split[1]), split[1], line.block)
        start = found.get(at - 1)
        if start is not None and not start.rest and not one.rest and _is_end(start.time, one.time):
            one = replace(one, time=f"{start.time} - {one.time}")
            del found[at - 1]
        found[at] = one
    return found


def _is_end(start: str, end: str) -> bool:
    first, last = read_clock(start), read_clock(end)
    return first is not None and last is not None and first < last


def _cells(one: TimedLine, following: Sequence[Line], counts: Counter[Element]) -> tuple[Cell, Cell, Cell] | None:
    """Time, title and details of a row; None for one without a title."""
    row = _row(one.block, counts)
    below = [line for line in following[:MOST_LINES_OF_A_ROW] if _is_within(line.block, row)]
    if not one.rest and not below and (parent := row.getparent()) is not None:
        below = [line for line in following[:MOST_LINES_OF_A_ROW] if _is_within(line.block, parent)]
    title = Line(one.rest, one.block) if one.rest else below.pop(0) if below else None
    if title is None or not any(map(str.isalnum, title.text)):
        return None
    [*details], papers = without_papers([title, *below])
    texts = tuple(line.text for line in details if line is not title)
    links = dict.fromkeys(chain.from_iterable(links_of(block) for block in dict.fromkeys(one.block for one in details)))
    bold = filter(None, map(text_of, title.block.iter("b", "strong")))
    cell = Cell(title.text, tuple(links), struck_text(title.block), tuple(bold))
    return Cell(one.time), with_papers(cell, papers), Cell("\n".join(texts), lines=texts)


def _row(block: Element, counts: Counter[Element]) -> Element:
    """The largest element around the block of a time that has no other time in it."""
    row = block
    for parent in block.iterancestors():
        if counts[parent] > 1 or parent.tag == "body":
            break
        row = parent
    return row


def _is_within(element: Element, other: Element) -> bool:
    return element is other or any(one is other for one in element.iterancestors())
