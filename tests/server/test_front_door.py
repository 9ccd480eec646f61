"""What the front door answers itself, and what it hands to which of Flask's lanes."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest
from flask import Flask
from support.console_browser import Console
from support.movable_clock import AT_TEN_TWENTY
from support.server_processes import exchange
from support.server_thread import served
from support.waiting import wait_until

from app.server.asgi_messages import AsgiRequest
from app.server.front_door import LANES
from app.server.router import Router
from app.web import static_files
from app.web.address_traits import KEYED
from app.web.running_service import Service
from app.web.security_headers import request_policy_of

JSON = {"Content-Type": "application/json"}
STYLES = static_files.address_of("css/base.css")


@pytest.fixture(params=["connections", "plain uvicorn"])
def port(app: Flask, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    if request.param == "plain uvicorn":
        monkeypatch.setattr("app.server.uvicorn_server.can_wrap_uvicorn", lambda: False)
    with served(app) as url:
        yield int(url.rpartition(":")[2])


def said(port: int, *lines: str) -> bytes:
    """The response to what may not be a request."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as connection:
        connection.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode())
        with connection.makefile("rb") as response:
            return response.read()


@pytest.mark.parametrize("hosts", [[], ["Host: agenda", "Host: agenda"]], ids=["none", "two"])
def test_a_request_that_does_not_name_one_host_is_refused(port: int, hosts: list[str]) -> None:
    assert said(port, "GET /now HTTP/1.1", *hosts).startswith(b"HTTP/1.1 400 Bad Request\r\n")


def test_an_old_health_check_names_no_host(port: int) -> None:
    assert [said(port, f"GET {path} HTTP/1.0")[9:12] for path in ("/healthz", "/readyz", "/now")] == [
        b"200",
        b"200",
        b"400",
    ]


@pytest.mark.parametrize("url", ["/card.png?x=1", "/now?utm_source=mail", "/?day=2025-07-18&x=1&day=nonsense"])
def test_parameters_that_a_page_does_not_know_get_its_stored_response(port: int, service: Service, url: str) -> None:
    usual = url.partition("&")[0] if "day" in url else url.partition("?")[0]
    expected = exchange(port, "GET", usual)
    kept = dict(service.editions.at(service.current.snapshot, AT_TEN_TWENTY).responses)
    status, headers, body = exchange(port, "GET", url)
    assert (status, headers["ETag"], body) == (200, expected[1]["ETag"], expected[2])
    assert service.editions.at(service.current.snapshot, AT_TEN_TWENTY).responses == kept


def test_a_page_without_network_of_its_own_is_sent_whole(port: int) -> None:
    first, second = (exchange(port, "GET", "/offline/pages") for _ in range(2))
    assert (first[0], len(first[2]), first[2]) == (200, int(first[1]["Content-Length"]), second[2])


class Jam:
    """A view that holds its thread until the test lets it go."""

    def __init__(self, app: Flask) -> None:
        self.begun, self.may_end = threading.Semaphore(0), threading.Event()
        app.add_url_rule("/jam", "jam", self.wait)
        app.add_url_rule("/jam/<key>", "keyed jam", self.wait, traits=KEYED)

    def wait(self, **_names: str) -> str:
        self.begun.release()
        self.may_end.wait(20)
        return "late"


def asked(stack: ExitStack, port: int, path: str) -> http.client.HTTPConnection:
    """A connection on which a request was sent."""
    connection = stack.enter_context(closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)))
    connection.request("GET", path)
    return connection


def status_of(connection: http.client.HTTPConnection) -> int:
    with connection.getresponse() as response:
        return response.status


def test_a_flood_of_questions_fills_its_own_lane_only(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.server.front_door.LONGEST_WAIT_SECONDS", 60)
    jam, lane = Jam(app), LANES["questions"]
    with served(app) as url, ExitStack() as stack:
        port = int(url.rpartition(":")[2])
        flood = [asked(stack, port, "/jam") for _ in range(lane["threads"] + lane["most_waiting"])]
        jam.begun.acquire(timeout=10)
        wait_until(lambda: exchange(port, "GET", "/jam")[0] == 503)
        status, headers, text = exchange(port, "GET", "/?q=compilers")
        assert (status, headers["Retry-After"]) == (503, "3")
        assert text == b"The service is busy. Please try again in a few seconds.\n"
        paths = ["/healthz", "/api/now", "/now", "/talks/panel", "/organizer/sign-in", "/my/picks", STYLES]
        assert [exchange(port, "GET", path)[0] for path in paths] == [200, 200, 200, 200, 200, 401, 200]
        jam.may_end.set()
        assert {status_of(connection) for connection in flood} == {200}


def test_a_flood_of_made_up_keys_does_not_delay_those_that_were_good(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.server.front_door.LONGEST_WAIT_SECONDS", 60)
    jam, lane = Jam(app), LANES["keys"]
    with served(app) as url, ExitStack() as stack:
        port = int(url.rpartition(":")[2])
        key = json.loads(exchange(port, "POST", "/my/picks", '{"add": ["panel"]}', JSON)[2])["write"]
        held = {"Authorization": f"Bearer {key}"}
        assert exchange(port, "GET", "/my/picks", headers=held)[0] == 200
        flood = [asked(stack, port, f"/jam/{n}") for n in range(lane["threads"] + lane["most_waiting"])]
        jam.begun.acquire(timeout=10)
        wait_until(lambda: exchange(port, "GET", "/jam/another")[0] == 503)
        assert exchange(port, "GET", "/my/picks", headers=held)[0] == 200
        jam.may_end.set()
        assert {status_of(connection) for connection in flood} == {200}


@pytest.mark.parametrize(
    ("path", "query", "lane"),
    [
        ("/healthz", "", "loop"),
        ("/readyz", "x=1", "loop"),
        ("/api/now", "", "loop"),
        ("/api/now", "at=2025-07-18T10:20", "questions"),
        ("/", "", "pages"),
        ("/", "day=2025-07-18", "pages"),
        ("/", "day=all", "pages"),
        ("/", "day=2031-01-01", "questions"),
        ("/", "q=compilers", "questions"),
        ("/", "kind=talk", "questions"),
        ("/", "q=" + "x" * 3000, "questions"),
        ("/", "q=\xff", "questions"),
        ("/talks/panel", "", "pages"),
        ("/talks/panel", "at=2025-07-18T10:20", "questions"),
        ("/talks/nobody", "", "questions"),
        ("/qr.svg", "for=/", "questions"),
        ("/nothing", "", "questions"),
        (STYLES, "", "pages"),
        ("/static/0/css/base.css", "", "questions"),
        ("/my", "", "pages"),
        ("/my/picks", "", "keys"),
        ("/my/0.ics", "", "keys"),
        ("/organizer", "", "keys"),
        ("/organizer/sign-in", "", "keys"),
        ("/organizer/sign-in/0", "", "links"),
    ],
)
def test_each_request_has_its_lane(app: Flask, path: str, query: str, lane: str) -> None:
    scope = {"method": "GET", "path": path, "query_string": query.encode("latin-1"), "scheme": "http", "headers": []}
    assert Router(app).lane_of(AsgiRequest(scope, request_policy_of(app))) == lane


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/my/picks", "Bearer 1"),
        ("/display/report", "Bearer 1"),
        ("/my/2.ics", "2"),
        ("/organizer", ""),
        ("/organizer/sign-in", ""),
        ("/talks/panel", "panel"),
    ],
)
def test_a_key_is_what_the_view_of_a_request_looks_up(app: Flask, path: str, key: str) -> None:
    headers = [(b"authorization", b"Bearer 1")]
    method = "POST" if "report" in path else "GET"
    scope = {"method": method, "path": path, "query_string": b"", "scheme": "http", "headers": headers}
    assert Router(app).key_of(AsgiRequest(scope, request_policy_of(app))) == key


def test_the_console_of_a_browser_that_was_signed_in_has_a_lane_of_its_own(app: Flask) -> None:
    cookie = Console(app).client.get_cookie("agenda-organizer", path="/organizer")
    lanes = []
    for value in (cookie.value, "made-up.ticket"):
        headers = [(b"cookie", f"agenda-organizer={value}".encode())]
        scope = {"method": "POST", "path": "/organizer/edit", "query_string": b"", "scheme": "http", "headers": headers}
        lanes.append(Router(app).lane_of(AsgiRequest(scope, request_policy_of(app))))
    assert lanes == ["console", "keys"]
