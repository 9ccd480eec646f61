"""`kill -9` of the server at random instants while an organizer publishes: nothing acknowledged is lost."""

from __future__ import annotations

import http.client
import json
import os
import random
import threading
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from http import HTTPStatus
from pathlib import Path

import pytest
from support.codeml_day import times
from support.server_processes import Organizer, Server, exchange, serving
from support.terminal import terminal
from support.waiting import wait_until

# The variable asks for more: `make soak` for a thousand.
PUBLISHES = int(os.environ.get("AGENDA_SERVER_PUBLISHES", "40"))
# Each of them restarts the service.
KILLS = PUBLISHES // 20
LONGEST_PUBLISH_SECONDS = 0.03
READS_EVERY_SECONDS = 0.05
PAIR = ("matt-johnson", "chris-rackauckas")
# The two change places in each revision: one of them alone would be half a revision.
ODD = ("13:00–13:30", "13:30–14:00")
EVEN = ODD[::-1]


@pytest.mark.process
def test_a_killed_server_loses_no_acknowledged_revision_and_shows_no_half_one(
    database_url: str, tmp_path: Path
) -> None:
    day = terminal(database_url, "10:20")
    with serving(database_url, tmp_path) as server:
        frank = Organizer(server)
        with reading(server) as seen:
            acknowledged = published_under_fire(server, frank, seen)
    whole = {revision.number: tuple(times(revision.program, *PAIR).values()) for revision in day.revisions()}
    assert whole == {number: expected(number) for number in range(1, len(whole) + 1)}
    assert PUBLISHES - KILLS <= len(acknowledged) <= PUBLISHES
    assert {revision.number: revision.note for revision in day.revisions() if revision.number in acknowledged} == (
        acknowledged
    )
    assert seen == {number: {expected(number)} for number in seen}


def expected(number: int) -> tuple[str, str]:
    return ODD if number % 2 else EVEN


def published_under_fire(server: Server, frank: Organizer, seen: Container[int]) -> dict[int, str]:
    """Publish so many times, the server being killed during some; the note of each acknowledged revision.

    Each revision that a restarted server begins with is waited for until a reader has seen it.
    """
    acknowledged: dict[int, str] = {}
    fatal = set(random.sample(range(PUBLISHES), KILLS))
    latest = 1
    for turn in range(PUBLISHES):
        made, note = None, f"turn {turn}"
        with killed(server) if turn in fatal else nullcontext(), suppress(OSError, http.client.HTTPException):
            made = frank.edit(server, latest, do="swap", session=PAIR[0], other=PAIR[1], note=note)
        if made is not None:
            acknowledged[made], latest = note, made
        if turn in fatal:
            server.start()
        if turn in fatal or made is None:
            found = int(server.get("/api/now")["revision"])
            # What was not acknowledged may have been published all the same, but nothing else.
            assert found in ({latest} if made else {latest, latest + 1})
            latest = found
        if turn in fatal:
            wait_until(lambda latest=latest: latest in seen)
    return acknowledged


@contextmanager
def killed(server: Server) -> Iterator[None]:
    """Kill the server at a random instant of what is done inside, or just after."""
    timer = threading.Timer(random.uniform(0, LONGEST_PUBLISH_SECONDS), server.kill)
    timer.start()
    yield
    timer.join()


@contextmanager
def reading(server: Server) -> Iterator[Mapping[int, set[tuple[str, ...]]]]:
    """A reader who asks for the program all the time; gives what was seen, by revision."""
    seen: dict[int, set[tuple[str, ...]]] = {}
    done = threading.Event()

    def read() -> None:
        while not done.wait(READS_EVERY_SECONDS):
            with suppress(OSError, http.client.HTTPException):
                status, _, body = exchange(server.port, "GET", "/api/program")
                if status == HTTPStatus.OK:
                    keep(json.loads(body))

    def keep(answer: dict[str, list[dict[str, str]]]) -> None:
        found = {one["id"]: f"{one['start'][11:16]}–{one['end'][11:16]}" for one in answer["sessions"]}
        seen.setdefault(int(str(answer["revision"])), set()).add(tuple(found[name] for name in PAIR))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield seen
    finally:
        done.set()
        reader.join()
