"""Where each table and key of a TOML text stands, since the parser does not say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

Path = tuple[str | int, ...]

# Strings and comments: whatever brackets and equals signs they hold are not TOML's. (TOML 1.0, "String".)
_OPAQUE = re.compile(
    r'"""(?:[^"\\]++|\\.|"(?!""))*+"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]++|\\.)*+"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*",
    re.DOTALL,
)
_QUOTED_NAME = re.compile(r"""["'][\w-]+["']""")
_NAMES = r"[\w-]+(?:[ \t]*\.[ \t]*[\w-]+)*"
_HEADER = re.compile(rf"[ \t]*(\[\[?)[ \t]*({_NAMES})[ \t]*\]")
_KEY = re.compile(rf"[ \t]*({_NAMES})[ \t]*=")


@dataclass(frozen=True, slots=True)
class Statement:
    """A key or a table's header: its names, and its first and last line (from 1)."""

    sort: Literal["key", "table", "list"]
    names: tuple[str, ...]
    first: int
    last: int


def statements(text: str) -> Iterator[Statement]:
    """The keys and headers of a TOML text in order; what is between them are comments and empty lines."""
    begun: Statement | None = None
    depth = 0
    for number, line in enumerate(_OPAQUE.sub(_veiled, text).split("\n"), 1):
        if depth == 0 and (found := _begins(line, number)):
            if begun:
                yield begun
            begun = found
        elif begun and line.strip():
            begun = replace(begun, last=number)
        depth += sum(map(line.count, "[{")) - sum(map(line.count, "]}"))
    if begun:
        yield begun


def lines_of(text: str) -> dict[Path, int]:
    """The line (from 1) of each table and of each key in it, by its path: ("day", 0, "session", 3, "time").

    What stands inside an array or an inline table has no entry: `line_of` gives the line of what holds it.
    """
    lines: dict[Path, int] = {(): 1}
    counts: dict[Path, int] = {}
    table: Path = ()
    for one in statements(text):
        if one.sort == "key":
            for length in range(1, len(one.names) + 1):
                lines.setdefault((*table, *one.names[:length]), one.first)
        else:
            table = _enter(one.names, counts, is_list=one.sort == "list")
            lines[table] = one.first
    return lines


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """The line of the nearest table or key that holds a path."""
    while path not in lines:
        path = path[:-1]
    return lines[path]


def comment_of(line: str) -> str:
    """The comment at the end of a line that is whole in itself, with the space before it; "" where there is none."""
    for found in _OPAQUE.finditer(line):
        if found[0].startswith("#"):
            return line[len(line[: found.start()].rstrip()) :]
    return ""


def _begins(line: str, number: int) -> Statement | None:
    if header := _HEADER.match(line):
        return Statement("list" if header[1] == "[[" else "table", _split(header[2]), number, number)
    if key := _KEY.match(line):
        return Statement("key", _split(key[1]), number, number)
    return None


def _veiled(match: re.Match[str]) -> str:
    """A plain name without its quotation marks; of anything else a mark on its first and last line."""
    found = match[0]
    if _QUOTED_NAME.fullmatch(found):
        return found[1:-1]
    if found.startswith("#"):
        return ""
    ends = found.count("\n")
    return "_" + "\n" * ends + "_" * bool(ends)


def _split(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split("."))


def _enter(names: tuple[str, ...], counts: dict[Path, int], *, is_list: bool) -> Path:
    """The path of a table: inside a list of tables it is the one begun last."""
    path: Path = ()
    for name in names[:-1]:
        path = (*path, name)
        if path in counts:
            path = (*path, counts[path] - 1)
    path = (*path, names[-1])
    if not is_list:
        return path
    counts[path] = counts.get(path, 0) + 1
    return (*path, counts[path] - 1)
