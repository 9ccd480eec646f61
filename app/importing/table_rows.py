"""The sessions of a table with free column names, whatever file it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain, takewhile

from app.domain.session import TBA, Item, Link
from app.importing.clean_text import block, link, one_line, unquoted
from app.importing.dates import DateContext, read_moment
from app.importing.draft import DraftPerson, DraftSession, DraftTime
from app.importing.person_names import (
    LEADING_ROLE,
    all_names,
    are_people,
    are_plain_names,
    is_institution,
    split_people,
    to_be_announced,
)
from app.importing.report import ImportReport
from app.importing.session_cells import (
    BY_FORM,
    BY_LABEL,
    NAMED,
    OF_A_SPEAKER,
    Column,
    KnownPeople,
    read_cell,
    without_labels,
)
from app.importing.session_times import with_afternoons
from app.importing.session_words import CANCELLED_STATES, LABEL, says_cancelled, without_cancelled
from app.importing.table_columns import (
    DATE,
    EMPTY,
    TIMES,
    Cell,
    Table,
    TableRow,
    link_columns,
    longest_column,
    may_be_title,
    one_session_a_row,
    roles_of,
    times_column,
    with_days,
    with_whole_names,
)
from app.importing.table_evidence import (
    Evidence,
    are_evidently_people,
    cell_of_role,
    is_a_kind,
    labelled,
    lines_of,
    people_of_cell,
)
from app.importing.time_zones import known_zone
from app.importing.times_of_day import read_length
from app.importing.vocabulary import pattern

LONGEST_TITLE = 300
# What is meant as a date, whether there is such a day or not.
DATE_LIKE = re.compile(r"\d[-/.]\d|\d{4}")
# A session with a list of papers, by its kind or title.
PAPERS = re.compile(rf"\b{pattern('sessions.with_papers')}\b", re.IGNORECASE)
NO_TITLE = re.compile(rf"^[(\[]|\b{pattern('pages.rooms')}\b", re.IGNORECASE)
TBA_WORD = re.compile(rf"\b{pattern('sessions.to_be_announced')}", re.IGNORECASE)
IN_TEXT = "perhaps people, kept in the text"
PROSE = re.compile(rf"{pattern('sessions.prose_labels')}\s*(?::|$)\s*", re.IGNORECASE | re.MULTILINE)
ITEM = re.compile(r"#?(?P<number>\d{1,4})\s*[:.]\s+(?P<title>\S.{3,})")


def read_table(
    table: Table, dates: DateContext, known: KnownPeople | None = None, *, lines_across: bool = True
) -> list[DraftSession]:
    """The sessions of a table, with or without times. ``known`` are people from elsewhere on the page.

    ``lines_across`` tells whether a row of one cell is a line across the table, such as the day of those below.
    """
    has_dates = DATE in table.headers
    table = with_days(table, dates) if lines_across else table
    table = with_whole_names(one_session_a_row(table, dates))
    roles = _roles(table)
    moments = [roles[role] for role in ("date", "start", "time", "end", "end_date") if role in roles]
    dates = dates.with_order_of(row.get(header, EMPTY).text for row in table.rows for header in moments)
    _report_unread(table, roles, dates.report)
    table = _with_labels_before_details(table, roles)
    evidence = Evidence.of(table, roles, dates.report)
    found = (_RowReader(table, roles, dates, known or {}, evidence, row).session() for row in table.rows)
    sessions = [one for one in found if one is not None]
    if "date" in roles:
        sessions = _with_inherited_days(sessions, all_inherited=roles["date"] == DATE and not has_dates)
    return with_afternoons(sessions, dates.report)


def _roles(table: Table) -> dict[str, str]:
    """The header of each role; a column of times without a known name is found by its cells."""
    roles = roles_of(table)
    if not TIMES & set(roles) and (times := times_column(table)) is not None:
        roles = {role: header for role, header in roles.items() if header != times} | {"time": times}
    if "title" not in roles and (header := longest_column(table, roles.values())):
        roles["title"] = header
    return roles


def _report_unread(table: Table, roles: dict[str, str], report: ImportReport) -> None:
    """Report the columns that hold something and are read by nobody."""
    read = {*roles.values(), *link_columns(table)}
    for header in table.headers:
        cells = [row.get(header, EMPTY) for row in table.rows]
        lost = any(cell.text and not cell.links for cell in cells)
        if lost and header not in read and not may_be_title(header):
            report.left("a column that is not read", header)


def _with_labels_before_details(table: Table, roles: dict[str, str]) -> Table:
    """The table with `Spotlight: On roots` as a title where the title is a label, and the details are one line."""
    rows = []
    for row in table.rows:
        title, details = cell_of_role(row, roles, "title"), cell_of_role(row, roles, "details")
        if LABEL.fullmatch(title.text) and _is_a_title(details):
            worded = replace(details, text=f"{title.text}: {details.text}")
            rows.append({**row, roles["title"]: worded, roles["details"]: EMPTY})
        else:
            rows.append(row)
    return replace(table, rows=tuple(rows))


def _is_a_title(details: Cell) -> bool:
    """Whether details are one line, and neither an item nor people."""
    text = details.text
    return (
        len(lines_of(details)) == 1 and any(map(str.isalpha, text)) and not (ITEM.fullmatch(text) or are_people(text))
    )


def _with_inherited_days(sessions: Iterable[DraftSession], *, all_inherited: bool) -> list[DraftSession]:
    """A row without a day is on the day of the row above it; all rows may have theirs from a line above."""
    result, day = [], None
    for session in sessions:
        time = session.time
        inherited = all_inherited or time.day_inherited or time.day is None
        day = time.day or day
        result.append(session if time.start else replace(session, time=replace(time, day=day, day_inherited=inherited)))
    return result


@dataclass(frozen=True, slots=True)
class _RowReader:
    """One row of a table, its cells by their role."""

    table: Table
    roles: dict[str, str]
    dates: DateContext
    known: KnownPeople
    evidence: Evidence
    row: TableRow

    def cell(self, role: str) -> Cell:
        """The cell of a role; an empty one where there is none, or where the title's cell spans it.

        In a row that is called off, what is crossed out.
        """
        cell = cell_of_role(self.row, self.roles, role)
        if role != "title" and cell is cell_of_role(self.row, self.roles, "title"):
            return EMPTY
        return replace(cell, text=cell.struck or cell.text) if self._called_off else cell

    @property
    def _called_off(self) -> bool:
        """Whether the title is crossed out and said to be cancelled, or crossed out with whoever was to speak."""
        title, people = (cell_of_role(self.row, self.roles, role) for role in ("title", "people"))
        return bool(title.struck) and (says_cancelled(title.text) if title.text else not people.text)

    def line(self, role: str) -> str | None:
        """The text of a cell; None where the table has no such column."""
        return one_line(self.cell(role).text) if role in self.roles else None

    def session(self) -> DraftSession | None:
        """The row's session; None for a row that has no title, people or kind."""
        session = self._content()
        if session is None:
            return None
        time = self._time()
        items = tuple(chain.from_iterable(cell.items for cell in self.row.values()))
        title, cancelled = (session.title, False) if self._is_own_export else without_cancelled(session.title)
        return replace(
            session,
            title=title,
            items=(*(session.items or ()), *items) if items else session.items,
            time=time,
            cancelled=cancelled or self._called_off or self.cell("status").text.casefold() in CANCELLED_STATES,
            id=self.cell("id").text,
            guid=self.cell("guid").text,
            room=self.line("room"),
            track=self.line("track"),
            language=self.line("language"),
            links=self._links(session.links or ()),
        )

    def _links(self, more: Iterable[Link]) -> tuple[Link, ...] | None:
        """The links of the row's columns after some others; None where there can be none."""
        headers = [*link_columns(self.table), *([self.roles["url"]] if "url" in self.roles else [])]
        found = [link(header.strip().capitalize(), self.row.get(header, EMPTY).text) for header in headers]
        for header, one in zip(headers, found, strict=True):
            cell = self.row.get(header, EMPTY)
            if one is None and not cell.links and not to_be_announced(cell.text):
                self.dates.report.left("no link, as it is no address", f"{header}: {cell.text}")
        beside = (one for header, cell in self.row.items() if header not in self.roles.values() for one in cell.links)
        outside = (one for one in beside if not one.url.startswith("#"))
        links = tuple(dict.fromkeys([*more, *filter(None, found), *outside]))
        return links if links or headers else None

    def _content(self) -> DraftSession | None:
        """Title, people, kind and prose; None for a row that has none of the first three."""
        title, kind, beside = self.cell("title"), self.cell("kind").text, self.cell("people")
        if not title.text and is_a_kind(beside.text) and not self._is_own_export:
            title = beside
        title, prose = (title, "") if self._is_own_export else _without_prose(without_labels(title))
        abstract = self.cell("abstract").text if "abstract" in self.roles else None
        abstract = block(f"{abstract or ''}\n\n{prose}") if prose else abstract
        words = one_line(title.text or self._other_title())[:LONGEST_TITLE] or kind.strip(" :")
        if not words and (people := self._people()):
            return DraftSession(title="", kind=kind, abstract=abstract, people=people)
        if not words:
            if any(self.cell(role).text for role in TIMES):
                self.dates.report.left("a line with a time and nothing else")
            return None
        is_open = words == TBA if self._is_own_export else to_be_announced(words)
        links = tuple(one for one in title.links if not one.url.startswith("#"))
        session = DraftSession(title="" if is_open else words, kind=kind, abstract=abstract, links=links)
        if "people" in self.roles:
            session = replace(session, people=self._people())
        else:
            session = self._with_people_of_texts(session, title if title.text else Cell(words))
        return self._with_papers(self._with_details(session, self.cell("details")), title.papers)

    @property
    def _is_own_export(self) -> bool:
        return "id" in self.roles

    def _other_title(self) -> str:
        """A text of another column that could be the title, where the title's own is empty."""
        given = set(self.roles.values())
        texts = (cell.text for header, cell in self.row.items() if header not in given and may_be_title(header))
        return next(filter(None, texts), "")

    def _people(self) -> tuple[DraftPerson, ...]:
        cell = self.cell("people")
        if self._is_own_export:  # only a semicolon divides there
            return tuple(DraftPerson(name=name) for part in cell.text.split(";") if (name := one_line(part)))
        if is_a_kind(cell.text):
            if self.cell("title").text:
                self.dates.report.left("no person", cell.text)
            return ()
        return people_of_cell(cell, self.cell("affiliation").text, self.evidence, self.dates.report)

    def _with_people_of_texts(self, session: DraftSession, title: Cell) -> DraftSession:
        """A table without a column of people names them in the title, or in the description."""
        if session.kind in self.evidence.labels and are_plain_names(session.title):
            self.dates.report.guessed(BY_LABEL, session.title, better=NAMED)
            talk = (session.abstract or "").strip()
            people = split_people(session.title)
            return replace(session, people=people, title=talk[:LONGEST_TITLE], abstract="" if talk else None)
        if session.abstract and ("abstract", session.kind) in self.evidence.prose:
            self.dates.report.guessed(BY_FORM, session.abstract, better=NAMED)
            return replace(session, people=split_people(session.abstract), abstract="")
        found = read_cell(labelled(title, session.kind), self.known, self.evidence.titles)
        return replace(found, abstract=session.abstract, kind=session.kind or found.kind)

    def _with_details(self, session: DraftSession, cell: Cell) -> DraftSession:
        """A column of details holds people, then items and prose."""
        if not cell.text:
            return session
        lines = lines_of(cell)
        speaks = LABEL.fullmatch(session.title) and OF_A_SPEAKER.search(session.title) and are_plain_names(lines[0])
        holds_names = speaks or ("details", self.cell("kind").text) in self.evidence.prose
        names = list(takewhile(lambda line: are_evidently_people(line) or (holds_names and all_names(line)), lines))
        if names and not session.people:
            session, lines = replace(session, people=split_people("\n".join(names))), lines[len(names) :]
            self.dates.report.guessed(BY_FORM, ", ".join(names), better=NAMED)
        if len(lines) == 1 and session.people and not session.title and self._may_be_the_title(lines[0]):
            self.dates.report.guessed("a title below who speaks", lines[0], better="a column Title")
            return replace(session, title=unquoted(lines[0])[:LONGEST_TITLE])
        found = tuple(Item(number=item["number"], title=item["title"]) for item in map(ITEM.fullmatch, lines) if item)
        prose = "\n".join(line for line in lines if not ITEM.fullmatch(line))
        if prose and are_plain_names(prose):
            self.dates.report.guessed(IN_TEXT, prose, better=NAMED)
        worded = prose if any(map(str.isalpha, prose)) or not prose else f"{self.roles['details'].strip()}: {prose}"
        abstract = block(f"{session.abstract or ''}\n\n{worded}")
        return replace(session, abstract=abstract or session.abstract, items=found or session.items)

    def _may_be_the_title(self, line: str) -> bool:
        """Whether a line below who speaks is no place, role or remark, and the title is not said to come later."""
        is_other = is_institution(line) or LEADING_ROLE.match(line) or NO_TITLE.search(line) or are_people(line)
        return not is_other and not TBA_WORD.search(self.cell("title").text)

    def _with_papers(self, session: DraftSession, papers: tuple[Cell, ...]) -> DraftSession:
        """A list below the title: people, or papers where the title or the entries say so, else prose."""
        if not papers:
            return session
        texts = [paper.text for paper in papers]
        of_papers = PAPERS.search(f"{session.kind} {session.title}")
        if not of_papers and not session.people and all(map(are_people, texts)):
            return replace(session, people=split_people("\n".join(texts)))
        if of_papers or any(paper.links for paper in papers):
            column = Column.of(papers, self.dates.report)
            items = tuple(_item(read_cell(paper, self.known, column), paper) for paper in papers)
            self.dates.report.took("papers listed below a session", session.title)
            return replace(session, items=(*(session.items or ()), *items))
        listed = "\n".join(f"- {text}" for text in texts)
        return replace(session, abstract=block(f"{session.abstract or ''}\n\n{listed}"))

    def _time(self) -> DraftTime:
        start, end, both, last = (self._moment(role) for role in ("start", "end", "time", "end_date"))
        date = self._date()
        if date is None:
            return DraftTime()
        begins, ends = start.completed_by(both).completed_by(date), end.completed_by(last)
        end_clock = both.end_clock if both.end_clock is not None else start.end_clock
        return replace(
            begins,
            end=ends.start,
            day=date.day or begins.day,
            end_day=last.day or ends.day,
            end_clock=ends.clock if ends.clock is not None else end_clock,
            duration=read_length(self.cell("duration").text),
            zone=known_zone(self.cell("timezone").text),
        )

    def _date(self) -> DraftTime | None:
        """The row's own date; None for one that cannot be read: no other may replace it."""
        text = self.cell("date").text
        if (counted := self.dates.counted_day(text, self.roles.get("date", ""))) is not None:
            return DraftTime(day=counted)
        text = self.dates.with_year(text)
        moment = read_moment(text, self.dates)
        if moment == DraftTime() and DATE_LIKE.search(text) and not self.dates.lacks_year(text):
            self.dates.report.left("a date that cannot be read", text)
            return None
        return moment

    def _moment(self, role: str) -> DraftTime:
        text = self.cell(role).text
        return read_moment(text, self.dates) if text else DraftTime()


def _without_prose(title: Cell) -> tuple[Cell, str]:
    """The cell of a title without the lines from `Abstract:` or the like on, and those."""
    lines = lines_of(title)
    first = next((at for at, line in enumerate(lines) if at and PROSE.match(line)), len(lines))
    if first == len(lines):
        return title, ""
    prose = PROSE.sub("", "\n".join(lines[first:]), count=1).strip()
    return (replace(title, text=" ".join(lines[:first]), lines=lines[:first]), prose) if prose else (title, "")


def _item(session: DraftSession, cell: Cell) -> Item:
    """An entry of a list as an item; its whole text is the title where no other was found."""
    numbered = ITEM.fullmatch(session.title)
    item = session.as_item() if session.title else Item(title=cell.text, links=session.links or ())
    return replace(item, title=numbered["title"], number=numbered["number"]) if numbered else item
