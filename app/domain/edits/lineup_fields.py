"""Which places of line-ups a change is about, so that a step and a change of what it passes are in conflict."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.lineup import line_up, places_to_come
from app.domain.program import Program
from app.domain.session import Session


def changed_places_of_line_ups(before: Program, after: Program) -> Iterator[str]:
    """The items of line-ups, such as ``sessions[demos].line-up[item-a]``, that a change is about.

    Of a step these are the items that it begins or passes over, of one back those that are to come again, of another
    order those that have another place, and of an absence or an addition the item.
    """
    for session in after.sessions:
        old = before.sessions_by_id.get(session.id)
        if old is not None:
            for name in (*_stepped_over(old, session), *_moved(old, session)):
                yield f"sessions[{session.id}].line-up[{name}]"


def _stepped_over(before: Session, after: Session) -> set[str]:
    if before.steps == after.steps or not after.steps:
        return set()
    now = after.steps[-1].at
    old, new = ({place.item.id for place in places_to_come(session, now)} for session in (before, after))
    return old ^ new


def _moved(before: Session, after: Session) -> set[str]:
    """The items that are in one of two line-ups alone, or that have another place among those of both."""
    if before.items == after.items:
        return set()
    old, new = ([place.item.id for place in line_up(session)] for session in (before, after))
    common = zip((name for name in old if name in new), (name for name in new if name in old), strict=True)
    return {*old} ^ {*new} | {name for pair in common if pair[0] != pair[1] for name in pair}
