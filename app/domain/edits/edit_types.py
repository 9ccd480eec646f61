"""The edits as values: what organizers and chairs can change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from app.domain.program import Person
from app.domain.session import Session

EXTENSION_MINUTES = 5
ANNOUNCED_MINUTES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushing:
    """An edit that pushes the sessions that follow, as a delay does.

    ``shorten`` are the sessions to shorten, each with its new length in minutes; ``push`` the pinned
    sessions that may be moved by this edit.
    """

    shorten: tuple[tuple[str, int], ...] = ()
    push: frozenset[str] = frozenset()

    def leaves_pinned(self, session: Session) -> bool:
        """Whether a session may not be moved, since it is pinned and not in ``push``."""
        return session.pinned and session.id not in self.push

    def pushing(self, session_id: str) -> Self:
        """The same edit, which may move one more pinned session."""
        return replace(self, push=self.push | {session_id})


@dataclass(frozen=True, slots=True)
class Delay(Pushing):
    """A session is delayed: it moves, or only its end does if it has begun. Negative minutes bring it forward.

    If it ends earlier, what follows stays where it is, unless ``pull_forward`` brings it forward too.
    """

    session: str
    minutes: int
    pull_forward: bool = False


@dataclass(frozen=True, slots=True)
class StartNow(Pushing):
    """A session begins now and keeps its length; what is on in its room ends."""

    session: str


@dataclass(frozen=True, slots=True)
class Extend(Pushing):
    """A session gets more time: so many minutes after its end, or after now if its end has passed."""

    session: str
    minutes: int = EXTENSION_MINUTES


@dataclass(frozen=True, slots=True)
class Swap(Pushing):
    """Two sessions take each other's place; each keeps its length."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class EndNow:
    """A session that is on ends now; what follows stays where it is."""

    session: str


@dataclass(frozen=True, slots=True)
class Shorten:
    """A session keeps its start and lasts so many minutes."""

    session: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Move:
    """A session starts at another instant of its day and keeps its length; ``room`` None: its room stays the same."""

    session: str
    start: datetime
    room: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeRoom:
    """A session takes place in another room; None: in all rooms."""

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
    """A session gets other speakers, given by id; ``people`` are those that are new to the program."""

    session: str
    speakers: tuple[str, ...]
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Announce:
    """A message to all rooms, or to one, is shown until an instant, else for so many minutes."""

    text: str
    room: str | None = None
    until: datetime | None = None
    minutes: int = ANNOUNCED_MINUTES


@dataclass(frozen=True, slots=True)
class WithdrawAnnouncement:
    """The announcement that a revision published is withdrawn."""

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
