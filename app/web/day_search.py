"""The search and the filters of the day's page, read from its query."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from urllib.parse import urlencode

from flask import abort
from markupsafe import Markup

from app.domain.conference_day import conference_day
from app.domain.program import Program, Room
from app.domain.search import Query, query_of
from app.domain.search_index import SearchIndex
from app.domain.session import Session
from app.domain.word_index import MOST_ITEMS_SHOWN, Reason
from app.formats.exchange_ids import PAPERS_PATH
from app.web.request_context import PageContext
from app.web.template_helpers import Day, day_of, days_of, kind_name, long_date
from app.web.word_search import Choice, WordSearch

COMING = "1"
# A word that half the program has is no search: more rows would only make the page large.
MOST_SHOWN = 100


@dataclass(frozen=True)
class Hit:
    """A session that was found; ``day`` is its date in short, "" in a program of one day; ``over``: it is over.

    ``papers`` is the address of all its papers that are found, "" where it has no more than the reasons name.
    """

    session: Session
    marked: Callable[[str], Markup]
    reasons: tuple[Reason, ...]
    day: str
    over: bool
    papers: str


@dataclass(frozen=True)
class DaySearch(WordSearch):
    """The sessions that are asked for: a list in place of the day where words are, else of each day what is left."""

    PATH = "/"
    PARAMETERS = ("q", "room", "kind", "track", "coming", "day", "view", "at")
    FILTERS = ("room", "kind", "track", "coming")

    @property
    def coming(self) -> bool:
        """Whether what is over is left out."""
        return "coming" in self.given

    @property
    def day(self) -> date | None:
        """The chosen day."""
        return date.fromisoformat(self.given["day"]) if "day" in self.given else None

    @cached_property
    def open_day(self) -> str:
        """The day shown without words: the chosen one, else the first not over with what the filters select."""
        program, now = self.context.program, self.context.now
        selected = tuple(filter(self.selects, program.sessions)) or program.sessions
        return self.given.get("day") or day_of_now(program, days_of(program, selected), now)

    @cached_property
    def of_open_day(self) -> list[Session]:
        """The sessions of that day."""
        program = self.context.program
        return [one for one in program.sessions if f"{conference_day(program, one.start)}" == self.open_day]

    @cached_property
    def choices(self) -> list[Choice]:
        """The filters with more than one value."""
        program = self.context.program
        options = {
            "room": [(room.id, room.name) for room in program.rooms],
            "kind": [(kind, kind_name(kind)) for kind in kinds_of(program)],
            "track": [(track, track) for track in tracks_of(program)],
        }
        return [self.choice(name, values) for name, values in options.items() if len(values) > 1]

    def selects(self, session: Session) -> bool:
        """Whether the room, kind and track are those of a session; one for all rooms is in each."""
        return _selects(self.given, session)

    def is_over(self, session: Session) -> bool:
        """Whether a session is over."""
        return session.end <= self.context.now

    def number_of(self, sessions: Iterable[Session]) -> int:
        """How many of some sessions the filters leave."""
        return sum(self.selects(one) and not (self.coming and self.is_over(one)) for one in sessions)

    @property
    def rooms(self) -> list[Room]:
        """The rooms of the results, whose sessions turn as time goes on."""
        used = {hit.session.room for hit in self.hits}
        return [room for room in self.context.program.rooms if None in used or room.id in used]

    @cached_property
    def found(self) -> tuple[Session, ...]:
        """The sessions found, the best first, what is over last; without words, all that the filters select."""
        return self._found(self.given)

    @cached_property
    def results(self) -> frozenset[str]:
        """The ids of the sessions found."""
        return frozenset(session.id for session in self.found)

    @property
    def number_found(self) -> int:
        """How many sessions are found; under "not over yet" without those that are over."""
        return self.number_of(self.found)

    @cached_property
    def number_on_all_days(self) -> int:
        """How many sessions would be found on all days, under the same filters."""
        return self.number_of(self._found({**self.given, "day": ""})) if self.has_words else 0

    @cached_property
    def hits(self) -> list[Hit]:
        """The first results, with why they were found where their titles and names do not say so."""
        return [self._hit(one) for one in self.found[:MOST_SHOWN]]

    @cached_property
    def proposals(self) -> list[tuple[str, str]]:
        """Words that may have been meant where little is found, each with its address."""
        return self._finding(self._index.proposals(self.query, self._everywhere))

    @cached_property
    def shorter(self) -> list[tuple[str, str]]:
        """Fewer words where all together find nothing, each with its address."""
        return self._finding(self._index.shorter(self.query, self._everywhere))

    @cached_property
    def wider(self) -> list[tuple[str, str, int]]:
        """The same words on all days or without filters: what that is, its address, and how many sessions it finds."""
        ways = [
            ("On all days", ("day",)),
            ("Without filters", self.FILTERS),
            ("On all days without filters", ("day", *self.FILTERS)),
        ]
        seen, found = set(), []
        for label, names in ways:
            given = {name: value for name, value in self.given.items() if name not in names}
            number, size = len(self._found(given)), len(given)
            if number and size not in seen and size < len(self.given):
                found.append((label, self.address(without=names), number))
            seen.add(size)
        return found

    @cached_property
    def other_days(self) -> list[tuple[str, str, int]]:
        """The days on which the filters leave something, where they leave nothing of the open one, as in `wider`."""
        program = self.context.program
        days = days_of(program, tuple(self._everywhere))
        counted = [(day.date, self.number_of(day.sessions)) for day in days]
        return [(long_date(day), self.address(day=f"{day}"), number) for day, number in counted if number]

    @cached_property
    def _everywhere(self) -> tuple[Session, ...]:
        """What has the words, on any day and whatever the filters."""
        return self._with_words(self.query)

    def _with_words(self, query: Query) -> tuple[Session, ...]:
        context = self.context
        return self._index.find(query, context.now) if query.terms else context.program.sessions

    def _found(self, given: Mapping[str, str]) -> tuple[Session, ...]:
        text = given.get("q", "")
        sessions = self._everywhere if text == self.text else self._with_words(query_of(text))
        return tuple(one for one in sessions if _selects(given, one) and self._is_on(given, one))

    def _is_on(self, given: Mapping[str, str], session: Session) -> bool:
        """Whether a session is on the day of a query, if that names one."""
        day = given.get("day")
        return not day or day == f"{conference_day(self.context.program, session.start)}"

    def _finding(self, texts: Iterable[str]) -> list[tuple[str, str]]:
        """Those of some texts that find something on the chosen day under the filters, with their addresses."""
        return self.searches(text for text in texts if self._found({**self.given, "q": text}))

    def _hit(self, session: Session) -> Hit:
        several = self.context.snapshot.timeline.has_several_days
        day = day_of(self.context.program, session)[0] if several else ""
        reasons = self._index.reasons(self.query, session)
        has_more = sum(bool(one.item) for one in reasons) == MOST_ITEMS_SHOWN
        papers = f"{PAPERS_PATH}?{urlencode({'q': self.text, 'session': session.id})}" if has_more else ""
        return Hit(session, self.marked, reasons, day, self.is_over(session), papers)

    @property
    def _index(self) -> SearchIndex:
        return self.context.snapshot.search_index


def parse(given: Mapping[str, str], context: PageContext) -> DaySearch:
    """Read the parameters; raises `UnknownName` for names that the program does not have, responds 400 to nonsense."""
    if (coming := given.get("coming") or COMING) != COMING:
        abort(400, f"expected coming to be {COMING}, not {coming}")
    program = context.program
    names = {
        "room": list(program.rooms_by_id),
        "kind": kinds_of(program),
        "track": tracks_of(program),
        "day": [f"{one.date}" for one in days_of(program, program.sessions)],
    }
    return DaySearch.read(given, context, names)


def _selects(given: Mapping[str, str], session: Session) -> bool:
    room = given.get("room")
    is_there = room is None or session.room in (room, None)
    return is_there and all(
        given.get(name, of) == of for name, of in (("kind", session.kind), ("track", session.track))
    )


def kinds_of(program: Program) -> list[str]:
    """The kinds of session that a program has, in the order of their first session."""
    return list(dict.fromkeys(session.kind for session in program.sessions))


def tracks_of(program: Program) -> list[str]:
    """The tracks that a program's sessions have, by name."""
    return sorted({session.track for session in program.sessions} - {""})


def day_of_now(program: Program, days: Sequence[Day], now: datetime) -> str:
    """The present day unless it is over, else the first that is not over, else the last; "" without days.

    What lasts until the next morning does not hold its day open against that of the morning.
    """
    today = conference_day(program, now)
    current = [day.date for day in days if day.ends and day.ends > now]
    last = [day.date for day in days][-1:]
    return f"{today}" if today in current else next(map(str, (*current, *last)), "")
