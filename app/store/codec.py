"""Programs and differences as compressed JSON and back, without loss."""

from __future__ import annotations

import zlib
from functools import lru_cache

from pydantic import TypeAdapter

from app.domain.difference import Difference
from app.domain.program import Program

_PROGRAM: TypeAdapter[Program] = TypeAdapter(Program)
_DIFFERENCE: TypeAdapter[Difference] = TypeAdapter(Difference)


def pack(program: Program) -> bytes:
    """The whole program. Defaults are written too: another version of the service may have others."""
    return zlib.compress(_PROGRAM.dump_json(program))


# The latest revision is read by its publisher, by the next one and by whoever serves it.
@lru_cache(maxsize=4)
def unpack(packed: bytes) -> Program:
    """The program that was packed; the same object for the same bytes, while it is remembered."""
    return _PROGRAM.validate_json(zlib.decompress(packed))


def pack_difference(value: Difference) -> bytes:
    """What a revision changed."""
    return zlib.compress(_DIFFERENCE.dump_json(value))


def unpack_difference(packed: bytes) -> Difference:
    """The difference that was packed."""
    return _DIFFERENCE.validate_json(zlib.decompress(packed))
