"""A note that a revision gets afterwards stands for it as if it had been given with it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.codeml_day import talk, two_rooms
from support.publisher_processes import NOW, append_revision, opened
from support.strategies import examples

from app.domain.edits.edit_types import Announce, Cancel, ChangeContent, Edit, Move, Reinstate
from app.domain.edits.outcome import EditRefused
from app.domain.rights import Editor
from app.domain.timeline import Note
from app.live.history import History, recent_notes
from app.live.snapshot import CurrentRevision, Snapshot
from app.store.database import sqlite_url
from app.store.publishing import publish_edit, publish_note, undo
from app.store.revisions import Revisions

MINUTE = timedelta(minutes=1)
FRANK = Editor("Frank")
CLOSING = NOW.replace(hour=23, minute=55)
LATER = CLOSING + 5 * MINUTE


@dataclass
class Day:
    """A day that is changed a minute after the other; what was given with a change could be given afterwards."""

    current: CurrentRevision

    @property
    def number(self) -> int:
        """The number of the latest revision."""
        return self.current.snapshot.revision.number

    def edit(self, edit: Edit, note: str = "") -> Snapshot:
        return self._published(publish_edit, edit, base=self.number, note=note)

    def undo(self, number: int | None = None, note: str = "") -> Snapshot:
        return self._published(undo, number, note=note)

    def note(self, number: int, note: str) -> Snapshot:
        return self._published(publish_note, number, note=note)

    def _published(self, publish: Any, *values: object, **named: object) -> Snapshot:
        publish(self.current.revisions, *values, by=FRANK, now=NOW + self.number * MINUTE, **named)
        self.current.refresh()
        return self.current.snapshot


def told(snapshot: Snapshot) -> list[tuple[int, str]]:
    return [(note.revision, note.text) for note in snapshot.timeline.notes]


def test_the_note_stands_for_its_revision_from_when_it_was_given(current: CurrentRevision) -> None:
    day = Day(current)
    day.edit(Cancel("panel"))
    [note] = day.note(2, "The panel is off.").timeline.notes
    wanted = Note(
        revision=2,
        text="The panel is off.",
        at=NOW + 2 * MINUTE,
        sessions=("panel",),
        rooms=frozenset({"venue"}),
    )
    assert (note, current.snapshot.reasons) == (wanted, {"panel": "The panel is off."})


def test_a_later_note_replaces_it_and_an_empty_one_takes_it_away(current: CurrentRevision) -> None:
    day = Day(current)
    assert told(day.edit(Cancel("panel"), "Off.")) == [(2, "Off.")]
    assert told(day.note(2, "Flu.")) == [(2, "Flu.")]
    assert told(day.note(2, "A cold.")) == [(2, "A cold.")]
    emptied = day.note(2, "")
    assert (told(emptied), emptied.reasons) == ([], {})


def test_it_goes_with_its_revision_and_comes_back_with_it(current: CurrentRevision) -> None:
    day = Day(current)
    day.edit(Cancel("panel"))
    day.note(2, "Flu.")
    assert (told(day.undo(2)), current.snapshot.reasons) == ([], {})
    assert (told(day.undo(4)), current.snapshot.reasons) == ([(2, "Flu.")], {"panel": "Flu."})


def test_a_note_that_is_taken_back_leaves_the_one_before(current: CurrentRevision) -> None:
    day = Day(current)
    day.edit(Cancel("panel"), "Off.")
    day.note(2, "Flu.")
    assert told(day.undo(3)) == [(2, "Off.")]
    assert told(day.undo(4)) == [(2, "Flu.")]


def test_notes_are_in_the_order_in_which_they_were_given(current: CurrentRevision) -> None:
    day = Day(current)
    day.edit(Cancel("panel"))
    day.edit(Move("closing", LATER), "The buses are late.")
    assert told(day.note(2, "Flu.")) == [(3, "The buses are late."), (2, "Flu.")]


def test_a_note_says_why_for_as_long_as_its_session_is_moved(current: CurrentRevision) -> None:
    day = Day(current)
    day.edit(Move("closing", LATER))
    assert day.note(2, "The buses are late.").reasons == {"closing": "The buses are late."}
    assert day.edit(Move("closing", CLOSING)).reasons == {}


def test_a_change_of_something_else_after_it_leaves_the_reason(current: CurrentRevision) -> None:
    day = Day(current)
    day.edit(Move("closing", LATER))
    day.edit(ChangeContent("closing", title="Goodbye"))
    assert day.note(2, "The buses are late.").reasons == {"closing": "The buses are late."}


def test_the_entries_of_pages_have_the_notes_that_stand(current: CurrentRevision) -> None:
    day = Day(current)
    day.edit(Cancel("panel"), "Off.")
    day.note(2, "Flu.")
    day.edit(Announce("Lunch is served."), "At last.")
    history = current.history.until(4)
    assert [(one.number, one.note) for one in history][1:] == [(2, "Off."), (3, "Flu."), (4, "At last.")]
    explained = history.explained()
    assert [(one.number, one.note) for one in explained][1:] == [(2, "Flu."), (3, "Flu."), (4, "At last.")]
    assert [(one.number, one.note) for one in explained.changing("panel")] == [(2, "Flu.")]
    assert (history.numbered(3).explains, history.notes) == (2, {3: 2})


def test_a_note_is_no_change_of_its_sessions(current: CurrentRevision) -> None:
    day = Day(current)
    day.edit(Cancel("panel"))
    day.note(2, "Flu.")
    assert current.history.until(3).latest_change({"panel"}, since=2) is None


def test_recent_notes_are_the_latest_ones_each_once(current: CurrentRevision) -> None:
    day, program = Day(current), current.snapshot.revision.program
    append_revision(
        current.revisions, program, author="files", note="The program's files have changed.", kind="publish"
    )
    current.refresh()
    for number, note in enumerate(("One", "Two", "One", "Three", "", "Four", "Five")):
        day.edit(ChangeContent("panel", title=f"Title {number}"), note)
    day.undo(note="Not that one.")
    outlines = current.history.until(day.number).outlines
    assert recent_notes(outlines, most=4, longest=60) == ("Not that one.", "Four", "Three", "One")
    assert recent_notes(outlines, most=2, longest=60) == ("Not that one.", "Four")
    assert recent_notes(outlines, most=2, longest=4) == ("Four", "One")
    assert recent_notes(outlines[:2], most=4, longest=60) == ()


# The law, for random histories. A step is an edit or an undo with its note, given with it or afterwards.

EDITS: tuple[Edit | None, ...] = (
    *(Cancel("panel"), Reinstate("panel"), ChangeContent("panel", title="Who pays?")),
    *(Move("closing", LATER), Move("closing", CLOSING), Move("closing", LATER + 5 * MINUTE)),
    *(Announce("Lunch is served."), None, None, None),
)
STEPS = st.lists(
    st.tuples(st.sampled_from(EDITS), st.integers(0, 9), st.sampled_from(["", "Flu.", "Buses."])), max_size=9
)
Step = tuple[Edit | None, int, str]
SMALL = two_rooms(replace(talk("panel", "15:00-16:00"), title="Panel"), talk("closing", "16:55-17:00"))


def run(day: Day, steps: Sequence[Step], *, afterwards: bool) -> list[int]:
    """Make the changes; of each that was made the number of its revision."""
    made: list[int] = []
    for edit, back, note in steps:
        given_with = "" if afterwards else note
        before = day.number
        with suppress(EditRefused):
            if edit is not None:
                day.edit(edit, given_with)
            elif made:
                day.undo(made[-1 - back % len(made)], given_with)
        if day.number > before:
            made.append(day.number)
            if afterwards and note:
                day.note(made[-1], note)
    return made


def derived(day: Day, made: Sequence[int]) -> tuple[list[Note], dict[str, str]]:
    """The notes, each with the position of its change in place of its number and without its time; the reasons."""
    snapshot = day.current.snapshot
    notes = sorted(snapshot.timeline.notes, key=lambda note: note.revision)
    return [replace(note, revision=made.index(note.revision), at=NOW) for note in notes], dict(snapshot.reasons)


@examples(100)
@given(steps=STEPS)
def test_a_note_given_afterwards_stands_as_if_it_had_come_with_its_revision(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Step]
) -> None:
    found = []
    for afterwards in (False, True):
        with opened(sqlite_url(tmp_path_factory.mktemp("law") / "agenda.sqlite")) as database:
            revisions = Revisions(database)
            first = append_revision(revisions, SMALL, author="files", kind="import")
            day = Day(CurrentRevision(revisions, first))
            found.append(derived(day, run(day, steps, afterwards=afterwards)))
    assert found[1] == found[0]


def test_another_process_tells_the_same(current: CurrentRevision) -> None:
    day = Day(current)
    run(day, [(Cancel("panel"), 0, "Flu."), (None, 0, "Well again."), (Move("closing", LATER), 0, "")], afterwards=True)
    other = CurrentRevision(current.revisions, current.snapshot.revision)
    assert other.snapshot.timeline.notes == current.snapshot.timeline.notes
    kept = History(current.revisions, current.snapshot.revision.program).until(day.number)
    assert [one.explains for one in kept.outlines] == [None, None, 2, None, 4, None]
