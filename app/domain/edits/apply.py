"""What each kind of edit comes to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from app.domain.edits import by_hand, content, kinds, late, moving
from app.domain.edits.kinds import Edit
from app.domain.edits.outcome import Outcome
from app.domain.edits.ripple import check_pushed
from app.domain.program import Program

_BY_KIND: dict[type[Edit], Callable[[Program, Any, datetime], Outcome]] = {
    kinds.Delay: late.delay,
    kinds.Extend: late.extend,
    kinds.StartNow: by_hand.start_now,
    kinds.EndNow: by_hand.end_now,
    kinds.Shorten: moving.shorten,
    kinds.Move: moving.move,
    kinds.ChangeRoom: moving.change_room,
    kinds.Swap: moving.swap,
    kinds.Cancel: content.cancel,
    kinds.Reinstate: content.reinstate,
    kinds.Rename: content.rename,
    kinds.ChangeSpeakers: content.change_speakers,
    kinds.Announce: content.announce,
    kinds.WithdrawAnnouncement: content.withdraw,
}


def outcome_of(program: Program, edit: Edit, now: datetime) -> Outcome:
    """What an edit comes to; raises `EditRefused` with ways out that are not tried yet, or `UnknownName`."""
    if isinstance(edit, kinds.Pushing):
        check_pushed(program, edit)
    return _BY_KIND[type(edit)](program, edit, now)
