"""Properties of every feed, on generated programs with special characters in every text."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from support.calendar_programs import PUBLIC_URL, PUBLISHED, feed_of, next_programs, touched, troubled_programs
from support.ical_checker import check_calendar, check_evolution, check_instants
from support.strategies import examples

from app.domain.change_stamps import with_stamps
from app.domain.instants import utc
from app.domain.program import Program
from app.formats.calendar import feed as calendar_feed

FEW = examples(40)
# Stamps are told apart by seconds; some edits come in the same one.
PAUSES = st.sampled_from([timedelta(0), timedelta(seconds=1), timedelta(hours=5)])


def dates_feed(program: Program) -> bytes:
    assert program.dates_changed_at is not None
    return calendar_feed.dates_feed(
        program, public_url=PUBLIC_URL, feed_path="/calendar/dates.ics", stamp=program.dates_changed_at
    )


def expected(program: Program) -> dict[str, object]:
    return {
        f"{one.id}@{program.domain}": (one.start, one.end if one.end > one.start else None) for one in program.sessions
    }


@given(troubled_programs())
@FEW
def test_every_feed_keeps_the_rules(drawn: Program) -> None:
    """Rules 1 to 6 of `ical_checker`."""
    program = with_stamps(None, drawn, PUBLISHED, 1)
    files = [feed_of(program), dates_feed(program)]
    files += [calendar_feed.session_file(program, one, public_url=PUBLIC_URL) for one in program.sessions[:2]]
    assert [check_calendar(data) for data in files] == [[] for _ in files]


@given(troubled_programs())
@FEW
def test_every_session_starts_and_ends_at_its_instant(drawn: Program) -> None:
    """Rule 4: each time, read through the embedded VTIMEZONE, is the program's instant."""
    program = with_stamps(None, drawn, PUBLISHED, 1)
    assert check_instants(feed_of(program), expected(program)) == []


@given(troubled_programs())
@FEW
def test_every_deadline_is_at_its_instant(drawn: Program) -> None:
    """Rule 4, for important dates."""
    program = with_stamps(None, drawn, PUBLISHED, 1)
    dates = {f"date-{one.id}@{program.domain}": (utc(one.at) if one.at else one.day, None) for one in program.dates}
    assert check_instants(dates_feed(program), dates) == []


@given(troubled_programs())
@FEW
def test_the_same_program_gives_the_same_bytes(drawn: Program) -> None:
    """Law 8: feeds are deterministic, whatever order the sessions came in."""
    program = with_stamps(None, drawn, PUBLISHED, 1)
    again = with_stamps(None, drawn, PUBLISHED, 1)
    assert (feed_of(program), dates_feed(program)) == (feed_of(again), dates_feed(again))


@given(st.data(), troubled_programs())
@FEW
def test_stamps_rise_with_each_change_and_stay_without_one(data: st.DataObject, drawn: Program) -> None:
    """Rule 7: through any sequence of edits and undos."""
    now = PUBLISHED
    program = with_stamps(None, drawn, now, 1)
    earlier: list[Program] = []
    for revision in range(2, 2 + data.draw(st.integers(1, 4))):
        now += data.draw(PAUSES)
        after = with_stamps(program, data.draw(next_programs(program, earlier)), now, revision)
        assert check_evolution(feed_of(program), feed_of(after), touched(program, after)) == []
        assert check_calendar(feed_of(after)) == []
        assert check_instants(feed_of(after), expected(after)) == []
        earlier.append(program)
        program = after
