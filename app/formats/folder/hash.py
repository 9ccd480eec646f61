"""What a program folder's files hash to: the same files, the same hash, on every machine."""

from __future__ import annotations

import hashlib
from pathlib import Path

from app.formats.folder.reader import FILE


def hash_of_folder(folder: Path) -> str:
    """SHA-256, in hexadecimal, over the names and contents of the files that make up the program."""
    digest = hashlib.sha256()
    for path in (folder / FILE, *sorted((folder / "pages").glob("*.md"))):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
