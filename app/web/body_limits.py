"""How large the body of a request to Flask may be; `app.server.front_door` has the same rule before it reads one."""

from __future__ import annotations

from flask import Flask, abort, request

from app.web.address_traits import traits_of
from app.web.organizer.signed_in_person import signed_in
from app.web.request_policy import LARGEST_BODY, LARGEST_FILE


def install(app: Flask) -> None:
    """Refuse larger bodies before anything reads them."""
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY

    @app.before_request
    def _check_length() -> None:
        length = request.content_length or 0
        if length <= LARGEST_BODY:
            return
        if length > LARGEST_FILE + LARGEST_BODY or not _may_send_files():
            abort(413)
        request.max_content_length = LARGEST_FILE + LARGEST_BODY


def _may_send_files() -> bool:
    traits = traits_of(request.url_rule)
    return traits.takes_files and (found := signed_in()) is not None and found.editor.role in traits.roles
