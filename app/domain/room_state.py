"""Room state: what holds for a room now and is no revision. Ticks for speakers, and notes for whoever chairs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.domain.program import Person, Program
from app.domain.session import Session

Tick = Literal["here", "slides", "recording"]
# The ticks in the order in which they are shown, with the words on their buttons.
TICKS: Mapping[Tick, str] = {"here": "Here", "slides": "Slides tested", "recording": "May be recorded"}
# So long before a session starts, its speakers should be ticked as here.
EXPECTED_BEFORE = timedelta(minutes=10)
MOST_NOTES = 20


@dataclass(frozen=True, slots=True)
class SpeakerTick:
    """A tick that is set for a speaker of a session, by whom and when."""

    session: str
    speaker: str
    tick: Tick
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ChairNote:
    """A note on a session for whoever chairs it; readers never see it."""

    id: str
    session: str
    text: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MissingSpeakers:
    """The speakers of a session that are not ticked as here, and from when until when that matters; half-open."""

    people: tuple[Person, ...]
    since: datetime
    until: datetime

    def at(self, now: datetime) -> tuple[Person, ...]:
        """Those that should be ticked at an instant."""
        return self.people if self.since <= now < self.until else ()


def missing_speakers(program: Program, session: Session, ticks: Iterable[SpeakerTick]) -> MissingSpeakers:
    """Who of a session is not ticked as here; nobody is missed where it is cancelled."""
    here = {one.speaker for one in ticks if (one.session, one.tick) == (session.id, "here")}
    expected = () if session.cancelled else program.speakers_of(session)
    absent = tuple(person for person in expected if person.id not in here)
    return MissingSpeakers(absent, session.start - EXPECTED_BEFORE, session.end)


def missing_text(people: Collection[Person]) -> str:
    """Who is not ticked as here, as a sentence; "" for nobody."""
    if not people:
        return ""
    *names, last = (person.name for person in people)
    who, verb = (f"{', '.join(names)} and {last}", "are") if names else (last, "is")
    return f"{who} {verb} not ticked as here."
