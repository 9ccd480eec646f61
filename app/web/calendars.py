"""Calendar feeds, and one session as a download."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, Response, request

from app.domain.errors import UnknownName
from app.domain.program import Program
from app.domain.session import Session
from app.formats.calendar import feed as calendar_feed
from app.live.answer import Answer
from app.web.answering import base_url, kept, lasting
from app.web.asked import whole_number
from app.web.look import the_look

calendars = Blueprint("calendars", __name__)

CALENDAR = "text/calendar; charset=utf-8"
# In minutes before the start: up to a day.
ALARMS = range(1, 24 * 60 + 1)


@calendars.get("/calendar/<name>.ics")
def calendar(name: str) -> Response:
    """The whole program, its talks, or its important dates."""
    program = the_look().program
    if name == "dates":
        return kept(lambda: _dates(program))
    if name == "talks":
        talks = tuple(session for session in program.sessions if session.is_talk)
        return kept(_feed(program, talks, f"{program.title} talks", "/calendar/talks.ics"))
    if name != program.id:
        raise UnknownName("calendar", name)
    return kept(_feed(program, program.sessions, program.title, f"/calendar/{name}.ics"))


@calendars.get("/rooms/<room_id>.ics")
def room(room_id: str) -> Response:
    """What happens in one room."""
    program = the_look().program
    name = f"{program.title} in {program.room(room_id).name}"
    return kept(_feed(program, program.sessions_in(room_id), name, f"/rooms/{room_id}.ics"))


@calendars.get("/speakers/<speaker_id>.ics")
def speaker(speaker_id: str) -> Response:
    """What one person presents."""
    program = the_look().program
    name = f"{program.speaker(speaker_id).name} at {program.title}"
    return kept(_feed(program, program.sessions_of(speaker_id), name, f"/speakers/{speaker_id}.ics"))


@calendars.get("/talks/<session_id>.ics")
def talk(session_id: str) -> Response:
    """One session, as a file for any calendar program; `alarm` asks for a reminder so many minutes before."""
    program = the_look().program
    session = program.session(session_id)
    alarm = whole_number("alarm", ALARMS) if "alarm" in request.args else None
    return kept(lambda: _download(program, session, alarm))


def _feed(program: Program, sessions: tuple[Session, ...], name: str, path: str) -> Callable[[], Answer]:
    def build() -> Answer:
        body = calendar_feed.feed(program, sessions, name=name, public_url=base_url(), feed_path=path)
        return changed_by_revisions(body)

    return build


def _dates(program: Program) -> Answer:
    stamp = program.dates_changed_at
    if stamp is None:
        raise ValueError("only a published program has a feed")
    body = calendar_feed.dates_feed(program, public_url=base_url(), feed_path="/calendar/dates.ics", stamp=stamp)
    return changed_by_revisions(body)


def _download(program: Program, session: Session, alarm: int | None) -> Answer:
    body = calendar_feed.session_file(program, session, public_url=base_url(), alarm_minutes=alarm)
    return replace(
        changed_by_revisions(body), headers=(("Content-Disposition", f'attachment; filename="{session.id}.ics"'),)
    )


def changed_by_revisions(body: bytes) -> Answer:
    """Last modified with the revision: no stamp in a feed tells that something left it, or that the zone changed."""
    return lasting(body, CALENDAR, last_modified=the_look().snapshot.revision.at)
