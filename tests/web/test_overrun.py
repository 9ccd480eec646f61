"""The overrun proposes itself: two minutes after the end of a talk that nobody ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from lxml import html
from support.codeml_day import at
from support.console_browser import Console
from support.movable_clock import MovableClock
from support.publishing import publish_noted

from app.domain.edits.edit_types import Cancel, EndNow, Move, StartNow
from app.web.running_service import Service

SECOND = timedelta(seconds=1)


@pytest.fixture
def chair(app: Flask) -> Console:
    return Console(app, "Ada", room="venue")


def question(console: Console, clock: MovableClock, time: str) -> html.HtmlElement | None:
    """The question that the page shows at a time; None while it is hidden or not there."""
    clock.set(at(time))
    found = html.fromstring(console.get("/organizer").text).xpath('//section[contains(@class, "still-on")]')
    return next((one for one in found if one.get("hidden") is None), None)


def offers(console: Console, clock: MovableClock, time: str) -> list[tuple[str, str]]:
    """The offers of the question, each with what it would move."""
    found = question(console, clock, time)
    rows = found.xpath('.//*[@class="offer"]') if found is not None else []
    return [(row[0].text_content(), row.xpath('.//*[@class="hint"]')[0].text_content()) for row in rows]


def test_it_is_asked_from_two_until_ten_minutes_after_the_end(chair: Console, clock: MovableClock) -> None:
    times = ("13:31:59", "13:32:00", "13:39:59", "13:40:00")
    assert [question(chair, clock, time) is not None for time in times] == [False, True, True, False]


def test_it_says_who_and_what_each_offer_would_move(chair: Console, clock: MovableClock) -> None:
    found = question(chair, clock, "13:32:30")
    assert found is not None
    head = [" ".join(one.text_content().split()) for one in found.xpath("./p")]
    assert head == ["Still on? Its end was 13:30", "Matt Johnson"]
    assert offers(chair, clock, "13:32:30") == [
        ("5 min late", "4 sessions later, the first at 13:35"),
        ("10 min late", "4 sessions later, the first at 13:40"),
    ]


def test_a_tap_makes_it_late_and_the_question_is_gone(chair: Console, clock: MovableClock, service: Service) -> None:
    clock.set(at("13:32:30"))
    chair.post("/organizer/edit", tap="late 5", session="matt-johnson")
    program = service.current.snapshot.revision.program
    assert [program.clock(program.session(one).end) for one in ("matt-johnson", "chris-rackauckas")] == [
        "13:35",
        "14:05",
    ]
    assert question(chair, clock, "13:32:40") is None


def test_an_offer_that_would_have_passed_is_not_made(chair: Console, clock: MovableClock) -> None:
    assert [name for name, _ in offers(chair, clock, "13:35:00")] == ["10 min late"]


def test_where_it_would_run_into_what_is_pinned_it_says_so_and_leads_to_the_ways_out(
    chair: Console, clock: MovableClock
) -> None:
    found = question(chair, clock, "10:47")
    assert found is not None
    assert [one.get("href").split("?")[0] for one in found.xpath(".//a")] == ["/organizer/preview"] * 2
    assert offers(chair, clock, "10:47")[0] == (
        "5 min late…",
        "“Contributed talks / demos” would run 5 minutes into “Lunch and discussion” at 12:00",
    )


def test_it_is_not_asked_after_a_break(chair: Console, clock: MovableClock) -> None:
    assert question(chair, clock, "10:17") is None


def test_it_is_not_asked_where_somebody_ended_the_talk_or_started_the_next(
    chair: Console, clock: MovableClock, service: Service
) -> None:
    clock.set(at("13:29"))
    publish_noted(service, EndNow("matt-johnson"))
    assert question(chair, clock, "13:32") is None
    clock.set(at("14:01"))
    publish_noted(service, StartNow("contributed-afternoon"))
    assert question(chair, clock, "14:03") is None


def test_it_is_not_asked_of_a_talk_that_was_cancelled_or_moved(
    chair: Console, clock: MovableClock, service: Service
) -> None:
    clock.set(at("12:30"))
    publish_noted(service, Cancel("matt-johnson"))
    assert question(chair, clock, "13:32") is None
    publish_noted(service, Cancel("chris-rackauckas"))
    publish_noted(service, Move("contributed-afternoon", at("13:35")))
    assert question(chair, clock, "14:17") is None


def test_an_operator_is_asked_too_and_may_answer(app: Flask, clock: MovableClock) -> None:
    operator = Console(app, "Olga", role="operator")
    assert [name for name, _ in offers(operator, clock, "13:32")] == ["5 min late", "10 min late"]
