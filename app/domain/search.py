"""The words of a search: how a text is split into words, and where it has those of a query.

Case, accents and what cannot be seen make no difference. A word of a query stands for words that equal it or begin with
it, never for the middle of one: "rust" does not find "trusted". Compounds are several words and one: "open-source" is
found by "open", "source", "opensource" and "open-source". In scripts without spaces each character is a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

MAX_WORDS = 8
# Compounds of more words, such as addresses, are not one word too.
MOST_JOINED = 4
# Between two words, one of these makes them a compound; "-" stands for the hyphens, which folding does not tell apart.
JOINERS = frozenset("-_./&+:'’" + "‐–")
# Thai, Lao, Burmese, Khmer, kana and Han characters: what is written without spaces.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
# "C++" and "C#" are words.
_WORD = re.compile(rf"[^\W_{_UNSPACED}]+(?:\+\+|#(?!\w))?|(?=\w)[{_UNSPACED}]")
_KEPT_CHARACTERS = 4096
_KEPT_TEXTS = 8192

TextSpan = tuple[int, int]


def fold(text: str) -> str:
    """The text without case, accents and what cannot be seen: "Émile" is found by "emile"."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).lower())
    return "".join(part for part in parts if unicodedata.category(part) not in {"Mn", "Cf"}).translate(_SAME_LETTERS)


# Letters that Unicode does not take apart, as people type them who do not have them.
_SAME_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ς": "σ"}
)


class Match(NamedTuple):
    """Where a text has a term: the number of its first word, how many words it has, and whether the last is whole."""

    position: int
    words: int
    whole: bool


class Compound(NamedTuple):
    """A word that is made of several, which begin at a position; or of one with a point before it, such as ".net"."""

    text: str
    position: int
    words: int


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text in order, folded, and its compounds."""

    texts: tuple[str, ...]
    compounds: tuple[Compound, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a query, or several that stand side by side: the ``parts`` of a compound. ``text`` is as typed."""

    parts: tuple[str, ...]
    text: str = field(default="", compare=False)

    @property
    def joined(self) -> str:
        """The parts as one word."""
        return "".join(self.parts)

    def matches(self, words: Words) -> list[Match]:
        """Where a text has the term, or a word that begins with it."""
        *firsts, last = self.parts
        before, texts, length = tuple(firsts), words.texts, len(self.parts)
        found = [
            Match(end - length + 1, length, text == last)
            for end, text in enumerate(texts)
            if text.startswith(last) and end >= length - 1 and texts[end - length + 1 : end] == before
        ]
        if length > 1:
            found += _as_one_word(self.joined, ((text, place, 1) for place, text in enumerate(texts)))
        positions = {match.position for match in found}
        return found + _as_one_word(self.joined, (one for one in words.compounds if one.position not in positions))


def _as_one_word(joined: str, words: Iterable[tuple[str, int, int]]) -> list[Match]:
    return [Match(place, count, text == joined) for text, place, count in words if text.startswith(joined)]


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for: all its terms; without terms nothing is."""

    terms: tuple[Term, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The words of all terms in order."""
        return tuple(part for term in self.terms for part in term.parts)

    def spans(self, text: str) -> list[TextSpan]:
        """The parts of a text to mark, whole words each: from which character to before which, in order, apart."""
        found = list(_words_in(text))
        words = _as_words(found)
        matches = (match for term in self.terms for match in term.matches(words))
        marked = {place for match in matches for place in range(match.position, match.position + match.words)}
        spans: list[TextSpan] = []
        for place in sorted(marked):
            # Of a character that folds to several words, such as "¼", each word is at its place.
            start = max(found[place].start, spans[-1][1] if spans else 0)
            if start < found[place].end:
                spans.append((start, found[place].end))
        return spans


def query_of(text: str) -> Query:
    """What somebody typed; of its words the first eight count, and a word that comes twice counts once."""
    words = list(_words_in(text))[:MAX_WORDS]
    return Query(tuple(dict.fromkeys(_term(text, compound) for compound in _compounds(words))))


@lru_cache(_KEPT_TEXTS)
def words_of(text: str) -> Words:
    """The words of a text of a program; most texts are the same in its next revision."""
    return _as_words(list(_words_in(text)))


class _Word(NamedTuple):
    """A folded word at its place in the text; ``joins`` the word before, as parts of compounds do."""

    text: str
    start: int
    end: int
    joins: bool
    after_point: bool


def _words_in(text: str) -> Iterator[_Word]:
    folded, places = _folded_with_places(text)
    end = -1
    for match in _WORD.finditer(folded):
        start, gap = match.start(), folded[max(end, 0) : match.start()]
        joins = end >= 0 and (not gap or gap in JOINERS)
        before = folded[max(start - 2, 0) : start]
        after_point = before[-1:] == "." and not before[0].isalnum() and before != ".."
        end = match.end()
        yield _Word(match[0], places[start], places[end - 1] + 1, joins, after_point)


def _folded_with_places(text: str) -> tuple[str, Sequence[int]]:
    """The folded text, and for each of its characters the place in the text that it comes from."""
    if text.isascii():
        return text.lower(), range(len(text))
    parts = [_folded_character(character) for character in text]
    return "".join(parts), [place for place, part in enumerate(parts) for _ in part]


@lru_cache(_KEPT_CHARACTERS)
def _folded_character(character: str) -> str:
    """Without the marks that have a width either: they are no letters, and would divide words of Indian scripts."""
    return "".join(part for part in fold(character) if not unicodedata.category(part).startswith("M"))


def _term(text: str, compound: Sequence[_Word]) -> Term:
    first, last = compound[0], compound[-1]
    typed = text[first.start : last.end]
    if first.after_point and len(compound) == 1:
        return Term((f".{first.text}",), f".{typed}")
    return Term(tuple(word.text for word in compound), typed)


def _compounds(words: Iterable[_Word]) -> Iterator[list[_Word]]:
    """The words, those of a compound together."""
    number = 0
    numbered = []
    for word in words:
        number += not word.joins
        numbered.append((number, word))
    for _, group in groupby(numbered, key=lambda one: one[0]):
        yield [word for _, word in group]


def _as_words(found: Sequence[_Word]) -> Words:
    texts = tuple(word.text for word in found)
    return Words(texts, (*_joined(found), *_with_point(found)))


def _joined(found: Sequence[_Word]) -> Iterator[Compound]:
    """The compounds, and what they end with: "state-of-the-art" is found by "theart"."""
    position = 0
    for words in _compounds(found):
        texts = [word.text for word in words]
        if 1 < len(texts) <= MOST_JOINED:
            for first in range(len(texts) - 1):
                yield Compound("".join(texts[first:]), position + first, len(texts) - first)
        position += len(texts)


def _with_point(found: Sequence[_Word]) -> Iterator[Compound]:
    return (Compound(f".{word.text}", place, 1) for place, word in enumerate(found) if word.after_point)
