"""Edits of a session's time, room and length that push nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.change_text import minutes_text, quoted_title
from app.domain.conference_day import conference_day
from app.domain.edits.edit_types import ChangeRoom, Delay, Move, Shorten, StartNow
from app.domain.edits.outcome import EditRefused, Outcome, Suggestion
from app.domain.edits.overlaps import with_overlap_clashes
from app.domain.edits.push import check_length
from app.domain.edits.session_rules import (
    refuse_begun,
    refuse_cancelled,
    refuse_over,
    refuse_past_end,
)
from app.domain.instants import MINUTE, minutes_rounded_up, utc
from app.domain.program import Program
from app.domain.session import Session


def shorten(program: Program, edit: Shorten, now: datetime) -> Outcome:
    """The session keeps its start and ends earlier; what follows stays where it is."""
    session = program.session(edit.session)
    refuse_cancelled(session)
    refuse_over(program, session, now)
    check_length(session, edit.minutes)
    end = session.start + timedelta(minutes=edit.minutes)
    refuse_past_end(program, session, end, now)
    return Outcome(sessions=(replace(session, slot=replace(session.slot, end=end)),))


def move(program: Program, edit: Move, now: datetime) -> Outcome:
    """The session keeps its length and starts at another time of its day; nothing else moves."""
    session = program.session(edit.session)
    slot = replace(session.slot.starting_at(utc(edit.start)), room=edit.room or session.room)
    program.room_name(slot.room)  # raises UnknownName
    if slot == session.slot:
        return Outcome()
    if not session.cancelled:
        refuse_begun(program, session, now, _later_end(session, slot.start, now))
    _refuse_time(program, session, slot.start, now)
    return with_overlap_clashes(program, Outcome(sessions=(replace(session, slot=slot),)), session.id)


def change_room(program: Program, edit: ChangeRoom, now: datetime) -> Outcome:
    """The session keeps its time; it may have begun."""
    session = program.session(edit.session)
    program.room_name(edit.room)  # raises UnknownName
    refuse_over(program, session, now)
    if edit.room == session.room:
        return Outcome()
    outcome = Outcome(sessions=(replace(session, slot=replace(session.slot, room=edit.room)),))
    return with_overlap_clashes(program, outcome, session.id)


def _later_end(session: Session, start: datetime, now: datetime) -> Iterator[Suggestion]:
    if start > now:
        later = minutes_rounded_up(start - session.start)
        yield Suggestion(Delay(session.id, later), f"End {quoted_title(session)} {minutes_text(later)} later")


def _refuse_time(program: Program, session: Session, start: datetime, now: datetime) -> None:
    if start < now:
        raise EditRefused(
            f"{program.clock(start)} has passed; it is {program.clock(now)}",
            [Suggestion(StartNow(session.id), f"Start {quoted_title(session)} now"), *_earliest(session, now)],
            field="time",
        )
    if conference_day(program, start) != conference_day(program, session.start):
        raise EditRefused(f"{quoted_title(session)} can be moved within its day only", field="time")


def _earliest(session: Session, now: datetime) -> Iterator[Suggestion]:
    """Bringing it forward as far as possible, which may be chosen in place of starting it now."""
    earlier = (session.start - now) // MINUTE
    if earlier > 0 and not session.pinned:
        text = f"Bring {quoted_title(session)} forward by {minutes_text(earlier)}"
        yield Suggestion(Delay(session.id, -earlier), text)
