"""The edition: all that readers get of one revision in one segment, rendered to bytes once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from app.live.answer import Answer
from app.live.current import Snapshot

# Only addresses that exist are kept, but a query can make many of one: beyond this, render again.
MOST_ANSWERS = 50_000


@dataclass(frozen=True)
class Edition:
    """The answers of one revision in one segment, by address."""

    revision: int
    segment: int
    answers: dict[str, Answer] = field(default_factory=dict)


class Editions:
    """Keeps the current edition; an answer that time does not change outlives its segment."""

    def __init__(self) -> None:
        self._current = Edition(0, 0)

    def at(self, snapshot: Snapshot, now: datetime) -> Edition:
        """The edition of an instant, begun anew where the revision or the segment has changed."""
        segment = snapshot.timeline.segment(now).index
        current = self._current
        if (current.revision, current.segment) == (snapshot.revision.number, segment):
            return current
        kept = {}
        if current.revision == snapshot.revision.number:
            kept = {key: answer for key, answer in list(current.answers.items()) if answer.changes_at is None}
        self._current = Edition(snapshot.revision.number, segment, kept)
        return self._current

    def answer(self, snapshot: Snapshot, now: datetime, address: str, build: Callable[[], Answer]) -> Answer:
        """The answer at an address, built on its first request."""
        answers = self.at(snapshot, now).answers
        found = answers.get(address)
        if found is None:
            found = build()
            if found.status == 200 and len(answers) < MOST_ANSWERS:  # noqa: PLR2004 - HTTP's own number
                answers[address] = found
        return found
