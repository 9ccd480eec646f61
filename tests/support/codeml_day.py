"""The CODEML workshop's day, 18 July 2025 in Vancouver, for tests of the domain; and small days made up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from app.commands.edit_as_command import command_of
from app.domain.edits import edit_types as edits
from app.domain.edits.outcome import EditRefused, Preview, Suggestion
from app.domain.edits.preview import preview
from app.domain.instants import at_local
from app.domain.program import Person, Program, Room, Venue
from app.domain.session import Session, Slot

DAY = date(2025, 7, 18)
ZONE = "America/Vancouver"

# id, start, end, kind, title, least minutes, pinned
_SLOTS: list[tuple[str, str, str, str, str, int | None, bool]] = [
    ("opening", "09:00", "09:15", "opening", "Opening remarks", None, False),
    ("tri-dao", "09:15", "09:45", "talk", "Open-Source Attention Optimizations", None, False),
    ("coffee-morning", "09:45", "10:15", "break", "Coffee break", 10, False),
    ("evan-shelhamer", "10:15", "10:45", "talk", "DIY Deep Learning a Decade Later", None, False),
    ("sara-hooker", "10:45", "11:15", "talk", "Beyond the Research Paper", None, False),
    ("contributed-morning", "11:15", "12:00", "contributed", "Contributed talks / demos", None, False),
    ("lunch", "12:00", "13:00", "lunch", "Lunch and discussion", 45, True),
    ("matt-johnson", "13:00", "13:30", "talk", "JAX and OSS at Google / DeepMind", None, False),
    ("chris-rackauckas", "13:30", "14:00", "talk", "Differentiating and Integrating", None, False),
    ("contributed-afternoon", "14:00", "14:15", "contributed", "Contributed talks / demos", None, False),
    ("posters", "14:15", "15:00", "posters", "Poster session", 30, False),
    ("coffee-afternoon", "15:00", "15:30", "break", "Coffee break", 10, False),
    ("stella-biderman", "15:30", "16:00", "talk", "TBA", None, False),
    ("panel", "16:00", "16:55", "panel", "Panel discussion", None, False),
    ("closing", "16:55", "17:00", "closing", "Closing remarks", None, True),
]

PEOPLE = {
    "tri-dao": "Tri Dao",
    "evan-shelhamer": "Evan Shelhamer",
    "sara-hooker": "Sara Hooker",
    "matt-johnson": "Matt Johnson",
    "chris-rackauckas": "Chris Rackauckas",
    "stella-biderman": "Stella Biderman",
}


def at(clock: str, day: date = DAY) -> datetime:
    """The instant at which Vancouver's clocks show a time, on the workshop's day."""
    return at_local(day, time.fromisoformat(clock), ZONE)


def slot(start: str, end: str, room: str | None = "venue") -> Slot:
    """A time and a place on the workshop's day."""
    return Slot(start=at(start), end=at(end), room=room)


def codeml() -> Program:
    """The program as published, never edited; its one room is `venue`."""
    return Program(
        id="codeml-2025",
        title="CODEML",
        timezone=ZONE,
        domain="codeml-workshop.github.io",
        days=(DAY,),
        venue=Venue(name="Vancouver Convention Center"),
        sessions=tuple(
            Session(
                id=name,
                title=title,
                kind=kind,
                slot=slot(start, end),
                scheduled=slot(start, end),
                speakers=(name,) if name in PEOPLE else (),
                min_minutes=least,
                pinned=pinned,
                created_at=datetime(2025, 7, 1, tzinfo=UTC),
                changed_at=datetime(2025, 7, 1, tzinfo=UTC),
            )
            for name, start, end, kind, title, least, pinned in _SLOTS
        ),
        speakers=tuple(Person(id=one, name=name) for one, name in PEOPLE.items()),
    )


def times(program: Program, *names: str) -> dict[str, str]:
    """What the venue's clocks show for sessions, "10:15–10:45" by id; of all sessions where none is named."""
    sessions = [program.session(name) for name in names] or program.sessions
    return {one.id: f"{program.local(one.start):%H:%M}–{program.local(one.end):%H:%M}" for one in sessions}


def talk(name: str, time: str, room: str | None = "hall", *, least: int | None = None, pinned: bool = False) -> Session:
    """A session of a made-up day, "10:00-10:30"; elastic where it has a least length."""
    place = slot(*time.split("-"), room=room)
    kind = "break" if least is not None else "talk"
    return Session(
        id=name, title=name.title(), kind=kind, slot=place, scheduled=place, min_minutes=least, pinned=pinned
    )


def two_rooms(*sessions: Session) -> Program:
    """A made-up day in a hall and an annex."""
    return replace(codeml(), rooms=(Room("hall", "Hall"), Room("annex", "Annex")), sessions=sessions)


def morning() -> Program:
    """A made-up morning with a gap in the hall, and one talk in the annex."""
    return two_rooms(
        talk("a", "10:00-10:30"),
        talk("b", "10:30-11:15"),
        talk("c", "11:30-12:00"),
        talk("x", "10:00-10:30", "annex"),
    )


def shown(edit: edits.Edit, now: str, program: Program | None = None) -> Preview:
    """What an edit would do when the venue's clocks show a time."""
    return preview(program or codeml(), edit, at(now))


def published(edit: edits.Edit, now: str, program: Program | None = None) -> Program:
    """The program after an edit in whose way nothing stands."""
    preview = shown(edit, now, program)
    assert preview.clashes == ()
    return preview.after


def changed(preview: Preview) -> dict[str, str]:
    """The sessions that an edit changes, with their new times."""
    return times(preview.after, *(change.session for change in preview.changes)) if preview.changes else {}


def refusal(edit: edits.Edit, now: str, program: Program | None = None) -> EditRefused:
    """Why an edit is refused outright."""
    with pytest.raises(EditRefused) as caught:
        shown(edit, now, program)
    return caught.value


def offers(ways: Iterable[Suggestion], program: Program | None = None) -> list[str | edits.Edit]:
    """What is offered: complete commands, or edits where there is no command."""
    return [command_of(way.edit, program or codeml()) or way.edit for way in ways]
