"""Words and figures for templates: venue time, short names, what changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from app.domain.program import Program
from app.domain.session import Session
from app.domain.telling import Facet, facets
from app.domain.timeline import Note
from app.store.revisions import Entry

KIND_NAMES = {"contributed": "Contributed", "posters": "Posters", "social": "Social"}
# Pages that the program's data fill, also where its folder has no text for them.
MADE_PAGES = {"venue": "Venue", "organizers": "Organizers", "important-dates": "Important dates"}
# Of a talk's story; all of it is at /changes.
MOST_TOLD = 10
# In characters; a projector's page chooses its type size by it.
TITLE_LENGTHS = (("short", 28), ("medium", 60), ("long", 110))


@dataclass(frozen=True)
class Day:
    """One day of the program, with its sessions in order."""

    date: date
    sessions: tuple[Session, ...]


def days_of(program: Program, sessions: tuple[Session, ...]) -> list[Day]:
    """Sessions by the venue's day of their start."""

    def day(session: Session) -> date:
        return program.local(session.start).date()

    return [Day(key, tuple(group)) for key, group in groupby(sessions, key=day)]


def hour(program: Program, instant: datetime) -> str:
    """Venue time as on a clock: 09:15."""
    return f"{program.local(instant):%H:%M}"


def iso(program: Program, instant: datetime) -> str:
    """An instant with the venue's offset, for scripts."""
    return program.local(instant).isoformat()


def long_date(day: date) -> str:
    """Friday 18 July 2025."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def short_date(day: date) -> str:
    """Fri 18 July."""
    return f"{day:%a} {day.day} {day:%B}"


def zone_words(program: Program) -> str:
    """The zone as people say it: Vancouver time."""
    return f"{program.timezone.rpartition('/')[2].replace('_', ' ')} time"


def was(program: Program, session: Session) -> str:
    """Where a moved session stood: "was 10:15", "was in Room A", "was Thu 17 July 10:15"."""
    return ", ".join(_was_parts(program, session))


def _was_parts(program: Program, session: Session) -> Iterator[str]:
    if session.start != session.scheduled.start:
        old, new = program.local(session.scheduled.start), program.local(session.start)
        day = "" if old.date() == new.date() else f"{short_date(old.date())} "
        # By seconds, clocks show no difference.
        if day or f"{old:%H:%M}" != f"{new:%H:%M}":
            yield f"was {day}{old:%H:%M}"
    if session.room != session.scheduled.room:
        yield f"was in {room_name(program, session.scheduled.room)}"


def room_name(program: Program, room_id: str | None) -> str:
    """A room's name; a session without one is for all."""
    return "all rooms" if room_id is None else program.room(room_id).name


def minutes(session: Session) -> int:
    """How long a session is, in minutes."""
    return int((session.end - session.start).total_seconds() // 60)


def initials(name: str) -> str:
    """The letters that stand for a person's picture: first and last."""
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(word[0].upper() for word in (words if len(words) < 3 else [words[0], words[-1]]))  # noqa: PLR2004


def length_of(title: str) -> str:
    """How much room a title needs on a projector: short, medium, long or huge."""
    return next((name for name, most in TITLE_LENGTHS if len(title) <= most), "huge")


def kind_name(kind: str) -> str:
    """A kind of session as a word."""
    return KIND_NAMES.get(kind, kind.replace("-", " ").capitalize())


def story_of(entries: Sequence[Entry], session_id: str) -> list[tuple[Entry, tuple[Facet, ...]]]:
    """The latest revisions that changed a session, the newest first, with what each changed."""
    found: list[tuple[Entry, tuple[Facet, ...]]] = []
    for entry in reversed(entries):
        if len(found) == MOST_TOLD:
            break
        before, after = entry.difference.before, entry.difference.after
        changes = [change for change in entry.difference.sessions if change.session == session_id]
        found += [(entry, facets(before or after, after, change)) for change in changes]
    return found


def rooms_with_cancelled(program: Program) -> set[str]:
    """The rooms, by id, in which something is cancelled."""
    found = {session.room for session in program.sessions if session.cancelled}
    return {room.id for room in program.rooms if not found.isdisjoint({room.id, None})}


def concerned(program: Program, note: Note) -> tuple[str, str]:
    """Where the sessions of a note are told of, and in what words: the title of one, the number of several."""
    titles = [session.title for session in program.sessions if session.id in note.sessions]
    if len(note.sessions) == len(titles) == 1:
        return f"/talks/{note.sessions[0]}", titles[0]
    number = len(note.sessions)
    return f"/changes#r{note.revision}", "1 session" if number == 1 else f"{number} sessions"


def names(program: Program, session: Session) -> str:
    """Who presents: "Tri Dao, Sara Hooker"."""
    return ", ".join(person.name for person in program.speakers_of(session))


def page_names(program: Program) -> dict[str, str]:
    """The pages by slug and name: the folder's own, then those that the program's data fill."""
    filled = {"venue": program.venue, "organizers": program.organizers, "important-dates": program.dates}
    written = {page.slug: page.title for page in program.pages}
    made = {slug: name for slug, name in MADE_PAGES.items() if filled[slug] and slug not in written}
    return {**written, **made}


def first_start(program: Program) -> str:
    """When it all begins: "09:00, Friday 18 July 2025"."""
    start = next((session.start for session in program.sessions if not session.cancelled), None)
    if start is None:
        return "a time to be announced"
    return f"{hour(program, start)}, {long_date(program.local(start).date())}"


def dates_line(program: Program) -> str:
    """The days in one line: "Friday 18 July 2025", or "17 July – 19 July 2025"."""
    if not program.days:
        return ""
    first, last = program.days[0], program.days[-1]
    if first == last:
        return long_date(first)
    return f"{first.day} {first:%B} – {last.day} {last:%B %Y}"
