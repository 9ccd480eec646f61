"""The commands for the line-up of a session, on the database of the running service."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import click

from app.commands.edit_options import edit_command
from app.commands.service_database import EditSession, open_edit_session, print_clock
from app.domain.change_text import minutes_text, place_text, quoted_title
from app.domain.edits import edit_types as edits
from app.domain.edits.lineup_edits import next_step, session_stepped, step_back
from app.domain.lineup import has_line_up, is_by_hand, line_up, over_by, place_at
from app.domain.program import Program
from app.domain.session import Session

MINUTES = click.IntRange(1)
BY_HAND = "By hand: each is on until the next is begun."
# The options of `agenda line-up` that change something, each with the edit that it asks for.
_CHANGES: Mapping[str, Callable[..., edits.Edit]] = {
    "absent": edits.ItemAbsent,
    "present": lambda session, item: edits.ItemAbsent(session, item, absent=False),
    "order": lambda session, items: edits.OrderItems(session, tuple(one.strip() for one in items.split(","))),
    "remove": edits.RemoveItem,
    "add": edits.AddItem,
}


@click.command("next")
@click.argument("room")
@click.option("--to", "item", metavar="ITEM", help="This one is on now; one before it is gone back to.")
@click.option("--back", is_flag=True, help="The one before it is still on: takes a step back.")
@click.option("--by-clock", is_flag=True, help="The line-up goes by the clock again; --back does not take that back.")
def next_item(room: str, item: str | None, back: bool, by_clock: bool) -> None:
    """The next item of the line-up that is on in ROOM begins now, and is on until the next one is begun.

    The first time, where the clock turned less than two minutes ago, the one that it turned to begins now.
    """
    if (item is not None) + back + by_clock > 1:
        raise click.UsageError("--to, --back and --by-clock exclude each other")
    edit_session = open_edit_session()
    program, now = edit_session.program, edit_session.now
    session = program.session(session_stepped(program, room, item, now))

    def step() -> edits.Edit:
        if back:
            return step_back(program, session, now)
        return next_step(program, session, now) if item is None and not by_clock else edits.Step(session.id, item)

    edit = edit_session.made(step, "")
    edit_session.publish(edit, "", lambda after: _on_now(after, session, after.session(session.id), now))


@edit_command("line-up")
@click.argument("session")
@click.option("--absent", metavar="ITEM", help="Who presents it is not here: the others move up.")
@click.option("--present", metavar="ITEM", help="They are here after all.")
@click.option("--order", metavar="ITEM,ITEM...", help="Those that have not begun, in this order.")
@click.option("--add", metavar="TITLE", help="A new item, with --minutes.")
@click.option("--minutes", type=MINUTES, help="How long the new one lasts.")
@click.option("--author", "authors", metavar="NAME", multiple=True, help="Who presents the new one.")
@click.option("--after", metavar="ITEM", help="The new one comes after this; default: last.")
@click.option("--remove", metavar="ITEM", help="Take one away that was added.")
def line_up_command(session: str, note: str, **given: Any) -> None:
    """Print the line-up of SESSION with its times, or change it."""
    named = [name for name in _CHANGES if given[name] is not None]
    if len(named) > 1:
        raise click.UsageError(f"{' and '.join(f'--{name}' for name in named)} are two changes: make them one by one")
    of_new = {name: given[name] for name in ("minutes", "authors", "after") if given[name]}
    if (of_new and named != ["add"]) or (named == ["add"] and "minutes" not in of_new):
        raise click.UsageError("--add TITLE needs --minutes, and --author and --after are of what is added")
    edit_session = open_edit_session()
    if not named:
        _print(edit_session, edit_session.program.session(session))
        return
    edit = _CHANGES[named[0]](session, given[named[0]], **of_new)
    edit_session.publish(edit, note, lambda after: _after_change(edit_session.program, after, session))


COMMANDS = (next_item, line_up_command)


def _on_now(program: Program, before: Session, session: Session, now: datetime) -> Iterator[str]:
    """What is on in a line-up and until when it should be, and by how much that is over the session's end.

    Before the step the session was ``before``, which tells whether the clock had just turned to the same place.
    """
    place, former = place_at(session, now), place_at(before, now)
    if place is not None:
        yield f"{place_text(place)}, until {program.clock(place.end)}."
    if place and former and place.item.id == former.item.id and is_by_hand(session) and not is_by_hand(before):
        yield f"The clock had turned to it at {program.clock(former.start)}; the next `agenda next` goes past it."
    yield from _over(program, session, now)


def _over(program: Program, session: Session, now: datetime) -> Iterator[str]:
    if over := over_by(session, now):
        end, last = program.clock(session.end), program.clock(line_up(session, now)[-1].end)
        yield f"The line-up ends at {last}, {minutes_text(over)} after {quoted_title(session)}, which ends at {end}."


def _after_change(before: Program, after: Program, session: str) -> Iterator[str]:
    """The id of what was added, and whether the line-up goes by hand from now on."""
    new = after.items_by_id.keys() - before.items_by_id.keys()
    yield from (f"Its id is {item.id}." for item in after.session(session).items if item.id in new)
    if is_by_hand(after.session(session)) and not is_by_hand(before.session(session)):
        yield BY_HAND


def _print(edit_session: EditSession, session: Session) -> None:
    program, now = edit_session.program, edit_session.now
    if not has_line_up(session):
        click.echo(f"{quoted_title(session)} has no line-up: nothing in it that is here has minutes.")
    on = place_at(session, now)
    for place in line_up(session, now):
        times = f"{program.clock(place.start)}–{program.clock(place.end)}"
        mark = "  on now" if on and on.position == place.position else ""
        click.echo(f"{times}  {place_text(place)}  ({place.item.id}){mark}")
    for item in session.items:
        if item.absent:
            click.echo(f"not here     {item.title}  ({item.id})")
    if is_by_hand(session):
        click.echo(BY_HAND)
    for line in _over(program, session, now):
        click.echo(line)
    print_clock(edit_session.clock, program)
