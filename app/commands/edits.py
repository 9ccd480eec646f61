"""Re-timing the day from a terminal, on the same database as the running service."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, time
from functools import partial

import click

from app.commands.desk import Desk, open_desk
from app.domain import edits
from app.domain.edits import WayOut
from app.domain.errors import EditRefused
from app.domain.telling import named

Command = Callable[..., None]


class TimeOfDay(click.ParamType[time]):
    """A time such as 10:25 or 10:25:30."""

    name = "time"

    def convert(self, value: str | time, param: click.Parameter | None, ctx: click.Context | None) -> time:
        """The time that a text says."""
        if isinstance(value, time):
            return value
        try:
            pattern = "%H:%M:%S" if value.count(":") > 1 else "%H:%M"
            return datetime.strptime(value.strip(), pattern).time()  # noqa: DTZ007 - a time of day has no zone
        except ValueError:
            self.fail(f"{value!r} is not a time of day such as 10:25", param, ctx)


def edit_command(name: str, **settings: object) -> Callable[[Command], click.Command]:
    """A command that publishes one edit; it takes `--note`."""

    def decorate(function: Command) -> click.Command:
        noted = click.option("--note", default="", help="A public word on why, shown with the change.")(function)
        return click.command(name, context_settings=settings)(noted)

    return decorate


@edit_command("late", ignore_unknown_options=True)  # so that -5 is a number, not an option
@click.argument("minutes", type=int)
@click.option("--from", "session", metavar="SESSION", help="Which session; what is on now, else next, when left out.")
@click.option("--room", help="In which room, where there are several.")
@click.option("--shorten", multiple=True, metavar="SESSION=MINUTES", help="Shorten a session on the way.")
@click.option("--push", multiple=True, metavar="SESSION", help="Move a pinned session this once.")
def late(
    *, minutes: int, session: str | None, room: str | None, shorten: tuple[str, ...], push: tuple[str, ...], note: str
) -> None:
    """Delay the day by MINUTES from a session on; a negative number ends it earlier."""
    shortened = tuple(map(_session_minutes, shorten))
    desk = open_desk()
    delay = partial(edits.Delay, minutes=minutes, shorten=shortened, push=frozenset(push))
    if session is None and room is None and len(desk.program.rooms) > 1:
        desk.refuse(_in_which_room(desk, delay))
    target = session or edits.target_of_late(desk.program, room or desk.program.rooms[0].id, desk.now)
    desk.publish(delay(target), note)


@edit_command("shorten")
@click.argument("session")
@click.argument("minutes", type=click.IntRange(1))
def shorten(session: str, minutes: int, note: str) -> None:
    """Shorten SESSION to MINUTES."""
    open_desk().publish(edits.Shorten(session, minutes), note)


@edit_command("cancel")
@click.argument("session")
def cancel(session: str, note: str) -> None:
    """Cancel SESSION; it stays on every page, struck through."""
    open_desk().publish(edits.Cancel(session), note)


@edit_command("reinstate")
@click.argument("session")
def reinstate(session: str, note: str) -> None:
    """Take the cancellation of SESSION back."""
    open_desk().publish(edits.Reinstate(session), note)


@edit_command("move")
@click.argument("session")
@click.argument("clock", metavar="TIME", type=TimeOfDay())
def move(session: str, clock: time, note: str) -> None:
    """Move SESSION to another TIME of its day, such as 10:25."""
    desk = open_desk()
    start = edits.on_the_same_day(desk.program, desk.program.session(session), clock)
    desk.publish(edits.Move(session, start), note)


@edit_command("rename")
@click.argument("session")
@click.argument("title")
def rename(session: str, title: str, note: str) -> None:
    """Give SESSION another TITLE."""
    open_desk().publish(edits.Rename(session, title), note)


@edit_command("announce")
@click.argument("text")
@click.option("--room", help="To one room only.")
@click.option("--until", metavar="TIME", type=TimeOfDay(), help="Until when, such as 11:30; 30 minutes when left out.")
def announce(text: str, room: str | None, until: time | None, note: str) -> None:
    """Show TEXT on every page and screen; `agenda undo` withdraws it."""
    desk = open_desk()
    end = edits.soon_at(desk.program, desk.now, until) if until else None
    desk.publish(edits.Announce(text, room, end), note)


@edit_command("undo")
@click.argument("revision", type=click.IntRange(1), required=False)
def undo(revision: int | None, note: str) -> None:
    """Take back what REVISION changed; the latest change when left out."""
    open_desk().undo(revision, note)


COMMANDS = (late, shorten, cancel, reinstate, move, rename, announce, undo)


def _in_which_room(desk: Desk, delay: Callable[[str], edits.Delay]) -> EditRefused:
    """A refusal that gives the whole command for each room in which there is something to delay."""
    ways: dict[edits.Edit, WayOut] = {}
    for room in desk.program.rooms:
        with suppress(EditRefused):
            target = edits.target_of_late(desk.program, room.id, desk.now)
            where = f"In {room.name}: {named(desk.program.session(target))}."
            for way in _ways(desk, delay(target), where):
                ways.setdefault(way.edit, way)
    names = ", ".join(one.id for one in desk.program.rooms)
    return EditRefused(f"there are several rooms; say which with --room: {names}", ways.values())


def _ways(desk: Desk, edit: edits.Edit, sentence: str) -> Iterable[WayOut]:
    """The edit where it can be published, else its ways out, in a sentence that begins with another."""
    try:
        seen = edits.preview(desk.program, edit, desk.now)
        ways = (WayOut(edit, ""),) if seen.publishable else seen.ways_out
    except EditRefused as refused:
        ways = refused.ways_out
    return [replace(way, sentence=f"{sentence} {way.sentence}".rstrip()) for way in ways]


def _session_minutes(text: str) -> tuple[str, int]:
    name, equals, minutes = text.partition("=")
    if not (equals and minutes.isascii() and minutes.isdecimal()):
        raise click.BadParameter(f"{text!r}: expected SESSION=MINUTES", param_hint="--shorten")
    return name, int(minutes)
