"""Three-way merge of a session's items, one by one, with what is known on the day alone: who is here, what is new."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.domain.session import Item, as_planned

Items = Sequence[Item]


def merged_items(base: Items, ours: Items, theirs: Items, *, follows_plan: bool) -> tuple[Item, ...] | None:
    """Our items with what theirs changed since the base; None where both changed the same.

    A plan says nothing of who is absent or was added on the spot, so with ``follows_plan`` that stays ours. So does our
    order, unless theirs changed it; where both did, a plan's holds. What was added on the spot is of the plan once that
    has it, which then says what it is.
    """
    sides = [{item.id: item for item in side} for side in (base, ours, theirs)]
    old, mine, other = sides
    found: dict[str, Item] = {}
    for name in old | mine | other:
        three = [side.get(name) for side in sides]
        try:
            item = _merged(*three, follows_plan=follows_plan)
        except _Conflict:
            return None
        if item is not None:
            found[name] = item
    order = _order(list(old), list(mine), list(other), follows_plan=follows_plan)
    return None if order is None else tuple(found[name] for name in order if name in found)


class _Conflict(Exception):
    """Both sides changed the same differently."""


def _merged(base: Item | None, ours: Item | None, theirs: Item | None, *, follows_plan: bool) -> Item | None:
    """One item; None where it is gone."""
    if follows_plan and base is None and ours is not None and ours.added and theirs is not None:
        return replace(theirs, absent=ours.absent)
    found = _chosen(_plain(base), _plain(ours), _plain(theirs))
    if found is None:
        return None
    if ours is None:
        return found if follows_plan else theirs
    if base is None or theirs is None or follows_plan or theirs.absent == base.absent:
        return replace(found, absent=ours.absent, added=ours.added)
    return replace(found, absent=theirs.absent, added=ours.added)


def _plain(item: Item | None) -> Item | None:
    return None if item is None else as_planned([item])[0]


def _chosen(base: Item | None, ours: Item | None, theirs: Item | None) -> Item | None:
    if theirs in (base, ours):
        return ours
    if ours == base:
        return theirs
    raise _Conflict


def _order(base: list[str], ours: list[str], theirs: list[str], *, follows_plan: bool) -> list[str] | None:
    """All ids of ours and theirs in one order; None where both changed it, and theirs does not hold."""
    they_changed = _differ(base, theirs)
    if they_changed and _differ(base, ours) and _differ(ours, theirs) and not follows_plan:
        return None
    first, then = (theirs, ours) if they_changed else (ours, theirs)
    return _with_others(first, then)


def _differ(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two lists have what they have in common in another order."""
    mine, theirs = dict.fromkeys(one), dict.fromkeys(other)
    return [name for name in mine if name in theirs] != [name for name in theirs if name in mine]


def _with_others(first: list[str], then: list[str]) -> list[str]:
    """A list with those of another that it lacks, each after what it follows there."""
    known, followers = {*first}, dict[str | None, list[str]]()
    former = None
    for name in then:
        if name in known:
            former = name
        else:
            followers.setdefault(former, []).append(name)
    pairs = (one for name in (None, *first) for one in (name, *followers.get(name, ())))
    return [name for name in pairs if name is not None]
