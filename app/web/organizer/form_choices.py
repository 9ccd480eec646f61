"""What the console's forms propose and hold: sessions to come, and rows of speakers and links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from app.domain.conference_day import by_day, conference_day
from app.domain.edits.content import USUAL_LABELS
from app.domain.edits.typed_content import items_text
from app.domain.program import Person, Program
from app.domain.session import Session
from app.web.organizer.console import console
from app.web.request_context import page_context
from app.web.template_helpers import short_date

# So many rows of speakers and links are empty, for others to be added.
EMPTY_ROWS = 2
# Proposed for a new session, in minutes.
USUAL_MINUTES = (5, 10, 15, 20, 30)
# Proposed for how long an announcement is shown, in minutes.
ANNOUNCED_FOR = (10, 15, 30, 60)


@dataclass(frozen=True)
class SessionGroup:
    """Sessions to choose from, under a heading."""

    label: str
    sessions: tuple[Session, ...]


@dataclass(frozen=True)
class SpeakerRow:
    """One name in a form of speakers; ``key`` tells rows apart, ``person`` is whose row it was (None: an empty one)."""

    key: str
    name: str = ""
    person: Person | None = None
    affiliation: str = ""


Typed = MultiDict[str, str] | dict[str, str]

console.add_app_template_global(items_text, "items_text")
console.add_app_template_global(lambda: USUAL_LABELS, "usual_labels")
console.add_app_template_global(lambda: USUAL_MINUTES, "usual_minutes")
console.add_app_template_global(lambda: ANNOUNCED_FOR, "announced_for")


@console.app_template_global()
def to_come_by_room() -> list[SessionGroup]:
    """The sessions that a new one may come after: what is on and to come, by day and room."""
    program = page_context().program
    return [
        group
        for day, sessions in by_day(program, _to_come()).items()
        for group in _by_room(program, sessions, f"{short_date(day)}, " if len(program.days) > 1 else "")
    ]


@console.app_template_global()
def swap_choices(session: Session) -> list[SessionGroup]:
    """The sessions to come with which one can change places: of its day, those of its own room first."""
    program, now = page_context().program, page_context().now
    day = conference_day(program, session.start)
    # Of two that change places one may have begun.
    others = [one for one in _to_come() if one.id != session.id and (one.start > now or session.start > now)]
    groups = _by_room(program, [one for one in others if conference_day(program, one.start) == day])
    own = program.room_name(session.room)
    return sorted(groups, key=lambda group: group.label != own)


@console.app_template_global()
def to_order(room: str) -> list[Session]:
    """What is on and to come in a room, in its order; "" is no room."""
    program = page_context().program
    return _to_come(program.sessions_in(program.room(room).id)) if room else []


@console.app_template_global()
def to_order_on(room: str, day: str) -> list[Session]:
    """The same on one day, given as 2025-07-18."""
    days = by_day(page_context().program, to_order(room))
    return next((sessions for one, sessions in days.items() if f"{one}" == day), [])


@console.app_template_global()
def typed_position(typed: Typed, session: str, default: int) -> str:
    """The position that was typed for a session in a form of an order, else the one that it has."""
    if isinstance(typed, MultiDict):
        sent: dict[str, str] = dict(zip(typed.getlist("session"), typed.getlist("position"), strict=False))
        return sent.get(session, f"{default}")
    return f"{default}"


@console.app_template_global()
def rooms_to_choose(prefix: str = "") -> list[tuple[str, str]]:
    """The id and the name of each room."""
    return [(room.id, f"{prefix}{room.name}") for room in page_context().program.rooms]


@console.app_template_global()
def days_to_choose() -> list[tuple[str, str]]:
    """Each day of the program as a form sends it and in words."""
    return [(f"{day}", short_date(day)) for day in sorted(page_context().program.days)]


@console.app_template_global()
def why_fixed(session: Session) -> str:
    """Why a session keeps its place when others of its room are put into another order; "" where it does not."""
    if session.is_break:
        return session.kind
    if session.pinned:
        return "its time is fixed"
    return "for all rooms" if session.room is None else ""


@console.app_template_global()
def speaker_rows(session: Session | None, typed: Typed) -> list[SpeakerRow]:
    """The rows of the form of speakers: as typed, else those of a session, and empty ones."""
    program = page_context().program
    people = list(program.speakers_of(session)) if session else []
    rows = [SpeakerRow(one.id, one.name, one, "; ".join(one.affiliations)) for one in people]
    if isinstance(typed, MultiDict) and "speaker" in typed:
        rows = _typed_rows(program, typed)
    return [*rows, *(SpeakerRow(f"new-{number}") for number in range(1, EMPTY_ROWS + 1))]


def _typed_rows(program: Program, typed: MultiDict[str, str]) -> list[SpeakerRow]:
    """The rows that were sent; the first of them are those of the people who were named in the form."""
    names, ids, belongs = (typed.getlist(field) for field in ("speaker", "person", "affiliation"))
    rows = []
    for number, name in enumerate(names):
        person = program.speakers_by_id.get(ids[number]) if number < len(ids) else None
        if person and number < len(belongs):
            rows.append(SpeakerRow(person.id, name, person, belongs[number]))
        elif name.strip():
            rows.append(SpeakerRow(f"typed-{number}", name))
    return rows


@console.app_template_global()
def link_rows(session: Session, typed: Typed, empty: int = EMPTY_ROWS) -> list[tuple[str, str]]:
    """The labels and addresses of the form of links: as typed, else those of a session, and empty ones."""
    rows = [(link.label, link.url) for link in session.links]
    if isinstance(typed, MultiDict) and "url" in typed:
        sent = zip(typed.getlist("label"), typed.getlist("url"), strict=False)
        rows = [(label, url) for label, url in sent if label.strip() or url.strip()]
    return [*rows, *[("", "")] * empty]


@console.app_template_global()
def last_typed(typed: Typed, name: str, default: str) -> str:
    """What was typed into a field, the last of those with its name; the default where the form was not sent."""
    if isinstance(typed, MultiDict):
        return (typed.getlist(name) or [default])[-1]
    return typed.get(name, default)


@console.app_template_global()
def typed_row(typed: Typed, name: str, index: int, default: str) -> str:
    """What was typed into one of several fields with a name; the default where the form was not sent."""
    values = typed.getlist(name) if isinstance(typed, MultiDict) else []
    return values[index] if index < len(values) else default


def _to_come(sessions: Iterable[Session] | None = None) -> list[Session]:
    context = page_context()
    found = context.program.sessions if sessions is None else sessions
    return [one for one in found if one.end > context.now and not one.cancelled]


def _by_room(program: Program, sessions: Iterable[Session], prefix: str = "") -> list[SessionGroup]:
    """Sessions by their room, in the program's order of rooms; those for all rooms come first."""
    found: dict[str | None, list[Session]] = {room: [] for room in (None, *program.rooms_by_id)}
    for session in sessions:
        found[session.room].append(session)
    return [SessionGroup(f"{prefix}{program.room_name(room)}", tuple(those)) for room, those in found.items() if those]
