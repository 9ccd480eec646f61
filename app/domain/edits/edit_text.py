"""Edits in people's words, for the history."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from app.domain.change_text import minutes_text, quoted_item, quoted_title
from app.domain.edits import edit_types as edits
from app.domain.edits.edit_types import RecordedEdit
from app.domain.program import Program

# What was done, and the sessions to which, by id.
_Told = tuple[str, tuple[str, ...]]


def edit_text(edit: RecordedEdit, program: Program) -> str:
    """What somebody did: "Late by 8 minutes: “Panel”"; sessions and rooms that the program lacks are given by id."""
    action, names = _TOLD[type(edit)](edit, program)
    titles = [_title(program, name) for name in names]
    told = f"{action}: {', '.join(titles)}" if titles else action
    return "; ".join((told, *_ways_out(edit, program)))


def _ways_out(edit: RecordedEdit, program: Program) -> Iterator[str]:
    """What else an edit that pushes does, as organizers chose it."""
    if not isinstance(edit, edits.Pushing):
        return
    for name, minutes in edit.shorten:
        yield f"shortened {_title(program, name)} to {minutes_text(minutes)}"
    for name in sorted(edit.squeeze):
        yield f"began {_title(program, name)} late, to end on time"
    for name in sorted(edit.push):
        yield f"moved {_title(program, name)} although it is pinned"


def _title(program: Program, name: str) -> str:
    return quoted_title(program.sessions_by_id[name]) if name in program.sessions_by_id else name


def _late(minutes: int) -> str:
    return f"Late by {minutes_text(minutes)}" if minutes >= 0 else f"Earlier by {minutes_text(-minutes)}"


_OF_PEOPLE = {"affiliations": "affiliation", "own_pages": "own page", "pictures": "picture"}


def _fields(edit: edits.ChangeContent) -> Iterator[str]:
    """The names of the fields that an edit of content changes."""
    for name in ("title", "abstract", "speakers", "links", "items", "room"):
        if getattr(edit, name) is not None:
            yield name
    if edit.kind is not None:
        yield f"kind to {edit.kind}"
    for name, of_people in _OF_PEOPLE.items():
        if getattr(edit, name):
            yield of_people
    if edit.pinned is not None:
        yield "to stay when the day slips" if edit.pinned else "to move when the day slips"
    if edit.min_minutes is not None:
        yield f"the least length to {minutes_text(edit.min_minutes)}" if edit.min_minutes else "to have no least length"


def _room(program: Program, room: str | None) -> str:
    if room is None:
        return "all rooms"
    return program.rooms_by_id[room].name if room in program.rooms_by_id else room


def _item(program: Program, name: str) -> str:
    """An item by its title; by its id where the program lacks it or has no title yet."""
    known = program.items_by_id.get(name)
    return quoted_item(known.item) if known else name


def _step(edit: edits.Step, program: Program) -> _Told:
    action = "Line-up by the clock" if edit.item is None else f"Line-up at {_item(program, edit.item)}"
    return action, (edit.session,)


def _item_absent(edit: edits.ItemAbsent, program: Program) -> _Told:
    return f"{'Not here' if edit.absent else 'Here after all'}, {_item(program, edit.item)}", (edit.session,)


def _order_items(edit: edits.OrderItems, program: Program) -> _Told:
    return f"Line-up reordered, {', '.join(_item(program, name) for name in edit.items)}", (edit.session,)


_TOLD: Mapping[type[Any], Callable[[Any, Program], _Told]] = {
    edits.Delay: lambda edit, _: (_late(edit.minutes), (edit.session,)),
    edits.DelayEverywhere: lambda edit, _: (f"{_late(edit.minutes)} in all rooms", ()),
    edits.StartNow: lambda edit, _: ("Started", (edit.session,)),
    edits.EndNow: lambda edit, _: ("Ended", (edit.session,)),
    edits.Extend: lambda edit, _: (f"{minutes_text(edit.minutes)} more".capitalize(), (edit.session,)),
    edits.Absent: lambda edit, _: ("Not here", (edit.session,)),
    edits.Swap: lambda edit, _: ("Swapped", (edit.first, edit.second)),
    edits.Reorder: lambda edit, _: ("Reordered", edit.sessions),
    edits.AddSession: lambda edit, _: (f"Added: “{edit.title}”", ()),
    edits.Shorten: lambda edit, _: (f"Shortened to {minutes_text(edit.minutes)}", (edit.session,)),
    edits.Move: lambda edit, program: (f"Moved to {program.clock(edit.start)}", (edit.session,)),
    edits.ChangeRoom: lambda edit, program: (f"Moved to {_room(program, edit.room)}", (edit.session,)),
    edits.Cancel: lambda edit, _: ("Cancelled", (edit.session,)),
    edits.Reinstate: lambda edit, _: ("Reinstated", (edit.session,)),
    edits.ChangeContent: lambda edit, _: (f"Changed {', '.join(_fields(edit))}", (edit.session,)),
    edits.Announce: lambda edit, program: (f"Announced to {_room(program, edit.room)}: “{edit.text}”", ()),
    edits.WithdrawAnnouncement: lambda edit, _: (f"Withdrawn: the announcement of revision {edit.revision}", ()),
    edits.Step: _step,
    edits.OrderItems: _order_items,
    edits.ItemAbsent: _item_absent,
    edits.AddItem: lambda edit, _: (f"Added “{edit.title}” to the line-up", (edit.session,)),
    edits.RemoveItem: lambda edit, program: (
        f"Removed {_item(program, edit.item)} from the line-up",
        (edit.session,),
    ),
    edits.BackTo: lambda edit, _: (f"The day as it stood in revision {edit.revision}", ()),
    edits.Explain: lambda edit, _: (f"Gave revision {edit.revision} a note", ()),
}
