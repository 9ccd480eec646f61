"""Dispatch of an edit to the function that carries it out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from app.domain.change_text import quoted_title
from app.domain.edits import adding, content, delay, edit_types, lineup_edits, moving, order, start_end_now
from app.domain.edits.edit_types import Edit
from app.domain.edits.outcome import EditRefused, Outcome
from app.domain.instants import whole_minute
from app.domain.program import Program
from app.domain.texts import check_all

_BY_KIND: dict[type[Edit], Callable[[Program, Any, datetime], Outcome]] = {
    edit_types.Delay: delay.delay,
    edit_types.DelayEverywhere: delay.delay_everywhere,
    edit_types.Extend: delay.extend,
    edit_types.StartNow: start_end_now.start_now,
    edit_types.EndNow: start_end_now.end_now,
    edit_types.Shorten: moving.shorten,
    edit_types.Move: moving.move,
    edit_types.ChangeRoom: moving.change_room,
    edit_types.Swap: order.swap,
    edit_types.Reorder: order.reorder,
    edit_types.Absent: order.absent,
    edit_types.AddSession: adding.add_session,
    edit_types.Cancel: content.cancel,
    edit_types.Reinstate: content.reinstate,
    edit_types.ChangeContent: content.change_content,
    edit_types.Announce: content.announce,
    edit_types.WithdrawAnnouncement: content.withdraw,
    edit_types.Step: lineup_edits.step,
    edit_types.OrderItems: lineup_edits.order_items,
    edit_types.ItemAbsent: lineup_edits.item_absent,
    edit_types.AddItem: lineup_edits.add_item,
    edit_types.RemoveItem: lineup_edits.remove_item,
}


def outcome_of(program: Program, edit: Edit, now: datetime) -> Outcome:
    """The outcome of an edit.

    Raises `BadText`, `UnknownName`, or `EditRefused` with suggestions that are not validated yet.
    """
    check_all(edit)
    for instant in (getattr(edit, "start", None), getattr(edit, "until", None)):
        if instant is not None and instant != whole_minute(instant):
            raise EditRefused(f"{program.local(instant):%H:%M:%S} is not a whole minute")
    if isinstance(edit, edit_types.Pushing):
        _check_pinned(program, edit)
    return _BY_KIND[type(edit)](program, edit, now)


def _check_pinned(program: Program, edit: edit_types.Pushing) -> None:
    """Raise `EditRefused` where the edit names sessions to push or to squeeze that it needs not or cannot."""
    for name in sorted(edit.push & edit.squeeze):
        raise EditRefused(f"{quoted_title(program.session(name))} is either pushed or squeezed, not both")
    for name in sorted(edit.push | edit.squeeze):
        session = program.session(name)
        title = quoted_title(session)
        if not session.pinned:
            raise EditRefused(f"{title} is not pinned, so it gives way without being named")
        if name in edit.squeeze and session.min_minutes is None:
            raise EditRefused(f"{title} has no least length, so it cannot begin late and end on time")
