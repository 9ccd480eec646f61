"""All speakers with their links, made for one or for all at once, as a list to send and a file for spreadsheets."""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus

from flask import abort, redirect, request
from werkzeug.wrappers import Response

from app.formats.speaker_links_csv import speaker_links_csv
from app.live.clock import SYSTEM_CLOCK
from app.store.speaker_links import Place, make_speaker_links
from app.web.openapi import CSV
from app.web.organizer.console import console, console_page
from app.web.organizer.form_addresses import console_address
from app.web.organizer.link_views import page_of_new_link
from app.web.organizer.speaker_links_list import MOST_LINES, missing_of, parse
from app.web.request_context import page_context
from app.web.running_service import current_service, secret_key

PAGE = "/organizer/speakers"


@console.get("/speakers")
def speakers() -> str:
    """The speakers of one day (`day`), or those whom a search (`q`) or a state (`state`) finds on all days."""
    listing = parse(request.args, page_context())
    made = request.args.get("made", type=int)
    shown = made if made in range(len(listing.accesses) + 1) else None
    return console_page("speakers.html", listing=listing, missing_of=missing_of, most_lines=MOST_LINES, made=shown)


@console.get("/speakers.csv")
def speakers_file() -> Response:
    """The unused links that can be shown, as CSV."""
    context = page_context()
    made = speaker_links_csv(context.program, parse({}, context).links)
    name = f'attachment; filename="{context.program.id}-speaker-links.csv"'
    return Response(made, content_type=CSV, headers={"Content-Disposition": name})


@console.post("/speakers/links")
def make_links() -> Response:
    """Make a link for one speaker (`place`: session and person) and show it, or (`all`) for each who has no access."""
    listing = parse({}, page_context())
    if "all" in request.form:
        made = _keys(listing.without_access, unless_access=True)
        return redirect(console_address(request.form.get("back") or PAGE, made=len(made)), HTTPStatus.SEE_OTHER)
    session, _, person = request.form.get("place", "").partition(" ")
    made = _keys({one.place for one in listing.accesses} & {(session, person)})
    if not made:
        abort(HTTPStatus.NOT_FOUND, "They speak at no session any more of which they may change something.")
    return page_of_new_link(made[0])


def _keys(places: Collection[Place], *, unless_access: bool = False) -> list[str]:
    if not places:
        return []
    revisions, now = current_service().current.revisions, SYSTEM_CLOCK.now()
    made = make_speaker_links(revisions, places, now, secret_key(), unless_access=unless_access)
    return [key for _, _, key in made]
