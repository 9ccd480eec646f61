"""The history in memory, readable while the database does not respond, and the public notes in it.

Revisions are many, and each holds sessions before and after: they are kept compressed, each with an outline, which is
what every new revision and most pages look at.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Reversible, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from app.domain.program import Program
from app.domain.revision_diff import SessionChange
from app.domain.timeline import Note
from app.live.kept_memory import size_of
from app.store.revisions import (
    HistoryEntry,
    Kind,
    Revisions,
    pack_entry,
    packing_dictionary,
    unpack_entry,
)
from app.store.undo_rules import is_by_people, is_told_to_readers, standing_notes, undone_by

Value = TypeVar("Value", bound=Hashable)

# Revisions that are read from the database at a time.
BATCH = 100
# The latest revisions stand in the data of each page, so they are kept unpacked too.
UNPACKED = 20
# Measured: what a packed revision takes beside its bytes and its note.
OUTLINE_BYTES = 420


class ChangeKind(NamedTuple):
    """What a revision did to a session; ``was_planned``: before, its time and room were the planned ones."""

    session: str
    moved: bool
    cancelled: bool
    was_planned: bool


@dataclass(frozen=True, slots=True)
class Outline:
    """A revision in memory: its entry ``packed``, and what is looked at in all revisions.

    ``note`` is its public note, whose text may be empty; ``changes`` are in the order of the note's sessions. A note
    given afterwards is an outline without changes, and ``explains`` the revision that it is about.
    """

    author: str
    kind: Kind
    undoes: int | None
    explains: int | None
    note: Note
    changes: tuple[ChangeKind, ...]
    packed: bytes

    @property
    def number(self) -> int:
        """The number of the revision."""
        return self.note.revision

    @property
    def at(self) -> datetime:
        """When it was published."""
        return self.note.at


@dataclass(frozen=True, slots=True)
class HistoryView(Reversible[HistoryEntry]):
    """The revisions up to one; entries are unpacked one after the other, so that few are in memory at a time.

    ``given`` are notes that replace those of the entries, by revision. Without ``with_untold`` the entries are those of
    which readers are told.
    """

    outlines: Sequence[Outline]
    unpacked: Mapping[int, HistoryEntry]
    dictionary: bytes
    given: Mapping[int, Note] = field(default_factory=dict)
    with_untold: bool = True

    def __iter__(self) -> Iterator[HistoryEntry]:
        """The entries, oldest first."""
        return self._entries(self.outlines)

    def __reversed__(self) -> Iterator[HistoryEntry]:
        """The entries, newest first."""
        return self._entries(reversed(self.outlines))

    def since(self, number: int) -> HistoryView:
        """The revisions after one."""
        return replace(self, outlines=self.outlines[number:])

    def explained(self) -> HistoryView:
        """The same revisions, each with the note that stands for it, also where it was given afterwards."""
        return replace(self, given=notes_given(self.outlines))

    def told(self) -> HistoryView:
        """The same revisions without those of which readers are told nothing, to be read one after the other."""
        return replace(self, with_untold=False)

    @property
    def latest_told(self) -> Outline:
        """The latest revision of which readers are told."""
        return next(one for one in reversed(self.outlines) if is_told_to_readers(one))

    @property
    def notes(self) -> Mapping[int, int]:
        """The notes given afterwards, also those that do not stand, each with the revision that it is about."""
        return {one.number: one.explains for one in self.outlines if one.explains}

    def numbered(self, number: int) -> HistoryEntry:
        """One of the revisions, which are numbered from 1 on; raises IndexError."""
        return self._entry(self.outlines[number - self.outlines[0].number])

    def latest_change(self, sessions: AbstractSet[str], since: int) -> datetime | None:
        """When a revision after ``since`` last changed one of the sessions; None where none did."""
        latest = (one.note.at for one in reversed(self.outlines[since:]) if not sessions.isdisjoint(one.note.sessions))
        return next(latest, None)

    def changing(self, session: str) -> Iterator[HistoryEntry]:
        """The entries that changed a session, newest first."""
        return (self._entry(one) for one in reversed(self.outlines) if session in one.note.sessions)

    def _entries(self, outlines: Iterable[Outline]) -> Iterator[HistoryEntry]:
        return (self._entry(one) for one in outlines if self.with_untold or is_told_to_readers(one))

    def _entry(self, outline: Outline) -> HistoryEntry:
        entry = self.unpacked.get(outline.number) or unpack_entry(outline.packed, self.dictionary)
        return replace(entry, note=self.given[entry.number].text) if entry.number in self.given else entry


class History:
    """All revisions up to the one that is served, without their programs."""

    def __init__(self, revisions: Revisions, program: Program) -> None:
        self._revisions = revisions
        self._all = HistoryView((), {}, packing_dictionary(program))
        self._shared: dict[Hashable, Any] = {}
        self._packed_bytes = 0
        self._unpacked_bytes: dict[int, int] = {}

    @property
    def kept_bytes(self) -> int:
        """What the history takes in memory."""
        outlines = len(self._all.outlines) * OUTLINE_BYTES
        return self._packed_bytes + outlines + sum(self._unpacked_bytes.values())

    def until(self, number: int) -> HistoryView:
        """The revisions up to one; raises `StoreError` only where they are not loaded yet."""
        # Only `CurrentRevision.refresh` comes here, in one thread at a time: a revision is served with its history.
        while len(self._all.outlines) < number and self._load():
            pass
        every = self._all
        return every if len(every.outlines) <= number else replace(every, outlines=every.outlines[:number])

    def _load(self) -> bool:
        """Load the next revisions, which are numbered without gaps from 1 on; False where there are none."""
        held = self._all
        entries = self._revisions.history(since=len(held.outlines), most=BATCH)
        added = tuple(map(self._outline, entries))
        latest = [*held.unpacked.values(), *entries][-UNPACKED:]
        self._all = replace(held, outlines=(*held.outlines, *added), unpacked={entry.number: entry for entry in latest})
        known = self._unpacked_bytes
        self._unpacked_bytes = {one.number: known.get(one.number) or size_of(one) for one in latest}
        self._packed_bytes += sum(len(one.packed) + len(one.note.text) for one in added)
        return bool(entries)

    def _outline(self, entry: HistoryEntry) -> Outline:
        changes = entry.difference.sessions
        places = [place for change in changes for place in (change.before, change.after) if place]
        note = Note(
            revision=entry.number,
            text=entry.note.strip(),
            at=entry.at,
            sessions=self._share(tuple(change.session for change in changes)),
            rooms=self._share(frozenset(place.room for place in places)),
        )
        kinds = self._share(tuple(self._share(_change_kind(change)) for change in changes))
        author, packed = self._share(entry.author), pack_entry(entry, self._all.dictionary)
        return Outline(author, entry.kind, entry.undoes, entry.explains, note, kinds, packed)

    def _share(self, value: Value) -> Value:
        """The same object for equal values: there are few different ones, and the outlines are small by it."""
        shared: Value = self._shared.setdefault(value, value)
        return shared


def _change_kind(change: SessionChange) -> ChangeKind:
    before, after = change.before, change.after
    if before is None or after is None:
        return ChangeKind(change.session, moved=False, cancelled=False, was_planned=False)
    return ChangeKind(
        change.session,
        moved=(before.start, before.room) != (after.start, after.room),
        cancelled=after.cancelled and not before.cancelled,
        was_planned=replace(before, cancelled=False).status == "confirmed",
    )


def notes_of(outlines: Sequence[Outline]) -> tuple[Note, ...]:
    """The public notes of edits that are not undone, in the order in which they were given."""
    notes = (outline.note for outline in in_force(outlines) if outline.note.text)
    return tuple(sorted(notes, key=lambda note: note.at))


def recent_notes(outlines: Sequence[Outline], *, most: int, longest: int) -> tuple[str, ...]:
    """The texts of the latest public notes that are not longer than so many characters, each once, the newest first."""
    texts = (note.text for note in reversed(notes_of(outlines)) if len(note.text) <= longest)
    return tuple(dict.fromkeys(texts))[:most]


def in_force(outlines: Sequence[Outline]) -> list[Outline]:
    """The revisions that people made and that are not undone, each with the note that stands for it."""
    undone = undone_by(reversed(outlines))
    standing = [one for one in outlines if is_by_people(one) and one.number not in undone]
    given = standing_notes(reversed(outlines), undone)
    return [_noted(one, given[one.number].note) if one.number in given else one for one in standing]


def notes_given(outlines: Sequence[Outline]) -> dict[int, Note]:
    """The notes that were given afterwards and stand, by the revision that each explains; some have no text."""
    given = standing_notes(reversed(outlines), undone_by(reversed(outlines)))
    return {number: one.note for number, one in given.items()}


def _noted(outline: Outline, given: Note) -> Outline:
    """A revision with the text of the note given afterwards, shown from when it was given."""
    return replace(outline, note=replace(outline.note, text=given.text, at=given.at))


def reasons_of(program: Program, outlines: Sequence[Outline]) -> dict[str, str]:
    """Why sessions are moved or cancelled, by id: the latest note of a revision that moved or cancelled them.

    Revisions from before a session left its planned slot, or from before its cancellation, are not considered.
    """
    sought = {session.id: session for session in program.sessions if session.status != "confirmed"}
    found: dict[str, str] = {}
    for outline in reversed(in_force(outlines)):
        for change in outline.changes if sought else ():
            session = sought.get(change.session)
            if session is None or not (change.cancelled if session.cancelled else change.moved):
                continue
            if outline.note.text:
                found[session.id] = outline.note.text
            # An undo without a note restores a state whose reason an earlier revision gives: the search goes on.
            if session.id in found or (outline.kind != "undo" and (session.cancelled or change.was_planned)):
                del sought[session.id]
    return found
