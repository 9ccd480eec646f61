"""A reader's stars: the page, what devices send, and the reader's own calendar.

A device sends its key in the Authorization header, as JSON's own content type: neither can come
from a page of another site without being asked for first (Fetch standard, CORS-safelisted requests).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, render_template, request

from app.domain.program import Program
from app.formats import codes
from app.formats.calendar import feed as calendar_feed
from app.formats.json_program import to_bytes
from app.live.answer import Answer
from app.store.picks import MOST_STARS, Keys, Picks
from app.web import present
from app.web.answering import JSON, base_url, kept, lasting, send, turning
from app.web.calendars import CALENDAR
from app.web.limiting import BEGINNINGS, PER_ADDRESS, PER_READER, brings_a_key, key_of_reader, limiter
from app.web.look import Look, the_look
from app.web.service import the_service
from app.web.subscribing import personal_feed, webcal

my = Blueprint("my", __name__, url_prefix="/my")

BEARER = "Bearer "
PRIVATE = {"Cache-Control": "no-store"}
per_reader = limiter.shared_limit(
    PER_READER, scope="my", key_func=key_of_reader, exempt_when=lambda: not brings_a_key()
)
per_address = limiter.shared_limit(PER_ADDRESS, scope="my")


@my.get("")
def page() -> Response:
    """The page of all readers: which of its sessions are starred only the device knows."""
    return kept(_page)


@my.get("/picks")
@per_reader
@per_address
def picks() -> Response:
    """What is starred, and how far the reader's calendar has followed."""
    return _told(_key())


@my.post("/picks")
@per_reader
@per_address
@limiter.limit(BEGINNINGS, exempt_when=brings_a_key)
def star() -> Response:
    """Add and remove stars; without a key a new set begins."""
    book, now = the_service().picks, the_service().clock.now()
    add, remove = _changes()
    begins = not brings_a_key()
    write = book.open(now).write if begins else _key()
    book.star(write, now, add, remove)
    return _told(write, HTTPStatus.CREATED if begins else HTTPStatus.OK)


@my.delete("/picks")
@per_reader
@per_address
def forget() -> Response:
    """Forget a reader; their calendar's address is worth nothing from now on."""
    the_service().picks.close(_key())
    return Response(status=204, headers=PRIVATE)


@my.post("/picks/address")
@per_reader
@per_address
def renew() -> Response:
    """Give the reader's calendar another address; the former one is worth nothing from now on."""
    write = _key()
    the_service().picks.renew(write)
    return _told(write)


@my.get("/code.svg")
@per_reader
@per_address
def code() -> Response:
    """The code that carries the stars to another device, or with `of=calendar` the calendar's address."""
    _, keys = the_service().picks.of_device(_key())
    of_calendar = request.args.get("of") == "calendar"
    text = webcal(f"{base_url()}/my/{keys.read}.ics") if of_calendar else f"{base_url()}/my#{keys.write}"
    return Response(codes.svg(text), content_type="image/svg+xml", headers=PRIVATE)


@my.get("/<token>.ics")
@per_address
def feed(token: str) -> Response:
    """A reader's own calendar."""
    look, feeds = the_look(), the_service().personal_feeds
    picks = feeds.of(token)
    if request.method == "GET" and not look.frozen:
        feeds.fetched(token, picks, look.revision, look.now)
    return send(_feed(look, picks, token))


def _page() -> Answer:
    program = the_look().program
    days = present.days_of(program, program.sessions)
    return turning(render_template("my.html", days=days, feed=personal_feed(program, base_url())))


def _feed(look: Look, picks: Picks, token: str) -> Answer:
    program, path = look.program, f"/my/{token}.ics"
    sessions = tuple(session for session in program.sessions if session.id in picks.sessions)
    body = calendar_feed.feed(program, sessions, name=f"My {program.title}", public_url=base_url(), feed_path=path)
    last_modified = max(look.snapshot.revision.at, picks.changed_at)
    # No cache that many share keeps what is one reader's.
    return replace(lasting(body, CALENDAR, last_modified=last_modified), shared_seconds=0)


def _key() -> str:
    given = request.headers.get("Authorization", "")
    if not given.startswith(BEARER):
        abort(401, "expected the key of a set of stars, as Authorization: Bearer …")
    return given.removeprefix(BEARER).strip()


def _changes() -> tuple[list[str], list[str]]:
    """The sessions to star and to unstar."""
    if request.mimetype != JSON:
        abort(415, "expected JSON")
    said = request.get_json(silent=True)
    if not isinstance(said, dict):
        said = {"add": None}
    return _names(said.get("add", [])), _names(said.get("remove", []))


def _names(value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST_STARS or not all(isinstance(one, str) for one in value):
        abort(400, f"expected {{add: […], remove: […]}} with at most {MOST_STARS} ids of sessions in each")
    return value


def _told(write: str, status: HTTPStatus = HTTPStatus.OK) -> Response:
    picks, keys = the_service().picks.of_device(write)
    return Response(to_bytes(_json(the_look(), picks, keys)), status, PRIVATE, content_type=JSON)


def _json(look: Look, picks: Picks, keys: Keys) -> dict[str, Any]:
    def iso(instant: datetime | None) -> str | None:
        return present.iso(look.program, instant) if instant else None

    unseen_change, unseen_stars = _unseen_change(look, picks), _unseen_stars(picks)
    return {
        "read": keys.read,
        "write": keys.write,
        "sessions": sorted(picks.sessions),
        "vanished": sorted(picks.vanished(look.program)),
        "fetched_at": iso(picks.fetched_at),
        "unseen_change_at": iso(unseen_change),
        "unseen_stars": unseen_stars,
        "calendar": _calendar_words(look.program, picks.fetched_at, unseen_change, unseen_stars),
    }


def _calendar_words(
    program: Program, fetched_at: datetime | None, unseen_change: datetime | None, unseen_stars: bool
) -> str:
    """How far the reader's calendar has followed, for the page."""
    if fetched_at is None:
        return "No calendar has asked for this address yet."
    day = present.short_date(program.local(fetched_at).date())
    asked = f"A calendar last asked at {present.hour(program, fetched_at)}, {day}."
    if unseen_change is not None:
        return f"{asked} It has not seen the {present.hour(program, unseen_change)} change yet."
    return f"{asked} {'It has not seen your latest stars yet.' if unseen_stars else 'It is up to date.'}"


def _unseen_stars(picks: Picks) -> bool:
    """Whether a calendar asks, and has not asked since a star was set or taken away."""
    return picks.fetched_at is not None and picks.fetched_stars != picks.changed_at


def _unseen_change(look: Look, picks: Picks) -> datetime | None:
    """When a starred session last changed, if the reader's calendar has not asked since."""
    if picks.fetched_revision is None:
        return None
    entries = the_service().history.until(look.revision)
    later = (entry for entry in reversed(entries) if entry.number > (picks.fetched_revision or 0))
    touching = (entry for entry in later if any(one.session in picks.sessions for one in entry.difference.sessions))
    return next((entry.at for entry in touching), None)
