"""How the service fares: who listens, which displays show old data, who fetched feeds, what failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, Response, render_template

from app.live.clock import SYSTEM_CLOCK
from app.store.displays import Display, Displays
from app.web.answering import HTML
from app.web.look import Look, the_look
from app.web.organizer.access import organizers_only, real_now, the_organizer
from app.web.service import the_service

# A display reports each half minute; two reports missed are a display that is off, or has no network.
SILENT_AFTER = timedelta(seconds=75)
MOST_FETCHES_SHOWN = 40

status = Blueprint("status", __name__, url_prefix="/organizer")


@dataclass(frozen=True)
class DisplayState:
    """A display, and whether it is heard of and shows the present revision."""

    display: Display
    alive: bool
    fresh: bool
    seconds_ago: int


@status.get("/status")
@organizers_only
def page() -> Response:
    """How the service fares, by the real clock."""
    look, service, now = the_look(), the_service(), real_now()
    html = render_template(
        "organizer/status.html",
        me=the_organizer().organizer,
        counts=service.counts,
        current=service.current,
        displays=displays_of(look),
        fetches=service.counts.fetches()[:MOST_FETCHES_SHOWN],
        answered=sum(service.counts.from_memory.copy().values()),
        made=sum(service.counts.rendered.copy().values()),
        ago=lambda instant: ago(now, instant),
    )
    return Response(html, content_type=HTML)


def displays_of(look: Look) -> list[DisplayState]:
    """All displays that reported, the last seen first."""
    now = SYSTEM_CLOCK.now()
    found = Displays(the_service().database).all(now)
    return [
        DisplayState(
            display,
            alive=now - display.seen_at < SILENT_AFTER,
            fresh=display.revision == look.revision,
            seconds_ago=int((now - display.seen_at).total_seconds()),
        )
        for display in found
    ]


def ago(now: datetime, instant: datetime) -> str:
    """How long ago, in the largest unit that says it: "40 s ago", "5 min ago", "3 h ago", "2 days ago"."""
    seconds = max(0, int((now - instant).total_seconds()))
    for size, unit in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds} s ago"
