"""Edits as commands for a terminal."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from dataclasses import astuple
from datetime import datetime

from app.domain.edits.edit_types import (
    ANNOUNCED_MINUTES,
    Announce,
    Cancel,
    Delay,
    Edit,
    Move,
    Pushing,
    Reinstate,
    Rename,
    Shorten,
    Swap,
    WithdrawAnnouncement,
)
from app.domain.program import Program

_NUMBER = re.compile(r"-?\d+")
# The commands whose arguments are the fields of their edit, in order.
_PLAIN = {Shorten: "shorten", Cancel: "cancel", Reinstate: "reinstate", Rename: "rename", WithdrawAnnouncement: "undo"}


def command_of(edit: Edit, program: Program) -> str | None:
    """The complete command for an edit, with venue times; None for an edit that has no command."""
    match edit:
        case Delay(pull_forward=False):
            return _command("late", str(edit.minutes), options=[("--from", edit.session), *_pushing_options(edit)])
        case Shorten() | Cancel() | Reinstate() | Rename() | WithdrawAnnouncement():
            return _command(_PLAIN[type(edit)], *map(str, astuple(edit)))
        case Move(session=session, start=start, room=None):
            return _command("move", session, _time(program, start))
        case Swap(first=first, second=second):
            return _command("swap", first, second, options=_pushing_options(edit))
        case Announce(minutes=minutes) if edit.until or minutes == ANNOUNCED_MINUTES:
            return _command("announce", edit.text, options=_announce_options(edit, program))
    return None


def _pushing_options(edit: Pushing) -> list[tuple[str, str]]:
    shorten = [("--shorten", f"{session}={minutes}") for session, minutes in edit.shorten]
    return [*shorten, *(("--push", session) for session in sorted(edit.push))]


def _announce_options(edit: Announce, program: Program) -> list[tuple[str, str]]:
    room = [("--room", edit.room)] if edit.room is not None else []
    return [*room, ("--until", _time(program, edit.until))] if edit.until else room


def _time(program: Program, instant: datetime) -> str:
    local = program.local(instant)
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def _command(name: str, *arguments: str, options: Iterable[tuple[str, str]] = ()) -> str:
    """A quoted command; a `--` precedes arguments that look like options."""
    flags = [part for option in options for part in option]
    dashed = any(argument.startswith("-") and not _NUMBER.fullmatch(argument) for argument in arguments)
    return shlex.join(["agenda", name, *flags, "--", *arguments] if dashed else ["agenda", name, *arguments, *flags])
