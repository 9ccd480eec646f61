"""The console's list of speakers: how each comes to the page of their session, by day, or those whom a search finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

from app.domain.edits.speaker_rights import changes_until
from app.domain.errors import UnknownName
from app.domain.program import Person
from app.domain.session import Session
from app.formats.speaker_links_csv import LinkToSend
from app.live.clock import SYSTEM_CLOCK
from app.store.speaker_links import Place, SpeakerAccess, speaker_accesses
from app.web import day_search
from app.web.day_search import DaySearch
from app.web.organizer.signed_in_person import sign_ins
from app.web.request_context import PageContext
from app.web.responses import base_url
from app.web.running_service import secret_key
from app.web.template_helpers import Day, days_of, short_date

State = Literal["signed-in", "link", "none"]
STATES: tuple[State, ...] = get_args(State)
# A search or a state may be that of a thousand speakers: more rows would only make the page large.
MOST_SESSIONS_FOUND = 100
# Of more the page has the file alone.
MOST_LINES = 100
LONGEST_TITLE_IN_LINE = 60


@dataclass(frozen=True)
class SpeakerList:
    """The speakers who may still change something of their session. ``state`` is the one that is shown alone, or ""."""

    context: PageContext
    accesses: tuple[SpeakerAccess, ...]
    search: DaySearch
    state: str = ""

    @cached_property
    def numbers(self) -> Counter[State]:
        """How many speakers are in each state."""
        return Counter(map(state_of, self.accesses))

    @property
    def without_access(self) -> frozenset[Place]:
        """Who has neither a link nor a sign-in."""
        return frozenset(one.place for one in self.accesses if state_of(one) == "none")

    @property
    def counts_twice(self) -> bool:
        """Whether somebody speaks at several sessions."""
        return len({one.person.id for one in self.accesses}) < len(self.accesses)

    @cached_property
    def links(self) -> tuple[LinkToSend, ...]:
        """The unused links that can be shown."""
        return tuple(_links_to_send(self.accesses))

    @property
    def lines(self) -> str:
        """Those links as text, a line for each."""
        return "\n".join(map(self._line, self.links))

    @property
    def links_without_key(self) -> int:
        """How many unused links cannot be shown."""
        return sum(one.link is not None for one in self.accesses) - len(self.links)

    @property
    def filtered(self) -> bool:
        """Whether a search or a state leaves speakers out."""
        return bool(self.state) or self.search.has_words

    @cached_property
    def days(self) -> list[Day]:
        """All days on which somebody speaks."""
        return self._days_of({one.session.id for one in self.accesses})

    @cached_property
    def open_day(self) -> str:
        """The day that is shown; "" where it is what was found on all days."""
        if self.filtered:
            return ""
        return self.search.given.get("day") or day_search.day_of_now(self.context.program, self.days, self.context.now)

    @cached_property
    def found(self) -> dict[str, list[SpeakerAccess]]:
        """Those whom the search finds in the state, by their session."""
        found: dict[str, list[SpeakerAccess]] = {}
        for one in self.accesses:
            if one.session.id in self.search.results and self.state in {"", state_of(one)}:
                found.setdefault(one.session.id, []).append(one)
        return found

    @property
    def sessions_left_out(self) -> int:
        """How many sessions are found but not shown."""
        return max(len(self.found) - MOST_SESSIONS_FOUND, 0) if self.filtered else 0

    @cached_property
    def shown_days(self) -> list[Day]:
        """The open day, or what was found, with the sessions that are shown."""
        if self.filtered:
            return self._days_of(set(list(self.found)[:MOST_SESSIONS_FOUND]))
        return [day for day in self.days if f"{day.date}" == self.open_day]

    def _days_of(self, sessions: Collection[str]) -> list[Day]:
        program = self.context.program
        return days_of(program, tuple(one for one in program.sessions if one.id in sessions))

    def message(self, access: SpeakerAccess) -> str:
        """What an organizer sends to one speaker with their link; "" where that cannot be shown."""
        if access.link is None or access.link.key is None:
            return ""
        program, start = self.context.program, self.context.program.local(access.session.start)
        when = f"{short_date(start.date())}, {start:%H:%M}"
        address = f"{base_url()}/organizer/sign-in/{access.link.key}"
        return f"{access.person.name}, your page for {program.title}, {when}: {address} It works once, on one device."

    def _line(self, one: LinkToSend) -> str:
        start = self.context.program.local(one.session.start)
        day = f"{short_date(start.date())} " if len(self.days) > 1 else ""
        return f"{one.person.name}, {day}{start:%H:%M} {_shortened(one.session.title)}: {one.address}"


def parse(query: Mapping[str, str], context: PageContext) -> SpeakerList:
    """Read `q`, `day` and `state`; raises `UnknownName` for a day that the program does not have, or another state."""
    state = query.get("state", "")
    if state and state not in STATES:
        raise UnknownName("state", state, STATES)
    words = query.get("q", "")
    search = day_search.parse({"q": words, "day": "" if words or state else query.get("day", "")}, context)
    return SpeakerList(context, open_accesses(context), search, state)


def open_accesses(context: PageContext) -> tuple[SpeakerAccess, ...]:
    """How the speakers who may still change something of their session come to its page."""
    accesses = speaker_accesses(sign_ins(), context.program, SYSTEM_CLOCK.now(), secret_key())
    return tuple(one for one in accesses if context.now < changes_until(one.session))


def state_of(access: SpeakerAccess) -> State:
    """How far somebody has come."""
    if access.sign_in:
        return "signed-in"
    return "link" if access.link else "none"


def missing_of(session: Session, person: Person) -> list[str]:
    """What readers do not find of a session and of one of its people."""
    missing = {"title": session.tba, "abstract": not session.abstract, "picture": person.picture is None}
    return [name for name, is_missing in missing.items() if is_missing]


def _links_to_send(accesses: tuple[SpeakerAccess, ...]) -> Iterator[LinkToSend]:
    base = base_url()
    for one in accesses:
        if one.link and one.link.key:
            address = f"{base}/organizer/sign-in/{one.link.key}"
            yield LinkToSend(one.session, one.person, address, one.link.expires_at)


def _shortened(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE_IN_LINE else f"{title[: LONGEST_TITLE_IN_LINE - 1].rstrip()}…"
