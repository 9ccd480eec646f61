"""The bound on what this process keeps in memory to answer from: pages, feeds, the history, counts."""

from __future__ import annotations

import gc
import sys
from collections import OrderedDict
from collections.abc import Callable
from datetime import tzinfo

MEGABYTE = 1_000_000
ALLOWED_MEGABYTES = 64
# Of one response, as a part of all: a larger one would displace too many others.
LARGEST_PART = 4
# Without a public address, links in pages name the host that a client sent, so each host has pages of its own.
MOST_HOSTS = 8
# Hosts that asked once while no place was free; names have at most 253 letters (RFC 1035, 2.3.4), ports 6.
MOST_SEEN_HOSTS = 1_000
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

    The first hosts get the free places. Later ones get the place of the least recently used at their second request: a
    flood of made-up hosts displaces nobody, and no host holds its place for ever.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[str, None] = OrderedDict()
        self._seen: OrderedDict[str, None] = OrderedDict()

    def __contains__(self, host: str) -> bool:
        """Whether a host's pages are kept."""
        return host in self._kept

    def admit(self, host: str) -> tuple[bool, str | None]:
        """Whether a host's pages are kept, and the host that lost its place to it, if one did."""
        if host not in self._kept:
            if len(host) > LONGEST_HOST or (len(self._kept) >= MOST_HOSTS and not self._seen_before(host)):
                return False, None
            self._kept[host] = None
        self._kept.move_to_end(host)
        return True, self._kept.popitem(last=False)[0] if len(self._kept) > MOST_HOSTS else None

    def _seen_before(self, host: str) -> bool:
        if self._seen.pop(host, "new") is None:
            return True
        self._seen[host] = None
        if len(self._seen) > MOST_SEEN_HOSTS:
            self._seen.popitem(last=False)
        return False
