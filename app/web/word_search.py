"""A search by words and filters, read from the query of the page that shows it, and the addresses that keep it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Self
from urllib.parse import urlencode

from markupsafe import Markup

from app.domain.errors import UnknownName
from app.domain.search import Query, query_of
from app.domain.texts import LONGEST
from app.web.request_context import PageContext
from app.web.template_helpers import marked


@dataclass(frozen=True)
class Choice:
    """A filter of which one value may be chosen: its values with their labels, and the label for all."""

    name: str
    all: str
    options: list[tuple[str, str]]
    chosen: str


@dataclass(frozen=True)
class WordSearch:
    """A search in a program at an instant. ``given`` are the parameters of its address that hold something."""

    PATH: ClassVar[str]
    # What of a query the page reads, in the order of its links; of these, what narrows the results.
    PARAMETERS: ClassVar[tuple[str, ...]]
    FILTERS: ClassVar[tuple[str, ...]]

    given: Mapping[str, str]
    query: Query
    context: PageContext

    @classmethod
    def read(cls, given: Mapping[str, str], context: PageContext, names: Mapping[str, Collection[str]]) -> Self:
        """Read the parameters; raises `UnknownName` for one that has another value than its ``names``."""
        text, query = read_words(given)
        held = {name: given.get(name, "") for name in cls.PARAMETERS} | {"q": text}
        for name, known in names.items():
            if held[name] and held[name] not in known:
                raise UnknownName(name, held[name], known)
        return cls({name: value for name, value in held.items() if value}, query, context)

    @property
    def text(self) -> str:
        """What is searched for, as typed; "" where that has no words."""
        return self.given.get("q", "")

    @property
    def has_words(self) -> bool:
        """Whether words are searched for: the page then lists what has them, best first."""
        return bool(self.query.terms)

    @property
    def filters(self) -> int:
        """The number of filters in use."""
        return sum(name in self.given for name in self.FILTERS)

    @property
    def active(self) -> bool:
        """Whether anything is searched for or left out."""
        return self.has_words or self.filters > 0

    def marked(self, text: str) -> Markup:
        """A text with the words found in it marked."""
        return marked(text, self.query.spans(text))

    def choice(self, name: str, options: list[tuple[str, str]]) -> Choice:
        """A filter with these values and their labels."""
        return Choice(name, f"All {name}s", options, self.given.get(name, ""))

    def address(self, without: Iterable[str] = (), **changes: str) -> str:
        """The address of this page with other parameters, and without some; of several pages the first, or `page`."""
        wanted = {**self.given, "page": "", **changes}
        kept = [(name, wanted[name]) for name in self.PARAMETERS if wanted.get(name) and name not in without]
        return f"{self.PATH}?{urlencode(kept)}" if kept else self.PATH

    @property
    def address_of_all(self) -> str:
        """The address without the search and the filters."""
        return self.address(without=("q", *self.FILTERS))

    @property
    def passed_on(self) -> list[tuple[str, str]]:
        """Parameters that the form sends on unseen."""
        seen = ("q", *self.FILTERS, "page")
        return [(name, self.given[name]) for name in self.PARAMETERS if name in self.given and name not in seen]

    def searches(self, texts: Iterable[str]) -> list[tuple[str, str]]:
        """Other texts to search for in place of this one, each with its address."""
        return [(text, self.address(q=text)) for text in texts]


def read_words(given: Mapping[str, str]) -> tuple[str, Query]:
    """The text of `q`, as far as its bound goes, and its words.

    A text without words is "", no search: its page is the same as without, and is cached as such.
    """
    text = given.get("q", "").strip()[: LONGEST["search"]]
    query = query_of(text)
    return text if query.terms else "", query
