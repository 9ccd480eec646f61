"""The edits as values: what organizers and chairs can change."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, replace
from datetime import datetime
from typing import Self

from app.domain.identity import Picture
from app.domain.program import Person
from app.domain.session import Item, Link, Session

EXTENSION_MINUTES = 5
ANNOUNCED_MINUTES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushing:
    """An edit that pushes the sessions that follow, as a delay does.

    ``shorten`` are the sessions to shorten, each with its new length in minutes; ``push`` the pinned
    sessions that may be moved by this edit; ``squeeze`` the pinned ones that may begin late and still end on time,
    down to their least length.
    """

    shorten: tuple[tuple[str, int], ...] = ()
    push: frozenset[str] = frozenset()
    squeeze: frozenset[str] = frozenset()

    def leaves_pinned(self, session: Session) -> bool:
        """Whether a session may not be moved, since it is pinned and not in ``push``."""
        return session.pinned and session.id not in self.push

    def pushing(self, session_id: str) -> Self:
        """The same edit, which may move one more pinned session."""
        return replace(self, push=self.push | {session_id}, squeeze=self.squeeze - {session_id})

    def squeezing(self, session_id: str) -> Self:
        """The same edit, for which one more pinned session may begin late."""
        return replace(self, squeeze=self.squeeze | {session_id})


@dataclass(frozen=True, slots=True)
class Delay(Pushing):
    """A session is delayed: it moves, or only its end does if it has begun. Negative minutes bring it forward.

    If it ends earlier, what follows stays where it is.
    """

    session: str
    minutes: int


@dataclass(frozen=True, slots=True)
class DelayEverywhere(Pushing):
    """In each room what is on, or else what is next that day, is delayed: in all rooms or in none."""

    minutes: int


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
    """Two sessions take each other's place; each keeps its length. One of them may have begun."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Reorder(Pushing):
    """Sessions of a room take their places in another order, given by id; each keeps its length."""

    sessions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Absent(Pushing):
    """The people of a session are not here: the next talk of its room takes its place, and it follows that one."""

    session: str


@dataclass(frozen=True, slots=True)
class AddSession(Pushing):
    """A new session of so many minutes, at ``start`` or ``after`` another one; ``people`` are new to the program.

    Its id is made of its title. ``room`` None is the room of the session that it comes after, else all rooms.
    """

    title: str
    minutes: int
    start: datetime | None = None
    after: str | None = None
    room: str | None = None
    kind: str = "talk"
    speakers: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()


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
class ChangeContent:
    """What a session says, or its room, is changed, and not its time; None: that field stays as it is.

    ``speakers`` are ids, ``people`` those of them that are new to the program. ``affiliations`` are pairs of a
    speaker's id and what they belong to, ``own_pages`` of the id and the address of their own page ("" for none), and
    ``pictures`` of the id and their picture. ``min_minutes`` 0: it does not give way.
    """

    session: str
    _: KW_ONLY
    title: str | None = None
    abstract: str | None = None
    kind: str | None = None
    speakers: tuple[str, ...] | None = None
    people: tuple[Person, ...] = ()
    affiliations: tuple[tuple[str, tuple[str, ...]], ...] = ()
    own_pages: tuple[tuple[str, str], ...] = ()
    pictures: tuple[tuple[str, Picture | None], ...] = ()
    links: tuple[Link, ...] | None = None
    items: tuple[Item, ...] | None = None
    room: str | None = None
    pinned: bool | None = None
    min_minutes: int | None = None


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


@dataclass(frozen=True, slots=True)
class Step:
    """An item of a session's line-up is on from now, by hand; None: the line-up goes by the clock again."""

    session: str
    item: str | None


@dataclass(frozen=True, slots=True)
class OrderItems:
    """Items of a line-up that have not begun take each other's places in another order, given by id."""

    session: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemAbsent:
    """Who presents an item is not here, so that it has no time; ``absent`` False: they are here after all."""

    session: str
    item: str
    absent: bool = True


@dataclass(frozen=True, slots=True)
class AddItem:
    """A new item of a session's line-up, ``after`` another one, else last. Its id is made of its title."""

    session: str
    title: str
    minutes: int
    authors: tuple[str, ...] = ()
    after: str | None = None


@dataclass(frozen=True, slots=True)
class RemoveItem:
    """An item that was added to a line-up on the spot, and has not begun, is taken away again."""

    session: str
    item: str


PushingEdit = Delay | DelayEverywhere | StartNow | Extend | Swap | Reorder | Absent | AddSession

Edit = (
    PushingEdit
    | EndNow
    | Shorten
    | Move
    | ChangeRoom
    | Cancel
    | Reinstate
    | ChangeContent
    | Announce
    | WithdrawAnnouncement
    | Step
    | OrderItems
    | ItemAbsent
    | AddItem
    | RemoveItem
)


@dataclass(frozen=True, slots=True)
class BackTo:
    """The day as it stood in a revision; it needs that revision's program, so `restore_day` publishes it."""

    revision: int


@dataclass(frozen=True, slots=True)
class Explain:
    """A revision gets its public note afterwards; `publish_note` publishes it, since a revision has the note."""

    revision: int


# What the history records: an edit, or what is made by a function of its own.
RecordedEdit = Edit | BackTo | Explain
