"""Caddy and nginx with the configuration of `deploy/`: what readers and organizers have through them."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import pytest
from support.console_browser import link_of
from support.console_imports import PAGE
from support.proxies import CADDYFILE, NGINX_SITE, PATH, Proxy, caddy, nginx, nginx_config, program
from support.publisher_processes import PROGRAM_ID
from support.repository import ROOT
from support.server_processes import Server, exchange, free_port
from support.visitor import Visitor
from support.waiting import wait_until

from app.server.fan_out import HEARTBEAT_SECONDS
from app.store.database import open_database, sqlite_url
from app.web.rate_limits import DISPLAY_TOKENS_PER_ADDRESS
from app.web.request_policy import LARGEST_BODY, LARGEST_FILE

PROXIES = {"caddy": caddy, "nginx": nginx}
UNNOTICED_SECONDS = 3
LARGEST_FORM = LARGEST_FILE + LARGEST_BODY
MEBIBYTE = 1024 * 1024


@dataclass
class Site:
    """A proxy and the services behind it."""

    proxy: Proxy
    services: list[Server]

    def organizer(self) -> Visitor:
        """A browser that is signed in, through the proxy."""
        database = open_database(self.services[0].url, PROGRAM_ID, create=False)
        link = link_of(database, "Frank")
        database.close()
        browser = self.proxy.browser()
        browser.sign_in(link)
        return browser

    def readers(self) -> int:
        """The open streams of the first service."""
        browser = self.proxy.browser()
        found = re.search(r"^agenda_readers (\d+)", browser.get("/metrics").text, re.MULTILINE)
        return int(found[1]) if found else -1


MakeSite = Callable[[int], Site]


@pytest.fixture(params=sorted(PROXIES))
def make_site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeSite]:
    """Makes a site of so many services behind a real proxy; skips where the proxy is not installed."""
    name: str = request.param
    if program(name) is None:
        pytest.skip(f"needs {name}: `.ci/tools acceptance` installs it")
    with ExitStack() as stack:

        def make(services: int) -> Site:
            https = free_port()
            started = [service(tmp_path / str(number), https) for number in range(services)]
            for one in started:
                stack.callback(one.stop)
                one.start()
            folder = tmp_path / "proxy"
            folder.mkdir()
            return Site(stack.enter_context(PROXIES[name](folder, [one.port for one in started], https)), started)

        yield make


def service(folder: Path, https: int) -> Server:
    """A service that is not started, behind one proxy."""
    folder.mkdir()
    settings = {
        "AGENDA_PROXIES": "1",
        "AGENDA_PUBLIC_URL": f"https://localhost:{https}",
        "AGENDA_METRICS": "1",
    }
    return Server(sqlite_url(folder / "agenda.sqlite"), folder, settings=settings)


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    return make_site(1)


pytestmark = pytest.mark.process


def test_caddy_accepts_its_configuration(tmp_path: Path) -> None:
    if program("caddy") is None:
        pytest.skip("needs caddy: `.ci/tools acceptance` installs it")
    assert json.loads(adapted(tmp_path)) != {}


def test_caddy_never_ends_a_stream_itself(tmp_path: Path) -> None:
    if program("caddy") is None:
        pytest.skip("needs caddy: `.ci/tools acceptance` installs it")
    assert re.findall(r'"(?:read|write|response_header)_timeout"', adapted(tmp_path)) == []


def adapted(home: Path) -> str:
    """Caddy's own form of its configuration, which it has checked."""
    command = ("caddy", "adapt", "--validate", "--adapter", "caddyfile", "--config", str(CADDYFILE))
    environment = {"PATH": PATH, "HOME": str(home)}
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout


def test_nginx_accepts_its_configuration_and_lets_a_stream_be_silent_for_longer_than_it_is(tmp_path: Path) -> None:
    if program("nginx") is None:
        pytest.skip("needs nginx: `.ci/tools acceptance` installs it")
    config = nginx_config(tmp_path, [8000], free_port(), free_port())
    command = ("nginx", "-T", "-q", "-p", str(tmp_path), "-c", str(config))
    shown = subprocess.run(command, check=True, capture_output=True, text=True, env={"PATH": PATH}).stdout
    [hours] = re.findall(r"proxy_read_timeout (\d+)h;", shown)
    assert int(hours) * 3600 > HEARTBEAT_SECONDS


def test_nginx_takes_what_the_service_takes_and_the_file_of_an_import_there_alone() -> None:
    site, _, at_import = NGINX_SITE.read_text().partition(f"location = {PAGE} {{")
    [elsewhere], [there] = (re.findall(r"client_max_body_size (\d+)m;", part) for part in (site, at_import))
    assert int(elsewhere) * MEBIBYTE >= LARGEST_BODY
    assert LARGEST_FORM <= int(there) * MEBIBYTE < LARGEST_FORM + 2 * MEBIBYTE


def test_the_docs_say_how_large_a_form_another_proxy_has_to_take() -> None:
    said = (ROOT / "docs" / "server.md").read_text()
    [megabytes, kibibytes] = re.findall(rf"forms of (\d+) MB at `{PAGE}`, of (\d+) KiB elsewhere", said)[0]
    assert LARGEST_FORM <= int(megabytes) * 1_000_000 < LARGEST_FORM + 1_000_000
    assert int(kibibytes) * 1024 == LARGEST_BODY


@pytest.mark.acceptance
def test_the_largest_file_of_an_organizer_passes(site: Site) -> None:
    answer = site.organizer().send_file(PAGE, b"x" * LARGEST_FILE, "plan.csv")
    assert (answer.status, answer.leads_to.startswith(f"{PAGE}/")) == (HTTPStatus.SEE_OTHER, True)


@pytest.mark.acceptance
def test_a_page_passes_unchanged_with_its_compression_and_its_etag(site: Site) -> None:
    browser = site.proxy.browser()
    for encoding in ("br", "gzip", "identity"):
        asked = {"Host": f"localhost:{site.proxy.https}", "X-Forwarded-Proto": "https", "Accept-Encoding": encoding}
        _, headers, body = exchange(site.services[0].port, "GET", "/", headers=asked)
        page = browser.get("/", Accept_Encoding=encoding)
        named = ("Content-Encoding", "ETag", "Vary", "Strict-Transport-Security")
        assert [page.headers[name] for name in named] == [headers[name] for name in named]
        assert (page.status, page.body) == (HTTPStatus.OK, body)
        again = browser.get("/", Accept_Encoding=encoding, If_None_Match=page.headers["ETag"])
        assert (again.status, again.body) == (HTTPStatus.NOT_MODIFIED, b"")


@pytest.mark.acceptance
def test_http_leads_to_https(site: Site) -> None:
    status, headers, _ = exchange(site.proxy.http, "GET", "/talks/panel?at=x", headers={"Host": "localhost"})
    place = re.sub(r":\d+", "", headers["Location"])
    assert (status, place) == (HTTPStatus.PERMANENT_REDIRECT, "https://localhost/talks/panel?at=x")


@pytest.mark.acceptance
def test_each_event_arrives_while_its_stream_stays_open(site: Site) -> None:
    stream, frank = site.proxy.browser().stream(), site.organizer()
    consoles = frank.stream("/organizer/live")
    for title in ("Who pays?", "Who pays now?"):
        number = frank.edit(frank.revision(), do="content", session="panel", title=title)
        stream.revision(number)
        consoles.revision(number)
        assert title in site.proxy.browser().get("/talks/panel").text
    stream.close()
    consoles.close()


@pytest.mark.acceptance
def test_a_reader_who_leaves_has_left_the_service_too(site: Site) -> None:
    stream = site.proxy.browser().stream()
    wait_until(lambda: site.readers() == 1)
    stream.close()
    wait_until(lambda: site.readers() == 0)


@pytest.mark.acceptance
def test_two_readers_have_separate_limits_and_none_can_make_up_an_address(site: Site) -> None:
    def tokens(source: str, **headers: str) -> int:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return site.proxy.browser(source).ask("POST", "/display/token", b"", sent).status

    each = DISPLAY_TOKENS_PER_ADDRESS.amount
    assert {tokens("127.0.0.2") for _ in range(each)} == {HTTPStatus.OK}
    made_up = {"X_Forwarded_For": "203.0.113.9", "X_Real_IP": "203.0.113.9", "Forwarded": "for=203.0.113.9"}
    assert tokens("127.0.0.2") == HTTPStatus.TOO_MANY_REQUESTS
    assert tokens("127.0.0.2", **made_up) == HTTPStatus.TOO_MANY_REQUESTS
    assert tokens("127.0.0.3", X_Forwarded_For="127.0.0.2") == HTTPStatus.OK


@pytest.mark.acceptance
def test_the_consoles_cookies_are_for_https_and_this_host_alone(site: Site) -> None:
    cookies = site.organizer().set_cookies
    assert {line.partition("-")[0] for line in cookies} == {"__Host"}
    assert [line for line in cookies if "Secure" not in line] == []


@pytest.mark.acceptance
@pytest.mark.parametrize("kilobytes", [200, 3000])
def test_a_body_that_is_too_large_is_refused_as_such(site: Site, kilobytes: int) -> None:
    browser = site.proxy.browser()
    assert browser.ask("POST", "/my/picks", b"x" * kilobytes * 1024).status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert browser.get("/").status == HTTPStatus.OK


@pytest.mark.acceptance
def test_after_a_restart_of_the_service_its_pages_and_edits_are_there_again(site: Site) -> None:
    frank = site.organizer()
    number = frank.edit(frank.revision(), do="content", session="panel", title="Who pays?")
    [one] = site.services
    one.stop()
    one.start()
    wait_until(lambda: site.proxy.browser().get("/").status == HTTPStatus.OK, UNNOTICED_SECONDS)
    assert frank.revision() == number
    assert frank.edit(number, do="cancel", session="panel") == number + 1


@pytest.mark.acceptance
def test_where_one_of_two_services_is_killed_each_request_is_answered_by_the_other(make_site: MakeSite) -> None:
    site = make_site(2)
    browser = site.proxy.browser(seconds=UNNOTICED_SECONDS)
    assert browser.get("/").status == HTTPStatus.OK
    site.services[0].kill()
    assert {browser.get("/").status for _ in range(40)} == {HTTPStatus.OK}
    site.services[0].start()
    site.services[1].kill()
    wait_until(lambda: browser.get("/").status == HTTPStatus.OK, UNNOTICED_SECONDS)
