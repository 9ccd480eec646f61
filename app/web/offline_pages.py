"""What makes the day an app that works offline: its manifest, the service worker, and the pages that it precaches."""

from __future__ import annotations

import json
from dataclasses import replace

from flask import Blueprint, current_app, request

from app.domain.program import Program
from app.formats.api_fields import to_bytes
from app.live.edition import ResponseKey
from app.live.http_response import StoredResponse
from app.web import address_traits, icons, static_files
from app.web.address_traits import FILE
from app.web.icons import icon_address, icon_of
from app.web.identity_sheet import sheet_of
from app.web.paper_list import papers_of
from app.web.qr_codes import PNG
from app.web.request_context import page_context
from app.web.responses import JSON, cached, call_view, per_revision, per_segment, rendered, with_styles
from app.web.running_service import current_service

offline = Blueprint("offline", __name__)

WORKER = ("js/worker/page-cache.js", "js/worker/fetch-handler.js")
# Files that offline pages do not need: the worker's own, and those of the console and of print.
NOT_KEPT = ("js/worker/", "js/print-", "css/console", "css/organizer", "css/report", "css/paper.css", "css/print")
# Of a program with more sessions, phones keep the day and the pages that were visited.
MOST_SESSIONS = 60
# Of a program with more papers, phones keep their list, and those that were visited.
MOST_PAPERS = 100
# Of a program with more days, phones keep today and the days that were visited.
MOST_DAYS = 8
# Of each icon its size in `icons.SIZES`, its sizes for phones, and its purpose.
ICONS = (("192", "192x192", "any"), ("512", "512x512", "any"), ("maskable-512", "512x512", "maskable"))


@offline.get("/manifest.webmanifest", traits=FILE)
@cached
def manifest() -> StoredResponse:
    """The W3C web application manifest, by which phones install the day on their home screens."""
    return per_revision(to_bytes(_manifest(page_context().program)), "application/manifest+json")


@offline.get("/sw.js", traits=FILE)
@cached
def worker() -> StoredResponse:
    """The service worker's script; it differs for each release and each set of pages."""
    return per_revision(_script().encode(), "text/javascript; charset=utf-8")


@offline.get("/offline", traits=replace(FILE, phone="always"))
@cached
def not_kept() -> StoredResponse:
    """The page that a phone shows without network in place of one that it does not have."""
    return rendered("offline.html")


@offline.get("/offline/pages", traits=FILE)
@cached
def pages() -> StoredResponse:
    """All precached pages in one response, which compresses better than each alone."""
    context = page_context()
    bodies = {address: _body_of(address) for address in precached(context.program)}
    bundle = {"build": sheet_of(context.program).release, "revision": context.revision, "pages": bodies}
    return with_styles(per_segment(to_bytes(bundle).decode(), JSON))


def precached(program: Program) -> tuple[str, ...]:
    """The addresses that phones keep before they are visited: pages, each day, and the codes of sessions."""
    paths = [*address_traits.paths(current_app, program, lambda one: one.phone == "always"), *_days(program)]
    if len(program.sessions) <= MOST_SESSIONS:
        first = address_traits.paths(current_app, program, lambda one: one.phone == "first")
        papers = {one.id for one in papers_of(program)}
        kept = papers if len(papers) <= MOST_PAPERS else set()
        paths += (path for path in first if (paper := _paper_of(path)) is None or paper in kept)
    return tuple(path for path in paths if not path.endswith(".png"))


def _paper_of(path: str) -> str | None:
    """The paper that an address is of, by its id."""
    found: str | None = address_traits.match_path(current_app, path)[1].get("item_id")
    return found


def _days(program: Program) -> tuple[str, ...]:
    """The address of each day, where the day's page shows one of several."""
    dates = address_traits.known_names(program)["day"]
    return tuple(f"/?day={one}" for one in dates) if 1 < len(dates) <= MOST_DAYS else ()


def _manifest(program: Program) -> dict[str, object]:
    shown = [
        {"src": icon_address(program, size), "type": PNG, "sizes": sizes, "purpose": purpose}
        for size, sizes, purpose in ICONS
    ]
    # The ground of the icon is shown while a phone opens the app.
    ground = icon_of(program).ground
    return {
        "id": "/",
        "name": program.subtitle or program.title,
        "short_name": program.title,
        "description": program.description or program.subtitle,
        "lang": program.language,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": ground,
        "theme_color": ground,
        "icons": shown,
    }


def _script() -> str:
    program = page_context().program
    sheet = sheet_of(program)
    files = [static_files.address_of(name) for name in static_files.files() if not name.startswith(NOT_KEPT)]
    files += [icon_address(program, size) for size in icons.SIZES] + ([sheet.address] if sheet.address else [])
    release = {
        "service": current_service().identity,
        "build": sheet.release,
        "rehearsal": current_service().clock.rehearsal,
        "pages": precached(program),
        "bundle": "/offline/pages",
        "notKept": "/offline",
        "kept": address_traits.pages_on_phones(current_app),
        "queries": address_traits.queries_on_phones(current_app),
        "files": files,
    }
    return f"const RELEASE = {json.dumps(release)};\n" + "".join(static_files.files()[name].decode() for name in WORKER)


def _body_of(address: str) -> str:
    """A page as readers get it."""
    path, _, query = address.partition("?")
    key = ResponseKey(path, query, host=request.host_url.rstrip("/"))
    response = call_view(current_app, key, page_context())
    return response.get_data(as_text=True) if response else ""
