"""Around each boundary, including the last one, every page shows what the API says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from support.movable_clock import MovableClock

from app.web.prerender import Prerenderer
from app.web.running_service import Service

PAGES = ("/", "/now", "/display")
SECOND = timedelta(seconds=1)
# From before the next segment is prerendered to after the boundary.
SECONDS_AROUND = range(-30, 6)
QUICK_SECONDS = (-30, -20, -1, 0, 1)

Shown = tuple[str, str | None, str | None]


@cache
def shown_by(page: bytes) -> Shown:
    """The phase, and the sessions in the slots of the only room."""
    tree = html.fromstring(page)
    now, following = (
        next(iter(tree.xpath(f"//*[@data-slot='{slot}']//@data-session")), None) for slot in ("now", "next")
    )
    return str(tree.get("data-phase")), now, following


def by_api(client: FlaskClient) -> Shown:
    """The same according to the API."""
    answer = client.get("/api/now").get_json()
    [room] = answer["rooms"]
    now, following = (room[slot] and room[slot]["id"] for slot in ("now", "next"))
    return answer["phase"], now, following


def around_each_boundary(service: Service, around: Iterable[int]) -> list[datetime]:
    """The seconds near each boundary of the day, in order."""
    boundaries = service.current.snapshot.timeline.boundaries
    return sorted({edge + number * SECOND for edge in boundaries for number in around})


@pytest.mark.slow
@pytest.mark.parametrize(
    "around", [QUICK_SECONDS, pytest.param(SECONDS_AROUND, marks=pytest.mark.acceptance)], ids=["some", "each"]
)
@pytest.mark.parametrize("begin_days_later", [0, -1])
def test_in_the_seconds_around_each_boundary_pages_and_api_agree(
    app: Flask, service: Service, clock: MovableClock, begin_days_later: int, around: Iterable[int]
) -> None:
    client = app.test_client()
    seconds = around_each_boundary(service, around)
    # A clock that is set back must not show what was cached for later hours.
    clock.set(seconds[-1])
    assert {shown_by(client.get(page).data) for page in PAGES} == {by_api(client)}
    prerenderer = Prerenderer(app)
    clock.set(seconds[0] + timedelta(days=begin_days_later))
    assert {shown_by(client.get(page).data) for page in PAGES} == {by_api(client)}
    for second in seconds:
        clock.set(second)
        prerenderer.prerender_next()
        assert {shown_by(client.get(page).data) for page in PAGES} == {by_api(client)}, second
