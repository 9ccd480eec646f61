"""Edits of a session's line-up: what is on in it, its order, and who is here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from app.domain.change_text import quoted_item, quoted_title
from app.domain.edits.content import checked_title
from app.domain.edits.delay import session_on
from app.domain.edits.edit_types import AddItem, ItemAbsent, OrderItems, RemoveItem, StartNow, Step
from app.domain.edits.lineup_keeping import keeping_who_waits
from app.domain.edits.outcome import EditRefused, Outcome, Suggestion
from app.domain.edits.session_rules import MAX_MINUTES, refuse_cancelled, refuse_over
from app.domain.errors import UnknownName
from app.domain.ids import SESSION_ID_LENGTH, UniqueIds, slug_or_digest
from app.domain.lineup import (
    MOST_PLACES,
    former_place,
    has_line_up,
    is_by_hand,
    line_up,
    next_place,
    place_at,
    place_of_next_step,
    places_to_come,
    stepped,
)
from app.domain.program import Program
from app.domain.session import Item, Session
from app.domain.texts import MOST


def step(program: Program, edit: Step, now: datetime) -> Outcome:
    """The item is on from the present minute until the next step; without one the line-up goes by the clock.

    An item before the one that is on is gone back to: it keeps the start that it had.
    """
    session = _with_line_up(program, edit.session, now)
    if session.start > now:
        title = quoted_title(session)
        reason = f"{title} begins at {program.clock(session.start)}, so nothing of its line-up is on yet"
        raise EditRefused(reason, [Suggestion(StartNow(session.id), f"Start {title}")])
    if edit.item is None:
        return Outcome(sessions=(replace(session, steps=()),)) if is_by_hand(session) else Outcome()
    item = _item(session, edit.item)
    place = next((one for one in line_up(session) if one.item.id == item.id), None)
    if place is None:
        here = Suggestion(ItemAbsent(session.id, item.id, absent=False), f"Mark {quoted_item(item)} as here")
        raise EditRefused(f"{quoted_item(item)} is not here", [here])
    if is_by_hand(session) and place == place_at(session, now):
        raise EditRefused(f"{quoted_item(item)} is on since {program.clock(place.start)}")
    return Outcome(sessions=(replace(session, steps=stepped(session, place, now)),))


def next_step(program: Program, session: Session, now: datetime) -> Step:
    """The step to the next place of a session's line-up; raises `EditRefused` after the last one.

    Where the clock turned less than two minutes ago, it is to the place that is on, which then begins now, by hand.
    """
    session = _with_line_up(program, session.id, now)
    place = place_of_next_step(session, now)
    if place is None:
        last = line_up(session)[-1]
        raise EditRefused(f"{quoted_item(last.item)} is the last in the line-up of {quoted_title(session)}")
    return Step(session.id, place.item.id)


def session_stepped(program: Program, room: str, item: str | None, now: datetime) -> str:
    """The session, by id, whose line-up a step in a room is of; raises `EditRefused` where nothing is on there.

    That is the one with the item that is stepped to, else of those that are on the one with a line-up.
    """
    program.room(room)
    known = program.items_by_id.get(item or "")
    if known is not None and known.session.room in {room, None}:
        return known.session.id
    usual = session_on(program, room, now)
    if has_line_up(program.session(usual)):
        return usual
    others = (one for one in program.sessions_in(room) if one.start <= now < one.end and not one.cancelled)
    return next((one.id for one in others if has_line_up(one)), usual)


def step_back(program: Program, session: Session, now: datetime) -> Step:
    """The step to the place before the one that is on; raises `EditRefused` where none began before it."""
    session = _with_line_up(program, session.id, now)
    place = former_place(session, now)
    if place is None:
        first = quoted_item((place_at(session, now) or line_up(session)[0]).item)
        raise EditRefused(f"{first} is the first in the line-up of {quoted_title(session)} that began")
    return Step(session.id, place.item.id)


def order_items(program: Program, edit: OrderItems, now: datetime) -> Outcome:
    """The items take their own places in the order in which the edit names them."""
    session = _with_line_up(program, edit.session, now)
    wanted = [_item(session, name) for name in edit.items]
    if len(set(edit.items)) < max(len(wanted), 2):
        raise EditRefused("another order needs two items at least, each named once", field="items")
    to_come = _ids_to_come(session, now)
    for item in wanted:
        if item.id not in to_come:
            raise EditRefused(f"{quoted_item(item)} {'is not here' if item.absent else 'has begun'}", field="items")
    order = iter(wanted)
    items = tuple(next(order) if item in wanted else item for item in session.items)
    return Outcome(sessions=(replace(session, items=items),))


def item_absent(program: Program, edit: ItemAbsent, now: datetime) -> Outcome:
    """The item has no time while it is absent. If it is on, the next begins, as by a step; after the last, nothing.

    One that is here again has its former place if that is still to come, else the last one. Where its time would have
    passed by the clock, the line-up goes by hand.
    """
    session = _with_line_up(program, edit.session, now, needed=edit.absent)
    item = _item(session, edit.item)
    if item.absent == edit.absent:
        raise EditRefused(f"{quoted_item(item)} is {'not here already' if item.absent else 'here'}")
    changed = replace(item, absent=edit.absent)
    if not edit.absent:
        return Outcome(sessions=(keeping_who_waits(session, _with_one_again(session, item, changed, now), now),))
    on = place_at(session, now)
    if on is None or on.item.id != item.id:
        if item.id not in _ids_to_come(session, now):
            raise EditRefused(f"{quoted_item(item)} was on already")
        return Outcome(sessions=(_replacing(session, item, changed),))
    after_it = next_place(session, now)
    # Without a next one the step that it has, or gets, ends the one before it, and nothing is on.
    steps = stepped(session, after_it or on, now) if after_it or not is_by_hand(session) else session.steps
    return Outcome(sessions=(replace(_replacing(session, item, changed), steps=steps),))


def add_item(program: Program, edit: AddItem, now: datetime) -> Outcome:
    """The new item has a time after the one that is named, which must not be before what is on; else it is the last.

    Where that time would have passed by the clock, the line-up goes by hand.
    """
    session = _with_line_up(program, edit.session, now, needed=False)
    if not 1 <= edit.minutes <= MAX_MINUTES:
        raise EditRefused(f"an item lasts 1 to {MAX_MINUTES} minutes, not {edit.minutes}", field="minutes")
    if sum(item.minutes is not None for item in session.items) >= MOST_PLACES or len(session.items) >= MOST["items"]:
        raise EditRefused(f"{quoted_title(session)} has as many items as a line-up may have")
    title = checked_title(edit.title)
    ids = UniqueIds(program.taken_ids, SESSION_ID_LENGTH)
    name = ids.reserve(slug_or_digest(title, "paper", SESSION_ID_LENGTH))
    authors = tuple(filter(None, map(str.strip, edit.authors)))
    new = Item(id=name, title=title, minutes=edit.minutes, authors=authors, added=True)
    at = len(session.items) if edit.after is None else _index(session.items, _item(session, edit.after)) + 1
    if at < _first_to_come(session, now):
        raise EditRefused(f"{quoted_item(_item(session, edit.after or ''))} is over", field="after")
    more = replace(session, items=(*session.items[:at], new, *session.items[at:]))
    return Outcome(sessions=(keeping_who_waits(session, more, now),))


def remove_item(program: Program, edit: RemoveItem, now: datetime) -> Outcome:
    """The item is in no list any more, but known as removed, since its address is for life.

    One of the program is only marked as absent.
    """
    session = _with_line_up(program, edit.session, now, needed=False)
    item = _item(session, edit.item)
    if not item.added:
        absent = Suggestion(ItemAbsent(session.id, item.id), f"Mark {quoted_item(item)} as not here")
        raise EditRefused(f"{quoted_item(item)} is of the program, so it is not removed", [absent])
    if not item.absent and item.id not in _ids_to_come(session, now):
        raise EditRefused(f"{quoted_item(item)} has begun")
    return Outcome(sessions=(session.with_items(one for one in session.items if one.id != item.id),))


def _with_line_up(program: Program, name: str, now: datetime, *, needed: bool = True) -> Session:
    """The session, whose line-up can be changed; raises `EditRefused`."""
    session = program.session(name)
    refuse_cancelled(session)
    refuse_over(program, session, now)
    if needed and not has_line_up(session):
        raise EditRefused(f"{quoted_title(session)} has no line-up: nothing in it that is here has minutes")
    return session


def _item(session: Session, name: str) -> Item:
    """An item of the session that has minutes."""
    known = {item.id: item for item in session.items if item.minutes is not None}
    if name not in known:
        raise UnknownName("item of this line-up", name, known)
    return known[name]


def _ids_to_come(session: Session, now: datetime) -> set[str]:
    return {place.item.id for place in places_to_come(session, now)}


def _index(items: Sequence[Item], item: Item) -> int:
    return next(index for index, one in enumerate(items) if one.id == item.id)


def _first_to_come(session: Session, now: datetime) -> int:
    """The index after that of the last item that has begun."""
    begun = {place.item.id for place in line_up(session)} - _ids_to_come(session, now)
    return max((index for index, item in enumerate(session.items, start=1) if item.id in begun), default=0)


def _replacing(session: Session, item: Item, changed: Item) -> Session:
    return replace(session, items=tuple(changed if one.id == item.id else one for one in session.items))


def _with_one_again(session: Session, item: Item, changed: Item, now: datetime) -> Session:
    if _index(session.items, item) >= _first_to_come(session, now):
        return _replacing(session, item, changed)
    return replace(session, items=(*(one for one in session.items if one.id != item.id), changed))
