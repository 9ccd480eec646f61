"""The bytes of the events of `/live` and `/organizer/live` (HTML Standard, 9.2 Server-sent events)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from app.domain.cues import Cue
from app.domain.program import Program
from app.formats.api_answers import CueEvent
from app.formats.api_fields import instant, to_bytes
from app.formats.api_program import Announcement
from app.store.revisions import HistoryEntry

# Fewer readers than this in one process fetch their page at once; each reader beyond adds to the spread.
FEW_READERS = 100
SECONDS_EACH = 0.00006
LONGEST_SPREAD_SECONDS = 0.6
# Of two processes one may be killed, and nobody shall wait for news longer than three seconds.
RETRY_MILLISECONDS = range(1000, 2500, 18)


def beginning(known: int, arrival: int, missed: bytes, heartbeat: bytes) -> bytes:
    """The first part of a stream, ``known`` being its client's revision, ``arrival`` the number of streams before it.

    It has an id without data, which sets Last-Event-ID and fires no event, and the reconnection time, which differs so
    that not all clients reconnect at once after a restart. What the client missed comes before the heartbeat: at one
    that names an unknown revision pages refresh at once, and not within a spread. The heartbeat comes in any case: a
    page takes no stream for alive that a proxy holds back.
    """
    retry = RETRY_MILLISECONDS[arrival % len(RETRY_MILLISECONDS)]
    return f"retry: {retry}\nid: {known}\n\n".encode() + missed + heartbeat


def known_here(known: int, latest: int) -> int:
    """What a client's revision is here: 0 for one of another history, which had more revisions."""
    return known if known <= latest else 0


def missed_revision(known: int, newest: int, spread: float) -> bytes:
    """A `revision` event with the newest revision for a client that has an older one, else nothing."""
    return revision_event(newest, spread) if known < newest else b""


def announcement_events(entry: HistoryEntry) -> bytes:
    """An `announcement` event for each announcement that is new in a revision."""
    after = entry.difference.after
    return b"".join(_event("announcement", Announcement.from_value(one, after)) for one in entry.difference.announced)


def revision_event(number: int, spread: float) -> bytes:
    """A `revision` event: the revision, and over how many seconds clients spread their requests for it."""
    return _event("revision", {"revision": number, "spread": spread}, number)


def state_event(version: int) -> bytes:
    """A `state` event: the version of the room state, without an id, since those are revisions'."""
    return _event("state", {"version": version})


def cue_event(program: Program, room: str, cue: Cue | None) -> bytes:
    """A `cue` event for the stage of a room, without an id; one without a text where no cue stands."""
    return _event("cue", CueEvent.from_value(cue, program) if cue else CueEvent(room=room))


def time_event(program: Program, now: datetime, revision: int, speed: float, names: Mapping[str, str]) -> bytes:
    """The heartbeat: a `time` event without an id, since scripts cannot see a comment.

    ``names`` says whose it is, as `/api/now` does: a proxy may hold a stream for longer than the service runs.
    """
    return _event("time", {**names, "revision": revision, "now": instant(program, now), "speed": speed})


def spread_seconds(readers: int) -> float:
    """Over how many seconds after the first event the readers of one process request their page."""
    return 0 if readers < FEW_READERS else round(min(LONGEST_SPREAD_SECONDS, readers * SECONDS_EACH), 3)


def _event(name: str, data: object, number: int | None = None) -> bytes:
    numbered = f"id: {number}\n" if number is not None else ""
    return b"event: %s\n%sdata: %s\n\n" % (name.encode(), numbered.encode(), to_bytes(data))
