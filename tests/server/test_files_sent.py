"""Bodies with a file at the production server: whose are read, how large they may be, and that readers do not wait."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
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
from support.speakers import STELLA, SpeakerBrowser, page_of, photograph, what_waits
from support.waiting import wait_until
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from app.formats.sent_picture import LARGEST_SENT
from app.importing.draft import MOST_SESSIONS
from app.web.request_policy import LARGEST_BODY, LARGEST_FILE, MOST_FILES
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


def cookies(browser: ImportingConsole | SpeakerBrowser, port: int) -> str:
    """The Cookie header of a signed-in browser."""
    browser.get(PAGE)
    names = ("agenda-organizer", "agenda-form")
    found = [(name, browser.client.get_cookie(name, path=path)) for name in names for path in ("/", "/organizer")]
    return "; ".join(f"{name}={cookie.value}" for name, cookie in found if cookie)


def answered(port: int, *lines: str, path: str = PAGE) -> tuple[int, str]:
    """The status and text that are answered to the headers of a form, before anything of its body is sent."""
    with closing(socket.create_connection(("127.0.0.1", port), 20)) as connection:
        connection.sendall("\r\n".join((f"POST {path} HTTP/1.1", "Host: agenda", *lines, "", "")).encode())
        response = http.client.HTTPResponse(connection)
        response.begin()
        return response.status, response.read().decode()


def status_of(port: int, *lines: str) -> int:
    return answered(port, *lines)[0]


def sent(port: int, cookie: str, form: Mapping[str, Any], path: str = PAGE) -> tuple[int, str]:
    boundary, body = encode_multipart(form)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with closing(connection):
        headers = {"Cookie": cookie, "Content-Type": f"multipart/form-data; boundary={boundary}"}
        connection.request("POST", path, body, headers)
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
    assert status_of(port, *filter(None, (cookie, length))) == status


def test_a_file_that_is_shorter_than_it_says_is_given_up(
    app: Flask, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.server.request_body.FILE_SECONDS", 0.05)
    cookie = cookies(ImportingConsole(app), port)
    assert status_of(port, f"Cookie: {cookie}", f"Content-Length: {LARGEST_FILE}") == HTTPStatus.REQUEST_TIMEOUT


def test_no_more_files_are_received_at_once_than_may(app: Flask, port: int) -> None:
    names = [f"Ada {number}" for number in range(MOST_FILES + 1)]
    *sending, late = (cookies(ImportingConsole(app, name), port) for name in names)
    with ExitStack() as stack:
        for cookie in sending:
            stack.enter_context(held(port, PAGE, cookie, LARGEST_FILE))
        status = status_of(port, f"Cookie: {late}", f"Content-Length: {LARGEST_FILE}")
    assert status == HTTPStatus.SERVICE_UNAVAILABLE


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


# Pictures of speakers


def enlarged(picture: bytes, size: int) -> bytes:
    """A JPEG of so many bytes: what follows its end is no part of it."""
    return picture + bytes(size - len(picture))


def with_picture(speaker: SpeakerBrowser, data: bytes) -> MultiDict[str, Any]:
    """The form of a speaker's page as it is shown, with a picture."""
    form: MultiDict[str, Any] = MultiDict(speaker.form().items(multi=True))
    form["picture"] = FileStorage(BytesIO(data), "face.jpg")
    return form


def test_a_speakers_picture_of_twelve_megabytes_is_read(app: Flask, port: int) -> None:
    stella = SpeakerBrowser(app)
    form = with_picture(stella, enlarged(photograph(), LARGEST_SENT))
    assert sent(port, cookies(stella, port), form, stella.page) == (303, stella.page)
    assert [[person for person, _ in edit.pictures] for edit in what_waits(service_of(app))] == [[STELLA]]


@pytest.mark.parametrize(
    ("who", "length", "refused"),
    [
        ("nobody", f"Content-Length: {LARGEST_SENT}", (403, "Sign in as a speaker to send a picture.")),
        ("organizer", f"Content-Length: {LARGEST_SENT}", (403, "Sign in as a speaker to send a picture.")),
        ("chair", f"Content-Length: {LARGEST_SENT}", (403, "Sign in as a speaker to send a picture.")),
        ("speaker", "Content-Length: 13000000", (413, "A file has at most 12 MB. Choose a smaller one.")),
        ("speaker", f"Content-Length: {10**15}", (413, "A file has at most 12 MB. Choose a smaller one.")),
        ("speaker", "Transfer-Encoding: chunked", (411, "A form with a file says how long it is.")),
    ],
)
def test_a_picture_that_is_refused_is_refused_in_words_before_it_is_read(
    app: Flask, port: int, who: str, length: str, refused: tuple[int, str]
) -> None:
    room = "venue" if who == "chair" else None
    browser = SpeakerBrowser(app) if who == "speaker" else ImportingConsole(app, "Grace", room=room)
    cookie = "" if who == "nobody" else f"Cookie: {cookies(browser, port)}"
    status, text = answered(port, *filter(None, (cookie, length)), path=page_of(STELLA))
    assert (status, text.strip()) == refused


def test_a_speaker_sends_no_file_to_be_imported(app: Flask, port: int) -> None:
    cookie = f"Cookie: {cookies(SpeakerBrowser(app), port)}"
    refused = (403, "Sign in as an organizer to send a file.\n")
    assert answered(port, cookie, f"Content-Length: {LARGEST_FILE}") == refused


def test_a_speakers_picture_for_another_session_is_refused(app: Flask, port: int) -> None:
    stella = SpeakerBrowser(app)
    form = with_picture(stella, enlarged(photograph(), LARGEST_SENT))
    status, _ = sent(port, cookies(stella, port), form, page_of("sara-hooker"))
    assert (status, what_waits(service_of(app))) == (403, [])


def test_a_sender_has_one_file_on_its_way_at_a_time_and_leaves_the_places_of_others_free(app: Flask, port: int) -> None:
    stella, sara = (SpeakerBrowser(app, person, person) for person in (STELLA, "sara-hooker"))
    own, of_sara = (cookies(one, port) for one in (stella, sara))
    plan = (PAGE, cookies(ImportingConsole(app), port), LARGEST_FILE)
    others = held(port, page_of("sara-hooker"), of_sara, LARGEST_SENT), held(port, *plan)
    with held(port, page_of(STELLA), own, LARGEST_SENT), others[0], others[1]:
        lines = (f"Cookie: {own}", f"Content-Length: {LARGEST_SENT}")
        assert answered(port, *lines, path=page_of(STELLA))[0] == HTTPStatus.TOO_MANY_REQUESTS


@contextmanager
def held(port: int, path: str, cookie: str, length: int) -> Iterator[None]:
    """A form with a file of which no more than its headers come meanwhile."""
    lines = (f"POST {path} HTTP/1.1", "Host: agenda", f"Cookie: {cookie}", f"Content-Length: {length}")
    with closing(socket.create_connection(("127.0.0.1", port), 20)) as connection:
        connection.sendall("\r\n".join((*lines, "Expect: 100-continue", "", "")).encode())
        # The server says so when it begins to read.
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        yield
