"""The projector's board of many rooms as the server sends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html
from support.conference import app_of
from support.movable_clock import MovableClock

from app.domain.program import Program, Room
from app.domain.session import Session, Slot
from app.domain.timeline import Timeline
from app.web.display_board import instant_shown

FOURTH = datetime(2026, 12, 4, tzinfo=UTC)


def session(name: str, start: float, end: float, room: str) -> Session:
    slot = Slot(start=FOURTH + timedelta(hours=start), end=FOURTH + timedelta(hours=end), room=room)
    return Session(id=name, title=name, slot=slot, scheduled=slot)


@pytest.fixture
def program() -> Program:
    """Two days with two rooms, the first from half past five in the morning."""
    return Program(
        id="board",
        title="Board",
        timezone="UTC",
        domain="board.example",
        days=(date(2026, 12, 4), date(2026, 12, 5)),
        rooms=(Room("hall", "Hall"), Room("annex", "Annex")),
        sessions=(
            session("run", 5.5, 6.5, "hall"),
            session("talk", 9, 10, "hall"),
            session("late", 12, 13, "hall"),
            session("workshop", 9, 14, "annex"),
            session("morning", 24 + 9, 24 + 10, "annex"),
            session("second", 24 + 12, 24 + 13, "hall"),
        ),
    )


def texts(client: FlaskClient, path: str) -> list[str]:
    """The texts of elements, without what is hidden in them."""
    page = html.fromstring(client.get("/display").text)
    for hidden in page.xpath("//*[@hidden]"):
        hidden.drop_tree()
    return [" ".join(one.text_content().split()) for one in page.xpath(path)]


DAYS = "//article//*[@class='other-day']"
QUIET = "//*[@class='quiet']/p"


def test_a_page_is_the_same_at_each_instant_of_a_segment(
    client: FlaskClient, clock: MovableClock, program: Program
) -> None:
    instants = [FOURTH + timedelta(hours=hours) for hours in (10, 10.1, 11.5)]
    assert {instant_shown(Timeline(program), instant) for instant in instants} == {instants[0]}
    clock.set(instants[2])
    assert client.get("/display").text.count("<article") == len(program.sessions) - 2


@pytest.mark.parametrize(
    ("hours", "head", "days"),
    [
        (-1, "", ["Fri 4 Dec"]),
        (0, "Friday 4 December", []),
        (5.7, "Friday 4 December", []),
        (29.9, "Friday 4 December", ["Sat 5 Dec"]),
        (30, "Saturday 5 December", []),
    ],
)
def test_the_head_names_the_day_and_rows_name_that_of_another(
    client: FlaskClient, clock: MovableClock, hours: float, head: str, days: list[str]
) -> None:
    clock.set(FOURTH + timedelta(hours=hours))
    assert (texts(client, "//*[@class='beside']"), texts(client, DAYS)) == ([head], days)


@pytest.mark.parametrize(("hours", "quiet"), [(13.5, ["Hall Sat 5 Dec 12:00"]), (30.5, ["Hall 12:00"])])
def test_a_quiet_room_says_the_day_of_what_comes_there(
    client: FlaskClient, clock: MovableClock, hours: float, quiet: list[str]
) -> None:
    clock.set(FOURTH + timedelta(hours=hours))
    assert texts(client, QUIET) == quiet


def test_the_board_has_the_rows_of_its_day_and_the_next(tmp_path: Path, program: Program, clock: MovableClock) -> None:
    """A projector that loses the network overnight has the morning; a week of rows would be too much for it."""
    last = session("last", 48 + 9, 48 + 10, "hall")
    with app_of(replace(program, sessions=(*program.sessions, last)), tmp_path, clock) as app:
        rows = {}
        for day, hours in (("first", 8), ("second", 32)):
            clock.set(FOURTH + timedelta(hours=hours))
            page = html.fromstring(app.test_client().get("/display").text)
            rows[day] = page.xpath("//article/@data-session")
    assert rows == {
        "first": ["talk", "workshop", "late", "morning", "second"],
        "second": ["morning", "second", "last"],
    }
