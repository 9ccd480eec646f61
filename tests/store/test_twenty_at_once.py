"""Twenty people publish at once in five rooms: nothing is lost, and only who meets somebody else is refused.

In each room there are four of them. Each makes edits of several kinds from the revision that they saw last, and tries
again on the newest one after a refusal. Two edits meet where they change or push the same: `Step.changes` has it in
words, written by hand.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

import pytest
from support.codeml_day import talk, two_rooms
from support.day_facts import facts_of
from support.publisher_processes import NOW, append_revision, opened

from app.domain.edits.edit_types import Announce, Cancel, ChangeContent, Edit, Extend, Shorten
from app.domain.errors import StaleBase
from app.domain.program import Program, Room
from app.domain.rights import Editor
from app.domain.session import Link
from app.store.database import sqlite_url
from app.store.publishing import publish_edit
from app.store.revisions import HistoryEntry, Revisions

pytestmark = pytest.mark.slow

ROOMS = tuple(Room(f"r{number}", f"Room {number}") for number in range(1, 6))
SLIDES = (Link("Slides", "https://example.org/slides"),)


def five_rooms() -> Program:
    """In each room two talks one after the other, a third after them and two in the afternoon; lunch is for all."""
    clocks = ("10:00-10:30", "10:30-11:00", "11:00-11:30", "13:30-14:00", "14:00-14:30")
    talks = (talk(f"{room.id}-{n}", clock, room.id) for room in ROOMS for n, clock in enumerate(clocks, start=1))
    return replace(two_rooms(), rooms=ROOMS, sessions=(*talks, talk("lunch", "12:00-13:00", None, pinned=True)))


@dataclass(frozen=True)
class Step:
    """An edit that somebody makes, and what it changes or pushes."""

    edit: Edit
    changes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Person:
    """Somebody with edits to make, one after the other."""

    editor: Editor
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Attempt:
    """A step that was tried on a base: ``newest`` is its own revision or, where it was refused, the latest one."""

    step: Step
    base: int
    newest: int
    refused: bool = False


def people_of(room: str) -> list[Person]:
    """A chair, who announces there, and three organizers."""
    first, second, fourth, fifth = (f"{room}-{n}" for n in (1, 2, 4, 5))
    morning = frozenset({f"times of {room} in the morning"})
    longer, second_longer = Step(Extend(first, 1), morning), Step(Extend(second, 1), morning)
    return [
        Person(
            Editor(f"chair of {room}", "chair", room),
            (longer, Step(Announce(f"Welcome to {room}.", room)), longer),
        ),
        Person(
            Editor(f"ada in {room}"),
            (
                second_longer,
                Step(ChangeContent(first, title=f"First of {room}"), frozenset({f"title of {first}"})),
                second_longer,
            ),
        ),
        Person(
            Editor(f"alan in {room}"),
            (
                Step(ChangeContent(first, abstract="Why?"), frozenset({f"abstract of {first}"})),
                longer,
                Step(ChangeContent("lunch", title=f"Lunch after {room}"), frozenset({"title of lunch"})),
            ),
        ),
        Person(
            Editor(f"joan in {room}"),
            (
                Step(ChangeContent(second, links=SLIDES), frozenset({f"links of {second}"})),
                Step(Shorten(fourth, 20), frozenset({f"time of {fourth}"})),
                second_longer,
                Step(Cancel(fifth), frozenset({f"time of {fifth}"})),
                Step(Announce(f"{room} moves.")),
            ),
        ),
    ]


PEOPLE = list(chain.from_iterable(people_of(room.id) for room in ROOMS))
STEPS = [step for person in PEOPLE for step in person.steps]
TURNS = max(len(person.steps) for person in PEOPLE)
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Work:
    """What twenty people tried, and what came of it."""

    attempts: tuple[Attempt, ...]
    history: tuple[HistoryEntry, ...]
    latest: Program

    @cached_property
    def made(self) -> dict[int, Step]:
        """The steps that were acknowledged, by the number of their revision."""
        return {attempt.newest: attempt.step for attempt in self.attempts if not attempt.refused}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty database for all tests here: first SQLite, then PostgreSQL."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path_factory.mktemp("twenty") / "agenda.sqlite")
        return
    url = request.getfixturevalue("shared_postgres_url")
    yield url
    request.getfixturevalue("postgres_server").empty(url)


@pytest.fixture(scope="module")
def work(database_url: str) -> Work:
    """The work of twenty people on a day in five rooms, who begin on revision 1 and take each step together.

    Those of a room have one service: its console works for four at a time.
    """
    together = threading.Barrier(len(PEOPLE), timeout=PATIENCE_SECONDS)

    def work_of(person: Person, service: Revisions) -> list[Attempt]:
        tried: list[Attempt] = []
        seen = 1
        for turn in range(TURNS):
            together.wait()
            for step in person.steps[turn : turn + 1]:
                tried += attempts_of(service, person.editor, step, seen)
                seen = tried[-1].newest
        return tried

    with ExitStack() as stack, ThreadPoolExecutor(len(PEOPLE)) as pool:
        services = [Revisions(stack.enter_context(opened(database_url))) for _ in ROOMS]
        append_revision(services[0], five_rooms(), author="files", kind="import")
        of_people = (service for service in services for _ in range(len(PEOPLE) // len(ROOMS)))
        attempts = tuple(chain.from_iterable(pool.map(work_of, PEOPLE, of_people)))
        history = services[0].history()
        return Work(attempts, history, services[0].get(len(history)).program)


def attempts_of(revisions: Revisions, editor: Editor, step: Step, seen: int) -> list[Attempt]:
    """What somebody tried, who saw a revision, until a step was published."""
    tried: list[Attempt] = []
    # Whoever is refused was preceded by somebody else's step, so that many refusals are the most.
    for _ in STEPS:
        try:
            made = publish_edit(revisions, step.edit, base=seen, by=editor, note="", now=NOW)
        except StaleBase as stale:
            tried.append(Attempt(step, seen, stale.latest, refused=True))
            seen = stale.latest
        else:
            return [*tried, Attempt(step, seen, made.number)]
    raise AssertionError(f"{editor.name} was refused {len(tried)} times")


def meets(attempt: Attempt, made: dict[int, Step]) -> bool:
    """Whether a revision since the base of an attempt changed or pushed the same."""
    since = range(attempt.base + 1, attempt.newest + attempt.refused)
    return any(made[number].changes & attempt.step.changes for number in since)


def test_nothing_that_twenty_people_publish_is_lost(work: Work) -> None:
    # Of five who name lunch, one after the other, the last one's title stays.
    named = [made.edit for _, made in sorted(work.made.items()) if made.changes == {"title of lunch"}]
    expected = facts_of(five_rooms()) | {"lunch title": named[-1].title}
    for room in (room.id for room in ROOMS):
        expected |= {
            f"{room}-1": f"{room} 10:00–10:33",
            f"{room}-2": f"{room} 10:33–11:06",
            f"{room}-3": f"{room} 11:06–11:36",
            f"{room}-4": f"{room} 13:30–13:50",
            f"{room}-5": f"{room} 14:00–14:30 cancelled",
            f"{room}-1 title": f"First of {room}",
            f"{room}-1 abstract": "Why?",
            f"{room}-2 links": SLIDES,
        }
    announced = ([f"Welcome to {room.id}. ({room.id})", f"{room.id} moves. (all)"] for room in ROOMS)
    expected["announced"] = sorted(chain.from_iterable(announced))
    found = facts_of(work.latest)
    assert found | {"announced": sorted(found["announced"])} == expected


def test_only_who_meets_somebody_else_is_refused(work: Work) -> None:
    refused = [attempt.refused for attempt in work.attempts]
    assert refused == [meets(attempt, work.made) for attempt in work.attempts]


def test_of_two_who_meet_in_a_room_one_is_refused_at_first(work: Work) -> None:
    """In each room the chair and Ada begin with more time for a talk of the morning, both on revision 1."""
    refused = {change for one in work.attempts if one.base == 1 and one.refused for change in one.step.changes}
    assert refused == {f"times of {room.id} in the morning" for room in ROOMS}


def test_the_history_of_twenty_at_once_is_gapless(work: Work) -> None:
    numbers = range(2, 2 + len(STEPS))
    assert sorted(work.made) == list(numbers)
    assert [(one.number, one.base) for one in work.history] == [(n, n - 1) for n in (1, *numbers)]
