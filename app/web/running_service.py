"""The running service that requests use, found through Flask's current app."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from flask import Flask, current_app

from app.domain.program import Program
from app.formats import markdown, qr_code
from app.formats.calendar import feed as calendar_feed
from app.live.clock import SYSTEM_CLOCK, Clock, clock_fault
from app.live.edition import Editions
from app.live.kept_memory import KeptMemory
from app.live.personal_feeds import PersonalFeeds
from app.live.revision_watcher import RevisionWatcher
from app.live.snapshot import CurrentRevision
from app.live.stats import Stats
from app.release import RELEASED
from app.sources.import_queue import ImportQueue
from app.store import deadline
from app.store.database import Database
from app.store.stars import StarStore
from app.web.identity_sheet import sheet_of

_EXTENSION = "agenda"


@dataclass(frozen=True)
class Service:
    """The parts of a running service.

    ``public_url`` is the base of links in codes and feeds ("": the host of each request); ``identity`` names
    the database, and is the same for as long as that exists; ``history`` changes where it goes on from a backup.
    """

    current: CurrentRevision
    clock: Clock
    database: Database
    watcher: RevisionWatcher
    public_url: str = ""
    identity: str = ""
    history: str = ""
    editions: Editions = field(default_factory=Editions)
    stats: Stats = field(default_factory=Stats)
    stars: StarStore = field(init=False)
    personal_feeds: PersonalFeeds = field(init=False)
    imports: ImportQueue = field(init=False)

    def __post_init__(self) -> None:
        """Open the stores of readers' stars and the console's imports, and count what is kept in memory."""
        object.__setattr__(self, "stars", StarStore(self.database))
        object.__setattr__(self, "personal_feeds", PersonalFeeds(self.stars))
        object.__setattr__(self, "imports", ImportQueue(self.current.revisions, SYSTEM_CLOCK.now))
        self.memory.keepers |= {
            "history": lambda: self.current.history.kept_bytes,
            "stars": lambda: self.personal_feeds.kept_bytes,
            "counts": lambda: self.stats.kept_bytes,
            "codes": lambda: qr_code.kept_codes.kept_bytes,
            "texts": lambda: markdown.kept_html.kept_bytes + markdown.kept_texts.kept_bytes,
            "events": lambda: calendar_feed.kept_events.kept_bytes,
        }

    @property
    def memory(self) -> KeptMemory:
        """The bound on what is kept in memory."""
        return self.editions.memory

    @property
    def https(self) -> bool:
        """Whether the public address is an HTTPS one."""
        return self.public_url.startswith("https://")

    def names(self, program: Program) -> dict[str, str]:
        """What open pages tell it by: another database, another history of it, another build of the service."""
        return {"service": self.identity, "history": self.history, "build": sheet_of(program).release}

    def clock_fault(self) -> str | None:
        """What is wrong with the machine's clock now, and what to do; None where nothing is known to be."""
        newest = None if self.clock.rehearsal else self.current.snapshot.revision.at
        return clock_fault(SYSTEM_CLOCK.now(), newest, RELEASED)

    def close(self) -> None:
        """Stop the imports and the watcher, and close the database."""
        self.imports.close()
        self.watcher.stop()
        self.database.close()


def install(app: Flask, service: Service) -> None:
    """Make the service available to the app's views, and bound how long each request waits for its database."""
    app.before_request(deadline.ensure)
    app.teardown_request(deadline.clear)
    app.extensions[_EXTENSION] = service


def service_of(app: Flask) -> Service:
    """The service of an app."""
    return cast("Service", app.extensions[_EXTENSION])


def secret_key() -> str | bytes:
    """The secret that this service signs with; there always is one."""
    found: str | bytes = current_app.config["SECRET_KEY"]
    return found


def current_service() -> Service:
    """The service of the app that answers this request."""
    return service_of(current_app)
