"""Real calendar programs follow a feed through a day's changes, and show what the program says, once each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.calendar_clients import Feed, IcalJs, Khal, Shown, serving
from support.calendar_programs import DAY, PUBLISHED, edited, feed_of, program, session, slot

from app.domain.change_stamps import with_stamps
from app.domain.program import Program
from app.domain.session import Slot

pytestmark = pytest.mark.process

HALF_AN_HOUR = timedelta(minutes=30)
TRICKY = 'Tricky; "text", \\NP and\nlines: é 日本語 👩‍🔬 ' + "w" * 80


def expected(shown: Program) -> list[Shown]:
    """What every calendar program should show of a program; its titles have no speakers."""
    return sorted(
        Shown(one.id, one.start, one.end, one.cancelled, ("CANCELLED: " if one.cancelled else "") + one.title)
        for one in shown.sessions
    )


def a_day_of_changes() -> Iterator[Program]:
    """Published; moved; moved to another room; cancelled; reinstated; renamed; the move undone; one session more."""
    now = PUBLISHED + timedelta(days=17)
    talk = session("talk", slot(15, 30))
    current = program(
        talk,
        session("break", slot(45, 30), kind="break"),
        session("panel", slot(75, 55), title=" ".join(TRICKY.split())),
    )
    yield current
    published = current
    for change in ({"slot": slot(25, 30)}, {"slot": slot(25, 30, "annex")}, {"cancelled": True}, {"cancelled": False}):
        now += timedelta(minutes=1)
        current = edited(current, "talk", now, **change)
        yield current
    # An undo in the same second as a rename: its stamps must be later all the same.
    for after in (
        replace(current, sessions=tuple(replace(one, title="Renamed") for one in current.sessions)),
        published,
    ):
        current = with_stamps(current, after, now, 9)
        yield current
    yield with_stamps(current, replace(current, sessions=(*current.sessions, session("late", slot(140, 20)))), now, 10)


@pytest.mark.acceptance
def test_vdirsyncer_and_khal_show_the_program_after_every_change(tmp_path: Path) -> None:
    served = Feed()
    with serving(served) as url:
        khal = None
        for current in a_day_of_changes():
            served.body = feed_of(current)
            khal = khal or Khal(tmp_path, url)
            assert khal.read(DAY) == expected(current)


def test_ical_js_shows_the_program_after_every_change() -> None:
    client = IcalJs()
    for current in a_day_of_changes():
        assert client.read(feed_of(current)) == expected(current)


@pytest.mark.parametrize(
    ("zone", "midnight"),
    [
        ("America/Vancouver", "2026-11-01T07:00+00:00"),
        pytest.param("America/Vancouver", "2025-11-02T07:00+00:00", marks=pytest.mark.acceptance),
        pytest.param("Australia/Lord_Howe", "2025-04-05T13:00+00:00", marks=pytest.mark.acceptance),
        pytest.param("Europe/Dublin", "2025-10-25T23:00+00:00", marks=pytest.mark.acceptance),
    ],
)
def test_both_find_every_instant_of_the_night_on_which_clocks_change(tmp_path: Path, zone: str, midnight: str) -> None:
    first = datetime.fromisoformat(midnight)
    starts = [first + n * HALF_AN_HOUR for n in range(8)]
    slots = [Slot(start=start, end=start + HALF_AN_HOUR, room="hall") for start in starts]
    night = program(*(session(f"s{n}", one) for n, one in enumerate(slots)), timezone=zone, days=(first.date(),))
    served = Feed()
    served.body = feed_of(night)
    with serving(served) as url:
        assert Khal(tmp_path, url).read(first.date()) == expected(night)
    assert IcalJs().read(served.body) == expected(night)
