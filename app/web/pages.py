"""The pages that readers see."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from flask import Blueprint, Flask, Response, render_template, request
from markupsafe import Markup

from app.domain.errors import UnknownName
from app.domain.program import Program, Room
from app.domain.session import Session
from app.formats.markdown import to_html, to_text
from app.live.answer import Answer
from app.web import assets, finding, present, subscribing
from app.web.answering import base_url, kept, send, turning
from app.web.columns import columns_of
from app.web.look import Look, the_look
from app.web.page_data import page_data
from app.web.service import the_service

pages = Blueprint("pages", __name__)

SUMMARY_LETTERS = 200
# A projector loads the codes of so many sessions to come, for when the network goes.
MOST_CODES_AHEAD = 5


@pages.get("/")
def day() -> Response:
    """The day: now and next on top, then the timeline."""
    wanted = finding.parse(request.args, the_look().program)
    # A search can be any text: it is made for the one who asks.
    return kept(lambda: _day(wanted)) if wanted.wanted.anything else send(_day(wanted))


@pages.get("/now")
def now() -> Response:
    """Now and next alone."""
    return kept(lambda: _page("now.html"))


@pages.get("/display")
def display() -> Response:
    """The projector: all rooms."""
    look = the_look()
    return kept(lambda: _display(look, None))


@pages.get("/display/<room_id>")
def display_room(room_id: str) -> Response:
    """The projector of one room."""
    look = the_look()
    look.program.room(room_id)
    return kept(lambda: _display(look, room_id))


@pages.get("/rooms/<room_id>")
def room(room_id: str) -> Response:
    """What is on in a room, next, and the rest."""
    look = the_look()
    days = present.days_of(look.program, look.program.sessions_in(room_id))
    the_room = look.program.room(room_id)
    return kept(lambda: _page("room.html", room=the_room, days=days, answer=look.moment.in_room(room_id)))


@pages.get("/stage/<room_id>")
def stage(room_id: str) -> Response:
    """The speaker's countdown."""
    look = the_look()
    the_room, sessions = look.program.room(room_id), look.program.sessions_in(room_id)
    return kept(lambda: _page("stage.html", room=the_room, sessions=sessions, answer=look.moment.in_room(room_id)))


@pages.get("/talks/<session_id>")
def talk(session_id: str) -> Response:
    """One session; its address is for life."""
    look = the_look()
    session = look.program.session(session_id)
    return kept(
        lambda: _page(
            "talk.html",
            s=session,
            people=look.program.speakers_of(session),
            story=present.story_of(the_service().history.until(look.revision), session.id),
            rooms=_rooms_of(look.program, [session]),
            summary=to_text(session.abstract)[:SUMMARY_LETTERS],
            google_event=subscribing.google_event(look.program, session, base_url()),
            outlook_event=subscribing.outlook_event(look.program, session, base_url()),
            office_event=subscribing.office_event(look.program, session, base_url()),
        )
    )


@pages.get("/speakers")
def people() -> Response:
    """All speakers."""
    return kept(lambda: _page("people.html"))


@pages.get("/speakers/<speaker_id>")
def person(speaker_id: str) -> Response:
    """One speaker and what they present."""
    look = the_look()
    the_person, mine = look.program.speaker(speaker_id), look.program.sessions_of(speaker_id)
    return kept(lambda: _page("person.html", person=the_person, sessions=mine, rooms=_rooms_of(look.program, mine)))


@pages.get("/pages/<slug>")
def page(slug: str) -> Response:
    """A page of prose, or of the program's data."""
    look = the_look()
    names = present.page_names(look.program)
    if slug not in names:
        raise UnknownName("page", slug)
    body = next((one.body for one in look.program.pages if one.slug == slug), "")
    return kept(lambda: _page("page.html", slug=slug, title=names[slug], body=body))


@pages.get("/subscribe")
def subscribe() -> Response:
    """Every feed, with a button for each calendar program."""
    return kept(lambda: _page("subscribe.html", groups=subscribing.groups_of(the_look().program, base_url())))


def install(app: Flask) -> None:
    """Give an app its pages and what their templates use."""
    app.jinja_env.filters["markdown"] = to_html
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_words)
    app.register_blueprint(assets.assets)
    app.register_blueprint(pages)


def _page(template: str, **values: Any) -> Answer:
    return turning(render_template(template, **values))


def _rooms_of(program: Program, shown: Iterable[Session]) -> list[Room]:
    """The rooms of the sessions that a page shows: by what is on there it turns."""
    used = {session.room for session in shown}
    return [room for room in program.rooms if None in used or room.id in used]


def _day(wanted: finding.Finding) -> Answer:
    look = the_look()
    days = present.days_of(look.program, look.program.sessions)
    return _page(
        "day.html",
        days=days,
        columns_of=columns_of,
        shown_days=wanted.shown_days(days, look.now),
        open_day=wanted.open_day(days, look.now),
        finding=wanted,
        room_choices=[(room.id, room.name) for room in look.program.rooms],
        kind_choices=[(kind, present.kind_name(kind)) for kind in finding.kinds_of(look.program)],
    )


def _display(look: Look, room_id: str | None) -> Answer:
    program = look.program
    rooms = [program.room(room_id)] if room_id else list(program.rooms)
    answers = [look.moment.in_room(room.id) for room in rooms]
    on = next((answer.now for answer in answers if answer.now), None)
    sessions = program.sessions_in(room_id) if room_id else program.sessions
    return _page(
        "display.html",
        room=rooms[0] if len(rooms) == 1 else None,
        answers=answers,
        rooms=rooms,
        sessions=sessions,
        coming=[session for session in sessions if session.end > look.now][:MOST_CODES_AHEAD],
        code_path=f"/talks/{on.id}/qr.svg" if on and len(rooms) == 1 else "/qr.svg?for=/",
    )


def _declare(modules: dict[str, None], name: str) -> Markup:
    """Declare a module of `app/static/js/modules/` on an element: the page's script starts it there."""
    modules[name] = None
    return Markup('data-module="{}"').format(name)


def _turn(turning_rooms: list[str], rooms: Iterable[Room]) -> Markup:
    """Declare the element whose sessions turn as time goes on, by what is on in some rooms."""
    turning_rooms.extend(room.id for room in rooms)
    return Markup('data-turns data-rooms="{}"').format(" ".join(turning_rooms))


def _words() -> dict[str, Any]:
    """What every template may use."""
    look = the_look()
    program = look.program
    modules: dict[str, None] = {}
    turning_rooms: list[str] = []
    return {
        "look": look,
        "program": program,
        "asset": assets.address_of,
        "module": partial(_declare, modules),
        "script_parts": lambda: assets.scripts_of(tuple(modules)),
        "turns": partial(_turn, turning_rooms),
        "page_data": lambda: page_data(look, the_service().history.until(look.revision), turning_rooms),
        "identity": the_service().identity,
        "build": assets.build_hash(),
        "base_url": base_url,
        "critical_css": assets.critical_css(),
        "page_links": list(present.page_names(program).items()),
        "first_start": present.first_start(program),
        "dates_line": present.dates_line(program),
        "zone_words": present.zone_words(program),
        "local": program.local,
        "hour": partial(present.hour, program),
        "iso": partial(present.iso, program),
        "names": partial(present.names, program),
        "was": partial(present.was, program),
        "room_name": partial(present.room_name, program),
        "rooms_with_cancelled": present.rooms_with_cancelled(program),
        "concerned": partial(present.concerned, program),
        "long_date": present.long_date,
        "short_date": present.short_date,
        "minutes": present.minutes,
        "initials": present.initials,
        "kind_name": present.kind_name,
        "length_of": present.length_of,
    }
