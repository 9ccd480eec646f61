"""What an import says about itself: what it took, what it guessed, what it left."""

from __future__ import annotations

from typing import Literal

Sort = Literal["took", "guessed", "left"]

EXAMPLES_SHOWN = 3
LONGEST_EXAMPLE = 60


class Notes:
    """Gathers remarks during one import; the same remark on many things becomes one line."""

    def __init__(self) -> None:
        self._lines: dict[Sort, dict[str, list[str]]] = {"took": {}, "guessed": {}, "left": {}}

    def took(self, remark: str, thing: str = "") -> None:
        """Something that the program now has."""
        self._add("took", remark, thing)

    def guessed(self, remark: str, thing: str = "") -> None:
        """Something the source does not say outright."""
        self._add("guessed", remark, thing)

    def left(self, remark: str, thing: str = "") -> None:
        """Something of the source that the program does not have."""
        self._add("left", remark, thing)

    def lines(self, sort: Sort) -> list[str]:
        """One line for each remark, with its first few examples and the count of the rest."""
        return [_line(remark, things) for remark, things in self._lines[sort].items()]

    def _add(self, sort: Sort, remark: str, thing: str) -> None:
        things = self._lines[sort].setdefault(remark, [])
        if thing:
            things.append(thing)


def _line(remark: str, things: list[str]) -> str:
    if not things:
        return remark
    shown = ", ".join(_short(thing) for thing in things[:EXAMPLES_SHOWN])
    more = len(things) - EXAMPLES_SHOWN
    return f"{remark}: {shown} and {more} more" if more > 0 else f"{remark}: {shown}"


def _short(thing: str) -> str:
    return thing if len(thing) <= LONGEST_EXAMPLE else thing[: LONGEST_EXAMPLE - 1] + "…"
