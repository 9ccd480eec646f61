"""Pages to print: door signs, cards, the programme on one page, a badge agenda, and labels of boards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask import Blueprint, Response, request

from app.domain.conference_day import by_day
from app.domain.program import Program
from app.web.address_traits import PAGE
from app.web.paper_list import papers_of
from app.web.print_cards import cards, short_title
from app.web.print_entries import PAPERS, Paper
from app.web.print_labels import LABEL_FORMATS, labels
from app.web.print_lists import BADGE, DOOR, PROGRAMME, listings
from app.web.print_selection import Selection
from app.web.request_context import one_of, page_context
from app.web.responses import from_cache, rendered, response_key
from app.web.template_helpers import TEXTS

printing = Blueprint("printing", __name__)

# What can be printed.
PRINTOUTS = TEXTS["printouts"]
LIST_FORMATS = {"doors": DOOR, "programme": PROGRAMME, "badge": BADGE}


@printing.get("/print", traits=replace(PAGE, query=("what", "paper", "per", "room", "day", "session")))
def page() -> Response:
    """What can be printed; with `what` and `paper` the sheets, narrowed by `room`, `day` and `session`.

    `per` is how many labels a sheet has.
    """
    program = page_context().program
    if "what" in request.args:
        what, paper = one_of("what", PRINTOUTS), PAPERS[one_of("paper", PAPERS, "a4")]
        return from_cache(
            lambda: rendered("print_sheets.html", what=what, paper=paper, **_sheets(program, what, paper))
        )
    days = by_day(program, program.sessions)
    printouts = {what: one for what, one in PRINTOUTS.items() if what != "boards" or papers_of(program)}
    # Without `what` the other parts of the query have no effect, so such a page is not worth a place in the cache.
    keep = not response_key().query
    return from_cache(lambda: rendered("print.html", printouts=printouts, papers=PAPERS.values(), days=days), keep=keep)


def _sheets(program: Program, what: str, paper: Paper) -> dict[str, object]:
    """The listings, cards or labels of the sheets, and the texts that they share; responds 404 to unknown names."""
    selection, list_format = _selection(program), LIST_FORMATS.get(what)
    form = LABEL_FORMATS[one_of("per", LABEL_FORMATS, "4")]
    return {
        "title": f"{PRINTOUTS[what]['title']}{selection.words()}",
        "listings": listings(program, paper, list_format, selection) if list_format else [],
        "sheets_of_cards": cards(program, paper, selection) if what == "cards" else [],
        "sheets_of_labels": labels(program, paper, form, selection) if what == "boards" else [],
        "per_sheet": form.per_sheet,
        "nothing": selection.nothing(what),
        "short_title": short_title(program, paper),
    }


def _selection(program: Program) -> Selection:
    """What the query narrows the sheets to; an empty value, which a form sends for "all", narrows nothing."""
    room, session = request.args.get("room"), request.args.get("session")
    days = [day.isoformat() for day in by_day(program, program.sessions)]
    chosen = one_of("day", days) if request.args.get("day") else None
    return Selection(
        program.room(room) if room else None,
        date.fromisoformat(chosen) if chosen else None,
        program.session(session) if session else None,
    )
