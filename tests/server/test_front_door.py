"""What the front door answers itself, and what it hands to which of Flask's lanes."""

from __future__ import annotations

import http.client
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest
from flask import Flask
from support.console_browser import Console, sign_in_link
from support.movable_clock import AT_TEN_TWENTY
from support.server_connection import needs_connections
from support.server_processes import exchange
from support.server_thread import served
from support.waiting import wait_until

from app.live.kept_memory import MOST_HOSTS
from app.server.asgi_messages import AsgiRequest
from app.server.front_door import LANES
from app.server.router import Router
from app.web import static_files
from app.web.address_traits import KEYED, LIVE
from app.web.request_policy import LARGEST_BODY
from app.web.running_service import Service, service_of
from app.web.security_headers import request_policy_of

JSON = {"Content-Type": "application/json"}
STYLES = static_files.address_of("css/pages.css")


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


def test_http_1_0_needs_no_host(port: int) -> None:
    assert [said(port, f"GET {path} HTTP/1.0")[9:12] for path in ("/healthz", "/now")] == [b"200", b"200"]


def test_a_second_host_is_refused_for_a_page_that_was_sent_before(port: int) -> None:
    with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as connection:
        statuses = []
        for hosts in (["agenda"], ["agenda"], ["evil.example", "agenda"]):
            connection.sendall(
                "\r\n".join(["GET /now HTTP/1.1", *(f"Host: {host}" for host in hosts), "", ""]).encode()
            )
            statuses.append(status_on(connection))
    assert statuses == [200, 200, 400]


def status_on(connection: socket.socket) -> int:
    response = http.client.HTTPResponse(connection)
    response.begin()
    response.read()
    return response.status


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


def flooded(stack: ExitStack, port: int, path: str, lane: str) -> list[http.client.HTTPConnection]:
    """So many requests that a lane is full."""
    sizes = LANES[lane]
    flood = [asked(stack, port, f"{path}{n}") for n in range(sizes["threads"] + sizes["most_waiting"] + 1)]
    assert status_of(flood.pop()) == 503
    return flood


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits in a lane waits for as long as the test takes."""
    monkeypatch.setattr("app.server.front_door.LONGEST_WAIT_SECONDS", 60)


@pytest.mark.usefixtures("patient")
def test_a_flood_of_questions_fills_its_own_lane_only(app: Flask) -> None:
    jam = Jam(app)
    with served(app) as url, ExitStack() as stack:
        port = int(url.rpartition(":")[2])
        flood = flooded(stack, port, "/jam?", "questions")
        status, headers, text = exchange(port, "GET", "/?q=compilers")
        assert (status, headers["Retry-After"]) == (503, "3")
        assert text == b"The service is busy. Please try again in a few seconds.\n"
        paths = [
            "/healthz",
            "/api/now",
            "/now",
            "/card.png",
            "/card.png?x=1",
            "/organizer/sign-in",
            "/my/picks",
            STYLES,
        ]
        assert [exchange(port, "GET", path)[0] for path in paths] == [200, 200, 200, 200, 200, 200, 401, 200]
        jam.may_end.set()
        assert {status_of(connection) for connection in flood} == {200}


@pytest.mark.usefixtures("patient")
def test_a_flood_of_made_up_keys_delays_no_good_one(app: Flask) -> None:
    jam, now = Jam(app), service_of(app).clock.now()
    stars, display = service_of(app).stars.open(now, ["panel"], {"panel"}), app.test_client().post("/display/token")
    link = sign_in_link(app)
    with served(app) as url, ExitStack() as stack:
        port = int(url.rpartition(":")[2])
        flood = flooded(stack, port, "/jam/", "no good key")
        reader = {"Authorization": f"Bearer {stars.write}"}
        screen = {"Authorization": f"Bearer {display.get_json()['token']}"}
        assert exchange(port, "GET", "/my/picks", headers=reader)[0] == 200
        assert exchange(port, "GET", f"/my/{stars.read}.ics")[0] == 200
        assert exchange(port, "POST", "/display/report", '{"room": null, "revision": 1}', JSON | screen)[0] == 204
        assert exchange(port, "GET", link)[0] == 200
        # Each is good for what it is.
        assert exchange(port, "GET", f"/organizer/sign-in/{stars.write}")[0] == 503
        assert exchange(port, "GET", "/my/picks", headers=screen)[0] == 503
        jam.may_end.set()
        assert {status_of(connection) for connection in flood} == {200}


@needs_connections
@pytest.mark.usefixtures("patient")
def test_what_waits_for_a_client_who_has_left_is_not_begun(app: Flask) -> None:
    jam = Jam(app)
    with served(app) as url, ExitStack() as stack:
        port = int(url.rpartition(":")[2])
        first = asked(stack, port, "/jam")
        assert jam.begun.acquire(timeout=20)
        for _ in range(3):
            with socket.create_connection(("127.0.0.1", port)) as left:
                left.sendall(b"GET /jam HTTP/1.1\r\nHost: agenda\r\n\r\n")
        last = asked(stack, port, "/nothing")
        # Answered after the server has noticed that they left.
        assert exchange(port, "GET", "/healthz")[0] == 200
        jam.may_end.set()
        assert [status_of(first), status_of(last)] == [200, 404]
        assert not jam.begun.acquire(blocking=False)


@needs_connections
@pytest.mark.skipif(not hasattr(select, "POLLRDHUP"), reason="asked of Linux")
def test_what_is_asked_for_by_a_client_who_has_left_meanwhile_is_not_begun(app: Flask) -> None:
    jam, holds_loop, may_go_on = Jam(app), threading.Event(), threading.Event()

    def hold_loop() -> str:
        holds_loop.set()
        may_go_on.wait(20)
        return "on"

    app.add_url_rule("/hold-loop", "hold loop", hold_loop, traits=LIVE)
    with served(app) as url, ExitStack() as stack:
        port = int(url.rpartition(":")[2])
        held = asked(stack, port, "/hold-loop")
        assert holds_loop.wait(20)
        with socket.create_connection(("127.0.0.1", port)) as left:
            left.sendall(b"GET /jam HTTP/1.1\r\nHost: agenda\r\n\r\n")
        may_go_on.set()
        assert [status_of(held), exchange(port, "GET", "/nothing")[0]] == [200, 404]
        assert not jam.begun.acquire(blocking=False)


def test_slow_bodies_do_not_keep_others_from_sending_theirs(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.server.request_body.MOST_BODIES", 3)
    with served(app) as url, ExitStack() as stack:
        port = int(url.rpartition(":")[2])
        slow = [stack.enter_context(closing(socket.create_connection(("127.0.0.1", port), 20))) for _ in range(4)]
        for connection in slow:
            connection.sendall(b"POST /my/picks HTTP/1.1\r\nHost: agenda\r\nContent-Length: 9\r\n\r\n{")
        assert slow[0].recv(12) == b"HTTP/1.1 408"
        assert exchange(port, "POST", "/my/picks", '{"add": ["panel"]}', JSON)[0] == 201


def refused_at(url: str, length: int, stack: ExitStack) -> socket.socket:
    """A connection that has sent as much of a body as is refused, and has read the refusal."""
    port = int(url.rpartition(":")[2])
    connection = stack.enter_context(closing(socket.create_connection(("127.0.0.1", port), 20)))
    begun = f"POST /my/picks HTTP/1.1\r\nHost: agenda\r\nContent-Length: {length}\r\n\r\n".encode()
    connection.sendall(begun + bytes(LARGEST_BODY + 1))
    response = http.client.HTTPResponse(connection)
    response.begin()
    assert (response.status, response.read()[-1:]) == (413, b"\n")
    return connection


@needs_connections
def test_who_is_refused_can_send_the_rest_of_the_body(app: Flask) -> None:
    with served(app) as url, ExitStack() as stack:
        connection = refused_at(url, 3_000_000, stack)
        connection.sendall(bytes(3_000_000 - LARGEST_BODY - 1))
        assert connection.recv(1) == b""


@needs_connections
def test_who_does_not_send_the_rest_of_a_refused_body_is_cut_off_after_a_while(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.server.connection.DROP_SECONDS", 0.1)
    with served(app) as url, ExitStack() as stack:
        connection = refused_at(url, 10**9, stack)
        wait_until(lambda: is_cut_off(connection))


@needs_connections
def test_who_sends_ever_more_of_a_refused_body_is_cut_off(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.server.connection.DROP_SECONDS", 60)
    monkeypatch.setattr("app.server.connection.LARGEST_DROPPED", LARGEST_BODY)
    with served(app) as url, ExitStack() as stack:
        connection = refused_at(url, 10**9, stack)
        with pytest.raises(ConnectionError):
            connection.sendall(bytes(10**8))


def is_cut_off(connection: socket.socket) -> bool:
    try:
        connection.sendall(b"x")
    except ConnectionError:
        return True
    return False


def test_what_strangers_do_not_read_delays_nobody_else(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.server.front_door.MOST_SENDING_BYTES", 0)
    with served(app) as url:
        port = int(url.rpartition(":")[2])
        paths = ["/?q=compilers", "/healthz", "/api/now", "/my/picks", "/organizer/sign-in"]
        assert [exchange(port, "GET", path)[0] for path in paths] == [503, 200, 200, 401, 200]


@pytest.mark.parametrize(
    ("path", "query", "lane"),
    [
        ("/healthz", "", "loop"),
        ("/readyz", "x=1", "loop"),
        ("/api/now", "", "loop"),
        ("/api/now", "at=2025-07-18T10:20", "questions"),
        ("/", "", "pages"),
        ("/", "day=2025-07-18", "pages"),
        ("/", "day=2031-01-01", "questions"),
        ("/", "day=all", "questions"),
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
        ("/static/0/css/pages.css", "", "questions"),
        ("/my", "", "pages"),
        ("/my/picks", "", "keys"),
        ("/my/0.ics", "", "keys"),
        ("/organizer", "", "no good key"),
        ("/organizer/sign-in", "", "no good key"),
        ("/organizer/sign-in/0", "", "links"),
    ],
)
def test_each_request_has_its_lane(app: Flask, path: str, query: str, lane: str) -> None:
    assert lane_of(app, request_to(app, path, query)) == lane


def lane_of(app: Flask, request: AsgiRequest) -> str:
    router = Router(app)
    return router.lane_of(request, router.target_of(request.path, request.query, request.method))


def request_to(app: Flask, path: str, query: str = "", method: str = "GET", host: str = "agenda") -> AsgiRequest:
    scope = {"method": method, "path": path, "query_string": query.encode("latin-1"), "scheme": "http"}
    return AsgiRequest({**scope, "headers": [(b"host", host.encode())]}, request_policy_of(app))


def test_what_cannot_be_kept_is_a_question(app: Flask) -> None:
    for number in range(MOST_HOSTS):
        app.test_client().get("/now", base_url=f"http://host-{number}")
    requests = [
        request_to(app, "/now", host="host-0"),
        request_to(app, "/now", host="host-9"),
        request_to(app, "/now", host="not a host"),
        request_to(app, "/now", method="OPTIONS"),
        request_to(app, "/now", method="POST"),
    ]
    assert [lane_of(app, request) for request in requests] == ["pages", *["questions"] * 4]


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/my/picks", "1"),
        ("/display/report", "1"),
        ("/my/2.ics", "2"),
        ("/organizer", ""),
        ("/organizer/sign-in", ""),
        ("/organizer/sign-in/3", "3"),
        ("/talks/panel", ""),
    ],
)
def test_a_key_is_what_the_view_of_a_request_looks_up(app: Flask, path: str, key: str) -> None:
    headers = [(b"authorization", b"Bearer 1")]
    method = "POST" if "report" in path else "GET"
    scope = {"method": method, "path": path, "query_string": b"", "scheme": "http", "headers": headers}
    router = Router(app)
    request, target = AsgiRequest(scope, request_policy_of(app)), router.target_of(path, b"", method)
    assert router.key_of(request, router.lane_of(request, target), target) == key


def test_the_console_of_a_browser_that_was_signed_in_has_a_lane_of_its_own(app: Flask) -> None:
    cookie = Console(app).client.get_cookie("agenda-organizer", path="/organizer")
    lanes = []
    for value in (cookie.value, "made-up.ticket"):
        headers = [(b"cookie", f"agenda-organizer={value}".encode())]
        scope = {"method": "POST", "path": "/organizer/edit", "query_string": b"", "scheme": "http", "headers": headers}
        lanes.append(lane_of(app, AsgiRequest(scope, request_policy_of(app))))
    assert lanes == ["console", "no good key"]
