"""The preview: what an edit would do, before anybody sees it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from app.domain.changes import changed_sessions
from app.domain.edits.apply import outcome_of
from app.domain.edits.kinds import Edit
from app.domain.edits.outcome import Preview
from app.domain.edits.ways_out import tried, ways_out
from app.domain.errors import EditRefused, StaleBase, UnknownName
from app.domain.instants import utc
from app.domain.merge import edited_fields
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


def preview_on_latest(edit: Edit, base: int, programs: Mapping[int, Program], now: datetime) -> Preview:
    """What an edit that was made on revision ``base`` would do to the latest of the programs.

    Raises `StaleBase` where it changes, on either of the two, a field that was changed in between;
    `UnknownName` where the base is not among the programs; else what `preview` raises.
    """
    if base not in programs:
        raise UnknownName("revision", str(base))
    number = max(programs)
    latest = programs[number]
    if base != number:
        before = programs[base]
        fields = _fields_changed_by(edit, latest, now)
        # The base does not know what was added since.
        with suppress(UnknownName):
            fields |= _fields_changed_by(edit, before, now)
        if fields & edited_fields(before, latest):
            raise StaleBase(base, number)
    return preview(latest, edit, now)


def _fields_changed_by(edit: Edit, program: Program, now: datetime) -> frozenset[str]:
    """The fields that an edit changes in a program; none where it cannot be published."""
    try:
        seen = preview(program, edit, now)
    except EditRefused:
        return frozenset()
    return edited_fields(program, seen.after) if seen.publishable else frozenset()


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
