"""Export, then import: the same program in every form, but for what a form has no place for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from hypothesis import assume, given
from support.import_results import content, people, room_of
from support.strategies import examples, programs

from app.domain.identity import Identity, ScreenLines, Track
from app.domain.instants import at_local
from app.domain.program import ImportantDate, Page, Person, Program, Room, Venue
from app.domain.session import Item, Link, Session, Slot
from app.formats.exchange_ids import CANCELLED
from app.formats.export_formats import export_program
from app.importing import import_source

ZONE = "America/Vancouver"
FRIDAY, SATURDAY = date(2025, 7, 18), date(2025, 7, 19)
SLIDES = Link("Slides", "https://slides.example/roots.pdf")


def session(name: str, title: str, clock: str, minutes: int = 30, room: str | None = "east", **more: object) -> Session:
    """A session on the Friday, or in the night after it."""
    hours, _, rest = clock.partition(":")
    start = at_local(FRIDAY, datetime.min.time(), ZONE) + timedelta(hours=int(hours), minutes=int(rest))
    slot = Slot(start=start, end=start + timedelta(minutes=minutes), room=room)
    return replace(Session(id=name, title=title, slot=slot, scheduled=slot), **more)  # type: ignore[arg-type]


EVERYTHING = Program(
    id="trees-2025",
    title="Trees 2025",
    timezone=ZONE,
    domain="trees.example",
    days=(FRIDAY, SATURDAY),
    subtitle="A workshop on what grows",
    series="Plants 2025",
    description="All about trees.\n\nAnd more.",
    url="https://trees.example/",
    language="de",
    identity=Identity(accent="#0b6e6e"),
    screen=ScreenLines(before=("Wi-Fi: Guest",), after=("See you", "in 2026")),
    venue=Venue(
        name="Hall", address="1 Tree St", city="Vancouver", latitude=49.3, longitude=-123.1, url="https://m.example/"
    ),
    tracks=(Track("Roots & shoots", "#0057b8"), Track("葉", "#c8102e")),
    rooms=(Room("east", "East"), Room("west", "West Wing", floor="2", directions="Up the stairs,\nthen left.")),
    sessions=(
        session("opening", "Begrüßung", "9:00", 15, None, kind="opening", language="de"),
        session(
            "roots",
            'On roots, <b>bold</b>; and "quoted"',
            "9:15",
            speakers=("ann-lee", "bob"),
            abstract="They *grow* down.\n\n- far\n- deep\n\n`a < b` and <em>tags</em>",
            links=(SLIDES, Link("Room chat", "https://chat.example/?a=1&b=2")),
            track="Roots & shoots",
            language="en",
        ),
        session("leaf", "葉について", "9:15", room="west", speakers=("zoe",), track="葉", language="ja"),
        session("formula", "=1+1 is two", "9:45", 20, guid="8f1c4b3e-9b1d-4c55-8a11-0a5f2c7d9e10"),
        session("open", "TBA", "10:05", 25, speakers=("ann-lee",)),
        session("gone", "Bark ~~beetles~~", "10:30", cancelled=True, speakers=("bob",)),
        session("coffee", "Coffee", "11:00", 30, None, kind="break", min_minutes=10),
        session("lunch", "Lunch", "12:00", 60, None, kind="lunch", pinned=True),
        session(
            "posters",
            "Posters",
            "13:00",
            90,
            "west",
            kind="posters",
            items=(
                Item(
                    title="Moss",
                    number="7",
                    authors=("Ann Lee", "Li Wei (李伟)"),
                    links=(Link("Paper", "https://p.example/7"),),
                ),
                Item(title="Lichen: a view", number="12b"),
            ),
        ),
        session("feast", "Dinner", "22:30", 180, "west", kind="social"),
        session("songs", "Songs of the night", "25:45", 30, "west"),
        session("brunch", "Brunch", "34:00", 45),
    ),
    speakers=(
        Person(
            id="ann-lee",
            name="Ann Lee",
            affiliations=("MIT", "University of Bonn, Institute 3"),
            url="https://ann.example/",
            biography="Likes *trees*.\n\nAnd <b>moss</b>.",
            links=(Link("Mastodon", "https://social.example/@ann"),),
        ),
        Person(id="bob", name="Bob Ray, Jr."),
        Person(id="zoe", name="Dr. Zoë Müller-Lüdenscheidt"),
    ),
    organizers=(Person(id="dee-poe", name="Dee Poe", affiliations=("ETH",), url="https://dee.example/"),),
    dates=(
        ImportantDate(
            id="due",
            title="Submission",
            day=date(2025, 5, 1),
            at=datetime(2025, 5, 2, 11, 59, tzinfo=UTC),
            zone_label="AoE",
        ),
        ImportantDate(id="told", title="Notification", day=date(2025, 6, 9), former_day=date(2025, 6, 2)),
    ),
    pages=(Page(slug="about", title="About", body="We like trees.", order=0),),
    links=(Link("Code of conduct", "https://coc.example/"),),
)


def of_sessions(value: Callable[[Program, Session], object]) -> Callable[[Program], object]:
    return lambda program: {one.id: value(program, one) for one in program.sessions}


def of_people(value: Callable[[Person], object]) -> Callable[[Program], object]:
    return lambda program: {one.name: value(one) for one in program.speakers}


PARTS: dict[str, Callable[[Program], object]] = {
    "titles": of_sessions(lambda _, one: one.title),
    "times": of_sessions(lambda _, one: (one.start, one.end)),
    "rooms": of_sessions(room_of),
    "kinds": of_sessions(lambda _, one: one.kind),
    "speakers": of_sessions(people),
    "abstracts": of_sessions(lambda _, one: one.abstract),
    "tracks": of_sessions(lambda _, one: one.track),
    "languages": of_sessions(lambda _, one: one.language),
    "cancelled": of_sessions(lambda _, one: one.cancelled),
    "guids": of_sessions(lambda _, one: one.guid),
    "links": of_sessions(lambda _, one: one.links),
    "items": of_sessions(lambda _, one: one.items),
    "pins and least minutes": of_sessions(lambda _, one: (one.pinned, one.min_minutes)),
    "ids of people": of_people(lambda one: one.id),
    "affiliations": of_people(lambda one: one.affiliations),
    "biographies": of_people(lambda one: (one.url, one.biography, one.links)),
    "days": lambda program: program.days,
    "zone": lambda program: program.timezone,
    "order of rooms": lambda program: [one.name for one in program.rooms],
    "ids of rooms": lambda program: [one.id for one in program.rooms],
    "directions": lambda program: [one.directions for one in program.rooms],
    "floors": lambda program: [one.floor for one in program.rooms],
    "colours": lambda program: (program.identity.accent, program.tracks),
    "title": lambda program: program.title,
    "id": lambda program: program.id,
    "domain": lambda program: program.domain,
    "site": lambda program: program.url,
    "description": lambda program: program.description,
    "subtitle and series": lambda program: (program.subtitle, program.series),
    "language": lambda program: program.language,
    "venue": lambda program: program.venue,
    "organizers": lambda program: program.organizers,
    "dates": lambda program: program.dates,
    "links of the program": lambda program: program.links,
    "screen": lambda program: program.screen,
    "pages": lambda program: program.pages,
}
OF_THE_WHOLE = {"domain", "language", "links of the program", "organizers", "pages", "dates", "screen"}
OF_THE_WHOLE |= {"subtitle and series", "venue"}
IN_NO_OTHER_FORM = {*OF_THE_WHOLE, "floors", "ids of people", "ids of rooms", "items", "pins and least minutes"}
OF_PEOPLE = {"affiliations", "biographies"}
# What each form has no place for. Sessions without a guid get the one by which frab's forms name them: in a program
# of another domain they stay the same sessions for who reads either.
LOST: dict[str, set[str]] = {
    "program": {"pages"},
    "json": {*IN_NO_OTHER_FORM, "guids"},
    "xml": {*IN_NO_OTHER_FORM, *OF_PEOPLE, "guids", "description", "directions"},
    "csv": {
        *IN_NO_OTHER_FORM,
        *OF_PEOPLE,
        *("colours", "description", "directions", "id", "links", "order of rooms", "site", "title"),
    },
}
FORMS = pytest.mark.parametrize("form", sorted(LOST))


@cache
def copy(form: str) -> Program:
    """The program that comes of an import of its export."""
    data = export_program(form, EVERYTHING, revision=1, base_url="https://agenda.example").data
    return import_source(data, name=f"trees.{form}").program


@FORMS
def test_an_export_holds_all_but_what_its_form_has_no_place_for(form: str) -> None:
    assert {name for name, part in PARTS.items() if part(copy(form)) != part(EVERYTHING)} == LOST[form]


@FORMS
def test_an_export_imported_into_its_own_program_changes_nothing(form: str) -> None:
    data = export_program(form, EVERYTHING, revision=1, base_url="https://agenda.example").data
    assert import_source(data, name=f"trees.{form}", former=EVERYTHING).program == EVERYTHING


@FORMS
@given(programs(least=1))
@examples(40)
def test_the_sessions_of_any_program_come_back(form: str, program: Program) -> None:
    """Law: export, then import, gives each session back, with its id, times, room, people and texts.

    XML and CSV name only rooms in which something is; frab's forms say in the title that a session is cancelled.
    """
    if form in ("json", "xml"):
        sessions = (replace(one, title=one.title.removeprefix(CANCELLED)) for one in program.sessions)
        program = replace(program, sessions=tuple(sessions))
    assume(form in ("program", "json") or any(one.room for one in program.sessions))
    data = export_program(form, program, revision=1, base_url="").data
    assert content(import_source(data, name=f"random.{form}").program) == content(program)


def test_a_room_in_which_nothing_is_yet_comes_back_from_json() -> None:
    program = replace(EVERYTHING, rooms=(*EVERYTHING.rooms, Room("north", "North")))
    found = [
        import_source(export_program(form, program, revision=1, base_url="").data, name="trees").program.rooms
        for form in ("program", "json")
    ]
    assert [[one.name for one in rooms] for rooms in found] == [["East", "West Wing", "North"]] * 2


@pytest.mark.parametrize(("clocks", "minutes"), [(("25:00", "25:30", "26:00"), 30), (("12:00",), 780)])
def test_a_time_of_an_export_is_of_a_clock_of_24_hours_whatever_the_others_are(
    clocks: tuple[str, ...], minutes: int
) -> None:
    songs = tuple(session(f"song-{at}", "Songs", clock, minutes) for at, clock in enumerate(clocks))
    program = replace(EVERYTHING, sessions=songs)
    data = export_program("csv", program, revision=1, base_url="").data
    assert content(import_source(data, name="trees.csv").program) == content(program)
