"""Calendar feeds, and single sessions as calendar files."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, request

from app.domain.errors import UnknownName
from app.domain.program import Program
from app.domain.session import Session
from app.formats.calendar import feed as calendar_feed
from app.live.http_response import StoredResponse
from app.web.address_traits import FEED
from app.web.request_context import page_context, whole_number
from app.web.responses import base_url, cached, per_revision

calendars = Blueprint("calendars", __name__)

CALENDAR = "text/calendar; charset=utf-8"
# Minutes before the start, up to a day.
ALARMS = range(1, 24 * 60 + 1)


@calendars.get("/calendar/<name>.ics", traits=FEED)
@cached
def calendar(name: str) -> StoredResponse:
    """The whole program, its talks or its important dates as a calendar."""
    program = page_context().program
    if name == "dates":
        return _dates(program)
    if name == "talks":
        talks = tuple(session for session in program.sessions if session.is_talk)
        return feed_of(program, talks, f"{program.title} talks")
    if name != program.id:
        raise UnknownName("calendar", name)
    return feed_of(program, program.sessions, program.title)


@calendars.get("/rooms/<room_id>.ics", traits=FEED)
@cached
def room(room_id: str) -> StoredResponse:
    """The sessions in one room as a calendar."""
    program = page_context().program
    name = f"{program.title} in {program.room(room_id).name}"
    return feed_of(program, program.sessions_in(room_id), name)


@calendars.get("/speakers/<speaker_id>.ics", traits=FEED)
@cached
def speaker(speaker_id: str) -> StoredResponse:
    """The sessions of one speaker as a calendar."""
    program = page_context().program
    name = f"{program.speaker(speaker_id).name} at {program.title}"
    return feed_of(program, program.sessions_of(speaker_id), name)


@calendars.get("/talks/<session_id>.ics", traits=replace(FEED, query=("alarm",)))
@cached
def talk(session_id: str) -> StoredResponse:
    """One session as a file for calendar programs.

    `alarm` adds a reminder so many minutes before the start.
    """
    program = page_context().program
    session = program.session(session_id)
    alarm = whole_number("alarm", ALARMS) if "alarm" in request.args else None
    body = calendar_feed.session_file(program, session, public_url=base_url(), alarm_minutes=alarm)
    disposition = ("Content-Disposition", f'attachment; filename="{session.id}.ics"')
    return replace(_ics(body), headers=(disposition,))


def feed_of(program: Program, sessions: tuple[Session, ...], name: str) -> StoredResponse:
    """A calendar of some sessions, at the address that is requested."""
    return _ics(calendar_feed.feed(program, sessions, name=name, public_url=base_url(), feed_path=request.path))


def _dates(program: Program) -> StoredResponse:
    stamp = program.dates_changed_at
    if stamp is None:
        raise ValueError("only a published program has a feed")
    return _ics(calendar_feed.dates_feed(program, public_url=base_url(), feed_path="/calendar/dates.ics", stamp=stamp))


def _ics(body: bytes) -> StoredResponse:
    """Last modified with the revision: the stamps in a feed do not change when a session leaves it."""
    return per_revision(body, CALENDAR, last_modified=page_context().snapshot.told.at)
