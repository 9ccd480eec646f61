"""Edits as commands for a terminal."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from datetime import datetime

from app.domain.edits.kinds import (
    ANNOUNCED_MINUTES,
    Announce,
    Cancel,
    Delay,
    Edit,
    Move,
    Reinstate,
    Rename,
    Shorten,
    WithdrawAnnouncement,
)
from app.domain.program import Program

_NUMBER = re.compile(r"-?\d+")


def command_of(edit: Edit, program: Program) -> str | None:  # noqa: C901, PLR0911 - one line for each command
    """The whole command that does an edit, times in the venue's; None for an edit that has no command."""
    match edit:
        case Delay(pull_forward=False):
            return _command("late", str(edit.minutes), options=_late_options(edit))
        case Shorten(session=session, minutes=minutes):
            return _command("shorten", session, str(minutes))
        case Cancel(session=session):
            return _command("cancel", session)
        case Reinstate(session=session):
            return _command("reinstate", session)
        case Move(session=session, start=start, room=None):
            return _command("move", session, _time(program, start))
        case Rename(session=session, title=title):
            return _command("rename", session, title)
        case Announce(minutes=minutes) if edit.until or minutes == ANNOUNCED_MINUTES:
            return _command("announce", edit.text, options=_announce_options(edit, program))
        case WithdrawAnnouncement(revision=revision):
            return _command("undo", str(revision))
        case _:
            return None


def _late_options(edit: Delay) -> list[tuple[str, str]]:
    shorten = [("--shorten", f"{session}={minutes}") for session, minutes in edit.shorten]
    return [("--from", edit.session), *shorten, *(("--push", session) for session in sorted(edit.push))]


def _announce_options(edit: Announce, program: Program) -> list[tuple[str, str]]:
    room = [("--room", edit.room)] if edit.room is not None else []
    return [*room, ("--until", _time(program, edit.until))] if edit.until else room


def _time(program: Program, instant: datetime) -> str:
    local = program.local(instant)
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def _command(name: str, *words: str, options: Iterable[tuple[str, str]] = ()) -> str:
    """A command; words that look like options stand behind a `--`."""
    flags = [part for option in options for part in option]
    dashed = any(word.startswith("-") and not _NUMBER.fullmatch(word) for word in words)
    return shlex.join(["agenda", name, *flags, "--", *words] if dashed else ["agenda", name, *words, *flags])
