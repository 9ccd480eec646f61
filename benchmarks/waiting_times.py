"""Waits that people notice on the day: an edit from a terminal, a page beside silent connections, a large
feed, and the import of a large schedule."""

from __future__ import annotations

import select
import socket
import time
import urllib.request
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.domain.change_stamps import with_stamps
from app.domain.edits.edit_types import ChangeContent
from app.domain.program import Program
from app.domain.rights import Editor
from app.formats.calendar.feed import feed
from app.formats.frab.xml import schedule_xml
from app.formats.program_folder.reader import read_program
from app.importing import import_source
from app.live.clock import SYSTEM_CLOCK
from app.settings import first_program
from app.store.database import open_database, sqlite_url
from app.store.publishing import publish_edit
from app.store.revisions import Revisions
from benchmarks.compared_servers import python_server
from benchmarks.programs import program_of
from benchmarks.stream_clients import Streams

EDITS = 10
SILENT = 2_000
SESSIONS = 1_000
PAGES = ("/now", "/api/now", "/subscribe", "/calendar/talks.ics")
PATIENCE_SECONDS = 10
TERMINAL = "longest_from_a_terminals_edit_to_a_stream"
SILENCE = f"slowest_page_beside_{SILENT}_silent_connections"
IMPORT = f"import_of_{SESSIONS}_sessions"
FEED = f"feed_of_{SESSIONS}_sessions_after_an_edit"
# In milliseconds.
LIMITS = {TERMINAL: 1000, SILENCE: 1000, FEED: 200, IMPORT: 5000}


def measure(folder: Path) -> dict[str, Any]:
    """All of it in milliseconds, on a new server."""
    folder.mkdir()
    with python_server("agenda_server", folder) as (url, _):
        host, _, port = url.removeprefix("http://").partition(":")
        address = (host, int(port))
        heard = _terminal_edits(address, folder)
        slowest = _beside_silent_connections(address, url)
    return {
        TERMINAL: round(max(heard)),
        SILENCE: round(slowest),
        FEED: round(_feed_after_an_edit()),
        IMPORT: round(_import_of_a_large_schedule()),
    }


def _terminal_edits(address: tuple[str, int], folder: Path) -> list[float]:
    """Publishes as `agenda rename` does, from another process than the service; until an open stream is told of it."""
    program = read_program(first_program())
    database = open_database(sqlite_url(folder / "agenda.sqlite"), program.id, create=False)
    revisions, poll = Revisions(database), select.epoll()
    streams = Streams(address, address[0], 1, poll)
    times = []
    for turn in range(EDITS):
        edit = ChangeContent(program.sessions[-1].id, title=f"Thanks {turn}")
        base = len(revisions.history())
        number = publish_edit(revisions, edit, base=base, by=Editor("bench"), note="", now=SYSTEM_CLOCK.now()).number
        published = time.monotonic()
        while number not in streams.heard[0] and time.monotonic() - published < PATIENCE_SECONDS:
            for file, _ in poll.poll(PATIENCE_SECONDS):
                streams.read(file)
        times.append(1000 * (time.monotonic() - published))
    streams.close()
    database.close()
    return times


def _beside_silent_connections(address: tuple[str, int], url: str) -> float:
    """The slowest of some pages while others hold connections and send nothing."""
    with ExitStack() as stack:
        for _ in range(SILENT):
            stack.enter_context(closing(socket.create_connection(address)))
        return max(_milliseconds(url + path) for path in PAGES * 5)


def _milliseconds(url: str) -> float:
    begun = time.monotonic()
    with urllib.request.urlopen(url) as answer:
        answer.read()
    return 1000 * (time.monotonic() - begun)


def _feed_after_an_edit() -> float:
    """The processor time of a feed in which one session was changed: the others are not written anew."""
    before = with_stamps(None, program_of(SESSIONS), SYSTEM_CLOCK.now(), 1)
    _feed(before)
    first, *others = before.sessions
    after = replace(before, sessions=(replace(first, title="Another title"), *others))
    begun = time.process_time()
    _feed(after)
    return 1000 * (time.process_time() - begun)


def _feed(program: Program) -> bytes:
    return feed(program, program.sessions, name=program.title, public_url="http://127.0.0.1", feed_path="/large.ics")


def _import_of_a_large_schedule() -> float:
    """The processor time of an import of a frab schedule."""
    data = schedule_xml(program_of(SESSIONS), version="1", base_url="https://conference.example")
    begun = time.process_time()
    import_source(data, name="schedule.xml")
    return 1000 * (time.process_time() - begun)
