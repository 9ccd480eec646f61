"""Every form in which a whole program goes out, under the names that the command and the addresses use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from app.domain.program import Program
from app.domain.session import Session
from app.formats.calendar import feed as calendar_feed
from app.formats.csv_export import schedule_csv
from app.formats.frab.event import ExportResult, base_of
from app.formats.frab.json import schedule_json
from app.formats.frab.left_out import parts_without_a_place, those
from app.formats.frab.xml import schedule_xml
from app.formats.json_program import program_json, to_bytes

Export = Callable[[Program, int, str], ExportResult]


def export_program(form: str, program: Program, *, revision: int, base_url: str) -> ExportResult:
    """A published program in one of `FORMS`; ``base_url`` is the service's public address, "" where none is known."""
    return FORMS[form](program, revision, base_url)


def _xml(program: Program, revision: int, base_url: str) -> ExportResult:
    return schedule_xml(program, version=str(revision), base_url=base_url)


def _json(program: Program, revision: int, base_url: str) -> ExportResult:
    return schedule_json(program, version=str(revision), base_url=base_url)


def _csv(program: Program, _: int, __: str) -> ExportResult:
    return ExportResult(schedule_csv(program), tuple(_left_out_of_csv(program)))


def _ics(program: Program, _: int, base_url: str) -> ExportResult:
    path = f"/calendar/{program.id}.ics"
    public_url = base_of(program, base_url)
    data = calendar_feed.feed(program, program.sessions, name=program.title, public_url=public_url, feed_path=path)
    return ExportResult(data, tuple(_left_out_of_ics(program)))


def _program(program: Program, revision: int, _: str) -> ExportResult:
    left_out = (f"the texts of {len(program.pages)} pages",) if program.pages else ()
    return ExportResult(to_bytes(program_json(program, revision)) + b"\n", left_out)


def _left_out_of_csv(program: Program) -> Iterator[str]:
    yield from _left_out_of_both(program)
    if program.venue:
        yield "the venue's name, address and position"
    yield from those(program, "items (papers, posters, demos) of", lambda one: bool(one.items))
    yield from those(program, "semicolons in names, in", lambda one: _has_semicolon(program, one))
    yield from those(program, "links of", lambda one: bool(one.links))
    yield from those(program, "where and when it was before it moved:", lambda one: one.status == "moved")


def _has_semicolon(program: Program, session: Session) -> bool:
    return any(";" in person.name for person in program.speakers_of(session))


def _left_out_of_ics(program: Program) -> Iterator[str]:
    yield from _left_out_of_both(program)
    yield from those(program, "the track of", lambda one: bool(one.track))


def _left_out_of_both(program: Program) -> Iterator[str]:
    yield from parts_without_a_place(program)
    if any(one.biography or one.url or one.links for one in program.speakers):
        yield "biographies and addresses of speakers"
    yield from those(program, "least minutes and pins of", lambda one: one.pinned or one.min_minutes is not None)


FORMS: Mapping[str, Export] = {"xml": _xml, "json": _json, "csv": _csv, "ics": _ics, "program": _program}
