"""Prerenders pages: those of the next segment before its boundary, and those of a revision before it becomes current.

Readers then do not wait for rendering, and all pages change to the new revision at once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from flask import Flask

from app.live.edition import ResponseKey
from app.live.snapshot import Snapshot
from app.web import address_traits
from app.web.request_context import PageContext
from app.web.responses import call_view
from app.web.running_service import service_of

log = logging.getLogger(__name__)

# How long before a boundary, on the real clock: the largest known programs take a few seconds to render.
LEAD_SECONDS = 20
STEP_SECONDS = 1.0
# Rendering a page takes some milliseconds; the first readers of further pages wait for that.
MOST_PAGES = 400
ENCODINGS = ("", "gzip", "br")


class Prerenderer:
    """A thread that prerenders the next segment, and a hook that prerenders each new revision."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._service = service_of(app)
        self._done: tuple[int, int] | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="prerender", daemon=True)

    def start(self) -> None:
        """Render the pages of the current segment, then start the thread."""
        self._build_now(self._service.current.snapshot)
        self._service.current.before_revision(self._build_now)
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread and wait for its end."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def prerender_next(self) -> None:
        """Render the pages of the next segment, once, when its boundary is near."""
        service = self._service
        snapshot, now = service.current.snapshot, service.clock.now()
        segment = snapshot.timeline.segment(now)
        upcoming = (snapshot.revision.number, segment.index + 1)
        lead = timedelta(seconds=LEAD_SECONDS) * service.clock.speed
        if segment.end is not None and segment.end - now <= lead and self._done != upcoming:
            self.build(snapshot, segment.end)
            self._done = upcoming

    def build(self, snapshot: Snapshot, instant: datetime) -> None:
        """Render and compress the pages of a revision at an instant that are not in the cache yet."""
        for key in islice(self._keys(), MOST_PAGES):
            if self._stopped.is_set():
                return
            self._build_one(snapshot, instant, key)

    def _build_now(self, snapshot: Snapshot) -> None:
        self.build(snapshot, self._service.clock.now())

    def _keys(self) -> Iterator[ResponseKey]:
        """The pages that are always prerendered, then those that were requested in the current segment."""
        service = self._service
        cached = list(service.editions.at(service.current.snapshot, service.clock.now()).responses)
        requested = [key for key in cached if address_traits.match_path(self._app, key.path)[0].prerender != "never"]
        hosts = [""] if service.public_url else list(dict.fromkeys(key.host for key in requested))
        paths = list(address_traits.rules(self._app, lambda one: one.prerender == "always"))
        always = (ResponseKey(path, host=host) for host in hosts for path in paths)
        return iter(dict.fromkeys([*always, *(key for key in requested if key.host in hosts)]))

    def _build_one(self, snapshot: Snapshot, instant: datetime, key: ResponseKey) -> None:
        context = PageContext(snapshot, instant, frozen=False, rehearsal=self._service.clock.rehearsal)
        try:
            call_view(self._app, key, context)
        except Exception:
            # For example the page of a room that the new revision does not have: its readers get a 404.
            log.debug("not prerendered: %s", key, exc_info=True)
            return
        response = self._service.editions.at(snapshot, instant).responses.get(key)
        if response is not None:
            for encoding in ENCODINGS:
                response.variant(encoding)

    def _run(self) -> None:
        while not self._stopped.wait(STEP_SECONDS):
            try:
                self.prerender_next()
            except Exception:
                log.exception("prerendering failed; the next attempt follows")
