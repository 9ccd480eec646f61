"""Re-timing the day from a terminal, on the same database as the running service."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import click

from app.commands.desk import Desk, open_desk
from app.domain import edits
from app.domain.errors import MalformedTime
from app.domain.instants import at_local, parse_instant
from app.domain.program import Program, Session
from app.domain.telling import tell

ANNOUNCEMENT_MINUTES = 30

Command = Callable[..., None]


def edit_command(name: str) -> Callable[[Command], click.Command]:
    """A command that publishes one edit: it takes `--note`, and says what changed."""

    def decorate(function: Command) -> click.Command:
        noted = click.option("--note", default="", help="A public word on why, shown with the change.")(function)
        return click.command(name)(noted)

    return decorate


@edit_command("late")
@click.argument("minutes", type=int)
@click.option("--from", "session", metavar="SESSION", help="Which session; what is on now when left out.")
@click.option("--room", help="In which room, where there are several.")
@click.option("--shorten", multiple=True, metavar="SESSION=MINUTES", help="Shorten a session on the way.")
@click.option("--push", multiple=True, metavar="SESSION", help="Move a pinned session this once.")
def late(
    minutes: int, session: str | None, room: str | None, shorten: tuple[str, ...], push: tuple[str, ...], note: str
) -> None:
    """Delay the day by MINUTES from a session on; a negative number ends it earlier."""
    desk = open_desk()
    target = session or edits.target_of_late(desk.program, _the_room(desk.program, room), desk.now)
    shortened = tuple(map(_session_minutes, shorten))
    desk.publish(edits.Delay(session=target, minutes=minutes, shorten=shortened, push=frozenset(push)), note)


@edit_command("shorten")
@click.argument("session")
@click.argument("minutes", type=click.IntRange(1))
def shorten(session: str, minutes: int, note: str) -> None:
    """Shorten SESSION to MINUTES."""
    open_desk().publish(edits.Shorten(session=session, minutes=minutes), note)


@edit_command("cancel")
@click.argument("session")
def cancel(session: str, note: str) -> None:
    """Cancel SESSION; it stays on every page, struck through."""
    open_desk().publish(edits.Cancel(session=session), note)


@edit_command("reinstate")
@click.argument("session")
def reinstate(session: str, note: str) -> None:
    """Take the cancellation of SESSION back."""
    open_desk().publish(edits.Reinstate(session=session), note)


@edit_command("move")
@click.argument("session")
@click.argument("time")
def move(session: str, time: str, note: str) -> None:
    """Move SESSION to another TIME of its day, such as 10:25."""
    desk = open_desk()
    start = _time_of_day(desk.program, desk.program.session(session), time)
    desk.publish(edits.Move(session=session, start=start), note)


@edit_command("rename")
@click.argument("session")
@click.argument("title")
def rename(session: str, title: str, note: str) -> None:
    """Give SESSION another TITLE."""
    open_desk().publish(edits.Rename(session=session, title=title), note)
