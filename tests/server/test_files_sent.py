"""Bodies with a file at the production server: whose are read, how large they may be, and that readers do not wait."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from support.console_imports import PAGE, ImportingConsole, own_folder, retitled, service_of_folder, state_on, words_on
from support.movable_clock import MovableClock
from support.server_processes import exchange
from support.server_thread import served
from support.waiting import wait_until
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.importing.draft import MOST_SESSIONS
from app.server.request_body import MOST_FILES
from app.web.request_policy import LARGEST_BODY, LARGEST_FILE
from app.web.running_service import service_of

TOO_LARGE = LARGEST_FILE + LARGEST_BODY + 1


@pytest.fixture
def app(tmp_path: Path, clock: MovableClock) -> Iterator[Flask]:
    with service_of_folder(own_folder(tmp_path), tmp_path / "own.sqlite", clock) as app:
        yield app


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    with served(app) as url:
        yield int(url.rpartition(":")[2])


def cookies(browser: ImportingConsole, port: int) -> str:
    """The Cookie header of a signed-in browser."""
    browser.get(PAGE)
    names = ("agenda-organizer", "agenda-form")
    found = [(name, browser.client.get_cookie(name, path=path)) for name in names for path in ("/", "/organizer")]
    return "; ".join(f"{name}={cookie.value}" for name, cookie in found if cookie)


def head(port: int, *lines: str) -> http.client.HTTPResponse:
    """What is answered to the headers of a form, before anything of its body is sent."""
    with closing(socket.create_connection(("127.0.0.1", port), 20)) as connection:
        connection.sendall("\r\n".join((f"POST {PAGE} HTTP/1.1", "Host: agenda", *lines, "", "")).encode())
        response = http.client.HTTPResponse(connection)
        response.begin()
        response.read()
        return response


def sent(port: int, cookie: str, form: dict[str, Any]) -> tuple[int, str]:
    boundary, body = encode_multipart(form)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with closing(connection):
        headers = {"Cookie": cookie, "Content-Type": f"multipart/form-data; boundary={boundary}"}
        connection.request("POST", PAGE, body, headers)
        response = connection.getresponse()
        return response.status, response.headers.get("Location", "")


def test_a_large_file_of_an_organizer_is_read(app: Flask, port: int) -> None:
    frank = ImportingConsole(app)
    plan = retitled(app, "evan-shelhamer", "Caffe").replace(
        b'"abstract": ""', b'"abstract": "%b"' % (b"x " * 100_000), 1
    )
    file = FileStorage(BytesIO(plan), "plan.json")
    status, leads_to = sent(port, cookies(frank, port), {"csrf_token": frank.token(PAGE), "file": file})
    assert (status, leads_to.startswith(f"{PAGE}/")) == (303, True)


def test_files_that_come_one_after_the_other_are_all_received(app: Flask, port: int) -> None:
    frank = ImportingConsole(app)
    cookie, token = cookies(frank, port), frank.token(PAGE)
    forms = (
        {"csrf_token": token, "file": FileStorage(BytesIO(bytes(2 * LARGEST_BODY)), "plan.csv")}
        for _ in range(MOST_FILES + 1)
    )
    assert [sent(port, cookie, form)[0] for form in forms] == [303] * (MOST_FILES + 1)


@pytest.mark.parametrize(
    ("who", "length", "status"),
    [
        ("nobody", f"Content-Length: {LARGEST_FILE}", HTTPStatus.FORBIDDEN),
        ("chair", f"Content-Length: {LARGEST_FILE}", HTTPStatus.FORBIDDEN),
        ("organizer", f"Content-Length: {TOO_LARGE}", HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
        ("organizer", f"Content-Length: {10**15}", HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
        ("organizer", "Transfer-Encoding: chunked", HTTPStatus.LENGTH_REQUIRED),
        ("nobody", "Transfer-Encoding: chunked", HTTPStatus.LENGTH_REQUIRED),
    ],
)
def test_what_is_refused_is_refused_before_it_is_read(
    app: Flask, port: int, who: str, length: str, status: HTTPStatus
) -> None:
    browser = ImportingConsole(app, "Grace", room="venue" if who == "chair" else None)
    cookie = "" if who == "nobody" else f"Cookie: {cookies(browser, port)}"
    assert head(port, *filter(None, (cookie, length))).status == status


def test_a_file_that_is_shorter_than_it_says_is_given_up(
    app: Flask, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.server.request_body.FILE_SECONDS", 0.05)
    cookie = cookies(ImportingConsole(app), port)
    assert head(port, f"Cookie: {cookie}", f"Content-Length: {LARGEST_FILE}").status == HTTPStatus.REQUEST_TIMEOUT


def test_no_more_files_are_received_at_once_than_may(app: Flask, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.server.request_body.MOST_FILES", 0)
    cookie = cookies(ImportingConsole(app), port)
    assert head(port, f"Cookie: {cookie}", f"Content-Length: {LARGEST_FILE}").status == HTTPStatus.SERVICE_UNAVAILABLE


def test_readers_do_not_wait_for_an_import(app: Flask, port: int) -> None:
    asked, free = threading.Event(), threading.Event()

    def resolve(_: str) -> list[Any]:
        asked.set()
        free.wait(60)
        raise OSError("gone")

    imports = service_of(app).imports
    imports.caller = replace(imports.caller, resolve=resolve)
    frank = ImportingConsole(app)
    begun = frank.begin(address="https://a.example/")
    assert asked.wait(60)
    assert [exchange(port, "GET", path)[0] for path in ("/", "/?q=caffe", "/api/now", "/talks/panel")] == [200] * 4
    free.set()
    assert state_on(frank.get(frank.wait_for(begun)).text) == "failed"


def test_readers_are_answered_while_a_file_that_takes_seconds_of_work_is_read(app: Flask, port: int) -> None:
    rows = (f"2025-07-18,10:00,10:30,On moss {number},Ann Lee {number}" for number in range(MOST_SESSIONS + 1))
    plan = "\n".join(("Day,Start,End,Title,Speakers", *rows)).encode()
    frank = ImportingConsole(app)
    begun = frank.begin(plan, "plan.csv")
    job = begun.headers["Location"]
    wait_until(lambda: state_on(frank.get(job).text) != "waiting")
    happened = [exchange(port, "GET", path)[0] for path in ("/", "/?q=caffe", "/api/now", "/talks/panel")]
    happened.append(state_on(frank.get(job).text))
    page = frank.get(frank.wait_for(begun)).text
    assert happened == [200, 200, 200, 200, "reading"]
    assert words_on(page, '//*[@id="job"]/p[contains(@class, "reason")]') == [f"More than {MOST_SESSIONS} sessions."]
