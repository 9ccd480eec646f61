"""Where each table and key of a TOML text stands, since the parser does not say."""

from __future__ import annotations

import re
from collections.abc import Mapping

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


def lines_of(text: str) -> dict[Path, int]:
    """The line (from 1) of each table and of each key in it, by its path: ("day", 0, "session", 3, "time").

    What stands inside an array or an inline table has no entry: `line_of` gives the line of what holds it.
    """
    lines: dict[Path, int] = {(): 1}
    counts: dict[Path, int] = {}
    table: Path = ()
    depth = 0
    for number, line in enumerate(_OPAQUE.sub(_veiled, text).split("\n"), 1):
        if depth == 0 and (header := _HEADER.match(line)):
            table = _enter(_split(header[2]), counts, is_list=header[1] == "[[")
            lines[table] = number
        elif depth == 0 and (key := _KEY.match(line)):
            names = _split(key[1])
            for length in range(1, len(names) + 1):
                lines.setdefault((*table, *names[:length]), number)
        depth += sum(map(line.count, "[{")) - sum(map(line.count, "]}"))
    return lines


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """The line of the nearest table or key that holds a path."""
    while path not in lines:
        path = path[:-1]
    return lines[path]


def _veiled(match: re.Match[str]) -> str:
    """A plain name without its quotation marks; of anything else a mark, and its line ends."""
    found = match[0]
    if _QUOTED_NAME.fullmatch(found):
        return found[1:-1]
    return ("" if found.startswith("#") else "_") + "\n" * found.count("\n")


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(".")]


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
