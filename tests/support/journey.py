"""What every way of deployment must carry: a page, the console, a live delay, and a restart without loss.

`walk` does it over HTTP, as a reader and an organizer would: what runs behind the address does not matter.
"""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from lxml import html

from support.console_browser import token_on
from support.waiting import wait_until

ANSWERS_WITHIN_SECONDS = 30
STARTS_WITHIN_SECONDS = 90
ENDS_WITHIN_SECONDS = 20
# The session of the program of `agenda new` that `walk` delays, and by how much.
DELAYED = "first-talk"
DELAY = timedelta(minutes=10)
SIGN_IN_LINK = re.compile(r"/organizer/sign-in/[\w-]{43}")
REVISION = re.compile(r"\d+")
DATE = re.compile(r"^date = .*$", re.MULTILINE)


def upcoming(folder: Path) -> Path:
    """Move a program that `agenda new` made to tomorrow, so that its sessions can be delayed whatever the hour."""
    file = folder / "program.toml"
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date()
    file.write_text(DATE.sub(f"date = {tomorrow}", file.read_text()))
    return folder


@dataclass(frozen=True)
class Answer:
    """A response; ``leads_to`` is the path of its Location, "" without one."""

    status: int
    text: str
    leads_to: str


@dataclass
class Visitor:
    """A browser of an address, which keeps its cookies.

    ``at`` is the host and port at which the address really answers, where no name leads there; ``tls`` trusts its
    certificate.
    """

    address: str
    at: tuple[str, int] | None = None
    tls: ssl.SSLContext | None = None
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def get(self, path: str) -> Answer:
        """A page."""
        return self._asked("GET", path)

    def post(self, path: str, **form: str) -> Answer:
        """A form of the console, with the token of the page that was read last."""
        return self._asked("POST", path, urlencode({"csrf_token": self.token, **form}))

    def answers(self) -> bool:
        """Whether the service is there and can serve."""
        with suppress(OSError, http.client.HTTPException):
            return self.get("/readyz").status == http.HTTPStatus.OK
        return False

    def revision(self) -> int:
        """The revision that the service shows."""
        found = REVISION.search(self.get("/readyz").text)
        assert found, "the service does not say its revision"
        return int(found[0])

    def start_of(self, session: str) -> datetime:
        """When a session begins by the day's page."""
        page = html.fromstring(self.get("/").text)
        starts = {element.get("data-start") for element in page.iterfind(f".//*[@data-session='{session}']")} - {None}
        assert len(starts) == 1, f"{session} has the starts {starts}"
        return datetime.fromisoformat(starts.pop())

    def sign_in(self, printed: str) -> None:
        """Sign in at the console by the last link that the service printed."""
        link = SIGN_IN_LINK.findall(printed)[-1]
        self.token = token_on(self.get(link).text)
        assert self.post(link).leads_to == "/organizer"
        self.token = token_on(self.get("/organizer").text)

    def delay(self, session: str, by: timedelta) -> int:
        """Publish a delay of a session; the number of the revision that says so."""
        base = self.revision()
        minutes = str(by // timedelta(minutes=1))
        answer = self.post("/organizer/edit", do="late", base=str(base), session=session, minutes=minutes)
        assert f"done={base + 1}" in answer.leads_to, answer
        return base + 1

    @contextmanager
    def stream(self) -> Iterator[Callable[[int], bool]]:
        """An open stream of news; gives a function that waits until a revision has arrived."""
        connection = self._connected()
        connection.request("GET", self._base + "/live", headers={"Accept": "text/event-stream"})
        lines = connection.getresponse()
        assert lines.status == http.HTTPStatus.OK
        # The service opens each stream with the revision that the reader has.
        assert any(line.startswith(b"id:") for line in iter(lines.readline, b""))
        try:
            yield lambda number: any(line.strip() == f"id: {number}".encode() for line in iter(lines.readline, b""))
        finally:
            lines.close()
            connection.close()

    @property
    def _base(self) -> str:
        return urlsplit(self.address).path.rstrip("/")

    def _connected(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.address)
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        name = parts.hostname or ""
        sort = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = sort(name, port, timeout=ANSWERS_WITHIN_SECONDS)
        plain = socket.create_connection(self.at or (name, port), ANSWERS_WITHIN_SECONDS)
        tls = self.tls or ssl.create_default_context()
        connection.sock = tls.wrap_socket(plain, server_hostname=name) if secure else plain
        return connection

    def _asked(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"{self.address}{path}"}
        connection = self._connected()
        try:
            connection.request(method, self._base + path, body, headers)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie", []):
                self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
            leads_to = urlsplit(answer.headers.get("Location", ""))
            where = f"{leads_to.path}?{leads_to.query}" if leads_to.query else leads_to.path
            return Answer(answer.status, answer.read().decode(), where)
        finally:
            connection.close()


def walk(visitor: Visitor, printed: Callable[[], str], restart: Callable[[], None], session: str = DELAYED) -> None:
    """Page, sign-in by the link in what was printed, a delay on the stream and on the page, a restart.

    `restart` ends the service as its platform does, and starts it again; the service may take its time to answer.
    """
    wait_until(visitor.answers, STARTS_WITHIN_SECONDS)
    assert f'data-session="{session}"' in visitor.get("/").text
    planned = visitor.start_of(session)
    visitor.sign_in(printed())
    with visitor.stream() as arrived:
        number = visitor.delay(session, DELAY)
        assert arrived(number)
    assert visitor.start_of(session) == planned + DELAY
    restart()
    wait_until(visitor.answers, STARTS_WITHIN_SECONDS)
    assert (visitor.revision(), visitor.start_of(session)) == (number, planned + DELAY)
    # Still signed in: the key that signs the cookies is kept too.
    assert visitor.get("/organizer").status == http.HTTPStatus.OK


@dataclass
class Command:
    """A service as a command line, in a folder, with this environment and no other; what it prints goes to a file."""

    words: Sequence[str | Path]
    folder: Path
    environment: Mapping[str, str]
    output: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; a second time, it prints on into the same file."""
        with self.output.open("ab") as file:
            self.process = subprocess.Popen(
                self.words, cwd=self.folder, env=self.environment, stdout=file, stderr=file, start_new_session=True
            )

    def stop(self) -> int:
        """Ask it to end as a platform does, by SIGTERM; its exit status. Raises `TimeoutExpired`."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(ENDS_WITHIN_SECONDS)

    def restart(self) -> None:
        """End it and start it again; by SIGTERM it has drained, or has ended of it afterwards, as uvicorn does."""
        assert self.stop() in {0, -signal.SIGTERM}
        self.start()

    def printed(self) -> str:
        """All that it has printed."""
        return self.output.read_text()


@contextmanager
def running(
    words: Sequence[str | Path], folder: Path, environment: Mapping[str, str], output: Path
) -> Iterator[Command]:
    """A running command; at the end nothing of it is left."""
    command = Command(words, folder, environment, output)
    command.start()
    try:
        yield command
    finally:
        if command.process is not None:
            with suppress(subprocess.TimeoutExpired):
                command.stop()
            with suppress(ProcessLookupError):
                os.killpg(command.process.pid, signal.SIGKILL)
            command.process.wait()
