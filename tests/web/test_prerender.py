"""Pages are prerendered: before each boundary, and before a revision becomes current."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from support.movable_clock import MovableClock
from support.waiting import wait_until

from app import create_app
from app.domain.edits.edit_types import ChangeContent
from app.domain.program import Program
from app.domain.rights import Editor
from app.live.edition import ResponseKey
from app.live.http_response import StoredResponse
from app.live.snapshot import Snapshot
from app.service_factory import serve_from
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from app.store.publishing import publish_edit
from app.web.prerender import LEAD_SECONDS, Prerenderer
from app.web.running_service import Service

PUBLIC = "https://conference.example"
ALWAYS = ("/", "/now", "/display")
SECOND = timedelta(seconds=1)


@pytest.fixture
def service(tmp_path: Path, program: Program, clock: MovableClock) -> Iterator[Service]:
    """The service at its public address."""
    running = serve_from(open_database(sqlite_url(tmp_path / "x.sqlite"), program.id), program, clock, PUBLIC)
    running.watcher.stop()
    yield running
    running.close()


@pytest.fixture
def prerenderer(app: Flask) -> Iterator[Prerenderer]:
    prerenderer = Prerenderer(app)
    yield prerenderer
    prerenderer.stop()


def kept(service: Service, at: datetime, snapshot: Snapshot | None = None) -> dict[str, StoredResponse]:
    answers = service.editions.at(snapshot or service.current.snapshot, at).responses
    return {address.path: answer for address, answer in answers.items()}


def pages(answers: dict[str, StoredResponse]) -> list[str]:
    return sorted(path for path, answer in answers.items() if answer.changes_at)


def next_boundary(service: Service, at: datetime) -> datetime:
    end = service.current.snapshot.timeline.segment(at).end
    assert end is not None
    return end


def publish(service: Service, title: str) -> None:
    number = service.current.snapshot.revision.number
    edit = ChangeContent(session="tri-dao", title=title)
    publish_edit(service.current.revisions, edit, base=number, by=Editor("x"), note="", now=service.clock.now())


def test_the_next_pages_are_built_when_their_boundary_is_near(
    prerenderer: Prerenderer, service: Service, clock: MovableClock
) -> None:
    boundary = next_boundary(service, clock.now())
    clock.set(boundary - (LEAD_SECONDS + 1) * SECOND)
    prerenderer.prerender_next()
    assert pages(kept(service, boundary)) == []
    clock.set(boundary - (LEAD_SECONDS - 1) * SECOND)
    prerenderer.prerender_next()
    assert pages(kept(service, boundary)) == sorted(ALWAYS)


def test_what_was_built_ahead_is_what_a_reader_gets_at_the_boundary(
    prerenderer: Prerenderer, service: Service, clock: MovableClock
) -> None:
    boundary = next_boundary(service, clock.now())
    clock.set(boundary - SECOND)
    prerenderer.prerender_next()
    built = {path: kept(service, boundary)[path].body for path in ALWAYS}
    clock.set(boundary)
    fresh = create_app(
        Settings(program=Path("unused"), secret_key="for tests"), replace(service, editions=type(service.editions)())
    ).test_client()
    assert built == {path: fresh.get(path, base_url=PUBLIC).data for path in ALWAYS}


def test_every_encoding_is_ready(prerenderer: Prerenderer, service: Service, clock: MovableClock) -> None:
    prerenderer.build(service.current.snapshot, clock.now())
    answers = kept(service, clock.now())
    assert {path: sorted(answers[path].variants) for path in ALWAYS} == {path: ["", "br", "gzip"] for path in ALWAYS}


def test_pages_of_rooms_are_built_where_somebody_has_asked_for_them(
    prerenderer: Prerenderer, service: Service, clock: MovableClock, client: FlaskClient
) -> None:
    client.get("/rooms/venue", base_url=PUBLIC)
    client.get("/talks/tri-dao", base_url=PUBLIC)
    boundary = next_boundary(service, clock.now())
    clock.set(boundary - SECOND)
    prerenderer.prerender_next()
    assert pages(kept(service, boundary)) == sorted([*ALWAYS, "/rooms/venue"])


def test_a_revision_is_current_only_when_its_pages_are_there(
    prerenderer: Prerenderer, service: Service, clock: MovableClock
) -> None:
    prerenderer.start()
    found: list[list[str]] = []
    service.current.on_revision(lambda *_: found.append(pages(kept(service, clock.now()))))
    publish(service, "Another title")
    service.current.refresh()
    assert found == [sorted(ALWAYS)]


@pytest.mark.slow
def test_while_revisions_are_published_every_page_is_of_one_revision(
    prerenderer: Prerenderer, service: Service, clock: MovableClock
) -> None:
    prerenderer.start()
    seen: dict[int, set[tuple[object, ...]]] = {}
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            snapshot = service.current.snapshot
            page = html.fromstring(kept(service, clock.now(), snapshot)["/"].body)
            title = page.xpath("string(//*[@data-session='tri-dao']//*[@data-part='title'])")
            seen.setdefault(snapshot.revision.number, set()).add((int(page.get("data-revision")), title))

    reader = threading.Thread(target=read)
    reader.start()
    first = service.current.snapshot.revision.program.session("tri-dao").title
    try:
        wait_until(lambda: 1 in seen)
        for turn in range(2, 8):
            publish(service, f"Title {turn}")
            service.current.refresh()
            wait_until(lambda turn=turn: turn in seen)
    finally:
        done.set()
        reader.join()
    assert seen == {1: {(1, first)}, **{turn: {(turn, f"Title {turn}")} for turn in range(2, 8)}}


def test_one_page_is_built_once_however_many_ask_for_it_at_the_same_time(service: Service, clock: MovableClock) -> None:
    built, answers = [], []
    together = threading.Barrier(8)

    def build() -> StoredResponse:
        built.append(1)
        return StoredResponse(b"page", "text/html")

    def ask() -> None:
        together.wait()
        answers.append(service.editions.get_or_render(service.current.snapshot, clock.now(), ResponseKey("/x"), build))

    askers = [threading.Thread(target=ask) for _ in range(8)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert (len(built), {answer.body for answer in answers}, len(answers)) == (1, {b"page"}, 8)


def test_a_feed_is_built_once_for_all_segments_of_a_revision(
    prerenderer: Prerenderer, service: Service, clock: MovableClock, client: FlaskClient
) -> None:
    boundary = next_boundary(service, clock.now())
    clock.set(boundary - SECOND)
    prerenderer.prerender_next()
    client.get("/calendar/talks.ics", base_url=PUBLIC)
    feed = kept(service, clock.now())["/calendar/talks.ics"]
    assert kept(service, boundary)["/calendar/talks.ics"] is feed


def test_where_hosts_differ_each_host_that_asked_gets_its_pages(
    tmp_path: Path, program: Program, clock: MovableClock
) -> None:
    service = serve_from(open_database(sqlite_url(tmp_path / "y.sqlite"), program.id), program, clock)
    app = create_app(Settings(program=Path("unused"), secret_key="for tests"), service)
    app.test_client().get("/now", base_url="http://10.0.0.7:8000")
    boundary = next_boundary(service, clock.now())
    clock.set(boundary - SECOND)
    Prerenderer(app).prerender_next()
    built = service.editions.at(service.current.snapshot, boundary).responses
    assert {address for address, answer in built.items() if answer.changes_at} == {
        ResponseKey(path, host="http://10.0.0.7:8000") for path in ALWAYS
    }
    service.close()
