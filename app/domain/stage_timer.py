"""What the timer on a speaker's screen says, and from when: the only place that has its rules.

A room's day is cut into spans. The page has all of them, so that its script looks up the present one and counts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from operator import attrgetter
from typing import Literal

from app.domain.instants import MINUTE, minutes_rounded_up
from app.domain.lineup import LineUpPlace
from app.domain.program import Program
from app.domain.session import Session
from app.domain.timeline import RoomMoment, RoomTimeline
from app.domain.warning_times import questions_of, warnings_before_end

# "calm": enough time; "soon" and "last": warnings; "questions": the talk is over, its questions are not; "over": time
# is over, counted up; "break": of what nobody presents; "waiting": for what is next; "none": for nothing.
Level = Literal["calm", "soon", "last", "questions", "over", "break", "waiting", "none"]

# Since when the first span of a room holds.
ALWAYS = datetime.min.replace(tzinfo=UTC)
# Overtime is counted for so long, and for less beside the next talk and where that is cancelled: no speaker waits then.
LONGEST_OVERTIME = timedelta(minutes=15)
SHORT_OVERTIME = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class TimerSpan:
    """What the timer says from ``since`` on.

    The figure counts down to ``until``, or up from it where time is over; None: there is none. ``late`` names who
    should have ended. ``previous`` is since when the talk before is over, beside the one that is on.
    """

    since: datetime
    level: Level
    words: str
    until: datetime | None = None
    late: str = ""
    previous: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Talk:
    """A talk that may run over: its end, and who gives it."""

    end: datetime
    names: str


def timer_spans(program: Program, room: RoomTimeline) -> tuple[TimerSpan, ...]:
    """The spans of a room's timer in order; each holds until the next one, the first one since ever."""
    may_run_over = (one for one in room.sessions if _may_run_over(one))
    talks = sorted((_Talk(one.end, _names(program, one)) for one in may_run_over), key=attrgetter("end"))
    starts = [since or ALWAYS for since, _ in room.answers]
    spans: list[TimerSpan] = []
    for (_, moment), start, end in zip(room.answers, starts, [*starts[1:], None], strict=True):
        for span in _cut(_spans_of(program, moment, start, talks), start, end):
            if not spans or replace(spans[-1], since=span.since) != span:
                spans.append(span)
    return tuple(spans)


def _spans_of(program: Program, moment: RoomMoment, start: datetime, talks: Sequence[_Talk]) -> Iterator[TimerSpan]:
    """The spans of a moment that begins at ``start``, in order; some may be before it or after its end.

    ``talks`` are those of the room in the order of their ends.
    """
    ended = bisect_right(talks, start, key=attrgetter("end"))
    before = talks[ended - 1] if ended else None
    on = moment.now
    if on is not None and not on.is_break:
        over = before.end if before is not None and before.end == on.start else None
        spans = _place_spans(program, on, moment.item) if moment.item else _talk_spans(program, on)
        yield from _beside(over, tuple(spans))
        return
    if before is not None:
        yield TimerSpan(start, "over", "Time is over", before.end, late=before.names)
        start = max(start, before.end + (SHORT_OVERTIME if moment.cancelled else LONGEST_OVERTIME))
    if on is not None:
        yield TimerSpan(start, "break", f"Break until {program.clock(on.end)}", on.end)
    elif moment.next is not None:
        subject = "The next starts" if moment.cancelled else "Starts"
        yield TimerSpan(start, "waiting", f"{subject} at {program.clock(moment.next.start)}", moment.next.start)
    else:
        yield TimerSpan(start, "none", "Nothing more")


def _talk_spans(program: Program, session: Session) -> Iterator[TimerSpan]:
    """The spans of a session that somebody presents: its talk with the warnings, then its questions."""
    start, end = session.start, session.end
    warn = _warn_minutes(program, session)
    questions = questions_of(session.slot.length, _questions_minutes(program, session))
    if not questions:
        calm = TimerSpan(start, "calm", f"Ends at {program.clock(end)}", end)
        yield from _warned(calm, end, warn, ("", ": wrap up"))
        return
    talk_end = end - questions
    words = f"Questions from {program.clock(talk_end)} · ends {program.clock(end)}"
    yield from _warned(
        TimerSpan(start, "calm", words, end), talk_end, warn, (" to questions", " to questions: wrap up")
    )
    asked = TimerSpan(talk_end, "questions", f"Questions until {program.clock(end)}", end)
    yield asked
    for warning in warnings_before_end(questions, warn)[-1:]:
        yield replace(asked, since=end - warning, level="last", words="Last question")


def _place_spans(program: Program, session: Session, place: LineUpPlace) -> Iterator[TimerSpan]:
    """The spans of one of a line-up: it is warned as a talk of its minutes, and ends with its session at the latest."""
    end = min(place.end, session.end)
    if place.start < end:
        calm = TimerSpan(place.start, "calm", f"Ends at {program.clock(end)}", end)
        yield from _warned(calm, end, _warn_minutes(program, session), ("", ": wrap up"))
    names = ", ".join(place.item.authors) or ("" if place.item.tba else place.item.title)
    yield TimerSpan(end, "over", "Time is over", end, late=names or session.title)


def _warn_minutes(program: Program, session: Session) -> tuple[int, ...]:
    return program.stage.warn_minutes if session.warn_minutes is None else session.warn_minutes


def _questions_minutes(program: Program, session: Session) -> int:
    if session.questions_minutes is not None:
        return session.questions_minutes
    return program.stage.questions_minutes if session.is_talk else 0


def _warned(calm: TimerSpan, end: datetime, warn: Iterable[int], asks: tuple[str, str]) -> Iterator[TimerSpan]:
    """The spans of a talk until its end; ``asks`` follows the minutes left in a warning, and in the last one."""
    yield calm
    warnings = (*warnings_before_end(end - calm.since, warn), timedelta(0))
    for first, following in pairwise(warnings):
        level: Level = "soon" if following else "last"
        for left in _minutes_down(first, following):
            yield replace(calm, since=end - left, level=level, words=f"{_left_text(left)}{asks[level == 'last']}")


def _minutes_down(first: timedelta, last: timedelta) -> Iterator[timedelta]:
    """The times left at which the words change: ``first``, then each whole minute below it and above ``last``."""
    yield first
    whole = (minute * MINUTE for minute in range(minutes_rounded_up(first) - 1, 0, -1))
    yield from (left for left in whole if left > last)


def _left_text(left: timedelta) -> str:
    minutes = minutes_rounded_up(left)
    return f"{minutes} minutes" if minutes > 1 else "Last minute"


def _beside(over: datetime | None, spans: Sequence[TimerSpan]) -> Iterator[TimerSpan]:
    """The spans of a talk, which for a while also say since when the one before is over."""
    if over is None:
        yield from spans
        return
    shown_until = over + SHORT_OVERTIME
    early = [span for span in spans if span.since < shown_until]
    yield from (replace(span, previous=over) for span in early)
    yield from (replace(span, since=shown_until) for span in early[-1:])
    yield from (span for span in spans if span.since >= shown_until)


def _cut(spans: Iterable[TimerSpan], start: datetime, end: datetime | None) -> list[TimerSpan]:
    """Those of some spans that hold within two instants; the first one begins with these."""
    held = tuple(spans)
    begun = [replace(span, since=start) for span in held if span.since <= start]
    return [*begun[-1:], *(span for span in held if start < span.since and (end is None or span.since < end))]


def _may_run_over(session: Session) -> bool:
    """Whether its speakers may still be there after its end: not of a break, nor where somebody ended it by hand."""
    return not (session.cancelled or session.ended_by_hand or session.is_break) and session.start < session.end


def _names(program: Program, session: Session) -> str:
    """Who presents a session, else its title."""
    return ", ".join(person.name for person in program.speakers_of(session)) or session.title
