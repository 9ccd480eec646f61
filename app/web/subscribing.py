"""The feeds of a program, and the addresses by which calendar programs take them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

from app.domain.instants import utc
from app.domain.program import Program
from app.domain.session import Session
from app.web.present import names

# How long each takes to notice a change, as measured or reported; no feed can hurry them.
DELAYS = {
    "Apple": "20–40 minutes",
    "Google": "4–24 hours",
    "Outlook.com": "about 3 hours",
    "Outlook 365": "about 3 hours",
    "Thunderbird": "30 minutes, or as you set it",
    "Android": "as you set it in ICSx⁵",
}
# Stands where a reader's key belongs, as long as one, and of letters that no address escapes.
NO_KEY = "0" * 22


@dataclass(frozen=True)
class Way:
    """One calendar program's way to a feed, and how long it takes to follow a change."""

    name: str
    address: str
    delay: str


@dataclass(frozen=True)
class Feed:
    """A feed and how each calendar program subscribes to it."""

    name: str
    words: str
    path: str
    https: str

    @property
    def webcal(self) -> str:
        """For Apple's calendars and Thunderbird, and in codes."""
        return webcal(self.https)

    @property
    def android(self) -> str:
        """For ICSx⁵, which reads `webcal` as http and `webcals` as https."""
        scheme, _, rest = self.https.partition("://")
        return f"{'webcals' if scheme == 'https' else 'webcal'}://{rest}"

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

    @property
    def ways(self) -> list[Way]:
        """The buttons, in the order of `DELAYS`."""
        addresses = (self.webcal, self.google, self.outlook, self.office, self.webcal, self.android)
        return [Way(name, address, delay) for (name, delay), address in zip(DELAYS.items(), addresses, strict=True)]

    def _outlook(self, host: str) -> str:
        query = urlencode({"url": self.https, "name": self.name}, quote_via=quote)
        return f"https://{host}/calendar/0/addfromweb?{query}"


@dataclass(frozen=True)
class Group:
    """Feeds of one sort; a folded group is opened by who looks for it."""

    name: str
    feeds: list[Feed]
    folded: bool = False


def personal_feed(program: Program, base_url: str) -> Feed:
    """A reader's own feed, with `NO_KEY` in the place of their key, which only their device knows."""
    path = f"/my/{NO_KEY}.ics"
    return Feed(f"My {program.title}", "Your stars. It follows what you star later.", path, base_url + path)


def groups_of(program: Program, base_url: str) -> list[Group]:
    """Every feed of a program, the widest first."""

    def feed(name: str, words: str, path: str) -> Feed:
        return Feed(name, words, path, base_url + path)

    wide = [
        feed(program.title, "The whole program, with breaks.", f"/calendar/{program.id}.ics"),
        feed("Talks only", "Talks and contributed talks, without breaks.", "/calendar/talks.ics"),
    ]
    if program.dates:
        wide.append(feed("Important dates", "Deadlines and other dates that count.", "/calendar/dates.ics"))
    rooms = [feed(room.name, "What happens in this room.", f"/rooms/{room.id}.ics") for room in program.rooms]
    people = [feed(one.name, "What this person presents.", f"/speakers/{one.id}.ics") for one in program.speakers]
    groups = [
        Group("All", wide),
        Group("One room", rooms if len(rooms) > 1 else [], folded=True),
        Group("One person", people, folded=True),
    ]
    return [group for group in groups if group.feeds]


def webcal(address: str) -> str:
    """A feed's address in the form that a calendar program takes as a subscription."""
    return "webcal://" + address.partition("://")[2]


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


def outlook_event(program: Program, session: Session, base_url: str, host: str = "outlook.live.com") -> str:
    """One session as a new event of Outlook.com, or of Microsoft 365 by its host."""
    query = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": _title(program, session),
        "startdt": utc(session.start).isoformat(),
        "enddt": utc(session.end).isoformat(),
        "body": f"{base_url}/talks/{session.id}",
        "location": _place(program, session),
    }
    return f"https://{host}/calendar/0/deeplink/compose?{urlencode(query, quote_via=quote)}"


def office_event(program: Program, session: Session, base_url: str) -> str:
    """One session as a new event of Outlook in Microsoft 365."""
    return outlook_event(program, session, base_url, "outlook.office.com")


def _title(program: Program, session: Session) -> str:
    speakers = names(program, session)
    return f"{speakers}: {session.title}" if speakers else session.title


def _place(program: Program, session: Session) -> str:
    room = program.room(session.room).name if session.room else ""
    venue = f"{program.venue.name}, {program.venue.address}" if program.venue else ""
    return venue if room and venue.startswith(room) else ", ".join(filter(None, (room, venue)))


def _basic(instant: datetime) -> str:
    return f"{utc(instant):%Y%m%dT%H%M%SZ}"
