"""What the connections of a process share: limits on the bytes that all of them hold, and requests parsed before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from app.server.response_cache import BoundedDict, DatedResponses, ParsedRequest

# Of headers that are not complete, all connections together.
MOST_UNFINISHED_BYTES = 32 * 1024 * 1024
# That the network did not take yet, all connections together: 64 kB for each of 2,000 that do not read.
MOST_UNREAD_BYTES = 128 * 1024 * 1024
# Requests that are remembered as parsed.
MOST_PARSED = 256


class Abortable(Protocol):
    """A connection, as far as its bytes are counted here."""

    def abort(self) -> None:
        """Close the connection at once."""


class HeldBytes:
    """The bytes that connections hold; beyond ``most_bytes`` the one that has held some for longest is aborted."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._held_bytes = 0
        self._sizes: dict[Abortable, int] = {}

    def hold(self, connection: Abortable, size: int) -> None:
        """Note how many bytes a connection holds now."""
        self._held_bytes += size - self._sizes.get(connection, 0)
        self._sizes[connection] = size
        while self._held_bytes > self._most_bytes:
            oldest = next(iter(self._sizes))
            self.release(oldest)
            oldest.abort()

    def release(self, connection: Abortable) -> None:
        """Note that a connection holds none."""
        self._held_bytes -= self._sizes.pop(connection, 0)


@dataclass
class Shared:
    """What the connections of a process share.

    ``parsed`` maps the bytes of requests that had a stored response to what the parser made of them: browsers of one
    kind send the same bytes for a page, which are then not parsed again. ``unread`` are the bytes that clients have not
    read, ``unfinished`` those of headers that are not complete.
    """

    parsed: BoundedDict[bytes, ParsedRequest] = field(default_factory=lambda: BoundedDict(MOST_PARSED))
    dated: DatedResponses = field(default_factory=DatedResponses)
    unread: HeldBytes = field(default_factory=lambda: HeldBytes(MOST_UNREAD_BYTES))
    unfinished: HeldBytes = field(default_factory=lambda: HeldBytes(MOST_UNFINISHED_BYTES))
