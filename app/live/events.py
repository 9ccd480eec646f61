"""What `/live` says: the bytes of its events (HTML Standard, 9.2 Server-sent events)."""

from __future__ import annotations

from datetime import datetime

from app.domain.program import Program
from app.formats.json_program import announcement_json, instant, to_bytes
from app.store.revisions import Entry

# Of readers of one process: fewer than these fetch their page at once, and so many more each need their time.
FEW_READERS = 100
SECONDS_EACH = 0.00006
LONGEST_SPREAD_SECONDS = 0.6


def opening(number: int, retry_milliseconds: int) -> bytes:
    """The first words of a stream: how soon to come back once it is lost, and what the reader has by now.

    The id stands without data, so that browsers keep it and show no event.
    """
    return f"retry: {retry_milliseconds}\nid: {number}\n\n".encode()


def announcement_events(entry: Entry) -> bytes:
    """An `announcement` event for each announcement that is new in a revision."""
    after = entry.difference.after
    return b"".join(_event("announcement", announcement_json(after, one)) for one in entry.difference.announced)


def revision_event(number: int, spread: float) -> bytes:
    """A `revision` event: revision n is out, and over how many seconds its readers spread their requests."""
    return _event("revision", {"revision": number, "spread": spread}, number)


def time_event(program: Program, now: datetime, revision: int, speed: float) -> bytes:
    """The heartbeat, a `time` event without an id; a comment would not be heard by a script."""
    return _event("time", {"now": instant(program, now), "revision": revision, "speed": speed})


def spread_seconds(readers: int) -> float:
    """Over how many seconds the readers of one process ask for their page after a revision, from its first event on."""
    return 0 if readers < FEW_READERS else round(min(LONGEST_SPREAD_SECONDS, readers * SECONDS_EACH), 3)


def _event(name: str, data: dict[str, object], number: int | None = None) -> bytes:
    numbered = f"id: {number}\n" if number is not None else ""
    return b"event: %s\n%sdata: %s\n\n" % (name.encode(), numbered.encode(), to_bytes(data))
