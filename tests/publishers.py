"""Publishers in processes of their own, for tests of what many at once, or killed ones, leave behind."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess

from app.domain.errors import StaleBase
from app.domain.program import Program
from app.store.database import Database, open_database
from app.store.revisions import Revision, Revisions

PROGRAM_ID = "codeml-2025"
NOW = datetime(2025, 7, 18, 17, 20, tzinfo=UTC)

# Children start from a process that has loaded everything, in milliseconds.
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["app.asgi", "app.cli", "hypothesis", "pytest"])


def marked(program: Program, mark: str) -> Program:
    """The program with a mark in every session's title: one that is half there is found out."""
    return replace(program, sessions=tuple(replace(session, title=f"Talk {mark}") for session in program.sessions))


def publish(revisions: Revisions, mark: str, author: str = "somebody") -> Revision:
    """Publish the latest program with another mark; asks again as often as others were faster."""
    while True:
        latest = revisions.latest()
        if latest is None:
            raise LookupError("nothing to publish on")
        try:
            return revisions.append(
                marked(latest.program, mark), base=latest.number, author=author, note=mark, kind="edit", now=NOW
            )
        except StaleBase:
            continue


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """The database of the first program at an address."""
    database = open_database(url, PROGRAM_ID)
    try:
        yield database
    finally:
        database.close()


def publish_some(url: str, author: str, times: int) -> None:
    """A publisher: so many revisions, then done."""
    with opened(url) as database:
        for turn in range(times):
            publish(Revisions(database), f"{author}.{turn}", author)


def publish_for_ever(url: str, acknowledged: Connection) -> None:
    """A publisher that tells the number of each revision once it is published, until it is killed."""
    with opened(url) as database:
        revisions = Revisions(database)
        while True:
            acknowledged.send(publish(revisions, str(revisions.latest_number() + 1)).number)


def publish_once(url: str, told: Connection) -> None:
    """A publisher that opens, waits for a word, publishes and says when (seconds since 1970)."""
    with opened(url) as database:
        told.send("ready")
        told.recv()
        publish(Revisions(database), "from elsewhere")
        told.send(time.time())


def started(target: object, *arguments: object) -> ForkServerProcess:
    """A process of its own."""
    process = processes.Process(target=target, args=arguments, daemon=True)  # type: ignore[arg-type]
    process.start()
    return process
