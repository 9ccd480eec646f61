"""Security headers, hosts, proxies, sizes and rate limits, on the running production server."""

from __future__ import annotations

import http.client
import re
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from support.addresses import addresses
from support.display_screens import Screen
from support.server_thread import served

from app import create_app
from app.domain.program import Program
from app.server.request_reader import LARGEST_HEADERS
from app.settings import Settings, first_program
from app.web.content_policy import content_policy
from app.web.identity_sheet import sheet_of
from app.web.rate_limits import client_network
from app.web.request_policy import LARGEST_BODY, RequestPolicy, hosts_of
from app.web.responses import PROBLEM
from app.web.running_service import Service
from app.web.security_headers import security_headers
from app.web.static_files import inline_styles

STREAM = ("GET", "/live")
READABLE = {"access-control-allow-origin": "*"}
# Feeds, codes, cards, data: what pages of other origins may show.
SHOWN_ELSEWHERE = re.compile(r"\.(ics|atom)$|/qr\.(svg|png)$|^/cards?[./]|^/(api|export|pictures)/")
HALL = 300


class Server:
    """A client of the running server that follows nothing and hides nothing."""

    def __init__(self, url: str) -> None:
        self.host, _, port = url.removeprefix("http://").partition(":")
        self.port = int(port)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> http.client.HTTPResponse:
        """One answer's status and headers; the body of a stream is not waited for."""
        with closing(http.client.HTTPConnection(self.host, self.port, timeout=20)) as connection:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            return connection.getresponse()

    def send(self, data: bytes) -> bytes:
        """What the server says to raw bytes, until it hangs up."""
        with closing(socket.create_connection((self.host, self.port), timeout=20)) as connection:
            connection.sendall(data)
            said = b""
            while part := connection.recv(65536):
                said += part
            return said


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    with served(app) as url:
        yield Server(url)


@pytest.fixture
def public(service: Service) -> Iterator[Server]:
    """The same, known by a public address and standing behind one proxy."""
    settings = Settings(program=first_program(), secret_key="for tests", proxies=1)
    with served(create_app(settings, replace(service, public_url="https://agenda.example"))) as url:
        yield Server(url)


# Headers


def test_every_answer_of_every_address_carries_every_header(app: Flask, program: Program, server: Server) -> None:
    wanted = {name.lower(): value for name, value in security_headers("http")}
    policy = wanted.pop("content-security-policy")
    with_own_colours = content_policy(*inline_styles(), sheet_of(program).css)
    asked = addresses(app)
    # Twice: made by Flask, then from memory.
    for method, path in [*asked, *asked]:
        headers = {name.lower(): value for name, value in server.ask(method, path).getheaders()}
        shown = {"cross-origin-resource-policy": "cross-origin"} if SHOWN_ELSEWHERE.search(path) else {}
        readable = READABLE if path.startswith(("/api/", "/export/")) else {}
        expected = {**wanted, **shown, **readable}
        assert {name: headers.get(name) for name in expected} == expected, (method, path)
        policies = {with_own_colours} if method == "GET" and path in {"/", "/now"} else {policy, with_own_colours}
        assert headers["content-security-policy"] in policies, (method, path)
        assert "server" not in headers, (method, path)
    assert STREAM in asked


def test_no_header_comes_twice(app: Flask, server: Server) -> None:
    for method, path in [*addresses(app), *addresses(app)]:
        names = [name.lower() for name, _ in server.ask(method, path).getheaders() if name.lower() != "set-cookie"]
        assert sorted(set(names)) == sorted(names), (method, path)


def test_nothing_inline_may_run(client: FlaskClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "*" not in policy


def test_behind_https_strict_transport_is_asked_for_from_memory_too(public: Server) -> None:
    answers = [public.ask("GET", "/now", Host="agenda.example") for _ in range(2)]
    assert [answer.headers["Strict-Transport-Security"] for answer in answers] == ["max-age=31536000"] * 2


def test_a_believed_proxy_may_say_that_it_speaks_https(service: Service) -> None:
    settings = Settings(program=first_program(), secret_key="for tests", proxies=1)
    with served(create_app(settings, service)) as url:
        said = ["https", "http", "https"]
        answers = [Server(url).ask("GET", "/now", X_Forwarded_Proto=scheme) for scheme in said]
    assert ["Strict-Transport-Security" in answer.headers for answer in answers] == [True, False, True]


def test_a_stream_can_be_asked_about_without_being_opened(server: Server) -> None:
    answer = server.ask("HEAD", "/live")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")


# Other origins


@pytest.mark.parametrize("path", ["/api/program", "/api/now", "/api/changes", "/export/schedule.json", "/api/none"])
def test_a_preflight_allows_reading(server: Server, path: str) -> None:
    answer = server.ask(
        "OPTIONS",
        path,
        Origin="https://elsewhere.example",
        Access_Control_Request_Method="GET",
        Access_Control_Request_Headers="if-none-match",
    )
    headers = {name: answer.headers[f"Access-Control-{name}"] for name in ("Allow-Origin", "Allow-Methods")}
    assert (answer.status, headers) == (204, {"Allow-Origin": "*", "Allow-Methods": "GET, HEAD, OPTIONS"})


def test_other_origins_read_the_etag_and_errors_too(server: Server) -> None:
    assert server.ask("GET", "/api/program").headers["Access-Control-Expose-Headers"] == "ETag, Retry-After"
    refused = server.ask("GET", "/api/now?at=noon")
    assert (refused.status, refused.headers["Access-Control-Allow-Origin"]) == (400, "*")


@pytest.mark.parametrize("path", ["/", "/organizer", "/live-nothing", "/display/report"])
def test_other_origins_read_no_page(server: Server, path: str) -> None:
    assert "Access-Control-Allow-Origin" not in server.ask("GET", path).headers


# Hosts


@pytest.mark.parametrize("host", ["agenda.example", "AGENDA.example", "agenda.example:443", "localhost:8000"])
def test_the_public_name_is_answered_and_so_is_the_machine_itself(public: Server, host: str) -> None:
    assert public.ask("GET", "/now", Host=host).status == 200


@pytest.mark.parametrize("host", ["evil.example", "agenda.example.evil", "agenda.example:8443", "192.168.1.2", "a b"])
def test_any_other_name_is_refused(public: Server, host: str) -> None:
    public.ask("GET", "/now", Host="agenda.example")
    paths = ("/now", "/api/now", "/live", "/organizer/sign-in/key", "/nothing")
    assert [public.ask("GET", path, Host=host).status for path in paths] == [400] * len(paths)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_platform_asks_by_a_number_whether_it_lives(public: Server, path: str) -> None:
    assert public.ask("GET", path, Host="10.1.2.3:8000").status == 200


def test_without_a_public_address_any_name_will_do_but_nonsense_will_not(server: Server) -> None:
    hosts = ["evil.example", "192.168.1.2:8000", "[fe80::1]:8000", 'a"><b>', "a/b", "", "x" * 300]
    assert [server.ask("GET", "/now", Host=host).status for host in hosts] == [200] * 3 + [400] * 4


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("https://agenda.example", {"agenda.example", "agenda.example:443"}),
        ("https://agenda.example:443/2025", {"agenda.example", "agenda.example:443"}),
        ("http://192.168.1.2:8000", {"192.168.1.2:8000"}),
        ("http://[fe80::1]", {"[fe80::1]", "[fe80::1]:80"}),
    ],
)
def test_an_address_may_be_asked_with_its_schemes_own_port(url: str, hosts: set[str]) -> None:
    assert hosts_of(url) == hosts


# Proxies


@pytest.mark.parametrize(
    ("proxies", "said", "scheme"),
    [
        (0, "https", "http"),
        (1, "https", "https"),
        (1, "https, http", "http"),
        (2, "https, http", "https"),
        (2, "https", "http"),
        (1, "gopher", "http"),
        (1, "", "http"),
    ],
)
def test_the_scheme_is_that_of_the_last_trusted_proxy(proxies: int, said: str, scheme: str) -> None:
    assert RequestPolicy(proxies=proxies).scheme("http", {"x-forwarded-proto": said}) == scheme


def test_without_trusted_proxies_forwarded_headers_are_ignored(server: Server) -> None:
    answer = server.ask("GET", "/calendar/talks.ics", X_Forwarded_Proto="https", X_Forwarded_Host="evil.example")
    assert "Strict-Transport-Security" not in answer.headers


def test_a_stranger_cannot_name_the_host_through_a_proxy(service: Service) -> None:
    settings = Settings(program=first_program(), secret_key="for tests", proxies=1)
    client = create_app(settings, service).test_client()
    text = client.get("/subscribe", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}).text
    assert "evil.example" not in text
    assert "https://localhost/calendar" in text


def whoami(service: Service, proxies: int) -> Flask:
    app = create_app(Settings(program=first_program(), secret_key="for tests", proxies=proxies), service)
    app.add_url_rule("/whoami", view_func=lambda: request.remote_addr)
    return app


@pytest.mark.parametrize(("proxies", "address"), [(0, "127.0.0.1"), (1, "203.0.113.7"), (2, "198.51.100.1")])
def test_a_readers_address_is_the_one_that_the_last_believed_proxy_saw(
    service: Service, proxies: int, address: str
) -> None:
    said = {"X-Forwarded-For": "192.0.2.1, 198.51.100.1, 203.0.113.7"}
    assert whoami(service, proxies).test_client().get("/whoami", headers=said).text == address


def test_a_name_with_an_underscore_does_not_pass_for_a_proxys_word(service: Service) -> None:
    with served(whoami(service, 1)) as url:
        asked = b"GET /whoami HTTP/1.1\r\nHost: a\r\nX_Forwarded_For: 192.0.2.1\r\nConnection: close\r\n\r\n"
        assert Server(url).send(asked).endswith(b"\r\n127.0.0.1")


# Sizes


def test_a_long_query_is_refused(server: Server) -> None:
    assert server.ask("GET", f"/now?x={'x' * 2000}").status == 414


def test_a_long_path_is_refused_and_not_written_down_whole(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="agenda.requests")
    assert server.ask("GET", f"/{'a' * 20_000}").status == 414
    [said] = [record.getMessage() for record in caplog.records if record.name == "agenda.requests"]
    assert len(said) < 400


def test_a_query_that_is_no_text_is_refused_in_plain_words(server: Server) -> None:
    assert server.send(b"GET /now?\xff HTTP/1.1\r\nHost: agenda\r\nConnection: close\r\n\r\n")[:12] == b"HTTP/1.1 400"


@pytest.mark.parametrize("length", [LARGEST_BODY + 1, 10**12])
def test_a_large_body_is_refused(server: Server, length: int) -> None:
    head = f"POST /display/report HTTP/1.1\r\nHost: agenda\r\nContent-Length: {length}\r\n\r\n".encode()
    assert server.send(head + b"x" * (LARGEST_BODY + 1))[:12] == b"HTTP/1.1 413"


def test_a_body_in_parts_that_does_not_end_is_refused(server: Server) -> None:
    head = b"POST /display/report HTTP/1.1\r\nHost: agenda\r\nTransfer-Encoding: chunked\r\n\r\n"
    part = b"1000\r\n" + b"x" * 4096 + b"\r\n"
    assert server.send(head + part * 33)[:12] == b"HTTP/1.1 413"


def test_large_headers_are_refused(server: Server) -> None:
    whole = b"GET /now HTTP/1.1\r\nHost: agenda\r\nX: %s\r\n\r\n" % (b"x" * LARGEST_HEADERS)
    endless = b"GET /now HTTP/1.1\r\nHost: agenda\r\nX: %s" % (b"x" * LARGEST_HEADERS)
    assert [server.send(data)[:12] for data in (whole, endless)] == [b"HTTP/1.1 431"] * 2


def test_what_is_not_http_is_answered_and_hung_up_on(server: Server) -> None:
    assert server.send(b"\x16\x03\x01\x02\x00 hello\r\n\r\n")[:12] == b"HTTP/1.1 400"


# Rate limits


@pytest.mark.slow
def test_a_hall_behind_one_address_may_open_its_links_within_a_minute(client: FlaskClient) -> None:
    assert {client.get(f"/organizer/sign-in/{n}").status_code for n in range(HALL)} == {403}


def test_a_display_that_reports_too_often_is_rate_limited_and_others_are_not(client: FlaskClient) -> None:
    screen, other = Screen(client), Screen(client)
    said = {"room": None, "revision": 1}
    assert [screen.report(said).status_code for _ in range(21)] == [204] * 20 + [429]
    assert other.report(said).status_code == 204


@pytest.mark.parametrize(
    ("accept", "content_type"), [("text/html", "text/html; charset=utf-8"), ("application/json", PROBLEM)]
)
def test_who_asks_too_often_is_told_in_which_form_ever_when_to_come_back(
    client: FlaskClient, accept: str, content_type: str
) -> None:
    answer = [client.post("/display/token", headers={"Accept": accept}) for _ in range(21)][-1]
    seconds = answer.headers["Retry-After"]
    assert (answer.status_code, answer.content_type) == (429, content_type)
    assert f"Too often; try again in {seconds} s" in answer.text


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.8", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:203.0.113.7", "::ffff:203.0.113.8", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
    ],
)
def test_the_addresses_of_one_subscriber_count_as_one(app: Flask, one: str, other: str, same: bool) -> None:
    networks = set()
    for address in (one, other):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            networks.add(client_network())
    assert (len(networks) == 1) is same
