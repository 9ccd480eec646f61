"""The SQLite file that this process has open: a deleted one is written again, a replaced one refuses edits."""

from __future__ import annotations

import logging
import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.store.errors import DatabaseReplaced, DatabaseUnavailable, FileGone

log = logging.getLogger(__name__)

# The descriptors of this process, on Linux and macOS.
DESCRIPTORS = Path("/dev/fd")


class OpenFile:
    """The file that an engine's connections have open; where it was deleted, it is written again from one of them.

    Thread-safe. ``identity`` is its device and inode. A file that was moved away is left to whoever moved it.
    """

    def __init__(self, path: Path) -> None:
        self.identity = _file_identity(path)
        self.path = path
        self._lock = threading.Lock()
        # Of a deleted file that cannot be written yet.
        self._content: bytes | None = None
        self._is_failing = False

    def check(self, connection: sqlite3.Connection | None = None) -> None:
        """Raise `DatabaseUnavailable` where another file, or none, has the place of the one that was opened.

        With a connection to it, a deleted one is written again first.
        """
        try:
            found = _file_identity(self.path)
        except FileGone:
            with self._lock:
                if not self._write_again(connection):
                    raise
            return
        if found != self.identity and not self._is_own_file():
            raise DatabaseReplaced(str(self.path))

    def _is_own_file(self) -> bool:
        """Whether it is there again because another thread has just written it."""
        with self._lock:
            return _file_identity(self.path) == self.identity

    def _write_again(self, connection: sqlite3.Connection | None) -> bool:
        """Whether the deleted file is back, with all that was published."""
        # Whoever has the deleted file open takes the same lock: of several processes one writes it again.
        with _write_lock(connection) as is_locked:
            if self.path.exists():
                return _file_identity(self.path) == self.identity
            if self._content is None and connection is not None and is_locked and _is_deleted(self.identity):
                self._content = connection.serialize()
            return self._content is not None and self._write(self._content)

    def _write(self, content: bytes) -> bool:
        """Whether the file could be written."""
        try:
            _write_new(self.path, content)
        except OSError as error:
            if not self._is_failing:
                log.warning("%s was deleted and cannot be written again yet (%s)", self.path, error.strerror)
            self._is_failing = True
            return False
        self.identity, self._content, self._is_failing = _file_identity(self.path), None, False
        log.warning("%s was deleted while the service ran; it is written again, with all revisions", self.path)
        return True


@contextmanager
def _write_lock(connection: sqlite3.Connection | None) -> Iterator[bool]:
    """Hold the lock of writers of the file that a connection has open; whether it is held.

    Whatever gets it later sees that the file has gone, and publishes nothing.
    """
    if connection is None:
        yield False
        return
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        yield False
        return
    try:
        yield True
    finally:
        connection.rollback()


def _is_deleted(identity: tuple[int, int]) -> bool:
    """Whether a file that this process has open has no name any more."""
    for descriptor in DESCRIPTORS.iterdir() if DESCRIPTORS.is_dir() else ():
        with suppress(OSError):
            found = descriptor.stat()
            if (found.st_dev, found.st_ino) == identity:
                return found.st_nlink == 0
    return False


def _write_new(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, in one step; raises `OSError`, also where there is one by now."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        unfinished.touch(mode=0o600)
        unfinished.write_bytes(content)
        write_to_disk(unfinished)
        # What was beside the deleted file is in the content.
        for former in ("-wal", "-shm"):
            path.with_name(f"{path.name}{former}").unlink(missing_ok=True)
        path.hardlink_to(unfinished)
    finally:
        unfinished.unlink(missing_ok=True)
    write_to_disk(path.parent)


def _file_identity(path: Path) -> tuple[int, int]:
    """A file's identity, device and inode; raises `DatabaseUnavailable`."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileGone(str(path)) from error
    except OSError as error:
        raise DatabaseUnavailable(f"{path}: {error.strerror}") from error
    return found.st_dev, found.st_ino


def write_to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
