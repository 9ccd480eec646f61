"""Which session of a new program is which of a former one, so that ids live on.

A session is known again by its guid, else its id, else its title and people, else either of
them, else its room, start and kind: a re-titled, re-timed or re-ordered program keeps its ids.
Several that are equal are paired in the order of the day.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.program import Program
from app.domain.session import NOT_TALKS, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """All that a session can be known again by.

    ``ids`` are names that it may have had as its id: its own, its speakers' anchors.
    ``title`` is empty while it is to be announced.
    """

    start: datetime
    guid: str = ""
    ids: tuple[str, ...] = ()
    title: str = ""
    people: frozenset[str] = frozenset()
    room: str = ""
    kind: str = ""


Key = Callable[[Traits], Iterable[Hashable]]


def traits_of(program: Program, session: Session) -> Traits:
    """The traits of a session of a program."""
    return Traits(
        start=session.start,
        guid=session.guid,
        ids=(session.id,),
        title="" if session.tba else plain(session.title),
        people=frozenset(plain(person.name) for person in program.speakers_of(session)),
        room=plain(program.room(session.room).name) if session.room else "",
        kind=sort_of(session.kind),
    )


def plain(text: str) -> str:
    """A text as it is compared: letters and digits, without case or accents."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(char if char.isalnum() else " " for char in decomposed if not unicodedata.combining(char))
    return " ".join(letters.split()) or text.strip()


def sort_of(kind: str) -> str:
    """A kind as it is compared: all sorts of talks are one."""
    return kind if kind in NOT_TALKS else "talk"


def matched(new: Sequence[Traits], former: Sequence[Traits]) -> dict[int, int]:
    """For each index of a new session that was known again, the index of its former self."""
    pairs: dict[int, int] = {}
    for key in KEYS:
        left = [index for index in range(len(new)) if index not in pairs]
        taken = set(pairs.values())
        right = [index for index in range(len(former)) if index not in taken]
        pairs.update(_pair_by(key, new, left, former, right))
    return pairs


def _guid(traits: Traits) -> Iterable[Hashable]:
    return [traits.guid] if traits.guid else []


def _ids(traits: Traits) -> Iterable[Hashable]:
    return traits.ids


def _title_and_people(traits: Traits) -> Iterable[Hashable]:
    return [(traits.title, traits.people)] if traits.title else []


def _people(traits: Traits) -> Iterable[Hashable]:
    return [(traits.people, traits.kind)] if traits.people else []


def _title(traits: Traits) -> Iterable[Hashable]:
    return [traits.title] if traits.title else []


def _place(traits: Traits) -> Iterable[Hashable]:
    return [(traits.room, traits.start, traits.kind)]


KEYS: tuple[Key, ...] = (_guid, _ids, _title_and_people, _people, _title, _place)


def _pair_by(
    key: Key, new: Sequence[Traits], left: Iterable[int], former: Sequence[Traits], right: Iterable[int]
) -> dict[int, int]:
    olds = _grouped(key, former, right)
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for name, group in _grouped(key, new, left).items():
        free = [index for index in group if index not in pairs]
        candidates = [index for index in olds.get(name, []) if index not in taken]
        found = _equals(free, new, candidates, former)
        pairs.update(found)
        taken.update(found.values())
    return pairs


def _grouped(key: Key, all_traits: Sequence[Traits], indexes: Iterable[int]) -> dict[Hashable, list[int]]:
    """Indexes by key, each group in the order of the day."""
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for index in sorted(indexes, key=lambda one: all_traits[one].start):
        for name in key(all_traits[index]):
            groups[name].append(index)
    return groups


def _equals(left: list[int], new: Sequence[Traits], right: list[int], former: Sequence[Traits]) -> dict[int, int]:
    """Pair sessions that are equal by their key: first those that did not move, then in the day's order.

    Of more on one side than on the other, the nearest in time are paired.
    """
    pairs = _unmoved(left, new, right, former)
    taken = set(pairs.values())
    rest = [index for index in left if index not in pairs]
    others = [index for index in right if index not in taken]
    if len(rest) <= len(others):
        pairs.update(_nearest([new[one].start for one in rest], rest, [former[one].start for one in others], others))
    else:
        found = _nearest([former[one].start for one in others], others, [new[one].start for one in rest], rest)
        pairs.update({new_index: old_index for old_index, new_index in found.items()})
    return pairs


def _unmoved(left: list[int], new: Sequence[Traits], right: list[int], former: Sequence[Traits]) -> dict[int, int]:
    places: dict[tuple[str, datetime], list[int]] = defaultdict(list)
    for index in reversed(right):
        places[former[index].room, former[index].start].append(index)
    pairs = {}
    for index in left:
        waiting = places[new[index].room, new[index].start]
        if waiting:
            pairs[index] = waiting.pop()
    return pairs


def _nearest(few_starts: list[datetime], few: list[int], starts: list[datetime], many: list[int]) -> dict[int, int]:
    """For each of the few the nearest of the many, in order, leaving enough for those after it."""
    pairs, low = {}, 0
    for position, start in enumerate(few_starts):
        high = len(many) - (len(few) - position)
        at = min(bisect_left(starts, start, low, high + 1), high)
        if at > low and start - starts[at - 1] <= abs(starts[at] - start):
            at -= 1
        pairs[few[position]] = many[at]
        low = at + 1
    return pairs
