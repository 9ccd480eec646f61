"""What is on in the line-ups of a page's rooms, and what follows."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain import lineup
from app.domain.lineup import LineUpPlace, has_line_up, line_up
from app.domain.program import Room
from app.domain.session import Session
from app.domain.timeline import RoomMoment, within
from app.web.request_context import PageContext, page_context

# Of more places a page has only those that will be on soon: each takes some 200 bytes.
MOST_PLACES_ON_A_PAGE = 60


def line_ups_in(context: PageContext, room_ids: Iterable[str]) -> list[tuple[LineUpPlace, ...]]:
    """The places of the line-ups in some rooms whose sessions are not over.

    Of very many only those of sessions that are on or next: a page is refreshed before others begin.
    """
    sessions = {one.id: one for room in room_ids for one in context.program.sessions_in(room)}
    to_come = [one for one in sessions.values() if has_line_up(one) and context.now < one.end and not one.cancelled]
    if sum(len(one.items) for one in to_come) > MOST_PLACES_ON_A_PAGE:
        soon = context.states(tuple(room_ids))
        to_come = [one for one in to_come if soon.of(one) in {"now", "next"}]
    return [tuple(within(session, place) for place in line_up(session)) for session in to_come]


def following(answer: RoomMoment) -> LineUpPlace | None:
    """What follows in its line-up on what is on in a room."""
    return lineup.following(answer.now, answer.item) if answer.now is not None and answer.item is not None else None


def on_in_session(session: Session, room: Room) -> LineUpPlace | None:
    """What is on in the line-up of a session, if the session is what is on in a room."""
    answer = page_context().moment.in_room(room.id)
    return answer.item if answer.now is not None and answer.now.id == session.id else None
