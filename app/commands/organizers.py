"""`agenda organizer`: the people who may edit."""

from __future__ import annotations

import os

import click
from qrcode.main import QRCode

from app.commands.service_database import opened
from app.domain.errors import UnknownName
from app.live.clock import SYSTEM_CLOCK
from app.settings import Settings
from app.store.revisions import Revisions
from app.store.sign_ins import SignIns


@click.group()
def organizer() -> None:
    """Manage who can sign in to the console."""


@organizer.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(["organizer", "chair"]), default="organizer", show_default=True)
@click.option("--room", help="The room of a chair.")
def add(name: str, role: str, room: str | None) -> None:
    """Add NAME, and print a one-time sign-in link with its QR code."""
    if (role == "chair") != (room is not None):
        raise click.UsageError("a chair has a --room, an organizer none")
    settings = Settings.read(os.environ)
    database, _ = opened(settings)
    latest = Revisions(database).latest()
    if room is not None and latest is not None and room not in {one.id for one in latest.program.rooms}:
        raise UnknownName("room", room)
    now = SYSTEM_CLOCK.now()
    sign_ins = SignIns(database)
    sign_ins.add(name, now, "chair" if role == "chair" else "organizer", room)
    link = f"{settings.address()}/organizer/sign-in/{sign_ins.new_link(name, now)}"
    click.echo(f"{name} may sign in once within seven days, on any browser:\n\n  {link}\n")
    code = QRCode(border=4)
    code.add_data(link)
    code.print_ascii(invert=True)
    click.echo(f"Added to {database.place}.")


COMMANDS = (organizer,)
