"""The timer of a speaker's screen as the JSON that a page has for its script."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime, timedelta
from operator import attrgetter
from weakref import WeakKeyDictionary

from app.domain.stage_timer import ALWAYS, TimerSpan, timer_spans
from app.domain.timeline import Timeline
from app.formats.api_fields import to_bytes

Row = list[int | str | None]
# A page has the spans until so long after the next boundary of its room: by then it is refreshed, unless it is without
# network.
AHEAD = timedelta(hours=36)

_kept: WeakKeyDictionary[Timeline, dict[str, tuple[TimerSpan, ...]]] = WeakKeyDictionary()


def timer_json(timeline: Timeline, room_id: str, now: datetime) -> str:
    """The spans of a room's timer from its last boundary before an instant on: the same until its next one.

    Each is [since, level, words, until, late, previous], in order and as in `TimerSpan`. Instants are Unix seconds,
    0: since ever; omitted values at the end are null.
    """
    spans = _spans(timeline, room_id)
    # The boundaries at which a page of this room turns: not those of other rooms, nor the timer's own.
    boundaries = [since or ALWAYS for since, _ in timeline.rooms[room_id].answers]
    passed = bisect_right(boundaries, now)
    start, end = boundaries[passed - 1], boundaries[min(passed, len(boundaries) - 1)]
    begun = bisect_right(spans, start, key=attrgetter("since"))
    return to_bytes([_row(span) for span in spans[begun - 1 :] if span.since < end + AHEAD]).decode()


def _spans(timeline: Timeline, room_id: str) -> tuple[TimerSpan, ...]:
    """The spans of a room, made once for a revision."""
    rooms = _kept.setdefault(timeline, {})
    if room_id not in rooms:
        rooms[room_id] = timer_spans(timeline.program, timeline.rooms[room_id])
    return rooms[room_id]


def _row(span: TimerSpan) -> Row:
    since = 0 if span.since == ALWAYS else _seconds(span.since)
    row: Row = [since, span.level, span.words, _seconds(span.until), span.late or None, _seconds(span.previous)]
    while row[-1] is None:
        row.pop()
    return row


def _seconds(instant: datetime | None) -> int | None:
    return int(instant.timestamp()) if instant else None
