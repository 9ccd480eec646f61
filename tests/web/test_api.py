"""The JSON that programs read."""

from __future__ import annotations

import gc
import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from support.movable_clock import MovableClock
from support.publishing import publish, publish_noted, with_links_of
from support.workshop_schedule_table import rows

from app.domain.edits.edit_types import ChangeContent
from app.domain.program import Program
from app.domain.session import Link
from app.live.history import UNPACKED
from app.store.revisions import HistoryEntry
from app.web.running_service import Service


def test_now_answers_by_the_published_table_just_before_at_and_after_each_boundary(
    client: FlaskClient, clock: MovableClock, fixtures_path: Path
) -> None:
    table = rows(fixtures_path)
    edges = sorted({edge for row in table for edge in (row.start, row.end)})
    for now in [edge + timedelta(milliseconds=shift) for edge in edges for shift in (-1, 0, 1)]:
        clock.set(now)
        [answer] = client.get("/api/now").get_json()["rooms"]
        on = next((row.title for row in table if row.start <= now < row.end), None)
        following = next((row.title for row in table if row.start > now), None)
        shown = [answer[key] and answer[key]["title"] for key in ("now", "next")]
        assert shown == [on, following], now


@pytest.mark.parametrize(
    ("at", "phase"),
    [
        ("2025-07-18T08:59:59", "before"),
        ("2025-07-18T09:00", "during"),
        ("2025-07-18T16:59:59", "during"),
        ("2025-07-18T17:00", "after"),
    ],
)
def test_the_phase_is_before_during_or_after_the_day(reader: FlaskClient, at: str, phase: str) -> None:
    assert reader.get(f"/api/now?at={at}").get_json()["phase"] == phase


def test_now_says_when_the_answer_will_change(reader: FlaskClient) -> None:
    assert reader.get("/api/now?at=2025-07-18T10:20").get_json()["changes_at"] == "2025-07-18T10:45:00-07:00"
    assert reader.get("/api/now?at=2025-07-18T17:00").get_json()["changes_at"] is None


def test_instants_carry_the_venues_offset_of_their_day(reader: FlaskClient) -> None:
    now = reader.get("/api/now?at=2027-01-01T09:00").get_json()["now"]
    assert now == "2027-01-01T09:00:00-07:00"


@pytest.mark.parametrize(
    "nonsense",
    [
        "tomorrow",
        "",
        "2025-07-18",
        "10:20",
        "2025-13-01T10:00",
        "2025-03-09T02:30",
        "2025-11-02T01:30",
        "0001-01-01T00:00",
    ],
)
def test_an_instant_that_cannot_be_is_refused_with_a_problem_detail(reader: FlaskClient, nonsense: str) -> None:
    answer = reader.get("/api/now", query_string={"at": nonsense})
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")


def test_an_offset_settles_an_ambiguous_time(reader: FlaskClient) -> None:
    answer = reader.get("/api/now", query_string={"at": "2025-11-02T01:30-07:00"})
    assert answer.get_json()["now"] == "2025-11-02T01:30:00-07:00"


def test_the_program_holds_every_session_with_its_people(reader: FlaskClient, program: Program) -> None:
    answer = reader.get("/api/program").get_json()
    assert [one["id"] for one in answer["sessions"]] == [session.id for session in program.sessions]
    assert [one["name"] for one in answer["speakers"]] == [person.name for person in program.speakers]
    venue = {"id": "venue", "name": "Vancouver Convention Center"}
    assert answer["rooms"] == [{**venue, "floor": "", "directions": "", "plan": ""}]


def test_a_session_has_the_fields_of_the_contract(reader: FlaskClient) -> None:
    session = reader.get("/api/program").get_json()["sessions"][1]
    wanted = {
        "id": "tri-dao",
        "kind": "talk",
        "title": "Open-Source Attention Optimizations",
        "start": "2025-07-18T09:15:00-07:00",
        "end": "2025-07-18T09:45:00-07:00",
        "scheduled_start": "2025-07-18T09:15:00-07:00",
        "scheduled_end": "2025-07-18T09:45:00-07:00",
        "status": "confirmed",
        "room": "venue",
        "scheduled_room": "venue",
        "speakers": ["tri-dao"],
        "items": [],
        "links": [],
        "url": "/talks/tri-dao",
        "sequence": 0,
        "changed_at": "2025-07-18T10:20:00-07:00",
    }
    assert {key: session[key] for key in wanted} == wanted


def test_a_link_says_what_it_leads_to(client: FlaskClient, service: Service, program: Program) -> None:
    stream = Link("Live stream", "https://example.org/live")
    publish(service, with_links_of(program, "tri-dao", stream))
    assert client.get("/api/program").get_json()["sessions"][1]["links"] == [
        {"label": "Live stream", "url": "https://example.org/live", "kind": "watch"}
    ]


def test_other_origins_may_read(reader: FlaskClient) -> None:
    assert reader.get("/api/now").headers["Access-Control-Allow-Origin"] == "*"


def test_no_cache_keeps_the_clock(reader: FlaskClient) -> None:
    assert reader.get("/api/now").headers["Cache-Control"] == "no-cache, s-maxage=0"


def test_who_has_the_program_already_gets_304(reader: FlaskClient) -> None:
    etag = reader.get("/api/program").headers["ETag"]
    again = reader.get("/api/program", headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")


def test_an_offset_may_be_typed_with_a_plain_plus(reader: FlaskClient) -> None:
    asked = "/api/now?at=2025-07-18T19:20+02:00", "/api/now?at=2025-07-18T19:20:30%2B02:00"
    assert [reader.get(one).get_json()["now"] for one in asked] == [
        "2025-07-18T10:20:00-07:00",
        "2025-07-18T10:20:30-07:00",
    ]


@pytest.mark.parametrize(
    ("query", "revisions"), [("", [1, 2, 3]), ("?since=1", [2, 3]), ("?since=3", []), ("?since=9", [])]
)
def test_changes_are_those_that_came_after_the_revision_that_the_reader_has(
    client: FlaskClient, service: Service, query: str, revisions: list[int]
) -> None:
    for title in ("One", "Two"):
        publish_noted(service, ChangeContent("panel", title=title))
    told = client.get(f"/api/changes{query}").get_json()
    assert (told["revision"], [change["revision"] for change in told["changes"]]) == (3, revisions)


def test_the_page_and_the_feed_of_changes_list_the_latest_revisions(
    client: FlaskClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.changes.MOST_LISTED", 2)
    for title in ("One", "Two", "Three"):
        publish_noted(service, ChangeContent("panel", title=title))
    assert re.findall(r'id="r(\d+)"', client.get("/changes").text) == ["4", "3"]
    assert re.findall(r"/revision/(\d+)<", client.get("/changes.atom").text) == ["4", "3"]


@pytest.mark.parametrize("path", ["/changes", "/changes.atom", "/api/changes"])
def test_what_lists_many_changes_leaves_none_of_them_in_memory(
    client: FlaskClient, service: Service, path: str
) -> None:
    service.watcher.stop()
    for number in range(UNPACKED + 10):
        publish_noted(service, ChangeContent("panel", title=f"{number}"))
    gc.collect()
    gc.disable()
    try:
        before = entries_in_memory()
        client.get(path)
        assert entries_in_memory() == before
    finally:
        gc.enable()


def entries_in_memory() -> int:
    return sum(isinstance(one, HistoryEntry) for one in gc.get_objects())


@pytest.mark.parametrize("nonsense", ["-1", "x", "1.5", "10000000000"])
def test_changes_since_nonsense_are_refused(reader: FlaskClient, nonsense: str) -> None:
    answer = reader.get(f"/api/changes?since={nonsense}")
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
