"""Builds the pages that turn before anybody asks: ahead of each boundary, and of each revision.

Their readers then never wait for a page to be rendered, and nobody is shown one revision's
day beside another's board.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from flask import Flask
from werkzeug.exceptions import HTTPException

from app.live.current import Snapshot
from app.live.edition import Address
from app.web import traits
from app.web.answering import view
from app.web.look import Look
from app.web.service import service_of

log = logging.getLogger(__name__)

# How long before a boundary, on the real clock: the largest programs known take a few seconds.
LEAD_SECONDS = 20
STEP_SECONDS = 1.0
# A page is some milliseconds; of more than these, readers wait for the first.
MOST_PAGES = 400
MOST_HOSTS = 8
ENCODINGS = ("", "gzip", "br")
ALWAYS = tuple(traits.rules(lambda one: one.ahead == "always"))


class Ahead:
    """A thread that has the coming edition ready, and the same for a revision that is about to be current."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._service = service_of(app)
        self._done: tuple[int, int] | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ahead", daemon=True)

    def start(self) -> None:
        """Build what is on now, and begin to look ahead."""
        service = self._service
        self.build(service.current.snapshot, service.clock.now())
        service.current.before_revision(self._before)
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for it."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def look(self) -> None:
        """Build the coming edition, once, where its boundary is near."""
        service = self._service
        snapshot, now = service.current.snapshot, service.clock.now()
        segment = snapshot.timeline.segment(now)
        coming = (snapshot.revision.number, segment.index + 1)
        lead = timedelta(seconds=LEAD_SECONDS) * service.clock.speed
        if segment.end is not None and segment.end - now <= lead and self._done != coming:
            self.build(snapshot, segment.end)
            self._done = coming

    def build(self, snapshot: Snapshot, instant: datetime) -> None:
        """Render what turns, of a revision at an instant, in every encoding; what is there already is left."""
        for address in islice(self._wanted(), MOST_PAGES):
            if self._stopped.is_set():
                return
            self._build_one(snapshot, instant, address)

    def _before(self, snapshot: Snapshot) -> None:
        self.build(snapshot, self._service.clock.now())

    def _wanted(self) -> Iterator[Address]:
        """What is always built, and what else turns and was asked for."""
        service = self._service
        asked = list(service.editions.at(service.current.snapshot, service.clock.now()).answers)
        turning = [address for address in asked if self._turns(address.path)]
        hosts = [""] if service.public_url else _first(address.host for address in turning)
        always = (Address(path, host=host) for host in hosts for path in ALWAYS)
        return iter(dict.fromkeys([*always, *(address for address in turning if address.host in hosts)]))

    def _turns(self, path: str) -> bool:
        try:
            rule, _ = self._app.url_map.bind("").match(path, return_rule=True)
        except HTTPException:
            return False
        return traits.TABLE[rule.rule].ahead != "never"

    def _build_one(self, snapshot: Snapshot, instant: datetime, address: Address) -> None:
        look = Look(snapshot, instant, frozen=False, rehearsal=self._service.clock.rehearsal)
        try:
            view(self._app, address, look)
        except Exception:
            # Of a room that is gone, say: who asks for it will be told.
            log.debug("not built ahead: %s", address, exc_info=True)
            return
        answer = self._service.editions.at(snapshot, instant).answers.get(address)
        if answer is not None:
            for encoding in ENCODINGS:
                answer.variant(encoding)

    def _run(self) -> None:
        while not self._stopped.wait(STEP_SECONDS):
            try:
                self.look()
            except Exception:
                log.exception("building ahead failed, and goes on")


def _first(hosts: Iterable[str]) -> list[str]:
    return list(islice(dict.fromkeys(hosts), MOST_HOSTS))
