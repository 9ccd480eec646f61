"""The edits as values, one for each thing that an organizer or a chair may want."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.program import Person

PLUS_MINUTES = 5
ANNOUNCED_MINUTES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushing:
    """An edit that pushes what follows, as a delay does.

    ``shorten`` holds the sessions that are made shorter on the way, each with its new length in
    minutes; ``push`` the pinned sessions that are moved this once.
    """

    shorten: tuple[tuple[str, int], ...] = ()
    push: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Delay(Pushing):
    """A session is late: it moves, or only its end does where it has begun; negative minutes bring it forward.

    Where it ends earlier a gap is left, unless ``pull_forward`` has what follows close it.
    """

    session: str
    minutes: int
    pull_forward: bool = False


@dataclass(frozen=True, slots=True)
class StartNow(Pushing):
    """A session begins now and keeps its length; what is on in its place ends."""

    session: str


@dataclass(frozen=True, slots=True)
class Extend(Pushing):
    """A session gets more time: so many minutes from its end, or from now where it should have ended."""

    session: str
    minutes: int = PLUS_MINUTES


@dataclass(frozen=True, slots=True)
class Swap(Pushing):
    """Two sessions take each other's place; each keeps its length."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class EndNow:
    """What is on ends now and leaves a gap."""

    session: str


@dataclass(frozen=True, slots=True)
class Shorten:
    """A session keeps its start and lasts so many minutes."""

    session: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Move:
    """A session starts at another instant of its day and keeps its length; ``room`` None: in its own room."""

    session: str
    start: datetime
    room: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeRoom:
    """A session takes place in another room; None: in all of them."""

    session: str
    room: str | None


@dataclass(frozen=True, slots=True)
class Cancel:
    """A session does not take place; it stays on every page, struck through."""

    session: str


@dataclass(frozen=True, slots=True)
class Reinstate:
    """A cancelled session takes place after all."""

    session: str


@dataclass(frozen=True, slots=True)
class Rename:
    """A session gets another title."""

    session: str
    title: str


@dataclass(frozen=True, slots=True)
class ChangeSpeakers:
    """A session gets other speakers, by their ids; ``people`` are those new to the program."""

    session: str
    speakers: tuple[str, ...]
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Announce:
    """A word to all rooms, or to one; until an instant, else for so many minutes."""

    text: str
    room: str | None = None
    until: datetime | None = None
    minutes: int = ANNOUNCED_MINUTES


@dataclass(frozen=True, slots=True)
class WithdrawAnnouncement:
    """The announcement of a revision is taken down."""

    revision: int


PushingEdit = Delay | StartNow | Extend | Swap

Edit = (
    PushingEdit
    | EndNow
    | Shorten
    | Move
    | ChangeRoom
    | Cancel
    | Reinstate
    | Rename
    | ChangeSpeakers
    | Announce
    | WithdrawAnnouncement
)
