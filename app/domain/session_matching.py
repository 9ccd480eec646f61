"""Matching the sessions of a new program with those of a former one, so that they keep their ids.

Sessions are matched by guid, else by id, else by title and people, else by people or title alone, else by
room, start and kind. Of several with the same key, those with the same room and start are paired first, then each
with the nearest in time.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from app.domain.program import Program
from app.domain.session import NOT_TALKS, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What a session can be matched by.

    ``ids`` are ids that it may have had: its own, its speakers' anchors. ``title`` is empty while it is TBA.
    """

    start: datetime
    guid: str = ""
    ids: tuple[str, ...] = ()
    title: str = ""
    people: frozenset[str] = frozenset()
    room: str = ""
    kind: str = ""


Key = Callable[[Traits], Iterable[Hashable]]
Start = tuple[datetime, int]


def traits_of(program: Program, session: Session) -> Traits:
    """The traits of a session of a program."""
    return Traits(
        start=session.start,
        guid=session.guid,
        ids=(session.id,),
        title="" if session.tba else normalized(session.title),
        people=frozenset(normalized(person.name) for person in program.speakers_of(session)),
        room=normalized(program.room_name(session.room, for_all="")),
        kind=normalized_kind(session.kind),
    )


def normalized(text: str) -> str:
    """A text for comparison: its letters and digits, without case or accents."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(char if char.isalnum() else " " for char in decomposed if not unicodedata.combining(char))
    return " ".join(letters.split()) or text.strip()


def normalized_kind(kind: str) -> str:
    """A kind for comparison: all kinds of talks are "talk"."""
    return kind if kind in NOT_TALKS else "talk"


# What a session is matched by, the most reliable first. Each gives the keys of one session.
KEYS: tuple[Key, ...] = (
    lambda one: [one.guid] if one.guid else [],
    lambda one: one.ids,
    lambda one: [(one.title, one.people)] if one.title else [],
    lambda one: [(one.people, one.kind)] if one.people else [],
    lambda one: [one.title] if one.title else [],
    lambda one: [(one.room, one.start, one.kind)],
)


def paired_sessions(new: Sequence[Traits], former: Sequence[Traits]) -> dict[int, int]:
    """Index of a new session → index of the former session that it matches; without those that match none."""
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for key in (tried for one in KEYS for tried in (_in_place(one), one)):
        new_groups, old_groups = _grouped(key, new), _grouped(key, former)
        for name, group in new_groups.items():
            free = [(new[index].start, index) for index in group if index not in pairs]
            candidates = [(former[index].start, index) for index in old_groups[name] if index not in taken]
            if len(free) <= len(candidates):
                found = dict(_nearest(free, candidates))
            else:
                found = {new_index: old_index for old_index, new_index in _nearest(candidates, free)}
            pairs.update(found)
            taken.update(found.values())
    return pairs


def _in_place(key: Key) -> Key:
    """A key that sessions have in common only where their room and start are the same too."""
    return lambda one: [(name, one.room, one.start) for name in key(one)]


def _grouped(key: Key, all_traits: Sequence[Traits]) -> defaultdict[Hashable, list[int]]:
    """Indexes by key, each group in time order."""
    groups: defaultdict[Hashable, list[int]] = defaultdict(list)
    for index in sorted(range(len(all_traits)), key=lambda one: all_traits[one].start):
        for name in key(all_traits[index]):
            groups[name].append(index)
    return groups


def _nearest(few: list[Start], many: list[Start]) -> Iterator[tuple[int, int]]:
    """Pair each of the few with the nearest of the many, keeping the order; both are in time order."""
    low = 0
    for position, (start, index) in enumerate(few):
        # Leaves enough of the many for the few that come after this one.
        high = len(many) - (len(few) - position)
        at = min(bisect_left(many, start, low, high + 1, key=itemgetter(0)), high)
        if at > low and start - many[at - 1][0] <= abs(many[at][0] - start):
            at -= 1
        yield index, many[at][1]
        low = at + 1
