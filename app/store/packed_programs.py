"""Programs as bytes, in parts: what an edit leaves alone is neither written nor read again.

The form: `VERSION`, then each part as a letter that says what it is, its length in four bytes (most significant first),
and its JSON, compressed by zlib (RFC 1950). Programs of older versions of the service are one part without all that.
"""

from __future__ import annotations

import struct
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Generic, TypeVar

from pydantic import TypeAdapter

from app.domain.program import Person, Program
from app.domain.session import Session

Value = TypeVar("Value")

# No compressed data begins with it (RFC 1950, 2.2: the low four bits of the first byte are 8).
VERSION = b"\x02"
# Values in one part; the larger it is, the more is written for one that an edit changes.
PART_SIZE = 64
# The parts and programs that are kept: those of the current revision, of the one before, and of a plan.
MOST_PARTS = 1_000
MOST_PROGRAMS = 4
# What a part has: a program without its sessions and speakers, and these.
BASE, SESSIONS, SPEAKERS = b"P", b"S", b"N"
_HEAD = struct.Struct(">cI")

_PROGRAM: TypeAdapter[Program] = TypeAdapter(Program)
_SESSIONS: TypeAdapter[tuple[Session, ...]] = TypeAdapter(tuple[Session, ...])
_SPEAKERS: TypeAdapter[tuple[Person, ...]] = TypeAdapter(tuple[Person, ...])


class _Latest(Generic[Value]):
    """The values that were written or read last, by their bytes. Thread-safe."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[bytes, Value] = {}
        self._lock = threading.Lock()

    def get_or_read(self, packed: bytes, read: Callable[[bytes], Value]) -> Value:
        """The same object for the same bytes, while it is one of the latest."""
        kept = self._values.get(packed)
        return self.keep(packed, read(packed) if kept is None else kept)

    def keep(self, packed: bytes, value: Value) -> Value:
        """Keep a value, unless an equal one is kept already, which is then returned."""
        with self._lock:
            kept = self._values.pop(packed, value)
            self._values[packed] = kept
            while len(self._values) > self._most:
                del self._values[next(iter(self._values))]
            return kept


class _Part(Generic[Value]):
    """How one field's values become parts, and the parts of the latest programs."""

    def __init__(self, letter: bytes, adapter: TypeAdapter[tuple[Value, ...]]) -> None:
        self.letter = letter
        self._adapter = adapter
        self._read: _Latest[tuple[Value, ...]] = _Latest(MOST_PARTS)
        # By the identities of the values, which live as long as they stand here.
        self._written: dict[tuple[int, ...], tuple[tuple[Value, ...], bytes]] = {}

    def pack(self, values: Sequence[Value]) -> Iterator[bytes]:
        for first in range(0, len(values), PART_SIZE):
            yield self._pack_one(tuple(values[first : first + PART_SIZE]))

    def _pack_one(self, values: tuple[Value, ...]) -> bytes:
        key = tuple(map(id, values))
        known = self._written.get(key)
        if known is not None:
            return known[1]
        packed = zlib.compress(self._adapter.dump_json(values))
        if len(self._written) >= MOST_PARTS:
            self._written.clear()
        self._written[key] = (values, packed)
        self._read.keep(packed, values)
        return packed

    def unpack(self, parts: Iterable[tuple[bytes, bytes]]) -> tuple[Value, ...]:
        mine = (packed for letter, packed in parts if letter == self.letter)
        return tuple(chain.from_iterable(self._read.get_or_read(packed, self._unpack_one) for packed in mine))

    def _unpack_one(self, packed: bytes) -> tuple[Value, ...]:
        return self._adapter.validate_json(zlib.decompress(packed))


class ProgramPacker:
    """Packs and unpacks programs. What the latest of them have in common is the same object in all of them."""

    def __init__(self) -> None:
        self._programs: _Latest[Program] = _Latest(MOST_PROGRAMS)
        self._sessions = _Part(SESSIONS, _SESSIONS)
        self._speakers = _Part(SPEAKERS, _SPEAKERS)

    def pack(self, program: Program) -> bytes:
        """A program as bytes. Defaults are written too: another version of the service may have other ones."""
        base = zlib.compress(_PROGRAM.dump_json(program, exclude={"sessions", "speakers"}))
        parts = [(BASE, base)]
        parts += [(SPEAKERS, part) for part in self._speakers.pack(program.speakers)]
        parts += [(SESSIONS, part) for part in self._sessions.pack(program.sessions)]
        packed = VERSION + b"".join(_HEAD.pack(letter, len(part)) + part for letter, part in parts)
        self._programs.keep(packed, program)
        return packed

    def unpack(self, packed: bytes) -> Program:
        """The program that was packed: the same object for the same bytes, if it is one of the latest.

        Raises ValueError, zlib.error or `InvalidProgram` for other bytes.
        """
        return self._programs.get_or_read(packed, self._unpacked)

    def _unpacked(self, packed: bytes) -> Program:
        if not packed.startswith(VERSION):
            return _PROGRAM.validate_json(zlib.decompress(packed))
        parts = list(_parts_of(packed))
        base = _PROGRAM.validate_json(zlib.decompress(b"".join(part for letter, part in parts if letter == BASE)))
        return replace(base, sessions=self._sessions.unpack(parts), speakers=self._speakers.unpack(parts))


def _parts_of(packed: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(VERSION)
    while place < len(packed):
        try:
            letter, length = _HEAD.unpack_from(packed, place)
        except struct.error as error:
            raise ValueError("a part of a program is cut off") from error
        place += _HEAD.size
        yield letter, packed[place : place + length]
        place += length


_packer = ProgramPacker()
pack_program, unpack_program = _packer.pack, _packer.unpack


def program_json(program: Program) -> bytes:
    """A whole program as JSON."""
    return _PROGRAM.dump_json(program)
