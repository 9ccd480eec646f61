"""Edits as commands for a terminal."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.domain.conference_day import conference_day
from app.domain.edits.edit_types import (
    ANNOUNCED_MINUTES,
    Absent,
    AddItem,
    AddSession,
    Announce,
    Cancel,
    ChangeContent,
    ChangeRoom,
    Delay,
    DelayEverywhere,
    Edit,
    EndNow,
    Extend,
    ItemAbsent,
    Move,
    OrderItems,
    Pushing,
    Reinstate,
    RemoveItem,
    Reorder,
    Shorten,
    StartNow,
    Step,
    Swap,
    WithdrawAnnouncement,
)
from app.domain.program import Person, Program

_NUMBER = re.compile(r"-?\d+")
Words = tuple[str, ...]
# An edit as a command's name with its arguments, and options; None for an edit that has no command.
Parts = tuple[Words, list[Words]] | None


def command_of(edit: Edit, program: Program, also: Iterable[Words] = ()) -> str | None:
    """The complete command for an edit, with venue times, and with other options; None for one without a command."""
    parts = _PARTS[type(edit)](edit, program)
    if parts is None:
        return None
    words, options = parts
    pushing = _pushing_options(edit) if isinstance(edit, Pushing) else []
    return _command(*words, options=[*options, *pushing, *also])


def _rooms_command(edit: ChangeRoom, _program: Program) -> Parts:
    return None if edit.room is None else (("edit", edit.session), [("--room", edit.room)])


def _announce_command(edit: Announce, program: Program) -> Parts:
    if edit.until is None and edit.minutes != ANNOUNCED_MINUTES:
        return None
    until = program.clock(edit.until) if edit.until else None
    return ("announce", edit.text), given(("--room", edit.room), ("--until", until))


def _content_command(edit: ChangeContent, program: Program) -> Parts:
    """The command for a change of content; None where it has what is read from files, or links, or is of people."""
    if edit.abstract is not None or edit.items is not None or edit.links is not None:
        return None
    if edit.affiliations or edit.own_pages or edit.pictures:
        return None
    if edit.title is not None and edit == ChangeContent(edit.session, title=edit.title):
        return ("rename", edit.session, edit.title), []
    least = None if edit.min_minutes is None else f"{edit.min_minutes}"
    options = given(("--title", edit.title), ("--kind", edit.kind), ("--room", edit.room), ("--min-minutes", least))
    if edit.pinned is not None:
        options.append(("--pin" if edit.pinned else "--unpin",))
    if edit.speakers is not None:
        options += _speaker_options(program, edit.speakers, edit.people) or [("--no-speakers",)]
    return (("edit", edit.session), options) if options else None


def _step_command(edit: Step, program: Program) -> Parts:
    """The command for a step, in the room of the session, or in any room where it is for all."""
    room = program.session(edit.session).room or program.rooms[0].id
    return ("next", room), [("--by-clock",)] if edit.item is None else [("--to", edit.item)]


def _add_item_command(edit: AddItem, _: Program) -> Parts:
    authors = [("--author", name) for name in edit.authors]
    place = given(("--after", edit.after))
    return ("line-up", edit.session), [("--add", edit.title), ("--minutes", str(edit.minutes)), *authors, *place]


_PARTS: Mapping[type[Edit], Callable[[Any, Program], Parts]] = {
    Delay: lambda edit, _: (("late", str(edit.minutes)), [("--from", edit.session)]),
    DelayEverywhere: lambda edit, _: (("late", str(edit.minutes)), [("--everywhere",)]),
    StartNow: lambda edit, _: (("start", edit.session), []),
    EndNow: lambda edit, _: (("end", edit.session), []),
    Extend: lambda edit, _: (("extend", str(edit.minutes), edit.session), []),
    Absent: lambda edit, _: (("absent", edit.session), []),
    Swap: lambda edit, _: (("swap", edit.first, edit.second), []),
    Reorder: lambda edit, _: (("reorder", *edit.sessions), []),
    Shorten: lambda edit, _: (("shorten", edit.session, str(edit.minutes)), []),
    Move: lambda edit, program: (("move", edit.session, program.clock(edit.start)), given(("--room", edit.room))),
    ChangeRoom: _rooms_command,
    Cancel: lambda edit, _: (("cancel", edit.session), []),
    Reinstate: lambda edit, _: (("reinstate", edit.session), []),
    AddSession: lambda edit, program: (("add", edit.title), _add_options(edit, program)),
    ChangeContent: _content_command,
    Announce: _announce_command,
    WithdrawAnnouncement: lambda edit, _: (("undo", str(edit.revision)), []),
    Step: _step_command,
    OrderItems: lambda edit, _: (("line-up", edit.session), [("--order", ",".join(edit.items))]),
    ItemAbsent: lambda edit, _: (
        ("line-up", edit.session),
        [("--absent" if edit.absent else "--present", edit.item)],
    ),
    AddItem: _add_item_command,
    RemoveItem: lambda edit, _: (("line-up", edit.session), [("--remove", edit.item)]),
}


def _add_options(edit: AddSession, program: Program) -> list[Words]:
    place = given(("--after", edit.after), ("--room", edit.room))
    if edit.start is not None:
        place.append(("--at", program.clock(edit.start)))
        if len(program.days) > 1:
            place.append(("--day", conference_day(program, edit.start).isoformat()))
    kind = [("--kind", edit.kind)] if edit.kind != "talk" else []
    return [("--minutes", str(edit.minutes)), *place, *kind, *_speaker_options(program, edit.speakers, edit.people)]


def _speaker_options(program: Program, speakers: Iterable[str], new: tuple[Person, ...]) -> list[Words]:
    known = {person.id: person.name for person in (*program.speakers, *new)}
    shared = Counter(known.values())
    options: list[Words] = [("--speaker", known[name] if shared[known[name]] == 1 else name) for name in speakers]
    return [*options, ("--new-person",)] if new else options


def _pushing_options(edit: Pushing) -> list[Words]:
    shorten = [("--shorten", f"{session}={minutes}") for session, minutes in edit.shorten]
    squeeze = [("--squeeze", session) for session in sorted(edit.squeeze)]
    return [*shorten, *squeeze, *(("--push", session) for session in sorted(edit.push))]


def given(*options: tuple[str, str | None]) -> list[Words]:
    """The options that have a value."""
    return [(name, value) for name, value in options if value is not None]


def _command(name: str, *arguments: str, options: Iterable[Words] = ()) -> str:
    """A quoted command; a `--` precedes arguments that look like options."""
    flags = [part for option in options for part in option]
    dashed = any(argument.startswith("-") and not _NUMBER.fullmatch(argument) for argument in arguments)
    return shlex.join(["agenda", name, *flags, "--", *arguments] if dashed else ["agenda", name, *arguments, *flags])
