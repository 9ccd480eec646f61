"""Programs as bytes, in parts: what an edit leaves alone is neither written nor read again.

The form: `VERSION`, the CRC-32 of all that follows, then each part as a letter that says what it is, its length, and
its JSON, compressed by zlib (RFC 1950). Numbers have four bytes, the most significant first. Programs of older versions
of the service are one part without all that.
"""

from __future__ import annotations

import struct
import threading
import zlib
from collections.abc import Container, Iterable, Iterator, Sequence
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
# The programs whose parts are kept: the current revision, the one before, and plans.
MOST_PROGRAMS = 4
# What a part has: a program without its sessions and speakers, and these.
BASE, SESSIONS, SPEAKERS = b"P", b"S", b"N"
_SUM = struct.Struct(">I")
_HEAD = struct.Struct(">cI")

_PROGRAM: TypeAdapter[Program] = TypeAdapter(Program)
_SESSIONS: TypeAdapter[tuple[Session, ...]] = TypeAdapter(tuple[Session, ...])
_SPEAKERS: TypeAdapter[tuple[Person, ...]] = TypeAdapter(tuple[Person, ...])


class _Parts(Generic[Value]):
    """How one field's values become parts, and the parts of a few programs, as bytes and as values."""

    def __init__(self, adapter: TypeAdapter[tuple[Value, ...]]) -> None:
        self._adapter = adapter
        # By their bytes, and by the identities of the values, which live as long as they stand here.
        self._values: dict[bytes, tuple[Value, ...]] = {}
        self._bytes: dict[tuple[int, ...], bytes] = {}

    def pack(self, values: Sequence[Value]) -> list[bytes]:
        return [self._pack_one(tuple(values[at : at + PART_SIZE])) for at in range(0, len(values), PART_SIZE)]

    def _pack_one(self, values: tuple[Value, ...]) -> bytes:
        key = tuple(map(id, values))
        packed = self._bytes.get(key)
        if packed is None:
            packed = zlib.compress(self._adapter.dump_json(values))
            # Equal values that are kept already stay: their identities stand for them.
            if packed not in self._values:
                self._bytes[key], self._values[packed] = packed, values
        return packed

    def unpack(self, parts: Iterable[bytes]) -> tuple[Value, ...]:
        return tuple(chain.from_iterable(map(self._unpack_one, parts)))

    def _unpack_one(self, packed: bytes) -> tuple[Value, ...]:
        values = self._values.get(packed)
        if values is None:
            values = self._values[packed] = self._adapter.validate_json(zlib.decompress(packed))
            self._bytes[tuple(map(id, values))] = packed
        return values

    def keep(self, used: Container[bytes]) -> None:
        """Forget the parts of programs that are no longer kept."""
        self._values = {packed: values for packed, values in self._values.items() if packed in used}
        self._bytes = {tuple(map(id, values)): packed for packed, values in self._values.items()}


class ProgramPacker:
    """Packs and unpacks programs. What the latest of them have in common is the same object in all of them.

    Thread-safe: one at a time.
    """

    def __init__(self) -> None:
        self._sessions, self._speakers = _Parts(_SESSIONS), _Parts(_SPEAKERS)
        # Of the latest programs, by their bytes: the program and its parts.
        self._programs: dict[bytes, tuple[Program, frozenset[bytes]]] = {}
        self._lock = threading.Lock()

    def pack(self, program: Program) -> bytes:
        """A program as bytes. Defaults are written too: another version of the service may have other ones."""
        with self._lock:
            base = zlib.compress(_PROGRAM.dump_json(program, exclude={"sessions", "speakers"}))
            parts = [(BASE, base)]
            parts += [(SPEAKERS, part) for part in self._speakers.pack(program.speakers)]
            parts += [(SESSIONS, part) for part in self._sessions.pack(program.sessions)]
            body = b"".join(_HEAD.pack(letter, len(part)) + part for letter, part in parts)
            packed = VERSION + _SUM.pack(zlib.crc32(body)) + body
            self._keep(packed, program, parts)
            return packed

    def unpack(self, packed: bytes) -> Program:
        """The program that was packed: the same object for the same bytes, if it is one of the latest.

        Raises ValueError, zlib.error or `InvalidProgram` for other bytes.
        """
        with self._lock:
            if packed in self._programs:
                program, used = self._programs.pop(packed)
                self._programs[packed] = program, used
                return program
            if not packed.startswith(VERSION):
                program = _PROGRAM.validate_json(zlib.decompress(packed))
                return self._keep(packed, program, [])
            parts = list(_parts_of(packed))
            base = _PROGRAM.validate_json(zlib.decompress(b"".join(_only(BASE, parts))))
            sessions = self._sessions.unpack(_only(SESSIONS, parts))
            speakers = self._speakers.unpack(_only(SPEAKERS, parts))
            return self._keep(packed, replace(base, sessions=sessions, speakers=speakers), parts)

    def _keep(self, packed: bytes, program: Program, parts: Iterable[tuple[bytes, bytes]]) -> Program:
        """Keep a program as the latest one, unless the same is kept already, which is then returned."""
        kept, used = self._programs.pop(packed, (program, frozenset(part for _, part in parts)))
        self._programs[packed] = kept, used
        while len(self._programs) > MOST_PROGRAMS:
            del self._programs[next(iter(self._programs))]
        all_used = frozenset(chain.from_iterable(used for _, used in self._programs.values()))
        self._sessions.keep(all_used)
        self._speakers.keep(all_used)
        return kept


def _parts_of(packed: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each part with its letter; raises ValueError for bytes that are not whole."""
    place = len(VERSION) + _SUM.size
    if len(packed) < place or _SUM.unpack_from(packed, len(VERSION)) != (zlib.crc32(packed[place:]),):
        raise ValueError("the bytes of a program are damaged")
    while place < len(packed):
        letter, length = _HEAD.unpack_from(packed, place)
        place += _HEAD.size
        yield letter, packed[place : place + length]
        place += length


def _only(letter: bytes, parts: Iterable[tuple[bytes, bytes]]) -> list[bytes]:
    return [part for found, part in parts if found == letter]


_packer = ProgramPacker()
pack_program, unpack_program = _packer.pack, _packer.unpack


def program_json(program: Program) -> bytes:
    """A whole program as JSON."""
    return _PROGRAM.dump_json(program)
