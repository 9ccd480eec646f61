"""Replaces faulty values of a program by stand-ins, so that one check finds the other faults too.

A program with stand-ins is never published.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import getitem
from typing import Any

from pydantic import ValidationError

from app.formats.program_folder.schema import ProgramTable

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
_ONE_REQUIRED = {"day", "at"}


def with_stand_ins(data: dict[str, Any], problems: Sequence[Mapping[str, Any]]) -> ProgramTable | None:
    """The program without the values that pydantic reports, with stand-ins for those that are required.

    None where a whole list or table is faulty: whatever refers to it would be reported as well.
    """
    # A faulty value in a list removes the list, since the positions of the other values must stay valid.
    found = [(path[:-1] if isinstance(path[-1], int) else path, kind) for path, kind in map(_path_and_type, problems)]
    if any(len(path) == 1 and isinstance(data.get(path[0]), (list, dict)) for path, _ in found):
        return None
    whole = copy.deepcopy(data)
    for number, (path, kind) in enumerate(sorted(found, key=lambda one: len(one[0]), reverse=True)):
        table: dict[str, Any] = reduce(getitem, path[:-1], whole)
        table.pop(path[-1], None)
        if kind != "extra_forbidden":
            _put_stand_in(table, path[-1], f"unnamed-{number}")
    try:
        return ProgramTable.model_validate(whole)
    except ValidationError:
        return None


def _path_and_type(problem: Mapping[str, Any]) -> tuple[tuple[Any, ...], str]:
    return tuple(problem["loc"]), problem["type"]


def _put_stand_in(table: dict[str, Any], key: str, name: str) -> None:
    if key == "id":
        table[key] = name
    elif key in _STAND_INS:
        table[key] = _STAND_INS[key]
    elif key in _ONE_REQUIRED and not _ONE_REQUIRED & table.keys():
        table["day"] = _SOME_DAY
