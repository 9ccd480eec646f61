"""`agenda serve` as processes of their own, with readers and an organizer who come by HTTP."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from app.cli import main
from app.store.database import open_database
from support.console_browser import link_of
from support.publisher_processes import PROGRAM_ID, started
from support.waiting import wait_until

STARTS_WITHIN_SECONDS = 30
ENDS_WITHIN_SECONDS = 20
ANSWERS_WITHIN_SECONDS = 30
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """One process that serves a database."""

    url: str
    folder: Path
    options: tuple[str, ...] = ()
    port: int = field(default_factory=free_port)
    process: ForkServerProcess | None = None
    # Others than DATABASE_URL and SECRET_KEY.
    settings: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        """Start it, and wait until it answers; a second time: on the same port as before."""
        arguments = ("serve", "--host", "127.0.0.1", "--port", str(self.port), *self.options)
        settings = {"DATABASE_URL": self.url, "SECRET_KEY": "test", **self.settings}
        self.process = started(run, self.folder, settings, arguments)
        wait_until(self._answers_or_ended, STARTS_WITHIN_SECONDS)
        if not self.process.is_alive():
            raise RuntimeError("the service ended at its start")

    def kill(self) -> None:
        """End it at once, as `kill -9` does."""
        if self.process is not None:
            self.process.kill()
            self.process.join()

    def stop(self) -> None:
        """Ask it to end."""
        if self.process is not None:
            self.process.terminate()
            self.process.join(ENDS_WITHIN_SECONDS)

    def get(self, path: str) -> Any:
        """What an address of JSON says."""
        status, _, body = exchange(self.port, "GET", path)
        if status != http.HTTPStatus.OK:
            raise RuntimeError(f"{path}: {status}")
        return json.loads(body)

    def _answers_or_ended(self) -> bool:
        if self.process is not None and not self.process.is_alive():
            return True
        with suppress(OSError, http.client.HTTPException):
            return exchange(self.port, "GET", "/readyz")[0] == http.HTTPStatus.OK
        return False


def run(folder: Path, settings: dict[str, str], arguments: tuple[str, ...]) -> None:
    """Be `agenda` in a folder, with no other settings than these."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(settings)
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        main(arguments)


@contextmanager
def serving(url: str, folder: Path, *options: str) -> Iterator[Server]:
    """A running process; it is stopped at the end."""
    server = Server(url, folder, options)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def exchange(
    port: int, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """One request on a connection of its own: status, headers, body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWERS_WITHIN_SECONDS)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


class Organizer:
    """A browser that is signed in at a server, and stays so at others on the same database."""

    def __init__(self, server: Server, name: str = "Frank") -> None:
        self.cookies: dict[str, str] = {}
        database = open_database(server.url, PROGRAM_ID, create=False)
        link = link_of(database, name)
        database.close()
        self.token = ""
        found = TOKEN.search(self._asked(server, "GET", link)[1])
        self.token = found[1] if found else ""
        self.post(server, link)
        found = TOKEN.search(self.page(server))
        self.token = found[1] if found else ""

    def page(self, server: Server, path: str = "/organizer") -> str:
        """A page of the console."""
        return self._asked(server, "GET", path)[1]

    def post(self, server: Server, path: str, **form: str) -> tuple[int, str]:
        """Send a form: status, and where it leads to."""
        return self._asked(server, "POST", path, urlencode({"csrf_token": self.token, **form}))[::2]

    def edit(self, server: Server, base: int, **form: str) -> int | None:
        """Publish an edit of a revision; the number that it got, None where it was refused."""
        _, location = self.post(server, "/organizer/edit", base=str(base), **form)
        done = location.partition("done=")[2].partition("&")[0]
        return int(done) if done else None

    def _asked(self, server: Server, method: str, path: str, body: str | None = None) -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        status, answered, page = exchange(server.port, method, path, body, headers)
        for line in answered.get_all("Set-Cookie", []):
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        return status, page.decode(), answered.get("Location", "")


class Stream:
    """A reader of `/live` who notes which revisions arrived."""

    def __init__(self, server: Server) -> None:
        self.heard: set[int] = set()
        self._socket = socket.create_connection(("127.0.0.1", server.port), ANSWERS_WITHIN_SECONDS)
        self._socket.sendall(b"GET /live HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")
        self._socket.settimeout(None)
        self._begun = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        if not self._begun.wait(ANSWERS_WITHIN_SECONDS):
            raise RuntimeError("the stream did not begin")

    def close(self) -> None:
        """Go away."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()

    def _read(self) -> None:
        with self._socket.makefile("rb") as lines:
            for line in lines:
                if line == b"\r\n":
                    self._begun.set()
                if found := re.match(rb"id: (\d+)", line):
                    self.heard.add(int(found[1]))
