"""Start and end of each session as instants: half of the day, day, nights that follow an evening, missing ends."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from app.domain.conference_day import DAY_STARTS
from app.domain.instants import CONFERENCE_YEARS, ONE_DAY, instant_on, utc
from app.domain.program import LONGEST_SESSION, Program
from app.importing.draft import Draft, DraftSession
from app.importing.report import ImportReport
from app.importing.source import ImportOptions, Source
from app.importing.vocabulary import word_set

EVENING = timedelta(hours=18)
HOUR = timedelta(hours=1)
FEWEST_HOURS_OF_A_DAY = 2 * HOUR
LENGTH_OF_THE_LAST = timedelta(minutes=30)
LONGEST_UP_TO_NEXT = timedelta(hours=6)
LONGEST_NIGHT = timedelta(hours=12)
EXAMPLE = date(2025, 7, 18)
LAST_ROWS = word_set("sessions.last_rows")
# What states better what is guessed.
DATES = "a column Date"
ENDS = "a column End, or times such as 9:00 - 9:30"


@dataclass(frozen=True, slots=True)
class TimedSession:
    """A session of a draft with its instants in UTC; ``end`` is never before ``start``."""

    draft: DraftSession
    start: datetime
    end: datetime


def first_day_of(draft: Draft, options: ImportOptions, former: Program | None, source: Source) -> date | None:
    """The day of sessions that name none: of the options, else of the source, of the former program.

    None where it is not needed, and where there is none: then it is asked for.
    """
    day = options.first_date or draft.first_day
    times = (session.time for session in draft.sessions)
    if day or not any(time.start is None and time.clock is not None and time.day is None for time in times):
        return day
    if former is not None and former.days:
        source.report.guessed(f"no date in the source: {former.days[0].isoformat()}, as before", better="--date")
        return former.days[0]
    source.report.ask("its day is not said", f"--date {draft.likely_day or EXAMPLE}")
    return None


def with_instants(
    sessions: Sequence[DraftSession], zone: str, first_day: date | None, report: ImportReport
) -> list[TimedSession]:
    """The sessions that have a start; what is missing is guessed and reported.

    Sessions without a day are on ``first_day`` (required if there are any), and on the next day once
    their times have passed midnight.
    """
    found: list[tuple[DraftSession, datetime, datetime | None]] = []
    for session in _on_days(sessions, first_day, report):
        reader = _TimeReader(session, session.time.zone or zone, report)
        if (start := reader.start()) is not None:
            found.append((session, start, reader.end(start)))
    starts: dict[str | None, list[datetime]] = defaultdict(list)
    for session, start, _ in found:
        starts[session.room].append(start)
    for_all, everywhere = list(starts[""]), [start for _, start, _ in found]
    for room, in_room in starts.items():  # what is for all rooms is next in each, and up to the next in any
        in_room.extend(for_all if room else everywhere if room == "" else ())
        in_room.sort()
    return [
        TimedSession(session, start, end or _guessed_end(session, start, starts[session.room], report))
        for session, start, end in found
    ]


@dataclass(slots=True)
class _DayInOrder:
    """One day of sessions that come in the order of their times: each room's earliest start and its last one."""

    day: date
    earliest: dict[str | None, timedelta] = field(default_factory=dict)
    last: dict[str | None, timedelta] = field(default_factory=dict)
    latest: timedelta = timedelta()

    def begins_anew(self, room: str | None, clock: timedelta) -> bool:
        """Whether a time goes back by hours to where its room began, as a next day's first does."""
        back = self.last.get(room, clock) - clock
        return back >= FEWEST_HOURS_OF_A_DAY and abs(clock - self.earliest.get(room, clock)) <= HOUR

    def add(self, room: str | None, clock: timedelta) -> None:
        """Take a start into account."""
        self.earliest[room] = min(self.earliest.get(room, clock), clock)
        self.last[room] = clock
        self.latest = max(self.latest, clock)


def _on_days(sessions: Iterable[DraftSession], first_day: date | None, report: ImportReport) -> Iterator[DraftSession]:
    """Sessions on their days: on the one of a heading; else on the first, and on the next where times begin anew.

    Those after midnight belong to the night that follows their day; without headings, all below them, too.
    """
    current: _DayInOrder | None = None
    for session in sessions:
        time, clock = session.time, session.time.clock
        day = time.day or first_day
        if time.start or clock is None or day is None or (time.day and not time.day_inherited):
            yield session
            continue
        if current is None or current.day != day:
            current = _DayInOrder(day)
        if current.latest >= EVENING and clock < DAY_STARTS:
            report.guessed("after midnight, so on the next day", session.name, better=DATES)
            day += ONE_DAY
        elif time.day is None and current.begins_anew(session.room, clock):
            report.guessed("the times begin anew, so on the next day", session.name, better=DATES)
            day += ONE_DAY
            current = _DayInOrder(day)
        elif clock < current.last.get(session.room, clock):
            report.guessed("before the session above it, on the same day", session.name, better=DATES)
        current.add(session.room, clock)
        if time.day is None:
            first_day = day
        yield replace(session, time=replace(time, day=day))


@dataclass(frozen=True, slots=True)
class _TimeReader:
    """The times of one session, in a zone."""

    session: DraftSession
    zone: str
    report: ImportReport

    def start(self) -> datetime | None:
        """The instant of the start; None where it is not known, or outside the calendar."""
        time, title = self.session.time, self.session.name
        if time.start is None and (time.clock is None or time.day is None):
            self.report.left("without a time", title)
            return None
        start = _instant(time.start) if time.start else self._local(time.day, time.clock)
        if start is None:
            self.report.left("outside the calendar", title)
        return start

    def end(self, start: datetime) -> datetime | None:
        """The instant of the end; None where it is not said, or before the start."""
        end, title = self._said_end(start), self.session.name
        if end is None:
            return None
        if end < start:
            self.report.guessed("ends before it starts; its end was left away", title, better=ENDS)
            return None
        if end - start > LONGEST_SESSION:
            self.report.guessed("longer than seven days; cut there", title, better=ENDS)
            return start + LONGEST_SESSION
        if end == start:
            self.report.took("with no length, as the source has it", title)
        return end

    def _said_end(self, start: datetime) -> datetime | None:
        time = self.session.time
        if time.end is not None:
            return _instant(time.end)
        if time.duration is not None:
            return start + min(time.duration, 2 * LONGEST_SESSION)
        if time.end_clock is None:
            return None
        day = time.end_day or time.day
        end = self._local(day, time.end_clock)
        on_start_day = time.end_day in (None, time.day)
        if end is not None and end < start and day is not None and on_start_day and time.end_clock < DAY_STARTS:
            end = self._local(day + ONE_DAY, time.end_clock)
            if end is not None and end - start > LONGEST_NIGHT:
                self.report.guessed("ends on the next day", self.session.name, better=ENDS)
        return end

    def _local(self, day: date | None, clock: timedelta | None) -> datetime | None:
        if day is None or clock is None or day.year not in CONFERENCE_YEARS:
            return None
        instant, exact = instant_on(day, clock, self.zone)
        if not exact:
            remark = "a clock change skips or repeats its time; the clocks before the change are meant"
            self.report.guessed(remark, self.session.name, better="a time that the clocks show once")
        return instant


def _instant(instant: datetime) -> datetime | None:
    return utc(instant) if instant.year in CONFERENCE_YEARS else None


def _guessed_end(session: DraftSession, start: datetime, starts: list[datetime], report: ImportReport) -> datetime:
    """The next start in the room; ``starts`` are sorted."""
    following = bisect_right(starts, start)
    if following < len(starts) and starts[following] - start <= LONGEST_UP_TO_NEXT:
        report.guessed("no end given: up to the next", session.name, better=ENDS)
        return starts[following]
    if session.title.casefold().strip(" .!🏁") in LAST_ROWS:
        report.guessed("no end given: with no length", session.name, better=ENDS)
        return start
    report.guessed("no end given and none after it: half an hour", session.name, better=ENDS)
    return start + LENGTH_OF_THE_LAST


NOON = timedelta(hours=12)
# A clock that falls back to before this, without am or pm, means the afternoon.
EARLIEST = timedelta(hours=8)
# A single time tells nothing.
FEWEST_TIMES = 2


def with_afternoons(sessions: list[DraftSession], report: ImportReport) -> list[DraftSession]:
    """The sessions of one table, in its order, those in the afternoon twelve hours later."""
    clocks = [one.time.clock for one in sessions if one.time.clock is not None and not one.time.has_am_or_pm]
    if not clocks or any(clock >= NOON + HOUR for clock in clocks):
        return sessions
    if len(clocks) == len(sessions) >= FEWEST_TIMES and all(HOUR <= clock < EARLIEST for clock in clocks):
        # Nobody meets from one to five at night.
        return [_twelve_hours_later(one, report) for one in sessions]
    result: list[DraftSession] = []
    afternoon, first, latest, place = False, timedelta(), timedelta(), None
    for session in sessions:
        time = session.time
        begins_anew = afternoon and time.clock is not None and EARLIEST <= time.clock <= first
        if (time.day, session.room) != place or begins_anew:
            place = (time.day, session.room)
            afternoon, first, latest = False, time.clock or timedelta(), timedelta()
        if time.clock is not None:
            afternoon = afternoon or (time.clock < EARLIEST <= latest)
            latest = max(latest, time.clock)
        later = afternoon and not time.has_am_or_pm
        result.append(_twelve_hours_later(session, report) if later else _end_in_the_afternoon(session))
    return result


def _twelve_hours_later(session: DraftSession, report: ImportReport) -> DraftSession:
    time = session.time
    if time.clock is None or time.clock >= NOON:
        return session
    report.guessed("in the afternoon, by its place in the table", session.name, better="am and pm, or 13:00")
    end = time.end_clock + NOON if time.end_clock is not None and time.end_clock < NOON else time.end_clock
    return replace(session, time=replace(time, clock=time.clock + NOON, end_clock=end))


def _end_in_the_afternoon(session: DraftSession) -> DraftSession:
    """`12:00 - 1:00` ends in the afternoon."""
    time = session.time
    if time.clock is None or time.end_clock is None or time.end_day or not time.end_clock < time.clock <= NOON + HOUR:
        return session
    return replace(session, time=replace(time, end_clock=time.end_clock + NOON))
