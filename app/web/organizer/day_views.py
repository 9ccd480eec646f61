"""The console's first page, now and next in each room with what was done last; and the list of all sessions."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlencode

from flask import request
from flask.typing import ResponseReturnValue

from app.domain.conference_day import by_day
from app.domain.errors import UnknownName
from app.domain.program import Room
from app.domain.session import Session
from app.store.publish_files import open_conflict
from app.web import day_search
from app.web.address_traits import FOR_THE_FLOOR
from app.web.display_reports import reported_displays
from app.web.organizer.console import console, console_page
from app.web.organizer.last_done import done_in
from app.web.organizer.room_panels import MOST_WHOLE, RoomPanel, grouped, panels_of, rooms_named
from app.web.organizer.signed_in_person import current_sign_in, rooms_of
from app.web.request_context import page_context
from app.web.running_service import current_service
from app.web.template_helpers import days_of

# Beside several rooms the page lists so many sessions to come.
MOST_COMING = 12
# The value of `day` for which the list of sessions shows every day.
ALL_DAYS = "all"


@console.get("", traits=FOR_THE_FLOOR)
def day() -> ResponseReturnValue:
    """Now and next in each room, or in those that `room` names, with the edits that fit them."""
    context = page_context()
    mine = rooms_of(current_sign_in().editor, context.program)
    wanted = request.args.get("room", "").strip()
    shown, faults = mine, {}
    try:
        shown = rooms_named(mine, wanted) if wanted else mine
    except UnknownName:
        # Only who may look for a room by its name is told beside the field.
        if len(mine) <= MOST_WHOLE or wanted in context.program.rooms_by_id:
            raise
        faults = {"room": "no room has this in its name"}
    panels = panels_of(context, shown)
    page = console_page(
        "console.html",
        mine=mine,
        panels=panels,
        groups=grouped(panels),
        coming=_coming(panels),
        here=f"/organizer?{urlencode({'room': wanted})}" if wanted else "/organizer",
        displays=reported_displays(),
        conflict=open_conflict(current_service().database),
        faults=faults,
        **done_in(shown),
    )
    return page, HTTPStatus.NOT_FOUND if faults else HTTPStatus.OK


@console.get("/sessions", traits=FOR_THE_FLOOR)
def sessions() -> str:
    """All sessions of the rooms in hand by day and room, or those that a search (`q`, `day`) finds."""
    context = page_context()
    mine = rooms_of(current_sign_in().editor, context.program)
    day = request.args.get("day", "")
    search = day_search.parse({"q": request.args.get("q", ""), "day": "" if day == ALL_DAYS else day}, context)
    listed = _sessions_in(mine, context.program.sessions)
    days = days_of(context.program, listed)
    found = [one for one in listed if one.id in search.results]
    open_day = day or (ALL_DAYS if search.active else day_search.day_of_now(context.program, days, context.now))
    with_results = {f"{one.date}" for one in days_of(context.program, tuple(found))}
    return console_page(
        "sessions.html",
        mine=mine,
        days=days,
        listed=listed,
        search=search,
        found=found,
        open_day=open_day,
        shown_days={
            one.date for one in days if open_day in (ALL_DAYS, f"{one.date}") and f"{one.date}" in with_results
        },
        of_room=lambda room_id, of_day: [one for one in of_day if one.room == room_id],
    )


def _sessions_in(rooms: Sequence[Room], sessions: Sequence[Session]) -> tuple[Session, ...]:
    """Those in some rooms or for all rooms."""
    places = {None, *(room.id for room in rooms)}
    return tuple(one for one in sessions if one.room in places)


def _coming(panels: Sequence[RoomPanel]) -> list[Session]:
    """The next sessions in some rooms, in time order, of the first day that has any."""
    now = page_context().now
    to_come = {one.id: one for panel in panels for one in panel.day if one.start > now and not one.cancelled}
    in_order = sorted(to_come.values(), key=Session.order)
    return next(iter(by_day(page_context().program, in_order).values()), [])[:MOST_COMING]
