"""The feeds of a program, and the links by which calendar programs subscribe to them or take one session."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from app.domain.instants import utc
from app.domain.program import Program
from app.domain.session import Session
from app.web.template_helpers import TEXTS, speaker_names

# The placeholder of a reader's key in an address: of the same length, without characters that need escaping.
NO_KEY = "0" * 22


@dataclass(frozen=True)
class SubscribeLink:
    """The link by which a calendar program subscribes to a feed, and how long it takes to notice a change."""

    name: str
    address: str
    delay: str


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
        addresses = {
            "webcal": self.webcal,
            "webcal_or_webcals": self.webcal.replace("webcal", "webcals", self.address.startswith("https:")),
            "quoted_webcal": quote(self.webcal, safe=""),
            "query": urlencode({"url": self.address, "name": self.name}, quote_via=quote),
        }
        programs = TEXTS["calendar_programs"]
        return [SubscribeLink(one["name"], one["link"].format(**addresses), one["delay"]) for one in programs]


@dataclass(frozen=True)
class FeedGroup:
    """Feeds of one sort; a folded group is opened by the reader."""

    name: str
    feeds: list[Feed]
    folded: bool = False


def personal_feed(program: Program, base_url: str) -> Feed:
    """A reader's own feed, with `NO_KEY` in place of their key, which only their device has."""
    path = f"/my/{NO_KEY}.ics"
    return Feed(f"My {program.title}", "Your stars. It follows what you star later.", path, base_url + path)


def groups_of(program: Program, base_url: str) -> list[FeedGroup]:
    """Every feed of a program, the most general first."""

    def feed(name: str, description: str, path: str) -> Feed:
        return Feed(name, description, path, base_url + path)

    general = [
        feed(program.title, "The whole program, with breaks.", f"/calendar/{program.id}.ics"),
        feed("Talks only", "Talks and contributed talks, without breaks.", "/calendar/talks.ics"),
    ]
    if program.dates:
        general.append(feed("Important dates", "Deadlines and other dates that count.", "/calendar/dates.ics"))
    rooms = [feed(room.name, "What happens in this room.", f"/rooms/{room.id}.ics") for room in program.rooms]
    people = [feed(one.name, "What this person presents.", f"/speakers/{one.id}.ics") for one in program.speakers]
    groups = [
        FeedGroup("All", general),
        FeedGroup("One room", rooms if len(rooms) > 1 else [], folded=True),
        FeedGroup("One person", people, folded=True),
    ]
    return [group for group in groups if group.feeds]


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
