"""The events of `/live`, byte for byte."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from support.event_stream import Event, read_events
from support.publisher_processes import NOW, append_revision

from app.domain.program import Announcement, Program
from app.formats.api_fields import instant
from app.formats.api_program import Announcement as AnnouncementJson
from app.server.event_format import announcement_events, beginning, revision_event, spread_seconds, time_event
from app.store.revisions import Revision, Revisions

HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def database_url(tmp_path: object) -> str:
    return f"sqlite:///{tmp_path}/agenda.sqlite"


def publish(revisions: Revisions, program: Program) -> Revision:
    return append_revision(revisions, program, author="Tao")


def test_a_revision_event_says_its_number_and_over_how_long_readers_spread() -> None:
    assert read_events(revision_event(7, 0)) == [Event("revision", "7", {"revision": 7, "spread": 0})]


@pytest.mark.parametrize(
    ("readers", "seconds"), [(0, 0), (99, 0), (100, 0.006), (5000, 0.3), (10_000, 0.6), (50_000, 0.6)]
)
def test_few_readers_ask_at_once_and_many_within_six_tenths_of_a_second(readers: int, seconds: float) -> None:
    assert spread_seconds(readers) == seconds


def test_an_announcement_has_an_event_of_its_own(revisions: Revisions, program: Program) -> None:
    said = Announcement(text="Lunch\nis served.", until=NOW + HALF_AN_HOUR)
    made = publish(revisions, replace(program, announcements=(said,)))
    told = AnnouncementJson.from_value(replace(said, revision=2), made.program).model_dump()
    assert read_events(announcement_events(made)) == [Event("announcement", "", told)]


def test_an_announcement_is_announced_once(revisions: Revisions, program: Program) -> None:
    said = Announcement(text="Lunch is served.", until=NOW + HALF_AN_HOUR)
    announced = publish(revisions, replace(program, announcements=(said,))).program
    assert announcement_events(publish(revisions, replace(announced, title="Trees"))) == b""


def test_the_heartbeat_tells_the_time_the_revision_the_speed_and_whose_it_is(program: Program) -> None:
    names = {"service": "codeml", "history": "", "build": "b1"}
    told = {**names, "now": instant(program, NOW), "revision": 3, "speed": 60.0}
    assert read_events(time_event(program, NOW, 3, 60.0, names)) == [Event("time", "", told)]


def test_the_beginning_tells_when_to_come_back_and_what_is_known_and_fires_no_event_for_it() -> None:
    assert beginning(7, 0, b"", b"") == b"retry: 1000\nid: 7\n\n"
    assert beginning(7, 1, b"", b"") == b"retry: 1018\nid: 7\n\n"
    assert read_events(beginning(7, 0, b"", b"")) == []


def test_what_was_missed_comes_before_the_heartbeat_so_that_its_spread_counts(program: Program) -> None:
    stream = beginning(7, 0, revision_event(9, 0.6), time_event(program, NOW, 9, 1.0, {}))
    assert [event.name for event in read_events(stream)] == ["revision", "time"]
