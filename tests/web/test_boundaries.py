"""Across each boundary, the last one too, every page says what the API says."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from moving_clock import MovableClock

from app.web.ahead import Ahead
from app.web.service import Service

PAGES = ("/", "/now", "/display")
SECOND = timedelta(seconds=1)
# From before the coming pages are built ahead, to after the boundary.
SECONDS_AROUND = range(-30, 6)

Shown = tuple[str, str | None, str | None]


@cache
def shown_by(page: bytes) -> Shown:
    """The phase, and the sessions in the slots of the only room."""
    tree = html.fromstring(page)
    now, following = (
        next(iter(tree.xpath(f"//*[@data-slot='{slot}']//@data-session")), None) for slot in ("now", "next")
    )
    return str(tree.get("data-phase")), now, following


def said(client: FlaskClient) -> Shown:
    """The same by the API."""
    answer = client.get("/api/now").get_json()
    [room] = answer["rooms"]
    now, following = (room[slot] and room[slot]["id"] for slot in ("now", "next"))
    return answer["phase"], now, following


def around_each_boundary(service: Service) -> list[datetime]:
    """Each second near a boundary of the day, in order."""
    boundaries = service.current.snapshot.timeline.boundaries
    return sorted({edge + number * SECOND for edge in boundaries for number in SECONDS_AROUND})


@pytest.mark.parametrize("begin_days_later", [0, -1])
def test_each_second_around_each_boundary_pages_and_api_agree(
    app: Flask, service: Service, client: FlaskClient, clock: MovableClock, begin_days_later: int
) -> None:
    seconds = around_each_boundary(service)
    # A clock that is set back finds what was built for later hours.
    clock.set(seconds[-1])
    assert {shown_by(client.get(page).data) for page in PAGES} == {said(client)}
    ahead = Ahead(app)
    clock.set(seconds[0] + timedelta(days=begin_days_later))
    assert {shown_by(client.get(page).data) for page in PAGES} == {said(client)}
    for second in seconds:
        clock.set(second)
        ahead.look()
        assert {shown_by(client.get(page).data) for page in PAGES} == {said(client)}, second
