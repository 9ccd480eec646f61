"""The console's first page, now and next in each room with what was done last; and the list of all sessions."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlencode

from flask import request
from flask.typing import ResponseReturnValue

from app.domain.conference_day import by_day
from app.domain.errors import UnknownName
from app.domain.session import Session
from app.store.publish_files import open_conflict
from app.web.address_traits import FOR_THE_FLOOR
from app.web.display_reports import reported_displays
from app.web.organizer import session_list
from app.web.organizer.console import console, console_page
from app.web.organizer.last_done import done_in
from app.web.organizer.room_panels import MOST_WHOLE, RoomPanel, grouped, panels_of, rooms_named
from app.web.organizer.signed_in_person import current_sign_in, rooms_of
from app.web.request_context import page_context
from app.web.running_service import current_service

# Beside several rooms the page lists so many sessions to come.
MOST_COMING = 12


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
    listing = session_list.parse(request.args, rooms_of(current_sign_in().editor, context.program), context)
    return console_page("sessions.html", listing=listing)


def _coming(panels: Sequence[RoomPanel]) -> list[Session]:
    """The next sessions in some rooms, in time order, of the first day that has any."""
    now = page_context().now
    to_come = {one.id: one for panel in panels for one in panel.day if one.start > now and not one.cancelled}
    in_order = sorted(to_come.values(), key=Session.order)
    return next(iter(by_day(page_context().program, in_order).values()), [])[:MOST_COMING]
