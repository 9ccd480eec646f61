"""The edition: all that readers get of one revision in one segment, rendered to bytes once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from app.live.answer import Answer
from app.live.current import Snapshot

# Only addresses that exist are kept, but a query or a host's name can make many of one: then the oldest goes.
MOST_OCTETS = 128 * 1024 * 1024
# This revision and the one before, each now and in its next segment.
MOST_EDITIONS = 4

Key = tuple[int, int]


class Address(NamedTuple):
    """What an answer is kept under: its path, what its view looks at of the query, and the host.

    ``host`` is "http://host" where links depend on it, "" where all hosts get the same.
    """

    path: str
    query: str = ""
    host: str = ""


@dataclass
class Edition:
    """The answers of one revision in one segment, by address; ``octets`` is what their plain bodies take."""

    revision: int
    segment: int
    answers: dict[Address, Answer] = field(default_factory=dict)
    octets: int = 0

    def keep(self, address: Address, answer: Answer) -> None:
        """Keep an answer, for others that came before it where there is no room for all."""
        self.octets += len(answer.body) - len(self.answers[address].body if address in self.answers else b"")
        self.answers[address] = answer
        while self.octets > MOST_OCTETS:
            self.octets -= len(self.answers.pop(next(iter(self.answers))).body)


class Editions:
    """Keeps the current edition, and the one that comes next; what time does not change is in both."""

    def __init__(self) -> None:
        self._kept: dict[Key, Edition] = {}
        self._lock = threading.Lock()
        self._building: dict[tuple[Key, Address], threading.Lock] = {}

    def at(self, snapshot: Snapshot, now: datetime) -> Edition:
        """The edition of an instant, begun where there is none yet."""
        key = (snapshot.revision.number, snapshot.timeline.segment(now).index)
        return self._kept.get(key) or self._begun(key)

    def answer(self, snapshot: Snapshot, now: datetime, address: Address, build: Callable[[], Answer]) -> Answer:
        """The answer at an address, built once, on its first request; who asks meanwhile waits for it."""
        edition = self.at(snapshot, now)
        found = edition.answers.get(address)
        return self._built(edition, address, build) if found is None else found

    def _begun(self, key: Key) -> Edition:
        with self._lock:
            edition = self._kept.get(key)
            if edition is None:
                edition = Edition(*key)
                for address, answer in self._lasting(key[0]).items():
                    edition.keep(address, answer)
                self._kept[key] = edition
                while len(self._kept) > MOST_EDITIONS:
                    del self._kept[next(iter(self._kept))]
            return edition

    def _lasting(self, revision: int) -> dict[Address, Answer]:
        """The answers of a revision that no boundary changes."""
        same = [edition.answers for edition in self._kept.values() if edition.revision == revision]
        return {key: answer for key, answer in list((same[-1] if same else {}).items()) if not answer.turns}

    def _built(self, edition: Edition, address: Address, build: Callable[[], Answer]) -> Answer:
        key = ((edition.revision, edition.segment), address)
        with self._lock:
            building = self._building.setdefault(key, threading.Lock())
        try:
            with building:
                found = edition.answers.get(address)
                if found is None:
                    found = build()
                    self._keep(edition, address, found)
                return found
        finally:
            with self._lock:
                self._building.pop(key, None)

    def _keep(self, edition: Edition, address: Address, answer: Answer) -> None:
        if answer.status != 200:  # noqa: PLR2004 - HTTP's own number
            return
        with self._lock:
            good_for = [edition]
            if not answer.turns:
                good_for += [one for one in self._kept.values() if one.revision == edition.revision]
            for one in good_for:
                one.keep(address, answer)
