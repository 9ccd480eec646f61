"""`/api/now` at the front door: put together of what is kept, and the same as what Flask makes."""

from __future__ import annotations

import gzip
import http.client
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from support.movable_clock import AT_TEN_TWENTY, MovableClock
from support.server_connection import needs_connections
from support.server_thread import served
from support.strategies import examples

from app.domain.edits.edit_types import Cancel
from app.domain.rights import Editor
from app.live.edition import ResponseKey
from app.server.front_door import FrontDoor
from app.store.publishing import publish_edit
from app.web.prerender import LEAD_SECONDS, Prerenderer
from app.web.running_service import Service

NOW = "/api/now"
# That differ in each response, or that only servers set.
OWN = {"Date", "X-Request-ID", "Connection"}
ENCODINGS = st.sampled_from(["", "identity", "gzip", "gzip, deflate, br", "br", "gzip;q=0", "*", "x" * 300])
# Of the workshop's day, and of a time in which its clocks are changed.
DAY, YEAR = timedelta(days=1), timedelta(days=365)
INSTANTS = st.timedeltas(-DAY, DAY).map(AT_TEN_TWENTY.__add__) | st.timedeltas(-YEAR, YEAR).map(AT_TEN_TWENTY.__add__)

Answer = tuple[int, dict[str, str], bytes]
Ask = Callable[..., Answer]


@pytest.fixture(params=["connections", "plain uvicorn"])
def ask(app: Flask, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ask]:
    """Ask over one connection."""
    if request.param == "plain uvicorn":
        monkeypatch.setattr("app.server.uvicorn_server.can_wrap_uvicorn", lambda: False)
    with served(app) as url, closing(http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)) as connection:

        def ask(path: str = NOW, headers: Mapping[str, str] | None = None, method: str = "GET") -> Answer:
            connection.request(method, path, headers=headers or {})
            response = connection.getresponse()
            return response.status, named(response.getheaders()), response.read()

        yield ask


def named(headers: list[tuple[str, str]]) -> dict[str, str]:
    """The headers of a response that are the same in each."""
    found = {name.title().replace("Id", "ID"): value for name, value in headers}
    return {name: value for name, value in sorted(found.items()) if name not in OWN}


def of_flask(app: Flask, path: str = NOW, headers: Mapping[str, str] | None = None, method: str = "GET") -> Answer:
    """What `flask run` responds."""
    given = {"Accept-Encoding": "identity", **(headers or {})}
    response = app.test_client().open(path, method=method, headers=given)
    return response.status_code, named(list(response.headers.items())), response.data


def facts(answer: Answer) -> dict[str, object]:
    """What an answer says."""
    _, headers, body = answer
    said: dict[str, object] = json.loads(gzip.decompress(body) if "Content-Encoding" in headers else body)
    return said


@examples(25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(instants=st.lists(INSTANTS, min_size=1, max_size=3), encoding=ENCODINGS)
def test_the_front_door_sends_what_flask_makes(
    app: Flask, ask: Ask, clock: MovableClock, instants: list[datetime], encoding: str
) -> None:
    headers = {"Accept-Encoding": encoding}
    for instant in instants:
        clock.set(instant)
        # Rendered, from the edition, and below ASGI.
        assert [ask(headers=headers) for _ in range(4)] == [of_flask(app, headers=headers)] * 4


@examples(25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_it_says_what_holds_at_its_instant_right_up_to_a_boundary(
    app: Flask, ask: Ask, service: Service, clock: MovableClock, data: st.DataObject
) -> None:
    boundary = data.draw(st.sampled_from(service.current.snapshot.timeline.boundaries))
    ask()
    for microseconds in data.draw(st.lists(st.integers(-2_500_000, 2_500_000) | st.integers(-2, 2), max_size=4)):
        clock.set(boundary + timedelta(microseconds=microseconds))
        said = facts(ask())
        assert said == facts(of_flask(app, f"{NOW}?at={clock.now():%Y-%m-%dT%H:%M:%S.%fZ}"))


def test_while_time_passes_each_answer_is_about_the_instant_that_it_names(
    ask: Ask, app: Flask, clock: MovableClock
) -> None:
    boundary = datetime(2025, 7, 18, 17, 30, tzinfo=UTC)
    # A minute before and after it pass in a fraction of a second.
    clock.set(boundary - timedelta(minutes=1), speed=600.0)
    while clock.now() < boundary + timedelta(minutes=1):
        said = facts(ask())
        instant = str(said["now"]).replace("+", "%2B")
        assert said == facts(of_flask(app, f"{NOW}?at={instant}"))


def test_a_revision_is_in_the_next_answer(ask: Ask, service: Service, clock: MovableClock) -> None:
    before = [facts(ask())["revision"] for _ in range(3)]
    publish_edit(service.current.revisions, Cancel("panel"), base=1, by=Editor("x"), note="", now=clock.now())
    service.current.refresh()
    assert (before, [facts(ask())["revision"] for _ in range(3)]) == ([1, 1, 1], [2, 2, 2])


def test_the_speed_of_a_clock_that_is_set_is_in_the_next_answer(ask: Ask, clock: MovableClock) -> None:
    said = []
    for speed in (1.0, 60.0, 60.0, 0.5):
        clock.speed = speed
        said.append(facts(ask())["speed"])
    assert said == [1.0, 60.0, 60.0, 0.5]


@pytest.mark.parametrize(
    ("path", "headers", "method"),
    [
        (NOW, {}, "HEAD"),
        (NOW, {"Accept-Encoding": "gzip"}, "HEAD"),
        (NOW, {}, "OPTIONS"),
        (NOW, {"If-None-Match": '"1"'}, "GET"),
        (NOW, {"If-None-Match": "*"}, "GET"),
        (NOW, {"If-Modified-Since": "Fri, 18 Jul 2025 17:00:00 GMT"}, "GET"),
        (NOW, {"Content-Length": "0"}, "POST"),
        (f"{NOW}?x=1", {}, "GET"),
        (f"{NOW}?at=2025-07-18T10:20", {}, "GET"),
        (f"{NOW}?at=noon", {}, "GET"),
        (NOW, {"Host": "other.example"}, "GET"),
        (NOW, {"Host": "not a host"}, "GET"),
        (NOW, {"Range": "bytes=0-1"}, "GET"),
    ],
    ids=str,
)
def test_all_other_requests_get_what_flask_makes(
    app: Flask, ask: Ask, path: str, headers: dict[str, str], method: str
) -> None:
    usual = [ask() for _ in range(3)]
    asked = [ask(path, headers, method) for _ in range(3)]
    made = [of_flask(app, path, {"Host": "localhost", **headers}, method)] * 3
    assert [without_problem_id(one) for one in asked] == [without_problem_id(one) for one in made]
    assert [ask() for _ in range(3)] == usual


def without_problem_id(answer: Answer) -> Answer:
    """An answer without the id of its request, which problem details name."""
    status, headers, body = answer
    if headers.get("Content-Type") != "application/problem+json":
        return answer
    said = {name: value for name, value in json.loads(body).items() if name != "request"}
    return (
        status,
        {name: value for name, value in headers.items() if name != "Content-Length"},
        json.dumps(said).encode(),
    )


def test_a_request_with_an_id_gets_it_back(ask: Ask) -> None:
    ask()
    assert ask(headers={"X-Request-ID": "one-of-mine"})[0] == 200


def test_it_is_ready_before_a_boundary_once_it_was_asked_for(app: Flask, service: Service, clock: MovableClock) -> None:
    snapshot, key = service.current.snapshot, ResponseKey(NOW, host="http://localhost")
    boundary = snapshot.timeline.segment(clock.now()).end
    assert boundary is not None
    app.test_client().get(NOW)
    assert key not in service.editions.at(snapshot, boundary).responses
    clock.set(boundary - timedelta(seconds=LEAD_SECONDS))
    Prerenderer(app).prerender_next()
    assert key in service.editions.at(snapshot, boundary).responses


def test_answers_are_counted(ask: Ask, service: Service) -> None:
    ask()
    before = service.stats.from_memory[200]
    for _ in range(3):
        ask()
    assert service.stats.from_memory[200] == before + 3


@needs_connections
def test_it_is_answered_below_asgi(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    handled = []
    responds = FrontDoor._respond

    async def noted(self: FrontDoor, request: object, *others: object) -> None:
        handled.append(request)
        await responds(self, request, *others)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(FrontDoor, "_respond", noted)
    with served(app) as url, closing(http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)) as connection:
        for _ in range(6):
            connection.request("GET", NOW)
            connection.getresponse().read()
    # The first is rendered, the second sent from what is kept.
    assert len(handled) == 2
