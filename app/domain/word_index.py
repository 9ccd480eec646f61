"""Finds things by words: all of a query must be in one, the best come first.

What has the words in its title or names stands before what has them in other fields, whole words before beginnings,
and words side by side before scattered ones.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from itertools import islice, pairwise, takewhile
from typing import Any, Generic, Literal, Protocol, TypeVar

from app.domain.search import Match, Query, Term, Words, query_of, words_of


class Identified(Protocol):
    """A thing with an id."""

    @property
    def id(self) -> str:
        """What tells it from all others."""


Thing = TypeVar("Thing", bound=Identified)

FieldName = Literal["title", "person", "item", "place", "abstract"]

# What a word in a field counts, and what the beginning of one does. A place is a track, a room, an affiliation, a kind,
# the number of a board.
WEIGHTS: dict[FieldName, tuple[int, int]] = {
    "title": (100, 60),
    "person": (90, 35),
    "item": (50, 30),
    "place": (40, 20),
    "abstract": (15, 8),
}
# The parts of a field's weight that are added where it has all words, and has them side by side.
TOGETHER, SIDE_BY_SIDE = 0.5, 1.0
MOST_ITEMS_SHOWN = 3
# Between the title of an item, as a field of a session, and its other parts.
ITEM_PARTS = "\n"
# In characters, of an abstract around the first word found, and of what stands before that word.
LONGEST_EXCERPT = 120
BEFORE_FIRST_WORD = 40
# So few results may come of a mistake in typing.
FEW = 2
MOST_PROPOSALS = 3
# In characters: shorter words are like too many others.
SHORTEST_PROPOSAL = 4
LEAST_SIMILARITY = 0.74
LENGTH_DIFFERENCE = 2
MOST_COMPARED = 10
# Words that are less like it than the best by more than this are not proposed.
ALMOST = 0.06


@dataclass(frozen=True, slots=True)
class Field:
    """A text of a thing; ``item`` is the id of the item that it is of, where it is one of several."""

    name: FieldName
    text: str
    words: Words
    item: str = ""

    @classmethod
    def of(cls, name: FieldName, text: str, item: str = "") -> Field:
        """A field with the words of its text."""
        return cls(name, text, words_of(text), item)


@dataclass(frozen=True, slots=True)
class Entry(Generic[Thing]):
    """A thing with its fields."""

    thing: Thing
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """A text that has words of a query; ``item`` is the id of the item that it is of, "" for none."""

    text: str
    item: str = ""


class WordIndex(Generic[Thing]):
    """The words of some things."""

    def __init__(self, entries: Iterable[Entry[Thing]]) -> None:
        self._entries = list(entries)
        self._by_id = {entry.thing.id: entry for entry in self._entries}
        self._entries_by_word = _entries_by_word(self._entries)
        self._words = sorted(self._entries_by_word)

    def scored(self, query: Query) -> list[tuple[float, Thing]]:
        """The things that have all words of a query, in their order, each with how well it fits; without words none."""
        found = (self._entries[number] for number in sorted(self._candidates(query)))
        return [(score, entry.thing) for entry in found if (score := _score(entry, query)) is not None]

    def reasons(self, query: Query, thing: Thing) -> tuple[Reason, ...]:
        """Texts that have the words which neither title nor names of a thing have: items, places, an excerpt."""
        return tuple(_reasons(self._by_id[thing.id], query))

    def proposals(self, query: Query, found: Sequence[Thing]) -> tuple[str, ...]:
        """Queries with other words that find more than the little that this one found: "python" for "pyhton"."""
        if not query.terms or len(found) > FEW or self._in_view(query, found):
            return ()
        tried = islice(self._corrected(query.words), MOST_PROPOSALS)
        return tuple(text for text in dict.fromkeys(tried) if self._number_found(text) > len(found))

    def shorter(self, query: Query, found: Sequence[Thing]) -> tuple[str, ...]:
        """Queries that find something with fewer of the words than a query that found nothing."""
        texts = [term.text for term in query.terms] if len(query.terms) > 1 else list(query.words)
        if found or len(texts) == 1:
            return ()
        without_one = (" ".join(texts[:place] + texts[place + 1 :]) for place in range(len(texts)))
        finding = (text for text in dict.fromkeys((*without_one, *texts)) if self._finds(text))
        return tuple(islice(finding, MOST_PROPOSALS))

    def _finds(self, text: str) -> bool:
        query = query_of(text)
        return any(_score(self._entries[number], query) is not None for number in self._candidates(query))

    def _number_found(self, text: str) -> int:
        query = query_of(text)
        return sum(_score(self._entries[number], query) is not None for number in self._candidates(query))

    def _candidates(self, query: Query) -> set[int]:
        """The numbers of the entries that may have all words."""
        return set.intersection(*map(self._with_term, query.terms)) if query.terms else set()

    def _with_term(self, term: Term) -> set[int]:
        *firsts, last = term.parts
        apart = self._with_beginning(last).intersection(*(self._entries_by_word.get(one, ()) for one in firsts))
        return apart | self._with_beginning(term.joined)

    def _with_beginning(self, text: str) -> set[int]:
        words = takewhile(lambda word: word.startswith(text), islice(self._words, bisect_left(self._words, text), None))
        return {number for word in words for number in self._entries_by_word[word]}

    def _in_view(self, query: Query, found: Sequence[Thing]) -> bool:
        """Whether there are results, and the first has all words in its title or names: nobody mistyped those."""
        return bool(found) and not _not_in_view(self._by_id[found[0].id], query).terms

    def _corrected(self, words: Sequence[str]) -> Iterator[str]:
        """Texts of a query with similar words in place of those that few things have, and with two joined to one."""
        for place, pair in enumerate(pairwise(words)):
            if "".join(pair) in self._entries_by_word:
                yield " ".join([*words[:place], "".join(pair), *words[place + 2 :]])
        similar = [self._similar(word) for word in words]
        for rank in range(max(map(len, similar))):
            chosen = [
                ones[min(rank, len(ones) - 1)] if ones else word for word, ones in zip(words, similar, strict=True)
            ]
            yield " ".join(chosen)

    def _similar(self, word: str) -> list[str]:
        """Words that more things have than this one and that are spelt like it; none for one that many have."""
        known = len(self._with_beginning(word))
        if known > FEW or len(word) < SHORTEST_PROPOSAL:
            return []
        candidates = (
            other
            for other, entries in self._entries_by_word.items()
            if abs(len(other) - len(word)) <= LENGTH_DIFFERENCE and len(entries) > known and other.isalnum()
        )
        close = get_close_matches(word, candidates, n=MOST_COMPARED, cutoff=LEAST_SIMILARITY)
        ranked = sorted(close, key=lambda other: -_similarity(word, other))[:MOST_PROPOSALS]
        return [other for other in ranked if _similarity(word, other) >= _similarity(word, ranked[0]) - ALMOST]


def _similarity(word: str, other: str) -> float:
    """How alike two words are, at most 1; those of the same letters are alike by 1."""
    return 1 if sorted(word) == sorted(other) else SequenceMatcher(None, other, word).ratio()


def _entries_by_word(entries: Sequence[Entry[Any]]) -> dict[str, list[int]]:
    """The numbers of the entries that have a word, in order, by word."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, entry in enumerate(entries):
        for word in {word for field in entry.fields for word in _all_words(field.words)}:
            found[word].append(number)
    return dict(found)


def _all_words(words: Words) -> Iterator[str]:
    yield from words.texts
    yield from (compound.text for compound in words.compounds)


def _score(entry: Entry[Any], query: Query) -> float | None:
    """How well an entry fits; None where it lacks a word."""
    best = [0.0] * len(query.terms)
    together = 0.0
    for field in entry.fields:
        matches = [term.matches(field.words) for term in query.terms]
        weights = [_weight(field.name, ones) for ones in matches]
        best = list(map(max, best, weights))
        if len(matches) > 1 and all(matches):
            part = SIDE_BY_SIDE if _side_by_side(matches) else TOGETHER
            together = max(together, part * WEIGHTS[field.name][0])
    return sum(best) / len(best) + together if all(best) else None


def _weight(name: FieldName, matches: Iterable[Match]) -> float:
    whole, beginning = WEIGHTS[name]
    return max((whole if match.whole else beginning for match in matches), default=0)


def _side_by_side(matches: Sequence[Sequence[Match]]) -> bool:
    """Whether words of all terms follow each other, in whatever order."""
    length = sum(min(match.words for match in ones) for ones in matches)
    last: dict[int, int] = {}
    for position, term in sorted((match.position, term) for term, ones in enumerate(matches) for match in ones):
        last[term] = position
        if len(last) == len(matches) and position - min(last.values()) < length:
            return True
    return False


def _missing(query: Query, fields: Iterable[Field]) -> Query:
    """The query without the terms that some fields have."""
    words = [field.words for field in fields]
    return Query(tuple(term for term in query.terms if not any(map(term.matches, words))))


def _not_in_view(entry: Entry[Any], query: Query) -> Query:
    """The query without the terms that the title or the names have."""
    return _missing(query, (field for field in entry.fields if field.name in {"title", "person"}))


def _reasons(entry: Entry[Any], query: Query) -> Iterator[Reason]:
    missing = _not_in_view(entry, query)
    for name in ("item", "place", "abstract"):
        fields = [field for field in entry.fields if field.name == name]
        while telling := _with_most(fields, missing):
            yield from (Reason(_told(field, missing), field.item) for field in telling)
            missing = _missing(missing, telling)


def _with_most(fields: Iterable[Field], query: Query) -> list[Field]:
    """The fields that have the most terms of a query, several of items."""
    counted = [(sum(bool(term.matches(field.words)) for term in query.terms), field) for field in fields]
    most = max((count for count, _ in counted), default=0)
    best = [field for count, field in counted if most and count == most]
    return best[: MOST_ITEMS_SHOWN if best and best[0].name == "item" else 1]


def _told(field: Field, query: Query) -> str:
    """A field as a reason: of an item its title, with the number and authors that were found; of an abstract a part."""
    if field.name == "item":
        title, *others = field.text.split(ITEM_PARTS)
        return " · ".join([title, *(text for text in others if query.spans(text))])
    return _excerpt(field.text, query) if field.name == "abstract" else field.text


def _excerpt(text: str, query: Query) -> str:
    """Whole words of a text around the first that a query finds."""
    first = query.spans(text)[0][0]
    start = text.find(" ", first - BEFORE_FIRST_WORD, first) + 1 or first if first > BEFORE_FIRST_WORD else 0
    end = start + LONGEST_EXCERPT
    if end < len(text):
        end = max(text.rfind(" ", first, end + 1), first + 1) if " " in text[first : end + 1] else end
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
