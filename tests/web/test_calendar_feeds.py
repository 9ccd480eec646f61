"""Every calendar address of a service, read as raw bytes, through whatever becomes of its program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from support.calendar_programs import PUBLISHED, next_programs, touched, troubled_programs
from support.ical_checker import check_calendar, check_evolution, check_instants, events_by_uid
from support.ical_http_rules import Read, check_reads
from support.ical_lines import read
from support.import_results import fixture
from support.movable_clock import MovableClock
from support.publishing import publish
from support.repository import FIRST_PROGRAM
from support.strategies import examples

from app import create_app
from app.domain.program import Program
from app.formats.program_folder.reader import read_program
from app.service_factory import serve_from
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from app.web.running_service import Service

# Of a large program not every person's and session's feed is read, but every so many.
EACH = 25
FEW = examples(12, suppress_health_check=[HealthCheck.too_slow])
PAUSES = st.sampled_from([timedelta(0), timedelta(seconds=1), timedelta(hours=5)])


@contextmanager
def serving(program: Program, clock: MovableClock) -> Iterator[tuple[FlaskClient, Service]]:
    """A reader of a service of its own, and the service."""
    with TemporaryDirectory() as folder:
        database = open_database(sqlite_url(Path(folder) / "agenda.sqlite"), program.id)
        service = serve_from(database, program, clock)
        app: Flask = create_app(Settings(program=FIRST_PROGRAM, secret_key="for tests"), service)
        yield app.test_client(), service
        service.close()


def addresses(program: Program, each: int = 1) -> dict[str, list[str]]:
    """Every calendar address, with the UIDs that belong there."""

    def uids(sessions: tuple[object, ...]) -> list[str]:
        return [f"{one.id}@{program.domain}" for one in sessions]  # type: ignore[attr-defined]  # sessions

    talks = tuple(session for session in program.sessions if session.is_talk)
    dates = [f"date-{one.id}@{program.domain}" for one in program.dates]
    return {
        f"/calendar/{program.id}.ics": uids(program.sessions),
        "/calendar/talks.ics": uids(talks),
        "/calendar/dates.ics": dates,
        **{f"/rooms/{room.id}.ics": uids(program.sessions_in(room.id)) for room in program.rooms},
        **{f"/speakers/{one.id}.ics": uids(program.sessions_of(one.id)) for one in program.speakers[::each]},
        **{f"/talks/{one.id}.ics": uids((one,)) for one in program.sessions[::each]},
    }


def problems(client: FlaskClient, program: Program, each: int = 1) -> list[tuple[str, list[str]]]:
    """What is wrong with any feed, by its address: its bytes, its UIDs, its instants."""
    times = {
        f"{one.id}@{program.domain}": (one.start, one.end if one.end > one.start else None) for one in program.sessions
    }
    found = []
    for address, uids in addresses(program, each).items():
        data = client.get(address).data
        wrong = check_calendar(data)
        if sorted(events_by_uid(read(data))) != sorted(uids):
            wrong.append("other events than expected")
        if not address.endswith("/dates.ics"):
            wrong += check_instants(data, {uid: times[uid] for uid in uids})
        found.append((address, wrong))
    return [one for one in found if one[1]]


def storable(value: Any) -> Any:
    """A value of the domain without halves of letters: no database takes those, and no form sends them."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, tuple):
        return tuple(map(storable, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: storable(getattr(value, field.name)) for field in fields(value)})
    return value


def fetched(client: FlaskClient, address: str) -> Callable[[dict[str, str]], Read]:
    def fetch(headers: dict[str, str]) -> Read:
        answer = client.get(address, headers=headers)
        return Read(answer.status_code, answer.headers["ETag"], answer.data)

    return fetch


@dataclass(frozen=True)
class State:
    """A feed at an instant: its bytes, their tag, and when they are said to have changed."""

    body: bytes
    etag: str
    last_modified: datetime


def states(client: FlaskClient, program: Program) -> dict[str, State]:
    found = {}
    for address in addresses(program):
        answer = client.get(address)
        changed = parsedate_to_datetime(answer.headers["Last-Modified"])
        found[address] = State(answer.data, answer.headers["ETag"], changed)
    return found


def broken_promises(before: State, after: State, may_rise: frozenset[str]) -> list[str]:
    """Rules 7 and 8, and that Last-Modified rises with every change of the bytes (RFC 9110, 8.8.2)."""
    found = check_evolution(before.body, after.body, may_rise)
    if before.body == after.body:
        return found if before.etag == after.etag else [*found, "the same bytes under another ETag"]
    if before.etag == after.etag:
        found.append("other bytes under the same ETag")
    return found if before.last_modified < after.last_modified else [*found, "Last-Modified stood still"]


@pytest.fixture(scope="module")
def first() -> Program:
    return read_program(FIRST_PROGRAM)


def test_every_feed_of_the_first_program_is_sound(first: Program, clock: MovableClock) -> None:
    with serving(first, clock) as (client, service):
        assert problems(client, service.current.snapshot.revision.program) == []
        assert len(addresses(first)) == 3 + 1 + 6 + 15


def test_every_feed_is_read_as_http_wants_it(first: Program, clock: MovableClock) -> None:
    with serving(first, clock) as (client, _):
        for address in [*addresses(first), "/changes.atom"]:
            assert (address, check_reads(fetched(client, address))) == (address, [])
            got, asked = client.get(address), client.head(address)
            since = {"If-Modified-Since": got.headers["Last-Modified"]}
            assert (asked.status_code, asked.data, asked.headers["ETag"]) == (200, b"", got.headers["ETag"])
            assert (address, client.get(address, headers=since).status_code) == (address, 304)


def test_an_event_is_the_same_in_every_feed(first: Program, clock: MovableClock) -> None:
    with serving(first, clock) as (client, _):
        found: dict[str, set[str]] = {}
        for address in addresses(first):
            for uid, event in events_by_uid(read(client.get(address).data)).items():
                found.setdefault(uid, set()).add(repr(event))
    assert {uid: len(events) for uid, events in found.items() if len(events) > 1} == {}


@pytest.mark.acceptance
def test_every_feed_of_a_large_program_is_sound(fixtures_path: Path, clock: MovableClock) -> None:
    with serving(fixture(fixtures_path, "schedules/giggity-fosdem_2021.xml").program, clock) as (client, service):
        program = service.current.snapshot.revision.program
        assert problems(client, program, EACH) == []
        assert (len(program.sessions), len(program.rooms), len(addresses(program, EACH))) == (773, 106, 168)


@pytest.mark.slow
@given(st.data(), troubled_programs().map(storable))
@FEW
def test_every_feed_keeps_its_promises_through_edits_and_undos(data: st.DataObject, drawn: Program) -> None:
    clock = MovableClock(PUBLISHED)
    with serving(drawn, clock) as (client, service):
        program, earlier = service.current.snapshot.revision.program, [drawn]
        before = states(client, program)
        assert problems(client, program) == []
        for _ in range(data.draw(st.integers(1, 4))):
            clock.set(clock.now() + data.draw(PAUSES))
            following = storable(data.draw(next_programs(program, earlier)))
            earlier.append(program)
            program = publish(service, following)
            after, may_rise = states(client, program), touched(earlier[-1], program)
            broken = {one: broken_promises(before[one], after[one], may_rise) for one in after if one in before}
            assert {one: found for one, found in broken.items() if found} == {}
            assert problems(client, program) == []
            before = after
