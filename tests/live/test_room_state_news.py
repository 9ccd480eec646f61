"""A change of the room state by another process is noticed, with one question for it and for revisions."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

from sqlalchemy import event
from support.publisher_processes import NOW, opened, processes, started

from app.domain.rights import Editor
from app.live.revision_watcher import RevisionWatcher
from app.live.snapshot import CurrentRevision
from app.store.database import Database
from app.store.revisions import Revisions
from app.store.room_state import RoomStates


def tick(revisions: Revisions, on: bool = True) -> None:
    RoomStates(revisions).set_tick("tri-dao", "tri-dao", "here", on=on, by=Editor("Frank"), now=NOW)


def tick_when_told(url: str, told: Connection) -> None:
    """A process that opens a database, waits until it is told to, and sets a tick."""
    with opened(url) as database:
        told.send("ready")
        told.recv()
        tick(Revisions(database))


@contextmanager
def watching(current: CurrentRevision) -> Iterator[None]:
    watch = RevisionWatcher(current)
    watch.start()
    try:
        yield
    finally:
        watch.stop()


def test_a_change_by_another_process_is_noticed(database_url: str, current: CurrentRevision) -> None:
    ours, theirs = processes.Pipe()
    other = started(tick_when_told, database_url, theirs)
    heard = threading.Event()
    current.on_room_state(heard.set)
    with watching(current):
        assert ours.recv() == "ready"
        ours.send("go")
        assert heard.wait(30)
    assert current.room_state == 1
    other.join()


def test_listeners_hear_once_of_each_change_and_no_longer_when_they_are_removed(
    current: CurrentRevision, revisions: Revisions
) -> None:
    heard: list[int] = []

    def listen() -> None:
        heard.append(current.room_state)

    current.on_room_state(listen)
    tick(revisions)
    for _ in range(2):
        current.refresh()
    tick(revisions, on=False)
    current.refresh()
    current.remove_room_state_listener(listen)
    tick(revisions)
    current.refresh()
    assert heard == [1, 2]


def test_it_is_no_revision(current: CurrentRevision, revisions: Revisions) -> None:
    before = current.snapshot
    tick(revisions)
    current.refresh()
    assert (current.snapshot, len(revisions.history())) == (before, 1)


def test_the_database_is_asked_once_for_revisions_and_room_state(current: CurrentRevision, database: Database) -> None:
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]), named=False)
    current.refresh()
    assert len([one for one in asked if one.lstrip().upper().startswith("SELECT")]) == 1
