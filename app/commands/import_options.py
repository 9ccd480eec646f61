"""What a person at a terminal says of a source, and may fetch: its first day, its zone, the room of what has none."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime
from functools import reduce
from typing import Any
from urllib.request import getproxies

import click

from app.domain.errors import UnknownZone
from app.domain.instants import zone_named
from app.importing import MOST_BYTES
from app.outgoing.fetch import HTTP_TOO, Caller
from app.settings import Settings


def _zone(_: click.Context, __: click.Parameter, name: str | None) -> str | None:
    try:
        return name and str(zone_named(name))
    except UnknownZone as error:
        raise click.BadParameter(str(error)) from error


def _date(_: click.Context, __: click.Parameter, midnight: datetime | None) -> date | None:
    return midnight.date() if midnight else None


OPTIONS = (
    click.option(
        "--date",
        "first_date",
        type=click.DateTime(["%Y-%m-%d"]),
        callback=_date,
        metavar="DAY",
        help="First day, such as 2025-07-18, where the source gives none.",
    ),
    click.option("--timezone", metavar="ZONE", callback=_zone, help="Time zone of the source: America/Vancouver."),
    click.option("--room", metavar="NAME", help="Room of sessions that have none."),
)


def source_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what a source does not."""
    return reduce(lambda wrapped, option: option(wrapped), reversed(OPTIONS), command)


def typed_at_terminal() -> Caller:
    """For an address that a person typed: http too, a private host too, through the proxies of the environment."""
    return Caller(
        most_bytes=MOST_BYTES,
        allowed=Settings.read(os.environ).outgoing_allow,
        schemes=HTTP_TOO,
        given_may_be_private=True,
        proxies=getproxies(),
    )
