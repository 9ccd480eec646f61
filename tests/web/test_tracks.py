"""Tracks with colours: an edge at each of their sessions, and always the name in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from lxml import html
from support.publishing import publish

from app.domain.identity import Track
from app.domain.program import Program, Room
from app.web.running_service import Service


@pytest.fixture
def program(program: Program) -> Program:
    """The workshop, of which the panel is in a track with a colour and the closing in one without."""
    tracks = {"panel": "Main", "closing": "Side"}
    sessions = tuple(replace(one, track=tracks.get(one.id, "")) for one in program.sessions)
    return replace(program, sessions=sessions, tracks=(Track("Main", "#0057b8"), Track("Side")))


def card(client: FlaskClient, path: str, session: str) -> tuple[str | None, list[str]]:
    """The track's mark of a session on a page, and the track's name in words."""
    node = html.fromstring(client.get(path).text).xpath(f"//article[@data-session='{session}']")[0]
    return node.get("data-track"), [str(name) for name in node.xpath(".//*[@class='track']/text()")]


@pytest.mark.parametrize("path", ["/", "/rooms/venue", "/talks/panel", "/display", "/stage/venue"])
def test_a_session_of_a_coloured_track_has_its_mark_and_its_name(client: FlaskClient, path: str) -> None:
    assert card(client, path, "panel") == ("1", ["Main"])


def test_rows_of_other_sessions_have_neither(client: FlaskClient) -> None:
    assert [card(client, "/", one) for one in ("closing", "posters")] == [(None, []), (None, [])]


def test_a_talk_names_its_track_also_without_a_colour(client: FlaskClient) -> None:
    assert card(client, "/talks/closing", "closing") == (None, ["Side"])


def test_a_track_that_gets_a_colour_is_marked(client: FlaskClient, service: Service, program: Program) -> None:
    publish(service, replace(program, tracks=(Track("Main"), Track("Side", "#17743a"))))
    assert [card(client, "/", one)[0] for one in ("panel", "closing")] == [None, "2"]


def test_the_departure_board_names_the_track_beside_its_colour(
    client: FlaskClient, service: Service, program: Program
) -> None:
    publish(service, replace(program, rooms=(*program.rooms, Room("annex", "Annex"))))
    assert card(client, "/display", "panel") == ("1", ["Main"])
