"""The line-up of a session in the console: what is on, the steps from there, and the places that can be arranged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from app.domain.edits.edit_types import ItemAbsent, OrderItems, RemoveItem, Step
from app.domain.lineup import (
    JUST_TURNED,
    MOST_PLACES,
    LineUpPlace,
    boundaries,
    former_place,
    is_by_hand,
    line_up,
    over_by,
    place_at,
    place_of_next_step,
    places_to_come,
)
from app.domain.session import Item, Session
from app.web.organizer.console import may_edit
from app.web.request_context import page_context

# More rows than these are folded.
MOST_UNFOLDED = 3


@dataclass(frozen=True)
class StepButtons:
    """The places that can be stepped to, and the one that is on, from an instant until another (None: no such end)."""

    session: Session
    since: datetime | None
    until: datetime | None
    on: LineUpPlace | None
    next: LineUpPlace | None
    former: LineUpPlace | None

    @property
    def begins_now(self) -> bool:
        """Whether the next step is to what the clock has just turned to."""
        return self.next is not None and self.on is not None and self.next.item.id == self.on.item.id

    def step(self, place: LineUpPlace) -> Step:
        """The step to a place."""
        return Step(self.session.id, place.item.id)

    def absent(self, place: LineUpPlace) -> ItemAbsent:
        """That who presents a place is not here."""
        return ItemAbsent(self.session.id, place.item.id)


@dataclass(frozen=True)
class ArrangedItem:
    """An item that is to come, or is absent (``place`` None), with the edits that can be made of it."""

    session: Session
    item: Item
    place: LineUpPlace | None
    earlier: OrderItems | None = None
    later: OrderItems | None = None

    @property
    def until(self) -> datetime | None:
        """When it begins by the clock, and can be arranged no more; None where a step decides that."""
        return None if self.place is None or is_by_hand(self.session) else self.place.start

    @property
    def absence(self) -> ItemAbsent:
        """That who presents it is not here, or is here after all."""
        return ItemAbsent(self.session.id, self.item.id, absent=self.place is not None)

    @property
    def removal(self) -> RemoveItem | None:
        """Its removal, where it was added on the spot."""
        return RemoveItem(self.session.id, self.item.id) if self.item.added else None


@dataclass(frozen=True)
class LineUpPanel:
    """A line-up at an instant: the first of its ``moments`` is the present one, and a script shows the second in time.

    ``by_clock`` is the step by which it goes by the clock again; None where it does.
    """

    session: Session
    moments: tuple[StepButtons, ...]
    by_clock: Step | None
    over_minutes: int
    arranged: tuple[ArrangedItem, ...]

    @property
    def is_on(self) -> bool:
        """Whether its session is on."""
        return bool(self.moments)

    @property
    def is_folded(self) -> bool:
        """Whether there are too many rows to show all."""
        return len(self.arranged) > MOST_UNFOLDED

    @property
    def count_text(self) -> str:
        """How many are to come: "4 to come, 1 not here"."""
        to_come = sum(one.place is not None for one in self.arranged)
        missing = len(self.arranged) - to_come
        return f"{to_come} to come" + (f", {missing} not here" if missing else "")

    @property
    def after(self) -> list[LineUpPlace]:
        """The places after which another one can be added: what is on and to come."""
        on = [self.moments[0].on] if self.moments else []
        return [place for place in (*on, *(one.place for one in self.arranged)) if place]


def line_up_panel(session: Session) -> LineUpPanel | None:
    """The line-up of a session that the signed-in person may step through; None where there is none to change."""
    now = page_context().now
    timed = sum(item.minutes is not None for item in session.items)
    if session.cancelled or session.end <= now or not 0 < timed <= MOST_PLACES or not may_edit("Step", session):
        return None
    return LineUpPanel(
        session,
        tuple(_moments(session, now)),
        Step(session.id, None) if is_by_hand(session) and session.start <= now else None,
        over_by(session, now),
        tuple(_arranged(session, now)),
    )


def _moments(session: Session, now: datetime) -> Iterator[StepButtons]:
    """The buttons until the line-up turns by the clock, and those after that: a page refreshes a while later."""
    if not session.start <= now:
        return
    turns = set() if is_by_hand(session) else {session.start, *boundaries(session)}
    edges_known = {edge for turn in turns for edge in (turn, turn + JUST_TURNED)}
    changes = sorted(edge for edge in edges_known if now < edge < session.end)
    edges = [None, *changes[:2], None][:3]
    for since, until in pairwise(edges):
        instant = since or now
        places = (place_at(session, instant), place_of_next_step(session, instant), former_place(session, instant))
        yield StepButtons(session, since, until, *places)


def _arranged(session: Session, now: datetime) -> Iterator[ArrangedItem]:
    """What is to come, and who is not here, in the order of the items."""
    coming = [place.item.id for place in places_to_come(session, now)]
    places = {place.item.id: place for place in line_up(session, now) if place.item.id in coming}
    before = dict(zip(coming[1:], coming, strict=False))
    after = {first: second for second, first in before.items()}
    for item in session.items:
        if item.minutes is None or not (item.absent or item.id in places):
            continue
        place = places.get(item.id)
        earlier, later = before.get(item.id), after.get(item.id)
        yield ArrangedItem(
            session,
            item,
            place,
            OrderItems(session.id, (item.id, earlier)) if earlier else None,
            OrderItems(session.id, (later, item.id)) if later else None,
        )


TEMPLATE_GLOBALS = {"line_up_panel": line_up_panel}
