"""The commands that edit the day, on the database of the running service."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, time
from functools import partial

import click

from app.commands.service_database import EditSession, open_edit_session
from app.domain.change_text import quoted_title
from app.domain.conference_day import conference_day, instant_on_day
from app.domain.edits import edit_types as edits
from app.domain.edits.delay import session_running_late
from app.domain.edits.outcome import EditRefused, Suggestion
from app.domain.edits.preview import preview
from app.domain.edits.session_rules import next_instant_at

Command = Callable[..., None]


def time_of_day(text: str) -> time:
    """Parse a time such as 10:25 or 10:25:30."""
    try:
        pattern = "%H:%M:%S" if text.count(":") > 1 else "%H:%M"
        return datetime.strptime(text.strip(), pattern).time()  # noqa: DTZ007 - a time of day has no zone
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is not a time of day such as 10:25") from error


def edit_command(name: str, **settings: object) -> Callable[[Command], click.Command]:
    """A command that publishes one edit and takes `--note`."""

    def decorate(function: Command) -> click.Command:
        noted = click.option("--note", default="", help="A public note on the reason, shown with the change.")(function)
        return click.command(name, context_settings=settings)(noted)

    return decorate


def pushing_options(function: Command) -> Command:
    """The options of an edit that pushes later sessions."""
    pushed = click.option("--push", multiple=True, metavar="SESSION", help="Also move this pinned session.")(function)
    return click.option(
        "--shorten", multiple=True, metavar="SESSION=MINUTES", help="Shorten this session to make up time."
    )(pushed)


@edit_command("late", ignore_unknown_options=True)  # so that -5 is a number, not an option
@click.argument("minutes", type=int)
@click.option(
    "--from", "session", metavar="SESSION", help="The first session to delay; default: the current one, else the next."
)
@click.option("--room", help="The room; needed where there are several.")
@pushing_options
def late(
    *, minutes: int, session: str | None, room: str | None, shorten: tuple[str, ...], push: tuple[str, ...], note: str
) -> None:
    """Delay a session and those after it by MINUTES; a negative number ends the session earlier."""
    shortened = tuple(map(_session_minutes, shorten))
    edit_session = open_edit_session()
    delay = partial(edits.Delay, minutes=minutes, shorten=shortened, push=frozenset(push))
    if session is None and room is None and len(edit_session.program.rooms) > 1:
        edit_session.refuse(_room_needed(edit_session, delay))
    target = session or session_running_late(
        edit_session.program, room or edit_session.program.rooms[0].id, edit_session.now
    )
    edit_session.publish(delay(target), note)


@edit_command("shorten")
@click.argument("session")
@click.argument("minutes", type=click.IntRange(1))
def shorten(session: str, minutes: int, note: str) -> None:
    """Shorten SESSION to MINUTES."""
    open_edit_session().publish(edits.Shorten(session, minutes), note)


@edit_command("cancel")
@click.argument("session")
def cancel(session: str, note: str) -> None:
    """Cancel SESSION; it stays on every page, struck through."""
    open_edit_session().publish(edits.Cancel(session), note)


@edit_command("reinstate")
@click.argument("session")
def reinstate(session: str, note: str) -> None:
    """Reinstate the cancelled SESSION."""
    open_edit_session().publish(edits.Reinstate(session), note)


@edit_command("move")
@click.argument("session")
@click.argument("clock", metavar="TIME", type=time_of_day)
def move(session: str, clock: time, note: str) -> None:
    """Move SESSION to another TIME of its day, such as 10:25."""
    edit_session = open_edit_session()
    start = instant_on_day(
        edit_session.program, conference_day(edit_session.program, edit_session.program.session(session).start), clock
    )
    edit_session.publish(edits.Move(session, start), note)


@edit_command("swap")
@click.argument("first")
@click.argument("second")
@pushing_options
def swap(*, first: str, second: str, shorten: tuple[str, ...], push: tuple[str, ...], note: str) -> None:
    """Swap the places of FIRST and SECOND; each keeps its length."""
    shortened = tuple(map(_session_minutes, shorten))
    open_edit_session().publish(edits.Swap(first, second, shorten=shortened, push=frozenset(push)), note)


@edit_command("rename")
@click.argument("session")
@click.argument("title")
def rename(session: str, title: str, note: str) -> None:
    """Give SESSION another TITLE."""
    open_edit_session().publish(edits.Rename(session, title), note)


@edit_command("announce")
@click.argument("text")
@click.option("--room", help="Show it in this room only.")
@click.option("--until", metavar="TIME", type=time_of_day, help="End time, such as 11:30; default: in 30 minutes.")
def announce(text: str, room: str | None, until: time | None, note: str) -> None:
    """Show TEXT on every page and screen; `agenda undo` withdraws it."""
    edit_session = open_edit_session()
    end = next_instant_at(edit_session.program, edit_session.now, until) if until else None
    edit_session.publish(edits.Announce(text, room, end), note)


@edit_command("undo")
@click.argument("revision", type=click.IntRange(1), required=False)
def undo(revision: int | None, note: str) -> None:
    """Take back what REVISION changed; default: the latest change."""
    open_edit_session().undo(revision, note)


COMMANDS = (late, shorten, cancel, reinstate, move, swap, rename, announce, undo)


def _room_needed(edit_session: EditSession, delay: Callable[[str], edits.Delay]) -> EditRefused:
    """A refusal that suggests a complete command for each room in which there is something to delay."""
    suggestions: dict[edits.Edit, Suggestion] = {}
    for room in edit_session.program.rooms:
        with suppress(EditRefused):
            target = session_running_late(edit_session.program, room.id, edit_session.now)
            where = f"In {room.name}: {quoted_title(edit_session.program.session(target))}."
            for suggestion in _suggestions(edit_session, delay(target), where):
                suggestions.setdefault(suggestion.edit, suggestion)
    names = ", ".join(one.id for one in edit_session.program.rooms)
    return EditRefused(f"there are several rooms; say which with --room: {names}", suggestions.values())


def _suggestions(edit_session: EditSession, edit: edits.Edit, where: str) -> Iterable[Suggestion]:
    """The edit where it can be published, else its alternatives; ``where`` precedes each sentence."""
    try:
        shown = preview(edit_session.program, edit, edit_session.now)
        found = (Suggestion(edit, ""),) if shown.publishable else shown.suggestions
    except EditRefused as refused:
        found = refused.suggestions
    return [replace(one, sentence=f"{where} {one.sentence}".rstrip()) for one in found]


def _session_minutes(text: str) -> tuple[str, int]:
    name, equals, minutes = text.partition("=")
    if not (equals and minutes.isascii() and minutes.isdecimal()):
        raise click.BadParameter(f"{text!r}: expected SESSION=MINUTES", param_hint="--shorten")
    return name, int(minutes)
