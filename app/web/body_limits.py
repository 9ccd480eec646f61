"""How large the body of a request to Flask may be; `app.server.front_door` has the same rule before it reads one."""

from __future__ import annotations

from flask import Flask, abort, request

from app.web.address_traits import traits_of
from app.web.organizer.signed_in_person import signed_in
from app.web.request_policy import LARGEST_BODY


def install(app: Flask) -> None:
    """Refuse larger bodies before anything reads them."""
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY

    @app.before_request
    def _check_length() -> None:
        length = request.content_length or 0
        if length <= LARGEST_BODY:
            return
        largest = _largest_file() + LARGEST_BODY
        if length > largest:
            abort(413)
        request.max_content_length = largest


def _largest_file() -> int:
    """Of how many bytes a file in this request may be; 0 where it may have none."""
    traits = traits_of(request.url_rule)
    if traits.takes_file is None or (found := signed_in()) is None or found.editor.role not in traits.roles:
        return 0
    return traits.takes_file.largest
