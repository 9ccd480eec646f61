"""What `/live` says: the bytes of one revision's events (HTML Standard, 9.2 Server-sent events)."""

from __future__ import annotations

import json

from app.domain.changes import changed_sessions
from app.formats.json_program import announcement_json, change_json
from app.store.revisions import Revision

HEARTBEAT = b": alive\n\n"
# How soon a page that lost its stream asks again, in milliseconds.
OPENING = b"retry: 2000\n\n"


def revision_events(before: Revision, after: Revision) -> bytes:
    """A `revision` event with what changed, and an `announcement` event for each new announcement."""
    program = after.program
    known = set(before.program.announcements)
    new = [one for one in program.announcements if one not in known]
    data = {
        "revision": after.number,
        "changes": [
            change_json(before.program, program, change) for change in changed_sessions(before.program, program)
        ],
        "announcements": [announcement_json(program, one) for one in program.announcements],
    }
    # The id comes last: who was cut off between the two events gets both again.
    said = [_event("announcement", announcement_json(program, one)) for one in new]
    return b"".join((*said, _event("revision", data, after.number)))


def reload_event(number: int) -> bytes:
    """For a reader who missed too much: the revision's number alone, so that the page is asked for anew."""
    return _event("revision", {"revision": number, "changes": None, "announcements": None}, number)


def _event(name: str, data: object, number: int | None = None) -> bytes:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    numbered = f"id: {number}\n" if number is not None else ""
    return f"event: {name}\n{numbered}data: {text}\n\n".encode()
