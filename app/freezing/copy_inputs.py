"""What a copy is made of: as long as it is the same, so is the copy. To look at it loads nothing of the web's pages."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

from app.formats.share_image import installed_fonts
from app.freezing.copy_folder import CopyFolder, Validity, digest_of
from app.live.clock import Clock
from app.release import VERSION, shipped_folder
from app.store.database import Database
from app.store.database_identity import Rehearsal, history_of, read_identity
from app.store.errors import NoDatabase
from app.store.revisions import Revisions


@dataclass(frozen=True, slots=True)
class CopyInputs:
    """All that a copy is made of, but the time; of files that were never published ``revision`` is their hash."""

    revision: int | str
    identity: str
    history: str
    public_url: str
    rehearsal: Rehearsal | None

    def digest(self, validity: Validity) -> str:
        """One text for all of it, the build, and the time for which the copy is made."""
        return digest_of(self, validity, program_digest())


def published_inputs(database: Database, clock: Clock, public_url: str) -> CopyInputs:
    """What a copy of the newest revision is made of, without reading its program; raises `NoDatabase`."""
    number = Revisions(database).newest_number()
    if not number:
        raise NoDatabase(database.place)
    identity, history = read_identity(database) or "", history_of(database)
    return CopyInputs(number, identity, history, public_url, clock.rehearsal_settings)


def unpublished_inputs(files_hash: str, public_url: str, rehearsal: Rehearsal | None = None) -> CopyInputs:
    """What the copy of files is made of that were never published; their hash stands for all that they say."""
    return CopyInputs(files_hash, "", "", public_url, rehearsal)


@cache
def program_digest() -> str:
    """This program, its libraries and the fonts of its pictures, as a digest: with others a copy is made anew."""
    package = Path(__file__).resolve().parents[1]
    digest = sha256(f"{VERSION} {sys.version} {installed_fonts()}".encode())
    shipped = (folder for folder in map(shipped_folder, ("static", "templates")) if not folder.is_relative_to(package))
    for folder in (package, *shipped):
        for path in _files_in(folder):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(folder).as_posix()} {len(content)} ".encode() + content)
    # Installers note each library with its version in the name of a folder.
    noted = {found.name for place in sys.path for found in Path(place or ".").glob("*.dist-info")}
    digest.update("\n".join(sorted(noted)).encode())
    return digest.hexdigest()


def _files_in(folder: Path) -> list[Path]:
    """All files but those that Python makes of others."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.parent.name != "__pycache__")


def current_files(folder: CopyFolder, inputs: CopyInputs, now: datetime) -> int | None:
    """How many files the folder's copy has, where it was made of just this and each file is whole; else None."""
    listing, copy = folder.listing(), folder.mark().get("copy")
    if (
        not (listing.is_whole and listing.marks)
        or now not in listing.validity
        or copy != inputs.digest(listing.validity)
    ):
        return None
    return len(listing.files) if all(map(folder.is_intact, (*listing.marks, *listing.files.values()))) else None
