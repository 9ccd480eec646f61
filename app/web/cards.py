"""What shared links and search engines show: a picture, made once for a revision, and data in the page."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, request
from markupsafe import Markup

from app.domain.program import Program
from app.domain.session import Session
from app.formats import card, jsonld
from app.live.answer import Answer
from app.web import present
from app.web.answering import base_url, kept, lasting, send
from app.web.look import the_look

cards = Blueprint("cards", __name__)

PNG = "image/png"


@cards.app_context_processor
def _words() -> dict[str, Callable[..., Markup]]:
    """What templates may put into an `application/ld+json` element, which no browser executes."""
    program = the_look().program

    def program_data() -> Markup:
        return Markup(jsonld.program_data(program, base_url()))  # noqa: S704 - it escapes what HTML would read

    def session_data(session: Session) -> Markup:
        return Markup(jsonld.session_data(program, session, base_url()))  # noqa: S704 - as above

    return {"program_data": program_data, "session_data": session_data}


@cards.get("/card.png")
def program_card() -> Response:
    """The whole day's."""
    program = the_look().program
    return _kept(lambda: program_picture(program))


@cards.get("/cards/<session_id>.png")
def session_card(session_id: str) -> Response:
    """One session's: title, time, room, and what became of it."""
    program = the_look().program
    session = program.session(session_id)
    return _kept(lambda: session_picture(program, session))


def program_picture(program: Program) -> card.Card:
    """The program's title, its days and its venue."""
    venue = ", ".join(filter(None, (program.venue.name, program.venue.city))) if program.venue else ""
    return card.Card(
        title=program.subtitle or program.title,
        time=program.title if program.subtitle else "",
        footer=present.dates_line(program),
        place=venue,
    )


def session_picture(program: Program, session: Session) -> card.Card:
    """A session as its page shows it."""
    day = present.short_date(program.local(session.start).date())
    room = present.room_name(program, session.room)
    return card.Card(
        title=session.title,
        time=f"{present.hour(program, session.start)}–{present.hour(program, session.end)}",
        people=present.names(program, session),
        place=f"{day}, {present.zone_words(program)}, {room}",
        note="Cancelled" if session.cancelled else present.was(program, session),
        footer=program.title,
        struck=session.cancelled,
    )


def _kept(made: Callable[[], card.Card]) -> Response:
    def build() -> Answer:
        return lasting(card.png(made()), PNG)

    # A picture is large: one address, one picture in memory, whatever queries are tried.
    return send(build()) if request.query_string else kept(build)
