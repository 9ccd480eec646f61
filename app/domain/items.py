"""The items of sessions: their ids, and their numbers.

An item's id stands in its address, its code and readers' stars, so it is kept for life, as a session's is. Items and
sessions have no id in common.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.domain.ids import SESSION_ID_LENGTH, UniqueIds, slug_or_digest
from app.domain.session import Item, Session

# From which items can be numbered.
LARGEST_FIRST_NUMBER = 99_999

_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class SessionItem:
    """An item with its session."""

    session: Session
    item: Item

    @property
    def id(self) -> str:
        """The item's id."""
        return self.item.id


def with_item_ids(sessions: tuple[Session, ...]) -> tuple[Session, ...]:
    """The sessions, each item that has no id with one made of its title."""
    items = [item for session in sessions for item in session.items]
    if all(item.id for item in items):
        return sessions
    removed = (item for session in sessions for item in session.removed_items)
    taken = (*(session.id for session in sessions), *(item.id for item in (*items, *removed) if item.id))
    ids = UniqueIds(taken, SESSION_ID_LENGTH)

    def identified(item: Item) -> Item:
        return (
            item if item.id else replace(item, id=ids.reserve(slug_or_digest(item.title, "paper", SESSION_ID_LENGTH)))
        )

    return tuple(replace(session, items=tuple(map(identified, session.items))) for session in sessions)


def announced(items: Iterable[Item]) -> list[Item]:
    """The items whose titles are known, which lists, searches, feeds and exports name."""
    return [item for item in items if not item.tba]


def numbered_title(item: Item) -> str:
    """What an item is called in a list: "12 On sap"."""
    return f"{item.number} {item.title}" if item.number else item.title


def by_number(items: Iterable[Item]) -> list[Item]:
    """Items in the order of their numbers, "9" before "10"; those without one at the end, as they were given."""
    return sorted(items, key=lambda item: (not item.number, _number_parts(item.number)))


def _number_parts(number: str) -> list[tuple[bool, int, str]]:
    """A number for sorting: its figures by value, after them its letters."""
    parts = filter(None, _DIGITS.split(number.casefold()))
    return [(not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts]


def numbered_from(items: Sequence[Item], first: int) -> tuple[Item, ...]:
    """The items, each without a number with the next one from ``first`` on that none has."""
    taken, numbers = {item.number for item in items}, iter(range(first, first + 2 * len(items) + 1))
    free = (f"{number}" for number in numbers if f"{number}" not in taken)
    return tuple(item if item.number else replace(item, number=next(free)) for item in items)
