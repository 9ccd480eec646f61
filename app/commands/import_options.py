"""What a person says of a source that it does not say itself: its first day, its zone, the room of what has none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import reduce
from typing import Any

import click

from app.domain.errors import UnknownZone
from app.domain.instants import zone_named


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
