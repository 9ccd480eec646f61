"""What commands share that go on until they are stopped: intervals, signals, lines with the time."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from queue import Empty, SimpleQueue

import click

SECONDS = {"s": 1, "m": 60, "h": 3600}
LONGEST_SECONDS = 24 * 3600


def interval(_context: click.Context, _option: click.Parameter, text: str | None) -> int | None:
    """The seconds of a text such as 30s, 1m or 2h."""
    if text is None:
        return None
    number, unit = text[:-1], text[-1:]
    if unit not in SECONDS or not (number.isascii() and number.isdecimal()) or not int(number):
        raise click.BadParameter(f"{text!r} is no time such as 30s, 1m or 2h")
    seconds = int(number) * SECONDS[unit]
    if seconds > LONGEST_SECONDS:
        raise click.BadParameter(f"{text!r} is longer than 24h")
    return seconds


@contextmanager
def stopping_signals() -> Iterator[Callable[[float], bool]]:
    """A function that waits for SIGTERM or SIGINT for so many seconds, and says whether one came since the start."""
    # An Event that is set in a handler waits for ever where its own wait() was interrupted; put() is reentrant.
    received: SimpleQueue[int] = SimpleQueue()

    def signal_within(seconds: float) -> bool:
        try:
            received.get(timeout=seconds)
        except Empty:
            return False
        return True

    numbers = (signal.SIGTERM, signal.SIGINT)
    former = [signal.signal(number, lambda caught, _: received.put(caught)) for number in numbers]
    try:
        yield signal_within
    finally:
        for number, handler in zip(numbers, former, strict=True):
            signal.signal(number, handler)


def print_with_time(message: str) -> None:
    """Print a line that begins with the time of day."""
    click.echo(f"{datetime.now().astimezone():%H:%M:%S} {message}")
