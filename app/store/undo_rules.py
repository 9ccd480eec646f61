"""What people may still do about a revision: which are undone, which can be, and which can be given a note.

A history is a sequence of revisions that come newest first.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Protocol, TypeVar

from app.domain.edits.edit_rights import check_explains, check_note_on
from app.domain.edits.outcome import EditRefused
from app.domain.program import Program
from app.domain.rights import FILES, Editor
from app.formats.edit_json import recorded_edit
from app.store.revisions import HistoryEntry


class Numbered(Protocol):
    """What these rules need to know of each revision."""

    @property
    def number(self) -> int:
        """Its number."""

    @property
    def undoes(self) -> int | None:
        """The revision that it takes back."""


class Published(Numbered, Protocol):
    """What they need to know of a revision to see whose it is."""

    @property
    def author(self) -> str:
        """Who published it."""

    @property
    def kind(self) -> str:
        """What published it."""


class Explaining(Numbered, Protocol):
    """What they need to know of a revision to find the notes of others."""

    @property
    def explains(self) -> int | None:
        """The revision that it gives its note; None for what is no note."""


AnyPublished = TypeVar("AnyPublished", bound=Published)
AnyExplaining = TypeVar("AnyExplaining", bound=Explaining)


def undone_by(history: Iterable[Numbered]) -> dict[int, int]:
    """The revisions that are undone, each with the one that undid it; an undo that is itself undone has no effect."""
    undone: dict[int, int] = {}
    for one in history:
        if one.undoes is not None and one.number not in undone:
            undone.setdefault(one.undoes, one.number)
    return undone


def is_told_to_readers(one: Published) -> bool:
    """Whether it stands among what changed: all but the steps of line-ups."""
    return one.kind != "step"


def is_by_people(one: Published) -> bool:
    """Whether somebody published it to change the day: an edit, an undo, or an import of the console.

    A step of a line-up is how the day goes, and changes none of it. Those of the program's files have notes of the
    service's own, which readers need not see.
    """
    return one.kind in {"edit", "undo"} or (one.kind == "publish" and one.author != FILES)


def own_latest(editor: Editor, history: Iterable[AnyPublished], undone: Container[int]) -> AnyPublished | None:
    """The latest edit of somebody that stands and is no undo."""
    edits = (one for one in history if one.author == editor.name and one.kind == "edit")
    return next((one for one in edits if one.number not in undone), None)


def check_is_no_step(number: int, history: Iterable[Published]) -> None:
    """Raise `EditRefused` for a step of a line-up, which no undo takes back."""
    if any(one.number == number and one.kind == "step" for one in history):
        raise EditRefused(f"revision {number} is a step of a line-up, which Back takes back: agenda next ROOM --back")


def standing_notes(history: Iterable[AnyExplaining], undone: Container[int]) -> dict[int, AnyExplaining]:
    """The revisions whose note stands for another one, by the number of that one: the latest that is not undone."""
    found: dict[int, AnyExplaining] = {}
    for one in history:
        if one.explains is not None and one.number not in undone:
            found.setdefault(one.explains, one)
    return found


def check_may_explain(
    editor: Editor, number: int, entry_of: Callable[[int], HistoryEntry], undone: Mapping[int, int], program: Program
) -> None:
    """Raise `NotAllowed` or `EditRefused` unless somebody may give a revision of the program a note afterwards.

    ``entry_of`` gives the entry of a revision, and raises `UnknownName`.
    """
    check_explains(editor)
    entry = entry_of(number)
    if entry.kind == "note":
        raise EditRefused(f"revision {number} is a note itself")
    if entry.kind == "step":
        raise EditRefused(f"revision {number} is a step of a line-up, which has no note")
    if not is_by_people(entry):
        raise EditRefused(f"revision {number} is of the program's files, which have no such note")
    if number in undone:
        raise EditRefused(f"revision {number} is undone, by revision {undone[number]}")
    edit = recorded_edit(entry_of(entry.undoes or number).edit)
    check_note_on(editor, program, entry.author, edit, entry.difference.sessions)
