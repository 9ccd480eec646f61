"""The list of papers, which are the items of all sessions: searched, filtered, as rows or as a plan of the boards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import NamedTuple
from urllib.parse import urlencode

from flask import abort

from app.domain.items import SessionItem, by_number
from app.domain.program import Program
from app.domain.session import Item, Session
from app.domain.word_index import Reason
from app.formats.exchange_ids import PAPERS_PATH
from app.web.request_context import PageContext
from app.web.word_search import Choice, WordSearch

VIEWS = ("list", "boards")
# The parameters for which the page is stored.
STORED = ("session", "kind", "view", "page")
# Of more papers the list has several pages, of about so many each.
MOST_ON_A_PAGE = 100


class PageLink(NamedTuple):
    """One of several pages of the list: what it holds, and its address."""

    label: str
    address: str
    is_open: bool


@dataclass(frozen=True)
class PaperGroup:
    """The papers of one session on a page of the list."""

    session: Session
    papers: Sequence[SessionItem]


@dataclass(frozen=True)
class PaperList(WordSearch):
    """The papers that are asked for."""

    PATH = PAPERS_PATH
    PARAMETERS = ("q", "session", "kind", "view", "page", "at")
    FILTERS = ("session", "kind")

    @cached_property
    def number_of_all(self) -> int:
        """How many papers the program has; in the plan, how many in sessions with boards."""
        papers = papers_of(self.context.program)
        return sum(one.session.has_boards or not self.is_plan for one in papers)

    @property
    def has_plan(self) -> bool:
        """Whether the boards can be shown as a plan: some paper has the number of one."""
        return self.is_plan or any(
            one.session.has_boards and one.item.number for one in papers_of(self.context.program)
        )

    @property
    def is_plan(self) -> bool:
        """Whether the boards are shown as a plan."""
        return self.given.get("view") == "boards"

    @cached_property
    def found(self) -> tuple[SessionItem, ...]:
        """All papers that are asked for, on all pages: by session and number, or the best first."""
        program = self.context.program
        papers = self.context.snapshot.item_index.find(self.query) if self.has_words else in_order(program)
        return tuple(one for one in papers if self._selects(one) and not one.item.tba)

    @cached_property
    def on_page(self) -> tuple[SessionItem, ...]:
        """The papers of the open page."""
        first = self._size * (self.page_number - 1)
        return self.found[first : first + self._size]

    @cached_property
    def groups(self) -> list[PaperGroup]:
        """The papers of the open page under their sessions; in a search these are by their best papers."""
        return by_session(self.on_page)

    @property
    def page_number(self) -> int:
        """The number of the open page, from 1; that of the last one where the list has become shorter."""
        return min(int(self.given.get("page", "1")), self._page_count)

    @property
    def kept_query(self) -> str | None:
        """The query under which the page is worth a place in the cache; None for a search, and a page that is not."""
        is_kept = not self.has_words and int(self.given.get("page", "1")) <= self._page_count
        return urlencode([(name, self.given[name]) for name in STORED if name in self.given]) if is_kept else None

    @cached_property
    def page_links(self) -> list[PageLink]:
        """The pages of a long list; none where one holds it."""
        return [] if self._page_count == 1 else [self._link(number) for number in range(1, self._page_count + 1)]

    @cached_property
    def choices(self) -> list[Choice]:
        """The filters with more than one value."""
        papers = papers_of(self.context.program)
        sessions = {one.session.id: one.session.title for one in papers}
        options = {"session": list(sessions.items()), "kind": [(kind, kind) for kind in kinds_of(self.context.program)]}
        return [
            self.choice(name, values)
            for name, values in options.items()
            if len(values) > 1 or (name == "kind" and values and any(not one.item.kind for one in papers))
        ]

    def reasons(self, paper: SessionItem) -> tuple[Reason, ...]:
        """Why a paper was found, where its title and authors do not say so."""
        return self.context.snapshot.item_index.reasons(self.query, paper) if self.has_words else ()

    @property
    def proposals(self) -> list[tuple[str, str]]:
        """Words that may have been meant where little is found, each with its address."""
        texts = self.context.snapshot.item_index.proposals(self.query, self.found) if self.has_words else ()
        return self.searches(texts)

    @cached_property
    def _page_count(self) -> int:
        return max(ceil(len(self.found) / MOST_ON_A_PAGE), 1)

    @property
    def _size(self) -> int:
        """How many papers a page holds, so that all pages are about as long."""
        return max(ceil(len(self.found) / self._page_count), 1)

    def _link(self, number: int) -> PageLink:
        first, last = self._size * (number - 1), min(self._size * number, len(self.found)) - 1
        by_board = self._is_of_one_session and not self.has_words
        ends = [self.found[place].item.number if by_board else f"{place + 1}" for place in (first, last)]
        address = self.address(page=f"{number}" if number > 1 else "")
        return PageLink("–".join(dict.fromkeys(ends)), address, number == self.page_number)

    @cached_property
    def _is_of_one_session(self) -> bool:
        """Whether all papers are of one session and have numbers, by which its pages are then called."""
        return len({one.session.id for one in self.found}) == 1 and all(one.item.number for one in self.found)

    def _selects(self, one: SessionItem) -> bool:
        wanted = {"session": one.session.id, "kind": one.item.kind}
        fits = all(self.given.get(name, value) == value for name, value in wanted.items())
        return fits and (one.session.has_boards or not self.is_plan)


def parse(given: Mapping[str, str], context: PageContext) -> PaperList:
    """Read the parameters; raises `UnknownName` for names that the program does not have, responds 400 to nonsense."""
    if (view := given.get("view") or VIEWS[0]) not in VIEWS:
        abort(400, f"view: expected one of {', '.join(VIEWS)}, not “{view}”")
    if not _is_page(page := given.get("page") or "1"):
        abort(400, f"expected page to be a whole number from 1, not {page}")
    names = {"session": [one.id for one in context.program.sessions], "kind": kinds_of(context.program)}
    return PaperList.read(given, context, names)


def _is_page(text: str) -> bool:
    return text.isascii() and text.isdecimal() and not text.startswith("0") and len(text) < len(f"{10**6}")


def papers_of(program: Program) -> list[SessionItem]:
    """The items of all sessions that the list has: those whose titles are known."""
    return [one for one in program.items_by_id.values() if not one.item.tba]


def in_order(program: Program) -> list[SessionItem]:
    """The items of all sessions: by session, within one by number."""
    return [SessionItem(session, item) for session in program.sessions for item in by_number(session.items)]


def by_session(papers: Iterable[SessionItem]) -> list[PaperGroup]:
    """Papers under their sessions, which are in the order of their first ones."""
    groups: dict[str, list[SessionItem]] = {}
    for one in papers:
        groups.setdefault(one.session.id, []).append(one)
    return [PaperGroup(found[0].session, found) for found in groups.values()]


def kinds_of(program: Program) -> list[str]:
    """The kinds of items that a program has, by name."""
    return sorted({one.item.kind for one in papers_of(program)} - {""})


def usual_kind(program: Program) -> str:
    """The kind that most of the items have, which rows need not name; "" without items."""
    counts = Counter(one.item.kind for one in papers_of(program))
    return counts.most_common(1)[0][0] if counts else ""


def neighbours(one: SessionItem) -> dict[str, Item]:
    """The items before ("prev") and after ("next") one in its session, by number."""
    around = (None, *by_number(one.session.items), None)
    place = around.index(one.item)
    found = {"prev": around[place - 1], "next": around[place + 1]}
    return {relation: item for relation, item in found.items() if item}
