"""What users of a service notice while a part of it fails: how long readers, streams and an organizer wait."""

from __future__ import annotations

import http.client
import re
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from itertools import count, pairwise

from support.visitor import Visitor

PAUSE_SECONDS = 0.05
# A stream without any event for so long is opened anew.
SILENT_SECONDS = 20.0


@dataclass
class Users:
    """A reader, streams and an organizer at one address, who go on until the block of `at_work` ends."""

    organizer: Visitor
    streams: int = 6
    # When each answer of a page came.
    answered: list[float] = field(default_factory=list)
    # When each edit was acknowledged, and the revision that it became.
    published: list[tuple[float, int]] = field(default_factory=list)
    # Of each stream, when it heard of which revision.
    heard: list[list[tuple[float, int]]] = field(default_factory=list)
    # Edits that had no answer, and were sent again.
    repeated: int = 0
    # Answers that say no, each a line.
    refusals: list[str] = field(default_factory=list)
    _stopped: threading.Event = field(default_factory=threading.Event)
    _ended: float = 0.0

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """They work while the block runs; the streams then go on until they have heard of the last edit."""
        self.heard = [[] for _ in range(self.streams)]
        threads = [threading.Thread(target=job, daemon=True) for job in (self._read, self._edit)]
        listeners = [threading.Thread(target=self._listen, args=(heard,), daemon=True) for heard in self.heard]
        for thread in (*threads, *listeners):
            thread.start()
        try:
            yield
        finally:
            self._ended = time.monotonic()
            self._stopped.set()
            for thread in (*threads, *listeners):
                thread.join(2 * SILENT_SECONDS)
        assert not any(thread.is_alive() for thread in (*threads, *listeners)), "somebody waits without an end"

    def longest_read_seconds(self) -> float:
        """The longest that the reader was without a page, until the work ended."""
        return max(later - earlier for earlier, later in pairwise([*self.answered, self._ended]))

    def longest_edit_seconds(self) -> float:
        """The longest between two acknowledged edits, and until the work ended."""
        return max(later - earlier for earlier, later in pairwise([*(at for at, _ in self.published), self._ended]))

    def longest_news_seconds(self) -> float:
        """The longest from an acknowledged edit until each stream had heard of it."""
        return max(
            next(at for at, heard in stream if heard >= number) - acknowledged
            for stream in self.heard
            for acknowledged, number in self.published
        )

    def _read(self) -> None:
        while not self._stopped.wait(PAUSE_SECONDS):
            with suppress(OSError, http.client.HTTPException):
                if self.organizer.get("/").status == HTTPStatus.OK:
                    self.answered.append(time.monotonic())

    def _edit(self) -> None:
        base = str(self.organizer.revision())
        for number in count(1):
            if self._stopped.wait(PAUSE_SECONDS):
                return
            form = {"do": "announce", "base": base, "minutes": "30", "text": f"Message {number}."}
            self._publish({**form, "once": secrets.token_urlsafe(32)})

    def _publish(self, form: dict[str, str]) -> None:
        """Send a form until it is published, as a person does who sees no answer and taps **Try again**."""
        for attempt in count():
            with suppress(OSError, http.client.HTTPException):
                answer = self.organizer.post("/organizer/edit", **form)
                if found := re.search(r"done=(\d+)", answer.leads_to):
                    self.published.append((time.monotonic(), int(found[1])))
                    self.repeated += attempt > 0
                    return
                if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                    self.refusals.append(f"{answer.status} {answer.leads_to}")
                    return
            threading.Event().wait(PAUSE_SECONDS)

    def _listen(self, heard: list[tuple[float, int]]) -> None:
        """Keep a stream open as browsers do: when it ends, another one after the time that it named."""
        browser, pause_seconds = replace(self.organizer, seconds=SILENT_SECONDS), PAUSE_SECONDS
        while not self._heard_all(heard):
            with suppress(OSError, EOFError, http.client.HTTPException), closing(browser.stream()) as stream:
                for event in stream:
                    if "retry" in event:
                        pause_seconds = int(event["retry"]) / 1000
                    if "id" in event:
                        heard.append((time.monotonic(), int(event["id"])))
                    if self._heard_all(heard):
                        return
            threading.Event().wait(pause_seconds)

    def _heard_all(self, heard: list[tuple[float, int]]) -> bool:
        return self._stopped.is_set() and bool(heard) and heard[-1][1] >= self.published[-1][1]
