"""Where each table and key of a TOML text stands, since the parser does not say."""

from __future__ import annotations

import re

Path = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*([\w.\-]+)\s*\]\]?")
_KEY = re.compile(r"^\s*([\w\-]+)\s*=")
_FENCES = ('"""', "'''")


def lines_of(text: str) -> dict[Path, int]:
    """The line (from 1) of each table and of each key in it, by its path: ("day", 0, "session", 3, "time")."""
    lines: dict[Path, int] = {(): 1}
    counts: dict[Path, int] = {}
    table: Path = ()
    fence = ""
    for number, line in enumerate(text.splitlines(), 1):
        if fence:
            fence = "" if fence in line else fence
            continue
        if header := _HEADER.match(line):
            table = _enter(header[2].split("."), counts, is_list=header[1] == "[[")
            lines[table] = number
        elif key := _KEY.match(line):
            lines[(*table, key[1])] = number
            fence = next((mark for mark in _FENCES if line.count(mark) == 1), "")
    return lines


def line_of(lines: dict[Path, int], path: Path) -> int:
    """The line of the nearest table or key that holds a path."""
    while path not in lines:
        path = path[:-1]
    return lines[path]


def _enter(names: list[str], counts: dict[Path, int], *, is_list: bool) -> Path:
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
