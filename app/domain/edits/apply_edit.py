"""Dispatch of an edit to the function that carries it out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from app.domain.change_text import quoted_title
from app.domain.edits import content, delay, edit_types, moving, start_end_now
from app.domain.edits.edit_types import Edit
from app.domain.edits.outcome import EditRefused, Outcome
from app.domain.program import Program
from app.domain.texts import check_all

_BY_KIND: dict[type[Edit], Callable[[Program, Any, datetime], Outcome]] = {
    edit_types.Delay: delay.delay,
    edit_types.Extend: delay.extend,
    edit_types.StartNow: start_end_now.start_now,
    edit_types.EndNow: start_end_now.end_now,
    edit_types.Shorten: moving.shorten,
    edit_types.Move: moving.move,
    edit_types.ChangeRoom: moving.change_room,
    edit_types.Swap: moving.swap,
    edit_types.Cancel: content.cancel,
    edit_types.Reinstate: content.reinstate,
    edit_types.Rename: content.rename,
    edit_types.ChangeSpeakers: content.change_speakers,
    edit_types.Announce: content.announce,
    edit_types.WithdrawAnnouncement: content.withdraw,
}


def outcome_of(program: Program, edit: Edit, now: datetime) -> Outcome:
    """The outcome of an edit.

    Raises `BadText`, `UnknownName`, or `EditRefused` with suggestions that are not validated yet.
    """
    check_all(edit)
    if isinstance(edit, edit_types.Pushing):
        for name in sorted(edit.push):
            if not program.session(name).pinned:
                title = quoted_title(program.session(name))
                raise EditRefused(f"{title} is not pinned, so it is pushed without being named")
    return _BY_KIND[type(edit)](program, edit, now)
