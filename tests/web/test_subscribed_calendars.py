"""What subscribed calendars get, in raw bytes: real changes replayed as edits, and a day with every kind of edit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import get_args

import pytest
from support.codeml_day import at
from support.ical_checker import check_calendar, check_evolution, events_by_uid
from support.ical_lines import read
from support.import_results import fixture, people
from support.movable_clock import MovableClock

from app import create_app
from app.domain.edits import edit_types as edits
from app.domain.program import Person, Program, Room
from app.domain.revision_diff import changed_sessions
from app.domain.rights import Editor
from app.service_factory import serve_from
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from app.store.publishing import publish_edit, undo
from app.store.revisions import Revision
from app.web.running_service import Service

KARP = Person(id="richard-karp", name="Richard Karp")


@dataclass
class Subscribed:
    """A served day, and the calendars of a reader who refreshes after every change."""

    service: Service
    clock: MovableClock
    feeds: tuple[str, ...]
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        settings = Settings(program=Path(), secret_key="for tests")
        self._client = create_app(settings, self.service).test_client()
        self._uids = {feed: set(events_by_uid(read(self._bytes(feed)))) for feed in self.feeds}
        self._seen = {feed: self._bytes(feed) for feed in self.feeds}

    @property
    def program(self) -> Program:
        """What is published."""
        return self.service.current.snapshot.revision.program

    def edit(self, *wanted: edits.Edit) -> None:
        """Publish edits one after the other."""
        for edit in wanted:
            base = self.service.current.snapshot.revision.number
            made = publish_edit(
                self.service.current.revisions, edit, base=base, by=Editor("Ada"), note="", now=self.clock.now()
            )
            assert made.number == base + 1
            self._refresh(made)

    def undo(self, number: int) -> None:
        """Take a revision back."""
        made = undo(self.service.current.revisions, number, by=Editor("Ada"), note="", now=self.clock.now())
        self._refresh(made)

    def _refresh(self, made: Revision) -> None:
        self.service.current.refresh()
        for feed in self.feeds:
            data = self._bytes(feed)
            problems = [*check_calendar(data), *check_evolution(self._seen[feed], data)]
            self.problems += [f"{feed}, revision {made.number}: {problem}" for problem in problems]
            if lost := self._uids[feed] - set(events_by_uid(read(data))):
                self.problems.append(f"{feed}, revision {made.number}: {lost} are gone")
            self._seen[feed] = data

    def _bytes(self, feed: str) -> bytes:
        answer = self._client.get(feed)
        assert answer.status_code == 200
        return answer.data


@contextmanager
def subscribed(folder: Path, program: Program, clock: MovableClock, *feeds: str) -> Iterator[Subscribed]:
    """A program published in a new database, with readers of these feeds."""
    service = serve_from(open_database(sqlite_url(folder / "agenda.sqlite"), program.id), program, clock)
    try:
        yield Subscribed(service, clock, feeds)
    finally:
        service.close()


# The page of June becomes the page of July


def edits_from(june: Program, july: Program) -> Iterator[edits.Edit]:
    """Titles and speakers as they were announced, session by session."""
    known = {person.id for person in june.speakers}
    for change in changed_sessions(june, july):
        before, after = change.before, change.after
        assert before is not None
        assert after is not None
        if before.title != after.title:
            yield edits.ChangeContent(after.id, title=after.title)
        if before.speakers != after.speakers:
            new = tuple(person for person in july.speakers_of(after) if person.id not in known)
            yield edits.ChangeContent(after.id, speakers=after.speakers, people=new)
            known |= {person.id for person in new}


def table(program: Program) -> list[tuple[object, ...]]:
    return [(one.id, one.slot, one.scheduled, one.title, one.kind, people(program, one)) for one in program.sessions]


def test_junes_page_becomes_julys_by_edits_and_calendars_keep_their_events(
    fixtures_path: Path, tmp_path: Path, clock: MovableClock
) -> None:
    june = fixture(fixtures_path, "codeml/site-2025-06-02.md").program
    july = fixture(fixtures_path, "codeml/site.md", former=june).program
    clock.set(at("09:00").replace(month=6))
    with subscribed(tmp_path, june, clock, f"/calendar/{june.id}.ics", "/calendar/talks.ics") as day:
        wanted = list(edits_from(june, july))
        day.edit(*wanted)
        assert table(day.program) == table(july)
        assert day.problems == []
    assert {type(edit) for edit in wanted} == {edits.ChangeContent}
    assert len(wanted) == 11  # six talks get their speakers, five of them a title


# A day on which all happens

STORY: tuple[tuple[str, edits.Edit], ...] = (
    ("08:55:00", edits.ChangeContent("panel", title="Who?", speakers=("tri-dao", KARP.id), people=(KARP,))),
    ("09:16:30", edits.StartNow("tri-dao")),
    ("09:41:05", edits.EndNow("tri-dao")),
    ("10:40:00", edits.Delay("evan-shelhamer", 8, shorten=(("contributed-morning", 37),))),
    ("11:20:10", edits.Extend("sara-hooker", 5, shorten=(("contributed-morning", 32),))),
    ("11:30:00", edits.Announce("Lunch is upstairs")),
    ("11:40:00", edits.WithdrawAnnouncement(7)),
    ("12:30:00", edits.Swap("matt-johnson", "chris-rackauckas")),
    ("12:31:00", edits.Shorten("contributed-afternoon", 10)),
    ("12:32:00", edits.Move("contributed-afternoon", at("14:02"))),
    ("12:33:00", edits.ChangeRoom("posters", "annex")),
    ("12:34:00", edits.Cancel("panel")),
    ("12:35:00", edits.Reinstate("panel")),
    ("12:36:20", edits.DelayEverywhere(2, push=frozenset({"lunch"}))),
    ("12:37:00", edits.Reorder(("matt-johnson", "chris-rackauckas"))),
    ("12:38:00", edits.AddSession("Demo", 3, after="contributed-afternoon")),
    ("13:05:30", edits.Absent("matt-johnson")),
    ("13:06:00", edits.OrderItems("contributed-afternoon", ("contributed-8", "contributed-6"))),
    ("13:06:20", edits.AddItem("contributed-afternoon", "Live demo", 3)),
    ("13:06:30", edits.RemoveItem("contributed-afternoon", "live-demo")),
)


def day_of_the_story(program: Program) -> Program:
    """The program with a second room, and with titles for all items."""
    rooms = (*program.rooms, Room("annex", "Annex"))
    titled = (
        replace(one, items=tuple(replace(item, title=f"On {item.id}") for item in one.items))
        for one in program.sessions
    )
    return replace(program, rooms=rooms, sessions=tuple(titled))


def unstamped(program: Program) -> Program:
    """A program without stamps, and without what keeps its address alone: what was added and is taken away again."""
    left = (session for session in program.sessions if not (session.added and session.cancelled))
    bare = (replace(one, sequence=0, created_at=None, changed_at=None, removed_items=()) for one in left)
    return replace(program, sessions=tuple(bare))


def test_the_story_has_every_kind_of_edit_that_an_undo_takes_back() -> None:
    # Pages say that somebody is not here, which raises the session's stamps; calendars do not say it.
    others = {edits.Step.__name__, edits.ItemAbsent.__name__}
    kinds = {kind.__name__ for kind in get_args(edits.Edit)} - others
    assert sorted(type(edit).__name__ for _, edit in STORY) == sorted(kinds)


@pytest.mark.slow
def test_through_every_kind_of_edit_and_its_undo_calendars_keep_their_events_and_stamps_only_rise(
    program: Program, tmp_path: Path, clock: MovableClock
) -> None:
    with_annex = day_of_the_story(program)
    clock.set(at("08:00"))
    with subscribed(tmp_path, with_annex, clock, f"/calendar/{program.id}.ics", "/calendar/talks.ics") as day:
        first = day.program
        for time, edit in STORY:
            clock.set(at(time))
            day.edit(edit)
        assert len(changed_sessions(first, day.program)) > 6
        for number in range(len(STORY) + 1, 1, -1):
            day.undo(number)
        assert unstamped(day.program) == unstamped(first)
        assert day.problems == []
        risen = {session.id for session in day.program.sessions if session.sequence}
    assert risen == {
        *("tri-dao", "coffee-morning", "evan-shelhamer", "sara-hooker", "contributed-morning", "panel"),
        *("matt-johnson", "chris-rackauckas", "contributed-afternoon", "posters", "lunch", "demo"),
    }


@pytest.mark.parametrize("number", range(2, len(STORY) + 2))
def test_each_of_them_undone_at_once_gives_back_the_program_before(
    program: Program, tmp_path: Path, clock: MovableClock, number: int
) -> None:
    with_annex = day_of_the_story(program)
    clock.set(at("08:00"))
    with subscribed(tmp_path, with_annex, clock) as day:
        for time, edit in STORY[: number - 1]:
            clock.set(at(time))
            before = day.program
            day.edit(edit)
        day.undo(number)
        assert unstamped(day.program) == unstamped(before)
