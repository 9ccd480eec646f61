"""A body that ends with the instant of its answer: all before that is kept, and compressed once.

Its gzip form is one member (RFC 1952) whose last deflate block is a stored one (RFC 1951, 3.2.4) with the end.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

# No name, no time, compressed as small as it gets, from an unknown system.
_MEMBER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_RAW_DEFLATE = -zlib.MAX_WBITS
_BITS_32 = 0xFFFF_FFFF
_last_block = struct.Struct("<BHH").pack
_checks = struct.Struct("<II").pack

Ending = Callable[[datetime], bytes]


@dataclass(frozen=True, slots=True)
class TimedBody:
    """What is kept: the ``start``, how it ends at an instant, in less than 64 kB, and the start compressed."""

    start: bytes
    ending: Ending
    packed: bytes
    checksum: int

    @classmethod
    def of(cls, start: bytes, ending: Ending) -> TimedBody:
        """Compress a start."""
        deflate = zlib.compressobj(zlib.Z_BEST_COMPRESSION, zlib.DEFLATED, _RAW_DEFLATE)
        # After a flush the next block begins with a byte of its own.
        packed = _MEMBER + deflate.compress(start) + deflate.flush(zlib.Z_SYNC_FLUSH)
        return cls(start, ending, packed, zlib.crc32(start))

    def plain(self, now: datetime) -> bytes:
        """The whole body at an instant."""
        return self.start + self.ending(now)

    def gzip(self, now: datetime) -> bytes:
        """The whole body at an instant, as gzip."""
        end = self.ending(now)
        block = _last_block(1, len(end), len(end) ^ 0xFFFF)
        checks = _checks(zlib.crc32(end, self.checksum), (len(self.start) + len(end)) & _BITS_32)
        return b"".join((self.packed, block, end, checks))
