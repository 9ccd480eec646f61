"""The phone's rule of what is now, next, or cancelled while on is the server's, on any program and at any instant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from playwright.sync_api import Browser, Page
from serving import served
from strategies import programs_with_instants

from app.domain.program import Program
from app.domain.session import Session
from app.domain.timeline import Timeline
from app.web import assets

pytestmark = pytest.mark.browser

RULE = assets.address_of("js/core/now-next.js")
APPLY = """async ([address, rooms, sessions, time]) => {
    const { momentIn } = await import(address);
    return rooms.map((room) => {
        const { now, next, cancelled } = momentIn(room, sessions, time);
        return [room, ...[now, next, cancelled].map((found) => found?.id ?? null)];
    });
}"""


@pytest.fixture
def page(browser: Browser, app: Flask) -> Iterator[Page]:
    with served(app) as address:
        page = browser.new_page()
        page.goto(f"{address}/api")
        yield page
        page.close()


def milliseconds(instant: datetime) -> float:
    return instant.timestamp() * 1000


def told(session: Session) -> dict[str, Any]:
    """A session as a page tells it to its scripts."""
    times = {"start": milliseconds(session.start), "end": milliseconds(session.end)}
    return {"id": session.id, "room": session.room or "", "status": session.status, **times}


def by_the_server(program: Program, now: datetime) -> list[list[str | None]]:
    moment = Timeline(program).moment(now)
    answers = [(one.room.id, (one.now, one.next, one.cancelled)) for one in moment.rooms]
    return [[room, *(found and found.id for found in answer)] for room, answer in answers]


def test_the_phones_rule_says_what_the_servers_says(page: Page) -> None:
    @settings(max_examples=300)
    @given(programs_with_instants())
    def both_say_the_same(found: tuple[Program, datetime]) -> None:
        program, now = found
        rooms = [room.id for room in program.rooms]
        shown = page.evaluate(APPLY, [RULE, rooms, list(map(told, program.sessions)), milliseconds(now)])
        assert shown == by_the_server(program, now)

    both_say_the_same()
