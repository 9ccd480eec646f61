"""What a copy is made of: as long as it is the same, so is the copy; and of which part of it single files are made."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask

from app.domain.program import Program
from app.domain.session import Session
from app.formats.calendar.event_text import facts_of
from app.formats.share_image import installed_fonts
from app.freezing.copy_folder import CopyFolder, Span, digest_of
from app.live.clock import Clock
from app.release import VERSION
from app.store.database import Database
from app.store.database_identity import Rehearsal, history_of, read_identity
from app.store.errors import NoDatabase
from app.store.revisions import Revisions
from app.web import address_traits
from app.web.running_service import Service, service_of
from app.web.share_previews import session_picture
from app.web.static_files import build_hash


@dataclass(frozen=True, slots=True)
class CopyInputs:
    """All that a copy is made of, but the time; of files that were never published ``revision`` is their hash."""

    revision: int | str
    identity: str
    history: str
    public_url: str
    rehearsal: Rehearsal | None

    def digest(self, span: Span) -> str:
        """One text for all of it, the build, and the time for which the copy is made."""
        return digest_of(self, span, made_by())


def inputs_of(service: Service, files_hash: str = "") -> CopyInputs:
    """What a copy of a service's present revision is made of; ``files_hash`` is that of files never published."""
    rehearsal = service.clock.rehearsal_settings
    if files_hash:
        return unpublished_inputs(files_hash, service.public_url, rehearsal)
    revision = service.current.snapshot.revision.number
    return CopyInputs(revision, service.identity, service.history, service.public_url, rehearsal)


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
def made_by() -> str:
    """This program and its libraries, as a digest: with others a copy is made anew."""
    package = Path(__file__).resolve().parents[1]
    digest = sha256(f"{VERSION} {build_hash()} {sys.version}".encode())
    for path in sorted(package.rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    # Installers note each library with its version in the name of a folder.
    noted = {found.name for place in sys.path for found in Path(place or ".").glob("*.dist-info")}
    digest.update("\n".join(sorted(noted)).encode())
    return digest.hexdigest()


def current_files(folder: CopyFolder, inputs: CopyInputs, now: datetime) -> int | None:
    """How many files the folder's copy has, where it was made of just this and each file is whole; else None."""
    listing, copy = folder.listing(), folder.mark().get("copy")
    if not listing.is_whole or now not in listing.span or copy != inputs.digest(listing.span):
        return None
    return len(listing.files) if all(map(folder.is_intact, listing.files.values())) else None


def made_of(app: Flask, address: str) -> str:
    """Of what the file at an address is made, where that is known before it is made; "" where it may be anything.

    Files that an edit elsewhere leaves as they are: codes are made of addresses, a session's picture of what stands on
    it, its calendar file of the session.
    """
    path, _, _ = address.partition("?")
    endpoint, names = address_traits.match_endpoint(app, path)
    if endpoint not in _MADE_OF:
        return ""
    service = service_of(app)
    parts = _MADE_OF[endpoint](service.current.snapshot.revision.program, names, service)
    return digest_of(made_by(), address, parts) if parts else ""


Parts = tuple[object, ...]
Names = Mapping[str, Any]


def _nothing_else(_program: Program, _names: Names, service: Service) -> Parts:
    return (service.public_url,)


def _card(program: Program, names: Names, _service: Service) -> Parts:
    logo = program.identity.logo
    return (installed_fonts(), session_picture(program, program.session(names["session_id"])), logo and logo.digest)


def _session_file(program: Program, names: Names, service: Service) -> Parts:
    return (facts_of(program, program.session(names["session_id"]), service.public_url),)


def _feed_of_a_room(program: Program, names: Names, service: Service) -> Parts:
    return _feed(program, program.sessions_in(names["room_id"]), service, program.room(names["room_id"]).name)


def _feed_of_a_speaker(program: Program, names: Names, service: Service) -> Parts:
    return _feed(program, program.sessions_of(names["speaker_id"]), service, program.speaker(names["speaker_id"]).name)


def _feed(program: Program, sessions: Sequence[Session], service: Service, name: str) -> Parts:
    """Nothing that is known ahead for a feed without sessions: it has the zone's rules for those of others."""
    head = (name, program.id, program.title, program.subtitle, program.description, program.zone, service.public_url)
    return (head, *(facts_of(program, one, service.public_url) for one in sessions)) if sessions else ()


_MADE_OF: dict[str, Callable[[Program, Names, Service], Parts]] = {
    "assets.static_file": _nothing_else,
    "codes.talk_code": _nothing_else,
    "codes.paper_code": _nothing_else,
    "codes.path_code": _nothing_else,
    "cards.session_card": _card,
    "calendars.talk": _session_file,
    "calendars.room": _feed_of_a_room,
    "calendars.speaker": _feed_of_a_speaker,
}
