"""The result of an edit: the sessions after it, clashes and suggestions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.domain.change_text import minutes_text, quoted_title
from app.domain.edits.edit_types import Edit
from app.domain.errors import AgendaError, Fault, InvalidProgram
from app.domain.program import Announcement, Person, Program
from app.domain.revision_diff import SessionChange
from app.domain.session import Session


@dataclass(frozen=True, slots=True)
class Clash:
    """A session would run so many minutes into another, which does not begin later than ``latest``, if given."""

    session: str
    into: str
    minutes: int
    latest: datetime | None = None

    def sentence(self, program: Program) -> str:
        """The clash as a sentence; ``program`` is the one that the edit would make."""
        one, other = program.session(self.session), program.session(self.into)
        into = f"{quoted_title(other)} at {program.clock(self.latest or other.start)}"
        return f"{quoted_title(one)} would run {minutes_text(self.minutes)} into {into}"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An edit that can be published in place of one that cannot, with a sentence that describes it.

    ``actions`` are the parts of the sentence without times.
    """

    edit: Edit
    sentence: str
    actions: tuple[str, ...] = field(default=(), compare=False)


class EditRefused(AgendaError):
    """An edit cannot be published; ``suggestions`` are edits that can.

    ``field`` names the form field whose value is the reason, such as ``minutes``; "" where no other value would help.
    """

    def __init__(self, reason: str, suggestions: Iterable[Suggestion] = (), *, field: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.suggestions = tuple(suggestions)
        self.field = field


class NoteStands(EditRefused):
    """Revision ``number`` has the note already that it would be given; "" is none."""

    def __init__(self, number: int, note: str) -> None:
        super().__init__(f"revision {number} has that note" if note else f"revision {number} has no note")


class UndoRefused(EditRefused):
    """Revision ``number`` cannot be undone before ``later`` ones, newest first, that changed the same ``places``."""

    def __init__(self, number: int, later: Sequence[int], places: Iterable[str]) -> None:
        self.number = number
        self.later = tuple(later)
        self.places = tuple(places)
        named = ", then ".join(map(str, self.later))
        same = ", ".join(self.places)
        super().__init__(f"revision {number} cannot be undone: the same was changed since ({same}); undo {named} first")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an edit changes or adds: sessions, people, and all announcements (None: no change)."""

    sessions: tuple[Session, ...] = ()
    clashes: tuple[Clash, ...] = ()
    people: tuple[Person, ...] = ()
    announcements: tuple[Announcement, ...] | None = None

    def after(self, session: Session) -> Session:
        """A session after the edit."""
        return next((one for one in self.sessions if one.id == session.id), session)

    def applied_to(self, program: Program) -> Program:
        """The program after the edit; raises `EditRefused` if it would be invalid."""
        try:
            return replace(
                program,
                sessions=tuple((program.sessions_by_id | {one.id: one for one in self.sessions}).values()),
                speakers=tuple((program.speakers_by_id | {one.id: one for one in self.people}).values()),
                announcements=program.announcements if self.announcements is None else self.announcements,
            )
        except InvalidProgram as error:
            raise EditRefused("; ".join(_in_words(self, fault) for fault in error.faults)) from error


def _in_words(outcome: Outcome, fault: Fault) -> str:
    """A fault of a program that an edit would make, with the session's title in place of its place in the program."""
    session = next((one for one in outcome.sessions if fault.where.startswith(f"sessions[{one.id}]")), None)
    return str(fault) if session is None else f"{quoted_title(session)} would not have {fault.expected}"


@dataclass(frozen=True, slots=True)
class Preview:
    """What an edit would do: changed sessions, the clashes that remain, and edits to make instead of it."""

    edit: Edit
    before: Program
    after: Program
    changes: tuple[SessionChange, ...] = ()
    clashes: tuple[Clash, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def publishable(self) -> bool:
        """Whether it causes no clash."""
        return not self.clashes

    @property
    def clash_sentences(self) -> tuple[str, ...]:
        """Each clash as a sentence."""
        return tuple(clash.sentence(self.after) for clash in self.clashes)
