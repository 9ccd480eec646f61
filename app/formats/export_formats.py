"""All export formats of a whole program, by the names that the command and the addresses use.

What a format cannot hold of a program is reported, as lines for `agenda export --report`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from app.domain.identity import NO_LINES
from app.domain.instants import MINUTE
from app.domain.program import Person, Program
from app.domain.session import Item, Session
from app.domain.warning_times import USUAL_STAGE_TIMES
from app.formats import api_program
from app.formats.api_fields import to_bytes
from app.formats.calendar.event_text import MOST_ITEMS
from app.formats.calendar.feed import feed
from app.formats.csv_export import papers_csv, schedule_csv
from app.formats.exchange_ids import base_of
from app.formats.frab.event import web_links
from app.formats.frab.json import schedule_json
from app.formats.frab.xml import LONGEST_EVENT_MINUTES, schedule_xml
from app.formats.pictures import pictures_of


@dataclass(frozen=True, slots=True)
class ExportResult:
    """A file, and a line for each part of the program that its format has no place for."""

    data: bytes
    left_out: tuple[str, ...]


def export_program(form: str, program: Program, *, revision: int, base_url: str) -> ExportResult:
    """A published program in one of `FORMS`; ``base_url`` is the service's public address, "" where none is known."""
    return ExportResult(FORMS[form](program, revision, base_url), tuple(_lost_fields(form, program)))


def _calendar(program: Program, _: int, base_url: str) -> bytes:
    path, public_url = f"/calendar/{program.id}.ics", base_of(program, base_url)
    return feed(program, program.sessions, name=program.title, public_url=public_url, feed_path=path)


def _program(program: Program, revision: int, _: str) -> bytes:
    return to_bytes(api_program.Program.from_parts(program, revision=revision)) + b"\n"


FORMS: Mapping[str, Callable[[Program, int, str], bytes]] = {
    "xml": lambda program, revision, base_url: schedule_xml(program, version=str(revision), base_url=base_url),
    "json": lambda program, revision, base_url: schedule_json(program, version=str(revision), base_url=base_url),
    "csv": lambda program, _, __: schedule_csv(program),
    "ics": _calendar,
    "papers": lambda program, _, __: papers_csv(program),
    "program": _program,
}

# The form that holds everything, and the one that is a selection.
WHOLE_FORMS = frozenset({"program", "papers"})
EXAMPLES_SHOWN = 3
# Lists that no format but the service's own JSON has, by their names for one and for several.
LISTS: tuple[tuple[str, str, Callable[[Program], tuple[object, ...]]], ...] = (
    ("page", "pages", lambda program: program.pages),
    ("organizer", "organizers", lambda program: program.organizers),
    ("important date", "important dates", lambda program: program.dates),
    ("link of the program", "links of the program", lambda program: program.links),
    ("announcement", "announcements", lambda program: program.announcements),
)
# The formats that have no place for a part, the part's name, and whether a program has it.
PROGRAM_PARTS: tuple[tuple[str, str, Callable[[Program], object]], ...] = (
    ("program", "the texts of pages", lambda program: program.pages),
    ("csv ics json xml", "the subtitle and the series", lambda program: program.subtitle or program.series),
    ("csv ics xml", "biographies and addresses of speakers", lambda program: any(map(_has_profile, program.speakers))),
    ("xml", "affiliations of speakers", lambda program: any(one.affiliations for one in program.speakers)),
    ("csv json xml", "the venue's name, address and position", lambda program: program.venue),
    ("csv ics json xml", "pictures", lambda program: any(pictures_of(program))),
    ("csv ics", "the accent", lambda program: program.identity.accent),
    ("csv ics", "colours of tracks", lambda program: any(one.color for one in program.tracks)),
    ("csv ics json xml", "floors of rooms", lambda program: any(one.floor for one in program.rooms)),
    ("csv ics xml", "the ways to rooms", lambda program: any(one.directions for one in program.rooms)),
    ("csv ics json xml", "the lines of projectors", lambda program: program.screen != NO_LINES),
    ("csv ics json program xml", "warning times of stages", lambda program: program.stage != USUAL_STAGE_TIMES),
    ("csv ics json program xml", "what speakers alone are told", lambda program: program.for_speakers),
    ("csv ics json program xml", "that speakers publish", lambda program: program.speakers_publish),
)
# The same of sessions; the ids of some are appended to the name.
SESSION_PARTS: tuple[tuple[str, str, Callable[[Program, Session], object]], ...] = (
    ("csv ics json xml", "least minutes and pins of", lambda _, one: one.pinned or one.min_minutes is not None),
    ("csv ics json program xml", "warning times and minutes of questions of", lambda _, one: _has_stage_times(one)),
    ("csv", "items (papers, posters, demos), which have a file of their own, of", lambda _, one: one.items),
    ("json xml", "numbers, authors and abstracts of items of", lambda _, one: any(map(_has_details, one.items))),
    ("ics", "kinds, lengths, abstracts and links of items of", lambda _, one: any(map(_has_more, one.items))),
    ("ics json xml", "items whose titles are to be announced, of", lambda _, one: any(item.tba for item in one.items)),
    ("ics", f"items beyond the first {MOST_ITEMS} of", lambda _, one: len(one.items) > MOST_ITEMS),
    ("csv json xml", "where and when it was before it moved:", lambda _, one: one.status == "moved"),
    ("csv", "links of", lambda _, one: one.links),
    ("json xml", "links that are not of the web, in", lambda _, one: len(web_links(one.links)) < len(one.links)),
    ("json xml", "the status, which the title says instead, of", lambda _, one: one.cancelled),
    ("json xml", "seconds of", lambda _, one: any(at.second or at.microsecond for at in (one.start, one.end))),
    ("xml", "all beyond 23:59 of", lambda _, one: one.end - one.start > LONGEST_EVENT_MINUTES * MINUTE),
    ("ics", "the track of", lambda _, one: one.track),
    ("csv", "semicolons in names, in", lambda program, one: any(";" in name for name in _names(program, one))),
)


def _has_stage_times(session: Session) -> bool:
    return session.warn_minutes is not None or session.questions_minutes is not None


def _lost_fields(form: str, program: Program) -> Iterator[str]:
    """A line for each part of a program that a format of `FORMS` has no place for."""
    for one, several, values in LISTS:
        if form not in WHOLE_FORMS and (number := len(values(program))):
            yield f"{number} {one if number == 1 else several}"
    for forms, name, is_used in PROGRAM_PARTS:
        if form in forms.split() and is_used(program):
            yield name
    for forms, name, is_used_by in SESSION_PARTS:
        ids = [session.id for session in program.sessions if form in forms.split() and is_used_by(program, session)]
        if ids:
            more = f" and {len(ids) - EXAMPLES_SHOWN} more" if len(ids) > EXAMPLES_SHOWN else ""
            yield f"{name} {', '.join(ids[:EXAMPLES_SHOWN])}{more}"


def _has_details(item: Item) -> bool:
    return bool(item.number or item.authors or _has_more(item))


def _has_more(item: Item) -> bool:
    return bool(item.kind or item.minutes or item.abstract or item.links)


def _has_profile(person: Person) -> bool:
    return bool(person.biography or person.url or person.links)


def _names(program: Program, session: Session) -> list[str]:
    return [person.name for person in program.speakers_of(session)]
