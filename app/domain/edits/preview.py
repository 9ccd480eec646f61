"""The preview: what an edit would do, before it is published."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from app.domain.edits.apply_edit import outcome_of
from app.domain.edits.edit_types import Edit
from app.domain.edits.outcome import EditRefused, Preview
from app.domain.edits.suggestions import publishable_suggestions, suggestions_for
from app.domain.edits.three_way_merge import edited_fields, fields_changed_since
from app.domain.errors import StaleBase, UnknownName
from app.domain.instants import utc, whole_minute
from app.domain.program import Program
from app.domain.revision_diff import changed_sessions


def preview(program: Program, edit: Edit, now: datetime) -> Preview:
    """What an edit would do; ``now`` is cut to the minute, so that all instants that people cause are whole ones.

    Raises `EditRefused`, with suggestions that can be published, for an edit that cannot be applied;
    `UnknownName` for an unknown session, room or person; `BadText` for a text out of bounds.
    """
    try:
        return _preview(program, edit, whole_minute(utc(now)))
    except OverflowError as error:
        raise EditRefused("that is further than any calendar goes") from error


def preview_on_latest(edit: Edit, base: int, programs: Mapping[int, Program], now: datetime) -> Preview:
    """What an edit that was made on revision ``base`` would do to the latest of the programs, by revision.

    Raises `StaleBase` if it changes, applied to either of the two, a field that was changed in between, or pushes a
    session that was added in between;
    `UnknownName` if the base is not among the programs; else what `preview` raises.
    """
    if base not in programs:
        raise UnknownName("revision", str(base))
    number = max(programs)
    latest = programs[number]
    if base != number:
        before = programs[base]
        fields = _fields_changed_by(edit, latest, now)
        # The base may lack what was added since.
        with suppress(UnknownName):
            fields |= _fields_changed_by(edit, before, now)
        if fields & fields_changed_since(before, latest):
            raise StaleBase(base, number)
    return preview(latest, edit, now)


def _fields_changed_by(edit: Edit, program: Program, now: datetime) -> frozenset[str]:
    """The fields that an edit changes in a program; empty if it cannot be published."""
    try:
        shown = preview(program, edit, now)
    except EditRefused:
        return frozenset()
    return edited_fields(program, shown.after) if shown.publishable else frozenset()


def _preview(program: Program, edit: Edit, now: datetime) -> Preview:
    try:
        outcome = outcome_of(program, edit, now)
        after = outcome.applied_to(program)
    except EditRefused as refusal:
        possible = publishable_suggestions(program, refusal.suggestions, now)
        raise EditRefused(refusal.reason, possible, field=refusal.field) from None
    return Preview(
        edit=edit,
        before=program,
        after=after,
        changes=changed_sessions(program, after),
        clashes=outcome.clashes,
        suggestions=suggestions_for(program, edit, outcome, now) if outcome.clashes else (),
    )
