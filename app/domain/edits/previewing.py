"""The preview: what an edit would do, before anybody sees it."""

from __future__ import annotations

from datetime import datetime

from app.domain.changes import changed_sessions
from app.domain.edits.apply import outcome_of
from app.domain.edits.kinds import Edit
from app.domain.edits.outcome import Preview
from app.domain.edits.ways_out import tried, ways_out
from app.domain.errors import EditRefused
from app.domain.instants import utc
from app.domain.program import Program


def preview(program: Program, edit: Edit, now: datetime) -> Preview:
    """What an edit would do now, every session before and after; now is a whole second, the rest is cut off.

    Raises `EditRefused`, with ways out that can be published, where there is nothing to show;
    `UnknownName` where there is no such session, room or person.
    """
    try:
        return _preview(program, edit, utc(now).replace(microsecond=0))
    except OverflowError as error:
        raise EditRefused("that is further than any calendar goes") from error


def _preview(program: Program, edit: Edit, now: datetime) -> Preview:
    try:
        outcome = outcome_of(program, edit, now)
        after = outcome.applied_to(program)
    except EditRefused as refusal:
        raise EditRefused(refusal.reason, tried(program, refusal.ways_out, now)) from None
    return Preview(
        edit=edit,
        before=program,
        after=after,
        changes=changed_sessions(program, after),
        clashes=outcome.clashes,
        ways_out=ways_out(program, edit, outcome, now) if outcome.clashes else (),
    )
