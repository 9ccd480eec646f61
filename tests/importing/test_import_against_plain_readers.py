"""Each real schedule: what its import has of every session is what a plain reader finds in the same file.

The readers (`support.plain_readers`) know nothing of the import. Where both differ, `KNOWN` says why, value by value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from support.import_results import fixture, people, room_of
from support.plain_readers import OTHER_SPEAKERS, READERS, Paper, PlainSession, tta_papers

from app.domain.program import VENUE_ROOM, Program
from app.importing import ImportOptions, import_source


class Known(NamedTuple):
    """What the import has in the place of a value of the file, and why; ``imported`` is empty where it has nothing."""

    imported: tuple[str, ...]
    reason: str


OPEN = Known(("TBA",), "a label without a title, or a word for it: to be announced")
CANCELLED = Known(("Pizzas",), "the word is read as the session's state")
NO_ADDRESS = Known((), "no address of the web; the report says so")
NOBODY = Known((), "nobody in particular")
LISTED = "an entry that is a list of names is several people"
EMF_XML = {
    "people": {
        "Alessia Milo and Christian Heinrichs": Known(("Alessia Milo", "Christian Heinrichs"), LISTED),
        "Alia Sheikh & Cat Harris": Known(("Alia Sheikh", "Cat Harris"), LISTED),
        "Libby Miller, Richard Sewell, John Hawkes-Reed": Known(
            ("Libby Miller", "Richard Sewell", "John Hawkes-Reed"), LISTED
        ),
        "Will Hargrave, Arjan Koopen, David Croft": Known(("Will Hargrave", "Arjan Koopen", "David Croft"), LISTED),
    }
}
JUGEND_HACKT = {"titles": {"tbd": OPEN}, "people": {"Gäste": NOBODY}}
# By file and trait, the values that the import has otherwise, or not at all; `*` stands for any ending.
KNOWN: dict[str, dict[str, dict[str, Known]]] = {
    "codeml/site-2025-06-02.md": {"titles": {"Invited talk:": OPEN}},
    "tables/d3s3-neurips2024-schedule.md": {"titles": {"Invited Talk": OPEN}},
    "calendars/emf-2016.ics": {"titles": {"CANCELLED - Pizzas": CANCELLED}},
    "calendars/giggity-kielux_2020.ics": {
        "people": {
            "Alle": NOBODY,
            "Verschiedene Redner": NOBODY,
        }
    },
    "schedules/emf-2016.xml": EMF_XML,
    "schedules/emf-2016-xsd-valid.xml": EMF_XML,
    "schedules/emf-2016-own.json": {
        "titles": {"CANCELLED - Pizzas": CANCELLED},
        "people": {
            "defenddigitalme": Known(
                ("defenddigitalme",),
                "an organization that stands where speakers do, and names of people are written so, too",
            ),
            "Freakyclown (@__freakyclown__)": Known(("Freakyclown",), "what stands in brackets is no part of a name"),
            "Elger \"Stitch\" Jonker <script>alert('welcome to emf');</script>": Known(
                ('Elger "Stitch" Jonker',), "a script is no part of a name"
            ),
        },
    },
    "schedules/34c3-jugend-hackt.xml": JUGEND_HACKT,
    "schedules/34c3-jugend-hackt.json": JUGEND_HACKT,
    "schedules/giggity-fosdem_2021.xml": {
        "links": {
            "https://": NO_ADDRESS,
            "thttps://github.com/BabarZKhan": NO_ADDRESS,
            "twitch.tv/vishwasadiga": NO_ADDRESS,
            "wellcome.org/what-we-do/*": NO_ADDRESS,
            "ipns://*": NO_ADDRESS,
            "https://docs.google.com/document/d/1LGoMgGlKJpJwXwqJ0qxb6BSuhc1YfPuhfWq8cVYDHsg/edit#": Known(
                ("https://docs.google.com/document/d/1LGoMgGlKJpJwXwqJ0qxb6BSuhc1YfPuhfWq8cVYDHsg/edit",),
                "an empty fragment says nothing",
            ),
        }
    },
}
TRAITS: dict[str, Callable[[PlainSession], Any]] = {
    "titles": lambda one: one.title,
    "starts": lambda one: one.start,
    "rooms": lambda one: one.room,
    "people": lambda one: one.people,
    "links": lambda one: one.links,
    "items": lambda one: one.items,
}


@cache
def said(fixtures: Path, name: str) -> tuple[PlainSession, ...]:
    """The sessions of a file as a plain reader has them."""
    return tuple(READERS[name](fixtures / name))


def expected(fixtures: Path, name: str) -> Iterator[PlainSession]:
    """The sessions of a file, with what the import is known to have in the place of some values."""
    known = KNOWN.get(name, {})
    for one in said(fixtures, name):
        yield replace(
            one,
            title="".join(instead([one.title], known.get("titles", {}))),
            people=tuple(instead(one.people, known.get("people", {}))),
            links=tuple(instead(one.links, known.get("links", {}))),
        )


def instead(values: Iterable[str], known: dict[str, Known]) -> Iterator[str]:
    for value in values:
        key = next((key for key in known if stands_for(key, value)), None)
        yield from known[key].imported if key else (value,)


def stands_for(key: str, value: str) -> bool:
    return value.startswith(key[:-1]) if key.endswith("*") else value == key


def sessions(program: Program) -> Iterator[PlainSession]:
    """A program's sessions in the plain readers' form; the room that stands for the whole venue is none."""
    for one in program.sessions:
        yield PlainSession(
            title=one.title,
            start=one.start,
            room="" if one.room == VENUE_ROOM else room_of(program, one),
            people=tuple(people(program, one)),
            links=tuple(link.url for link in one.links),
            items=papers_of(program, one.id),
        )


def papers_of(program: Program, session: str) -> tuple[Paper, ...]:
    items = program.session(session).items
    return tuple(Paper(title=item.title, number=item.number, authors=item.authors) for item in items)


def facts(sessions: Iterable[PlainSession], trait: str) -> Counter[tuple[Any, ...]]:
    """One trait of each session, beside its title and start."""
    return Counter((one.title, one.start, TRAITS[trait](one)) for one in sessions)


@pytest.mark.parametrize("trait", TRAITS)
@pytest.mark.parametrize("name", READERS)
def test_sessions_are_imported_as_their_file_has_them(fixtures_path: Path, name: str, trait: str) -> None:
    found = facts(sessions(fixture(fixtures_path, name).program), trait)
    true = facts(expected(fixtures_path, name), trait)
    made, missed = found - true, true - found
    assert (made, missed) == (Counter(), Counter())


@pytest.mark.parametrize("name", READERS)
def test_the_speakers_of_a_program_are_those_whom_its_file_names(fixtures_path: Path, name: str) -> None:
    named = {person for one in expected(fixtures_path, name) for person in one.people}
    found = {person.name for person in fixture(fixtures_path, name).program.speakers}
    assert found == named.union(OTHER_SPEAKERS.get(name, ()))


@pytest.mark.parametrize(("name", "trait"), [(name, trait) for name, traits in KNOWN.items() for trait in traits])
def test_every_known_difference_is_still_one(fixtures_path: Path, name: str, trait: str) -> None:
    values = [TRAITS[trait](one) for one in said(fixtures_path, name)]
    texts = values if trait == "titles" else [text for value in values for text in value]
    assert [key for key in KNOWN[name][trait] if not any(stands_for(key, text) for text in texts)] == []


def test_the_papers_of_tta_become_the_items_of_a_session(fixtures_path: Path) -> None:
    schedule = fixture(fixtures_path, "tables/tta-icml2025-schedule.csv").program
    file = fixtures_path / "tables/tta-icml2025-papers.csv"
    options = ImportOptions(items_of="poster-session-1")
    program = import_source(file.read_bytes(), name=file.name, options=options, former=schedule).program
    assert papers_of(program, "poster-session-1") == tta_papers(file)
