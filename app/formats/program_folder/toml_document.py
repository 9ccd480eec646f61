"""A program's file as a tomlkit document: the line of each table and key, and the comments above each table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Item, Key, Table

Body = list[tuple[Key | None, Item]]
# Keys and positions in lists, from the whole file inwards: ("day", 0, "session", 3, "time").
Path = tuple[str | int, ...]


def parse_with_comments(text: str) -> tuple[tomlkit.TOMLDocument, str]:
    """The document of a TOML text, and the text below its last table.

    tomlkit keeps the comments and blank lines above a table's header at the end of the table
    before. Here they become the indent of the header itself, so that a table takes them along
    when it is moved or removed. Only the documents' and tables' `body` are valid afterwards,
    access by key is not. Raises `TOMLKitError` where tomlkit cannot read the text.
    """
    document = tomlkit.parse(text)
    tables = [(path, item) for path, item in walk(document.body) if isinstance(item, Table) and headed_tables(item)]
    if document.as_string() != text:
        # tomlkit moves the tables of a list next to each other; their comments are those of the order in the file.
        lines = line_numbers(text)
        tables.sort(key=lambda one: line_of(lines, one[0]))
    above = _cut_end(document.body)
    for _, table in tables:
        table.trivia.indent = above + table.trivia.indent
        above = _cut_end(table.value.body)
    return document, above


def walk(body: Body, path: Path = ()) -> Iterator[tuple[Path, Item]]:
    """The tables and keys in a body, at any depth, with their paths; a table comes before what is in it."""
    for key, item in body:
        if key is None:
            continue
        own = (*path, key.key)
        found: dict[Path, Item] = {own: item}
        if isinstance(item, AoT):
            found = {(*own, number): table for number, table in enumerate(item.body)}
        for place, one in found.items():
            yield place, one
            if isinstance(one, Table):
                yield from walk(one.value.body, place)


def headed_tables(item: Item) -> list[Table]:
    """The tables of an item that have headers: none for a value, and for a table in dotted keys."""
    if isinstance(item, AoT):
        return item.body
    return [item] if isinstance(item, Table) and not item.is_super_table() else []


def line_numbers(text: str) -> dict[Path, int]:
    """The line (from 1) of each table and of each key in it; of the whole file only, where tomlkit cannot read it.

    tomlkit does not report lines. So each line gets its number as a comment before it is parsed,
    except those in which a backslash at the end continues a text.
    """
    lines: dict[Path, int] = {(): 1}
    numbered = (
        line if line.rstrip().endswith("\\") else f"{line} #{number}"
        for number, line in enumerate(text.split("\n"), start=1)
    )
    try:
        document = tomlkit.parse("\n".join(numbered))
    except (TOMLKitError, RecursionError):
        return lines
    for path, item in walk(document.body):
        last = item.trivia.comment.rpartition("#")[2]
        if last.isdigit():
            first = int(last) - (0 if isinstance(item, Table) else item.as_string().count("\n"))
            for length in range(1, len(path) + 1):
                lines.setdefault(path[:length], first)
    return lines


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """The line of a table or key, else of the nearest one that holds it."""
    while path not in lines:
        path = path[:-1]
    return lines[path]


def _cut_end(body: Body) -> str:
    """Take the comments and blank lines after a table's own keys away."""
    end = next((place for place, (_, item) in enumerate(body) if headed_tables(item)), len(body))
    start = end
    while start and body[start - 1][0] is None:
        start -= 1
    text = "".join(item.as_string() for _, item in body[start:end])
    del body[start:end]
    return text
