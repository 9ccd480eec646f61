"""What a request looks at: one revision at one instant."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from flask import g, request

from app.domain.instants import parse_instant
from app.domain.program import Program
from app.domain.session import Session
from app.domain.timeline import Moment, State
from app.live.current import Snapshot
from app.web.service import the_service

BEFORE_OFFSET = re.compile(r"(?<=:\d\d) (?=\d\d:\d\d$)")


@dataclass(frozen=True)
class Look:
    """One revision at one instant; ``frozen`` when the reader named the instant (`?at=`)."""

    snapshot: Snapshot
    now: datetime
    frozen: bool
    rehearsal: bool

    @property
    def program(self) -> Program:
        """The program of the revision."""
        return self.snapshot.revision.program

    @property
    def revision(self) -> int:
        """The revision's number."""
        return self.snapshot.revision.number

    @cached_property
    def moment(self) -> Moment:
        """What is on at the instant; a note that came after one that the reader named does not stand yet."""
        moment = self.snapshot.timeline.moment(self.now)
        if not self.frozen:
            return moment
        return replace(moment, notes=tuple(note for note in moment.notes if note.since <= self.now))

    def state_of(self, session: Session) -> State:
        """How a session stands at the instant."""
        return self.moment.state_of(session, self.now)


def the_look() -> Look:
    """The look of this request, the same all through it; raises `TimeError` for nonsense in `?at=`."""
    if "look" not in g:
        g.look = _look_at(request.args.get("at"))
    look: Look = g.look
    return look


def look_at_now() -> None:
    """Forget the instant that the request asked for: it is the error that the answer is about."""
    g.look = _look_at(None)


def _look_at(at: str | None) -> Look:
    service = the_service()
    snapshot = service.current.snapshot
    # In a query a plus is a space, as people type it before an offset.
    instant = None if at is None else BEFORE_OFFSET.sub("+", at)
    now = service.clock.now() if instant is None else parse_instant(instant, snapshot.revision.program.timezone)
    return Look(snapshot, now, frozen=at is not None, rehearsal=service.clock.rehearsal)
