"""Many publishers at once, and publishers that are killed: the history stays whole and gapless."""

from __future__ import annotations

import os
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from support.codeml_day import talk, times, two_rooms
from support.publisher_processes import (
    NOW,
    append_revision,
    processes,
    publish,
    publish_for_ever,
    publish_some,
    started,
)

from app.domain.edits.edit_types import ChangeContent, Extend
from app.domain.errors import StaleBase
from app.domain.program import Room
from app.domain.rights import Editor
from app.store.publishing import publish_edit
from app.store.revisions import Revision, Revisions

PUBLISHERS = 20
# The long form sets it to 200.
KILLS = int(os.environ.get("AGENDA_KILLS", "20"))
LONGEST_LIFE_SECONDS = 0.15


def told(revisions: Revisions) -> list[tuple[int, int]]:
    return [(entry.number, entry.base) for entry in revisions.history()]


def gapless(count: int) -> list[tuple[int, int]]:
    return [(number, number - 1) for number in range(1, count + 1)]


def test_twenty_threads_leave_a_gapless_history(revisions: Revisions, first: Revision) -> None:
    with ThreadPoolExecutor(PUBLISHERS) as pool:
        made = list(pool.map(lambda turn: publish(revisions, str(turn)), range(PUBLISHERS)))
    assert told(revisions) == gapless(PUBLISHERS + 1)
    assert sorted(revision.number for revision in made) == list(range(2, PUBLISHERS + 2))


@pytest.mark.process
def test_twenty_processes_leave_a_gapless_history(database_url: str, revisions: Revisions, first: Revision) -> None:
    publishers = [started(publish_some, database_url, f"p{turn}", 2) for turn in range(PUBLISHERS)]
    for publisher in publishers:
        publisher.join()
    assert [publisher.exitcode for publisher in publishers] == [0] * PUBLISHERS
    assert told(revisions) == gapless(2 * PUBLISHERS + 1)
    notes = sorted(entry.note for entry in revisions.history(since=1))
    assert notes == sorted(f"p{turn}.{edit}" for turn in range(PUBLISHERS) for edit in range(2))


def test_of_twenty_edits_on_one_base_one_succeeds_and_the_others_are_told(
    revisions: Revisions, first: Revision
) -> None:
    together = threading.Barrier(PUBLISHERS)

    def try_once(turn: int) -> object:
        together.wait()
        edit = ChangeContent(session="panel", title=f"Panel {turn}")
        try:
            return publish_edit(revisions, edit, base=1, by=Editor(str(turn)), note="", now=NOW).number
        except StaleBase as refusal:
            return refusal.base, refusal.latest

    with ThreadPoolExecutor(PUBLISHERS) as pool:
        answers = list(pool.map(try_once, range(PUBLISHERS)))
    assert sorted(answers, key=str) == [*([(1, 2)] * (PUBLISHERS - 1)), 2]


def test_five_chairs_in_five_rooms_all_publish_from_one_base(revisions: Revisions) -> None:
    rooms = tuple(Room(f"room-{number}", f"Room {number}") for number in range(5))
    talks = tuple(talk(f"talk-{room.id}", "10:00-10:30", room.id) for room in rooms)
    program = replace(two_rooms(), rooms=rooms, sessions=talks)
    append_revision(revisions, program, author="files", kind="import")
    together = threading.Barrier(len(rooms))

    def five_more(room: Room) -> int:
        together.wait()
        edit = Extend(f"talk-{room.id}")
        return publish_edit(revisions, edit, base=1, by=Editor(room.name), note="", now=NOW).number

    with ThreadPoolExecutor(len(rooms)) as pool:
        made = list(pool.map(five_more, rooms))
    assert sorted(made) == [2, 3, 4, 5, 6]
    assert told(revisions) == gapless(6)
    latest = revisions.get(6).program
    assert times(latest) == dict.fromkeys((one.id for one in talks), "10:00–10:35")


@pytest.mark.process
def test_a_killed_publisher_loses_nothing_acknowledged_and_shows_nothing_half(
    database_url: str, revisions: Revisions, first: Revision
) -> None:
    acknowledged = 1
    for _ in range(KILLS):
        acknowledged = max(acknowledged, last_word_of_a_killed_publisher(database_url))
        latest = len(revisions.history())
        assert acknowledged <= latest <= acknowledged + 1
    assert told(revisions) == gapless(latest)
    for revision in revisions.since(1):
        assert {session.title for session in revision.program.sessions} == {f"Talk {revision.number}"}
        assert len(revision.program.sessions) == len(first.program.sessions)


def last_word_of_a_killed_publisher(url: str) -> int:
    """Let one publish, kill it at a random instant; returns the last number that it acknowledged."""
    listening, telling = processes.Pipe(duplex=False)
    publisher = started(publish_for_ever, url, telling)
    telling.close()
    last: int = listening.recv()
    # Not a wait for something: the instant is what is drawn by lot.
    threading.Event().wait(random.uniform(0, LONGEST_LIFE_SECONDS))
    publisher.kill()
    publisher.join()
    with listening:
        try:
            while True:
                last = listening.recv()
        except (EOFError, OSError):
            return last
