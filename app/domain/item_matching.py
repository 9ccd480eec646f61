"""Which item of a new list is which former one, so that it keeps its id, its address and its number."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from app.domain.program import Program
from app.domain.session import Item, Session
from app.domain.session_matching import normalized
from app.domain.texts import longest_of

# An item with another title and other authors is a former one if they have so many of the authors and words in common.
LEAST_COMMON_AUTHORS = 0.5
LEAST_SIMILARITY = 0.6
# Without authors, titles must be more alike than that.
LEAST_SIMILARITY_ALONE = 0.8
# Of a longer list of items that nothing else tells apart, titles are not compared one with each other.
MOST_COMPARED = 100
LONGEST_COMPARED = longest_of("title")
# What tells a paper in an address: OpenReview's forum, a DOI, arXiv's number without the version.
_SOURCES = (
    re.compile(r"(openreview)\.net/(?:forum|pdf|attachment)\?(?:[^#]*&)?id=([\w-]+)"),
    re.compile(r"(doi)\.org/(10\.\d{4,9}/[^\s?#]+)", re.IGNORECASE),
    re.compile(r"(arxiv)\.org/(?:abs|pdf|html)/(\d{4}\.\d{4,5}|[a-z-]+/\d{7})"),
)


@dataclass(frozen=True, slots=True)
class Match:
    """The index of a former item, and whether that is certain, or only likely."""

    former: int
    certain: bool


def source_ids(item: Item) -> frozenset[str]:
    """What other systems call an item, as its links tell: `openreview:…`, `doi:…`, `arxiv:…`."""
    found = (match for link in item.links for source in _SOURCES if (match := source.search(link.url)))
    # OpenReview's ids have capitals that count, DOIs have not (DOI Handbook, 2.4).
    return frozenset(
        f"{name}:{text if name == 'openreview' else text.lower()}"
        for name, text in ((match[1].lower(), match[2].removesuffix(".pdf")) for match in found)
    )


def matched_items(new: Sequence[Item], former: Sequence[Item]) -> dict[int, Match]:
    """For the index of each new item that is a former one, which one that is.

    Items are matched by id, else by what other systems call them, else by title and authors, by title, by authors and
    number. What has the same authors or a similar title is likely the same.
    """
    found: dict[int, Match] = {}
    for key, certain in KEYS if former else ():
        _match_by(key, new, former, found, certain=certain)
    for index, place in _similar(new, former, found):
        found[index] = Match(place, certain=False)
    return found


def with_former_ids(program: Program, former: Program, made_ids: AbstractSet[str]) -> Program:
    """The program, its items of which files give no id with the ids that they had in the former one.

    ``made_ids`` are their present ones, made of their titles: another title, or another order of titles that begin
    alike, must not be another address. What is only likely the same item is another one.
    """
    taken = (program.items_by_id.keys() | program.sessions_by_id.keys()) - made_ids

    def kept(session: Session) -> Session:
        known = former.sessions_by_id.get(session.id, session).items
        bare = [replace(item, id="") if item.id in made_ids else item for item in session.items]
        new = {index: item for index, item in enumerate(bare) if not item.id}
        candidates = [item for item in known if item.id not in taken]
        matches = matched_items([*new.values()], candidates)
        ids = {
            index: candidates[matches[place].former].id
            for place, index in enumerate(new)
            if place in matches and matches[place].certain
        }
        items = (replace(item, id=ids.get(index, item.id)) for index, item in enumerate(bare))
        return replace(session, items=tuple(items)) if new else session

    return replace(program, sessions=tuple(map(kept, program.sessions)))


Key = Callable[[Item], Iterable[Hashable]]


def compared_title(item: Item) -> str:
    """An item's title as it is compared: no longer than one that a program holds."""
    return normalized(item.title[:LONGEST_COMPARED])


def _authors(item: Item) -> frozenset[str]:
    return frozenset(normalized(name[:LONGEST_COMPARED]) for name in item.authors)


def _whole(item: Item) -> list[Hashable]:
    return [(compared_title(item), _authors(item))]


# What an item is matched by, the most reliable first, and whether that makes it certain.
KEYS: tuple[tuple[Key, bool], ...] = (
    (lambda item: [item.id] if item.id else [], True),
    (source_ids, True),
    (_whole, True),
    (lambda item: [compared_title(item)], True),
    (lambda item: [(_authors(item), item.number)] if item.authors and item.number else [], True),
    (lambda item: [_authors(item)] if item.authors else [], False),
)


def _match_by(key: Key, new: Sequence[Item], former: Sequence[Item], found: dict[int, Match], *, certain: bool) -> None:
    """Match what a key has alone on both sides; of several with the same key those with the same number."""
    taken = {match.former for match in found.values()}
    places = _grouped(key, former, taken)
    for name, indexes in _grouped(key, new, found).items():
        free = places.get(name, [])
        if len(indexes) == len(free) == 1:
            pairs = [(indexes[0], free[0])]
        else:
            numbers = {former[place].number: place for place in free if former[place].number}
            pairs = [(index, numbers.pop(new[index].number)) for index in indexes if new[index].number in numbers]
            pairs += _in_order(new, former, indexes, free) if key is _whole else []
        for index, place in pairs:
            if index not in found and place not in taken:
                found[index] = Match(place, certain)
                taken.add(place)


def _in_order(
    new: Sequence[Item], former: Sequence[Item], indexes: Iterable[int], places: Iterable[int]
) -> Iterable[tuple[int, int]]:
    """Items that nothing tells apart, one after the other: those without a number."""
    return zip(
        (index for index in indexes if not new[index].number),
        (place for place in places if not former[place].number),
        strict=False,
    )


def _grouped(key: Key, items: Sequence[Item], without: Iterable[int]) -> dict[Hashable, list[int]]:
    """The indexes of items by each of their keys, without some."""
    left_out, groups = set(without), defaultdict[Hashable, list[int]](list)
    for index, item in enumerate(items):
        for name in key(item) if index not in left_out else ():
            groups[name].append(index)
    return groups


def _similar(new: Sequence[Item], former: Sequence[Item], found: dict[int, Match]) -> Iterator[tuple[int, int]]:
    """The pairs of those that are left whose titles are alike, the most alike first."""
    taken = {match.former for match in found.values()}
    left = {index: _Compared.of(item) for index, item in enumerate(new) if index not in found}
    free = {place: _Compared.of(item) for place, item in enumerate(former) if place not in taken}
    if len(left) > MOST_COMPARED or len(free) > MOST_COMPARED:
        return
    scored = ((mine.similarity(theirs), index, place) for index, mine in left.items() for place, theirs in free.items())
    used: set[tuple[str, int]] = set()
    for score, index, place in sorted(scored, key=lambda one: (-one[0], *one[1:])):
        if score and not {("new", index), ("former", place)} & used:
            used |= {("new", index), ("former", place)}
            yield index, place


@dataclass(frozen=True, slots=True)
class _Compared:
    """What of an item is compared with each of several others."""

    title: str
    authors: frozenset[str]

    @classmethod
    def of(cls, item: Item) -> _Compared:
        return cls(compared_title(item), _authors(item))

    def similarity(self, former: _Compared) -> float:
        """How alike two titles are, at most 1; 0 where that is too little to be the same item."""
        mine, theirs = self.authors, former.authors
        common = len(mine & theirs) / max(len(mine | theirs), 1)
        least = LEAST_SIMILARITY if common >= LEAST_COMMON_AUTHORS else LEAST_SIMILARITY_ALONE
        if mine and theirs and not common:
            return 0
        matcher = SequenceMatcher(None, self.title, former.title, autojunk=False)
        if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
            return 0
        ratio = matcher.ratio()
        return ratio if ratio >= least else 0
