"""Reads the console's form of an import: a file or an address, and what a person says of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import PureWindowsPath

from app.domain.errors import AgendaError, UnknownZone
from app.domain.instants import zone_named
from app.domain.items import LARGEST_FIRST_NUMBER
from app.domain.program import Program
from app.domain.texts import BadText, checked
from app.sources.raw_address import ADDRESS
from app.sources.remembered import RememberedSource
from app.store.import_jobs import ImportSource

# The fields of the form beside the file, and the terminal's names of those that are options.
FIELDS = ("file", "address", "what", "number", "date", "timezone", "room")
OPTIONS = {"what": "items-of", "number": "number-from", "date": "date", "timezone": "timezone", "room": "room"}
LONGEST_FILE_NAME = 200


class ImportFormRefused(AgendaError):
    """A form of an import that is refused; its page says for which fields."""


def form_of(fields: Mapping[str, str], file: str = "") -> dict[str, str]:
    """What a form says, without spaces around it; ``file`` is the name of the file that came with it."""
    said = {name: fields.get(name, "").strip() for name in FIELDS}
    return said | {"file": file_name(file) if file else said["file"]}


def file_name(text: str) -> str:
    """The name of a file without folders and control characters."""
    name = PureWindowsPath(text).name or "file"
    return "".join(char for char in name if char.isprintable())[-LONGEST_FILE_NAME:]


def source_in(form: Mapping[str, str]) -> ImportSource:
    """The source that a form without faults names."""
    options = {option: form[name] for name, option in OPTIONS.items() if form[name]}
    if form["address"]:
        return address_source(form["address"], options)
    return ImportSource(place=form["file"], name=form["file"], is_address=False, options=options)


def address_source(place: str, options: Mapping[str, str]) -> ImportSource:
    """A source at an address, which is named by its host alone."""
    name = RememberedSource(place=place).name or "an address"
    return ImportSource(place=place, name=name, is_address=True, options=options)


def remembered_source(source: RememberedSource) -> ImportSource:
    """A source that the program's folder remembers."""
    return address_source(source.place, {name: str(value) for name, value in source.options.items()})


def faults_in(form: Mapping[str, str], program: Program) -> dict[str, str]:
    """What is wrong with which field of a form."""
    return dict(_faults(form, program))


def _faults(form: Mapping[str, str], program: Program) -> Iterator[tuple[str, str]]:
    if bool(form["file"]) == bool(form["address"]):
        yield "address", "choose a file or write an address" + (", not both" if form["file"] else "")
    elif form["address"] and not ADDRESS.match(form["address"]):
        yield "address", "an address begins with https://"
    if form["what"] and form["what"] not in program.sessions_by_id:
        yield "what", "choose the schedule or a session"
    if form["number"] and not form["what"]:
        yield "number", "choose papers above: only they are numbered"
    for name, check in _CHECKS.items():
        try:
            check(form[name])
        except (UnknownZone, BadText, ValueError) as error:
            yield name, _EXPECTED.get(name, str(error))


def _check_address(text: str) -> None:
    checked("url", text)


def _check_date(text: str) -> None:
    if text:
        date.fromisoformat(text)


def _check_number(text: str) -> None:
    if text and (not text.isascii() or not text.isdecimal() or int(text) > LARGEST_FIRST_NUMBER):
        raise ValueError


def _check_zone(text: str) -> None:
    if text:
        zone_named(text)


def _check_room(text: str) -> None:
    checked("name", text)


_CHECKS = {
    "address": _check_address,
    "number": _check_number,
    "date": _check_date,
    "timezone": _check_zone,
    "room": _check_room,
}
_EXPECTED = {"date": "write a day such as 2025-07-18", "number": f"write a number from 0 to {LARGEST_FIRST_NUMBER}"}
