"""The commands that re-time the day, on the database of the running service."""

from __future__ import annotations

from datetime import time

import click

from app.commands.edit_options import (
    PushFields,
    clock_time,
    edit_command,
    pushing_options,
    session_of,
)
from app.commands.service_database import open_edit_session
from app.domain.conference_day import conference_day, instant_on_day
from app.domain.edits import edit_types as edits
from app.domain.edits.delay import session_on, session_running_late

ROOM_HELP = "The room; needed where there are several."
MINUTES = click.IntRange(1)


@edit_command("late", ignore_unknown_options=True)  # so that -5 is a number, not an option
@click.argument("minutes", type=int)
@click.option(
    "--from", "session", metavar="SESSION", help="The first session to delay; default: the current one, else the next."
)
@click.option("--room", help=ROOM_HELP)
@click.option("--everywhere", is_flag=True, help="Delay what is on or next in every room.")
@pushing_options
def late(
    *, minutes: int, session: str | None, room: str | None, everywhere: bool, pushing: PushFields, note: str
) -> None:
    """Delay a session and those after it by MINUTES; a negative number ends the session earlier."""
    if everywhere and (session or room):
        raise click.UsageError("--everywhere is all rooms: leave out --from and --room")
    edit_session = open_edit_session()
    if everywhere:
        edit_session.publish(edits.DelayEverywhere(minutes, **pushing), note)
        return

    def delay(name: str) -> edits.Delay:
        return edits.Delay(name, minutes, **pushing)

    edit_session.publish(delay(session or session_of(edit_session, room, delay, note, session_running_late)), note)


@edit_command("start")
@click.argument("session")
@pushing_options
def start(*, session: str, pushing: PushFields, note: str) -> None:
    """Start SESSION now; it keeps its length, and what is on in its room ends."""
    open_edit_session().publish(edits.StartNow(session, **pushing), note)


@edit_command("end")
@click.argument("session", required=False)
@click.option("--room", help=ROOM_HELP)
def end(session: str | None, room: str | None, note: str) -> None:
    """End SESSION now; default: the current one. What follows stays where it is."""
    edit_session = open_edit_session()
    target = session or session_of(edit_session, room, edits.EndNow, note, session_on)
    edit_session.publish(edits.EndNow(target), note)


@edit_command("extend")
@click.argument("minutes", type=MINUTES)
@click.argument("session", required=False)
@click.option("--room", help=ROOM_HELP)
@pushing_options
def extend(*, minutes: int, session: str | None, room: str | None, pushing: PushFields, note: str) -> None:
    """Give SESSION so many MINUTES more, counted from now if its end has passed; default: the current one."""
    edit_session = open_edit_session()

    def more(name: str) -> edits.Extend:
        return edits.Extend(name, minutes, **pushing)

    edit_session.publish(more(session or session_of(edit_session, room, more, note, session_on)), note)


@edit_command("absent")
@click.argument("session")
@pushing_options
def absent(*, session: str, pushing: PushFields, note: str) -> None:
    """The speaker of SESSION is not here: the next talk takes its place, and it follows that one."""
    open_edit_session().publish(edits.Absent(session, **pushing), note)


@edit_command("shorten")
@click.argument("session")
@click.argument("minutes", type=MINUTES)
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
@click.argument("clock", metavar="TIME", type=clock_time)
@click.option("--room", help="Another room, too.")
def move(session: str, clock: time, room: str | None, note: str) -> None:
    """Move SESSION to another TIME of its day, such as 10:25."""
    edit_session = open_edit_session()
    start = instant_on_day(
        edit_session.program, conference_day(edit_session.program, edit_session.program.session(session).start), clock
    )
    edit_session.publish(edits.Move(session, start, room), note)


@edit_command("swap")
@click.argument("first")
@click.argument("second")
@pushing_options
def swap(*, first: str, second: str, pushing: PushFields, note: str) -> None:
    """Swap the places of FIRST and SECOND; each keeps its length. One of them may have begun."""
    open_edit_session().publish(edits.Swap(first, second, **pushing), note)


@edit_command("reorder")
@click.argument("sessions", metavar="SESSION SESSION...", nargs=-1, required=True)
@pushing_options
def reorder(*, sessions: tuple[str, ...], pushing: PushFields, note: str) -> None:
    """Put sessions of one room and day into this order; each keeps its length."""
    open_edit_session().publish(edits.Reorder(sessions, **pushing), note)


@edit_command("undo")
@click.argument("revision", type=click.IntRange(1), required=False)
@click.option(
    "--back-to",
    "back_to",
    metavar="REVISION",
    type=click.IntRange(1),
    help="Restore the times, rooms and cancellations of this revision for all that has not ended.",
)
def undo(revision: int | None, back_to: int | None, note: str) -> None:
    """Take back what REVISION changed; default: the latest change."""
    if revision is not None and back_to is not None:
        raise click.UsageError("undo one REVISION, or go --back-to one")
    edit_session = open_edit_session()
    if back_to is not None:
        edit_session.back_to(back_to, note)
    else:
        edit_session.undo(revision, note)


COMMANDS = (late, start, end, extend, absent, shorten, cancel, reinstate, move, swap, reorder, undo)
