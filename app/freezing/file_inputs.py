"""What single files of a copy are made of, where that is only a part of the program: of the same they are the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Flask

from app.domain.errors import UnknownName
from app.domain.program import Program
from app.domain.session import Session
from app.formats.calendar.event_text import facts_of
from app.freezing.copy_folder import digest_of
from app.freezing.copy_inputs import program_digest
from app.web import address_traits
from app.web.running_service import Service, service_of
from app.web.share_previews import program_picture, session_picture


def source_digest(app: Flask, address: str) -> str:
    """Of what the file at an address is made, where that is known before it is made; "" where it may be anything.

    Files that an edit elsewhere leaves as they are: codes are made of addresses, a session's picture of what stands on
    it, its calendar file of the session. Also "" for what the program does not have, to which a text may link.
    """
    path, _, _ = address.partition("?")
    endpoint, names = address_traits.match_endpoint(app, path)
    if endpoint not in _SOURCES:
        return ""
    service = service_of(app)
    try:
        parts = _SOURCES[endpoint](service.current.snapshot.revision.program, names, service)
    except UnknownName:
        return ""
    return digest_of(program_digest(), address, parts) if parts else ""


Parts = tuple[object, ...]
Names = Mapping[str, Any]


def _public_address(_program: Program, _names: Names, service: Service) -> Parts:
    return (service.public_url,)


def _card_of_the_program(program: Program, _names: Names, _service: Service) -> Parts:
    logo = program.identity.logo
    return (program_picture(program), logo and logo.digest)


def _card_of_a_session(program: Program, names: Names, _service: Service) -> Parts:
    logo = program.identity.logo
    return (session_picture(program, program.session(names["session_id"])), logo and logo.digest)


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


_SOURCES: dict[str, Callable[[Program, Names, Service], Parts]] = {
    "assets.static_file": _public_address,
    "codes.talk_code": _public_address,
    "codes.paper_code": _public_address,
    "codes.path_code": _public_address,
    "cards.program_card": _card_of_the_program,
    "cards.session_card": _card_of_a_session,
    "calendars.talk": _session_file,
    "calendars.room": _feed_of_a_room,
    "calendars.speaker": _feed_of_a_speaker,
}
