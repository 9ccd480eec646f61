"""A session, which is one slot of the program, with its items and links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from app.domain.instants import minutes_rounded_up, utc

TBA = "TBA"
Status = Literal["confirmed", "moved", "cancelled"]

# The least minutes of sessions of these kinds, where a program does not say.
ELASTIC_MINUTES = {"break": 10, "posters": 30}
BREAK_KINDS = frozenset({"break", "lunch", "social"})
NOT_TALKS = frozenset({"break", "lunch", "social", "opening", "closing", "posters", "panel"})
# Where items hang on boards or stand on tables; elsewhere they are talked about.
WITH_BOARDS = frozenset({"posters", "poster", "demos", "demo", "break", "lunch", "social"})
# Fields of a session that calendars read, and those that readers never see.
STAMPS = frozenset({"sequence", "created_at", "changed_at"})
HIDDEN_FIELDS = STAMPS | {"ended_by_hand", "pinned", "min_minutes", "warn_minutes", "questions_minutes"}
HIDDEN_FIELDS |= {"added", "steps", "removed_items"}


LinkKind = Literal["watch", "slides", "recording", "paper", ""]
# What a link leads to, by its whole label in small letters; no word inside a longer label decides.
KINDS_OF_LABELS: dict[str, LinkKind] = {
    **dict.fromkeys(("watch", "watch live", "live", "live stream", "livestream", "stream", "video stream"), "watch"),
    **dict.fromkeys(("zoom", "bigbluebutton", "jitsi", "google meet", "webinar", "join online"), "watch"),
    **dict.fromkeys(("slides", "talk slides", "presentation slides", "slide deck", "slides (pdf)"), "slides"),
    **dict.fromkeys(("recording", "video", "video recording", "slideslive"), "recording"),
    **dict.fromkeys(("video recording (mp4)", "video recording (webm/vp9)"), "recording"),
    **dict.fromkeys(("paper", "paper (pdf)", "pdf", "openreview", "arxiv", "doi"), "paper"),
}
# How long before its session a link to watch it is shown.
WATCH_OPENS_BEFORE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Link:
    """A labelled address: a stream, slides, a paper, a home page.

    ``kind`` is what the program says that it leads to; "" where it leaves that to the label.
    """

    label: str
    url: str
    kind: LinkKind = ""

    @property
    def leads_to(self) -> LinkKind:
        """What it leads to: as the program says, else by its label; "" for anything else."""
        return self.kind or KINDS_OF_LABELS.get(" ".join(self.label.casefold().split()), "")


def with_kinds_of(former: Iterable[Link], links: Iterable[Link]) -> tuple[Link, ...]:
    """Links of which each without a kind has that of a former one with the same label."""
    kinds = {link.label: link.kind for link in former}
    return tuple(replace(link, kind=link.kind or kinds.get(link.label, "")) for link in links)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A paper, poster, demo or short talk inside a session.

    ``id`` never changes; a program gives one to an item without (`app/domain/items.py`). ``number`` is that of its
    board, ``kind`` how it was accepted ("Oral"), ``abstract`` Markdown; ``minutes`` is its length in a line-up.
    ``absent`` means that who presents it is not here, so that it has no time; ``added`` that it was added to the
    line-up on the spot. No file has these two.
    """

    title: str
    id: str = ""
    number: str = ""
    kind: str = ""
    authors: tuple[str, ...] = ()
    minutes: int | None = None
    abstract: str = ""
    links: tuple[Link, ...] = ()
    absent: bool = False
    added: bool = False

    @property
    def tba(self) -> bool:
        """Whether the title is still to be announced."""
        return self.title == TBA


@dataclass(frozen=True, slots=True)
class ItemStep:
    """Since when an item of a line-up is on by hand; ``item`` is its id."""

    item: str
    at: datetime

    def __post_init__(self) -> None:
        """Keep the instant in UTC."""
        object.__setattr__(self, "at", utc(self.at))


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A time and a place: when a session starts and ends, and in which room (None: for all)."""

    start: datetime
    end: datetime
    room: str | None = None

    def __post_init__(self) -> None:
        """Keep instants in UTC."""
        object.__setattr__(self, "start", utc(self.start))
        object.__setattr__(self, "end", utc(self.end))

    @property
    def length(self) -> timedelta:
        """The time from start to end."""
        return self.end - self.start

    def starting_at(self, start: datetime) -> Slot:
        """A slot of the same length in the same room, which starts at another instant."""
        return replace(self, start=start, end=start + self.length)


def as_planned(items: Iterable[Item]) -> tuple[Item, ...]:
    """The items without what is known of them on the day alone; a tuple that has none of it as it is."""
    found = tuple(items)
    if not any(item.absent or item.added for item in found):
        return found
    return tuple(replace(item, absent=False, added=False) for item in found)


def usual_least_minutes(kind: str, slot: Slot) -> int | None:
    """To how many minutes a session's kind lets it shrink, at most its own length; None where it does not."""
    usual = ELASTIC_MINUTES.get(kind)
    return None if usual is None else min(usual, minutes_rounded_up(slot.length))


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One slot of the program: a talk, break, panel, poster session…

    ``id`` never changes. ``slot`` is the current time and room, ``scheduled`` those of the program's
    files when they were last published. ``min_minutes`` makes the session elastic: when the day slips
    it is shortened down to that length; ``pinned`` means it never moves. ``abstract`` is Markdown.
    ``guid`` is its identifier in another system, for exchange. ``added`` means that no file of the program has it: it
    was added to the running program, and ``scheduled`` is where it was put. ``warn_minutes`` and ``questions_minutes``
    are as in `StageTimes`; None: as for the whole program. ``steps`` are those of its line-up in the order in which
    they were taken (`app/domain/lineup.py`). ``removed_items`` are those that were added on the spot and taken away
    again: in no list, but their ids, which stand in addresses and codes, are never given to others. No file has these.
    """

    id: str
    title: str
    slot: Slot
    scheduled: Slot
    kind: str = "talk"
    speakers: tuple[str, ...] = ()
    abstract: str = ""
    items: tuple[Item, ...] = ()
    links: tuple[Link, ...] = ()
    track: str = ""
    language: str = ""
    guid: str = ""
    pinned: bool = False
    min_minutes: int | None = None
    warn_minutes: tuple[int, ...] | None = None
    questions_minutes: int | None = None
    cancelled: bool = False
    ended_by_hand: bool = False
    added: bool = False
    steps: tuple[ItemStep, ...] = ()
    removed_items: tuple[Item, ...] = ()
    sequence: int = 0
    created_at: datetime | None = None
    changed_at: datetime | None = None

    def with_items(self, items: Iterable[Item]) -> Session:
        """The session with these items in place of its own; one of its own that was added on the spot is removed."""
        found = tuple(items)
        left = {item.id for item in found}
        gone = (replace(item, absent=False) for item in self.items if item.added)
        removed = tuple(item for item in (*self.removed_items, *gone) if item.id not in left)
        return replace(self, items=found, removed_items=removed)

    @property
    def start(self) -> datetime:
        """The instant at which the session is now."""
        return self.slot.start

    @property
    def end(self) -> datetime:
        """The instant from which the session is no longer now."""
        return self.slot.end

    @property
    def minutes(self) -> int:
        """The length in minutes, rounded up."""
        return minutes_rounded_up(self.slot.length)

    @property
    def room(self) -> str | None:
        """The room's id, or None when the session is for all rooms."""
        return self.slot.room

    @property
    def status(self) -> Status:
        """``moved`` when start or room differs from the scheduled one; an end alone does not move it."""
        if self.cancelled:
            return "cancelled"
        same_place = (self.start, self.room) == (self.scheduled.start, self.scheduled.room)
        return "confirmed" if same_place else "moved"

    @property
    def tba(self) -> bool:
        """Whether the title is still to be announced."""
        return self.title == TBA

    @property
    def elastic(self) -> bool:
        """Whether the session may be shortened by a delay before it."""
        return self.min_minutes is not None and not self.pinned

    @property
    def is_talk(self) -> bool:
        """Whether somebody presents something: not a break, a meal, a panel or a ceremony."""
        return self.kind not in NOT_TALKS

    @property
    def has_boards(self) -> bool:
        """Whether its items have boards: in a session of posters or demos, or a break with some."""
        return bool(self.items) and self.kind in WITH_BOARDS

    @property
    def is_break(self) -> bool:
        """Whether nobody presents anything, so that nobody can be absent: a break, a meal or a party."""
        return self.kind in BREAK_KINDS

    @property
    def watch_opens(self) -> datetime | None:
        """The instant from which, until the end, links to watch the session are shown; None where it has none."""
        is_watchable = not self.cancelled and any(link.leads_to == "watch" for link in self.links)
        return self.start - WATCH_OPENS_BEFORE if is_watchable else None

    def order(self) -> tuple[datetime, datetime, str]:
        """Key of the program's order: start, then end, then id."""
        return (self.start, self.end, self.id)


def without_the_day(session: Session) -> Session:
    """A session where its program has it, as if nothing had been done on the day but what cancelled it."""
    items = as_planned(session.items)
    return replace(session, slot=session.scheduled, ended_by_hand=False, items=items, steps=(), removed_items=())
