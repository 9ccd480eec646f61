"""The JSON of a `Now` in two parts: what holds between two boundaries, and the end, which has the instant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from app.domain.program import Program
from app.formats.api_answers import Now
from app.formats.api_fields import instant, to_bytes

# The last fields of the model.
ENDING = ("speed", "now")
_SECOND = timedelta(seconds=1)
_WHOLE_SECONDS = len("2025-07-18T10:20:00")


def now_start(answer: Now) -> bytes:
    """All before the end."""
    return to_bytes({name: value for name, value in vars(answer).items() if name not in ENDING})[:-1]


class _Second(NamedTuple):
    """The ends of all instants of one second."""

    start: datetime
    end: datetime
    speed: float
    before: bytes
    after: bytes


class NowEnding:
    """Writes the end for any instant: all but its fraction of a second is written once a second. Thread-safe."""

    def __init__(self, program: Program, speed: Callable[[], float]) -> None:
        self._program, self._speed = program, speed
        self._second: _Second | None = None

    def __call__(self, now: datetime) -> bytes:
        """The end for an instant, with the speed that the clock has."""
        second, speed = self._second, self._speed()
        if second is None or not second.start <= now < second.end or second.speed != speed:
            second = self._second = self._begun(now.replace(microsecond=0), speed)
        fraction = b".%06d" % now.microsecond if now.microsecond else b""
        return b"%b%b%b" % (second.before, fraction, second.after)

    def _begun(self, start: datetime, speed: float) -> _Second:
        fields = zip(ENDING, (float(speed), instant(self._program, start)), strict=True)
        text = b"," + to_bytes(dict(fields))[1:]
        cut = len(text) - len(instant(self._program, start)) - len('"}') + _WHOLE_SECONDS
        return _Second(start, start + _SECOND, speed, text[:cut], text[cut:])
