"""Re-timing the day: edits as values, what each would do, and the ways out where it would clash."""

from __future__ import annotations

from app.domain.edits.commands import command_of
from app.domain.edits.kinds import (
    Announce,
    Cancel,
    ChangeRoom,
    ChangeSpeakers,
    Delay,
    Edit,
    EndNow,
    Extend,
    Move,
    Pushing,
    PushingEdit,
    Reinstate,
    Rename,
    Shorten,
    StartNow,
    Swap,
    WithdrawAnnouncement,
)
from app.domain.edits.laid_over import new_overlaps
from app.domain.edits.late import target_of_late
from app.domain.edits.outcome import Clash, Preview, WayOut
from app.domain.edits.previewing import preview, preview_on_latest
from app.domain.edits.standing import conference_day, lately_ended, on_the_same_day, soon_at

__all__ = [
    "Announce",
    "Cancel",
    "ChangeRoom",
    "ChangeSpeakers",
    "Clash",
    "Delay",
    "Edit",
    "EndNow",
    "Extend",
    "Move",
    "Preview",
    "Pushing",
    "PushingEdit",
    "Reinstate",
    "Rename",
    "Shorten",
    "StartNow",
    "Swap",
    "WayOut",
    "WithdrawAnnouncement",
    "command_of",
    "conference_day",
    "lately_ended",
    "new_overlaps",
    "on_the_same_day",
    "preview",
    "preview_on_latest",
    "soon_at",
    "target_of_late",
]
