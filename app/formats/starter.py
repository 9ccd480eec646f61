"""A program to begin with: one day of all that a workshop usually has, to be changed line by line."""

from __future__ import annotations

from datetime import date, time

from app.domain.instants import at_local
from app.domain.program import ImportantDate, Page, Person, Program, Venue
from app.domain.session import TBA, Session, Slot
from app.formats.imports.slugs import named

# Names no host, so that nobody's calendars are touched (RFC 2606, 2).
DOMAIN = "invalid"
ABOUT = """\
What the workshop is about, in a few lines of [Markdown](https://commonmark.org/help/). Each file in
this folder is a page, and its name is its address."""
# start, end, id, kind, title, pinned
DAY = (
    ("09:00", "09:15", "opening", "opening", "Opening remarks", False),
    ("09:15", "10:00", "first-talk", "talk", "The title of a talk", False),
    ("10:00", "10:30", "coffee-morning", "break", "Coffee break", False),
    ("10:30", "11:15", "second-talk", "talk", TBA, False),
    ("11:15", "12:00", "contributed", "contributed", "Contributed talks", False),
    ("12:00", "13:00", "lunch", "lunch", "Lunch", True),
    ("13:00", "14:15", "posters", "posters", "Poster session", False),
    ("14:15", "15:00", "panel", "panel", "Panel discussion", False),
    ("15:00", "15:15", "closing", "closing", "Closing remarks", True),
)
SPEAKERS = {"first-talk": "ada-example", "second-talk": "ben-example"}
LEAST_MINUTES = {"break": 10, "posters": 30}


def starter(name: str, day: date, zone_name: str) -> Program:
    """A program of one day, called after its folder."""
    title = " ".join(name.replace("_", " ").replace("-", " ").split()) or "Workshop"
    program_id = named(title, "workshop")
    return Program(
        id=program_id,
        title=title[0].upper() + title[1:],
        timezone=zone_name,
        domain=f"{program_id}.{DOMAIN}",
        days=(day,),
        subtitle="What it is about, in one line",
        description="A sentence for search engines and shared links.",
        venue=Venue(name="The venue", address="1 Example Street, Example City"),
        sessions=tuple(_session(row, day, zone_name) for row in DAY),
        speakers=(
            Person(
                id="ada-example",
                name="Ada Example",
                affiliations=("University of Examples",),
                url="https://example.org/ada",
                biography="A few lines of Markdown on who she is and what she works on.",
            ),
            Person(id="ben-example", name="Ben Example"),
        ),
        organizers=(Person(id="you", name="Your Name", affiliations=("Your University",)),),
        dates=(ImportantDate(id="workshop", title="Workshop", day=day),),
        pages=(Page(slug="about", title="About", body=ABOUT),),
    )


def _session(row: tuple[str, str, str, str, str, bool], day: date, zone_name: str) -> Session:
    start, end, session_id, kind, title, pinned = row
    slot = Slot(
        start=at_local(day, time.fromisoformat(start), zone_name),
        end=at_local(day, time.fromisoformat(end), zone_name),
    )
    return Session(
        id=session_id,
        title=title,
        slot=slot,
        scheduled=slot,
        kind=kind,
        speakers=(SPEAKERS[session_id],) if session_id in SPEAKERS else (),
        pinned=pinned,
        min_minutes=LEAST_MINUTES.get(kind),
    )
