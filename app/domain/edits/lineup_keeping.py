"""What no change of a line-up may do while it goes on: take away what was on, or pass over who is still to come."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.domain.change_text import quoted_item, quoted_title
from app.domain.edits.outcome import EditRefused
from app.domain.instants import utc, whole_minute
from app.domain.lineup import is_by_hand, line_up, place_at, places_to_come, steps_in_force, steps_taken
from app.domain.program import Program
from app.domain.session import Item, ItemStep, Session

# The item of a step after which nothing is on until the next one; no item has it as its id.
NOTHING = ""


def keeping_line_ups(latest: Program, after: Program, now: datetime) -> Program:
    """The program after an undo, in which nobody who waits in a line-up was passed over.

    Raises `EditRefused` where the undo would take away an item that was on.
    """
    now = whole_minute(utc(now))
    changed = {}
    for before in latest.sessions:
        session = after.sessions_by_id.get(before.id)
        if session is not None and session.items != before.items:
            _refuse_taking_away(before, session, now)
            changed[before.id] = keeping_who_waits(before, session, now)
    if not changed:
        return after
    return replace(after, sessions=tuple(changed.get(one.id, one) for one in after.sessions))


def keeping_who_waits(before: Session, session: Session, now: datetime) -> Session:
    """The session after a change of its items, with everybody to come who is here and has not begun.

    If the change passes over somebody, what has begun comes before the others, and by the clock the line-up goes by
    hand from now on, so that what is on stays on.
    """
    if session.slot != before.slot or session.cancelled or not session.start <= now < session.end:
        return session
    begun = _begun(before, now)
    waiting = {place.item.id for place in line_up(session)} - begun
    on, will_be = place_at(before, now), place_at(session, now)
    is_same = is_by_hand(before) or _id(on.item if on else None) == _id(will_be.item if will_be else None)
    if is_same and waiting <= _to_come(session, now):
        return session
    ordered = _with_begun_first(session, begun, _id(on.item if on else None))
    return ordered if is_by_hand(before) else replace(ordered, steps=_steps_so_far(before, now))


def _refuse_taking_away(before: Session, session: Session, now: datetime) -> None:
    """Raise `EditRefused` where an item is gone, or not here, that was here and on before."""
    left = {place.item.id for place in line_up(session)}
    is_on = not before.cancelled and before.start <= now < before.end
    was_on = {step.item for step in (steps_taken(before, now) if is_on else steps_in_force(before))}
    was_on -= _to_come(before, now)
    for place in line_up(before):
        if place.item.id in was_on - left:
            reason = f"{quoted_item(place.item)} is or was on in the line-up of {quoted_title(before)}"
            back = f"; Back takes the step to it back first: agenda next {before.room or 'ROOM'} --back"
            raise EditRefused(f"{reason}{back if is_on else ''}")


def _begun(session: Session, now: datetime) -> set[str]:
    """What was on, or was passed over by a step."""
    to_come = _to_come(session, now)
    here = {place.item.id for place in line_up(session)}
    return (here | {step.item for step in steps_in_force(session)}) - to_come


def _to_come(session: Session, now: datetime) -> set[str]:
    return {place.item.id for place in places_to_come(session, now)}


def _with_begun_first(session: Session, begun: set[str], on: str) -> Session:
    """The session whose line-up has what has begun first, of that what is on last; all else keeps its place."""
    places = [place.item for place in line_up(session)]
    ordered = iter(sorted(places, key=lambda item: (item.id not in begun, item.id == on)))
    moved = {item.id for item in places}
    return replace(session, items=tuple(next(ordered) if item.id in moved else item for item in session.items))


def _steps_so_far(session: Session, now: datetime) -> tuple[ItemStep, ...]:
    """The steps by which a line-up that went by the clock until now is just where it is."""
    taken, on = steps_taken(session, now), place_at(session, now)
    return taken if on is not None else (*taken, ItemStep(NOTHING, now))


def _id(item: Item | None) -> str:
    return NOTHING if item is None else item.id
