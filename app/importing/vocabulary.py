"""The words that imports recognize, in several languages, and what they tell of a session: its kind, its state.

The lists of `vocabulary.toml` are read once. A list is named by the path of its tables and its key, such as
"people.subjects". A name that is not in the file is a KeyError when the module that uses it is loaded.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from app.domain.session_matching import normalized
from app.formats.slugs import slug

_FILE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def word_set(path: str) -> frozenset[str]:
    """The words of a list, casefolded, for comparison without case."""
    return frozenset(word.casefold() for word in _at(path))


def name_set(path: str) -> frozenset[str]:
    """The names of a list, normalized, for comparison without case, accents and punctuation."""
    return frozenset(map(normalized, _at(path)))


def word_lists(path: str, spelled: Callable[[str], str] = str.casefold) -> dict[str, tuple[str, ...]]:
    """The lists of a table in the file's order, their words casefolded, or spelled otherwise."""
    return {key: tuple(map(spelled, found)) for key, found in _at(path).items()}


def by_name(lists: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """For each name of some lists the key of its list."""
    return {name: key for key, found in lists.items() for name in found}


def pattern(path: str) -> str:
    """A regular expression that matches one of a list's patterns."""
    return any_of(_at(path))


def kinds(path: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Kinds of session in the file's order, each with a regular expression for its titles."""
    return tuple((one["kind"], re.compile(any_of(one["titles"]), re.IGNORECASE)) for one in _at(path))


def any_of(patterns: Iterable[str]) -> str:
    """A regular expression that matches one of some patterns, the longest first."""
    return f"(?:{'|'.join(sorted(patterns, key=len, reverse=True))})"


def _at(path: str) -> Any:
    found: Any = _FILE
    for key in path.split("."):
        found = found[key]
    return found


TALK = "talk"
LONGEST_TITLE = 120
LONGEST_KIND = 24
CANCELLED_STATES = word_set("sessions.cancelled") | {"withdrawn"}
UNSPECIFIC_KINDS = word_set("sessions.unspecific_kinds")
_KINDS, _LABELS = kinds("sessions.kinds"), kinds("sessions.labels")
# Such as: Invited talk 3, Keynote speaker.
LABEL = re.compile(
    rf"[\W_]*(?:{pattern('sessions.label_adjectives')}?\s*{pattern('sessions.label_nouns')}s?)\s*#?\d*\s*[\W_]*",
    re.IGNORECASE,
)
_LEADING_CANCELLED = re.compile(
    rf"[\[(]?\s*{pattern('sessions.cancelled')}\s*[\])]?\s*(?:[:\-–—!]\s*|(?<=[\])])\s*)", re.IGNORECASE
)


def kind_of_title(title: str) -> str:
    """The kind that a title's words tell; `talk` when they tell none."""
    bare = re.sub(r"^[\W_]+", "", title[:LONGEST_TITLE])
    return next((kind for kind, words in _KINDS if words.search(bare)), TALK)


def kind_of_word(word: str) -> str:
    """The kind by a source's name for it: `Coffee break` is a break, `devroom` a devroom; "" for none."""
    name = slug(word, longest=LONGEST_KIND)
    if not name or name in UNSPECIFIC_KINDS:
        return ""
    known = kind_of_title(word)
    if known != TALK:
        return known
    return next((kind for kind, words in _LABELS if words.match(word.strip())), name)


def without_cancelled(title: str) -> tuple[str, bool]:
    """A title without the word "cancelled" before it, and whether there was one."""
    match = _LEADING_CANCELLED.match(title)
    rest = title[match.end() :].strip() if match else ""
    return (rest, True) if rest else (title, False)
