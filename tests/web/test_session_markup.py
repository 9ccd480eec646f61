"""The markup of sessions is made once and kept: each page is as one that is rendered for the first time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from support.codeml_day import at, talk, two_rooms
from support.conference import app_of
from support.edit_strategies import edits_of
from support.movable_clock import MovableClock
from support.publishing import publish, publish_noted
from support.strategies import examples, instants_near, programs

from app import create_app
from app.domain.edits import edit_types as edits
from app.domain.errors import AgendaError
from app.domain.identity import Picture, Track
from app.domain.program import Person, Program
from app.domain.rights import Editor
from app.live.edition import Editions
from app.settings import Settings
from app.store.publishing import publish_note
from app.web import revision_names
from app.web.running_service import Service, service_of
from app.web.session_markup import SessionMarkup, ShownSession

NOW = at("10:20")
FACE = Picture("pictures/ada.jpg", "e" * 64, 288, 288)
SETTINGS = Settings(program=Path("unread"), secret_key="for tests")


def day() -> Program:
    """A day in a hall and an annex, with speakers and a track."""
    made = two_rooms(
        *(talk("a1", "10:00-10:30"), talk("b1", "10:00-10:30", "annex"), talk("a2", "10:30-10:50")),
        *(talk("lunch", "12:00-13:00", None), talk("a3", "14:00-14:30")),
    )
    speakers = (Person(id="ada", name="Ada"), Person(id="grace", name="Grace", affiliations=("Yale",)))
    by = {"a1": ("ada",), "a2": ("ada", "grace")}
    sessions = tuple(replace(one, speakers=by.get(one.id, ()), track="Theory") for one in made.sessions)
    return replace(made, speakers=speakers, sessions=sessions, tracks=(Track("Theory", "#aa0000"),))


def pages_of(program: Program) -> list[str]:
    """The pages that show sessions."""
    by_room = [f"/{page}/{room.id}" for room in program.rooms for page in ("rooms", "display", "stage")]
    talks = [f"/talks/{one.id}" for one in program.sessions]
    people = [f"/speakers/{one.id}" for one in program.speakers]
    return ["/", "/?view=list", "/?q=a", "/now", "/display", "/my", "/print?what=programme", *by_room, *talks, *people]


def rendered(app: Flask) -> dict[str, str]:
    """All of them, as an app renders them now."""
    client, program = app.test_client(), service_of(app).current.snapshot.revision.program
    return {path: client.get(path).text for path in pages_of(program)}


def rendered_afresh(service: Service) -> dict[str, str]:
    """The same by an app that has kept nothing."""
    return rendered(create_app(SETTINGS, replace(service, editions=Editions())))


@contextmanager
def serving(program: Program, now: datetime) -> Iterator[Flask]:
    with TemporaryDirectory() as folder, app_of(program, Path(folder), MovableClock(now)) as app:  # type: ignore[arg-type]  # a clock to set
        yield app


def markup_of(app: Flask) -> SessionMarkup:
    return revision_names.names_of(app, service_of(app).current.snapshot).markup


@examples(60)
@given(programs(least=1), st.data())
def test_after_any_edits_and_at_any_instants_pages_are_as_if_nothing_was_kept(
    program: Program, data: st.DataObject
) -> None:
    """Law: kept or not, the same bytes."""
    with serving(program, data.draw(instants_near(program))) as app:
        service = service_of(app)
        for _ in range(3):
            clock: Any = service.clock
            clock.set(max(clock.now(), data.draw(instants_near(program))))
            with suppress(AgendaError):
                edit = data.draw(edits_of(service.current.snapshot.revision.program, clock.now()))
                publish_noted(service, edit, data.draw(st.sampled_from(["", "A train is late"])))
            assert rendered(app) == rendered_afresh(service)


CHANGES: dict[str, Callable[[Program], Program]] = {
    "a room's name": lambda program: replace(
        program, rooms=tuple(replace(room, name=f"{room.name} West") for room in program.rooms)
    ),
    "the rooms": lambda program: replace(
        program,
        rooms=program.rooms[:1],
        sessions=tuple(
            replace(one, slot=replace(one.slot, room="hall"), scheduled=replace(one.scheduled, room="hall"))
            for one in program.sessions
        ),
    ),
    "a speaker's name": lambda program: replace(
        program, speakers=tuple(replace(one, name=f"{one.name} L.") for one in program.speakers)
    ),
    "a speaker's affiliation": lambda program: replace(
        program, speakers=tuple(replace(one, affiliations=("Oxford",)) for one in program.speakers)
    ),
    "a speaker's picture": lambda program: replace(
        program, speakers=tuple(replace(one, picture=FACE) for one in program.speakers)
    ),
    "a track's colour": lambda program: replace(program, tracks=()),
    "the language": lambda program: replace(program, language="fr"),
    "the zone": lambda program: replace(program, timezone="Europe/Paris"),
    "another day": lambda program: replace(
        program, sessions=(*program.sessions, _later(program, timedelta(days=1), "tomorrow"))
    ),
    "so many sessions that rows have no faces": lambda program: replace(
        program,
        sessions=(*program.sessions, *(_later(program, timedelta(minutes=one), f"s{one}") for one in range(200))),
    ),
    "a text that no row shows": lambda program: replace(program, description="About the day"),
}


def _later(program: Program, by: timedelta, name: str) -> Any:
    last = program.sessions[-1]
    slot = replace(last.slot, start=last.start + by, end=last.end + by)
    return replace(last, id=name, slot=slot, scheduled=slot)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_all_sessions_share_may_change(change: Callable[[Program], Program]) -> None:
    with serving(day(), NOW) as app:
        rendered(app)
        publish(service_of(app), change(service_of(app).current.snapshot.revision.program))
        assert rendered(app) == rendered_afresh(service_of(app))


def test_a_note_given_afterwards_stands_beside_its_session() -> None:
    with serving(day(), NOW) as app:
        service = service_of(app)
        publish_noted(service, edits.Cancel("a2"))
        rendered(app)
        publish_note(service.current.revisions, 2, by=Editor("Frank"), note="The speaker is ill.", now=NOW)
        service.current.refresh()
        shown = rendered(app)
        assert ("The speaker is ill." in shown["/"], shown == rendered_afresh(service)) == (True, True)


def test_a_session_of_another_day_says_so_until_that_day_comes() -> None:
    program = day()
    tomorrow = replace(program, sessions=(*program.sessions, _later(program, timedelta(days=1), "tomorrow")))
    with serving(tomorrow, at("22:00")) as app:
        clock: Any = service_of(app).clock
        evening = rendered(app)["/now"]
        clock.set(at("22:00") + timedelta(hours=10))
        morning = rendered(app)
        label = 'data-until="2025-07-19T06:00:00-07:00" hidden>Sat'
        assert (label in evening, label in morning["/now"]) == (False, True)
        assert morning == rendered_afresh(service_of(app))


def test_the_markup_of_a_session_is_made_once() -> None:
    with serving(day(), NOW) as app:
        markup, shown = markup_of(app), ShownSession(day().session("a1"), "now")
        assert markup.get_or_make(shown, "departure") is markup.get_or_make(shown, "departure")


def test_a_revision_takes_over_what_it_did_not_change() -> None:
    with serving(day(), NOW) as app:
        before, program = markup_of(app), service_of(app).current.snapshot.revision.program
        kept = {one.id: before.get_or_make(ShownSession(one, "later"), "departure") for one in program.sessions}
        publish_noted(service_of(app), edits.ChangeContent("a2", title="Another title"))
        after, program = markup_of(app), service_of(app).current.snapshot.revision.program
        again = {one.id: after.get_or_make(ShownSession(one, "later"), "departure") for one in program.sessions}
        assert [name for name in kept if again[name] is not kept[name]] == ["a2"]


def test_another_state_replaces_the_markup_of_the_former_one() -> None:
    with serving(day(), NOW) as app:
        markup, session = markup_of(app), day().session("a1")
        first = markup.get_or_make(ShownSession(session, "next"), "departure")
        held = markup.kept_bytes
        assert 'data-state="now"' in markup.get_or_make(ShownSession(session, "now"), "departure")
        assert (markup.kept_bytes - held, 'data-state="next"' in first) == (-1, True)


def test_an_instant_that_a_reader_names_keeps_no_markup() -> None:
    with serving(day(), NOW) as app:
        rendered(app)
        held = markup_of(app).kept_bytes
        app.test_client().get("/?at=2025-07-18T12:20")
        assert markup_of(app).kept_bytes == held


def test_pages_are_the_same_where_there_is_no_room_for_the_markup() -> None:
    with serving(day(), NOW) as app:
        service_of(app).memory.allowed_bytes = 40_000
        shown, markup = rendered(app), markup_of(app)
        assert (markup.kept_bytes <= 10_000, shown == rendered_afresh(service_of(app))) == (True, True)


def test_a_page_that_somebody_asks_for_displaces_no_markup_and_one_rendered_ahead_all() -> None:
    with serving(day(), NOW) as app:
        markup = markup_of(app)
        markup.get_or_make(ShownSession(day().session("a1"), "now"), "departure")
        held = markup._most_bytes = markup.kept_bytes
        other = ShownSession(day().session("b1"), "now")
        markup.get_or_make(other, "departure")
        assert markup.kept_bytes == held
        markup.get_or_make(other, "departure", displaces=True)
        assert markup.kept_bytes == 0


ANOTHER: dict[str, Callable[[Program], Program]] = {
    "title": lambda program: replace(program, title="Another"),
    "language": lambda program: replace(program, language="de"),
    "session": lambda program: replace(
        program, sessions=tuple(replace(one, title=f"Another {one.id}") for one in program.sessions)
    ),
}


@pytest.mark.parametrize(("change", "times"), [("title", 1), ("language", 2), ("session", 2)])
def test_what_a_revision_shares_with_the_one_before_is_counted_once(change: str, times: int) -> None:
    with serving(day(), NOW) as app:
        service = service_of(app)

        def make() -> int:
            session = service.current.snapshot.revision.program.session("b1")
            markup_of(app).get_or_make(ShownSession(session, "now"), "departure")
            return service.memory.keepers["markup"]()

        one_piece = make()
        publish(service, ANOTHER[change](service.current.snapshot.revision.program))
        assert make() // one_piece == times
