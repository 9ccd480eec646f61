"""The pages that turn are there before anybody asks: ahead of each boundary and of each revision."""

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
from moving_clock import MovableClock

from app import create_app
from app.building import serve_from
from app.domain.edits import Rename
from app.domain.program import Program
from app.live.answer import Answer
from app.live.current import Snapshot
from app.live.edition import Address
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from app.store.publishing import publish_edit
from app.web.ahead import ALWAYS, LEAD_SECONDS, Ahead
from app.web.service import Service

PUBLIC = "https://conference.example"
SECOND = timedelta(seconds=1)


@pytest.fixture
def service(tmp_path: Path, program: Program, clock: MovableClock) -> Iterator[Service]:
    """The service at its public address."""
    running = serve_from(open_database(sqlite_url(tmp_path / "x.sqlite"), program.id), program, clock, PUBLIC)
    running.watch.stop()
    yield running
    running.close()


@pytest.fixture
def ahead(app: Flask) -> Iterator[Ahead]:
    ahead = Ahead(app)
    yield ahead
    ahead.stop()


def kept(service: Service, at: datetime, snapshot: Snapshot | None = None) -> dict[str, Answer]:
    answers = service.editions.at(snapshot or service.current.snapshot, at).answers
    return {address.path: answer for address, answer in answers.items()}


def pages(answers: dict[str, Answer]) -> list[str]:
    return sorted(path for path, answer in answers.items() if answer.changes_at)


def next_boundary(service: Service, at: datetime) -> datetime:
    end = service.current.snapshot.timeline.segment(at).end
    assert end is not None
    return end


def publish(service: Service, title: str) -> None:
    number = service.current.snapshot.revision.number
    edit = Rename(session="tri-dao", title=title)
    publish_edit(service.current.revisions, edit, base=number, author="x", note="", now=service.clock.now())


def test_the_coming_pages_are_built_when_their_boundary_is_near(
    ahead: Ahead, service: Service, clock: MovableClock
) -> None:
    boundary = next_boundary(service, clock.now())
    clock.set(boundary - (LEAD_SECONDS + 1) * SECOND)
    ahead.look()
    assert pages(kept(service, boundary)) == []
    clock.set(boundary - (LEAD_SECONDS - 1) * SECOND)
    ahead.look()
    assert pages(kept(service, boundary)) == sorted(ALWAYS)


def test_what_was_built_ahead_is_what_a_reader_gets_at_the_boundary(
    ahead: Ahead, service: Service, clock: MovableClock
) -> None:
    boundary = next_boundary(service, clock.now())
    clock.set(boundary - SECOND)
    ahead.look()
    built = {path: kept(service, boundary)[path].body for path in ALWAYS}
    clock.set(boundary)
    fresh = create_app(
        Settings(program=Path("unused"), secret_key="for tests"), replace(service, editions=type(service.editions)())
    ).test_client()
    assert built == {path: fresh.get(path, base_url=PUBLIC).data for path in ALWAYS}


def test_every_encoding_is_ready(ahead: Ahead, service: Service, clock: MovableClock) -> None:
    ahead.build(service.current.snapshot, clock.now())
    answers = kept(service, clock.now())
    assert {path: sorted(answers[path].encodings) for path in ALWAYS} == {path: ["", "br", "gzip"] for path in ALWAYS}


def test_pages_of_rooms_are_built_where_somebody_has_asked_for_them(
    ahead: Ahead, service: Service, clock: MovableClock, client: FlaskClient
) -> None:
    client.get("/rooms/venue", base_url=PUBLIC)
    client.get("/talks/tri-dao", base_url=PUBLIC)
    boundary = next_boundary(service, clock.now())
    clock.set(boundary - SECOND)
    ahead.look()
    assert pages(kept(service, boundary)) == sorted([*ALWAYS, "/rooms/venue"])


def test_a_revision_is_current_only_when_its_pages_are_there(
    ahead: Ahead, service: Service, clock: MovableClock
) -> None:
    ahead.start()
    found: list[list[str]] = []
    service.current.on_revision(lambda *_: found.append(pages(kept(service, clock.now()))))
    publish(service, "Another title")
    service.current.refresh()
    assert found == [sorted(ALWAYS)]


def test_while_revisions_are_published_every_page_is_of_one_revision(
    ahead: Ahead, service: Service, clock: MovableClock
) -> None:
    ahead.start()
    seen: set[tuple[object, ...]] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            snapshot = service.current.snapshot
            page = html.fromstring(kept(service, clock.now(), snapshot)["/"].body)
            titles = page.xpath("//*[@data-session='tri-dao']//*[@data-part='title']/text()")
            seen.add((snapshot.revision.number, int(page.get("data-revision")), *titles))

    reader = threading.Thread(target=read)
    reader.start()
    first = service.current.snapshot.revision.program.session("tri-dao").title
    for turn in range(2, 8):
        publish(service, f"Title {turn}")
        service.current.refresh()
    done.set()
    reader.join()
    assert seen <= {(1, 1, first), *((turn, turn, f"Title {turn}") for turn in range(2, 8))}
    assert len(seen) > 1


def test_one_page_is_built_once_however_many_ask_for_it_at_the_same_time(service: Service, clock: MovableClock) -> None:
    built, answers = [], []
    together = threading.Barrier(8)

    def build() -> Answer:
        built.append(1)
        return Answer(b"page", "text/html")

    def ask() -> None:
        together.wait()
        answers.append(service.editions.answer(service.current.snapshot, clock.now(), Address("/x"), build))

    askers = [threading.Thread(target=ask) for _ in range(8)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert (len(built), {answer.body for answer in answers}, len(answers)) == (1, {b"page"}, 8)


def test_a_feed_is_built_once_for_all_segments_of_a_revision(
    ahead: Ahead, service: Service, clock: MovableClock, client: FlaskClient
) -> None:
    boundary = next_boundary(service, clock.now())
    clock.set(boundary - SECOND)
    ahead.look()
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
    Ahead(app).look()
    built = service.editions.at(service.current.snapshot, boundary).answers
    assert {address for address, answer in built.items() if answer.changes_at} == {
        Address(path, host="http://10.0.0.7:8000") for path in ALWAYS
    }
    service.close()
