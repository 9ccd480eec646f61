"""What the commands that edit the day have in common: options, and times and rooms as people type them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime, time
from typing import Any

import click

from app.commands.service_database import EditSession
from app.domain.change_text import quoted_title
from app.domain.edits import edit_types as edits
from app.domain.edits.outcome import EditRefused, Suggestion
from app.domain.errors import MalformedTime
from app.domain.instants import time_of_day
from app.domain.program import Program

Command = Callable[..., None]
# The fields of `edits.Pushing`: what an edit may do to the sessions that follow.
PushFields = Mapping[str, Any]
# Finds a session, by id, in a room at an instant.
SessionIn = Callable[[Program, str, datetime], str]


def edit_command(name: str, **settings: object) -> Callable[[Command], click.Command]:
    """A command that publishes one edit and takes `--note`."""

    def decorate(function: Command) -> click.Command:
        noted = click.option("--note", default="", help="A public note on the reason, shown with the change.")(function)
        return click.command(name, context_settings=settings)(noted)

    return decorate


def pushing_options(function: Command) -> Command:
    """The options of an edit that pushes later sessions, given to the command as `PushFields`."""

    def run(*, shorten: tuple[str, ...], push: tuple[str, ...], squeeze: tuple[str, ...], **values: Any) -> None:
        shortened = tuple(map(_session_minutes, shorten))
        pushing = {"shorten": shortened, "push": frozenset(push), "squeeze": frozenset(squeeze)}
        function(pushing=pushing, **values)

    run.__doc__, run.__click_params__ = function.__doc__, getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
    for name, metavar, text in (
        ("--push", "SESSION", "Also move this pinned session."),
        ("--squeeze", "SESSION", "Let this pinned session begin late and end on time."),
        ("--shorten", "SESSION=MINUTES", "Shorten this session to make up time."),
    ):
        run = click.option(name, multiple=True, metavar=metavar, help=text)(run)
    return run


def clock_time(text: str) -> time:
    """A time of day that somebody typed, such as 10:25."""
    try:
        return time_of_day(text)
    except MalformedTime as error:
        raise click.BadParameter(str(error)) from error


def room_of(edit_session: EditSession, room: str | None, edit: Callable[[str], edits.Edit], note: str) -> str:
    """The room that was named, else the only one; refuses with a command for each room where there are several."""
    rooms = edit_session.program.rooms
    if room is None and len(rooms) > 1:
        edit_session.refuse(_room_needed(edit_session, edit), note)
    return room or rooms[0].id


def session_of(
    edit_session: EditSession, room: str | None, edit: Callable[[str], edits.Edit], note: str, which: SessionIn
) -> str:
    """The session of a room that ``which`` finds, also where it is the same in all rooms; refuses as `room_of` does."""
    rooms = [one.id for one in edit_session.program.rooms]
    if room is None:
        with suppress(EditRefused):
            found = {which(edit_session.program, name, edit_session.now) for name in rooms}
            if len(found) == 1:
                return found.pop()

    def in_room(name: str) -> edits.Edit:
        return edit(which(edit_session.program, name, edit_session.now))

    return which(edit_session.program, room_of(edit_session, room, in_room, note), edit_session.now)


def _room_needed(edit_session: EditSession, edit: Callable[[str], edits.Edit]) -> EditRefused:
    """A refusal that suggests a complete command for each room in which the edit is possible."""
    suggestions: dict[edits.Edit, Suggestion] = {}
    for room in edit_session.program.rooms:
        where = f"In {room.name}"
        try:
            found = _suggestions(edit_session, edit(room.id), where)
        except EditRefused as refused:
            found = edit_session.possible_instead(refused, f"{where}: ")
        for suggestion in found:
            suggestions.setdefault(suggestion.edit, suggestion)
    names = ", ".join(one.id for one in edit_session.program.rooms)
    return EditRefused(f"there are several rooms; say which with --room: {names}", suggestions.values())


def _suggestions(edit_session: EditSession, edit: edits.Edit, where: str) -> Iterable[Suggestion]:
    """The edit where it can be published, else its alternatives; ``where`` precedes each sentence."""
    about = getattr(edit, "session", None)
    text = f"{where}: {quoted_title(edit_session.program.session(about))}." if about else f"{where}."
    return edit_session.possible(edit, text)


def _session_minutes(text: str) -> tuple[str, int]:
    name, equals, minutes = text.partition("=")
    if not (equals and minutes.isascii() and minutes.isdecimal()):
        raise click.BadParameter(f"{text!r}: expected SESSION=MINUTES", param_hint="--shorten")
    return name, int(minutes)
