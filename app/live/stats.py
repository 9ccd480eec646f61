"""What this process has done since it started, for the console's status page and `/metrics`."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from app.live.clock import SYSTEM_CLOCK
from app.logs import redacted

# Calendar programs by a part of their User-Agent; the first match counts.
CALENDARS = {
    "Google-Calendar-Importer": "Google",
    "Thunderbird": "Thunderbird",
    "ICSx5": "ICSx⁵",
    "dataaccessd": "Apple",
    "CalendarAgent": "Apple",
    "CalendarFoundation": "Apple",
    "Microsoft": "Outlook",
    "Outlook": "Outlook",
    "Exchange": "Outlook",
}
OTHERS = "others"
# Only feeds that exist are counted, so there are few.
MOST_FETCHES = 5_000
MOST_ERRORS = 20
# Letters of a User-Agent that are read.
LONGEST_AGENT = 512
# Measured: what a feed's count takes in memory; an error has a path of at most a thousand letters.
FETCH_BYTES, ERROR_BYTES = 290, 1_200
HTTP_SERVER_ERROR = 500
FOUND = frozenset({200, 304})


class Fetch(NamedTuple):
    """A feed that a kind of calendar program fetches: when last, in real time, and how often."""

    path: str
    program: str
    at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class RequestError:
    """A request that failed with a server error."""

    at: datetime
    path: str
    status: int
    request: str


class Stats:
    """Counters that rise until the process ends. Thread-safe."""

    def __init__(self) -> None:
        self.started_at = SYSTEM_CLOCK.now()
        self.readers: Callable[[], int] = lambda: 0
        self.dropped: Callable[[], int] = lambda: 0
        # Streams that were handed over to GRIP proxies, which alone know how many are open, and those that are away.
        self.handed_over = 0
        self.proxies_away: Callable[[], int] | None = None
        self.revisions = 0
        self.from_memory: Counter[int] = Counter()
        self.rendered: Counter[int] = Counter()
        self.rendering_seconds = 0.0
        self.errors: deque[RequestError] = deque(maxlen=MOST_ERRORS)
        self._fetches: dict[tuple[str, str], Fetch] = {}
        self._lock = threading.Lock()

    @property
    def kept_bytes(self) -> int:
        """What the counts take in memory."""
        return len(self._fetches) * FETCH_BYTES + len(self.errors) * ERROR_BYTES

    def count_from_memory(self, status: int, path: str, user_agent: str) -> None:
        """Count a response from memory."""
        self.from_memory[status] += 1
        if path.endswith(".ics") and status in FOUND:
            self._fetched(path, user_agent)

    def count_rendered(self, status: int, path: str, user_agent: str, seconds: float, request: str) -> None:
        """Count a response rendered for this request, with the time that took."""
        with self._lock:
            self.rendered[status] += 1
            self.rendering_seconds += seconds
        if status >= HTTP_SERVER_ERROR:
            self.errors.append(RequestError(SYSTEM_CLOCK.now(), redacted(path), status, request))
        elif path.endswith(".ics") and status in FOUND:
            self._fetched(path, user_agent)

    def published(self, *_revisions: object) -> None:
        """Count a revision."""
        self.revisions += 1

    def fetches(self) -> list[Fetch]:
        """What calendar programs fetched, the latest first."""
        with self._lock:
            fetches = tuple(self._fetches.values())
        return sorted(fetches, key=lambda fetch: fetch.at, reverse=True)

    def _fetched(self, path: str, user_agent: str) -> None:
        key = _fetch(path, user_agent[:LONGEST_AGENT])
        with self._lock:
            before = self._fetches.get(key)
            if before is not None or len(self._fetches) < MOST_FETCHES:
                self._fetches[key] = Fetch(*key, SYSTEM_CLOCK.now(), before.times + 1 if before else 1)


# A feed is fetched by the same programs again and again.
@lru_cache(maxsize=256)
def _fetch(path: str, user_agent: str) -> tuple[str, str]:
    """What a fetch is counted under."""
    return redacted(path), calendar_program(user_agent)


def calendar_program(user_agent: str) -> str:
    """A calendar program's name as its users know it."""
    return next((name for part, name in CALENDARS.items() if part in user_agent), OTHERS)
