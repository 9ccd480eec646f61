"""Which public notes are in force, and which of them explain why a session was moved or cancelled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.publisher_processes import NOW, append_revision

from app.domain.edits.edit_types import Announce, Cancel, Edit, Move, Reinstate, Rename
from app.live.history import notes_of
from app.live.snapshot import CurrentRevision, Snapshot
from app.store.publishing import publish_edit, undo

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
# Where the closing remarks were planned.
CLOSING = NOW.replace(hour=23, minute=55)
LATER, LATEST = CLOSING + 5 * MINUTE, CLOSING + 10 * MINUTE


def edited(current: CurrentRevision, edit: Edit, note: str = "") -> Snapshot:
    """What is current after an edit."""
    base = current.snapshot.revision.number
    publish_edit(current.revisions, edit, base=base, author="Frank", note=note, now=NOW)
    current.refresh()
    return current.snapshot


def undone(current: CurrentRevision, number: int | None = None, note: str = "") -> Snapshot:
    """What is current after taking back a revision."""
    undo(current.revisions, number, author="Frank", note=note, now=NOW)
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


def test_a_note_that_moved_a_session_does_not_say_why_it_is_cancelled(current: CurrentRevision) -> None:
    edited(current, Move("closing", LATER), "The buses are late.")
    assert edited(current, Cancel("closing")).reasons == {}
    assert edited(current, Reinstate("closing")).reasons == {"closing": "The buses are late."}


def test_what_changed_something_else_about_a_session_does_not_say_why_it_is_moved(current: CurrentRevision) -> None:
    edited(current, Move("closing", LATER), "The buses are late.")
    assert edited(current, Rename("closing", "Goodbye"), "A better title.").reasons == {
        "closing": "The buses are late."
    }


def test_where_an_undo_brings_a_cancellation_back_its_note_says_why_again(current: CurrentRevision) -> None:
    edited(current, Cancel("panel"), "The panel is off.")
    edited(current, Reinstate("panel"))
    assert undone(current).reasons == {"panel": "The panel is off."}
