"""Edits from the actual time are exact to the second; pages go on to show hours and minutes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.codeml_day import at
from support.console_browser import Console
from support.movable_clock import MovableClock

HALF = timedelta(milliseconds=500)


def session_of(client: FlaskClient, name: str) -> dict[str, str]:
    sessions = client.get("/api/program").get_json()["sessions"]
    return next(one for one in sessions if one["id"] == name)


def element(page: str, name: str) -> str:
    """The first element of a page that shows a session."""
    return page[page.index(f'data-session="{name}"') :].partition("</article>")[0]


@pytest.mark.parametrize(
    ("do", "now", "times"),
    [
        ("start", "13:04:41", ("13:04:41", "13:34:41")),
        ("end", "13:20:07", ("13:00:00", "13:20:07")),
        ("extend", "13:31:10", ("13:00:00", "13:36:10")),
        ("extend", "13:20:07", ("13:00:00", "13:35:00")),
    ],
)
def test_start_end_and_plus_five_are_exact_to_the_second(
    app: Flask, clock: MovableClock, do: str, now: str, times: tuple[str, str]
) -> None:
    clock.set(at(now) + HALF)
    assert Console(app).edit(do, "matt-johnson", minutes="5").status_code == 303
    found = session_of(app.test_client(), "matt-johnson")
    assert (found["start"], found["end"]) == tuple(f"2025-07-18T{time}-07:00" for time in times)


def test_pages_show_hours_and_minutes_and_calendars_the_seconds(
    app: Flask, client: FlaskClient, clock: MovableClock
) -> None:
    clock.set(at("13:04:41"))
    Console(app).edit("start", "matt-johnson")
    shown = element(client.get("/").text, "matt-johnson")
    assert re.findall(r">(\d\d:\d\d[^<]*)<", shown) == ["13:04", "13:34"]
    assert "was 13:00" in shown
    assert b"DTSTART;TZID=America/Vancouver:20250718T130441\r\n" in client.get("/talks/matt-johnson.ics").data


def test_a_move_by_seconds_alone_is_not_said_to_have_been_at_the_same_minute(
    app: Flask, client: FlaskClient, clock: MovableClock
) -> None:
    edit = '{"kind": "Move", "session": "closing", "start": "2025-07-18T16:55:20-07:00"}'
    assert Console(app).post("/organizer/edit", edit=edit, base="1").status_code == 303
    shown = element(client.get("/").text, "closing")
    assert ('data-status="moved"' in shown, "was 16:55" in shown) == (True, False)
    assert re.search(r'data-part="was"[^>]* hidden></span>', shown)
