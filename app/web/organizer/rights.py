"""What a chair may do: the start, the end and the delay of what is in their room, and nothing else."""

from __future__ import annotations

from datetime import datetime

from app.domain.edits import Delay, Edit, EndNow, Extend, StartNow, preview
from app.domain.program import Program, Room
from app.store.sign_ins import Organizer
from app.web.errors import NotAllowed

CHAIRS_EDITS = (Delay, Extend, StartNow, EndNow)


def rooms_of(organizer: Organizer, program: Program) -> tuple[Room, ...]:
    """The rooms that somebody has in hand."""
    return program.rooms if organizer.role == "organizer" else tuple(r for r in program.rooms if r.id == organizer.room)


def check_rights(organizer: Organizer, program: Program, edit: Edit, now: datetime) -> None:
    """Raise `NotAllowed` for an edit that a chair may not make, `EditRefused` for an impossible one of theirs."""
    if organizer.role == "organizer":
        return
    if not isinstance(edit, CHAIRS_EDITS):
        raise NotAllowed("A chair starts, ends and delays; ask an organizer for anything else.")
    if program.session(edit.session).room != organizer.room:
        raise NotAllowed("That session is not in your room.")
    if not isinstance(edit, EndNow) and edit.push:
        raise NotAllowed("Only an organizer moves what is pinned.")
    # What is refused now is not tried on a later program, which nobody has checked.
    changes = preview(program, edit, now).changes
    if any(change.after is not None and change.after.room != organizer.room for change in changes):
        raise NotAllowed("That would move a session of another room; ask an organizer.")
