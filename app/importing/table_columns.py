"""Tables as rows of named cells, whatever file they come from, and which of their columns holds what."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache

from app.domain.session import Item, Link
from app.domain.session_matching import normalized
from app.importing.dates import DateContext
from app.importing.draft import MOST_COLUMNS
from app.importing.person_names import all_names
from app.importing.report import ImportReport
from app.importing.session_words import kind_of_title
from app.importing.time_zones import zone_of_all_times
from app.importing.times_of_day import read_span
from app.importing.vocabulary import by_name, lists, name_set

SAMPLE_ROWS = 200
FEW_CELLS = 5
# The column into which a day goes that a line across the table, or a text above it, names.
DATE = "date"


@dataclass(frozen=True, slots=True)
class Cell:
    """What a reader sees in a cell.

    ``links`` include those within the page (`#tri-dao`), ``struck`` is crossed out, ``bold``
    are the texts in bold, ``lines`` the lines of the cell, where it has several, ``papers``
    the entries of a list below its text, which is not part of ``text``, ``items`` those of a list of records.
    """

    text: str = ""
    links: tuple[Link, ...] = ()
    struck: str = ""
    bold: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    papers: tuple[Cell, ...] = ()
    items: tuple[Item, ...] = ()


EMPTY = Cell()
TableRow = dict[str, Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: each row maps headers to cells; ``context`` are the texts above the table."""

    headers: tuple[str, ...]
    rows: tuple[TableRow, ...]
    context: tuple[str, ...] = ()

    @classmethod
    def of(cls, names: Sequence[str], rows: Sequence[Sequence[Cell]], context: Iterable[str]) -> Table:
        """A table of rows of cells; a column without a name, or with one that comes again, gets its number."""
        width = max(map(len, (names, *rows)))
        headers = [name or f"column {at}" for at, name in enumerate([*names, *[""] * (width - len(names))], start=1)]
        unique = [name if name not in headers[:at] else f"{name} {at + 1}" for at, name in enumerate(headers)]
        return cls(tuple(unique), tuple(dict(zip(unique, row, strict=False)) for row in rows), tuple(context))

    def sample(self, header: str) -> list[str]:
        """The first texts of a column, to see what it holds."""
        return [row.get(header, EMPTY).text for row in self.rows[:SAMPLE_ROWS]]


def is_one_cell(row: Iterable[Cell]) -> bool:
    """Whether a row holds one text only: a cell across the table, or all others empty."""
    filled = [cell for cell in row if cell.text]
    return all(cell is filled[0] for cell in filled)


def header_rows(grid: Sequence[Sequence[Cell]]) -> int:
    """How many rows hold names: a cell that spans the first and the next row makes that one of them, too."""
    rows = 1
    while rows < len(grid) and any(cell.text and cell is one for cell, one in zip(grid[rows], grid[0], strict=False)):
        rows += 1
    return rows


def with_days(table: Table, dates: DateContext) -> Table:
    """The table with the day of each row, where a line across the table or a text above it names one."""
    day = next((text for text in table.context if dates.day(text) is not None), "")
    rows = []
    for row in table.rows:
        filled = [cell for cell in row.values() if cell.text]
        across = filled[0].text if filled and len(table.headers) > 1 and is_one_cell(filled) else ""
        timed = read_span(across) is not None
        if across and not timed and dates.day(across) is not None:
            day = across
        elif timed or not across:
            rows.append({**row, DATE: Cell(day)} if day and DATE not in row else row)
        else:
            dates.report.left("a line across the table", across)
    headers = (*table.headers, DATE) if day and DATE not in table.headers else table.headers
    return replace(table, headers=headers, rows=tuple(rows))


NAMES = lists("columns", normalized)
LINKS = name_set("other_columns.links")
FIRST_NAME = name_set("other_columns.first_name")
LAST_NAME = name_set("other_columns.last_name")
NAME_OWNERS = name_set("other_columns.name_owners")
ALL_NAMES = frozenset(by_name(NAMES))
TIMES = frozenset({"start", "time"})
TIME_NAMES = frozenset(
    name for role in (*TIMES, "date", "end", "end_date", "duration", "timezone") for name in NAMES[role]
)
# ISO 8601, and as spreadsheets write it.
DATE_AND_TIME = re.compile(r"\s*\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
# Names too short or too general to tell a column that only contains them.
SHORTEST_PART = 4
TOO_GENERAL = frozenset({"name", "what", "item", "event"})
WHOLE_NAMES = "speakers"


def roles_of(table: Table) -> dict[str, str]:
    """For each role, such as "title", the header of its column."""
    headers = {bare_name(header): header for header in reversed(table.headers) if header.strip()}
    roles: dict[str, str] = {}
    for find in (_same_name, _contained_name):
        for role, known in NAMES.items():
            free = {bare: header for bare, header in headers.items() if header not in roles.values()}
            header = find(free, known) if role not in roles else None
            if header is not None and _may_be(role, header, table.sample(header)):
                roles[role] = header
    return roles


def guessed_headers(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """Names for the columns of a table that has none: the times, a title, then people or details; "" for the rest."""
    width = min(max(map(len, rows), default=0), MOST_COLUMNS)
    columns = [[row[at].text if at < len(row) else "" for row in rows[:SAMPLE_ROWS]] for at in range(width)]
    times = [at for at, cells in enumerate(columns) if _are_times(cells)]
    texts = [at for at, cells in enumerate(columns) if at not in times and any(cells)]
    names = dict(zip(times, ("time", "end"), strict=False)) | dict(zip(texts, ("title",), strict=False))
    for at in texts[1:]:
        names[at] = WHOLE_NAMES if all(all_names(cell) for cell in columns[at] if cell) else f"notes {at + 1}"
    return [names.get(at, "") for at in range(width)]


def link_columns(table: Table) -> list[str]:
    """The headers of columns that hold links."""
    return [header for header in table.headers if bare_name(header) in LINKS]


def may_be_title(header: str) -> bool:
    """Whether a header is a name for titles."""
    return bare_name(header) in NAMES["title"]


def longest_column(table: Table, given: Container[str]) -> str | None:
    """The header of the column with the most text, of those not given yet; None where none has any."""
    sizes = {header: sum(map(len, table.sample(header))) for header in table.headers if header not in given}
    longest = max(sizes, key=lambda header: sizes[header], default=None)
    return longest if longest is not None and sizes[longest] else None


def times_column(table: Table) -> str | None:
    """The first column whose cells are times of day, whatever its name."""
    return next((header for header in table.headers if _are_times(table.sample(header))), None)


def zone_text_of(table: Table) -> str:
    """Texts that may name the zone of a table's times: their column's name, some of them, a line above on all times."""
    header = times_column(table)
    beside = [header, *table.sample(header)[:FEW_CELLS]] if header else []
    return " ".join([*beside, zone_of_all_times(table.context)])


def names_times(header: str) -> bool:
    """Whether a header is a known name of a column of times of day."""
    return any(bare_name(header) in NAMES[role] for role in (*TIMES, "end"))


def has_known_name(header: str) -> bool:
    """Whether a header is one of the known names, not merely contains one."""
    return bare_name(header) in ALL_NAMES


def with_whole_names(table: Table) -> Table:
    """The table with a column of whole names, where it has one of first and one of last names."""
    first, last = _part_of_names(table, FIRST_NAME), _part_of_names(table, LAST_NAME)
    if first is None or last is None or WHOLE_NAMES in table.headers:
        return table
    names = (f"{row.get(first, EMPTY).text} {row.get(last, EMPTY).text}".strip() for row in table.rows)
    rows = tuple({**row, WHOLE_NAMES: Cell(name)} for row, name in zip(table.rows, names, strict=True))
    kept = (header for header in table.headers if header not in {first, last})
    return Table((*kept, WHOLE_NAMES), rows, table.context)


def _part_of_names(table: Table, names: frozenset[str]) -> str | None:
    """The first column of some names, which an owner may stand before: `Speaker first name`."""
    owned = names | {f"{owner} {name}" for owner in NAME_OWNERS for name in names}
    return next((header for header in table.headers if normalized(header) in owned), None)


@lru_cache(maxsize=MOST_COLUMNS)
def bare_name(header: str) -> str:
    """A header as names are compared: words only, `startTime` as two, without what is in brackets."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"\((?!s\))[^)]*\)", "", header))
    return normalized(apart) if any(char.isalnum() for char in apart) else normalized(header)


def _same_name(headers: Mapping[str, str], names: Sequence[str]) -> str | None:
    return next((headers[name] for name in names if name in headers), None)


def _contained_name(headers: Mapping[str, str], names: Sequence[str]) -> str | None:
    words = (name for name in names if len(name) >= SHORTEST_PART and name not in TOO_GENERAL)
    return next((headers[bare] for word in words for bare in headers if word in bare.split()), None)


def _may_be(role: str, header: str, cells: Sequence[str]) -> bool:
    """Whether the cells of a column fit a role."""
    if role == "time":
        return _are_times(cells)
    if role == "people" and bare_name(header) == "name":  # of a person or of a session?
        return _mostly(all_names, cells)
    return role not in {"abstract", "people", "details"} or not _are_times(cells)


def _are_times(cells: Sequence[str]) -> bool:
    return _mostly(lambda cell: read_span(cell) is not None or is_date_and_time(cell), cells)


def is_date_and_time(text: str) -> bool:
    """Whether a text begins with a date and a time, as ISO 8601 or spreadsheets write them."""
    return DATE_AND_TIME.match(text) is not None


def _mostly(holds: Callable[[str], bool], cells: Sequence[str]) -> bool:
    """Whether something holds for at least half of the cells that are filled."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and 2 * sum(map(holds, filled)) >= len(filled)


FEWEST_COLUMNS = 2
FOR_ALL = frozenset({"break", "lunch", "opening", "closing", "social"})
COLUMNS_REPORTED = 6


def one_session_a_row(table: Table, dates: DateContext) -> Table:
    """The table with one session a row; unchanged when its columns are not rooms or days.

    A cell that spans all rooms is for all; one that spans some is in the first of them.
    """
    times = times_column(table)
    when = [header for header in table.headers if header in (times, DATE) or bare_name(header) in TIME_NAMES]
    columns = [header for header in table.headers if header not in when]
    if times is None or len(columns) < FEWEST_COLUMNS or _are_of_one_session(table, columns):
        return table
    sort = DATE if all(dates.day(header) for header in columns) else "room"
    remark = f"each column is a {'day' if sort == DATE else 'room'}"
    dates.report.guessed(remark, ", ".join(columns[:COLUMNS_REPORTED]), better="a column Title")
    if sort == "room":
        table = replace(table, rows=tuple(_common_row(row, columns, dates.report) for row in table.rows))
    found = tuple(_sessions(table, times, when, columns, sort))
    return Table(tuple({name: None for row in found for name in row}), found, table.context)


def _are_of_one_session(table: Table, columns: list[str]) -> bool:
    """Whether columns beside the times are a title, a speaker and the like, by a known name or by their cells."""
    sorts = {_mostly(all_names, table.sample(header)) for header in columns}
    return any(map(has_known_name, columns)) or len(sorts) > 1


def _common_row(row: TableRow, columns: list[str], report: ImportReport) -> TableRow:
    """A row with a break in all rooms, where only the first has it: CSV has nothing of the cells that were merged."""
    cell = row.get(columns[0], EMPTY)
    if kind_of_title(cell.text) not in FOR_ALL or any(row.get(other, EMPTY).text for other in columns[1:]):
        return row
    report.guessed("in the first room only, so for all", cell.text, better="its name in each room")
    return row | dict.fromkeys(columns, cell)


def _sessions(table: Table, times: str, when: list[str], columns: list[str], sort: str) -> Iterator[TableRow]:
    names = {header: header if bare_name(header) in TIME_NAMES else "time" for header in when if header != DATE}
    ends = [header for header in when if bare_name(header) in NAMES["end"]]
    above: TableRow = {}
    for at, row in enumerate(table.rows):
        first = {id(row[header]): header for header in reversed(columns) if header in row}  # of those that a cell spans
        for header in columns:
            cell = row.get(header, EMPTY)
            if not (cell.text or cell.struck) or cell is above.get(header) or first[id(cell)] != header:
                continue
            spans_all = all(row.get(other) is cell for other in columns)
            last = _last_row(table, at, header)
            session = {name: row.get(one, EMPTY) for one, name in names.items()} | {"title": cell}
            session |= {one: last.get(one, EMPTY) for one in ends} or {"end": _end(row, last, times)}
            session[sort] = EMPTY if spans_all and sort == "room" else Cell(header)
            yield {DATE: row[DATE], **session} if DATE in row else session
        above = row


def _last_row(table: Table, at: int, header: str) -> TableRow:
    """The last of the rows that a cell spans."""
    last = at
    while last + 1 < len(table.rows) and table.rows[last + 1].get(header) is table.rows[at][header]:
        last += 1
    return table.rows[last]


def _end(first: TableRow, last: TableRow, times: str) -> Cell:
    """When the last of several rows ends, by its time; empty for a single row."""
    span = read_span(last.get(times, EMPTY).text) if last is not first else None
    if span is None or span.end is None:
        return EMPTY
    hours, minutes = divmod(span.end // timedelta(minutes=1), 60)
    return Cell(f"{hours:02d}:{minutes:02d}")
