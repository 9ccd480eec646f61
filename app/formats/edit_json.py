"""An edit as one line of JSON, for a form's hidden field and for the history."""

from __future__ import annotations

import json
from typing import get_args

from pydantic import TypeAdapter, ValidationError

from app.domain.edits.kinds import Edit
from app.domain.errors import EditRefused

_KINDS: dict[str, type[Edit]] = {kind.__name__: kind for kind in get_args(Edit)}
LONGEST = 10_000


def edit_to_json(edit: Edit) -> str:
    """The edit's kind and its fields; the same edit gives the same text."""
    kind = type(edit)
    fields = TypeAdapter(kind).dump_python(edit, mode="json", exclude_defaults=True)
    return json.dumps({"kind": kind.__name__, **fields}, ensure_ascii=False, sort_keys=True)


def edit_from_json(text: str) -> Edit:
    """The edit of such a line; raises `EditRefused` for any other text."""
    try:
        fields = json.loads(text[:LONGEST])
        kind = _KINDS[fields.pop("kind")]
        return TypeAdapter(kind).validate_python(_frozen(fields))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ValidationError) as error:
        raise EditRefused("this form does not hold an edit; reload the page") from error


def _frozen(fields: dict[str, object]) -> dict[str, object]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()}
