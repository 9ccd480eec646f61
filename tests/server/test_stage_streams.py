"""`/live?stage=`: a room's stage gets its cue at once and at each change; other streams get none."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import timedelta

import pytest
from flask import Flask
from support.codeml_day import talk, two_rooms
from support.event_source import EventSource
from support.movable_clock import MovableClock
from support.server_thread import served

from app.domain.program import Program
from app.domain.rights import Editor
from app.store.room_state import RoomStates
from app.web.running_service import Service

FRANK = Editor("Frank")
# A request with this header is of a proxy: the stream does not stay with its bare connection.
BY_PROXY = {"Grip-Sig": "none"}
NO_CUE = {"room": "hall", "id": None, "text": "", "style": "steady", "since": None, "until": None}


@pytest.fixture
def program() -> Program:
    return two_rooms(talk("a", "10:00-11:00"), talk("b", "10:00-11:00", "annex"))


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    with served(app) as url:
        yield int(url.rpartition(":")[2])


class Stages:
    """The cues of a service."""

    def __init__(self, service: Service, clock: MovableClock) -> None:
        self._states, self._service, self._clock = RoomStates(service.current.revisions), service, clock

    def send(self, text: str, room: str = "hall") -> None:
        self._states.send_cue(room, text, "steady", minutes=2, by=FRANK, now=self._clock.now())
        self._service.current.refresh()

    def clear(self, room: str = "hall") -> None:
        self._states.clear_cue(room, by=FRANK)
        self._service.current.refresh()


@pytest.fixture
def stages(service: Service, clock: MovableClock) -> Stages:
    return Stages(service, clock)


@pytest.fixture
def sources() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def listening(sources: ExitStack, port: int, path: str = "/live?stage=hall", **headers: str) -> EventSource:
    source = sources.enter_context(closing(EventSource(port, path, **headers)))
    source.wait_for(lambda one: one.named("time"))
    return source


def texts(source: EventSource, count: int) -> list[str]:
    """The texts of the cues that a stream brought, once there are so many."""
    source.wait_for(lambda one: len(one.named("cue")) >= count)
    return [event.data["text"] for event in source.named("cue")]


@pytest.mark.parametrize("headers", [{}, BY_PROXY])
def test_a_stage_hears_its_cue_at_once_then_each_change(
    sources: ExitStack, port: int, stages: Stages, headers: dict[str, str]
) -> None:
    stages.send("5 minutes")
    stage = listening(sources, port, **headers)
    stages.send("Wrap up")
    texts(stage, 2)
    stages.clear()
    assert texts(stage, 3) == ["5 minutes", "Wrap up", ""]


def test_the_event_says_what_stands_and_until_when_without_an_id(sources: ExitStack, port: int, stages: Stages) -> None:
    stages.send("Mic")
    [event] = listening(sources, port).named("cue")
    times = {"since": "2025-07-18T10:19:00-07:00", "until": "2025-07-18T10:22:00-07:00"}
    assert (event.id, event.data) == ("1", {"room": "hall", "id": 1, "text": "Mic", "style": "steady", **times})


def test_where_no_cue_stands_the_event_says_so(
    sources: ExitStack, port: int, stages: Stages, clock: MovableClock
) -> None:
    stages.send("Mic")
    clock.set(clock.now() + timedelta(minutes=2))
    [event] = listening(sources, port).named("cue")
    assert event.data == NO_CUE


def test_a_cue_that_was_cleared_while_a_stage_was_away_is_gone_when_it_comes_back(
    sources: ExitStack, port: int, stages: Stages
) -> None:
    stages.send("Mic")
    assert texts(listening(sources, port), 1) == ["Mic"]
    stages.clear()
    assert texts(listening(sources, port), 1) == [""]


def test_the_cues_of_another_room_are_not_its_own_and_readers_hear_of_none(
    sources: ExitStack, port: int, stages: Stages
) -> None:
    hall, reader, annex = (
        listening(sources, port),
        listening(sources, port, "/live"),
        listening(sources, port, "/live?stage=annex"),
    )
    stages.send("Louder", "annex")
    assert texts(annex, 2) == ["", "Louder"]
    assert (set(texts(hall, 1)), reader.named("cue")) == ({""}, [])


@pytest.mark.parametrize("room", ["attic", "x" * 200, "%00", "hall%20"])
def test_the_stage_of_a_room_that_is_not_there_is_refused(port: int, room: str) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", f"/live?stage={room}")
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (404, b"There is no room of this id, so it has no stage.\n")
