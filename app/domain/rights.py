"""Who may edit a day, in which role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# The authors of revisions who are no people: the program's files, and whoever uses the terminal.
FILES, TERMINAL = "files", "terminal"

Role = Literal["organizer", "chair", "speaker", "operator"]


@dataclass(frozen=True, slots=True)
class Editor:
    """Somebody who may edit.

    A chair has a ``room`` and a speaker a ``session``; an operator may have a room (None: all rooms), and an organizer
    has neither. ``speaker`` is the id of the person of the program who a speaker is; None where that is not known, so
    that they stand for all people of their session.
    """

    name: str
    role: Role = "organizer"
    room: str | None = None
    session: str | None = None
    speaker: str | None = None
