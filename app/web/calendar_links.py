"""The feeds of a program, and the links by which calendar programs subscribe to them or take one session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from app.domain.instants import utc
from app.domain.program import Person, Program, Room
from app.domain.session import Session
from app.web.template_helpers import TEXTS, speaker_names

# The placeholder of a reader's key in an address: of the same length, without characters that need escaping.
NO_KEY = "0" * 22


@dataclass(frozen=True)
class SubscribeLink:
    """The link by which a calendar program subscribes to a feed, and how long it takes to notice a change.

    ``help`` says what to do where the link does nothing; ``platform`` is the one on which it is offered first.
    """

    name: str
    address: str
    delay: str
    help: str
    platform: str = ""


@dataclass(frozen=True)
class Feed:
    """A feed: its path, and its whole address."""

    name: str
    description: str
    path: str
    address: str

    @property
    def webcal(self) -> str:
        """The address as a subscription, for codes too."""
        return webcal(self.address)

    @property
    def links(self) -> list[SubscribeLink]:
        """The link of each calendar program."""
        return [self._link(one) for one in TEXTS["calendar_programs"]]

    @property
    def platform_links(self) -> list[SubscribeLink]:
        """The link to offer first on each platform; the last is for all others."""
        return [*(one for one in self.links if one.platform), self._link(TEXTS["calendar_of_device"])]

    def _link(self, program: Mapping[str, str]) -> SubscribeLink:
        addresses = {
            "webcal": self.webcal,
            "webcal_or_webcals": self.webcal.replace("webcal", "webcals", self.address.startswith("https:")),
            "quoted_webcal": quote(self.webcal, safe=""),
            "query": urlencode({"url": self.address, "name": self.name}, quote_via=quote),
        }
        return SubscribeLink(
            program["name"],
            program["link"].format(**addresses),
            program["delay"],
            program["help"],
            program.get("platform", ""),
        )


def personal_feed(program: Program, base_url: str) -> Feed:
    """A reader's own feed, with `NO_KEY` in place of their key, which only their device has."""
    return _feed(f"My {program.title}", "Your stars. It follows what you star later.", f"/my/{NO_KEY}.ics", base_url)


def general_feeds(program: Program, base_url: str) -> dict[str, Feed]:
    """The feeds of no room and no person, by the name under which they are chosen; the whole program is the first."""
    feeds = {
        "all": _feed(program.title, "The whole program, with breaks.", f"/calendar/{program.id}.ics", base_url),
        "talks": _feed("Talks only", "Talks and contributed talks, without breaks.", "/calendar/talks.ics", base_url),
    }
    if program.dates:
        words = "Deadlines and other dates that count."
        feeds["dates"] = _feed("Important dates", words, "/calendar/dates.ics", base_url)
    return feeds


def room_feed(room: Room, base_url: str) -> Feed:
    """The feed of a room."""
    return _feed(room.name, "What happens in this room.", f"/rooms/{room.id}.ics", base_url)


def person_feed(person: Person, base_url: str) -> Feed:
    """The feed of a person."""
    return _feed(person.name, "What this person presents.", f"/speakers/{person.id}.ics", base_url)


def _feed(name: str, description: str, path: str, base_url: str) -> Feed:
    return Feed(name, description, path, base_url + path)


def webcal(address: str) -> str:
    """A feed's address in the form that calendar programs take as a subscription."""
    return "webcal://" + address.partition("://")[2]


def event_links(program: Program, session: Session, base_url: str) -> dict[str, str]:
    """The links that add one session to an online calendar, by the calendar's name."""
    speakers, address = speaker_names(program, session), f"{base_url}/talks/{session.id}"
    title = f"{speakers}: {session.title}" if speakers else session.title
    start, end = utc(session.start), utc(session.end)
    texts = {
        "title": title,
        "address": address,
        "place": _place(program, session),
        "start_iso": start.isoformat(),
        "end_iso": end.isoformat(),
    }
    quoted = {name: quote(text, safe="") for name, text in texts.items()}
    return {name: link.format(start=start, end=end, **quoted) for name, link in TEXTS["event_links"].items()}


def _place(program: Program, session: Session) -> str:
    room = program.room_name(session.room, for_all="")
    venue = f"{program.venue.name}, {program.venue.address}" if program.venue else ""
    return venue if room and venue.startswith(room) else ", ".join(filter(None, (room, venue)))
