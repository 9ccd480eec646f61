"""How wide texts are and how they break into lines, for paper and pictures.

A measure gives the width of a text on one line. `width_in_ems` estimates it for paper, by the wide letters of
DejaVu Sans Bold, since the sans-serif font of the printing machine is not known.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect
from collections.abc import Callable, Sequence
from functools import cache

Measure = Callable[[str], float]

POINT_MM = 25.4 / 72
# How wide type of regular weight is, relative to bold.
REGULAR = 0.9
SPACE, NARROW, USUAL, CAPITAL, BROAD = 0.36, 0.42, 0.71, 0.83, 1.1
NARROW_LETTERS = frozenset("ijlftrI.,:;'|!()[]{}-‘’“”\"/\\")
BROAD_LETTERS = frozenset("mwMWOQ@%&…—–")


def width_in_ems(text: str) -> float:
    """The estimated width of a text on one line, in ems."""
    return sum(map(_letter_width, text))


def wrap_lines(text: str, width: float, measure: Measure = width_in_ems) -> list[str]:
    """The lines of a text, broken between words, and within words that are wider than a line."""
    space = measure(" ")
    lines, line, used = [], "", 0.0
    for word in text.split():
        rest, needed = word, measure(word)
        if line and used + space + needed <= width:
            line, used = f"{line} {word}", used + space + needed
            continue
        if line:
            lines.append(line)
        while needed > width and len(rest) > 1:
            length = _letters_that_fit(rest, width, measure)
            lines.append(rest[:length])
            rest = rest[length:]
            needed = measure(rest)
        line, used = rest, needed
    return [*lines, line] if line else lines


def line_count(text: str, width: float) -> int:
    """The number of lines, each of ``width`` ems, that a text fills."""
    return len(wrap_lines(text, width))


def _letters_that_fit(text: str, width: float, measure: Measure) -> int:
    return _largest(len(text), lambda count: measure(text[:count]) <= width)


def longest_word(text: str) -> float:
    """The width of the longest word in ems; narrower lines break it."""
    return max(map(width_in_ems, text.split()), default=0.0)


def truncated(text: str, width: float, most_lines: int, measure: Measure = width_in_ems) -> str:
    """The text, cut off with "…" where it would fill more lines; at a word's end unless that loses half of it."""
    if len(wrap_lines(text, width, measure)) <= most_lines:
        return text
    cut = text[: _largest(len(text), lambda count: len(wrap_lines(f"{text[:count]}…", width, measure)) <= most_lines)]
    whole_words = cut.rpartition(" ")[0]
    return f"{(whole_words if len(whole_words) > len(cut) // 2 else cut).rstrip(' ,:;-')}…"


def names_that_fit(names: Sequence[str], width: float, most_lines: int) -> str:
    """As many names as fit in ``most_lines`` lines of ``width`` ems: "Ada, Alan and 9 more"."""
    for count in range(len(names), 0, -1):
        rest = len(names) - count
        text = ", ".join(names[:count]) + (f" and {rest} more" if rest else "")
        if line_count(text, width) <= most_lines:
            return text
    return truncated(", ".join(names), width, most_lines)


def largest_that_fits(sizes: Sequence[float], fits: Callable[[float], bool]) -> float | None:
    """The first of the descending sizes for which ``fits`` holds; None where there is none."""
    return next((size for size in sizes if fits(size)), None)


def _largest(most: int, fits: Callable[[int], bool]) -> int:
    """The largest number from 1 to ``most`` for which ``fits`` holds, by bisection; 1 where there is none."""
    return max(1, bisect(range(1, most + 1), False, key=lambda count: not fits(count)))


@cache
def _letter_width(char: str) -> float:
    if char == " ":
        return SPACE
    if unicodedata.combining(char):
        return 0.0
    if char in BROAD_LETTERS or unicodedata.east_asian_width(char) in "WF":
        return BROAD
    if char in NARROW_LETTERS:
        return NARROW
    return CAPITAL if char.isupper() else USUAL
