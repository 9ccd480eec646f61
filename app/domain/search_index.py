"""The words of a program's sessions, and of its items, for searches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from app.domain.items import SessionItem, announced
from app.domain.program import Program
from app.domain.search import Query
from app.domain.session import Item, Session
from app.domain.word_index import ITEM_PARTS, Entry, Field, WordIndex

# Makes plain text of an abstract, which is Markdown.
Plain = Callable[[str], str]


class SearchIndex(WordIndex[Session]):
    """The words of a program's sessions."""

    def __init__(self, program: Program, plain: Plain = str) -> None:
        super().__init__(Entry(session, tuple(_fields(program, session, plain))) for session in program.sessions)

    def find(self, query: Query, now: datetime) -> tuple[Session, ...]:
        """The sessions that have all words of a query: what is to come before what is over, the best first."""
        ranked = sorted(self.scored(query), key=lambda one: (one[1].end <= now, -one[0], one[1].order()))
        return tuple(session for _, session in ranked)


class ItemIndex(WordIndex[SessionItem]):
    """The words of a program's items; what has no title yet is not found."""

    def __init__(self, program: Program, plain: Plain = str) -> None:
        items = [one for one in program.items_by_id.values() if not one.item.tba]
        super().__init__(Entry(one, tuple(_fields_of_item(program, one, plain))) for one in items)

    def find(self, query: Query) -> tuple[SessionItem, ...]:
        """The items that have all words of a query, the best first."""
        return tuple(one for _, one in sorted(self.scored(query), key=lambda one: -one[0]))


def _fields(program: Program, session: Session, plain: Plain) -> Iterator[Field]:
    people = program.speakers_of(session)
    yield Field.of("title", session.title)
    yield from (Field.of("person", person.name) for person in people)
    yield from (Field.of("item", _item_text(item), item.id) for item in announced(session.items))
    affiliations = (name for person in people for name in person.affiliations)
    yield from (Field.of("place", text) for text in dict.fromkeys((*_places(program, session), *affiliations)) if text)
    yield Field.of("abstract", " ".join(plain(session.abstract).split()))


def _fields_of_item(program: Program, one: SessionItem, plain: Plain) -> Iterator[Field]:
    yield Field.of("title", one.item.title)
    yield from (Field.of("person", name) for name in one.item.authors)
    places = (one.item.number, one.item.kind, one.session.title, *_places(program, one.session))
    yield from (Field.of("place", text) for text in dict.fromkeys(places) if text)
    yield Field.of("abstract", " ".join(plain(one.item.abstract).split()))


def _places(program: Program, session: Session) -> tuple[str, ...]:
    return session.track, program.room_name(session.room), kind_words(session.kind)


def kind_words(kind: str) -> str:
    """A kind of session in words: "lightning talk"."""
    return kind.replace("-", " ")


def _item_text(item: Item) -> str:
    return ITEM_PARTS.join(filter(None, (item.title, item.number, *item.authors)))
