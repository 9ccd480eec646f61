"""How much room a text needs on paper, before any browser has set it.

Widths are in ems and on the broad side (those of DejaVu Sans Bold), since nobody knows which
sans-serif the printing machine has: what fits here fits there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from functools import cache

POINT_MM = 25.4 / 72
SPACE = 0.36
# How wide type of the usual weight is, bold being 1.
REGULAR = 0.9
NARROW, USUAL, CAPITAL, BROAD = 0.42, 0.71, 0.83, 1.1
NARROW_LETTERS = frozenset("ijlftrI.,:;'|!()[]{}-‘’“”\"/\\")
BROAD_LETTERS = frozenset("mwMWOQ@%&…—–")


def ems(text: str) -> float:
    """The width of a text on one line."""
    return sum(map(_letter, text))


def lines(text: str, width: float) -> int:
    """How many lines of so many ems a text fills; a word that is longer than a line is broken."""
    count, used = 0, width
    for word in text.split():
        needed = ems(word)
        if used + SPACE + needed > width:
            count, used = count + 1, -SPACE
        while needed > width:
            count, needed = count + 1, needed - width + 1
        used += SPACE + needed
    return count


def longest_word(text: str) -> float:
    """The width of the longest word: a narrower line breaks it."""
    return max(map(ems, text.split()), default=0.0)


def shortened(text: str, width: float, most_lines: int) -> str:
    """The text, cut with "…" where it would fill more lines."""
    if lines(text, width) <= most_lines:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if lines(f"{text[:middle]}…", width) <= most_lines else (low, middle - 1)
    cut = text[:low]
    whole_words = cut.rpartition(" ")[0]
    return f"{(whole_words if len(whole_words) > low // 2 else cut).rstrip(' ,:;-')}…"


def some_of(names: Sequence[str], width: float, most_lines: int) -> str:
    """The names in one text, as many as so many lines hold: "Ada, Alan and 9 more"."""
    for count in range(len(names), 0, -1):
        rest = len(names) - count
        text = ", ".join(names[:count]) + (f" and {rest} more" if rest else "")
        if lines(text, width) <= most_lines:
            return text
    return shortened(", ".join(names), width, most_lines)


def largest(sizes: Sequence[float], fits: Callable[[float], bool]) -> float | None:
    """The first of the sizes, which fall, at which all fits; None where it fits at none."""
    return next((size for size in sizes if fits(size)), None)


@cache
def _letter(char: str) -> float:
    if char == " ":
        return SPACE
    if unicodedata.combining(char):
        return 0.0
    if char in BROAD_LETTERS or unicodedata.east_asian_width(char) in "WF":
        return BROAD
    if char in NARROW_LETTERS:
        return NARROW
    return CAPITAL if char.isupper() else USUAL
