"""A faulty program made whole, so that what else is wrong with it is found in the same check.

Nothing of what stands in here is ever published: it only lets the check go on.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from app.formats.folder.schema import ProgramTable
from app.formats.folder.toml_lines import Path

_SOME_DAY = dt.date(2000, 1, 1)
_STAND_INS: Mapping[str, Any] = {
    "domain": "invalid",
    "title": "?",
    "name": "?",
    "label": "?",
    "timezone": "UTC",
    "url": "https://invalid/",
    "time": "00:00-00:00",
    "date": _SOME_DAY,
}
_EITHER = {"day", "at"}


def mended(data: Mapping[str, Any], problems: Sequence[Mapping[str, Any]]) -> ProgramTable | None:
    """The program with every faulty value left out, or replaced where it is needed.

    None where a whole list is faulty: all that refers to it would look faulty as well.
    """
    found = [(_whole_list(tuple(problem["loc"])), problem["type"]) for problem in problems]
    if any(len(path) == 1 and isinstance(data.get(str(path[0])), (list, dict)) for path, _ in found):
        return None
    whole = copy.deepcopy(dict(data))
    for number, (path, kind) in enumerate(sorted(found, key=lambda one: len(one[0]), reverse=True)):
        _mend(_table_at(whole, path[:-1]), str(path[-1]), f"unnamed-{number}", needed=kind != "extra_forbidden")
    try:
        return ProgramTable.model_validate(whole)
    except ValidationError:
        return None


def _whole_list(path: Path) -> Path:
    """A list loses all its values together, so that its neighbours keep their places."""
    return path[:-1] if isinstance(path[-1], int) else path


def _table_at(whole: dict[str, Any], path: Path) -> dict[str, Any]:
    table: Any = whole
    for part in path:
        table = table[part]
    found: dict[str, Any] = table
    return found


def _mend(table: dict[str, Any], key: str, name: str, *, needed: bool) -> None:
    table.pop(key, None)
    if not needed:
        return
    if key == "id":
        table[key] = name
    elif key in _STAND_INS:
        table[key] = _STAND_INS[key]
    elif key in _EITHER and not _EITHER & table.keys():
        table["day"] = _SOME_DAY
