"""The line-up of a session: its items that have minutes, one after the other, by the clock or by hand.

By the clock each begins when those before it are over, from the session's start on. A *step* is taken by hand, and
records when an item began: it is on from then until the next step or the session's end, over its minutes too, and what
follows is only a forecast. Steps at an instant outside the session's present time count for nothing, since the session
was moved since. A step to an item that is not here any more, or is gone, ends the one before it, and nothing is on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from app.domain.instants import MINUTE, minutes_rounded_up
from app.domain.session import Item, ItemStep, Session

# A session with more items that have minutes has no line-up: nobody follows one after the other.
MOST_PLACES = 100
# How long after the clock turned to a place the first step by hand is one to that place, not past it.
JUST_TURNED = timedelta(minutes=2)

_Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class LineUpPlace:
    """An item in its line-up: the ``position``-th ``of`` so many; of what has not ended, ``end`` is when it should."""

    item: Item
    position: int
    of: int
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class _Line:
    """A line-up: its places, the indexes of those that have a recorded start, and until when the last of these is on.

    Without ``by_hand`` the clock alone tells which have begun. ``until`` None: until the end of its session.
    """

    places: tuple[LineUpPlace, ...]
    by_hand: bool = False
    recorded: tuple[int, ...] = ()
    until: datetime | None = None

    @property
    def present(self) -> int:
        """By hand, the index of the last that has begun; -1 where none has."""
        return self.recorded[-1] if self.recorded else -1


def line_up(session: Session, now: datetime | None = None) -> tuple[LineUpPlace, ...]:
    """The places in order; none where no item has minutes, or all who have are absent.

    With ``now`` nothing that waits for a step is forecast to begin earlier than that.
    """
    return _line(session, now).places


def has_line_up(session: Session) -> bool:
    """Whether there is one."""
    return bool(_items(session))


def is_by_hand(session: Session) -> bool:
    """Whether the line-up goes by steps, and no longer by the clock."""
    return bool(steps_in_force(session))


def place_at(session: Session, now: datetime) -> LineUpPlace | None:
    """The place that is on at an instant; None outside the session, after the last one, and without a line-up."""
    if not session.items or session.cancelled or not session.start <= now < session.end:
        return None
    spans = _times_on(session, _line(session))
    return next((place for place, (start, end) in spans if start <= now < end), None)


def next_place(session: Session, now: datetime) -> LineUpPlace | None:
    """The first place that has not begun; None after the last one."""
    return next(iter(places_to_come(session, now)), None)


def place_of_next_step(session: Session, now: datetime) -> LineUpPlace | None:
    """Where the next step leads: to the first place that has not begun; None after the last one.

    By the clock it is to the place that is on where the clock turned to it less than two minutes ago: whoever
    steps then means that it begins now, and did not see that the clock has turned.
    """
    on = place_at(session, now)
    if on is not None and not is_by_hand(session) and now - on.start < JUST_TURNED:
        return on
    return next_place(session, now)


def following(session: Session, place: LineUpPlace) -> LineUpPlace | None:
    """The place of the session's line-up that comes after one of it; None after the last one."""
    return next((one for one in line_up(session) if one.position > place.position), None)


def former_place(session: Session, now: datetime) -> LineUpPlace | None:
    """The place to which a step back leads: the last that began before the one that is on; None at the first one."""
    line = _line(session)
    on = place_at(session, now)
    begun = [place for place in _begun(line, now) if on is None or place.position < on.position]
    return begun[-1] if begun else None


def places_to_come(session: Session, now: datetime) -> tuple[LineUpPlace, ...]:
    """The places that have not begun; one that was passed over by a step counts as begun."""
    line = _line(session)
    if line.by_hand:
        return line.places[line.present + 1 :]
    return tuple(place for place in line.places if place.start > now)


def boundaries(session: Session) -> Iterator[datetime]:
    """The instants within the session at which another place is on, or none any more."""
    if not session.items or session.cancelled:
        return
    for _, span in _times_on(session, _line(session)):
        yield from (edge for edge in span if session.start < edge < session.end)


def over_by(session: Session, now: datetime | None = None) -> int:
    """By how many whole minutes the line-up is forecast to end after the session; 0: it fits. ``now`` as `line_up`."""
    places = line_up(session, now)
    return max(0, minutes_rounded_up(places[-1].end - session.end)) if places else 0


def steps_in_force(session: Session) -> tuple[ItemStep, ...]:
    """The steps that were taken while the session is on by its present time."""
    return tuple(step for step in session.steps if session.start <= step.at < session.end)


def steps_taken(session: Session, now: datetime) -> tuple[ItemStep, ...]:
    """The steps in force; by the clock those that would have been taken until now."""
    if is_by_hand(session):
        return steps_in_force(session)
    return tuple(ItemStep(one.item.id, one.start) for one in _begun(_line(session), now))


def stepped(session: Session, place: LineUpPlace, now: datetime) -> tuple[ItemStep, ...]:
    """The steps after one to a place of the session's line-up.

    It begins now. One before the place that is on keeps the start that it had, and the later ones have not begun.
    What began by the clock keeps its start.
    """
    line, on = _line(session), place_at(session, now)
    begun = _begun(line, now)
    is_back = on is None or place.position < on.position
    known = next((one.start for one in begun if one.position == place.position and is_back), None)
    taken = steps_taken(session, now)
    order = {one.item.id: one.position for one in line.places}
    # Steps to who is not here any more stay too: they may be here after all.
    former = [step for step in taken if order.get(step.item, 0) < place.position]
    if known is not None:
        former = [step for step in former if step.at <= known]
    return (*former, ItemStep(place.item.id, known or max(now, session.start, *(step.at for step in former))))


def _items(session: Session) -> list[Item]:
    """The items that have a place; none where there are too many of them."""
    timed = [item for item in session.items if item.minutes is not None]
    return [item for item in timed if not item.absent] if len(timed) <= MOST_PLACES else []


def _line(session: Session, now: datetime | None = None) -> _Line:
    items = _items(session)
    steps = steps_in_force(session) if items else ()
    if not steps:
        return _Line(_places(items, _in_turn(session.start, items)))
    order = {item.id: index for index, item in enumerate(items)}
    taken = [(order[step.item], step.at) for step in steps if step.item in order]
    recorded = tuple(index for index, _ in taken)
    is_on = steps[-1].item in order
    spans = _held(items, dict(taken), recorded[-1], None if is_on else steps[-1].at) if taken else []
    after = spans[-1][1] if is_on else steps[-1].at
    spans += _in_turn(max(after, now or after), items[len(spans) :])
    return _Line(_places(items, spans), True, recorded, None if is_on else steps[-1].at)


def _places(items: Sequence[Item], spans: Sequence[_Span]) -> tuple[LineUpPlace, ...]:
    pairs = enumerate(zip(items, spans, strict=True), start=1)
    return tuple(LineUpPlace(item, position, len(items), *span) for position, (item, span) in pairs)


def _in_turn(start: datetime, items: Sequence[Item]) -> list[_Span]:
    """The times of items that follow each other, each as long as its minutes."""
    found = []
    for item in items:
        end = start + (item.minutes or 0) * MINUTE
        found.append((start, end))
        start = end
    return found


def _held(items: Sequence[Item], starts: dict[int, datetime], last: int, end: datetime | None) -> list[_Span]:
    """The times of the items up to the last one by hand; one that was passed over has no length.

    Each ends where the next one begins, also where another order puts one before that began after it.
    """
    edges = [starts[last]]
    for index in range(last - 1, -1, -1):
        edges.append(min(starts.get(index, edges[-1]), edges[-1]))
    usual = starts[last] + (items[last].minutes or 0) * MINUTE
    return [*pairwise(reversed(edges)), (starts[last], usual if end is None else end)]


def _times_on(session: Session, line: _Line) -> Iterator[tuple[LineUpPlace, _Span]]:
    """The places that are on at some time, each with when that is."""
    for index, place in enumerate(line.places):
        end = place.end
        if line.by_hand:
            if index > line.present:
                return
            end = (line.until or session.end) if index == line.present else place.end
        if place.start < end:
            yield place, (place.start, end)


def _begun(line: _Line, now: datetime) -> list[LineUpPlace]:
    """The places that have begun, without those that were passed over."""
    if line.by_hand:
        return [line.places[index] for index in sorted(line.recorded) if index <= line.present]
    return [place for place in line.places if place.start <= now]
