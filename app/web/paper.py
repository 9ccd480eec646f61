"""Papers, and how listings are laid out on them.

Lengths are in millimetres, sizes of type in points. The style sheets `css/print*.css` draw the same
measures; a browser test holds the two together.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.domain.session import Session
from app.web import fitting
from app.web.fitting import REGULAR

LINE = 1.2


@dataclass(frozen=True)
class Paper:
    """A paper's measures, and those of its quarter."""

    name: str
    label: str
    width: float
    height: float


PAPERS = {"a4": Paper("a4", "A4", 210, 297), "letter": Paper("letter", "Letter", 215.9, 279.4)}


@dataclass(frozen=True)
class Entry:
    """A session as it is printed: its title and people, shortened where nothing else would do."""

    session: Session
    title: str
    people: str
    room: str
    tag: str = ""


class Columns(NamedTuple):
    """The widths of title, people and room, in ems of bold type of their own size; 0: there is no such column."""

    title: float
    people: float
    room: float = 0


@dataclass(frozen=True)
class Form(ABC):
    """How a sort of listing is laid out on a paper: its sizes of type, the largest first, and its columns."""

    sizes: Sequence[float]
    padding_ems: float

    @abstractmethod
    def area(self, paper: Paper) -> tuple[float, float]:
        """Width and height of the list."""

    @abstractmethod
    def columns(self, width_ems: float, several_rooms: bool) -> Columns:
        """What the time, so many ems of the whole, leaves to each."""

    @abstractmethod
    def height_ems(self, entry: Entry, columns: Columns) -> float:
        """How high an entry is without its padding."""


@dataclass(frozen=True)
class Door(Form):
    """A door sign: large type, the people below the title."""

    sizes: Sequence[float] = (20, 18, 16, 14, 13, 12, 11, 10, 9, 8)
    padding_ems: float = 0.9

    def area(self, paper: Paper) -> tuple[float, float]:
        """What margins of 15, a head of 58 and a foot of 10 leave."""
        return paper.width - 30, paper.height - 30 - 58 - 10

    def columns(self, width_ems: float, several_rooms: bool) -> Columns:  # noqa: ARG002 - one room
        """Title and people share the width that the time leaves."""
        return Columns(width_ems - 8, (width_ems - 8) / 0.8 / REGULAR)

    def height_ems(self, entry: Entry, columns: Columns) -> float:
        """Title, then people in smaller type."""
        below = fitting.lines(entry.people, columns.people) + fitting.lines(entry.tag, columns.people)
        return (fitting.lines(entry.title, columns.title) + 0.8 * below) * LINE


@dataclass(frozen=True)
class Programme(Form):
    """The programme on one page: time, title, people and, where there are several, room in columns."""

    sizes: Sequence[float] = (15, 14, 13, 12, 11, 10, 9, 8, 7)
    padding_ems: float = 0.7

    def area(self, paper: Paper) -> tuple[float, float]:
        """What margins of 15, a head of 44 and a foot of 10 leave."""
        return paper.width - 30, paper.height - 30 - 44 - 10

    def columns(self, width_ems: float, several_rooms: bool) -> Columns:
        """Shares of what the time and the gaps leave."""
        if several_rooms:
            rest = width_ems - 8 - 2
            return Columns(rest * 0.5, rest * 0.28 / REGULAR, rest * 0.22 / REGULAR)
        rest = width_ems - 8 - 1
        return Columns(rest * 0.68, rest * 0.32 / REGULAR)

    def height_ems(self, entry: Entry, columns: Columns) -> float:
        """The highest of the columns."""
        title = fitting.lines(entry.title, columns.title) + fitting.lines(entry.tag, columns.title)
        others = (
            fitting.lines(entry.people, columns.people),
            fitting.lines(entry.room, columns.room) if columns.room else 0,
        )
        return max(title, *others) * LINE


@dataclass(frozen=True)
class Badge(Form):
    """An agenda of a badge's size, a quarter of a sheet: the people run into the title."""

    sizes: Sequence[float] = (10, 9, 8.5, 8, 7.5, 7, 6.5, 6)
    padding_ems: float = 0.5

    def area(self, paper: Paper) -> tuple[float, float]:
        """What margins of 8, a head of 28 and a foot of 5 leave of the quarter."""
        return paper.width / 2 - 16, paper.height / 2 - 16 - 28 - 5

    def columns(self, width_ems: float, several_rooms: bool) -> Columns:
        """All share the width that the time leaves."""
        rest = width_ems - 4
        return Columns(rest, rest, rest if several_rooms else 0)

    def height_ems(self, entry: Entry, columns: Columns) -> float:
        """Title, people, room and what changed, one after the other."""
        room = entry.room if columns.room else ""
        return fitting.lines(f"{entry.title} {entry.people} {room} {entry.tag}", columns.title) * LINE


DOOR, PROGRAMME, BADGE = Door(), Programme(), Badge()
