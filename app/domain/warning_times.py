"""When a speaker is warned that the time runs out, and which part of a session is for questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from app.domain.errors import Fault

# More would be read as a countdown, which the screen shows anyway.
MOST_WARNINGS = 4
# In minutes.
LONGEST_WARNING = 120
# A first warning comes when at most one of so many parts of a talk is left.
PARTS_OF_A_TALK = 3
# Scaled warnings come at multiples of so many seconds: of the first of these that fits.
_STEPS = (60, 15, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTimes:
    """When speakers are warned, in minutes before their time is over; and how many minutes of a talk are questions."""

    warn_minutes: tuple[int, ...] = (5, 2)
    questions_minutes: int = 0


USUAL_STAGE_TIMES = StageTimes()


def warnings_before_end(length: timedelta, warn_minutes: Iterable[int]) -> tuple[timedelta, ...]:
    """How long before its end a talk of some length is warned, the first warning first.

    A first warning comes when at most a third of the time is left: the warnings of shorter talks are scaled down, and
    rounded down to whole minutes, or where that gives none, to 15 or 5 seconds.
    """
    wanted = [timedelta(minutes=one) for one in sorted(set(warn_minutes), reverse=True)]
    if not wanted:
        return ()
    scale = min(1.0, length / PARTS_OF_A_TALK / wanted[0])
    scaled = wanted if scale == 1 else [_rounded_down(one * scale) for one in wanted]
    return tuple(dict.fromkeys(one for one in scaled if one))


def questions_of(length: timedelta, minutes: int) -> timedelta:
    """The time for questions at the end of a talk of some length: at most half of it, in whole minutes."""
    return timedelta(minutes=min(minutes, int(length / timedelta(minutes=2))))


def warning_faults(where: str, warn_minutes: Iterable[int], questions_minutes: int) -> Iterator[Fault]:
    """What is wrong with warning times, and with the time for questions."""
    given = tuple(warn_minutes)
    if len(given) > MOST_WARNINGS or any(not 1 <= one <= LONGEST_WARNING for one in given):
        expected = f"at most {MOST_WARNINGS} numbers of minutes from 1 to {LONGEST_WARNING}, such as [5, 2]"
        yield Fault(f"{where}warn_minutes", str(list(given)), expected)
    if not 0 <= questions_minutes <= LONGEST_WARNING:
        yield Fault(f"{where}questions_minutes", str(questions_minutes), f"0 to {LONGEST_WARNING} minutes")


def _rounded_down(time: timedelta) -> timedelta:
    seconds = int(time.total_seconds())
    return timedelta(seconds=next((seconds - seconds % step for step in _STEPS if seconds >= step), 0))
