"""A list of papers in any format, as the items of a session of a program."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from app.domain.item_matching import compared_title
from app.domain.items import numbered_from
from app.domain.program import Program
from app.domain.session import Item, Session
from app.domain.session_matching import normalized
from app.importing import openreview
from app.importing.csv_table import csv_table, read_csv
from app.importing.detect_format import is_of_a_system, read, read_json, reader_of
from app.importing.draft import MOST_SESSIONS
from app.importing.json_yaml_data import data_of_yaml, json_data
from app.importing.merge_with_former import merged_items, with_sound_item_ids
from app.importing.page_schedule import MOST_TABLES, cells_of, entry_cell, tables_on
from app.importing.page_tree import Element, Section, page_source, sections
from app.importing.paper_entries import papers_of_entries
from app.importing.paper_tables import better_of, has_papers, names_authors, papers_of
from app.importing.papers import LEFT_OUT, Paper, accepted_items, presentation_of
from app.importing.record_lists import MOST_BYTES as MOST_BYTES_OF_YAML
from app.importing.record_lists import read_yaml, record_tables
from app.importing.report import ImportReport, counted
from app.importing.source import Source
from app.importing.spreadsheet import read_spreadsheet, sheets_of
from app.importing.table_columns import Table, times_column
from app.importing.table_head import table_of
from app.importing.web_page import read_page

MOST_LISTS = 2000
# In such a list there may be one of papers: by days, by sessions.
MOST_LISTS_AROUND = 3
NO_TITLES = "no titles of papers in it; name their column Title"


@dataclass(frozen=True, slots=True)
class PaperList:
    """The papers of a source, the name of its form, and where it could say what was decided ("" where it need not)."""

    form: str
    papers: Sequence[Paper]
    better: str = ""


def with_items_of(source: Source, session: str, former: Program | None, *, number_from: int | None = None) -> Program:
    """The program with papers, posters or demos as the items of a session, in the order of their list.

    Known ones keep their ids, and what the list does not say; those without a number get the next free one from
    ``number_from`` on. Raises `ImportRefused`, `UnknownName`.
    """
    if former is None:
        raise source.refused("items need a program to go into; import the schedule first")
    target = _session(former, session)
    found = papers_in(source)
    source.report.took(f"read as {found.form}")
    items = merged_items(_items(found, source), target.items, source.report)
    if number_from is not None:
        items = numbered_from(items, number_from)
    source.report.took(f"{counted(len(items), 'item')} of {target.title}")
    changed = replace(target, items=items)
    sessions = [changed if one.id == target.id else one for one in former.sessions]
    return replace(former, sessions=with_sound_item_ids(sessions, former, source.report))


def _session(program: Program, name: str) -> Session:
    """A session by its id, else by its title; raises `UnknownName`."""
    titled = [one for one in program.sessions if normalized(one.title) == normalized(name)]
    return titled[0] if len(titled) == 1 and name not in program.sessions_by_id else program.session(name)


def _items(found: PaperList, source: Source) -> tuple[Item, ...]:
    """The accepted papers of a list, each once; raises `ImportRefused` where there are none, or too many."""
    titled = [paper for paper in found.papers if paper.item.title]
    if not titled:
        raise source.refused(NO_TITLES)
    if len(titled) < len(found.papers):
        source.report.left(f"{counted(len(found.papers) - len(titled), 'line')} without a title")
    if len(titled) > MOST_SESSIONS:
        raise source.refused(f"more than {MOST_SESSIONS} papers")
    items = _each_once(accepted_items(titled, source.report, found.better), source.report)
    if not items:
        verdicts = [paper.verdict for paper in titled]
        counts = ", ".join(f"{count} {verdict}" for verdict in LEFT_OUT if (count := verdicts.count(verdict)))
        raise source.refused(f"no accepted papers in it ({counts})")
    return items


def _each_once(items: Sequence[Item], report: ImportReport) -> tuple[Item, ...]:
    """The items without those that come again, with the same authors and number."""
    unique: dict[tuple[str, tuple[str, ...], str], Item] = {}
    for item in items:
        key = (compared_title(item), item.authors, item.number)
        if key in unique:
            report.left("listed twice, so taken once", item.title)
        unique.setdefault(key, item)
    return tuple(unique.values())


def papers_in(source: Source) -> PaperList:
    """What a source lists: by its columns, by the form of its entries, else its sessions; raises `ImportRefused`."""
    reader = reader_of(source)
    if reader is read_json:
        return _of_json(source)
    if reader is read_page:
        return _of_page(source) or _of_sessions(source)
    if reader not in TABLES:
        return _of_sessions(source)
    return _of_tables(TABLES[reader](source), source, FORMS[reader])


def _tables_of_yaml(source: Source) -> dict[str, Table]:
    source.bounded(MOST_BYTES_OF_YAML)
    return _numbered(record_tables(data_of_yaml(source.text, source), source))


def _numbered(tables: Iterator[Table]) -> dict[str, Table]:
    return {f"{number}. list": table for number, table in enumerate(tables, start=1)}


# For formats that are tables, the tables by their names.
TABLES: dict[Callable[..., object], Callable[[Source], dict[str, Table]]] = {
    read_csv: lambda source: {"": csv_table(source)},
    read_spreadsheet: sheets_of,
    read_yaml: _tables_of_yaml,
}
FORMS: dict[Callable[..., object], str] = {read_csv: "CSV", read_spreadsheet: "spreadsheet", read_yaml: "YAML"}


def _of_json(source: Source) -> PaperList:
    data = json_data(source)
    if openreview.is_empty_answer(data):
        raise source.refused("OpenReview's answer holds no paper; what is not public it gives only after a sign-in")
    if openreview.notes_of(data):
        return PaperList("OpenReview's notes", openreview.papers_of_notes(data, source), openreview.BETTER)
    if is_of_a_system(data):
        return _of_sessions(source)
    return _of_tables(_numbered(record_tables(data, source)), source, "JSON")


def _of_tables(tables: dict[str, Table], source: Source, form: str) -> PaperList:
    """The papers of the first table with authors, else with titles, and of those that have most of its columns.

    The rows of a schedule are read as sessions are.
    """
    titled = [name for name, table in tables.items() if has_papers(table)]
    first = next((name for name in titled if names_authors(tables[name])), titled[0] if titled else None)
    if first is None:
        return PaperList(form, ())
    if not names_authors(tables[first]) and times_column(tables[first]) is not None:
        return _of_sessions(source)
    taken = [name for name in titled if name == first or _alike(tables[first], tables[name])]
    for name in tables:
        if name not in taken:
            source.report.left("a table without papers", name)
    found = (papers_of(tables[name], source, presentation_of(name)) for name in taken)
    better = next(filter(None, (better_of(tables[name]) for name in taken)), "")
    return PaperList(form, list(chain.from_iterable(found)), better)


def _alike(first: Table, other: Table) -> bool:
    """Whether two tables have most of their columns in common."""
    common = set(map(normalized, first.headers)) & set(map(normalized, other.headers))
    return 2 * len(common) > len(first.headers)


def _of_sessions(source: Source) -> PaperList:
    """The sessions of a schedule as papers."""
    draft = read(source)
    return PaperList(draft.format, [Paper(item=one.as_item()) for one in draft.sessions])


def _of_page(source: Source) -> PaperList | None:
    """The papers of a page's tables with authors, else of its lists, else of other tables; None where none has any."""
    parts = sections(page_source(source).body)
    tables: dict[str, Table] = {}
    for section in parts:
        for element, lead in islice(tables_on([section], source.dates), MOST_TABLES):
            tables[f"{section.title} ({len(tables) + 1})"] = table_of(cells_of(element), source.dates, lead or ("",))
    if not any(map(names_authors, tables.values())):
        papers = [paper for section in parts for paper in _listed(section, source)]
        if papers:
            return PaperList("page", papers)
    found = _of_tables(tables, source, "page")
    return found if found.papers else None


def _listed(section: Section, source: Source) -> list[Paper]:
    """The papers of a section's lists, those within an entry of a list that has none, too."""
    taken: set[Element] = set()
    papers: list[Paper] = []
    for found in islice((one for element in section.elements for one in element.iter("ul", "ol")), MOST_LISTS):
        around = list(islice(found.iterancestors("ul", "ol"), MOST_LISTS_AROUND + 1))
        if len(around) > MOST_LISTS_AROUND or any(one in taken for one in around):
            continue
        cells = [entry_cell(entry) for entry in found.iterchildren("li")]
        entries = [cell for cell in cells if cell is not None]
        kind = presentation_of(section.title)
        if len(entries) == len(cells) and (listed := papers_of_entries(entries, source.report, kind)):
            taken.add(found)
            papers += listed
    return papers
