"""The timer of a speaker's screen as the JSON that a page has for its script."""

from __future__ import annotations

from datetime import datetime

from app.domain.program import Program
from app.domain.stage_timer import ALWAYS, TimerSpan, timer_spans
from app.domain.timeline import Timeline
from app.formats.api_fields import to_bytes

Row = list[int | str | None]


def timer_json(program: Program, timeline: Timeline, room_id: str) -> str:
    """The spans of a room's timer in order, each as [since, level, words, until, late, previous], as in `TimerSpan`.

    Instants are Unix seconds, 0: since ever; omitted values at the end are null.
    """
    return to_bytes([_row(span) for span in timer_spans(program, timeline.rooms[room_id])]).decode()


def _row(span: TimerSpan) -> Row:
    since = 0 if span.since == ALWAYS else _seconds(span.since)
    row: Row = [since, span.level, span.words, _seconds(span.until), span.late or None, _seconds(span.previous)]
    while row[-1] is None:
        row.pop()
    return row


def _seconds(instant: datetime | None) -> int | None:
    return int(instant.timestamp()) if instant else None
