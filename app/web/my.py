"""A reader's stars: the page, the requests of devices, and the reader's own calendar.

A device sends its key in the Authorization header, and its changes as application/json. A page of another site cannot
send either without a CORS preflight (Fetch standard, CORS-safelisted requests).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, request
from werkzeug.exceptions import ServiceUnavailable

from app.domain.program import Program
from app.formats import qr_code
from app.formats.api_fields import to_bytes
from app.live.http_response import StoredResponse
from app.store.errors import StarsFull
from app.store.stars import MOST_STARS, StarSet
from app.web import paper_list, template_helpers
from app.web.address_traits import KEYED, PAGE
from app.web.calendar_feeds import feed_of
from app.web.calendar_links import personal_feed, webcal
from app.web.rate_limits import FIRST_FETCHES_PER_ADDRESS, client_network, is_within, limited_by_key
from app.web.request_context import PageContext, bearer_key, page_context
from app.web.responses import JSON, base_url, cached, conditional, rendered
from app.web.running_service import current_service

my = Blueprint("my", __name__, url_prefix="/my")

# Where too many readers have stars; only a calendar that is no longer fetched makes room then.
FULL_RETRY_SECONDS = 3600
PRIVATE = {"Cache-Control": "no-store"}
EXPECTED_CHANGES = f"expected {{add: […], remove: […]}} with at most {MOST_STARS} ids of sessions and items in each"


@my.get("", traits=replace(PAGE, phone="always"))
@cached
def page() -> StoredResponse:
    """The page of all readers; only the device knows what of it is starred."""
    program = page_context().program
    days = template_helpers.days_of(program, program.sessions)
    groups, feed = paper_list.by_session(paper_list.in_order(program)), personal_feed(program, base_url())
    return rendered("my.html", days=days, paper_groups=groups, feed=feed)


@my.get("/picks", traits=KEYED)
@limited_by_key
def picks() -> Response:
    """The reader's stars, and which of them their calendar has fetched."""
    return _stars_json(_key())


@my.post("/picks", traits=KEYED)
@limited_by_key
def star() -> Response:
    """Add and remove stars of sessions and items; a request without a key starts a new set."""
    stars, now = current_service().stars, current_service().clock.now()
    add, remove = _changes()
    program = page_context().program
    known = program.sessions_by_id.keys() | program.items_by_id.keys()
    if "Authorization" not in request.headers:
        try:
            keys = stars.open(now, add, known)
        except StarsFull as full:
            raise ServiceUnavailable(str(full), retry_after=FULL_RETRY_SECONDS) from full
        return _stars_json(keys.write, HTTPStatus.CREATED)
    write_key = _key()
    stars.star(write_key, now, add, remove, known)
    return _stars_json(write_key)


@my.delete("/picks", traits=KEYED)
@limited_by_key
def forget() -> Response:
    """Delete a reader's stars and their calendar's address."""
    current_service().stars.close(_key())
    return Response(status=204, headers=PRIVATE)


@my.post("/picks/address", traits=KEYED)
@limited_by_key
def renew() -> Response:
    """Replace the address of the reader's calendar; the former one is not found any more."""
    write_key = _key()
    current_service().stars.renew(write_key)
    return _stars_json(write_key)


@my.get("/code.svg", traits=KEYED)
@limited_by_key
def code() -> Response:
    """The QR code that copies the stars to another device, or with `of=calendar` that of the calendar's address."""
    _, keys = current_service().stars.of_device(_key())
    of_calendar = request.args.get("of") == "calendar"
    text = webcal(f"{base_url()}/my/{keys.read}.ics") if of_calendar else f"{base_url()}/my#{keys.write}"
    return Response(qr_code.svg(text, private=True), content_type="image/svg+xml", headers=PRIVATE)


@my.get("/<token>.ics", traits=KEYED)
@limited_by_key
def feed(token: str) -> Response:
    """A reader's own calendar."""
    context, feeds = page_context(), current_service().personal_feeds
    stars = feeds.of(token)
    if request.method == "GET" and not context.frozen and _is_recorded(stars):
        feeds.fetched(token, stars, context.revision, context.now)
    return conditional(_feed(context, stars))


def _is_recorded(stars: StarSet) -> bool:
    """Whether a fetch is recorded. That keeps a set from making room for new ones; one phone must not keep them all."""
    return stars.fetched_at is not None or is_within(FIRST_FETCHES_PER_ADDRESS, "first fetches", client_network())


def _feed(context: PageContext, stars: StarSet) -> StoredResponse:
    program = context.program
    sessions = stars.sessions_of(program)
    last_modified = max(context.snapshot.told.at, stars.changed_at)
    # Shared caches must not store what belongs to one reader.
    return replace(feed_of(program, sessions, f"My {program.title}"), last_modified=last_modified, shared_seconds=0)


def _key() -> str:
    return bearer_key("the key of a set of stars")


def _changes() -> tuple[list[str], list[str]]:
    """The ids to star and to unstar."""
    if request.mimetype != JSON:
        abort(415, "expected JSON")
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        abort(400, EXPECTED_CHANGES)
    return _ids(body.get("add", [])), _ids(body.get("remove", []))


def _ids(value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST_STARS or not all(isinstance(one, str) for one in value):
        abort(400, EXPECTED_CHANGES)
    return value


def _stars_json(write_key: str, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """A reader's stars with their keys, and how up to date their calendar is."""
    context = page_context()
    stars, keys = current_service().stars.of_device(write_key)
    iso = partial(template_helpers.iso, context.program)
    items = stars.starred & context.program.items_by_id.keys()
    unseen_change, unseen_stars = _unseen_change(context, stars), _unseen_stars(stars)
    body = {
        "read": keys.read,
        "write": keys.write,
        # All of them, since scripts of an earlier build know no others.
        "sessions": sorted(stars.starred),
        "items": sorted(items),
        "vanished": sorted(stars.vanished(context.program)),
        "fetched_at": stars.fetched_at and iso(stars.fetched_at),
        "unseen_change_at": unseen_change and iso(unseen_change),
        "unseen_stars": unseen_stars,
        "calendar": _calendar_text(context.program, stars.fetched_at, unseen_change, unseen_stars),
    }
    return Response(to_bytes(body), status, PRIVATE, content_type=JSON)


def _calendar_text(
    program: Program, fetched_at: datetime | None, unseen_change: datetime | None, unseen_stars: bool
) -> str:
    """How up to date the reader's calendar is, as the page says it."""
    if fetched_at is None:
        return "No calendar has asked for this address yet."
    day = template_helpers.short_date(program.local(fetched_at).date())
    asked = f"A calendar last asked at {program.clock(fetched_at)}, {day}."
    if unseen_change is not None:
        return f"{asked} It has not seen the {program.clock(unseen_change)} change yet."
    return f"{asked} {'It has not seen your latest stars yet.' if unseen_stars else 'It is up to date.'}"


def _unseen_stars(stars: StarSet) -> bool:
    """Whether stars were added or removed since a calendar last fetched the feed; False without a calendar."""
    return stars.fetched_at is not None and stars.fetched_stars != stars.changed_at


def _unseen_change(context: PageContext, stars: StarSet) -> datetime | None:
    """When a starred session last changed, if the reader's calendar has not fetched the feed since."""
    if stars.fetched_revision is None:
        return None
    history = current_service().current.history.until(context.revision)
    sessions = {session.id for session in stars.sessions_of(context.program)}
    return history.latest_change(stars.starred | sessions, stars.fetched_revision)
