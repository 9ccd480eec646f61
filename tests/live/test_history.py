"""Which public notes are in force, and which of them explain why a session was moved or cancelled."""

from __future__ import annotations

import gc
import tracemalloc
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select
from support.publisher_processes import NOW, append_revision

from app.domain.edits.edit_types import Announce, Cancel, ChangeContent, Edit, Move, Reinstate
from app.domain.rights import Editor
from app.live.history import History, notes_of
from app.live.kept_memory import MEGABYTE
from app.live.snapshot import CurrentRevision, Snapshot
from app.store.publishing import publish_edit, undo
from app.store.revisions import Revisions
from app.store.tables import revisions as table
from app.web.running_service import Service

MANY = 10_000
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
# Where the closing remarks were planned.
CLOSING = NOW.replace(hour=23, minute=55)
LATER, LATEST = CLOSING + 5 * MINUTE, CLOSING + 10 * MINUTE


def edited(current: CurrentRevision, edit: Edit, note: str = "") -> Snapshot:
    """What is current after an edit."""
    base = current.snapshot.revision.number
    publish_edit(current.revisions, edit, base=base, by=Editor("Frank"), note=note, now=NOW)
    current.refresh()
    return current.snapshot


def undone(current: CurrentRevision, number: int | None = None, note: str = "") -> Snapshot:
    """What is current after taking back a revision."""
    undo(current.revisions, number, by=Editor("Frank"), note=note, now=NOW)
    current.refresh()
    return current.snapshot


def told(snapshot: Snapshot) -> list[tuple[int, str]]:
    return [(note.revision, note.text) for note in snapshot.timeline.notes]


def test_a_note_knows_its_instant_and_the_sessions_that_its_revision_changed(current: CurrentRevision) -> None:
    [note] = edited(current, Cancel("panel"), "The panel is off.").timeline.notes
    assert (note.revision, note.text, note.at) == (2, "The panel is off.", NOW + SECOND)
    assert (note.sessions, note.rooms) == (("panel",), {"venue"})


def test_a_note_about_an_announcement_concerns_no_session(current: CurrentRevision) -> None:
    [note] = edited(current, Announce("Lunch is served."), "At last.").timeline.notes
    assert (note.sessions, note.rooms) == ((), frozenset())


def test_empty_notes_and_those_of_files_do_not_stand(current: CurrentRevision) -> None:
    edited(current, Cancel("panel"), "  ")
    program = current.snapshot.revision.program
    append_revision(
        current.revisions, program, author="files", note="The program's files have changed.", kind="publish"
    )
    current.refresh()
    assert (current.snapshot.revision.number, told(current.snapshot)) == (3, [])


def test_the_note_of_an_undone_revision_does_not_stand_but_that_of_the_undo_does(current: CurrentRevision) -> None:
    edited(current, Cancel("panel"), "The panel is off.")
    assert told(undone(current, note="It is on again.")) == [(3, "It is on again.")]
    assert told(undone(current, 3)) == [(2, "The panel is off.")]


def test_each_process_tells_the_same_notes_of_a_revision(current: CurrentRevision) -> None:
    edited(current, Cancel("panel"), "The panel is off.")
    edited(current, Move("closing", LATER), "Late.")
    undone(current)
    other = CurrentRevision(current.revisions, current.snapshot.revision)
    assert other.snapshot.timeline.notes == current.snapshot.timeline.notes
    assert other.snapshot.reasons == current.snapshot.reasons
    assert notes_of(current.history.until(2).outlines) == current.snapshot.timeline.notes


def test_a_session_says_why_for_as_long_as_it_is_moved_or_cancelled(current: CurrentRevision) -> None:
    assert edited(current, Move("closing", LATER), "The buses are late.").reasons == {"closing": "The buses are late."}
    assert edited(current, Move("closing", CLOSING), "They came.").reasons == {}
    assert edited(current, Cancel("panel"), "The panel is off.").reasons == {"panel": "The panel is off."}
    assert edited(current, Reinstate("panel"), "It is on again.").reasons == {}


def test_the_latest_note_that_moved_a_session_says_why_and_a_move_without_one_leaves_it(
    current: CurrentRevision,
) -> None:
    edited(current, Move("closing", LATER), "The buses are late.")
    assert edited(current, Move("closing", LATEST)).reasons == {"closing": "The buses are late."}
    assert edited(current, Move("closing", LATER), "One came.").reasons == {"closing": "One came."}


@pytest.mark.parametrize("back", [True, False])
def test_a_note_from_before_a_session_was_moved_anew_says_nothing(current: CurrentRevision, back: bool) -> None:
    edited(current, Move("closing", LATER), "The buses are late.")
    edited(current, Move("closing", CLOSING)) if back else undone(current)
    assert edited(current, Move("closing", LATEST)).reasons == {}


def test_an_import_without_a_note_that_cancels_a_session_again_says_nothing(current: CurrentRevision) -> None:
    edited(current, Cancel("panel"), "The panel is off.")
    program = edited(current, Reinstate("panel")).revision.program
    sessions = tuple(replace(one, cancelled=one.id == "panel") for one in program.sessions)
    append_revision(current.revisions, replace(program, sessions=sessions), author="Frank", kind="publish")
    current.refresh()
    assert current.snapshot.reasons == {}


def test_a_note_that_moved_a_session_does_not_say_why_it_is_cancelled(current: CurrentRevision) -> None:
    edited(current, Move("closing", LATER), "The buses are late.")
    assert edited(current, Cancel("closing")).reasons == {}
    assert edited(current, Reinstate("closing")).reasons == {"closing": "The buses are late."}


def test_what_changed_something_else_about_a_session_does_not_say_why_it_is_moved(current: CurrentRevision) -> None:
    edited(current, Move("closing", LATER), "The buses are late.")
    assert edited(current, ChangeContent("closing", title="Goodbye"), "A better title.").reasons == {
        "closing": "The buses are late."
    }


def test_where_an_undo_brings_a_cancellation_back_its_note_says_why_again(current: CurrentRevision) -> None:
    edited(current, Cancel("panel"), "The panel is off.")
    edited(current, Reinstate("panel"))
    assert undone(current).reasons == {"panel": "The panel is off."}


# What it takes in memory


def test_what_is_kept_of_a_revision_is_the_entry_of_the_database(current: CurrentRevision) -> None:
    edited(current, Cancel("panel"), "The panel is off.")
    edited(current, Announce("Lunch is served."))
    undone(current, 2)
    entries = current.revisions.history()
    packed = replace(current.history.until(4), unpacked={})
    assert (tuple(packed), tuple(reversed(packed))) == (entries, entries[::-1])


def test_ten_thousand_revisions_take_less_than_20_megabytes_and_are_counted_right(service: Service) -> None:
    service.watcher.stop()
    for number in range(40):
        edited(service.current, Move("closing", CLOSING + (number % 7 + 1) * MINUTE), f"Because of {number}.")
        edited(service.current, Announce(f"Number {number}."))
    repeat_the_last(service.current.revisions, 80, times=6)
    history = History(service.current.revisions, service.current.snapshot.revision.program)
    tracemalloc.start()
    (before, counted_before), (after, counted_after) = (
        (traced_after(history, number), history.kept_bytes) for number in (200, 500)
    )
    tracemalloc.stop()
    assert (after - before) / 300 * MANY < 20 * MEGABYTE
    assert counted_after - counted_before == pytest.approx(after - before, rel=0.2)


@pytest.mark.parametrize("letters", [0, 20_000])
def test_the_latest_revisions_are_counted_with_their_texts(service: Service, letters: int) -> None:
    program, store = service.current.snapshot.revision.program, service.current.revisions
    service.watcher.stop()
    for number in range(20):
        sessions = tuple(replace(one, abstract=f"{number}{'ж' * letters}") for one in program.sessions[:2])
        append_revision(store, replace(program, sessions=sessions + program.sessions[2:]))
    tracemalloc.start()
    history = History(store, program)
    before = traced_after(history, 0)
    allocated = traced_after(history, 21) - before
    tracemalloc.stop()
    assert history.kept_bytes == pytest.approx(allocated, rel=0.2)


def repeat_the_last(revisions: Revisions, number: int, times: int) -> None:
    """Append the last revisions again, with other numbers, instants and notes."""
    with revisions.publishing() as transaction:
        first = transaction.number - number
        query = select(table).where(table.c.number > first).order_by(table.c.number)
        rows = [row._asdict() for row in transaction.connection.execute(query)]
        for turn in range(1, times + 1):
            for row in rows:
                later = {"number": row["number"] + turn * number, "base": row["base"] + turn * number}
                at, note = row["at"] + turn * timedelta(hours=1), row["note"] and f"{row['note']} Again: {turn}."
                transaction.connection.execute(insert(table).values(row | later | {"at": at, "note": note}))


def traced_after(history: History, number: int) -> int:
    """The bytes allocated once so many revisions are loaded."""
    history.until(number)
    gc.collect()
    return tracemalloc.get_traced_memory()[0]
