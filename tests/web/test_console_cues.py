"""Cues in the console: who sends them, what the stage says of them, and that no page for readers has any."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from support.codeml_day import talk, two_rooms
from support.console_browser import Console
from support.display_screens import Screen
from support.movable_clock import MovableClock

from app.domain.cues import USUAL_CUES
from app.domain.program import Program
from app.store.room_state import RoomStates
from app.web.running_service import Service

MINUTE = timedelta(minutes=1)
SECRET = "Xyzzy, wrap up"
NOT_CONNECTED = "the stage screen is not connected"


@pytest.fixture
def program() -> Program:
    """A talk in the hall, which is on, and one in the annex."""
    return two_rooms(talk("a", "10:00-11:00"), talk("b", "10:00-11:00", "annex"))


@pytest.fixture
def chair(app: Flask) -> Console:
    """The chair of the hall."""
    return Console(app, "Ada", room="hall")


@pytest.fixture
def stage(client: FlaskClient) -> Screen:
    """The hall's stage."""
    return Screen(client)


def send(console: Console, text: str = "Wrap up", room: str = "hall", style: str = "steady", minutes: str = "2") -> int:
    fields = {"room": room, "text": text, "style": style, "minutes": minutes}
    return console.post("/organizer/cues", **fields).status_code


def show(stage: Screen, cue: int | None = None, room: str = "hall") -> int:
    said = {"room": room, "screen": "stage", "revision": 1, "cue": cue}
    return stage.report(said).status_code


def standing(console: Console, path: str = "/organizer") -> list[str]:
    """What a page says of each cue that stands."""
    tree = html.fromstring(console.get(path).text)
    return [" ".join(one.text_content().split()) for one in tree.xpath('//*[@class="standing-cue"]/p')]


def texts(service: Service) -> list[tuple[str, str]]:
    return [(cue.room, cue.text) for cue in RoomStates(service.current.revisions).cues()]


def test_the_usual_cues_are_a_tap_each(chair: Console) -> None:
    tree = html.fromstring(chair.get("/organizer").text)
    assert tree.xpath('//form[@id="usual-cue-hall"]/button/@value') == list(USUAL_CUES)


def test_a_cue_leads_back_to_the_page_of_its_form(chair: Console, service: Service) -> None:
    answer = chair.post(
        "/organizer/cues", room="hall", text="Mic", style="steady", minutes="2", back="/organizer?room=hall"
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/organizer?room=hall")
    assert texts(service) == [("hall", "Mic")]


def test_it_says_whether_the_stage_shows_it(chair: Console, stage: Screen, clock: MovableClock) -> None:
    send(chair)
    assert standing(chair) == [f"Wrap upSent 10:20; {NOT_CONNECTED} · until 10:22"]
    show(stage)
    assert standing(chair) == ["Wrap upSent 10:20; not on stage yet · until 10:22"]
    clock.set(clock.now() + MINUTE)
    show(stage, cue=1)
    assert standing(chair) == ["Wrap upOn stage since 10:21 · until 10:22"]


def test_a_stage_that_shows_the_cue_of_before_does_not_show_this_one(chair: Console, stage: Screen) -> None:
    send(chair, "5 minutes")
    send(chair, "2 minutes", style="blink")
    show(stage, cue=1)
    assert standing(chair) == ["2 minutes · blinkingSent 10:20; not on stage yet · until 10:22"]


def test_of_several_stages_it_says_how_many_show_it(app: Flask, chair: Console, stage: Screen) -> None:
    other = Screen(app.test_client())
    send(chair)
    show(stage, cue=1)
    show(other)
    assert standing(chair) == ["Wrap upOn stage since 10:20, on 1 of 2 screens · until 10:22"]
    show(other, cue=1)
    assert standing(chair) == ["Wrap upOn stage since 10:20 · until 10:22"]


def test_a_stranger_s_report_of_a_cue_that_is_none_changes_nothing(stage: Screen, service: Service) -> None:
    show(stage)
    before = service.current.room_state
    for cue in (1, 7):
        show(stage, cue=cue)
    service.current.refresh()
    assert service.current.room_state == before


def test_the_screen_of_another_room_or_a_projector_says_nothing_of_it(chair: Console, stage: Screen) -> None:
    send(chair)
    show(stage, cue=1, room="annex")
    stage.report({"room": "hall", "revision": 1, "cue": 1})
    assert standing(chair) == [f"Wrap upSent 10:20; {NOT_CONNECTED} · until 10:22"]


def test_the_console_is_told_when_the_stage_shows_it(chair: Console, stage: Screen, service: Service) -> None:
    send(chair)
    show(stage)
    service.current.refresh()
    before = service.current.room_state
    show(stage, cue=1)
    show(stage, cue=1)
    assert service.current.room_state == before + 1


def test_the_console_is_told_when_the_stage_comes_but_not_of_each_report(stage: Screen, service: Service) -> None:
    before = service.current.room_state
    for _ in range(3):
        show(stage)
    service.current.refresh()
    assert service.current.room_state == before + 1


def test_it_is_gone_once_its_time_is_over_or_it_is_cleared(
    chair: Console, service: Service, clock: MovableClock
) -> None:
    send(chair)
    clock.set(clock.now() + 2 * MINUTE)
    assert standing(chair) == []
    send(chair)
    chair.post("/organizer/cues/clear", room="hall")
    assert (standing(chair), texts(service)) == ([], [])


def test_a_chair_sends_to_the_own_room_alone_and_an_organizer_to_each(
    app: Flask, chair: Console, service: Service
) -> None:
    assert (send(chair, room="annex"), texts(service)) == (403, [])
    assert (send(Console(app), room="annex"), texts(service)) == (303, [("annex", "Wrap up")])
    assert standing(chair) == []


def test_an_operator_sees_no_cues(app: Flask, chair: Console) -> None:
    send(chair)
    assert "Cue to the speaker" not in Console(app, "Olga", role="operator").get("/organizer").text


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"text": ""}, "Cue: a line for the speaker, or a black screen."),
        ({"text": "x" * 61}, "Cue: at most 60 characters, this one has 61."),
        ({"minutes": "soon"}, "Minutes: 1 to 480 minutes."),
        ({"minutes": "0"}, "Minutes: 1 to 480 minutes."),
    ],
)
def test_a_cue_that_is_refused_stays_in_the_form_with_the_reason(
    chair: Console, service: Service, fields: dict[str, str], fault: str
) -> None:
    wanted = {"text": "Speak into the microphone", "style": "blink", "minutes": "5", **fields}
    answer = chair.post("/organizer/cues", room="hall", **wanted)
    tree = html.fromstring(chair.get(answer.headers["Location"].partition("#")[0]).text)
    form = tree.get_element_by_id("cue-form-hall")
    assert [one.text for one in form.xpath('.//*[@class="fault"]')] == [fault]
    assert (form.xpath('.//input[@name="text"]/@value'), texts(service)) == ([wanted["text"]], [])


def test_another_style_is_refused(chair: Console, service: Service) -> None:
    assert (send(chair, style="sparkling"), texts(service)) == (404, [])


def test_no_page_or_feed_for_readers_has_it(app: Flask, chair: Console, client: FlaskClient) -> None:
    send(chair, SECRET)
    paths = ("/", "/now", "/display", "/display/hall", "/rooms/hall", "/stage/hall", "/changes", "/api/now")
    found = [path for path in (*paths, "/api/changes", "/api/program") if SECRET in client.get(path).text]
    assert (found, SECRET in chair.get("/organizer").text) == ([], True)


@pytest.mark.parametrize(
    "said",
    [
        {"room": "hall", "revision": 1, "screen": "wall"},
        {"room": "hall", "revision": 1, "screen": ["stage"]},
        {"room": "hall", "revision": 1, "screen": {}},
        {"room": "hall", "revision": 1, "screen": "stage", "cue": "new"},
        {"room": "hall", "revision": 1, "screen": "stage", "cue": True},
        {"room": "hall", "revision": 1, "screen": "stage", "cue": -1},
        {"room": "hall", "revision": True},
    ],
)
def test_a_nonsense_report_of_a_stage_is_refused(stage: Screen, said: object) -> None:
    assert stage.report(said).status_code == 400
