"""The overrun that proposes itself: a talk whose end has passed, and nobody has said that it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.edits.edit_types import Delay
from app.domain.instants import MINUTE
from app.domain.session import Session
from app.web.organizer.edit_previews import Answer, answer_to_edit

# So long after the end of a talk the console asks whether it is still on, and for so long.
ASKED_AFTER, ASKED_UNTIL = timedelta(minutes=2), timedelta(minutes=10)
# By how many minutes it can be late with a tap.
OFFERED_MINUTES = (5, 10)


@dataclass(frozen=True)
class DelayOffer:
    """A delay of a talk that is still on, with what it would do; it can be made until an instant."""

    minutes: int
    answer: Answer
    until: datetime


@dataclass(frozen=True)
class OverrunQuestion:
    """Whether a talk is still on, asked from ``since`` until ``until``, with the delays that are offered."""

    session: Session
    since: datetime
    until: datetime
    offers: tuple[DelayOffer, ...]


def overrun_of(session: Session | None, now: datetime) -> OverrunQuestion | None:
    """The question about the session that may be running over in a room; None for a break, and once it is late."""
    if session is None or session.is_break or now >= session.end + ASKED_UNTIL:
        return None
    due = {minutes: session.end + minutes * MINUTE for minutes in OFFERED_MINUTES}
    offers = (DelayOffer(one, answer_to_edit(Delay(session.id, one)), end) for one, end in due.items() if now < end)
    return OverrunQuestion(session, session.end + ASKED_AFTER, session.end + ASKED_UNTIL, tuple(offers))
