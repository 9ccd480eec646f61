"""A cache bounded by the bytes that it takes in memory."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value", bound=str | bytes)

# Measured: what an entry takes beside its value.
ENTRY_BYTES = 170


class ByteCache(Generic[Value]):
    """Keeps what was made of texts, ``most_bytes`` in all; the least recently used go first. Thread-safe.

    Of the texts only hashes are kept: a text itself may be shared with others, so that nobody could count it.
    """

    def __init__(self, most_bytes: int) -> None:
        self.kept_bytes = 0
        self._most_bytes = most_bytes
        self._values: OrderedDict[bytes, Value] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        """How many values are kept."""
        return len(self._values)

    def get_or_make(self, text: str, make: Callable[[], Value]) -> Value:
        """The value of a text, made where it is not kept."""
        key = sha256(text.encode(errors="surrogatepass")).digest()
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            if key not in self._values:
                self._values[key] = value
                self.kept_bytes += _size(value)
            while self.kept_bytes > self._most_bytes:
                self.kept_bytes -= _size(self._values.popitem(last=False)[1])
        return value


def _size(value: str | bytes) -> int:
    return ENTRY_BYTES + sys.getsizeof(value)
