"""The overrun that proposes itself: a talk whose end has passed, and nobody has said that it ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.edits.edit_types import Delay
from app.domain.instants import MINUTE
from app.domain.session import Session
from app.web.organizer.edit_previews import changes_sum, what_it_would_do

# So long after the end of a talk the console asks whether it is still on, and until so long after.
ASKED_AFTER, ASKED_UNTIL = timedelta(minutes=2), timedelta(minutes=10)
# By how many minutes it can be late with a tap.
OFFERED_MINUTES = (5, 10)


@dataclass(frozen=True)
class DelayOffer:
    """A delay of a talk that is still on, and what it would do, in words; it can be made until an instant.

    Without ``fits`` it would run into something, and has to be looked at first.
    """

    minutes: int
    would: str
    fits: bool
    until: datetime


@dataclass(frozen=True)
class OverrunQuestion:
    """Whether a talk is still on, asked from ``since`` until ``until``, with the delays that are offered by then."""

    session: Session
    since: datetime
    until: datetime
    offers: tuple[DelayOffer, ...]


def overrun_of(session: Session | None, now: datetime) -> OverrunQuestion | None:
    """The question about the session that may be running over in a room; None for a break, and ten minutes after it.

    The page has it before it is asked, so that it turns by itself; what the offers would do is worked out then alone.
    """
    if session is None or session.is_break or now >= session.end + ASKED_UNTIL:
        return None
    since = session.end + ASKED_AFTER
    offers = tuple(_offers(session, now)) if since <= now else ()
    return OverrunQuestion(session, since, session.end + ASKED_UNTIL, offers)


def _offers(session: Session, now: datetime) -> Iterator[DelayOffer]:
    for minutes in OFFERED_MINUTES:
        until = session.end + minutes * MINUTE
        if now < until:
            seen = what_it_would_do(Delay(session.id, minutes))
            yield DelayOffer(minutes, "; ".join(seen.against) or changes_sum(seen.changes), not seen.against, until)
