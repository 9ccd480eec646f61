"""What the JSON, the form and the query of a request may hold; checked before any view reads them."""

from __future__ import annotations

from itertools import chain
from typing import Any, NoReturn

from flask import Flask, abort, request
from flask.json.provider import DefaultJSONProvider

from app.domain.texts import control_characters

# No form has more fields, with the most speakers and links; only multipart ones are counted.
MOST_FORM_PARTS = 1000


class RequestJson(DefaultJSONProvider):
    """Reads what RFC 8259 calls JSON, with texts that can be stored; raises ValueError for anything else."""

    def loads(self, s: str | bytes, **options: Any) -> Any:
        """Parse one value."""
        try:
            value = super().loads(s, parse_constant=_refuse_constant, **options)
            _check_texts(value)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error
        return value


def install(app: Flask) -> None:
    """Read an app's JSON strictly, and refuse forms and queries with control characters."""
    app.json = RequestJson(app)
    app.config["MAX_FORM_PARTS"] = MOST_FORM_PARTS

    @app.before_request
    def _check_form_and_query() -> None:
        for name, value in chain(request.args.items(multi=True), request.form.items(multi=True)):
            if control_characters(name + value):
                abort(400, f"{name!a}: expected a text without control characters")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _check_texts(value: Any) -> None:
    if isinstance(value, str) and control_characters(value):
        raise ValueError("a text with control characters")
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        for one in value:
            _check_texts(one)
