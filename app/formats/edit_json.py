"""An edit as one line of JSON, for a form's hidden field and for the history."""

from __future__ import annotations

import json
from datetime import datetime
from typing import get_args

from pydantic import TypeAdapter, ValidationError

from app.domain.edits.edit_types import Edit
from app.domain.edits.outcome import EditRefused
from app.domain.instants import CONFERENCE_YEARS

_KINDS: dict[str, type[Edit]] = {kind.__name__: kind for kind in get_args(Edit)}


def edit_to_json(edit: Edit) -> str:
    """The edit's kind and those fields that differ from their defaults; the same edit gives the same text."""
    kind = type(edit)
    fields = TypeAdapter(kind).dump_python(edit, mode="json", exclude_defaults=True)
    if "push" in fields:
        # The iteration order of a set varies.
        fields["push"] = sorted(fields["push"])
    return json.dumps({"kind": kind.__name__, **fields}, ensure_ascii=False, sort_keys=True)


def edit_from_json(text: str) -> Edit:
    """The edit that `edit_to_json` wrote; raises `EditRefused` for any other text."""
    try:
        fields = json.loads(text)
        edit = TypeAdapter(_KINDS[fields.pop("kind")]).validate_python(fields)
        _check_instants(edit)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ValidationError) as error:
        raise EditRefused("this form does not hold an edit; reload the page") from error
    return edit


def _check_instants(edit: Edit) -> None:
    for instant in (getattr(edit, "start", None), getattr(edit, "until", None)):
        if isinstance(instant, datetime) and (instant.utcoffset() is None or instant.year not in CONFERENCE_YEARS):
            raise ValueError(f"{instant} has no UTC offset, or a year outside CONFERENCE_YEARS")
