"""Text of calendar events: summary, description and location of a session, and RFC 5545's escaping and folding."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytz
from icalendar import vText

from app.domain.instants import in_zone
from app.domain.items import announced
from app.domain.program import Person, Program, Venue
from app.domain.session import Item, Session
from app.domain.zone_words import zone_words
from app.formats.exchange_ids import CANCELLED, TALKS_PATH
from app.formats.markdown import to_text

LONGEST_LINE_OCTETS = 75
# An entry that names more papers than these is more than calendar programs show.
MOST_ITEMS = 100
# Unicode's line breaks too, at which some readers split a file.
_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# RFC 5545, 3.1, allows no control characters but tab and line break; UTF-8 cannot encode lone surrogates.
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_ESCAPES = str.maketrans({"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n"})


class Text(vText):
    r"""A TEXT value (RFC 5545, 3.3.11). The library's own class turns the ``\N`` of "$\NP$" into a line break."""

    def to_ical(self) -> bytes:
        """Escaped, in UTF-8."""
        return self.translate(_ESCAPES).encode()


def lines(text: str) -> str:
    """Text of any number of lines, each ended by a line feed, without control characters."""
    return _UNPRINTABLE.sub("", _LINE_BREAKS.sub("\n", text))


def one_line(text: str) -> str:
    """Text on one line, spaces single."""
    return " ".join(lines(text).split())


def folded(content_lines: Iterable[str]) -> bytes:
    """Content lines, each ended by CRLF and folded into lines of at most 75 octets (RFC 5545, 3.1).

    The library folds character by character, which takes half the time of a large feed.
    """
    return b"".join(_fold(line.encode()) for line in content_lines if line)


def _fold(line: bytes) -> bytes:
    parts = []
    while len(line) > LONGEST_LINE_OCTETS:
        cut = LONGEST_LINE_OCTETS
        while line[cut] & 0xC0 == 0x80:  # noqa: PLR2004 - UTF-8 continuation bytes are 10xxxxxx
            cut -= 1
        head = line[:cut]
        # Escapes are not split either: some readers unescape line by line.
        cut -= (len(head) - len(head.rstrip(b"\\"))) % 2
        parts.append(line[:cut])
        line = b" " + line[cut:]
    return b"\r\n".join([*parts, line]) + b"\r\n"


# "CANCELLED: A talk", "[Cancelled] A talk", "CANCELLED A talk", but not "Cancelled flights".
_MARKED = re.compile(r"(?i:\[cancell?ed\]|\(cancell?ed\)|cancell?ed\s*:)\s*(?=\S)|CANCELL?ED\s+(?=\S)")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFacts:
    """All that an event depends on, as a cache key: sessions with equal facts have equal events.

    ``room`` and ``former_room`` are names, "" for a session that is for all rooms.
    """

    session: Session
    people: tuple[Person, ...]
    room: str
    former_room: str
    venue: Venue
    zone: pytz.BaseTzInfo
    domain: str
    public_url: str

    @property
    def page(self) -> str:
        """The address of the session's page."""
        return f"{self.public_url}{TALKS_PATH}/{self.session.id}"


def facts_of(program: Program, session: Session, public_url: str) -> EventFacts:
    """The facts of one of a program's sessions."""
    room, former_room = (program.room_name(slot.room, for_all="") for slot in (session.slot, session.scheduled))
    return EventFacts(
        session=session,
        people=program.speakers_of(session),
        room=room,
        former_room=former_room,
        venue=program.venue or Venue(name=""),
        zone=program.zone,
        domain=program.domain,
        public_url=public_url,
    )


def summary(facts: EventFacts) -> str:
    """On one line, "Speaker: Title"; of a cancelled session "CANCELLED: Speaker: Title", with one mark."""
    names = ", ".join(person.name for person in facts.people)
    title = one_line(facts.session.title)
    if facts.session.cancelled and _MARKED.match(title):
        title = _MARKED.sub("", title, count=1)
    said = one_line(f"{names}: {title}" if names else title)
    return f"{CANCELLED}{said}" if facts.session.cancelled else said


def location(facts: EventFacts) -> str:
    """Room, venue and address on one line; "" where none is known. Without `"`, which no parameter may hold."""
    parts = dict.fromkeys(one_line(part) for part in (facts.room, facts.venue.name, facts.venue.address))
    return ", ".join(part for part in parts if part).replace('"', "'")


def description(facts: EventFacts) -> str:
    """What changed, people, abstract, items, links, and the address of the session's page."""
    return lines("\n\n".join(filter(None, _paragraphs(facts))))


def _paragraphs(facts: EventFacts) -> Iterator[str]:
    session = facts.session
    yield "\n".join(_changes(facts))
    yield "\n".join(map(_person, facts.people))
    yield to_text(lines(session.abstract)) if session.abstract else ""
    items = announced(session.items)
    yield f"The first {MOST_ITEMS} of {len(items)} papers:" if len(items) > MOST_ITEMS else ""
    yield "\n".join(map(_item, items[:MOST_ITEMS]))
    yield "\n".join(f"{link.label}: {link.url}" for link in session.links)
    yield facts.page


def _changes(facts: EventFacts) -> Iterator[str]:
    """Changes from the announced time and place: "Was 10:15–10:45, Vancouver time."."""
    session, was = facts.session, facts.session.scheduled
    if session.cancelled:
        yield "This session is cancelled."
    if (session.start, session.end) != (was.start, was.end):
        yield f"Was {_former_span(facts)}, {zone_words(str(facts.zone))}."
    if session.room != was.room:
        yield f"Was in {facts.former_room or 'all rooms'}."


def _former_span(facts: EventFacts) -> str:
    was, session = facts.session.scheduled, facts.session
    start, end, now = (in_zone(instant, facts.zone) for instant in (was.start, was.end, session.start))
    day = "" if start.date() == now.date() else f"{start:%a} {start.day} {start:%B}, "
    return f"{day}{start:%H:%M}–{end:%H:%M}"


def _person(person: Person) -> str:
    return f"{person.name} ({', '.join(person.affiliations)})" if person.affiliations else person.name


def _item(item: Item) -> str:
    number = f"{item.number}. " if item.number else ""
    authors = f" ({', '.join(item.authors)})" if item.authors else ""
    return f"- {number}{item.title}{authors}"
