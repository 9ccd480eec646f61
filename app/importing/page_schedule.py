"""The sessions in a page's tables, or in its lines that begin with a time: lists, rows of `div`, paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain, islice, pairwise

from app.importing.dates import DateContext, find_date
from app.importing.draft import MOST_COLUMNS, MOST_ROWS, DraftSession
from app.importing.page_tree import HEADINGS, Element, Line, Section, lines, lines_in, links_of, struck_text, text_of
from app.importing.session_cells import KnownPeople
from app.importing.table_columns import EMPTY, Cell, Table, times_column, zone_text_of
from app.importing.table_head import table_of
from app.importing.table_rows import read_table
from app.importing.times_of_day import AFTER_A_TIME, leading_span, read_clock, with_minutes

LISTS = frozenset({"ol", "ul"})
ENTRIES = frozenset({"li", "dt"})
MOST_TABLES = 200
MOST_SPANNED = 500
MOST_DIGITS = 4
FEWEST_LISTED = 3
LONGEST_LEAD = 200
MOST_LINES = 50_000
# What is longer is no row: the last time of a page would have all that follows it.
MOST_LINES_OF_A_ROW = 30


def schedule_sessions(
    sections: Sequence[Section], dates: DateContext, known: KnownPeople
) -> tuple[list[DraftSession], str]:
    """The sessions of all tables with times, else of lists with times; and the texts of the tables' times."""
    sessions: list[DraftSession] = []
    texts: list[str] = []
    for element, lead in islice(tables_on(sections, dates), MOST_TABLES):
        table = table_of(cells_of(element), dates, lead)
        if times_column(table) is not None:
            sessions.extend(read_table(table, dates, known))
            texts.append(zone_text_of(table))
    if not sessions:
        return [one for table in _listed(sections, dates) for one in read_table(table, dates, known)], ""
    for section in sections:
        for _, (_, title, _) in _timed_rows(_outside_tables(section), lambda _: False):
            dates.report.left("lines that begin with a time, outside the tables", title.text)
    return sessions, " ".join(texts)


def cells_of(table: Element) -> list[list[Cell]]:
    """The cells of a table; one that spans columns or rows is, the same, in each place it covers."""
    rows = [tr for tr in table.iter("tr") if next(tr.iterancestors("table"), None) is table]
    grid: list[dict[int, Cell]] = [{} for _ in rows]
    for at, tr in enumerate(rows):
        column = 0
        for element in tr.iterchildren("td", "th"):
            while column in grid[at]:
                column += 1
            if column >= MOST_COLUMNS:
                break
            cell = cell_of(element)
            end = min(column + _span(element, "colspan"), MOST_COLUMNS)
            for row in grid[at : at + _span(element, "rowspan")]:
                row.update((covered, cell) for covered in range(column, end) if covered not in row)
            column = end
    return [[row.get(column, EMPTY) for column in range(max(row, default=-1) + 1)] for row in grid]


def _span(element: Element, name: str) -> int:
    text = element.get(name, "1").strip()
    return max(1, min(int(text), MOST_SPANNED)) if text.isdecimal() and len(text) <= MOST_DIGITS else 1


def tables_on(sections: Sequence[Section], dates: DateContext) -> Iterator[tuple[Element, tuple[str, ...]]]:
    """Each table of the page, with the texts that may name its day, the nearest first."""
    for section, day in _with_days_above(sections, dates):
        lead: list[str] = [day]
        for element in _outermost(section.elements):
            if element.tag != "table":
                named = [text for text in lines(element) if dates.is_day_line(text)]
                lead += named if len(named) == 1 else []
                continue
            captions = [text_of(caption)[:LONGEST_LEAD] for caption in element.findall("caption")[:1]]
            yield element, (*captions, *reversed(lead[1:]), *filter(dates.day, _ids_around(element)), day)


def _with_days_above(sections: Sequence[Section], dates: DateContext) -> Iterator[tuple[Section, str]]:
    """Each section with the heading of its day: its own, else the last one up to a heading of a higher level."""
    day, level = "", 0
    for section in sections:
        if section.level and dates.day(section.title) is not None:
            day, level = section.title, section.level
        elif section.level < level:
            day, level = "", 0
        yield section, day


def _outermost(elements: Iterable[Element]) -> Iterator[Element]:
    """The tables in some elements, and what stands between them, in the order of the page."""
    for element in elements:
        if element.tag == "table" or next(element.iter("table"), None) is None:
            yield element
        else:
            yield from _outermost(element)


def _outside_tables(section: Section) -> Iterator[Element]:
    return (one for one in _outermost(section.elements) if one.tag != "table")


def _ids_around(element: Element) -> Iterator[str]:
    """The ids of the elements around one, the nearest first, in words: `day-2` as "day 2"."""
    ids = (around.get("id", "")[:LONGEST_LEAD] for around in element.iterancestors() if around.get("id"))
    return (re.sub(r"[-_]|(?<=[a-z])(?=\d)", " ", one) for one in ids)


def _listed(sections: Sequence[Section], dates: DateContext) -> list[Table]:
    """A table for each day of the lines that begin with a time; none where they are few."""
    rows: dict[str, list[Sequence[Cell]]] = {}
    for section, day in _with_days_above(sections, dates):
        for named, cells in islice(_timed_rows(_outside_tables(section), dates.is_day_line), MOST_ROWS):
            rows.setdefault(named or day, []).append(cells)
    if sum(map(len, rows.values())) < FEWEST_LISTED:
        return []
    return [Table.of(("time", "title", "details"), found, (day,)) for day, found in rows.items()]


def _timed_rows(
    elements: Iterable[Element], names_day: Callable[[str], bool]
) -> Iterator[tuple[str, tuple[Cell, Cell, Cell]]]:
    """Time, title and details of each row below some elements, and its day's name: an id around it, or a line above.

    A line that begins with a time begins a session. What else stands in its row (the largest element with no
    other time in it) belongs to the session; where the row holds only the time, as `<dt>` does, so does what follows.
    """
    lines = list(islice(chain.from_iterable(map(lines_in, elements)), MOST_LINES))
    timed = _timed_lines(lines)
    days = {at: line.text for at, line in enumerate(lines) if at not in timed and names_day(line.text)}
    days = {at: text for at, text in days.items() if not {at - 1, at + 1} & set(days)}  # one after the other: a menu
    counts = Counter(element for line in timed.values() for element in _with_ancestors(line.block))
    day, named_by_id = "", cache(names_day)
    for at, end in pairwise(sorted({*timed, *days, len(lines)})):
        day = days.get(at, day)
        if at in timed and (cells := _cells(timed[at], lines[at + 1 : end], counts)):
            yield next(filter(named_by_id, _ids_around(timed[at].block)), day), cells


def _timed_lines(lines: Sequence[Line]) -> dict[int, Line]:
    """The lines that begin with a time, by their number; a time alone below another one is its end.

    Whole hours, such as `9-10`, are a time in a list in which other entries begin with one.
    """
    found: dict[int, Line] = {}
    timed = {line.block.getparent() for line in lines if line.block.tag in ENTRIES and leading_span(line.text)}
    for at, line in enumerate(lines):
        if (split := leading_span(line.text)) is None:
            whole = with_minutes(line.text) if line.block.tag in ENTRIES and line.block.getparent() in timed else None
            title = AFTER_A_TIME.sub("", whole[1]) if whole else ""
            if whole and not title[:1].islower() and find_date(line.text) is None:
                found[at] = replace(line, time=whole[0], text=title)
            continue
        time, above = line.text.removesuffix(split[1]).rstrip(" |:,.–—-"), found.get(at - 1)
        if above is not None and not above.text and not split[1]:
            start, end = read_clock(above.time), read_clock(time)
            if start is not None and end is not None and start < end:
                time = f"{above.time} - {time}"
                del found[at - 1]
        found[at] = replace(line, time=time, text=split[1])
    return found


def _cells(timed: Line, following: Sequence[Line], counts: Counter[Element]) -> tuple[Cell, Cell, Cell] | None:
    """Time, title and details of a row; None for one without a title."""
    row = _row(timed.block, counts)
    near = _near(following)
    lists = (one for one in islice(row.itersiblings(), 1) if row.tag == "p" and one.tag in LISTS)
    beside = {row, *lists}
    below = [line for line, around in near if not beside.isdisjoint(around)]
    if not below and (not timed.text or row.tag in HEADINGS):
        below = [line for line, around in near if row.getparent() in around]
    title = below.pop(0) if below and not timed.text else timed
    if not any(map(str.isalnum, title.text)):
        return None
    own, entries = _without_entries([title, *below])
    papers = tuple(map(_entry_cell, entries))
    details = tuple(line.text for line in own[1:])
    return Cell(timed.time), _cell([title.text], own, papers), Cell("\n".join(details), lines=details)


def _near(following: Sequence[Line]) -> list[tuple[Line, list[Element]]]:
    """The lines that may belong to the time above them, some and all that are listed, with the elements around each."""
    lines = ((at, line, _with_ancestors(line.block)) for at, line in enumerate(following))
    return [
        (line, around)
        for at, line, around in lines
        if at < MOST_LINES_OF_A_ROW or any(one.tag == "li" for one in around)
    ]


def _row(block: Element, counts: Counter[Element]) -> Element:
    """The largest element around the block of a time that has no other time in it."""
    row = block
    for parent in block.iterancestors():
        if counts[parent] > 1 or parent.tag == "body":
            break
        row = parent
    return row


def cell_of(element: Element) -> Cell:
    """An element as a cell; a list below a text in it becomes the cell's papers, without the lists below those."""
    own, entries = _without_entries(list(lines_in(element)))
    return replace(_cell_of(element, own), papers=tuple(map(_entry_cell, entries)))


def _entry_cell(entry: Element) -> Cell:
    own, _ = _without_entries(list(lines_in(entry)))
    return _cell_of(entry, own)


def _cell_of(element: Element, own: Sequence[Line]) -> Cell:
    return replace(_cell([line.text for line in own], own), struck=struck_text(element.iter()))


def entry_cell(entry: Element) -> Cell | None:
    """An entry of a list as a cell with all its lines; None for one of so many that it is no row."""
    found = list(islice(lines_in(entry), MOST_LINES_OF_A_ROW + 1))
    return _cell([line.text for line in found], found) if len(found) <= MOST_LINES_OF_A_ROW else None


def _cell(texts: Sequence[str], lines: Sequence[Line], papers: tuple[Cell, ...] = ()) -> Cell:
    """Texts as a cell, with what is marked in some lines."""
    marked = [one for line in lines for one in line.marked]
    bold = tuple(filter(None, map(text_of, (one for one in marked if one.tag in {"b", "strong"}))))
    return Cell(" ".join(texts), links_of(marked), struck_text(marked), bold, tuple(texts), papers)


def _without_entries(lines: Sequence[Line]) -> tuple[list[Line], tuple[Element, ...]]:
    """The lines that are not in a list below the first of them, and the entries of such lists."""
    first = lines[0].block if lines else None
    around = set() if first is None else set(_with_ancestors(first))
    entries = {line: _entry(line.block, around) for line in lines}
    papers = dict.fromkeys(entry for entry in entries.values() if entry is not None)
    return [line for line, entry in entries.items() if entry is None], tuple(papers)


def _entry(block: Element, around: set[Element]) -> Element | None:
    """The outermost entry around a block of a list that the first line is not in."""
    inside = [one for one in _with_ancestors(block) if one.tag == "li" and one.getparent() not in around]
    return inside[-1] if inside else None


def _with_ancestors(element: Element) -> list[Element]:
    return [element, *element.iterancestors()]
