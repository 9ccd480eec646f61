"""What can go wrong, as one small tree; each error carries data, not only words.

AgendaError
├── TimeError            a local time or a zone that cannot be used
│   ├── UnknownZone
│   ├── NonexistentTime  skipped when clocks went forward
│   ├── AmbiguousTime    happens twice when clocks went back
│   └── MalformedTime
├── InvalidProgram       holds every fault found, not only the first
├── UnknownName          no session, room, speaker or revision of that name
├── EditRefused          an edit that may not be published, with the ways out
│   └── UndoRefused      a later revision changed the same thing
└── StaleBase            somebody else changed the same in between
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.domain.edits.outcome import WayOut


class AgendaError(Exception):
    """Base of every error this program raises on purpose."""


class TimeError(AgendaError):
    """A local time or a zone that cannot be used as written."""


class UnknownZone(TimeError):
    """The time zone database has no zone of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"unknown time zone {name!r}; expected a name such as 'America/Vancouver'")
        self.name = name


class NonexistentTime(TimeError):
    """The local time is skipped by a clock change."""

    def __init__(self, local: str, zone: str) -> None:
        super().__init__(f"{local} does not exist in {zone}: the clocks skip it; add an offset or choose another time")
        self.local = local
        self.zone = zone


class AmbiguousTime(TimeError):
    """The local time happens twice at a clock change."""

    def __init__(self, local: str, zone: str) -> None:
        super().__init__(f"{local} happens twice in {zone}: the clocks go back over it; add an offset such as -07:00")
        self.local = local
        self.zone = zone


class MalformedTime(TimeError):
    """The text is not a date with a time."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is not a time; expected one such as 2025-07-18T10:20")
        self.text = text


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, which value, and what was expected."""

    where: str
    value: str
    expected: str

    def __str__(self) -> str:
        """One line for a terminal."""
        return f"{self.where}: {self.value}: {self.expected}" if self.value else f"{self.where}: {self.expected}"


class InvalidProgram(AgendaError):
    """A program that cannot be built; ``faults`` lists all that is wrong with it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


class UnknownName(AgendaError):
    """There is no thing of this sort with this name, but those with the names ``known``."""

    def __init__(self, sort: str, name: str, known: Iterable[str] = ()) -> None:
        super().__init__(f"there is no {sort} {name!r}")
        self.sort = sort
        self.name = name
        self.known = known

    def nearest(self) -> str | None:
        """The known name that was probably meant."""
        return next(iter(get_close_matches(self.name, self.known, n=1)), None)


class EditRefused(AgendaError):
    """An edit that may not be published; each of ``ways_out`` holds one that may."""

    def __init__(self, reason: str, ways_out: Iterable[WayOut] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.ways_out = tuple(ways_out)


class UndoRefused(EditRefused):
    """What a revision changed cannot be taken back, since the revision ``later`` changed the same ``places``."""

    def __init__(self, number: int, later: int, places: Iterable[str]) -> None:
        self.number = number
        self.later = later
        self.places = tuple(places)
        super().__init__(
            f"revision {number} cannot be undone: revision {later} changed the same since ({', '.join(self.places)})"
        )


class StaleBase(AgendaError):
    """Since the revision that an edit was made on, what it changes was changed by others."""

    def __init__(self, base: int, latest: int) -> None:
        super().__init__(f"made on revision {base}, but the same was changed since; the latest is revision {latest}")
        self.base = base
        self.latest = latest
