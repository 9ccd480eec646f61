"""The context of a request: the revision and the instant that its response shows."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from flask import abort, g, request

from app.domain.instants import parse_instant
from app.domain.program import Program
from app.domain.timeline import Moment, States
from app.live.snapshot import Snapshot
from app.web.running_service import current_service

BEARER = "Bearer "
_SPACE_BEFORE_OFFSET = re.compile(r"(?<=:\d\d) (?=\d\d:\d\d$)")


@dataclass(frozen=True)
class PageContext:
    """One revision at one instant; ``frozen`` if the reader named the instant (`?at=`)."""

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
        """What is on at the instant; at one that the reader named, without notes that were published later."""
        moment = self.snapshot.timeline.moment(self.now)
        if not self.frozen:
            return moment
        return replace(moment, notes=tuple(note for note in moment.notes if note.since <= self.now))

    def states(self, room_ids: Collection[str] = ()) -> States:
        """The states of sessions at the instant, in some rooms (none: in all)."""
        return self.moment.states(self.now, room_ids)


def page_context() -> PageContext:
    """The context of this request, made once; raises `TimeError` for an invalid `?at=`."""
    if "context" not in g:
        g.context = _context_at(request.args.get("at"))
    context: PageContext = g.context
    return context


def reset_to_now() -> None:
    """Show the current instant, for error pages: `?at=` itself may be the error."""
    g.context = _context_at(None)


def _context_at(at: str | None) -> PageContext:
    service = current_service()
    snapshot = service.current.snapshot
    # A plus before an offset, typed as such in a query, arrives as a space.
    instant = None if at is None else _SPACE_BEFORE_OFFSET.sub("+", at)
    now = service.clock.now() if instant is None else parse_instant(instant, snapshot.revision.program.timezone)
    return PageContext(snapshot, now, frozen=at is not None, rehearsal=service.clock.rehearsal)


def bearer_key(kind: str) -> str:
    """The key that the request presents (RFC 6750, 2.1); responds 401 with the kind that is expected."""
    header = request.headers.get("Authorization", "")
    if not header.startswith(BEARER):
        abort(401, f"expected {kind}, as Authorization: Bearer …")
    return header.removeprefix(BEARER).strip()


def whole_number(name: str, allowed: range, default: int | None = None) -> int:
    """A whole number from the query; responds 400 with the allowed range to anything else."""
    text = request.args.get(name, "" if default is None else str(default))
    digits = len(str(allowed.stop))
    if not (text.isascii() and text.isdecimal() and len(text) <= digits and int(text) in allowed):
        abort(400, f"expected {name} to be a whole number from {allowed.start} to {allowed.stop - 1}, not {text}")
    return int(text)


def one_of(name: str, allowed: Collection[str], default: str = "") -> str:
    """One of the allowed values from the query; responds 400 with all of them to anything else."""
    value = request.args.get(name, default)
    if value not in allowed:
        abort(400, f"{name}: expected one of {', '.join(allowed)}, not “{value}”")
    return value
