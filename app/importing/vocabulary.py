"""The words that imports recognize, in several languages: the lists of `vocabulary.toml`, read once.

A list is named by the path of its tables and its key, such as "people.subjects". A name that is not in
the file is a KeyError when the module that uses it is loaded.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from app.domain.session_matching import normalized


def word_set(path: str) -> frozenset[str]:
    """The words of a list, casefolded, for comparison without case."""
    return frozenset(word.casefold() for word in _at(path))


def name_set(path: str) -> frozenset[str]:
    """The names of a list, normalized, for comparison without case, accents and punctuation."""
    return frozenset(map(normalized, _at(path)))


def lists(path: str, form: Callable[[str], str] = str) -> dict[str, tuple[str, ...]]:
    """The lists of a table in the file's order, their words in a form such as `str.casefold`; else as written."""
    return {key: tuple(map(form, found)) for key, found in _at(path).items()}


def by_name(lists: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """For each name of some lists the key of its list."""
    return {name: key for key, found in lists.items() for name in found}


def pattern(path: str) -> str:
    """A regular expression that matches one of a list's patterns."""
    return any_of(_at(path))


def kinds(path: str) -> tuple[tuple[str, str], ...]:
    """Kinds of session in the file's order, each with a regular expression for its titles."""
    return tuple((one["kind"], any_of(one["titles"])) for one in _at(path))


def any_of(patterns: Iterable[str]) -> str:
    """A regular expression that matches one of some patterns, the longest first."""
    return f"(?:{'|'.join(sorted(patterns, key=len, reverse=True))})"


def _at(path: str) -> Any:
    found: Any = _file()
    for key in path.split("."):
        found = found[key]
    return found


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
