"""Edits are made at any second, and leave whole minutes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.codeml_day import at
from support.console_browser import Console
from support.movable_clock import MovableClock
from support.publishing import publish

from app.domain.program import Program
from app.web.running_service import Service

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
        ("start", "13:04:41", ("13:04:00", "13:34:00")),
        ("end", "13:20:07", ("13:00:00", "13:20:00")),
        ("end", "13:00:59", ("13:00:00", "13:01:00")),
        ("extend", "13:31:10", ("13:00:00", "13:36:00")),
        ("extend", "13:20:07", ("13:00:00", "13:35:00")),
        ("late", "13:20:07", ("13:00:00", "13:35:00")),
    ],
)
def test_start_end_late_and_plus_five_take_now_without_its_seconds(
    app: Flask, clock: MovableClock, do: str, now: str, times: tuple[str, str]
) -> None:
    clock.set(at(now) + HALF)
    assert Console(app).edit(do, "matt-johnson", minutes="5").status_code == 303
    found = session_of(app.test_client(), "matt-johnson")
    assert (found["start"], found["end"]) == tuple(f"2025-07-18T{time}-07:00" for time in times)


def test_what_is_started_at_any_second_says_the_same_minute_everywhere(
    app: Flask, client: FlaskClient, clock: MovableClock
) -> None:
    clock.set(at("13:04:41"))
    Console(app).edit("start", "matt-johnson")
    shown = element(client.get("/").text, "matt-johnson")
    assert re.findall(r">(\d\d:\d\d[^<]*)<", shown) == ["13:04", "13:34"]
    assert "was 13:00" in shown
    assert b"DTSTART;TZID=America/Vancouver:20250718T130400\r\n" in client.get("/talks/matt-johnson.ics").data


def test_what_is_ended_is_over_at_once(app: Flask, client: FlaskClient, clock: MovableClock) -> None:
    clock.set(at("13:20:07"))
    Console(app).edit("end", "matt-johnson")
    [room] = client.get("/api/now").get_json()["rooms"]
    assert (room["now"], room["next"]["id"]) == (None, "chris-rackauckas")


def test_a_move_to_a_second_is_refused(app: Flask) -> None:
    edit = '{"edit": "Move", "session": "closing", "start": "2025-07-18T16:55:20-07:00"}'
    answer = Console(app).post("/organizer/edit", edit=edit, base="1")
    assert (answer.status_code, "16:55:20 is not a whole minute." in answer.text) == (409, True)


def test_a_move_of_files_by_seconds_alone_is_not_said_to_have_been_at_the_same_minute(
    client: FlaskClient, service: Service, program: Program
) -> None:
    closing = program.session("closing")
    moved = replace(closing, slot=closing.slot.starting_at(closing.start + timedelta(seconds=20)))
    publish(service, replace(program, sessions=tuple(moved if one is closing else one for one in program.sessions)))
    shown = element(client.get("/").text, "closing")
    assert ('data-status="moved"' in shown, "was 16:55" in shown) == (True, False)
    assert 'data-part="was"' not in shown
