"""What this process has done since it started: for the console's page and for `/metrics`."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.live.clock import SYSTEM_CLOCK
from app.logs import redacted

# What a calendar program says of itself; the first sign that fits names it.
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
# Feeds and programs are few; a crowd of made-up ones cannot be, since only feeds that exist are counted.
MOST_FETCHES = 5_000
MOST_TROUBLES = 20
HTTP_SERVER_ERROR = 500
FOUND = frozenset({200, 304})


@dataclass(frozen=True, slots=True)
class Fetch:
    """A feed that a kind of calendar program asks for: when last, in real time, and how often."""

    path: str
    program: str
    at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """A request that failed through no fault of who asked."""

    at: datetime
    path: str
    status: int
    request: str


class Counts:
    """Counters that only rise until the process ends; safe to use from any thread."""

    def __init__(self) -> None:
        self.started_at = SYSTEM_CLOCK.now()
        self.readers: Callable[[], int] = lambda: 0
        self.dropped: Callable[[], int] = lambda: 0
        self.revisions = 0
        self.from_memory: Counter[int] = Counter()
        self.rendered: Counter[int] = Counter()
        self.rendering_seconds = 0.0
        self.troubles: deque[Trouble] = deque(maxlen=MOST_TROUBLES)
        self._fetches: dict[tuple[str, str], Fetch] = {}
        self._lock = threading.Lock()

    def answered(self, status: int, path: str, user_agent: str) -> None:
        """An answer from memory."""
        self.from_memory[status] += 1
        if path.endswith(".ics") and status in FOUND:
            self._fetched(path, user_agent)

    def made(self, status: int, path: str, user_agent: str, seconds: float, request: str) -> None:
        """An answer that was made for this request, and how long that took."""
        with self._lock:
            self.rendered[status] += 1
            self.rendering_seconds += seconds
        if status >= HTTP_SERVER_ERROR:
            self.troubles.append(Trouble(SYSTEM_CLOCK.now(), redacted(path), status, request))
        elif path.endswith(".ics") and status in FOUND:
            self._fetched(path, user_agent)

    def published(self, *_revisions: object) -> None:
        """A revision became current while this process ran."""
        self.revisions += 1

    def fetches(self) -> list[Fetch]:
        """What calendar programs asked for, the latest first."""
        with self._lock:
            fetches = tuple(self._fetches.values())
        return sorted(fetches, key=lambda fetch: fetch.at, reverse=True)

    def _fetched(self, path: str, user_agent: str) -> None:
        key = redacted(path), calendar_program(user_agent)
        with self._lock:
            before = self._fetches.get(key)
            if before is not None or len(self._fetches) < MOST_FETCHES:
                self._fetches[key] = Fetch(*key, SYSTEM_CLOCK.now(), before.times + 1 if before else 1)


def calendar_program(user_agent: str) -> str:
    """Which calendar program asks, as its users call it."""
    return next((name for sign, name in CALENDARS.items() if sign in user_agent), OTHERS)
