"""What a request works with: the running service, found through Flask's current app."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from flask import Flask, current_app

from app.live.clock import Clock
from app.live.counts import Counts
from app.live.current import Current
from app.live.edition import Editions
from app.live.history import History
from app.live.personal_feeds import PersonalFeeds
from app.live.watch import Watch
from app.store.database import Database
from app.store.picks import PickBook

_EXTENSION = "agenda"


@dataclass(frozen=True)
class Service:
    """The parts of a running service.

    ``public_url`` is what codes and feeds point to ("" means: as asked); ``identity`` names the
    day that it serves, for as long as its database lives.
    """

    current: Current
    clock: Clock
    database: Database
    watch: Watch
    public_url: str = ""
    identity: str = ""
    editions: Editions = field(default_factory=Editions)
    counts: Counts = field(default_factory=Counts)
    picks: PickBook = field(init=False)
    personal_feeds: PersonalFeeds = field(init=False)

    def __post_init__(self) -> None:
        """Open what stands in the database beside the program."""
        object.__setattr__(self, "picks", PickBook(self.database))
        object.__setattr__(self, "personal_feeds", PersonalFeeds(self.picks))

    @property
    def history(self) -> History:
        """What each revision changed."""
        return self.current.history

    def close(self) -> None:
        """Stop watching and let go of the database."""
        self.watch.stop()
        self.database.close()


def install(app: Flask, service: Service) -> None:
    """Make the service findable by the app's views."""
    app.extensions[_EXTENSION] = service


def service_of(app: Flask) -> Service:
    """The service that an app was given."""
    return cast("Service", app.extensions[_EXTENSION])


def the_service() -> Service:
    """The service of the app that answers this request."""
    return service_of(current_app)
