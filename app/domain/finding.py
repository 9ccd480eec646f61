"""Finding sessions by words, room and kind: the same rules as the page's own search (`modules/find.js`).

Each word must stand somewhere in a session's title, people, abstract, track or items; case and
accents do not count.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from app.domain.program import Program
from app.domain.session import Item, Session

MOST_WORDS = 8
MOST_ITEMS_TOLD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a reader looks for; empty words and None mean anything. ``words`` are folded."""

    words: tuple[str, ...] = ()
    room: str | None = None
    kind: str | None = None

    @property
    def anything(self) -> bool:
        """Whether every session will do."""
        return self == Wanted()


def words_of(text: str) -> tuple[str, ...]:
    """The words of a search, folded; those beyond the eighth do not count."""
    return tuple(fold(text).split()[:MOST_WORDS])


def fold(text: str) -> str:
    """The text without case and accents: "Émile" is found by "emile"."""
    parts = unicodedata.normalize("NFKD", text.lower())
    return "".join(part for part in parts if unicodedata.category(part) != "Mn").replace("ß", "ss")


def fits(program: Program, session: Session, wanted: Wanted) -> bool:
    """Whether a session is among what is wanted; one for all rooms is in each."""
    if wanted.room is not None and session.room not in (wanted.room, None):
        return False
    if wanted.kind is not None and session.kind != wanted.kind:
        return False
    return not wanted.words or _all_in(_text_of(program, session), wanted.words)


def items_found(session: Session, wanted: Wanted) -> tuple[str, ...]:
    """The titles of the first items that hold all words: they say why a session was found."""
    if not wanted.words:
        return ()
    found = (item.title for item in session.items if _all_in(_item_text(item), wanted.words))
    return tuple(title for title, _ in zip(found, range(MOST_ITEMS_TOLD), strict=False))


def _all_in(text: str, words: tuple[str, ...]) -> bool:
    folded = fold(text)
    return all(word in folded for word in words)


def _text_of(program: Program, session: Session) -> str:
    people = (person.name for person in program.speakers_of(session))
    return "\n".join((session.title, *people, session.abstract, session.track, *map(_item_text, session.items)))


def _item_text(item: Item) -> str:
    return "\n".join((item.title, item.number, *item.authors))
