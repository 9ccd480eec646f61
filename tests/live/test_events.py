"""What `/live` says, byte for byte."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from event_stream import Event, read_events
from publishers import NOW, marked

from app.domain.program import Announcement, Page, Program
from app.formats.json_program import announcement_json, session_json
from app.live.events import LARGEST_BYTES, opening, reload_event, revision_events
from app.store.revisions import Revision, Revisions

HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def database_url(tmp_path: object) -> str:
    return f"sqlite:///{tmp_path}/agenda.sqlite"


def publish(revisions: Revisions, program: Program) -> Revision:
    base = revisions.latest_number()
    return revisions.append(program, base=base, author="Tao", note="", kind="edit", now=NOW)


def with_title(program: Program, title: str) -> Program:
    return replace(
        program, sessions=tuple(replace(one, title=title) if one.id == "panel" else one for one in program.sessions)
    )


def test_a_revision_event_carries_the_changed_sessions_as_the_api_does(revisions: Revisions, program: Program) -> None:
    first, second = revisions.get(1).program, publish(revisions, with_title(program, "The\nfuture")).program
    change = {
        "session": "panel",
        "before": session_json(first, first.session("panel")),
        "after": session_json(second, second.session("panel")),
    }
    data = {"revision": 2, "changes": [change], "announcements": []}
    assert read_events(revision_events(revisions.get(2))) == [Event("revision", "2", data)]


def test_what_is_told_from_the_history_is_the_same(revisions: Revisions, program: Program) -> None:
    made = publish(revisions, with_title(program, "The future"))
    assert revision_events(revisions.history(since=1)[0]) == revision_events(made)


def test_an_announcement_has_an_event_of_its_own_before_the_revisions(revisions: Revisions, program: Program) -> None:
    said = Announcement(text="Lunch is served.", until=NOW + HALF_AN_HOUR)
    made = publish(revisions, replace(program, announcements=(said,)))
    told = announcement_json(made.program, replace(said, revision=2))
    assert read_events(revision_events(made)) == [
        Event("announcement", "", told),
        Event("revision", "2", {"revision": 2, "changes": [], "announcements": [told]}),
    ]


def test_an_announcement_is_announced_once(revisions: Revisions, program: Program) -> None:
    said = Announcement(text="Lunch is served.", until=NOW + HALF_AN_HOUR)
    announced = publish(revisions, replace(program, announcements=(said,))).program
    made = publish(revisions, with_title(announced, "The future"))
    assert [event.name for event in read_events(revision_events(made))] == ["revision"]


def test_what_no_page_can_patch_is_to_be_loaded_anew(revisions: Revisions, program: Program) -> None:
    pages = (*program.pages, Page(slug="lost-and-found", title="Lost and found"))
    made = publish(revisions, replace(program, pages=pages))
    assert revision_events(made) == reload_event(2)
    assert read_events(reload_event(2)) == [
        Event("revision", "2", {"revision": 2, "changes": None, "announcements": None})
    ]


def test_the_first_revision_is_to_be_loaded(revisions: Revisions) -> None:
    assert revision_events(revisions.get(1)) == reload_event(1)


def test_nothing_large_is_sent_to_thousands(revisions: Revisions, program: Program) -> None:
    made = publish(revisions, marked(program, "x" * (LARGEST_BYTES // 10)))
    assert revision_events(made) == reload_event(2)


def test_the_opening_tells_when_to_come_back_and_what_is_known_and_fires_no_event() -> None:
    assert opening(7, 1500) == b"retry: 1500\nid: 7\n\n"
    assert read_events(opening(7, 1500)) == []
