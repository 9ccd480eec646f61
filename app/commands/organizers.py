"""`agenda organizer`: the people who may edit."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from typing import get_args

import click
from qrcode.main import QRCode

from app.commands.service_database import open_edit_session, opened
from app.domain.program import Program
from app.domain.rights import Editor, Role
from app.live.clock import SYSTEM_CLOCK
from app.settings import Settings
from app.store.database import Database
from app.store.people import place_fault
from app.store.sign_in_links import SignInLink
from app.store.sign_ins import SignIns
from app.web.template_helpers import browser_name, role_text, short_date

Row = tuple[str, ...]
GAP = "  "


@click.group()
def organizer() -> None:
    """Manage who can sign in to the console."""


@organizer.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(get_args(Role)), default="organizer", show_default=True)
@click.option("--room", help="The room of a chair, or of an operator.")
@click.option("--session", help="The session of a speaker.")
def add(name: str, role: Role, room: str | None, session: str | None) -> None:
    """Add NAME, and print a one-time sign-in link with its QR code."""
    if role == "chair" and room is None:
        room = _only_room()
    if fault := place_fault(Editor(name, role, room, session)):
        raise click.UsageError(fault)
    database = _database()
    added = SignIns(database).add(name, SYSTEM_CLOCK.now(), role, room, session)
    _print_link(database, added.name)
    click.echo(f"Added to {database.place}.")


def _only_room() -> str | None:
    """The id of the one room that a chair can have; None where there are several."""
    rooms = open_edit_session().program.rooms
    return rooms[0].id if len(rooms) == 1 else None


@organizer.command("link")
@click.argument("name")
def link(name: str) -> None:
    """Print another one-time sign-in link for NAME."""
    _print_link(_database(), name)


@organizer.command("list")
def list_people() -> None:
    """List the people, the browsers in which they are signed in, and unused links."""
    edit_session = open_edit_session()
    sign_ins, program, now = SignIns(edit_session.database), edit_session.program, SYSTEM_CLOCK.now()
    people = [(one.name, _role(program, one)) for one in sign_ins.people()]
    browsers = [
        (one.editor.name, browser_name(one.user_agent), _date_and_time(program, one.seen_at))
        for one in sign_ins.all(now, program)
    ]
    links = [
        (one.id, one.editor.name, _what_for(program, one), _date_and_time(program, one.expires_at))
        for one in sign_ins.links(now)
    ]
    tables = (
        _table(("NAME", "ROLE"), people),
        _table(("SIGNED IN", "BROWSER", "SEEN"), browsers),
        _table(("LINK", "FOR", "TO", "VALID UNTIL"), links),
    )
    click.echo("\n\n".join(filter(None, tables)) or "Nobody yet; `agenda organizer add NAME` adds somebody.")


@organizer.command("remove")
@click.argument("name")
def remove(name: str) -> None:
    """Remove NAME, with all sign-ins and links."""
    SignIns(_database()).remove(name)
    click.echo(f"{name} is removed, and signed out everywhere.")


@organizer.command("withdraw")
@click.argument("link")
def withdraw(link: str) -> None:
    """Make the unused LINK invalid; `agenda organizer list` names it."""
    SignIns(_database()).withdraw_link(link)
    click.echo("The link is withdrawn.")


def _role(program: Program, editor: Editor) -> str:
    """A role in words; a session that is to be announced has its id beside it."""
    session = program.sessions_by_id.get(editor.session or "")
    text = role_text(program, editor)
    return f"{text} ({session.id})" if session and session.tba else text


def _what_for(program: Program, link: SignInLink) -> str:
    room = program.rooms_by_id.get(link.room or "")
    return f"hand over {room.name if room else link.room}" if link.room else "sign in"


def _database() -> Database:
    return opened(Settings.read(os.environ))[0]


def _print_link(database: Database, name: str) -> None:
    """Print a new link and its code."""
    sign_ins, now = SignIns(database), SYSTEM_CLOCK.now()
    key = sign_ins.new_link(name, now)
    address = f"{Settings.read(os.environ).address()}/organizer/sign-in/{key}"
    click.echo(f"{_may_sign_in(sign_ins.open_link(key, now), now)}:\n\n  {address}\n")
    code = QRCode(border=4)
    code.add_data(address)
    code.print_ascii(invert=True)


def _may_sign_in(link: SignInLink, now: datetime) -> str:
    """What a new link is for, and for how long: a speaker is signed in on one device."""
    once = f"{link.editor.name} may sign in once within {(link.expires_at - now).days} days"
    if link.editor.role != "speaker":
        return f"{once}, on any browser"
    return f"{once}; it signs out their other device, and their former links are invalid now"


def _date_and_time(program: Program, instant: datetime) -> str:
    """An instant as the venue's clocks show it: "Fri 18 July, 14:00"."""
    return f"{short_date(program.local(instant).date())}, {program.clock(instant)}"


def _table(head: Row, rows: Sequence[Row]) -> str:
    """Rows as lines below a head, each column as wide as it needs; "" without rows."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = (GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (head, *rows))
    return "\n".join(line.rstrip() for line in lines) if rows else ""


COMMANDS = (organizer,)
