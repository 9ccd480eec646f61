"""The pages that readers see, and the names that all templates may use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from flask import Blueprint, Flask, Response, current_app, request
from jinja2 import StrictUndefined
from markupsafe import Markup

from app.domain.change_text import field_changes, minutes_text
from app.domain.errors import UnknownName
from app.domain.items import by_number
from app.domain.lineup import has_line_up, line_up
from app.domain.program import Room
from app.domain.texts import LONGEST
from app.formats.markdown import to_html, to_text
from app.formats.pictures import picture_address
from app.live.http_response import StoredResponse
from app.web import (
    address_traits,
    calendar_choice,
    calendar_links,
    day_search,
    display_board,
    line_ups,
    people_list,
    phone_board,
    revision_names,
    static_files,
    talk_links,
    template_helpers,
    venue,
)
from app.web.address_traits import KEPT_FIRST, PAGE, TURNS
from app.web.day_page import VIEWS, DayPage
from app.web.day_search import DaySearch
from app.web.page_data_json import page_data
from app.web.request_context import one_of, page_context
from app.web.responses import base_url, cached, from_cache, rendered
from app.web.running_service import current_service
from app.web.session_markup import SessionsOnPage
from app.web.stage_timer_json import timer_json

pages = Blueprint("pages", __name__)

SUMMARY_LETTERS = 200
# On the page of a session with more papers the others are a link away.
MOST_PAPERS_OF_A_TALK = 100
# The projector's page loads the codes of so many coming sessions, to have them without network.
MOST_PREFETCHED_CODES = 5
DAY_CODE_PATH = "/qr.svg?for=/"
THEMES = ("light", "dark")
# A title of more characters stands smaller at the head of pages on phones.
LONGEST_IN_HEAD = 18
# The functions that every template may call, whatever the program and the request.
FUNCTIONS = {
    "minutes_text": minutes_text,
    "long_date": template_helpers.long_date,
    "short_date": template_helpers.short_date,
    "entry_title": template_helpers.entry_title,
    "field_changes": field_changes,
    "initials": template_helpers.initials,
    "face_sides": template_helpers.FACE_SIDES,
    "has_way": venue.has_way,
    "floor_name": venue.floor_name,
    "most_faces": template_helpers.MOST_FACES,
    "plan_text": venue.plan_text,
    "bare_address": template_helpers.bare_address,
    "kind_name": template_helpers.kind_name,
    "title_size": template_helpers.title_size,
    "screen_state": template_helpers.screen_state,
    "base_url": base_url,
    "picture_address": picture_address,
    "drawing": template_helpers.drawing,
    "has_line_up": has_line_up,
    "on_in_session": line_ups.on_in_session,
    "asset": static_files.address_of,
    "longest": LONGEST,
    "longest_in_head": LONGEST_IN_HEAD,
}


@pages.get(
    "/",
    traits=replace(PAGE, prerender="always", phone="always", query=("day", "view"), asks=("q", *DaySearch.FILTERS)),
)
def day() -> Response:
    """The day: now and next on top, then the timeline."""
    search, view = day_search.parse(request.args, page_context()), one_of("view", VIEWS, VIEWS[0])
    # A search can be any text: its result is not worth a place in the cache.
    return from_cache(lambda: _day(search, view), keep=not search.active)


@pages.get("/now", traits=replace(PAGE, prerender="always", phone="always"))
@cached
def now() -> StoredResponse:
    """Now and next alone, a screen full."""
    board = phone_board.board_at(page_context().snapshot.timeline, _board_instant())
    return rendered("now.html", fits_titles=True, board=board)


@pages.get("/display", traits=replace(PAGE, prerender="always", query=("theme",)))
@cached
def display() -> StoredResponse:
    """The projector's page: of the one room, or a departure board of all."""
    program = page_context().program
    return _board() if len(program.rooms) > 1 else _room_display(program.rooms[0])


@pages.get("/display/<room_id>", traits=replace(TURNS, query=("theme",)))
@cached
def room_display(room_id: str) -> StoredResponse:
    """The projector's page of one room."""
    return _room_display(page_context().program.room(room_id))


@pages.get("/rooms/<room_id>", traits=replace(TURNS, phone="first"))
@cached
def room(room_id: str) -> StoredResponse:
    """Now and next in a room, and its sessions."""
    context, program = page_context(), page_context().program
    days = template_helpers.days_of(program, program.sessions_in(room_id))
    return rendered(
        "room.html",
        room=program.room(room_id),
        days=days,
        earlier=template_helpers.earlier_days(days, context.now),
        answer=context.moment.in_room(room_id),
    )


@pages.get("/stage/<room_id>", traits=replace(TURNS, query=("theme",)))
@cached
def stage(room_id: str) -> StoredResponse:
    """The speaker's screen."""
    context, program = page_context(), page_context().program
    the_room, answer = program.room(room_id), context.moment.in_room(room_id)
    countdown, label = template_helpers.countdown(program, answer)
    return rendered(
        "stage.html",
        theme=_theme(),
        room=the_room,
        sessions=program.sessions_in(room_id),
        answer=answer,
        timer_spans=timer_json(context.snapshot.timeline, room_id, context.now),
        following=line_ups.following(answer),
        countdown=countdown,
        countdown_label=label,
    )


@pages.get("/talks/<session_id>", traits=KEPT_FIRST)
@cached
def talk(session_id: str) -> StoredResponse:
    """One session; its address is for life."""
    context = page_context()
    session = context.program.session(session_id)
    history = current_service().current.history.until(context.revision).explained()
    places = {place.item.id: place for place in line_up(session)}
    return rendered(
        "talk.html",
        session=session,
        history=template_helpers.story_of(context.snapshot, session, history),
        rooms=template_helpers.rooms_of(context.program, [session]),
        neighbours=template_helpers.neighbours(context.program, session),
        watch_links=talk_links.watch_links(session),
        other_links=talk_links.other_links(session),
        further_links=talk_links.further_links(session),
        summary=to_text(session.abstract)[:SUMMARY_LETTERS],
        papers=(session.items if places else by_number(session.items))[:MOST_PAPERS_OF_A_TALK],
        places=places,
        event_links=calendar_links.event_links(context.program, session, base_url()),
    )


@pages.get("/speakers", traits=replace(KEPT_FIRST, asks=("q",)))
def people() -> Response:
    """All speakers by name, many of them under the first letters; with `q` those whom a search finds."""
    found = people_list.parse(request.args, page_context().program)
    return from_cache(lambda: rendered("people.html", found=found), keep=not found.active)


@pages.get("/speakers/<speaker_id>", traits=KEPT_FIRST)
@cached
def person(speaker_id: str) -> StoredResponse:
    """One speaker and the sessions that they present."""
    program = page_context().program
    speaker, sessions = program.speaker(speaker_id), program.sessions_of(speaker_id)
    days, rooms = template_helpers.days_of(program, sessions), template_helpers.rooms_of(program, sessions)
    return rendered("person.html", person=speaker, sessions=sessions, days=days, rooms=rooms)


@pages.get("/pages/<slug>", traits=KEPT_FIRST)
@cached
def page(slug: str) -> StoredResponse:
    """A page of prose, or of the program's data."""
    program = page_context().program
    titles = template_helpers.page_titles(program)
    if slug not in titles:
        raise UnknownName("page", slug)
    body = next((one.body for one in program.pages if one.slug == slug), "")
    floors = venue.floors_of(program) if venue.has_ways(program) else []
    return rendered("page.html", slug=slug, title=titles[slug], body=body, floors=floors)


@pages.get("/subscribe", traits=replace(KEPT_FIRST, query=("what", "room", "person"), asks=("name",)))
def subscribe() -> Response:
    """A feed of the reader's choice, with a button for the reader's device, and the links of other programs."""
    choice = calendar_choice.parse(request.args, page_context().program, base_url())
    # A name can be any text: what is found is not worth a place in the cache.
    return from_cache(lambda: rendered("subscribe.html", choice=choice), keep="name" not in request.args)


def install(app: Flask) -> None:
    """Set up the app's templates: an unknown name in one is an error."""
    app.jinja_env.filters["markdown"] = to_html
    app.jinja_env.filters["whole_words"] = template_helpers.whole_words
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":")}
    app.jinja_env.globals |= FUNCTIONS
    app.context_processor(_template_context)
    revision_names.install(app)


def _theme() -> str:
    """The theme in the query, "" where the screen's own applies; responds 400 to anything else."""
    return one_of("theme", THEMES) if "theme" in request.args else ""


def _room_display(room: Room) -> StoredResponse:
    context, program = page_context(), page_context().program
    sessions = program.sessions_in(room.id)
    return rendered(
        "display.html",
        theme=_theme(),
        fits_titles=True,
        room=room,
        answer=context.moment.in_room(room.id),
        sessions=sessions,
        prefetched_codes=[session for session in sessions if session.end > context.now][:MOST_PREFETCHED_CODES],
        day_code_path=DAY_CODE_PATH,
    )


def _board() -> StoredResponse:
    context = page_context()
    timeline = context.snapshot.timeline
    today = template_helpers.day_shown(timeline, context.now)
    return rendered(
        "board.html",
        theme=_theme(),
        room=None,
        board=display_board.board_at(timeline, _board_instant()),
        most_rows=display_board.MOST_ROWS,
        today=today,
        day_code_path=DAY_CODE_PATH,
    )


def _board_instant() -> datetime:
    """The instant that a board of departures shows."""
    context = page_context()
    return context.now if context.frozen else display_board.instant_shown(context.snapshot.timeline, context.now)


def _day(search: DaySearch, view: str) -> StoredResponse:
    return rendered(
        "day.html",
        page=DayPage(page_context(), search),
        view=view,
        search=search,
    )


def _module(modules: dict[str, None], name: str) -> Markup:
    """The attribute that starts a module of `app/static/js/modules/` on an element."""
    modules[name] = None
    return Markup('data-module="{}"').format(name)


def _live_rooms(turning_rooms: list[str], rooms: Iterable[Room]) -> Markup:
    """The attributes of the element whose sessions scripts update as time goes on, for some rooms."""
    turning_rooms.extend(room.id for room in rooms)
    return Markup('data-turns data-rooms="{}"').format(" ".join(turning_rooms))


def _template_context() -> dict[str, Any]:
    """The names of this request that every template may use."""
    service, context = current_service(), page_context()
    modules: dict[str, None] = {}
    turning_rooms: list[str] = []
    revision = revision_names.names_of(current_app, context.snapshot)
    is_ahead = address_traits.traits_of(request.url_rule).prerender == "always"
    sessions = SessionsOnPage(context, revision.markup, turning_rooms, is_rendered_ahead=is_ahead)
    return revision.names | {
        "context": context,
        "fits_titles": False,
        "several_days": context.snapshot.timeline.has_several_days,
        "inline_sheet": static_files.inline_sheet,
        "module": partial(_module, modules),
        "script_files": lambda: static_files.scripts_of(tuple(modules)),
        "live_rooms": partial(_live_rooms, turning_rooms),
        "note_spans": partial(template_helpers.note_spans, context.snapshot),
        "session_parts": revision.markup.parts,
        "state_of": sessions.state_of,
        "shown": sessions.shown,
        "kept": sessions.kept,
        "line_ups_on_page": partial(line_ups.line_ups_in, context, turning_rooms),
        "page_data": lambda: page_data(context, service.current.history.until(context.revision).told(), turning_rooms),
        "service_identity": service.identity,
        "service_history": service.history,
    }
