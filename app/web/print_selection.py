"""Which part of a program is printed: all of it, or what a room, a day and a session leave."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from app.domain.conference_day import conference_day
from app.domain.program import Program, Room
from app.domain.session import Session


@dataclass(frozen=True)
class Selection:
    """A room, a conference day and a session, each of which narrows what is printed; None: all of them."""

    room: Room | None = None
    day: date | None = None
    session: Session | None = None

    def of(self, program: Program) -> Program:
        """The program with the selected sessions alone; a session for all rooms is one of each room."""
        sessions = program.sessions_in(self.room.id) if self.room else program.sessions
        return replace(program, sessions=tuple(one for one in sessions if self._has(program, one)))

    def rooms(self, program: Program) -> tuple[Room, ...]:
        """The rooms that may have a sign on their door."""
        return (self.room,) if self.room else program.rooms

    def words(self) -> str:
        """Where and when, to end a phrase: " in Hall A on Friday 18 July"; "" where neither is selected."""
        where = f" in {self.room.name}" if self.room else ""
        return f"{where} on {self.day:%A} {self.day.day} {self.day:%B}" if self.day else where

    def nothing(self, what: str) -> str:
        """Why there is nothing of a kind of sheets to print."""
        if self.session:
            return f"Nothing to print: “{self.session.title}” is not{self.words() or ' in the program'}."
        counted = {"cards": "session but breaks", "boards": "paper on a board"}.get(what, "session")
        return f"Nothing to print: no {counted}{self.words() or ' in the program yet'}."

    def _has(self, program: Program, session: Session) -> bool:
        of_day = self.day is None or conference_day(program, session.start) == self.day
        return of_day and (self.session is None or session.id == self.session.id)


ALL = Selection()
