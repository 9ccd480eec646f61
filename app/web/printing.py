"""Paper: door signs, cards, the programme on one page, and an agenda of a badge's size."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, abort, render_template, request

from app.domain.program import Program, Room
from app.domain.session import Session
from app.live.answer import Answer
from app.web import sheets
from app.web.answering import address, kept, send, turning
from app.web.look import the_look
from app.web.paper import PAPERS, Paper

printing = Blueprint("printing", __name__)

# What can be printed: its name and one sentence on it.
KINDS = {
    "doors": ("Door signs", "One for each room and day. The code leads to what is on in the room now."),
    "cards": (
        "Cards",
        "One for each session but breaks, four on a sheet, to cut. The code leads to the session, wherever it moves.",
    ),
    "programme": ("Programme", "A day on one page. The code leads to the live day."),
    "badge": ("Badge agenda", "A day at a badge's size, four on a sheet, to cut. The code leads to the live day."),
}


@dataclass(frozen=True)
class Order:
    """What a reader wants printed, on which paper."""

    what: str
    paper: Paper
    rooms: tuple[Room, ...]
    days: list[date]
    sessions: list[Session]


@printing.get("/print")
def page() -> Response:
    """What can be printed; with `what` and `paper` the sheets, with `room`, `day` or `session` some of them."""
    program = the_look().program
    if "what" not in request.args:
        days = sheets.days_of(program)

        def build() -> Answer:
            return turning(render_template("print.html", kinds=KINDS, papers=PAPERS.values(), days=days))

        # The other words of a query are looked at beside `what` alone.
        return send(build()) if address().query else kept(build)
    order = _order(program)
    return kept(lambda: turning(render_template("print_sheets.html", order=order, **_sheets(program, order))))


def _order(program: Program) -> Order:
    args = request.args
    what, name = args["what"], args.get("paper", "a4")
    if what not in KINDS:
        abort(400, f"expected what to be one of {', '.join(KINDS)}, not {what}")
    if name not in PAPERS:
        abort(400, f"expected paper to be one of {', '.join(PAPERS)}, not {name}")
    rooms = (program.room(args["room"]),) if "room" in args else program.rooms
    sessions = [program.session(args["session"])] if "session" in args else sheets.on_cards(program)
    return Order(what, PAPERS[name], rooms, _days(program), sessions)


def _days(program: Program) -> list[date]:
    days = sheets.days_of(program)
    if "day" not in request.args:
        return days
    wanted = [day for day in days if day.isoformat() == request.args["day"]]
    if not wanted:
        expected = ", ".join(day.isoformat() for day in days)
        abort(400, f"expected day to be one of {expected}, not {request.args['day']}")
    return wanted


def _sheets(program: Program, order: Order) -> dict[str, object]:
    """What the templates draw: the listings or the cards, and the lines that stand on every one."""
    return {
        "title": KINDS[order.what][0],
        "listings": _listings(program, order),
        "cards": sheets.cards(program, order.paper, order.sessions) if order.what == "cards" else [],
        "where": sheets.where(program, order.paper),
        "short_title": sheets.short_title(program, order.paper),
    }


def _listings(program: Program, order: Order) -> list[sheets.Listing]:
    if order.what == "doors":
        return sheets.doors(program, order.paper, order.rooms, order.days)
    if order.what == "cards":
        return []
    make = sheets.programmes if order.what == "programme" else sheets.badges
    return make(program, order.paper, order.days)
