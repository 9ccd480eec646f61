"""The exceptions that the program raises; each carries data, not only a message.

AgendaError
├── TimeError            an unusable local time or zone
│   ├── UnknownZone
│   ├── NonexistentTime  skipped by a clock change
│   ├── AmbiguousTime    repeated by a clock change
│   └── MalformedTime
├── InvalidProgram       with all faults
├── BadText              too long, or with characters that no text may hold (`texts.py`)
├── UnknownName          no session, room, speaker or revision with that name
├── NotAllowed           an edit that the editor's role does not allow
├── EditRefused          an edit that cannot be published (`edits/outcome.py`)
│   ├── NoteStands       a revision has the note already
│   └── UndoRefused      a later revision changed the same thing
└── StaleBase            others changed the same fields since the base of an edit
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from app.domain.zone_words import zone_words


class AgendaError(Exception):
    """Base class of these exceptions."""


class TimeError(AgendaError):
    """A local time or a zone cannot be used as written."""


class UnknownZone(TimeError):
    """The time zone database has no zone of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"unknown time zone {name!r}; expected a name such as 'America/Vancouver'")
        self.name = name


class NonexistentTime(TimeError):
    """The local time is skipped by a clock change."""

    def __init__(self, local: str, zone: str) -> None:
        super().__init__(
            f"{local} does not exist in {zone_words(zone)}: the clocks skip it; add an offset or choose another time"
        )
        self.local = local
        self.zone = zone


class AmbiguousTime(TimeError):
    """The local time happens twice at a clock change."""

    def __init__(self, local: str, zone: str) -> None:
        super().__init__(
            f"{local} happens twice in {zone_words(zone)}: the clocks go back over it; add an offset such as -07:00"
        )
        self.local = local
        self.zone = zone


class MalformedTime(TimeError):
    """The text is not a date with a time, or what else was ``expected``."""

    def __init__(self, text: str, expected: str = "a time; expected one such as 2025-07-18T10:20") -> None:
        super().__init__(f"{text!r} is not {expected}")
        self.text = text


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: where it is, the value, and what was expected."""

    where: str
    value: str
    expected: str

    def __str__(self) -> str:
        """One line for a terminal."""
        return f"{self.where}: {self.value}: {self.expected}" if self.value else f"{self.where}: {self.expected}"


class InvalidProgram(AgendaError):
    """A program is invalid; ``faults`` lists all its faults."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most similar, if any is similar."""
    return next(iter(get_close_matches(name, list(known), n=1)), None)


class UnknownName(AgendaError):
    """Nothing of this sort has this name; ``known`` are the existing names."""

    def __init__(self, sort: str, name: str, known: Iterable[str] = ()) -> None:
        super().__init__(f"there is no {sort} {name!r}")
        self.sort = sort
        self.name = name
        self.known = known

    def nearest(self) -> str | None:
        """The known name that is most similar, if any is similar."""
        return nearest(self.name, self.known)


class NotAllowed(AgendaError):
    """An edit that the role of somebody does not allow."""


class TooLate(NotAllowed):
    """An edit that the role of somebody allowed until a while ago."""


class StaleBase(AgendaError):
    """Fields that an edit changes were changed by others since the revision on which it was made."""

    def __init__(self, base: int, latest: int) -> None:
        super().__init__(f"made on revision {base}, but the same was changed since; the latest is revision {latest}")
        self.base = base
        self.latest = latest
