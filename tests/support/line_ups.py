"""A made-up session whose items follow each other: six of five minutes, from 11:00 to 11:30 in the hall."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.domain.lineup import LineUpPlace, line_up
from app.domain.program import Program
from app.domain.session import Item, ItemStep, Session
from support.codeml_day import at, talk, two_rooms

NAMES = ("a", "b", "c", "d", "e", "f")
# The session's id.
DEMOS = "demos"


def item(name: str, minutes: int | None = 5, *, absent: bool = False, added: bool = False) -> Item:
    """An item that is called as its id, in capitals."""
    return Item(id=f"item-{name}", title=name.upper(), minutes=minutes, absent=absent, added=added)


def demos(*items: Item, time: str = "11:00-11:30") -> Session:
    """The session with these items, else with its six."""
    return replace(talk(DEMOS, time), items=items or tuple(map(item, NAMES)))


def day(session: Session | None = None) -> Program:
    """The day with that session, a talk after it, and one beside it in the annex."""
    return two_rooms(session or demos(), talk("after", "11:30-12:00"), talk("beside", "11:00-12:00", "annex"))


def with_steps(session: Session, **steps: str) -> Session:
    """The session with steps at times, each by the name of its item, in this order."""
    return replace(session, steps=tuple(ItemStep(f"item-{name}", at(clock)) for name, clock in steps.items()))


def order_of(session: Session) -> str:
    """The names of all items in their order."""
    return "".join(one.id.removeprefix("item-") for one in session.items)


def times_of(session: Session, now: datetime | None = None) -> dict[str, str]:
    """The places of its line-up by name, as the venue's clocks show their times."""
    return {name_of(place): f"{clock(place.start)}–{clock(place.end)}" for place in line_up(session, now)}


def name_of(place: LineUpPlace | None) -> str | None:
    """The name of the item in a place."""
    return None if place is None else place.item.id.removeprefix("item-")


def clock(instant: datetime) -> str:
    """An instant as the venue's clocks show it."""
    return day().clock(instant)
