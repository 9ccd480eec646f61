"""TOML as people write it: one key a line, prose in lines, long lists in lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import TypeVar

from app.domain.session import Link

Value = str | bool | float | date | None  # an int is a float here, a datetime a date
Row = TypeVar("Row")
LONGEST_LINE = 100


def pair(key: str, value: Value) -> Iterator[str]:
    """`key = value` where there is a value: an empty text, False and None are what a key that is absent says."""
    if value is None or value == "" or value is False:
        return
    yield f"{key} = {literal(value)}"


def literal(value: str | bool | float | date) -> str:
    """A value on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return quoted(value)
    return value.isoformat() if isinstance(value, date) else repr(value)


def quoted(text: str) -> str:
    """A basic string; TOML's escapes are JSON's, but for DEL, which TOML does not take as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def prose(key: str, text: str) -> Iterator[str]:
    """A text in lines between three quotation marks, each on a line of its own; a short one on one line.

    A reader takes the last line end away, so a text that ends in one gets another.
    """
    if "\n" not in text and len(text) < LONGEST_LINE:
        yield from pair(key, text)
        return
    yield f'{key} = """'
    yield from map(_inner, text.split("\n"))
    yield '"""'


def texts(key: str, values: Sequence[str]) -> Iterator[str]:
    """A list of texts, where there are any."""
    yield from _array(key, [quoted(value) for value in values])


def links(key: str, values: Sequence[Link]) -> Iterator[str]:
    """A list of labelled addresses, where there are any."""
    yield from _array(key, [f"{{label = {quoted(one.label)}, url = {quoted(one.url)}}}" for one in values])


def tables(header: str, rows: Callable[[Row], Iterable[str]], values: Iterable[Row]) -> Iterator[str]:
    """A table of each value under its header, and an empty line after it."""
    for value in values:
        yield header
        yield from rows(value)
        yield ""


def _array(key: str, values: Sequence[str]) -> Iterator[str]:
    line = f"{key} = [{', '.join(values)}]"
    if not values:
        return
    if len(line) <= LONGEST_LINE:
        yield line
        return
    yield f"{key} = ["
    yield from (f"    {value}," for value in values)
    yield "]"


def _inner(line: str) -> str:
    """One line between three quotation marks: single ones may stand in it as they are."""
    escaped = quoted(line)[1:-1]
    return escaped if '""' in line else escaped.replace('\\"', '"')
