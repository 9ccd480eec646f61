"""What becomes of items between two programs, in groups that people look for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.domain.program import Program
from app.domain.session import Item

Pair = tuple[Item, Item]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChanges:
    """Items by what becomes of them, in the order of the program after; pairs are before and after.

    An item of which more than one thing changes is in several groups; ``reworded`` has those with other authors, kinds,
    abstracts or links.
    """

    new: tuple[Item, ...] = ()
    gone: tuple[Item, ...] = ()
    retitled: tuple[Pair, ...] = ()
    renumbered: tuple[Pair, ...] = ()
    reworded: tuple[Pair, ...] = ()


def item_changes(before: Program, after: Program) -> ItemChanges:
    """Compare the items of all sessions by their ids; one that is in another session now has not changed by that."""
    old, new = before.items_by_id, after.items_by_id
    both = [(old[name].item, placed.item) for name, placed in new.items() if name in old]
    return ItemChanges(
        new=tuple(placed.item for name, placed in new.items() if name not in old),
        gone=tuple(placed.item for name, placed in old.items() if name not in new),
        retitled=tuple(pair for pair in both if pair[0].title != pair[1].title),
        renumbered=tuple(pair for pair in both if pair[0].number != pair[1].number),
        reworded=tuple(pair for pair in both if _wording(pair[0]) != _wording(pair[1])),
    )


def _wording(item: Item) -> Item:
    """What is not compared by itself; minutes, and what is known on the day alone, are of the line-up."""
    return replace(item, title="", number="", minutes=None, absent=False, added=False)
