"""Texts for templates: venue time, short names, what changed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from app.domain.change_text import FieldChange, field_changes
from app.domain.conference_day import by_day, conference_day, today_span
from app.domain.identity import Picture
from app.domain.instants import in_zone, zone_named
from app.domain.program import Person, Program, Room
from app.domain.rights import Editor
from app.domain.search import TextSpan
from app.domain.session import Session
from app.domain.timeline import Note, Phase, RoomMoment, Timeline
from app.domain.zone_words import zone_words
from app.formats import pictures
from app.live.history import HistoryView
from app.live.snapshot import Snapshot
from app.store.revisions import HistoryEntry
from app.web.venue import has_ways

TEXTS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("texts.toml").read_text("utf-8"))
# The history on a session's page; the whole history is at /changes.
MOST_HISTORY_ENTRIES = 10
# In characters; a projector's page chooses its type size by it.
TITLE_LENGTHS = (("short", 28), ("medium", 60), ("long", 110))
# A session with more speakers has this number of faces in a row, and their names without affiliations.
MOST_FACES = 3
# The side of a face on a page in CSS pixels, and of its picture in pixels, sharp on phones; by where it stands.
FACE_SIDES = {"row": (40, pictures.FACE_SIDES[0]), "large": (96, pictures.FACE_SIDES[1])}
# Rows of larger programs have no faces: the page of their day would be too large for a phone.
MOST_SESSIONS_WITH_FACES = 200
HYPHENATED = re.compile(r"\w-\w")
SPACES = re.compile(r"(\s+)")
# In characters, of one person in a row.
LONGEST_AFFILIATION = 60


@dataclass(frozen=True)
class Day:
    """One day of the program, with its sessions in order; from the instant ``begins`` on it is the present day."""

    date: date
    sessions: tuple[Session, ...]
    begins: datetime

    @property
    def ends(self) -> datetime | None:
        """When the last session that is not cancelled ends; None where all are."""
        return max((session.end for session in self.sessions if not session.cancelled), default=None)


def days_of(program: Program, sessions: tuple[Session, ...]) -> list[Day]:
    """Sessions by their conference day."""
    return [Day(day, tuple(found), today_span(program, day)[0]) for day, found in by_day(program, sessions).items()]


def earlier_days(days: list[Day], now: datetime) -> list[Day]:
    """The days that are over, while one is not."""
    over = [day for day in days if all(session.end <= now for session in day.sessions)]
    return over if len(over) < len(days) else []


def iso(program: Program, instant: datetime) -> str:
    """An instant in ISO 8601 with the venue's offset, for scripts."""
    return _iso(instant, program.timezone)


# The same few instants are written again and again.
@lru_cache(maxsize=4096)
def _iso(instant: datetime, timezone: str) -> str:
    return in_zone(instant, zone_named(timezone)).isoformat()


def long_date(day: date) -> str:
    """Friday 18 July 2025."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def short_date(day: date) -> str:
    """Fri 18 July."""
    return f"{day:%a} {day.day} {day:%B}"


def day_of(program: Program, session: Session) -> tuple[str, datetime]:
    """A session's conference day in short, and the instant from which that is the present day."""
    day = conference_day(program, session.start)
    return f"{day:%a} {day.day} {day:%b}", today_span(program, day)[0]


def day_shown(timeline: Timeline, now: datetime) -> str:
    """The conference day of an instant, "Saturday 6 August"; "" where it is none of several that have sessions."""
    day = conference_day(timeline.program, now)
    return f"{day:%A} {day.day} {day:%B}" if timeline.has_several_days and day in timeline.days else ""


def date_range(program: Program) -> str:
    """The days in one line: "Friday 18 July 2025", or "17 July – 19 July 2025"."""
    if not program.days:
        return ""
    first, last = program.days[0], program.days[-1]
    if first == last:
        return long_date(first)
    return f"{first.day} {first:%B} – {last.day} {last:%B %Y}"


def rooms_of(program: Program, sessions: Iterable[Session]) -> list[Room]:
    """The rooms of some sessions; one without a room is in all of them."""
    used = {session.room for session in sessions}
    return [room for room in program.rooms if None in used or room.id in used]


def first_start(program: Program) -> str:
    """When the program begins: "09:00, Friday 18 July 2025"."""
    start = next((session.start for session in program.sessions if not session.cancelled), None)
    if start is None:
        return "a time to be announced"
    return f"{program.clock(start)}, {long_date(program.local(start).date())}"


def venue_text(program: Program) -> str:
    """The venue with its city; "" without a venue."""
    return ", ".join(filter(None, (program.venue.name, program.venue.city))) if program.venue else ""


def zone_name(program: Program) -> str:
    """The time zone in words: Vancouver time."""
    return zone_words(str(program.zone))


def countdown(program: Program, answer: RoomMoment) -> tuple[str, str]:
    """The time to which a room's countdown runs, and what that time is."""
    if answer.now:
        return program.clock(answer.now.end), "is the end"
    if answer.next:
        return program.clock(answer.next.start), "is the start"
    return "–", "Nothing more"


def former_slot_text(program: Program, session: Session) -> str:
    """The former time and place of a moved session: "was 10:15", "was in Room A", "was Thu 17 July 10:15"."""
    parts = []
    old, new = program.local(session.scheduled.start), program.local(session.start)
    day = "" if old.date() == new.date() else f"{short_date(old.date())} "
    # Pages show minutes, so a move by seconds is not mentioned.
    if day or f"{old:%H:%M}" != f"{new:%H:%M}":
        parts.append(f"was {day}{old:%H:%M}")
    if session.room != session.scheduled.room:
        parts.append(f"was in {program.room_name(session.scheduled.room)}")
    return ", ".join(parts)


def status_text(program: Program, session: Session) -> str:
    """What differs from the schedule: "Cancelled", a moved session's former time and place, or ""."""
    return "Cancelled" if session.cancelled else former_slot_text(program, session)


def role_text(program: Program, editor: Editor) -> str:
    """A role in words: "chair of Ballroom A"; a room or session that the program no longer has is named by its id."""
    room, session = program.rooms_by_id.get(editor.room or ""), program.sessions_by_id.get(editor.session or "")
    where = (room.name if room else editor.room) or (_session_name(program, session) if session else editor.session)
    return f"{editor.role} of {where}" if where else editor.role


def _session_name(program: Program, session: Session) -> str:
    """A session by its title, or by its time while that is not known."""
    return f"the session at {program.clock(session.start)}" if session.tba else session.title


def browser_name(user_agent: str) -> str:
    """A browser and its system by their everyday names: "Firefox on Android"."""
    browser, system = (
        next((name for part, name in TEXTS[table].items() if part in user_agent), unknown)
        for table, unknown in (("browsers", "A browser"), ("systems", "an unknown system"))
    )
    return f"{browser} on {system}"


def speaker_names(program: Program, session: Session) -> str:
    """The speakers of a session: "Tri Dao, Sara Hooker"."""
    return ", ".join(person.name for person in program.speakers_of(session))


def people_line(program: Program, session: Session, besides: Person | None = None) -> list[tuple[str, str]]:
    """The speakers of a session but one by name, each with the affiliation that a row shows; of many none is shown."""
    people = tuple(person for person in program.speakers_of(session) if person != besides)
    if len(people) > MOST_FACES:
        return [(person.name, "") for person in people]
    return [
        (person.name, _row_affiliation(person.affiliations if len(people) == 1 else person.affiliations[:1]))
        for person in people
    ]


def _row_affiliation(names: tuple[str, ...]) -> str:
    """The first affiliations that fit into a row, at least one, which is cut where it is too long."""
    text = ", ".join(names)
    if len(text) <= LONGEST_AFFILIATION:
        return text
    return _row_affiliation(names[:-1]) if len(names) > 1 else f"{text[: LONGEST_AFFILIATION - 1].rstrip()}…"


def has_faces(program: Program) -> bool:
    """Whether the rows of a program's sessions have faces."""
    return len(program.sessions) <= MOST_SESSIONS_WITH_FACES


def faces_of(program: Program, session: Session) -> tuple[Person, ...]:
    """The speakers of a session whose faces a row shows."""
    return program.speakers_of(session)[:MOST_FACES] if has_faces(program) else ()


def drawing(picture: Picture) -> Markup:
    """A drawing as an element of the page, in which it has the page's colours; "" for a picture of pixels."""
    return Markup(picture.svg)  # noqa: S704 - written by `app/formats/svg_drawing.py`, which lets no script in


def initials(name: str) -> str:
    """The first letters of a person's first and last name, shown in place of a picture."""
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(word[0].upper() for word in words[:1] + words[1:][-1:])


def screen_state(answer: RoomMoment, phase: Phase) -> str:
    """What a projector shows of a room: before, now, cancelled (would be on), next, after, or nothing more."""
    state = next((name for name in ("now", "cancelled", "next") if getattr(answer, name)), "nothing")
    return {("next", "before"): "before", ("nothing", "after"): "after"}.get((state, phase), state)


def whole_words(text: str) -> Markup:
    """A text in which no line breaks at a hyphen inside a word, unless the word alone is longer than a line.

    The text stays as it is, to be copied, searched and read out: such a word is an element that the style keeps whole.
    """
    return marked(text, ()) if HYPHENATED.search(text) else escape(text)


def marked(text: str, spans: Sequence[TextSpan]) -> Markup:
    """A text like that of `whole_words`, with some parts marked: from which character to before which, in order."""
    whole, end, parts = Markup('<span class="whole">{}</span>'), 0, []
    for part in SPACES.split(text):
        start, end = end, end + len(part)
        inner = _with_marks(text, [(max(first, start), min(last, end)) for first, last in spans], (start, end))
        parts.append(whole.format(inner) if HYPHENATED.search(part) else inner)
    return Markup().join(parts)


def _with_marks(text: str, spans: Sequence[TextSpan], within: TextSpan) -> Markup:
    place, end = within
    parts = []
    for first, last in spans:
        if first < last:
            parts += [escape(text[place:first]), Markup("<mark>{}</mark>").format(text[first:last])]
            place = last
    return Markup().join([*parts, escape(text[place:end])])


def title_size(title: str) -> str:
    """How much space a title needs on a projector: short, medium, long or huge."""
    return next((size for size, most in TITLE_LENGTHS if len(title) <= most), "huge")


def kind_name(kind: str) -> str:
    """A kind of session for readers."""
    return kind.replace("-", " ").capitalize()


def page_titles(program: Program) -> dict[str, str]:
    """The titles of pages by slug: those in the folder, then those made of the program's data."""
    data = {
        "venue": program.venue or has_ways(program),
        "organizers": program.organizers,
        "important-dates": program.dates,
    }
    written = {page.slug: page.title for page in program.pages}
    made = {slug: title for slug, title in TEXTS["made_pages"].items() if data[slug] and slug not in written}
    return {**written, **made}


def neighbours(program: Program, session: Session) -> dict[str, Session]:
    """The sessions before ("prev") and after ("next") one in its room and on its conference day; none for all rooms."""
    if session.room is None:
        return {}
    day = next(found for found in days_of(program, program.sessions_in(session.room)) if session in found.sessions)
    around = (None, *day.sessions, None)
    place = around.index(session)
    found = {"prev": around[place - 1], "next": around[place + 1]}
    return {relation: one for relation, one in found.items() if one}


def rooms_with_cancelled(program: Program) -> set[str]:
    """The ids of rooms that have a cancelled session."""
    found = {session.room for session in program.sessions if session.cancelled}
    return {room.id for room in program.rooms if not found.isdisjoint({room.id, None})}


def note_target(program: Program, note: Note) -> tuple[str, str]:
    """The path and the text of a note's link: one session with its title, or the revision with their number."""
    titles = [session.title for session in program.sessions if session.id in note.sessions]
    if len(note.sessions) == len(titles) == 1:
        return f"/talks/{note.sessions[0]}", titles[0]
    number = len(note.sessions)
    return f"/changes#r{note.revision}", "1 session" if number == 1 else f"{number} sessions"


def note_spans(
    snapshot: Snapshot, note: Note, room_ids: Collection[str], names: Collection[str]
) -> list[tuple[datetime, datetime]]:
    """The spans in which a note stands at the top of a page: where no slot of these rooms shows it beside its session.

    ``names`` are the slots that show notes: now, next, cancelled. A note about several sessions, or one that a later
    one replaced beside its session, stands there all the time.
    """
    if len(note.sessions) != 1 or snapshot.reasons.get(note.sessions[0]) != note.text:
        return [(note.since, note.until)]
    spans, free = [], note.since
    slots = (slot for room_id in room_ids for slot in _slots_of(snapshot.timeline, room_id, note.sessions[0], names))
    for start, end in sorted((start or note.since, end or note.until) for start, end in slots):
        spans.append((free, min(start, note.until)))
        free = max(free, end)
    return [(since, until) for since, until in (*spans, (free, note.until)) if since < until]


def _slots_of(
    timeline: Timeline, room_id: str, session_id: str, names: Collection[str]
) -> Iterator[tuple[datetime | None, datetime | None]]:
    """From when until when some of a room's slots show a session (None: since ever, or for ever)."""
    moments = list(timeline.room_moments(room_id))
    ends = [start for start, _ in moments[1:]]
    for (start, answer), end in zip(moments, [*ends, None], strict=True):
        if session_id in {one.id for name in names if (one := getattr(answer, name))}:
            yield start, end


def entry_title(entry: HistoryEntry) -> str:
    """The heading of a revision on the page of changes."""
    if entry.note:
        return entry.note
    if entry.undoes:
        return "Taken back"
    return "Announcement" if entry.difference.announced else "Changed"


def session_history(history: HistoryView, session_id: str) -> list[tuple[HistoryEntry, tuple[FieldChange, ...]]]:
    """The latest revisions that changed a session, the newest first, with what each changed."""
    return [
        (entry, field_changes(entry.difference.before or entry.difference.after, entry.difference.after, change))
        for entry in islice(history.changing(session_id), MOST_HISTORY_ENTRIES)
        for change in entry.difference.sessions
        if change.session == session_id
    ]


def story_of(
    snapshot: Snapshot, session: Session, history: HistoryView
) -> list[tuple[HistoryEntry, tuple[FieldChange, ...]]]:
    """What changed of a session; nothing where that is only that it is cancelled, which its page says first."""
    story = session_history(history, session.id)
    if not session.cancelled or len(story) != 1:
        return story
    [(entry, changes)] = story
    is_said = entry.note in ("", snapshot.reasons.get(session.id))
    return [] if is_said and {change.aspect for change in changes} == {"status"} else story


def bare_address(url: str) -> str:
    """An address as a link's text, without its scheme and outer slashes."""
    return url.replace("https://", "").replace("http://", "").strip("/")


def sentence(text: str) -> str:
    """A text with a capital at its start and a full stop at its end."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"
