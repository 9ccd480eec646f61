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


def speakers_expected(session: Session) -> tuple[datetime, datetime]:
    """From when and until when a session's speakers should be ticked as here; half-open."""
    return session.start - EXPECTED_BEFORE, session.end


def unticked_speakers(program: Program, session: Session, ticks: Iterable[SpeakerTick]) -> tuple[Person, ...]:
    """The speakers of a session that are not ticked as here."""
    here = {one.speaker for one in ticks if (one.session, one.tick) == (session.id, "here")}
    return tuple(person for person in program.speakers_of(session) if person.id not in here)


def missing_speakers(
    program: Program, session: Session, ticks: Iterable[SpeakerTick], now: datetime
) -> tuple[Person, ...]:
    """The speakers that should be ticked as here at an instant and are not; nobody is missed where it is cancelled."""
    since, until = speakers_expected(session)
    if session.cancelled or not since <= now < until:
        return ()
    return unticked_speakers(program, session, ticks)


def missing_text(people: Collection[Person]) -> str:
    """Who is not ticked as here, as a sentence; "" for nobody."""
    if not people:
        return ""
    *names, last = (person.name for person in people)
    who, verb = (f"{', '.join(names)} and {last}", "are") if names else (last, "is")
    return f"{who} {verb} not ticked as here."
