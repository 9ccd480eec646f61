"""What `/live` says: the bytes of a revision's events (HTML Standard, 9.2 Server-sent events)."""

from __future__ import annotations

from app.formats.json_program import announcement_json, change_json, to_bytes
from app.store.revisions import Entry

HEARTBEAT = b": alive\n\n"
# More is not sent to thousands at once: the page is asked for anew, which is cached.
LARGEST_BYTES = 64_000


def opening(number: int, retry_milliseconds: int) -> bytes:
    """The first words of a stream: how soon to come back once it is lost, and what the reader has by now.

    The id stands without data, so that browsers keep it and show no event.
    """
    return f"retry: {retry_milliseconds}\nid: {number}\n\n".encode()


def revision_events(entry: Entry) -> bytes:
    """An `announcement` event for each new announcement, and a `revision` event with what changed."""
    after = entry.difference.after
    said = (_event("announcement", announcement_json(after, one)) for one in entry.difference.announced)
    # The id comes last: who was cut off between the events gets all of them again.
    return b"".join((*said, _revision_event(entry)))


def _revision_event(entry: Entry) -> bytes:
    before, after = entry.difference.before, entry.difference.after
    if before is None or entry.difference.elsewhere:
        return reload_event(entry.number)
    data = {
        "revision": entry.number,
        "changes": [change_json(before, after, change) for change in entry.difference.sessions],
        "announcements": [announcement_json(after, one) for one in after.announcements],
    }
    event = _event("revision", data, entry.number)
    return event if len(event) <= LARGEST_BYTES else reload_event(entry.number)


def reload_event(number: int) -> bytes:
    """The number alone; null says that the page cannot be patched and is to be asked for anew."""
    return _event("revision", {"revision": number, "changes": None, "announcements": None}, number)


def _event(name: str, data: dict[str, object], number: int | None = None) -> bytes:
    numbered = f"id: {number}\n" if number is not None else ""
    return b"event: %s\n%sdata: %s\n\n" % (name.encode(), numbered.encode(), to_bytes(data))
