"""The folder of a frozen copy: its mark, the list of the files that a freeze wrote, and whether they are whole."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from app.domain.errors import AgendaError

log = logging.getLogger(__name__)

# Tells phones which copy this is, and the next freeze that the folder holds a copy.
MARK = "freeze.json"
# The files that a freeze wrote, one a line: the next one removes of them what is gone, and nothing else.
LIST = ".frozen-files"
# GitHub Pages would otherwise build the folder with Jekyll.
NO_JEKYLL = ".nojekyll"
# Files that a web host puts into an otherwise empty folder.
HOST_FILES = (".git", ".gitignore", NO_JEKYLL, "CNAME")
# A file is written under such a name first, so that no reader gets half of it.
PART = ".frozen-part-"
DIGEST_LETTERS = 24
# The fourth field of the list's first line.
_KINDS = ("day", "rehearsal")
_FIELDS = 7
_HEAD_FIELDS = 6


class CannotFreeze(AgendaError):
    """An address without a good response, or a folder that cannot be written."""


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file as a freeze wrote it.

    ``address`` is "" for one that is no response, such as the copy's mark. ``source_digest`` tells what it was made of
    ("": the whole edition), ``digest`` and ``size`` its content, ``written_ns`` the file's time, and ``links`` which
    addresses are part of the copy only because this page links to them.
    """

    name: str
    address: str
    source_digest: str
    digest: str
    size: int
    written_ns: int
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Validity:
    """The time for which a copy is made: a segment of the timeline, half-open; None is unbounded on that side."""

    start: datetime | None = None
    end: datetime | None = None

    def __contains__(self, instant: datetime) -> bool:
        return (self.start is None or self.start <= instant) and (self.end is None or instant < self.end)


@dataclass(frozen=True, slots=True)
class Origin:
    """What a copy shows: a rehearsal or the real day, and its number, which rises.

    ``files_hash`` is that of files that were never published, "" for a revision.
    """

    is_rehearsal: bool
    number: int
    files_hash: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a copy's list says: the time for which it was made, its files by name, and all names that a freeze wrote.

    ``marks`` are the files of the copy that are no responses. An older version noted no origin.
    """

    origin: Origin | None = None
    validity: Validity = Validity()
    files: Mapping[str, WrittenFile] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    marks: tuple[WrittenFile, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it is of a completed freeze and says of each name what stands there."""
        return bool(self.files and self.marks) and len(self.files) == len(self.names)


def digest_of(*parts: object) -> str:
    """A short digest of some values; bytes count as they are, other values by their representation."""
    hashed = sha256()
    for part in parts:
        content = part if isinstance(part, bytes) else repr(part).encode(errors="surrogatepass")
        hashed.update(f"{len(content)} ".encode() + content)
    return hashed.hexdigest()[:DIGEST_LETTERS]


@dataclass(frozen=True, slots=True)
class CopyFolder:
    """A folder that holds a copy, or is to."""

    path: Path

    def refuse_foreign(self) -> None:
        """Raise `CannotFreeze` for a folder with files that no freeze wrote."""
        if not self.path.exists() or self.is_copy:
            return
        names = (path.name for path in self.path.iterdir())
        others = sorted(name for name in names if name not in HOST_FILES and not name.startswith(PART))
        if others:
            more = f" and {len(others) - 1} more" if len(others) > 1 else ""
            raise CannotFreeze(
                f"{self.path} holds {others[0]}{more} and is no frozen copy; "
                "name another folder, or write there with --force"
            )

    def refuse_others(self, *, is_rehearsal: bool) -> None:
        """Raise `CannotFreeze` for a folder into which such a copy is not to be written."""
        self.refuse_foreign()
        if is_rehearsal:
            self.refuse_real()

    def refuse_real(self) -> None:
        """Raise `CannotFreeze` for a folder with the copy of a real day, which its readers would lose."""
        origin = self.origin()
        if self.is_copy and not (origin and origin.is_rehearsal):
            raise CannotFreeze(
                f"{self.path} holds the copy of the real day; "
                "name another folder for a rehearsal, or write there with --force"
            )

    @property
    def is_copy(self) -> bool:
        """Whether it holds a copy, also one that lost its mark."""
        return (self.path / MARK).is_file() or (self.path / LIST).is_file()

    def origin(self) -> Origin | None:
        """What its copy shows, by its list; else by its mark, unless that is not as it was written."""
        listing = self.listing()
        if listing.origin or not all(self.is_intact(file) for file in listing.marks if file.name == MARK):
            return listing.origin
        mark = self.mark()
        number, files_hash = mark.get("revision"), mark.get("files", "")
        if not (isinstance(number, int) and isinstance(files_hash, str)):
            return None
        return Origin("rehearsal" in mark, number, files_hash)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Make the folder where there is none, and keep other freezes out of it; raises `CannotFreeze`, `OSError`.

        A process that is forked meanwhile keeps them out for as long as it runs, also where this one was killed.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        if sys.platform == "win32":
            yield
            return
        import fcntl  # noqa: PLC0415 - Windows has none

        number = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(number)
            raise CannotFreeze(f"another freeze writes into {self.path}; try again when it has ended") from error
        except OSError:
            # Some network drives have no locks.
            log.debug("%s cannot be locked", self.path)
        try:
            yield
        finally:
            os.close(number)

    def mark(self) -> dict[str, Any]:
        """What the copy says of itself; {} where there is none, or its mark is damaged."""
        with suppress(OSError, ValueError):
            found = json.loads((self.path / MARK).read_bytes())
            return found if isinstance(found, dict) else {}
        return {}

    def listing(self) -> Listing:
        """What the list says; a line that an older version wrote, or that is damaged, is no more than a name."""
        with suppress(OSError, ValueError):
            first, *lines = (self.path / LIST).read_text("utf-8").splitlines() or [""]
            head = first.split("\t")
            if head[0]:
                lines.insert(0, first)
            # The blocks of a file that a disk has lost are zeros.
            lines = [line for line in lines if line.partition("\t")[0] and "\0" not in line]
            found = [*filter(None, map(_file_in, lines))]
            marks = tuple(file for file in found if not file.address)
            names = {line.partition("\t")[0] for line in lines} - {file.name for file in marks}
            files = {file.name: file for file in found if file.address}
            return Listing(_origin_in(head), _validity_in(head), files, frozenset(names), marks)
        return Listing()

    def begin_list(self, origin: Origin, former: Listing, coming: Iterable[str]) -> None:
        """Note what is begun, with the names that are to come: what is not completed is a copy of this origin too.

        Of the former copy it keeps what is known of its files, and all names, but not that it is whole.
        """
        self.write_list(origin, Validity(), former.files.values(), {*former.names, *coming} - former.files.keys())

    def write_list(
        self, origin: Origin, validity: Validity, files: Iterable[WrittenFile], names: Iterable[str] = ()
    ) -> None:
        """Write the list; of ``names`` nothing is known but that a freeze may have written them."""
        edges = (edge.isoformat() if edge else "" for edge in (validity.start, validity.end))
        head = ("", *edges, _KINDS[origin.is_rehearsal], str(origin.number), origin.files_hash)
        lines = ["\t".join(head), *sorted([*map(_line_of, files), *names])]
        self.write(LIST, "\n".join(lines).encode())

    def is_intact(self, file: WrittenFile) -> bool:
        """Whether a file is as it was written; where only its time differs, as after a checkout, it is read."""
        path = self.path / file.name
        try:
            found = path.stat()
            if found.st_size != file.size:
                return False
            return found.st_mtime_ns == file.written_ns or digest_of(path.read_bytes()) == file.digest
        except OSError:
            return False

    def write(self, name: str, content: bytes) -> bool:
        """Write a file as a whole, unless it has this content: its time stays, and `rsync` and the like skip it.

        Returns whether it was written.
        """
        path = self.path / name
        with suppress(OSError):
            if path.stat().st_size == len(content) and path.read_bytes() == content:
                return False
        path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path / f"{PART}{os.getpid()}"
        try:
            part.write_bytes(content)
            part.replace(path)
        except OSError:
            # On a full disk half a file would leave no space to those that are smaller.
            part.unlink(missing_ok=True)
            raise
        return True

    def written(
        self, name: str, address: str, content: bytes, source_digest: str, links: tuple[str, ...]
    ) -> WrittenFile:
        """The line of the list for a file that has this content now."""
        found = (self.path / name).stat()
        return WrittenFile(name, address, source_digest, digest_of(content), len(content), found.st_mtime_ns, links)

    def remove_parts(self) -> None:
        """Remove the half files that an interrupted freeze left; nobody writes meanwhile."""
        for path in self.path.glob(f"{PART}*"):
            path.unlink(missing_ok=True)

    def remove(self, names: Iterable[str]) -> None:
        """Remove what earlier freezes wrote, with the folders that are empty then; no freeze writes a folder's name."""
        root = self.path.resolve()
        for name in names:
            path = self.path / name
            if path.resolve().is_relative_to(root) and (path.is_symlink() or not path.is_dir()):
                # A damaged list may name what would be in a file.
                with suppress(FileNotFoundError, NotADirectoryError):
                    path.unlink()
                with suppress(OSError):
                    path.parent.rmdir()


def mark_of(name: str, content: bytes) -> WrittenFile:
    """The line of the list for a file that is no response; it is written later, so that it has no time."""
    return WrittenFile(name, "", "", digest_of(content), len(content), 0)


def _line_of(file: WrittenFile) -> str:
    fields = (file.name, file.address, file.source_digest, file.digest, str(file.size), str(file.written_ns))
    return "\t".join((*fields, " ".join(file.links)))


def _file_in(line: str) -> WrittenFile | None:
    fields = line.split("\t")
    if len(fields) != _FIELDS or not (fields[4].isdecimal() and fields[5].isdecimal()):
        return None
    name, address, source_digest, digest, size, written_ns, links = fields
    return WrittenFile(name, address, source_digest, digest, int(size), int(written_ns), tuple(links.split()))


def _origin_in(head: list[str]) -> Origin | None:
    if len(head) != _HEAD_FIELDS or head[3] not in _KINDS or not head[4].isdecimal():
        return None
    return Origin(head[3] == _KINDS[True], int(head[4]), head[5])


def _validity_in(head: list[str]) -> Validity:
    start, end = (datetime.fromisoformat(edge) if edge else None for edge in (*head[1:3], "", "")[:2])
    return Validity(start, end)
