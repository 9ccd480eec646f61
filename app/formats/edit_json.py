"""An edit as one line of JSON, for a form's hidden field and for the history."""

from __future__ import annotations

import json
from collections.abc import Container
from contextlib import suppress
from datetime import datetime
from functools import cache
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from app.domain.edits.edit_types import BackTo, ChangeContent, Edit, Explain, RecordedEdit
from app.domain.edits.outcome import EditRefused
from app.domain.instants import CONFERENCE_YEARS

_EDITS: dict[str, type[Edit]] = {kind.__name__: kind for kind in get_args(Edit)}
# What the history may hold besides: it is not made by a form, or former versions had it.
_RECORDED: dict[str, type[RecordedEdit]] = {
    **_EDITS,
    "BackTo": BackTo,
    "Explain": Explain,
    "Rename": ChangeContent,
    "ChangeSpeakers": ChangeContent,
}
_REFUSED = (ValueError, KeyError, TypeError, AttributeError, RecursionError, ValidationError)


def edit_to_json(edit: RecordedEdit) -> str:
    """The edit's name and those fields that differ from their defaults; the same edit gives the same text."""
    kind = type(edit).__name__
    fields = _adapter(kind).dump_python(edit, mode="json", exclude_defaults=True)
    # The iteration order of a set varies.
    fields |= {name: sorted(fields[name]) for name in ("push", "squeeze") if name in fields}
    return json.dumps({"edit": kind, **fields}, ensure_ascii=False, sort_keys=True)


def edit_from_json(text: str) -> Edit:
    """The edit that `edit_to_json` wrote, without pictures, which are sent as files; else raises `EditRefused`."""
    try:
        edit: Edit = _parsed(text, _EDITS)
        _check_instants(edit)
    except _REFUSED as error:
        raise EditRefused("this form does not hold an edit; reload the page") from error
    if getattr(edit, "pictures", ()):
        # Nothing was made of such a picture: it could be a drawing that holds anything.
        raise EditRefused("a picture is sent as a file")
    return edit


def recorded_edit(text: str | None) -> RecordedEdit | None:
    """The edit that the history recorded; None for none, and for one that this version cannot read."""
    with suppress(*_REFUSED):
        recorded: RecordedEdit = _parsed(text or "", _RECORDED)
        return recorded
    return None


def _parsed(text: str, edits: Container[str]) -> Any:
    fields = json.loads(text)
    # Former versions wrote the name of the edit as its kind.
    name = fields.pop("edit", None) or fields.pop("kind")
    if name not in edits:
        raise KeyError(name)
    return _adapter(name).validate_python(fields)


# Making one takes hundreds of times as long as reading an edit with it, and the history has many.
@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(_RECORDED[name])


def _check_instants(edit: Edit) -> None:
    for instant in (getattr(edit, "start", None), getattr(edit, "until", None)):
        if isinstance(instant, datetime) and (instant.utcoffset() is None or instant.year not in CONFERENCE_YEARS):
            raise ValueError(f"{instant} has no UTC offset, or a year outside CONFERENCE_YEARS")
