"""A program as text and back, without loss."""

from __future__ import annotations

import zlib

from pydantic import TypeAdapter

from app.domain.program import Program

_ADAPTER: TypeAdapter[Program] = TypeAdapter(Program)


def pack(program: Program) -> bytes:
    """The program as compressed JSON; each revision holds a whole one."""
    return zlib.compress(_ADAPTER.dump_json(program, exclude_defaults=True))


def unpack(packed: bytes) -> Program:
    """The program that was packed."""
    return _ADAPTER.validate_json(zlib.decompress(packed))
