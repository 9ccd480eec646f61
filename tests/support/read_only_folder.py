"""A folder in which nothing can be written, by root neither."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing can be written there meanwhile; skips where root cannot be kept out, as on some file systems."""
    mode = folder.stat().st_mode
    folder.chmod(0o555)
    is_immutable = _is_writable(folder) and _immutable(folder, "+i")
    if _is_writable(folder):
        folder.chmod(mode)
        pytest.skip("needs a file system with attributes (chattr)")
    try:
        yield
    finally:
        if is_immutable:
            _immutable(folder, "-i")
        folder.chmod(mode)


def _is_writable(folder: Path) -> bool:
    probe = folder / "probe"
    try:
        probe.touch()
    except OSError:
        return False
    probe.unlink()
    return True


def _immutable(folder: Path, change: str) -> bool:
    try:
        return subprocess.run(("chattr", change, folder), capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
