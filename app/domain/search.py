"""Search of sessions by words, room and kind, with the same rules as in the browser (`modules/day-search.js`).

A session matches if each word is contained in its title, people with their affiliations, abstract, track or items; case
and accents are ignored.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import islice

from app.domain.program import Program
from app.domain.session import Item, Session

MAX_WORDS = 8
MAX_ITEMS_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """What is searched for; no words and None match everything. ``words`` are folded."""

    words: tuple[str, ...] = ()
    room: str | None = None
    kind: str | None = None

    @property
    def matches_all(self) -> bool:
        """Whether every session matches."""
        return self == SearchQuery()


def search_words(text: str) -> tuple[str, ...]:
    """The words of a search, folded; those of punctuation alone, and those after the eighth, are ignored."""
    words = (word for word in fold(text).split() if any(unicodedata.category(part)[0] != "P" for part in word))
    return tuple(islice(words, MAX_WORDS))


def fold(text: str) -> str:
    """The text without case, accents and what cannot be seen: "Émile" is found by "emile"."""
    parts = unicodedata.normalize("NFKD", text.lower())
    return "".join(part for part in parts if unicodedata.category(part) not in {"Mn", "Cf"}).replace("ß", "ss")


def matches(program: Program, session: Session, wanted: SearchQuery) -> bool:
    """Whether a session matches; a session for all rooms matches each room."""
    if wanted.room is not None and session.room not in (wanted.room, None):
        return False
    if wanted.kind is not None and session.kind != wanted.kind:
        return False
    return not wanted.words or _all_in(_text_of(program, session), wanted.words)


def matching_items(session: Session, wanted: SearchQuery) -> tuple[str, ...]:
    """The titles of the first three items that contain all words, to show why a session was found."""
    if not wanted.words:
        return ()
    found = (item.title for item in session.items if _all_in(_item_text(item), wanted.words))
    return tuple(islice(found, MAX_ITEMS_SHOWN))


def _all_in(text: str, words: tuple[str, ...]) -> bool:
    folded = fold(text)
    return all(word in folded for word in words)


def _text_of(program: Program, session: Session) -> str:
    people = (text for person in program.speakers_of(session) for text in (person.name, *person.affiliations))
    return "\n".join((session.title, *people, session.abstract, session.track, *map(_item_text, session.items)))


def _item_text(item: Item) -> str:
    return "\n".join((item.title, item.number, *item.authors))
