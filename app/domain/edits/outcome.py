"""What an edit comes to: the sessions as it leaves them, the clashes that remain, the ways out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.domain.changes import SessionChange
from app.domain.edits.kinds import Edit
from app.domain.errors import EditRefused, InvalidProgram
from app.domain.program import Announcement, Person, Program
from app.domain.session import Session
from app.domain.telling import clock, named


@dataclass(frozen=True, slots=True)
class Clash:
    """A session would run so many minutes into another that does not give way."""

    session: str
    into: str
    minutes: int

    def told(self, program: Program) -> str:
        """The clash as a sentence."""
        one, other = program.session(self.session), program.session(self.into)
        return f"{named(one)} would run {self.minutes} minutes into {named(other)} at {clock(program, other.start)}"


@dataclass(frozen=True, slots=True)
class WayOut:
    """An edit that can be published in place of one that cannot, in a plain sentence.

    ``organizer_only``: it moves a pinned session, which is not a chair's choice.
    """

    edit: Edit
    sentence: str
    organizer_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an edit changes: sessions, people who are new, all announcements (None: as they are)."""

    sessions: tuple[Session, ...] = ()
    clashes: tuple[Clash, ...] = ()
    people: tuple[Person, ...] = ()
    announcements: tuple[Announcement, ...] | None = None

    def of(self, session: Session) -> Session:
        """A session as the edit leaves it."""
        return next((one for one in self.sessions if one.id == session.id), session)

    def also(self, sessions: Iterable[Session], clashes: Iterable[Clash] = ()) -> Outcome:
        """The same with more sessions and clashes."""
        return replace(self, sessions=(*self.sessions, *sessions), clashes=(*self.clashes, *clashes))

    def applied_to(self, program: Program) -> Program:
        """The program after the edit; raises `EditRefused` where that is not a program."""
        changed = {session.id: session for session in self.sessions}
        try:
            return replace(
                program,
                sessions=tuple(changed.get(session.id, session) for session in program.sessions),
                speakers=(*program.speakers, *self.people),
                announcements=program.announcements if self.announcements is None else self.announcements,
            )
        except InvalidProgram as error:
            raise EditRefused(str(error)) from error


@dataclass(frozen=True, slots=True)
class Preview:
    """What an edit would do: each session before and after, the clashes left and the ways out of them."""

    edit: Edit
    before: Program
    after: Program
    changes: tuple[SessionChange, ...] = ()
    clashes: tuple[Clash, ...] = ()
    ways_out: tuple[WayOut, ...] = ()

    @property
    def publishable(self) -> bool:
        """Whether nothing stands in its way."""
        return not self.clashes
