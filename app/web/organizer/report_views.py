"""The console's report of planned against actual: the page, and a file for spreadsheets."""

from __future__ import annotations

from flask import Response, request

from app.domain.day_report import DayReport, RoomReport, day_named, day_reports, latest_day
from app.domain.program import Program, Room
from app.formats.report_csv import report_csv
from app.web.openapi import CSV
from app.web.organizer.console import console, console_page
from app.web.request_context import PageContext, page_context
from app.web.timeline_svg import Picture, room_picture, sessions_seen_in

# With more rooms, the page of a day lists them, and each has a page.
MOST_ROOMS_WHOLE = 8


@console.get("/report")
def report() -> str:
    """One day (`day`, else the latest that has begun) in each room, or in one (`room`) of many."""
    context = page_context()
    days = day_reports(context.program, now=context.now)
    day = _chosen_day(context, days)
    whole = _shown_whole(day, request.args.get("room"))
    return console_page(
        "report.html",
        days=days,
        day=day,
        whole=whole,
        turning=_rooms_of(context.program, whole),
        pictures={one.room: _picture(context.program, day, one) for one in whole if day},
    )


@console.get("/report.csv")
def report_file() -> Response:
    """All days as CSV."""
    context = page_context()
    made = report_csv(context.program, day_reports(context.program, now=context.now))
    name = f'attachment; filename="{context.program.id}-report.csv"'
    return Response(made, content_type=CSV, headers={"Content-Disposition": name})


def _chosen_day(context: PageContext, days: tuple[DayReport, ...]) -> DayReport | None:
    named = request.args.get("day")
    return day_named(days, named) if named else latest_day(context.program, days, context.now)


def _shown_whole(day: DayReport | None, room_id: str | None) -> tuple[RoomReport, ...]:
    """The rooms that are shown with their sessions: the one that is asked for, or all where they are few."""
    if day is None:
        return ()
    if room_id is not None:
        return day.only(room_id or None).rooms
    return day.rooms if len(day.rooms) <= MOST_ROOMS_WHOLE else ()


def _rooms_of(program: Program, shown: tuple[RoomReport, ...]) -> list[Room]:
    """The rooms by which a script knows what is on among the sessions shown; those for all rooms are on in each."""
    ids = {one.room for one in shown}
    return [room for room in program.rooms if None in ids or room.id in ids]


def _picture(program: Program, day: DayReport, room: RoomReport) -> Picture:
    of_day = [one.session for each in day.rooms for one in each.sessions]
    return room_picture(program, day.date, room.room, sessions_seen_in(room.room, of_day))
