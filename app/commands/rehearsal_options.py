"""`--at` and `--speed`: the clock of a rehearsal, the same for all commands that have one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from app.domain.errors import TimeError

Command = Callable[..., Any]
SPEEDS = click.FloatRange(0, 3600, min_open=True)


def rehearsal_options(command: Command) -> Command:
    """Give a command both options, each None where it is not given."""
    at = click.option("--at", metavar="TIME", help='Rehearse from this venue time on, such as "2025-07-18 09:10".')
    speed = click.option("--speed", type=SPEEDS, default=None, help="Speed of a rehearsal's clock.")
    return at(speed(command))


@contextmanager
def rehearsal_option_errors(at: str | None, speed: float | None) -> Iterator[None]:
    """Report a wrong time, or a speed without one, as wrong use of the option."""
    if speed is not None and at is None:
        raise click.UsageError("--speed goes with --at")
    try:
        yield
    except TimeError as error:
        raise click.BadParameter(str(error), param_hint="--at") from error
