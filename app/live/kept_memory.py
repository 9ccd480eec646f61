"""The bound on what this process keeps in memory to answer from: pages, feeds, the history, counts."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from datetime import tzinfo

MEGABYTE = 1_000_000
ALLOWED_MEGABYTES = 64
# Of one response, as a part of all: a larger one would displace too many others.
LARGEST_PART = 4
# Without a public address, links in pages name the host that a client sent, so each host has pages of its own.
MOST_HOSTS = 8
HOST_IDLE_SECONDS = 600
# Names have at most 253 letters (RFC 1035, 2.3.4), ports 6.
LONGEST_HOST = len("https://") + 253 + 6


def size_of(value: object) -> int:
    """The bytes that a value takes in memory, with all that it is made of; classes and zones belong to the program."""
    found: dict[int, object] = {}
    todo = [value]
    while todo:
        one = todo.pop()
        if id(one) not in found and not isinstance(one, type | tzinfo):
            found[id(one)] = one
            todo += gc.get_referents(one)
    return sum(map(sys.getsizeof, found.values()))


class KeptMemory:
    """What all keepers hold, of ``allowed_bytes``.

    ``keepers`` say by name how many bytes each holds, measured with the overhead of its objects. `Editions` makes room:
    pages can be rendered again. ``evictions`` counts how often it did; copies of responses are to be dropped then.
    """

    def __init__(self, allowed_bytes: int = ALLOWED_MEGABYTES * MEGABYTE) -> None:
        self.allowed_bytes = allowed_bytes
        self.keepers: dict[str, Callable[[], int]] = {}
        self.evictions = 0

    @property
    def kept_bytes(self) -> int:
        """What all keepers hold now."""
        return sum(keeper() for keeper in tuple(self.keepers.values()))

    @property
    def free_bytes(self) -> int:
        """What may still be kept; negative where room is to be made."""
        return self.allowed_bytes - self.kept_bytes

    @property
    def largest_response_bytes(self) -> int:
        """Larger responses are sent and not kept."""
        return self.allowed_bytes // LARGEST_PART


class KeptHosts:
    """The few hosts whose pages are kept. Not thread-safe.

    The first hosts get the free places. A later one gets the place of a host that nobody has used for
    `HOST_IDLE_SECONDS`: made-up hosts displace none that is in use.
    """

    def __init__(self) -> None:
        self._used_at: dict[str, float] = {}

    def use(self, host: str, seconds: float) -> None:
        """Note that a host is used, at so many seconds of a clock that never goes back."""
        if host in self._used_at:
            self._used_at[host] = seconds

    def has_place(self, host: str, seconds: float) -> bool:
        """Whether a host's pages are kept, or would be."""
        return host in self._used_at or (len(host) <= LONGEST_HOST and self._can_take(seconds))

    def admit(self, host: str, seconds: float) -> tuple[bool, str | None]:
        """Whether a host's pages are kept, and the host that lost its place to it, if one did."""
        if not self.has_place(host, seconds):
            return False, None
        displaced = None
        if host not in self._used_at and len(self._used_at) >= MOST_HOSTS:
            displaced = min(self._used_at, key=self._used_at.__getitem__)
            del self._used_at[displaced]
        self._used_at[host] = seconds
        return True, displaced

    def _can_take(self, seconds: float) -> bool:
        return len(self._used_at) < MOST_HOSTS or min(self._used_at.values()) <= seconds - HOST_IDLE_SECONDS
