"""Reading server-sent events, as HTML Standard 9.2.6 tells a browser to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Event:
    """One event, with the id that the browser has kept by then."""

    name: str
    id: str
    data: dict[str, Any]


def read_events(stream: bytes) -> list[Event]:
    """The events of a stream that a browser would fire; comments and blocks without data are none."""
    events: list[Event] = []
    last_id = ""
    for block in stream.decode().split("\n\n")[:-1]:
        fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
        last_id = fields.get("id", last_id)
        if "data" in fields:
            events.append(Event(fields.get("event", "message"), last_id, json.loads(fields["data"])))
    return events


def read_news(stream: bytes) -> list[Event]:
    """The events of a stream without its heartbeats."""
    return [event for event in read_events(stream) if event.name != "time"]
