"""The text of a file that people write, or what is wrong with it."""

from __future__ import annotations

from pathlib import Path

from app.domain.errors import Fault

LARGEST_BYTES = 20_000_000


def read_text(path: Path, expected: str) -> str | Fault:
    """A file's text with every line end as a line feed, without a byte order mark; else the fault."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            return Fault(str(path), f"{path.stat().st_size} bytes", f"at most {LARGEST_BYTES} bytes")
        data = path.read_bytes()
    except OSError as error:
        return Fault(str(path), error.strerror or "cannot be read", expected)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Fault(f"{path}:{line}", f"byte 0x{data[error.start]:02x}, which is not UTF-8", "text in UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")
