"""The bounds of every text that people type or files hold: its length and its characters.

The names in the tables are those of fields, in programs, program folders, edits and forms alike.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from app.domain.errors import AgendaError

Value = TypeVar("Value")

# The most characters (code points) of a text; of any other field `LONGEST_OTHER`.
LONGEST = {
    "title": 300,
    "subtitle": 300,
    "name": 200,
    "names": 2_000,
    "note": 500,
    "text": 500,
    "label": 200,
    "cue": 60,
    "url": 2_000,
    "own_pages": 2_000,
    "affiliation": 2_000,
    "abstract": 20_000,
    "biography": 20_000,
    "description": 20_000,
    "for_speakers": 20_000,
    "guid": 2_000,
    "body": 200_000,
    "item_lines": 20_000,
    "search": 100,
    "floor": 40,
    "directions": 1_000,
    "svg": 20_000,
    "own_page": 2_000,
}
LONGEST_OTHER = 200
# The most entries of a list.
MOST = {"speakers": 100, "people": 100, "affiliations": 20, "authors": 1_000, "links": 100, "items": 20_000}
MOST |= {"track": 100, "tracks": 100, "before": 8, "after": 8}
# What people may type on several lines; in files any text may have some.
MULTI_LINE = frozenset({"abstract", "biography", "description", "body", "text", "address", "item_lines", "directions"})
MULTI_LINE |= {"for_speakers"}
LINE_CONTROLS = frozenset("\t\n\r\u2028\u2029")
# The bidirectional classes that override the order of letters (UAX 9, 2.2); embeddings and isolates mislead nobody.
_OVERRIDES = frozenset({"LRO", "RLO"})
# The last two code points of each plane are no characters, and XML cannot hold those of the first.
_NONCHARACTER = 0xFFFE
# Letters, numbers, punctuation and symbols; what joins or marks them is seen only with one of these.
_VISIBLE = frozenset("LNPS")


class BadText(AgendaError):
    """A text, or a list of them, that the bounds refuse; ``field`` names it."""

    def __init__(self, field: str, expected: str) -> None:
        super().__init__(f"{field.replace('_', ' ')}: {expected}")
        self.field = field


def control_characters(text: str) -> set[str]:
    """The control characters and lone surrogates of a text, other than tabs and line ends."""
    return {one for one in set(text) if unicodedata.category(one) in {"Cc", "Cs"}} - LINE_CONTROLS


def forbidden_characters(text: str) -> set[str]:
    """What no text may hold: control characters, noncharacters, and what overrides the direction of writing.

    Joiners are allowed: words of many scripts, and emoji, need them. So are embeddings and isolates: titles in Arabic
    or Hebrew and copied phone numbers have some.
    """
    if text.isascii() and text.isprintable():
        return set()
    return control_characters(text) | {
        one
        for one in set(text)
        if ord(one) & _NONCHARACTER == _NONCHARACTER or unicodedata.bidirectional(one) in _OVERRIDES
    }


def is_visible(text: str) -> bool:
    """Whether something of a text can be seen."""
    return any(unicodedata.category(one)[0] in _VISIBLE for one in set(text))


def longest_of(field: str) -> int:
    """The most characters of a field."""
    return LONGEST.get(field, LONGEST_OTHER)


def most_of(field: str, entries: tuple[object, ...]) -> int:
    """The most entries of a list. A program's own ``speakers`` are people, not their ids, and without a bound."""
    bounded = field != "speakers" or not any(map(is_dataclass, entries[:1]))
    return MOST.get(field, len(entries)) if bounded else len(entries)


def text_fault(field: str, value: object) -> str | None:
    """What was expected of a text, or of a tuple of them; None where it is within the bounds, and of other values."""
    if isinstance(value, tuple):
        most = most_of(field, value)
        return f"at most {most:,} entries, not {len(value):,}" if len(value) > most else None
    if not isinstance(value, str):
        return None
    if len(value) > longest_of(field):
        return f"at most {longest_of(field):,} characters, this one has {len(value):,}"
    if bad := forbidden_characters(value):
        code, name = ord(min(bad)), unicodedata.name(min(bad), "unprintable")
        return f"a text without U+{code:04X} ({name.lower()})"
    return "a text that can be seen" if value.strip() and not is_visible(value) else None


def checked(field: str, value: Value) -> Value:
    """What somebody typed into a field; raises `BadText` where it is out of bounds."""
    if fault := text_fault(field, value):
        raise BadText(field, fault)
    if isinstance(value, str) and field not in MULTI_LINE and LINE_CONTROLS.intersection(value):
        raise BadText(field, "one line of text")
    return value


def check_all(value: object) -> None:
    """Check the texts and lists of a dataclass, at any depth; raises `BadText`."""
    changed_texts(value, checked)


def changed_texts(value: Any, change: Callable[[str, Any], Any], field: str = "") -> Any:
    """A value with its texts and tuples changed, at any depth; ``change`` gets the name of their field."""
    if isinstance(value, str):
        return change(field, value)
    if isinstance(value, tuple):
        return tuple(changed_texts(one, change, field) for one in change(field, value))
    if not is_dataclass(value) or isinstance(value, type):
        return value
    old = {one.name: getattr(value, one.name) for one in fields(value)}
    new = {name: changed_texts(one, change, name) for name, one in old.items()}
    return value if new == old else replace(value, **new)
