"""Imports in one line, and what tests compare of their programs."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path

from app.domain.program import Program
from app.domain.session import Session
from app.importing import Imported, ImportOptions, import_source

# What the sources of the fixtures do not say themselves.
OPTIONS: dict[str, ImportOptions] = {
    "codeml/site.md": ImportOptions(),
    "codeml/site-2025-06-02.md": ImportOptions(),
    "schedules/giggity-fosdem_2021.xml": ImportOptions(timezone="Europe/Brussels"),
    "schedules/34c3-jugend-hackt.xml": ImportOptions(timezone="Europe/Berlin"),
    "schedules/34c3-jugend-hackt.json": ImportOptions(timezone="Europe/Berlin"),
    "schedules/emf-2016.xml": ImportOptions(timezone="Europe/London"),
    "schedules/emf-2016-xsd-valid.xml": ImportOptions(),
    "schedules/emf-2016-own.json": ImportOptions(timezone="Europe/London"),
    "calendars/emf-2016.ics": ImportOptions(),
    "calendars/giggity-kielux_2020.ics": ImportOptions(timezone="Europe/Berlin"),
    "schedules/voc-pretalx-democon.json": ImportOptions(),
    "schedules/voc-invalid-example.json": ImportOptions(),
    "tables/tta-icml2025-schedule.csv": ImportOptions(first_date=date(2025, 7, 19), timezone="America/Vancouver"),
    "tables/d3s3-neurips2024-schedule.md": ImportOptions(),
    "tables/mleval-iclr2022-schedule.csv": ImportOptions(first_date=date(2022, 4, 29), timezone="UTC"),
    "tables/sessionize-gab-linz-2025.json": ImportOptions(),
}


def fixture(folder: Path, name: str, former: Program | None = None) -> Imported:
    """A fixture imported with the options it needs; without a former program, once for all tests."""
    return _import(folder / name, name, former) if former else _first_import(folder / name, name)


@cache
def _first_import(file: Path, name: str) -> Imported:
    return _import(file, name, None)


def _import(file: Path, name: str, former: Program | None) -> Imported:
    return import_source(file.read_bytes(), name=name, options=OPTIONS[name], former=former)


def of_text(text: str, name: str, options: ImportOptions | None = None, former: Program | None = None) -> Imported:
    """A text imported as a file of that name; by default on 18 July 2025 in Vancouver."""
    fallback = ImportOptions(first_date=date(2025, 7, 18), timezone="America/Vancouver")
    return import_source(text.encode(), name=name, options=options or fallback, former=former)


def people(program: Program, session: Session) -> list[str]:
    """The names of those who present a session."""
    return [person.name for person in program.speakers_of(session)]


def clocks(program: Program) -> list[tuple[str, str, str]]:
    """Start and end as the venue's clocks show them, and the title, of each session."""
    return [(clock(program, one.start), clock(program, one.end), one.title) for one in program.sessions]


def clock(program: Program, instant: datetime) -> str:
    """`18 09:15`: the day of the month and the time."""
    return f"{program.local(instant):%d %H:%M}"


def room_of(program: Program, session: Session) -> str:
    """The name of a session's room; "" for all rooms."""
    return program.room(session.room).name if session.room else ""


def content(program: Program) -> list[tuple[object, ...]]:
    """What every exchange format holds of each session."""
    return [
        (
            one.id,
            one.title,
            one.start,
            one.end,
            room_of(program, one),
            one.kind,
            people(program, one),
            one.abstract,
            one.track,
            one.language,
            one.cancelled,
        )
        for one in program.sessions
    ]
