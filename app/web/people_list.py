"""The list of people: searched by name and affiliation, under the first letters of their names, with their sessions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from app.domain.program import Person, Program
from app.domain.search import Query, fold, words_of
from app.domain.session import Session
from app.web.template_helpers import marked
from app.web.word_search import read_words

# A list of more people has letters to jump to and a search, and rows without faces.
MOST_PEOPLE_WITHOUT_LETTERS = 30
OTHER_LETTER = "#"


@dataclass(frozen=True)
class PersonRow:
    """A person of the list with their sessions: in order, those that are cancelled at the end."""

    person: Person
    sessions: tuple[Session, ...]


@dataclass(frozen=True)
class PeopleList:
    """The people whom a search finds, all where nothing is searched for."""

    program: Program
    query: Query
    text: str = ""

    @property
    def active(self) -> bool:
        """Whether anything is searched for."""
        return bool(self.query.terms)

    @property
    def is_long(self) -> bool:
        """Whether the program has so many people that the list has letters and a search."""
        return len(self.program.speakers) > MOST_PEOPLE_WITHOUT_LETTERS

    @cached_property
    def rows(self) -> list[PersonRow]:
        """The people found, by name; in a search first those of whose name each word is."""
        sessions = _sessions_of_each(self.program)
        found = [one for one in by_name(self.program.speakers) if has_all(self.query, one.name, *one.affiliations)]
        found.sort(key=lambda one: not has_all(self.query, one.name))
        return [PersonRow(one, tuple(sessions.get(one.id, ()))) for one in found]

    @cached_property
    def letters(self) -> dict[str, list[PersonRow]]:
        """A long list under its letters, unless it is searched."""
        letters: dict[str, list[PersonRow]] = {}
        for row in self.rows if self.is_long and not self.active else ():
            letters.setdefault(_letter_of(row.person.name), []).append(row)
        return letters

    def marked(self, text: str) -> Markup:
        """A text with what the search found in it marked."""
        return marked(text, self.query.spans(text))


def parse(query: Mapping[str, str], program: Program) -> PeopleList:
    """Read `q`."""
    text, words = read_words(query)
    return PeopleList(program, words, text)


def has_all(query: Query, *texts: str) -> bool:
    """Whether each word of a query is in some of the texts, whole or as the beginning of a word."""
    return all(any(term.matches(words_of(text)) for text in texts) for term in query.terms)


def by_name(people: Iterable[Person]) -> list[Person]:
    """People by name, whatever its case and accents."""
    return sorted(people, key=lambda one: (fold(one.name), one.id))


def _letter_of(name: str) -> str:
    """The first letter of a name; "#" for what is no letter."""
    first = fold(name)[:1].upper()
    return first if first.isalpha() else OTHER_LETTER


def _sessions_of_each(program: Program) -> dict[str, list[Session]]:
    sessions: dict[str, list[Session]] = {}
    for session in sorted(program.sessions, key=lambda one: one.cancelled):
        for person_id in session.speakers:
            sessions.setdefault(person_id, []).append(session)
    return sessions
