"""The list of people: searched by name and affiliation, under the first letters of their names, with their sessions."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, islice

from markupsafe import Markup, escape

from app.domain.program import Person, Program
from app.domain.search import MAX_WORDS, fold
from app.domain.session import Session
from app.domain.texts import LONGEST

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
    """The people whom a search finds, all where nothing is searched for; ``words`` are folded."""

    program: Program
    text: str
    words: tuple[str, ...]

    @property
    def active(self) -> bool:
        """Whether anything is searched for."""
        return bool(self.words)

    @property
    def is_long(self) -> bool:
        """Whether the program has so many people that the list has letters and a search."""
        return len(self.program.speakers) > MOST_PEOPLE_WITHOUT_LETTERS

    @cached_property
    def rows(self) -> list[PersonRow]:
        """The people found, by name; in a search first those of whose name each word is."""
        sessions = _sessions_of_each(self.program)
        found = [one for one in by_name(self.program.speakers) if _has_all(_texts_of(one), self.words)]
        found.sort(key=lambda one: not _has_all([one.name], self.words))
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
        return Markup().join(self._marked_part(part) for part in _parts(text))

    def _marked_part(self, part: str) -> Markup:
        length = max((_length_of_beginning(part, word) for word in self.words), default=0)
        return Markup("<mark>{}</mark>{}").format(part[:length], part[length:]) if length else escape(part)


def parse(query: Mapping[str, str], program: Program) -> PeopleList:
    """Read `q`, as far as its bounds go; a text without words is no search."""
    text = query.get("q", "").strip()[: LONGEST["search"]]
    words = tuple(islice(_words(text), MAX_WORDS))
    return PeopleList(program, text if words else "", words)


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


def _texts_of(person: Person) -> list[str]:
    return [person.name, *person.affiliations]


def _has_all(texts: Iterable[str], words: Iterable[str]) -> bool:
    """Whether each word is the beginning of a word in some of the texts."""
    known = [word for text in texts for word in _words(text)]
    return all(any(one.startswith(word) for one in known) for word in words)


def _words(text: str) -> Iterator[str]:
    """The words of a text, folded, without what stands between them."""
    return (fold(part) for part in _parts(text) if _is_in_word(part[0]))


def _parts(text: str) -> Iterator[str]:
    """The words of a text and what stands between them, in order."""
    return ("".join(part) for _, part in groupby(text, key=_is_in_word))


def _is_in_word(letter: str) -> bool:
    """Whether it is a letter, a mark on one, or a digit."""
    return unicodedata.category(letter)[0] in "LMN"


def _length_of_beginning(part: str, word: str) -> int:
    """How many characters at the beginning of a part fold to a word; 0 where it does not begin with it."""
    if not fold(part).startswith(word):
        return 0
    return next(length for length in range(1, len(part) + 1) if fold(part[:length]).startswith(word))
