"""Programs for calendar tests: one by hand, and drawn ones whose every text tries to break a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from app.domain.change_stamps import with_stamps
from app.domain.instants import at_local
from app.domain.program import ImportantDate, Person, Program, Room, Venue
from app.domain.session import Item, Link, Session, Slot
from app.formats.calendar import feed as calendar_feed

PUBLIC_URL = "https://codeml-workshop.example"
DAY = date(2025, 7, 18)
# 09:00 in Vancouver.
NINE = datetime(2025, 7, 18, 16, tzinfo=UTC)
PUBLISHED = datetime(2025, 7, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
STEP = timedelta(minutes=15)
# Half hours, clocks that change by an hour, by half of one, and no more.
DAYS = {
    "America/Vancouver": (DAY, date(2025, 3, 9), date(2025, 11, 2), date(2026, 11, 1)),
    "Asia/Kolkata": (DAY,),
    "Australia/Lord_Howe": (date(2025, 4, 6), date(2025, 10, 5)),
    "Etc/GMT+12": (DAY,),
    "Europe/Dublin": (date(2025, 3, 30), date(2025, 10, 26)),
    "UTC": (DAY,),
}

# What calendar files escape, fold, forbid, or that readers were seen to stumble over.
PIECES = (
    ",",
    ";",
    "\\",
    "\\n",
    "\\NP",
    ":",
    '"',
    "^",
    "^n",
    "\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    "\x00",
    "\x0b",
    "\x1f",
    "\x7f",
)
PIECES += (
    "\x85",
    "\u2028",
    "\u2029",
    "\ufeff",
    "\ud800",
    "é",
    "日本語",
    "👩‍🔬",
    "ع",
    "w" * 90,
    "é" * 50,
    "END:VEVENT",
    "<b>",
)


def slot(start_minutes: int, minutes: int, room: str | None = "hall") -> Slot:
    """A slot from so many minutes after nine, so many minutes long."""
    start = NINE + start_minutes * MINUTE
    return Slot(start=start, end=start + minutes * MINUTE, room=room)


def session(session_id: str, when: Slot, **fields: Any) -> Session:
    """A session that stands where it was scheduled, unless said otherwise."""
    return Session(**{"id": session_id, "title": session_id.title(), "slot": when, "scheduled": when, **fields})


def program(*sessions: Session, **fields: Any) -> Program:
    """A published program of these sessions, in two rooms, with two people."""
    made = Program(
        **{
            "id": "codeml-2025",
            "title": "CODEML",
            "timezone": "America/Vancouver",
            "domain": "codeml.example",
            "days": (DAY,),
            "rooms": (Room("hall", "Hall A"), Room("annex", "Annex")),
            "venue": Venue(name="Convention Center", address="1055 Canada Pl", latitude=49.2891, longitude=-123.1162),
            "speakers": (
                Person(id="ada", name="Ada Lovelace", affiliations=("Analytical Society", "Ockham Park")),
                Person(id="alan", name="Alan Turing"),
            ),
            "sessions": sessions,
            **fields,
        }
    )
    return with_stamps(None, made, PUBLISHED, 1)


def edited(before: Program, session_id: str, now: datetime, **fields: Any) -> Program:
    """The program with one session's fields changed and the stamps raised."""
    sessions = tuple(replace(one, **fields) if one.id == session_id else one for one in before.sessions)
    return with_stamps(before, replace(before, sessions=sessions), now, 2)


def touched(before: Program, after: Program) -> frozenset[str]:
    """The UIDs of sessions of which anything differs, were it a letter that no calendar shows."""

    def all_of(whole: Program, one: Session) -> tuple[object, ...]:
        content = replace(one, sequence=0, created_at=None, changed_at=None)
        return content, whole.speakers_of(one), whole.rooms, whole.venue, whole.timezone

    old = {one.id: all_of(before, one) for one in before.sessions}
    return frozenset(f"{one.id}@{after.domain}" for one in after.sessions if old.get(one.id) != all_of(after, one))


def feed_of(shown: Program, name: str = "CODEML") -> bytes:
    """The feed of the whole program."""
    return calendar_feed.feed(
        shown, shown.sessions, name=name, public_url=PUBLIC_URL, feed_path="/calendar/codeml-2025.ics"
    )


def texts() -> st.SearchStrategy[str]:
    """Texts dense with trouble, from empty to several hundred characters."""
    return st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=8).map("".join)


def names() -> st.SearchStrategy[str]:
    """Such texts that are not blank."""
    return texts().map(lambda text: f"{text}x")


def people() -> st.SearchStrategy[Person]:
    """A person without an id yet."""
    return st.builds(Person, id=st.just("?"), name=names(), affiliations=st.lists(names(), max_size=2).map(tuple))


def venues() -> st.SearchStrategy[Venue | None]:
    """A venue anywhere on earth, or none."""
    latitude, longitude = st.floats(-90, 90), st.floats(-180, 180)
    venue = st.builds(Venue, name=names(), address=texts(), latitude=latitude, longitude=longitude)
    return st.none() | venue | st.builds(Venue, name=names())


@st.composite
def troubled_programs(draw: st.DrawFn) -> Program:
    """A program with trouble in every text and in its zone's clocks, not yet published."""
    zone = draw(st.sampled_from(sorted(DAYS)))
    day = draw(st.sampled_from(DAYS[zone]))
    speakers = tuple(replace(one, id=f"p{n}") for n, one in enumerate(draw(st.lists(people(), max_size=2))))
    rooms = tuple(Room(f"room-{n}", draw(names())) for n in range(draw(st.integers(0, 2))))
    midnight = at_local(day, time(), zone)
    sessions = [_session(draw, f"s{n}", midnight, rooms, speakers) for n in range(draw(st.integers(0, 4)))]
    return Program(
        id="drawn",
        title=draw(names()),
        timezone=zone,
        domain="codeml.example",
        days=(day,),
        description=draw(texts()),
        venue=draw(venues()),
        rooms=rooms,
        speakers=speakers,
        sessions=tuple(sessions),
        dates=draw(st.lists(_dates(), max_size=2, unique_by=lambda one: one.id).map(tuple)),
    )


@st.composite
def next_programs(draw: st.DrawFn, before: Program, earlier: list[Program]) -> Program:
    """What an organizer may make of a program, or one that was, as an undo does; not yet published."""
    if earlier and draw(st.booleans()):
        return draw(st.sampled_from(earlier))
    if not before.sessions or draw(st.integers(0, 4)) == 0:
        return replace(before, **draw(_frames(before)))
    chosen = draw(st.sampled_from(before.sessions))
    changed = replace(chosen, **draw(_edits(before, chosen)))
    return replace(before, sessions=tuple(changed if one is chosen else one for one in before.sessions))


def _session(
    draw: st.DrawFn, session_id: str, midnight: datetime, rooms: tuple[Room, ...], speakers: tuple[Person, ...]
) -> Session:
    slots = [_slot(draw, midnight, rooms) for _ in range(2)]
    return Session(
        id=session_id,
        title=draw(names()),
        slot=slots[0],
        scheduled=draw(st.sampled_from(slots)),
        cancelled=draw(st.integers(0, 3)) == 0,
        abstract=draw(texts()),
        kind=draw(st.sampled_from(["talk", "break", "panel", "a, b;c"])),
        speakers=tuple(person.id for person in speakers if draw(st.booleans())),
        items=(Item(title=draw(names()), number=draw(texts()), authors=(draw(names()),)),),
        links=(Link(draw(names()), "https://a.example/?a=1,2;b"),),
    )


def _slot(draw: st.DrawFn, midnight: datetime, rooms: tuple[Room, ...]) -> Slot:
    start = midnight + draw(st.integers(0, 120)) * STEP
    room = draw(st.sampled_from([None, *(room.id for room in rooms)]))
    return Slot(start=start, end=start + draw(st.integers(0, 8)) * STEP, room=room)


def _dates() -> st.SearchStrategy[ImportantDate]:
    days = st.dates(date(2020, 1, 2), date(2037, 12, 30))
    instants = st.datetimes(datetime(2020, 1, 2), datetime(2037, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
    return st.builds(
        ImportantDate,
        id=st.sampled_from(["cfp", "notification", "camera-ready"]),
        title=names(),
        day=days,
        at=st.none() | instants.map(lambda one: one.replace(microsecond=0)),
        zone_label=texts(),
        former_day=st.none() | days,
    )


def _edits(before: Program, chosen: Session) -> st.SearchStrategy[dict[str, Any]]:
    """A change of one session's time, room, title, abstract, or of whether it happens."""
    later = st.integers(-8, 8).map(
        lambda steps: replace(chosen.slot, start=chosen.start, end=chosen.end + abs(steps) * STEP)
    )
    shifted = st.integers(-8, 8).map(
        lambda steps: replace(chosen.slot, start=chosen.start + steps * STEP, end=chosen.end + steps * STEP)
    )
    rooms = st.sampled_from([room.id for room in before.rooms]).map(lambda room: replace(chosen.slot, room=room))
    return st.one_of(
        st.one_of(shifted, later, rooms).map(lambda slot: {"slot": slot}),
        st.booleans().map(lambda cancelled: {"cancelled": cancelled}),
        names().map(lambda title: {"title": title}),
        st.just({"scheduled": chosen.slot}),
    )


def _frames(before: Program) -> st.SearchStrategy[dict[str, Any]]:
    """A change around the sessions: the venue, a room's name, the title, the zone."""
    return st.one_of(
        venues().map(lambda venue: {"venue": venue}),
        names().map(lambda name: {"rooms": (replace(before.rooms[0], name=name), *before.rooms[1:])}),
        names().map(lambda title: {"title": title}),
        st.sampled_from(["UTC", "Asia/Kolkata", "America/Vancouver"]).map(lambda zone: {"timezone": zone}),
    )
