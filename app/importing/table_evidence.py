"""What speaks for people in the cells of a table: labels, and the forms that whole columns share."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.importing.draft import DraftPerson
from app.importing.person_names import (
    affiliations,
    are_people,
    are_plain_names,
    given_names_first,
    is_family_first,
    is_placed_person,
    looks_like_name,
    names_nobody,
    split_people,
    to_be_announced,
)
from app.importing.report import ImportReport
from app.importing.session_cells import FEWEST_ALIKE, Column
from app.importing.session_words import LABEL, TALK, kind_of_title
from app.importing.table_columns import EMPTY, Cell, Table, TableRow

MOST_WORDS_OF_A_KIND = 4
# What stands beside a name, not in the name of a break.
SOMEBODY = re.compile(r"[,;:()\[\]]|\b(?:by|with)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a table without a column of people names them, by what holds for whole columns.

    ``family_first`` tells that all cells of people are such as `Lee, Ann`.
    ``titles`` are the forms of the titles, ``labels`` the kinds of the rows whose titles are names, ``prose``
    the columns of prose, each with a kind, that hold names in all rows of that kind.
    """

    titles: Column
    labels: frozenset[str]
    prose: frozenset[tuple[str, str]]
    family_first: bool

    @classmethod
    def of(cls, table: Table, roles: dict[str, str], report: ImportReport) -> Evidence:
        """What the columns of a table show."""
        people = (cell_of_role(row, roles, "people").text for row in table.rows)
        named = [text for text in people if not names_nobody(text) and not is_a_kind(text)]
        titles, prose = defaultdict[str, list[Cell]](list), defaultdict[tuple[str, str], list[Cell]](list)
        for row in table.rows:
            kind = cell_of_role(row, roles, "kind").text
            titles[kind].append(cell_of_role(row, roles, "title"))
            for role in ("abstract", "details"):
                prose[role, kind].append(cell_of_role(row, roles, role))
        return cls(
            Column.of((labelled(cell, kind) for kind, cells in titles.items() for cell in cells), report),
            frozenset(kind for kind, cells in titles.items() if LABEL.fullmatch(kind) and _all_are_people(cells)),
            frozenset(column for column, cells in prose.items() if _hold_names(cells)),
            len(named) >= FEWEST_ALIKE and all(map(is_family_first, named)),
        )


def labelled(title: Cell, kind: str) -> Cell:
    """A title as if the label in its column of kinds stood before it: `Invited talk: Ann Lee: On roots`."""
    if not LABEL.fullmatch(kind):
        return title
    first, *others = title.lines or ("",)
    lines = (f"{kind}: {first}", *others) if title.lines else ()
    return replace(title, text=f"{kind}: {title.text}", lines=lines)


def _all_are_people(cells: Iterable[Cell]) -> bool:
    """Whether all cells that say something are names."""
    firsts = [lines_of(cell)[0] for cell in cells if not to_be_announced(cell.text)]
    return all(are_people(one) or names_nobody(one) for one in firsts)


def _hold_names(cells: Sequence[Cell]) -> bool:
    """As `_all_are_people`, for several cells, or one of several names or with an affiliation."""
    filled = [cell for cell in cells if cell.text]
    if len(filled) < FEWEST_ALIKE and not any(are_evidently_people(lines_of(cell)[0]) for cell in filled):
        return False
    return _all_are_people(filled)


def are_evidently_people(text: str) -> bool:
    """Whether a text is a name with an affiliation, or a list of names too long to be anything else."""
    return is_placed_person(text) or (are_plain_names(text) and len(split_people(text)) > FEWEST_ALIKE)


def people_of_cell(cell: Cell, places: str, evidence: Evidence, report: ImportReport) -> tuple[DraftPerson, ...]:
    """The people of a cell in a column of them; one alone has the affiliations in ``places``, and the cell's links."""
    written = lines_of(cell)
    lines = [given_names_first(line, expected=evidence.family_first) for line in written]
    if lines != [*written]:
        report.guessed("a family name before a comma", cell.text, better="names such as Ann Lee")
    people = split_people("\n".join(lines))
    if len(people) != 1:
        return people
    [person] = people
    url = next((one.url for one in cell.links if not one.url.startswith("#")), "")
    anchor = next((one.url[1:] for one in cell.links if one.url.startswith("#")), "")
    return (replace(person, affiliations=person.affiliations or affiliations(places), url=url, anchor=anchor),)


def cell_of_role(row: TableRow, roles: dict[str, str], role: str) -> Cell:
    """The cell of a role in a row; an empty one where no column has it."""
    return row.get(roles[role], EMPTY) if role in roles else EMPTY


def lines_of(cell: Cell) -> tuple[str, ...]:
    """The lines of a cell, at least one."""
    return cell.lines or tuple(filter(None, map(str.strip, cell.text.splitlines()))) or ("",)


def is_a_kind(text: str) -> bool:
    """Whether the whole of a text where people stand is a break or the like: `Coffee break`, `Poster session`."""
    if len(text.split()) > MOST_WORDS_OF_A_KIND or SOMEBODY.search(text) or kind_of_title(text) == TALK:
        return False
    return not any(looks_like_name(one.name) for one in split_people(text))
