"""Calendar programs as subscribers: vdirsyncer with khal, and ical.js under a subscriber of our own."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from support.npm_packages import installed

TESTS = Path(__file__).parent
PROGRAMS = Path(sys.executable).parent
ICAL_JS = "ical.js@2.2.1"
MOST_SECONDS = 120

VDIRSYNCER_SETTINGS = """
[general]
status_path = "{folder}/status"
[pair conference]
a = "feed"
b = "calendar"
collections = null
conflict_resolution = "a wins"
[storage feed]
type = "http"
url = "{url}"
[storage calendar]
type = "filesystem"
path = "{folder}/calendar"
fileext = ".ics"
"""
KHAL_SETTINGS = """
[calendars]
[[conference]]
path = {folder}/calendar
[sqlite]
path = {folder}/khal.sqlite
[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%dT%H:%M
longdatetimeformat = %Y-%m-%dT%H:%M
"""
KHAL_FIELDS = ("url", "start-long", "end-long", "status", "title")


@dataclass(frozen=True, order=True)
class Shown:
    """An event as a calendar program shows it."""

    session: str
    start: datetime
    end: datetime
    cancelled: bool
    title: str


class Feed:
    """What the server answers with; set anew by the test."""

    body = b""


@contextmanager
def serving(feed: Feed) -> Iterator[str]:
    """A feed on the loopback; gives its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/calendar; charset=utf-8")
            self.send_header("Content-Length", str(len(feed.body)))
            self.end_headers()
            self.wfile.write(feed.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/calendar.ics"
        finally:
            server.shutdown()
            thread.join()


class Khal:
    """vdirsyncer keeps a folder like the feed, khal shows it."""

    def __init__(self, folder: Path, url: str) -> None:
        (folder / "calendar").mkdir(parents=True)
        self.folder = folder
        self._configure("vdirsyncer", VDIRSYNCER_SETTINGS, url)
        self._configure("khal", KHAL_SETTINGS, url)
        self._run("vdirsyncer", "discover")

    def read(self, day: date) -> list[Shown]:
        """What is shown about a day after another look at the feed."""
        self._run("vdirsyncer", "sync")
        fields = [part for field in KHAL_FIELDS for part in ("--json", field)]
        answer = self._run("khal", "list", "--once", *fields, f"{day - timedelta(days=1)}", "4d")
        days = [json.loads(line) for line in answer.splitlines()]
        return sorted(_shown_by_khal(event) for day in days for event in day)

    def _configure(self, program: str, settings: str, url: str) -> None:
        (self.folder / f"{program}.conf").write_text(settings.format(folder=self.folder, url=url))

    def _run(self, program: str, *arguments: str) -> str:
        command = [str(PROGRAMS / program), "-c", str(self.folder / f"{program}.conf"), *arguments]
        home = {"HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder / "data")}
        return _output(command, {**os.environ, **home})


class IcalJs:
    """A subscriber as ICSx5 is one: it takes an event's new state only under a later LAST-MODIFIED."""

    def __init__(self) -> None:
        self.package = installed(ICAL_JS)
        self.events: dict[str, dict[str, str]] = {}

    def read(self, feed: bytes) -> list[Shown]:
        """What is shown after another look at a feed."""
        command = ["node", str(TESTS / "read_calendar.mjs"), str(self.package)]
        fresh = json.loads(_output(command, dict(os.environ), feed))
        assert len({event["uid"] for event in fresh}) == len(fresh)
        kept = {}
        for event in fresh:
            known = self.events.get(event["uid"])
            kept[event["uid"]] = event if known is None or event["modified"] > known["modified"] else known
        self.events = kept
        return sorted(_shown_by_ical_js(event) for event in kept.values())


def _shown_by_khal(event: dict[str, str]) -> Shown:
    start, end = (datetime.fromisoformat(event[name]).replace(tzinfo=UTC) for name in ("start-long", "end-long"))
    return Shown(_session(event["url"]), start, end, event["status"].strip() == "CANCELLED", event["title"])


def _shown_by_ical_js(event: dict[str, str]) -> Shown:
    start, end = (datetime.fromisoformat(event[name]) for name in ("start", "end"))
    return Shown(_session(event["url"]), start, end, event["status"] == "CANCELLED", event["summary"])


def _session(address: str) -> str:
    return address.strip().rpartition("/talks/")[2]


def _output(command: list[str], environment: dict[str, str], given: bytes = b"") -> str:
    done = subprocess.run(command, input=given, capture_output=True, env=environment, timeout=MOST_SECONDS, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr.decode()}{done.stdout.decode()}")
    return done.stdout.decode()
