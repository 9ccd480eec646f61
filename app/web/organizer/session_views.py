"""The console's pages of sessions: one session, what it says, a new one, the order of a room, and announcements."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Literal

from flask import request
from flask.typing import ResponseReturnValue

from app.domain.conference_day import by_day, conference_day
from app.domain.edits.session_rules import may_be_running_over
from app.domain.program import Program
from app.domain.session import Session
from app.web.address_traits import FOR_CHAIRS, FOR_SESSION_PAGES, FOR_SPEAKERS_AND_ORGANIZERS
from app.web.organizer.console import console, console_page
from app.web.organizer.form_choices import to_order
from app.web.organizer.form_fields import Fields
from app.web.organizer.last_done import done_in
from app.web.organizer.room_state_views import room_state_of
from app.web.organizer.signed_in_person import current_program, current_sign_in, rooms_of
from app.web.organizer.speaker_page_views import speaker_page
from app.web.rate_limits import PREVIEWS_PER_SPEAKER, count
from app.web.request_context import page_context

Stage = Literal["cancelled", "another day", "to come", "on", "running over", "over"]
# By so many minutes a session begins earlier with one tap, where there is time.
EARLIER_MINUTES = (5, 10)


@console.get("/talks/<session_id>", traits=FOR_SESSION_PAGES)
def session(session_id: str) -> ResponseReturnValue:
    """One session with the edits that can be made to it now; 422 with a note for its chair that was refused."""
    context = page_context()
    session = context.program.session(session_id)
    if current_sign_in().editor.role == "speaker":
        return speaker_page(session)
    rooms = [room for room in context.program.rooms if session.room in {None, room.id}]
    state = room_state_of(session)
    page = console_page(
        "session.html",
        session=session,
        rooms=rooms,
        other_rooms=_other_rooms(context.program, session),
        stage=_stage(context.program, session, context.now),
        earlier=_earlier(session, context.now),
        here=request.path,
        **done_in(rooms),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if state and state.note_fault else HTTPStatus.OK


@console.get("/talks/<session_id>/edit")
def edit_content(session_id: str) -> str:
    """The form for all that a session says, and how it gives way when the day slips."""
    return console_page("content.html", session=page_context().program.session(session_id))


@console.post("/markdown", traits=FOR_SPEAKERS_AND_ORGANIZERS)
def markdown() -> str:
    """An abstract as the page of its session would show it."""
    editor = current_sign_in().editor
    if editor.role == "speaker":
        count(PREVIEWS_PER_SPEAKER, "previews", editor.name)
    return console_page("markdown.html", abstract=Fields(request.form, current_program()).text("abstract"))


@console.get("/announce", traits=FOR_CHAIRS)
def announce() -> str:
    """The form for an announcement, and the announcements that can be withdrawn."""
    return console_page("announce.html", rooms=rooms_of(current_sign_in().editor, current_program()))


@console.get("/add")
def add() -> str:
    """The form for a session that the program does not have, by default after one (`after`)."""
    return console_page("add.html", filled_in=request.args)


@console.get("/order")
def order() -> str:
    """The rooms; of one of them (`room`) for each day what is to come, in an order that can be changed."""
    program = page_context().program
    room = request.args.get("room", program.rooms[0].id if len(program.rooms) == 1 else "")
    return console_page("order.html", room=room, days=by_day(program, to_order(room)))


def _stage(program: Program, session: Session, now: datetime) -> Stage:
    """Where a session is in its life: which edits make sense."""
    if session.cancelled:
        return "cancelled"
    if session.end <= now:
        return "running over" if may_be_running_over(program, session, now) else "over"
    if session.start <= now:
        return "on"
    is_today = conference_day(program, session.start) == conference_day(program, now)
    return "to come" if is_today else "another day"


def _other_rooms(program: Program, session: Session) -> list[tuple[str, str]]:
    """The places that a session can be moved to, each with its name; "" is all rooms."""
    places = [("", "All rooms"), *((room.id, room.name) for room in program.rooms)]
    return [(room_id, name) for room_id, name in places if room_id != (session.room or "")]


def _earlier(session: Session, now: datetime) -> dict[int, datetime]:
    """By how many minutes a session can begin earlier, each with the instant until which it can."""
    latest = {minutes: session.start - timedelta(minutes=minutes) for minutes in EARLIER_MINUTES}
    return {minutes: until for minutes, until in latest.items() if until > now}
