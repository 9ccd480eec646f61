"""Publishers in processes of their own, for tests of what many at once, or killed ones, leave behind."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Any

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
    """Publish the latest program with another mark."""
    with revisions.publishing() as transaction:
        if transaction.latest is None:
            raise LookupError("nothing to publish on")
        program = marked(transaction.latest.program, mark)
        return transaction.append(program, author=author, note=mark, kind="edit", now=NOW)


def append_revision(revisions: Revisions, program: Program, **values: Any) -> Revision:
    """Publish a program as it is, on the latest revision."""
    with revisions.publishing() as transaction:
        return transaction.append(program, **{"author": "somebody", "note": "", "kind": "edit", "now": NOW} | values)


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
        for transaction in range(times):
            publish(Revisions(database), f"{author}.{transaction}", author)


def publish_for_ever(url: str, acknowledged: Connection) -> None:
    """A publisher that tells the number of each revision once it is published, until it is killed."""
    with opened(url) as database:
        revisions = Revisions(database)
        while True:
            acknowledged.send(publish(revisions, str(len(revisions.history()) + 1)).number)


def publish_once(url: str, told: Connection) -> None:
    """A publisher that opens a database, waits until it is told to, and publishes."""
    with opened(url) as database:
        told.send("ready")
        told.recv()
        publish(Revisions(database), "from elsewhere")


def started(target: object, *arguments: object) -> ForkServerProcess:
    """A process of its own."""
    process = processes.Process(target=target, args=arguments, daemon=True)  # type: ignore[arg-type]
    process.start()
    return process
