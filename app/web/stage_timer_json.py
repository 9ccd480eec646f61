"""The timer of a speaker's screen as the JSON that a page has for its script."""

from __future__ import annotations

from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from app.domain.stage_timer import ALWAYS, TimerSpan, timer_spans
from app.domain.timeline import Timeline
from app.formats.api_fields import to_bytes

Row = list[int | str | None]
# A page has the spans of so long after the segment in which it is made: in the next it is refreshed, unless it is
# without network.
AHEAD = timedelta(hours=36)

_kept: WeakKeyDictionary[Timeline, dict[str, tuple[TimerSpan, ...]]] = WeakKeyDictionary()


def timer_json(timeline: Timeline, room_id: str, now: datetime) -> str:
    """The spans of a room's timer from the segment of an instant on: the same in the whole segment.

    Each is [since, level, words, until, late, previous], in order and as in `TimerSpan`. Instants are Unix seconds,
    0: since ever; omitted values at the end are null.
    """
    spans, segment = _spans(timeline, room_id), timeline.segment(now)
    begun = sum(span.since <= (segment.start or ALWAYS) for span in spans)
    last = (segment.end or segment.start or now) + AHEAD
    return to_bytes([_row(span) for span in spans[begun - 1 :] if span.since < last]).decode()


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
