"""The log: one line an event, found again by its request's name, and no secret in it."""

from __future__ import annotations

import io
import json
import logging
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from support.console_browser import Console
from support.display_screens import Screen
from support.server_thread import served
from support.waiting import wait_until
from werkzeug.test import TestResponse

from app import logs
from app.web.running_service import Service

ADDRESS = "203.0.113.7"
KEY = "Zm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm8"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def root() -> Iterator[None]:
    """Logging as it was, afterwards."""
    logger = logging.getLogger()
    before = logger.handlers[:], logger.level
    yield
    logger.handlers[:], level = before
    logger.setLevel(level)


@pytest.fixture
def stream(root: None) -> io.StringIO:
    stream = io.StringIO()
    logs.configure("info", stream)
    return stream


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_request_is_one_line_with_its_name_and_nobodys_address(app: Flask, stream: io.StringIO) -> None:
    answer = app.test_client().get("/talks/panel?at=2025-07-18T10:20", headers={"X-Request-ID": "proxy-17"})
    assert answer.headers["X-Request-ID"] == "proxy-17"
    [line] = lines(stream)
    assert {**line, "at": "", "ms": 0, "message": ""} == {
        "at": "",
        "level": "info",
        "logger": "agenda.requests",
        "message": "",
        "request": "proxy-17",
        "method": "GET",
        "path": "/talks/panel",
        "status": 200,
        "ms": 0,
    }


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "a\nb", "ä"])
def test_a_name_that_is_none_is_replaced_by_one_of_ours(given: str) -> None:
    made = logs.request_id_or_new(given)
    assert made != given
    assert logs.request_id_or_new(made) == made


def test_a_proxys_probes_fill_no_log(app: Flask, stream: io.StringIO) -> None:
    client = app.test_client()
    assert [client.get(path).status_code for path in ("/healthz", "/readyz")] == [200, 200]
    assert lines(stream) == []


def test_two_requests_have_two_names(app: Flask) -> None:
    client = app.test_client()
    assert len({client.get("/healthz").headers["X-Request-ID"] for _ in range(5)}) == 5


def test_no_key_is_in_the_log_not_even_where_something_fails(app: Flask, stream: io.StringIO) -> None:
    console = Console(app)
    app.test_client().get(f"/organizer/sign-in/{KEY}")
    app.test_client().get(f"/my/{KEY}.ics")
    logging.getLogger("app").error("Exception on /organizer/sign-in/%s [GET]", KEY)
    logging.getLogger("app").error("postgresql://agenda:hunter2@database/agenda is away")
    text = stream.getvalue()
    assert KEY not in text
    assert console.link.rpartition("/")[2] not in text
    assert "hunter2" not in text
    assert "/organizer/sign-in/***" in text
    assert "postgresql://***@database/agenda" in text


def test_no_calendars_key_is_in_the_log_however_its_address_is_mistyped(app: Flask, stream: io.StringIO) -> None:
    client = app.test_client()
    key = client.post("/my/picks", json={"add": ["panel"]}).get_json()["read"]
    for folder in ("/my/", "/my//", "/", "/mine/"):
        client.get(f"{folder}{key}.ics")
    assert key not in stream.getvalue()


def test_a_public_calendars_long_name_is_in_the_log() -> None:
    path = f"/talks/{'t' * 22}.ics"
    assert logs.redacted(path) == path


def test_a_proxys_long_request_id_is_in_the_log(app: Flask, stream: io.StringIO) -> None:
    app.test_client().get("/talks/panel", headers={"X-Request-ID": "a" * 64})
    assert [line["request"] for line in lines(stream)] == ["a" * 64]


def test_a_failure_is_one_line_with_its_trace_and_its_requests_name(stream: io.StringIO) -> None:
    token = logs.request_id.set("abc-1")
    try:
        int(f"/my/{KEY}.ics")
    except ValueError:
        logging.getLogger("app").exception("it failed")
    logs.request_id.reset(token)
    [line] = lines(stream)
    assert (line["level"], line["request"], line["message"]) == ("error", "abc-1", "it failed")
    assert str(line["trace"]).endswith("ValueError: invalid literal for int() with base 10: '/my/***.ics'")


def test_a_stranger_cannot_write_lines_of_their_own(stream: io.StringIO) -> None:
    logging.getLogger("app").info("GET /%s", 'a\n{"level": "error"}\x1b[2J')
    assert len(stream.getvalue().splitlines()) == 1
    assert "\x1b" not in stream.getvalue()


def test_on_a_terminal_a_line_is_plain(root: None) -> None:
    terminal = Terminal()
    logs.configure("info", terminal)
    logging.getLogger("app").info("GET /now\n\x1b[2J 200")
    logging.getLogger("app").warning("away")
    # Each begins with its time: 10:20:00Z.
    words = [line.partition("Z ")[2] for line in terminal.getvalue().splitlines()]
    assert words == ["GET /now\\n\\x1b[2J 200", "warning: away"]


def test_the_log_tells_when_the_database_goes_and_comes_and_what_is_published(
    service: Service, app: Flask, stream: io.StringIO, tmp_path: Path
) -> None:
    Console(app).edit("content", "panel", title="Who pays?")
    file, elsewhere = tmp_path / "agenda.sqlite", tmp_path / "elsewhere"
    file.rename(elsewhere)
    wait_until(lambda: service.current.database_error)
    elsewhere.rename(file)
    wait_until(lambda: service.current.database_error is None)
    told = [str(line["message"]) for line in lines(stream) if line["logger"] == "app.live.snapshot"]
    reason = f"{file} is gone; put it back, or restore a backup and start the service again"
    assert told == [
        "revision 2 is shown",
        f"the database does not answer ({reason}); readers go on with revision 2",
        "the database answers again",
    ]


def test_answers_from_memory_are_logged_where_all_are_asked_for(app: Flask, root: None) -> None:
    stream = io.StringIO()
    logs.configure("debug", stream)
    with served(app) as url:
        for _ in range(2):
            with urllib.request.urlopen(urllib.request.Request(f"{url}/now")) as answer:
                name = answer.headers["X-Request-ID"]
    mine = [line for line in lines(stream) if line.get("request") == name]
    assert [(line["path"], line["level"]) for line in mine] == [("/now", "debug")]


def test_a_name_that_a_proxy_gave_comes_back_from_memory_too(app: Flask) -> None:
    with served(app) as url:
        names = []
        for number in range(2):
            asked = urllib.request.Request(f"{url}/now", headers={"X-Request-ID": f"proxy-{number}"})
            with urllib.request.urlopen(asked) as answer:
                names.append(answer.headers["X-Request-ID"])
    assert names == ["proxy-0", "proxy-1"]


@pytest.mark.slow
def test_requests_over_every_limit_leave_neither_address_nor_key(app: Flask, root: None) -> None:
    stream = io.StringIO()
    logs.configure("debug", stream)
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = ADDRESS
    keys, screen = client.post("/my/picks", json={"add": ["panel"]}).get_json(), Screen(client)
    good, bad = ({"Authorization": f"Bearer {key}"} for key in (keys["write"], KEY))
    client.get("/my/picks", headers=bad)
    floods: list[Callable[[], TestResponse]] = [
        lambda: client.post("/display/token"),
        lambda: screen.report({"room": None, "revision": 1}),
        lambda: client.get("/my/picks", headers=good),
        lambda: client.get(f"/my/{keys['read']}.ics"),
        lambda: client.get(f"/organizer/sign-in/{KEY}"),
    ]
    for flood in floods:
        assert 429 in (flood().status_code for _ in range(302))
    text = stream.getvalue()
    said = (ADDRESS, KEY, keys["read"], keys["write"], screen.token)
    assert [secret for secret in said if secret in text] == []


def test_failures_leave_neither_address_nor_key_nor_what_a_database_was_told(
    app: Flask, service: Service, stream: io.StringIO
) -> None:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = ADDRESS
    keys, screen = client.post("/my/picks", json={"add": ["panel"]}).get_json(), Screen(client)
    with service.database.writing() as connection:
        for table in ("picks", "displays"):
            text_of_trigger = "CREATE TRIGGER {0}_{1} BEFORE {1} ON {0} BEGIN SELECT RAISE(ABORT, 'broken'); END"
            for event in ("INSERT", "UPDATE"):
                connection.exec_driver_sql(text_of_trigger.format(table, event))
    headers = {"Authorization": f"Bearer {keys['write']}", "Cookie": f"agenda-organizer={KEY}"}
    answers = [
        client.post("/my/picks", json={"add": ["lunch"]}, headers=headers),
        client.post("/my/picks", json={"add": ["lunch"]}),
        client.get(f"/my/{keys['read']}.ics"),
        screen.report({"room": None, "revision": 1}),
    ]
    assert [answer.status_code for answer in answers] == [500] * 4
    text = stream.getvalue()
    said = (ADDRESS, KEY, keys["read"], keys["write"], screen.token, screen.id, "lunch panel")
    assert [secret for secret in said if secret in text] == []


@pytest.mark.parametrize("path", ["//my/{}", "/organizer/{}", "/organizer/sign-in//{}/", "/x?key={}", "\n{}"])
def test_a_key_in_a_mistyped_address_is_not_in_the_log(stream: io.StringIO, path: str) -> None:
    logging.getLogger("app").info("nothing at %s", path.format(KEY))
    assert KEY not in str(lines(stream)[0]["message"])
