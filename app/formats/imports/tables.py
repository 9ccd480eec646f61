"""Tables with free column names, of whatever form, as rows of a draft."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from app.domain.matching import plain
from app.domain.session import TBA, Item, Link
from app.formats.imports.afternoon import in_the_afternoon
from app.formats.imports.cells import EMPTY, Cell, Table
from app.formats.imports.clocks import read_length
from app.formats.imports.columns import TIMES, link_columns, roles_of, times_column, title_columns, wordiest
from app.formats.imports.day_lines import DATE, dated
from app.formats.imports.days import Calendar
from app.formats.imports.draft import DraftPerson, Row, When
from app.formats.imports.grids import unfolded
from app.formats.imports.links import link
from app.formats.imports.moments import Moment, read_moment
from app.formats.imports.name_columns import with_whole_names
from app.formats.imports.names import affiliations, all_names, looks_like_name, split_people, to_be_announced
from app.formats.imports.text import block, one_line
from app.formats.imports.titles import LABEL, said_by, without_cancelled
from app.formats.imports.zones import known_zone

LONGEST_TITLE = 300
# What is meant as a date, whether there is such a day or not.
UNREAD_DATE = re.compile(r"\d[-/.]\d|\d{4}")
ITEM = re.compile(r"#?(?P<number>\d{1,4})\s*[:.]\s+(?P<title>\S.{3,})")


@dataclass(frozen=True, slots=True)
class Reading:
    """How one table is read: its roles, the calendar, the people known from around it."""

    table: Table
    roles: Mapping[str, str]
    calendar: Calendar
    known: Mapping[str, DraftPerson]

    def cell(self, row: Mapping[str, Cell], role: str) -> Cell:
        """The cell of a row that has a role; an empty one where there is none."""
        header = self.roles.get(role)
        return row.get(header, EMPTY) if header is not None else EMPTY

    def text(self, row: Mapping[str, Cell], role: str) -> str | None:
        """The text of that cell; None where the table has no such column."""
        return self.cell(row, role).text if role in self.roles else None


def read_table(table: Table, calendar: Calendar, known: Mapping[str, DraftPerson] | None = None) -> list[Row]:
    """The sessions of a table; empty when it says no times."""
    reading = reading_of(unfolded(dated(table, calendar), calendar), calendar, known or {})
    if not TIMES & set(reading.roles) and "date" not in reading.roles:
        return []
    rows = [row for cells in reading.table.rows if (row := _row(reading, cells)) is not None]
    if reading.roles.get("date") == DATE and DATE not in table.headers:
        rows = [replace(row, when=replace(row.when, carried=True)) for row in rows]
    return in_the_afternoon(_days_carried(rows) if "date" in reading.roles else rows, calendar.notes)


def reading_of(table: Table, calendar: Calendar, known: Mapping[str, DraftPerson]) -> Reading:
    """The roles of a table's columns; a column of times without a telling name is found by its cells."""
    table = with_whole_names(table)
    samples = table.samples()
    roles = roles_of(table.headers, samples)
    if not TIMES & set(roles):
        column = times_column(table.headers, samples)
        if column is not None:
            roles = {role: header for role, header in roles.items() if header != column} | {"time": column}
    if "title" not in roles and (header := wordiest(table.headers, roles.values(), samples)):
        roles["title"] = header
    return Reading(table, roles, calendar, known)


def items_of_table(table: Table, calendar: Calendar) -> tuple[Item, ...]:
    """The rows of a list of papers, as items."""
    reading = reading_of(table, calendar, {})
    return tuple(
        Item(
            title=reading.cell(row, "title").text,
            number=reading.cell(row, "number").text or reading.cell(row, "guid").text,
            authors=tuple(one.name for one in _named_in(reading.cell(row, "people"))),
            links=_links(reading, row) or (),
        )
        for row in table.rows
        if reading.cell(row, "title").text
    )


def _days_carried(rows: Iterable[Row]) -> list[Row]:
    """Rows below the one that says the day are on that day."""
    result, day = [], None
    for row in rows:
        carried = row.when.carried or row.when.day is None
        day = row.when.day or day
        result.append(row if row.when.start else replace(row, when=replace(row.when, day=day, carried=carried)))
    return result


def _row(reading: Reading, cells: Mapping[str, Cell]) -> Row | None:
    said = _content(reading, cells)
    if said is None:
        return None
    when = _when(reading, cells)
    title, cancelled = without_cancelled(said.title)
    status = (reading.text(cells, "status") or "").casefold()
    number = reading.cell(cells, "number").text or reading.cell(cells, "guid").text
    return replace(
        said,
        title=title,
        when=when,
        cancelled=cancelled or status in {"cancelled", "canceled", "abgesagt", "withdrawn"},
        number=number if len(number) <= len("12345678") else "",
        id=reading.cell(cells, "id").text,
        guid=reading.cell(cells, "guid").text,
        room=_words(reading, cells, "room"),
        track=_words(reading, cells, "track"),
        language=_words(reading, cells, "language"),
        links=_links(reading, cells, said.links or ()),
    )


def _words(reading: Reading, cells: Mapping[str, Cell], role: str) -> str | None:
    text = reading.text(cells, role)
    return None if text is None else one_line(text)


def _content(reading: Reading, cells: Mapping[str, Cell]) -> Row | None:
    """Title, people, kind and prose of a row; None for a row that says nothing."""
    title, kind = reading.cell(cells, "title"), reading.cell(cells, "kind").text
    abstract = reading.text(cells, "abstract")
    details = reading.cell(cells, "details").text
    words = one_line(title.text or _other_title(reading, cells))[:LONGEST_TITLE] or kind.strip(" :")
    if not words and (people := _people(reading, cells)):
        return Row(title="", kind=kind, abstract=abstract, people=people)
    if not words:
        if any(reading.cell(cells, role).text for role in TIMES):
            reading.calendar.notes.left("a line with a time and nothing else")
        return None
    open_title = words == TBA if "id" in reading.roles else to_be_announced(words)
    row = Row(title="" if open_title else words, kind=kind, abstract=abstract)
    if "people" in reading.roles:
        row = replace(row, people=_people(reading, cells))
    else:
        row = _people_elsewhere(reading, row, title if title.text else Cell(words))
    return _with_details(row, reading.roles["details"], details) if details else row


def _other_title(reading: Reading, cells: Mapping[str, Cell]) -> str:
    """What stands in another column that could be the title, where the title's own says nothing."""
    given = set(reading.roles.values())
    return next((cells[name].text for name in title_columns(cells) if name not in given and cells[name].text), "")


def _people(reading: Reading, cells: Mapping[str, Cell]) -> tuple[DraftPerson, ...]:
    cell = reading.cell(cells, "people")
    if "id" in reading.roles:  # our own export, in which only a semicolon divides
        return tuple(DraftPerson(name=name) for part in cell.text.split(";") if (name := one_line(part)))
    people = _named_in(cell)
    if len(people) != 1:
        return people
    places = affiliations(reading.cell(cells, "affiliation").text)
    urls = [one.url for one in cell.links if not one.url.startswith("#")]
    anchors = [one.url[1:] for one in cell.links if one.url.startswith("#")]
    return (
        replace(
            people[0],
            affiliations=people[0].affiliations or places,
            url=next(iter(urls), ""),
            anchor=next(iter(anchors), ""),
        ),
    )


def _named_in(cell: Cell) -> tuple[DraftPerson, ...]:
    return split_people("\n".join(cell.lines) or cell.text)


def _people_elsewhere(reading: Reading, row: Row, title: Cell) -> Row:
    """A table without a column of people names them in the title's, or in the description's."""
    label = LABEL.fullmatch(row.kind) is not None
    if label and looks_like_name(row.title):
        talk = (row.abstract or "").strip()
        return replace(row, people=split_people(row.title), title=talk[:LONGEST_TITLE], abstract="" if talk else None)
    if row.abstract and all_names(row.abstract):
        return replace(row, people=split_people(row.abstract), abstract="")
    if row.kind:
        return replace(row, people=())
    said = said_by(title, reading.known, plain)
    return replace(row, title=said.title, people=said.people, kind=said.kind, links=said.links)


def _with_details(row: Row, header: str, details: str) -> Row:
    if not row.people and all_names(details):
        return replace(row, people=split_people(details))
    if item := ITEM.fullmatch(details):
        return replace(row, items=(Item(number=item["number"], title=item["title"]),))
    worded = details if any(char.isalpha() for char in details) else f"{header.strip()}: {details}"
    return replace(row, abstract=block(f"{row.abstract or ''}\n\n{worded}"))


def _when(reading: Reading, cells: Mapping[str, Cell]) -> When:
    start, end = _moment(reading, cells, "start"), _moment(reading, cells, "end")
    both = _moment(reading, cells, "time")
    date, end_date = _day(reading, cells), _moment(reading, cells, "end_date")
    if date is None:
        return When()
    begins = start.over(both).over(date)
    ends = end.over(end_date)
    clock_after = both.end_clock if both.end_clock is not None else start.end_clock
    return When(
        start=begins.instant,
        end=ends.instant,
        day=date.day or begins.day,
        clock=begins.clock,
        end_day=end_date.day or ends.day,
        end_clock=ends.clock if ends.clock is not None else clock_after,
        duration=read_length(reading.cell(cells, "duration").text),
        zone=known_zone(reading.cell(cells, "timezone").text),
        half=begins.half,
    )


def _day(reading: Reading, cells: Mapping[str, Cell]) -> Moment | None:
    """The day that a row names itself; None for one that cannot be read: another day must not stand for it."""
    text, header = reading.cell(cells, "date").text, reading.roles.get("date", "")
    if (counted := reading.calendar.counted(text, header)) is not None:
        return Moment(day=counted)
    moment = _moment(reading, cells, "date")
    if moment == Moment() and UNREAD_DATE.search(text):
        reading.calendar.notes.left("a date that cannot be read", text)
        return None
    return moment


def _moment(reading: Reading, cells: Mapping[str, Cell], role: str) -> Moment:
    text = reading.cell(cells, role).text
    return read_moment(text, reading.calendar) if text else Moment()


def _links(reading: Reading, cells: Mapping[str, Cell], more: Iterable[Link] = ()) -> tuple[Link, ...] | None:
    columns = [*link_columns(reading.table.headers), *([reading.roles["url"]] if "url" in reading.roles else [])]
    found = [link(header.strip().capitalize(), cells.get(header, EMPTY).text) for header in columns]
    links = tuple(dict.fromkeys([*more, *(one for one in found if one is not None)]))
    return links if links or columns else None
