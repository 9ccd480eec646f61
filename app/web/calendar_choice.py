"""What a reader chooses on `/subscribe`: one feed of the program, or the room or the person whose feed it is to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from flask import abort

from app.domain.errors import UnknownName
from app.domain.program import Person, Program
from app.domain.search import query_of
from app.domain.texts import LONGEST
from app.web import calendar_links
from app.web.calendar_links import Feed
from app.web.people_list import by_name, has_all

# The query has one of these.
PARAMETERS = ("what", "room", "person", "name")
# More people are looked for by their names, of which so many are shown; more rooms are in a list that unfolds.
MOST_CHOICES = 12


@dataclass(frozen=True)
class CalendarChoice:
    """What is chosen: ``what`` is "all", "talks", "dates", "room" or "person".

    ``feed`` is None as long as no room or person is chosen; ``text`` is what was typed to find a person.
    """

    what: str
    feed: Feed | None
    program: Program
    chosen: str = ""
    text: str = ""

    @property
    def has_few_rooms(self) -> bool:
        """Whether each room has a link."""
        return len(self.program.rooms) <= MOST_CHOICES

    @property
    def has_few_people(self) -> bool:
        """Whether each person has a link; else a name has to be typed."""
        return len(self.program.speakers) <= MOST_CHOICES

    @property
    def people(self) -> list[Person]:
        """The people to choose from: all of few, else the first who are found."""
        return by_name(self.program.speakers) if self.has_few_people else self._found[:MOST_CHOICES]

    @property
    def has_more_people(self) -> bool:
        """Whether more are found than are shown."""
        return len(self._found) > MOST_CHOICES

    @cached_property
    def _found(self) -> list[Person]:
        """Those with a name that has all that was typed."""
        query = query_of(self.text)
        return by_name(one for one in self.program.speakers if query.terms and has_all(query, one.name))


def parse(query: Mapping[str, str], program: Program, base_url: str) -> CalendarChoice:
    """Read `what`, `room`, `person` or `name`, of which there is one at most.

    Raises `UnknownName` for what the program does not have.
    """
    given = [(name, query[name]) for name in PARAMETERS if query.get(name)]
    if len(given) > 1:
        abort(400, f"expected one of {', '.join(PARAMETERS)}, not several")
    parameter, value = given[0] if given else ("what", "all")
    match parameter:
        case "room":
            return CalendarChoice("room", calendar_links.room_feed(program.room(value), base_url), program, value)
        case "person":
            return CalendarChoice(
                "person", calendar_links.person_feed(program.speaker(value), base_url), program, value
            )
        case "name":
            return CalendarChoice("person", None, program, text=value.strip()[: LONGEST["search"]])
    return _choice_by_sort(value, program, base_url)


def _choice_by_sort(what: str, program: Program, base_url: str) -> CalendarChoice:
    feeds = calendar_links.general_feeds(program, base_url)
    choices = [*feeds, *(["room"] if len(program.rooms) > 1 else []), *(["person"] if program.speakers else [])]
    if what not in choices:
        raise UnknownName("calendar", what, choices)
    return CalendarChoice(what, feeds.get(what), program)
