"""The feeds of a program, and the addresses by which calendar programs take them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

from app.domain.instants import utc
from app.domain.program import Program, Session
from app.web.present import names


@dataclass(frozen=True)
class Feed:
    """A feed and how each calendar program subscribes to it."""

    name: str
    words: str
    path: str
    https: str

    @property
    def webcal(self) -> str:
        """For Apple's calendars and Thunderbird."""
        return "webcal://" + self.https.partition("://")[2]

    @property
    def google(self) -> str:
        """For Google Calendar in a browser; it wants the webcal form inside."""
        return f"https://calendar.google.com/calendar/r?cid={quote(self.webcal, safe='')}"

    @property
    def outlook(self) -> str:
        """For Outlook.com."""
        return self._outlook("outlook.live.com")

    @property
    def office(self) -> str:
        """For Outlook in Microsoft 365."""
        return self._outlook("outlook.office.com")

    def _outlook(self, host: str) -> str:
        query = urlencode({"url": self.https, "name": self.name}, quote_via=quote)
        return f"https://{host}/calendar/0/addfromweb?{query}"


def feeds_of(program: Program, base_url: str) -> list[Feed]:
    """Every feed of a program, the widest first."""
    listed = [
        (program.title, "The whole program, with breaks.", f"/calendar/{program.id}.ics"),
        ("Talks only", "Talks and contributed talks, without breaks.", "/calendar/talks.ics"),
    ]
    if program.dates:
        listed.append(("Important dates", "Deadlines and other dates that count.", "/calendar/dates.ics"))
    if len(program.rooms) > 1:
        listed += [(room.name, "What happens in this room.", f"/rooms/{room.id}.ics") for room in program.rooms]
    listed += [(one.name, "What this person presents.", f"/speakers/{one.id}.ics") for one in program.speakers]
    return [Feed(name, words, path, base_url + path) for name, words, path in listed]


def google_event(program: Program, session: Session, base_url: str) -> str:
    """One session as a new event of Google Calendar."""
    query = {
        "action": "TEMPLATE",
        "text": _title(program, session),
        "dates": f"{_basic(session.start)}/{_basic(session.end)}",
        "details": f"{base_url}/talks/{session.id}",
        "location": _place(program, session),
    }
    return f"https://calendar.google.com/calendar/render?{urlencode(query, quote_via=quote)}"


def outlook_event(program: Program, session: Session, base_url: str) -> str:
    """One session as a new event of Outlook.com."""
    query = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": _title(program, session),
        "startdt": utc(session.start).isoformat(),
        "enddt": utc(session.end).isoformat(),
        "body": f"{base_url}/talks/{session.id}",
        "location": _place(program, session),
    }
    return f"https://outlook.live.com/calendar/0/deeplink/compose?{urlencode(query, quote_via=quote)}"


def _title(program: Program, session: Session) -> str:
    speakers = names(program, session)
    return f"{speakers}: {session.title}" if speakers else session.title


def _place(program: Program, session: Session) -> str:
    room = program.room(session.room).name if session.room else ""
    venue = f"{program.venue.name}, {program.venue.address}" if program.venue else ""
    return venue if room and venue.startswith(room) else ", ".join(filter(None, (room, venue)))


def _basic(instant: datetime) -> str:
    return f"{utc(instant):%Y%m%dT%H%M%SZ}"
