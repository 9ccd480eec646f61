"""The sessions of a table with free column names, whatever file it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.domain.session import TBA, Item, Link
from app.importing.clean_text import block, link, one_line
from app.importing.dates import DateContext, read_moment
from app.importing.draft import DraftPerson, DraftSession, DraftTime
from app.importing.person_names import affiliations, all_names, looks_like_name, split_people, to_be_announced
from app.importing.session_cells import KnownPeople, read_cell
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
from app.importing.time_zones import known_zone
from app.importing.times_of_day import read_length

LONGEST_TITLE = 300
# What is meant as a date, whether there is such a day or not.
DATE_LIKE = re.compile(r"\d[-/.]\d|\d{4}")
ITEM = re.compile(r"#?(?P<number>\d{1,4})\s*[:.]\s+(?P<title>\S.{3,})")


def read_table(table: Table, dates: DateContext, known: KnownPeople | None = None) -> list[DraftSession]:
    """The sessions of a table, with or without times. ``known`` are people from elsewhere on the page."""
    has_dates = DATE in table.headers
    table = with_whole_names(one_session_a_row(with_days(table, dates), dates))
    roles = _roles(table)
    found = (_RowReader(table, roles, dates, known or {}, row).session() for row in table.rows)
    sessions = [one for one in found if one is not None]
    if roles.get("date") == DATE and not has_dates:
        sessions = [replace(one, time=replace(one.time, day_inherited=True)) for one in sessions]
    return with_afternoons(_with_inherited_days(sessions) if "date" in roles else sessions, dates.report)


def _roles(table: Table) -> dict[str, str]:
    """The header of each role; a column of times without a known name is found by its cells."""
    roles = roles_of(table)
    if not TIMES & set(roles) and (times := times_column(table)) is not None:
        roles = {role: header for role, header in roles.items() if header != times} | {"time": times}
    if "title" not in roles and (header := longest_column(table, roles.values())):
        roles["title"] = header
    return roles


def _with_inherited_days(sessions: Iterable[DraftSession]) -> list[DraftSession]:
    """A row without a day is on the day of the row above it."""
    result, day = [], None
    for session in sessions:
        time = session.time
        inherited = time.day_inherited or time.day is None
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
    row: TableRow

    def cell(self, role: str) -> Cell:
        """The cell of a role; an empty one where there is none. In a row that is called off, what is crossed out."""
        cell = self.row.get(self.roles[role], EMPTY) if role in self.roles else EMPTY
        return replace(cell, text=cell.struck or cell.text) if self._called_off else cell

    @property
    def _called_off(self) -> bool:
        """Whether the title is crossed out and said to be cancelled, or crossed out with whoever was to speak."""
        title, people = (self.row.get(self.roles.get(role, ""), EMPTY) for role in ("title", "people"))
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
        title, cancelled = (session.title, False) if self._is_own_export else without_cancelled(session.title)
        return replace(
            session,
            title=title,
            time=time,
            cancelled=cancelled or self._called_off or self.cell("status").text.casefold() in CANCELLED_STATES,
            number=self.cell("number").text or self.cell("guid").text,
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
        found = (link(header.strip().capitalize(), self.row.get(header, EMPTY).text) for header in headers)
        links = tuple(dict.fromkeys([*more, *filter(None, found)]))
        return links if links or headers else None

    def _content(self) -> DraftSession | None:
        """Title, people, kind and prose; None for a row that has none of the first three."""
        title, kind = self.cell("title"), self.cell("kind").text
        abstract = self.cell("abstract").text if "abstract" in self.roles else None
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
        return self._with_details(session, self.cell("details").text)

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
        people = _people_in(cell)
        if len(people) != 1:
            return people
        [person] = people
        places = person.affiliations or affiliations(self.cell("affiliation").text)
        url = next((one.url for one in cell.links if not one.url.startswith("#")), "")
        anchor = next((one.url[1:] for one in cell.links if one.url.startswith("#")), "")
        return (replace(person, affiliations=places, url=url, anchor=anchor),)

    def _with_people_of_texts(self, session: DraftSession, title: Cell) -> DraftSession:
        """A table without a column of people names them in the title, or in the description."""
        if LABEL.fullmatch(session.kind) and looks_like_name(session.title):
            talk = (session.abstract or "").strip()
            people = split_people(session.title)
            return replace(session, people=people, title=talk[:LONGEST_TITLE], abstract="" if talk else None)
        if session.abstract and all_names(session.abstract):
            return replace(session, people=split_people(session.abstract), abstract="")
        if session.kind:
            return replace(session, people=())
        return replace(read_cell(title, self.known), abstract=session.abstract)

    def _with_details(self, session: DraftSession, details: str) -> DraftSession:
        """A column of details holds people, an item, or prose."""
        if not details:
            return session
        if not session.people and all_names(details):
            return replace(session, people=split_people(details))
        if item := ITEM.fullmatch(details):
            return replace(session, items=(Item(number=item["number"], title=item["title"]),))
        worded = details if any(map(str.isalpha, details)) else f"{self.roles['details'].strip()}: {details}"
        return replace(session, abstract=block(f"{session.abstract or ''}\n\n{worded}"))

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
        moment = self._moment("date")
        if moment == DraftTime() and DATE_LIKE.search(text):
            self.dates.report.left("a date that cannot be read", text)
            return None
        return moment

    def _moment(self, role: str) -> DraftTime:
        text = self.cell(role).text
        return read_moment(text, self.dates) if text else DraftTime()


def _people_in(cell: Cell) -> tuple[DraftPerson, ...]:
    return split_people("\n".join(cell.lines) or cell.text)
