"""Sessions that take each other's places: two swapped, a run in another order, or a talk whose speaker is absent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from app.domain.change_text import quoted_title
from app.domain.conference_day import conference_day
from app.domain.edits.edit_types import Absent, Cancel, EndNow, PushingEdit, Reorder, Swap
from app.domain.edits.outcome import EditRefused, Outcome, Suggestion
from app.domain.edits.overlaps import with_overlap_clashes
from app.domain.edits.push import Placed, push_following
from app.domain.edits.session_rules import refuse_begun, refuse_cancelled, refuse_over, refuse_pinned
from app.domain.program import Program
from app.domain.session import Session, Slot

# A session takes the start of one that began so long ago at most; later it begins now.
LATEST_TAKEOVER = timedelta(minutes=5)
# The kinds of session that can take the place of one whose speaker is absent.
TALKS = frozenset({"talk", "contributed"})


def swap(program: Program, edit: Swap, now: datetime) -> Outcome:
    """Each session begins where the other did; two that are adjacent fill the same time as before."""
    if edit.first == edit.second:
        raise EditRefused("a session cannot be swapped with itself", field="other")
    early, late = sorted(map(program.session, (edit.first, edit.second)), key=Session.order)
    for session, other in ((early, late), (late, early)):
        refuse_pinned(session, edit, "Swap")
        if session.room is None and other.room is not None and len(program.rooms) > 1:
            raise EditRefused(f"{quoted_title(session)} is for all rooms, so it is swapped with no session of one room")
    return _in_places(program, edit, (early, late), (late, early), now)


def reorder(program: Program, edit: Reorder, now: datetime) -> Outcome:
    """The sessions take their own places in the order in which the edit names them."""
    wanted = tuple(map(program.session, edit.sessions))
    places = tuple(sorted(wanted, key=Session.order))
    if len(set(edit.sessions)) < max(len(wanted), 2):
        raise EditRefused("another order needs two sessions at least, each named once")
    if len({(session.room, conference_day(program, session.start)) for session in wanted}) > 1:
        raise EditRefused("only sessions of one room and one day can be reordered")
    if wanted == places:
        return Outcome()
    for session in wanted:
        refuse_pinned(session, edit, "Reorder")
    return _in_places(program, edit, places, wanted, now)


def absent(program: Program, edit: Absent, now: datetime) -> Outcome:
    """The next talk of the room and day begins in place of the session, which follows that one."""
    session = program.session(edit.session)
    refuse_cancelled(session)
    refuse_over(program, session, now)
    if session.is_break or session.kind == "posters":
        raise EditRefused(f"nobody presents {quoted_title(session)}, so nobody is absent")
    refuse_pinned(session, edit, "Let the next talk take the place of")
    instead = next(_talks_after(program, session, now), None)
    if instead is None:
        room = program.room_name(session.room)
        raise EditRefused(
            f"no talk comes after {quoted_title(session)} in {room} that could take its place",
            [
                Suggestion(EndNow(session.id), f"End {quoted_title(session)} now"),
                Suggestion(Cancel(session.id), f"Cancel {quoted_title(session)}"),
            ],
        )
    return _in_places(program, edit, (session, instead), (instead, session), now)


def _talks_after(program: Program, session: Session, now: datetime) -> Iterator[Session]:
    """The talks after a session in its room and on its day that can be moved."""
    day = conference_day(program, session.start)
    for other in program.sessions:
        after = other.start >= session.end and other.start > now
        movable = other.kind in TALKS and other.start < other.end and not (other.cancelled or other.pinned)
        if after and movable and other.room == session.room and conference_day(program, other.start) == day:
            yield other


def _in_places(
    program: Program, edit: PushingEdit, places: Sequence[Session], order: Sequence[Session], now: datetime
) -> Outcome:
    """The sessions of ``places``, which are in time order, placed in another ``order``, and those that they push.

    Each begins where the session in its place began. Where two places in a room leave no gap, the second session
    begins at the end of the first. Only the first place may be that of a session that has begun.
    """
    for place in places:
        refuse_cancelled(place)
        refuse_over(program, place, now)
    for place in places[1:]:
        refuse_begun(program, place, now)
    slots = _slots(places, order, dict(edit.shorten), now)
    placed = {
        session.id: Placed(slot, (slot.start, slot.end, session.id)) for session, slot in zip(order, slots, strict=True)
    }
    return with_overlap_clashes(program, push_following(program, edit, placed, now), *placed)


def _slots(
    places: Sequence[Session], order: Sequence[Session], shortened: Mapping[str, int], now: datetime
) -> list[Slot]:
    """The slots of the sessions of ``order`` in the places, each with its own length or as many minutes as given."""
    slots: list[Slot] = []
    former: Session | None = None
    for place, session in zip(places, order, strict=True):
        minutes = shortened.get(session.id)
        length = session.slot.length if minutes is None else timedelta(minutes=minutes)
        if former is None:
            start = _first_start(place, length, now)
        else:
            no_gap = former.room == place.room and place.start <= former.end
            start = slots[-1].end if no_gap else place.start
        slots.append(Slot(start=start, end=start + length, room=place.room))
        former = place
    return slots


def _first_start(place: Session, length: timedelta, now: datetime) -> datetime:
    """When a session begins in the first place: now, if that one began too long ago or the session would be over."""
    taken_over = now - place.start <= LATEST_TAKEOVER and place.start + length > now
    return place.start if taken_over else now
