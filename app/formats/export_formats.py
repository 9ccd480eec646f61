"""All export formats of a whole program, by the names that the command and the addresses use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.domain.program import Program
from app.formats import api_models
from app.formats.calendar.feed import feed
from app.formats.csv_export import schedule_csv
from app.formats.exchange_ids import base_of
from app.formats.frab.json import schedule_json
from app.formats.frab.xml import schedule_xml
from app.formats.lost_fields import lost_fields


@dataclass(frozen=True, slots=True)
class ExportResult:
    """A file, and a line for each part of the program that its format has no place for."""

    data: bytes
    left_out: tuple[str, ...]


def export_program(form: str, program: Program, *, revision: int, base_url: str) -> ExportResult:
    """A published program in one of `FORMS`; ``base_url`` is the service's public address, "" where none is known."""
    return ExportResult(FORMS[form](program, revision, base_url), tuple(lost_fields(form, program)))


def _calendar(program: Program, _: int, base_url: str) -> bytes:
    path, public_url = f"/calendar/{program.id}.ics", base_of(program, base_url)
    return feed(program, program.sessions, name=program.title, public_url=public_url, feed_path=path)


def _program(program: Program, revision: int, _: str) -> bytes:
    return api_models.to_bytes(api_models.Program.from_parts(program, revision=revision)) + b"\n"


FORMS: Mapping[str, Callable[[Program, int, str], bytes]] = {
    "xml": lambda program, revision, base_url: schedule_xml(program, version=str(revision), base_url=base_url),
    "json": lambda program, revision, base_url: schedule_json(program, version=str(revision), base_url=base_url),
    "csv": lambda program, _, __: schedule_csv(program),
    "ics": _calendar,
    "program": _program,
}
