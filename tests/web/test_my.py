"""A reader's stars: the requests of devices, the personal calendar, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits import RateLimitItemPerHour
from sqlalchemy import func, select
from support.ical_checker import check_calendar, check_instants, events_by_uid
from support.ical_lines import read
from support.movable_clock import MovableClock
from support.publishing import publish
from werkzeug.test import TestResponse

from app import create_app
from app.domain.program import Program
from app.live import personal_feeds
from app.settings import Settings, first_program
from app.store import stars as stars_module
from app.store.stars import MOST_STARS
from app.store.tables import star_sets
from app.web import my
from app.web.running_service import Service

MINUTE = timedelta(minutes=1)
HALL = 1600


class Device:
    """A reader's device, which has its key from the first star on."""

    def __init__(self, client: FlaskClient, write: str = "") -> None:
        self.client, self.write = client, write

    def ask(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.write}"} if self.write else {}
        return self.client.open(path, method=method, headers=headers, **options)

    def star(self, *add: str, remove: tuple[str, ...] = ()) -> dict[str, Any]:
        answer = self.ask("POST", "/my/picks", json={"add": add, "remove": remove})
        told: dict[str, Any] = answer.get_json()
        self.write = told["write"]
        return told

    def picks(self) -> dict[str, Any]:
        told: dict[str, Any] = self.ask("GET", "/my/picks").get_json()
        return told

    def feed(self, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(f"/my/{self.picks()['read']}.ics", headers=named)


@pytest.fixture
def device(client: FlaskClient) -> Device:
    return Device(client)


def starred(answer: TestResponse) -> set[str]:
    return {uid.partition("@")[0] for uid in events_by_uid(read(answer.data))}


def later(service: Service, session_id: str) -> Program:
    program = service.current.snapshot.revision.program
    one = program.session(session_id)
    slot = replace(one.slot, start=one.start + 10 * MINUTE, end=one.end + 10 * MINUTE)
    return publish(
        service, replace(program, sessions=tuple(replace(s, slot=slot) if s is one else s for s in program.sessions))
    )


# Stars


def test_the_first_star_begins_a_set_and_gives_its_keys(device: Device) -> None:
    answer = device.ask("POST", "/my/picks", json={"add": ["panel"]})
    told = answer.get_json()
    assert (answer.status_code, told["sessions"]) == (201, ["panel"])
    assert (len(told["read"]), len(told["write"])) == (22, 43)


def test_stars_are_added_and_taken_away(device: Device) -> None:
    device.star("panel", "lunch")
    assert device.star("closing", remove=("lunch",))["sessions"] == ["closing", "panel"]
    assert device.picks()["sessions"] == ["closing", "panel"]


def test_two_devices_with_one_key_have_the_same_stars(client: FlaskClient, device: Device) -> None:
    device.star("panel")
    other = Device(client, device.write)
    other.star("lunch")
    assert device.picks() == other.picks()
    assert device.feed().data == other.feed().data


def test_a_pick_that_vanished_from_the_program_is_said(device: Device, service: Service, program: Program) -> None:
    device.star("panel", "lunch")
    publish(service, replace(program, sessions=tuple(one for one in program.sessions if one.id != "panel")))
    assert (device.picks()["sessions"], device.picks()["vanished"]) == (["lunch", "panel"], ["panel"])
    assert starred(device.feed()) == {"lunch"}


def test_no_cache_stores_responses_with_keys(device: Device) -> None:
    device.star("panel")
    answers = [
        device.ask(*asked) for asked in (("GET", "/my/picks"), ("GET", "/my/code.svg"), ("POST", "/my/picks/address"))
    ]
    assert [answer.headers["Cache-Control"] for answer in answers] == ["no-store"] * 3


# The feed


def test_the_feed_has_what_is_starred_and_follows_later_stars(device: Device) -> None:
    device.star("panel", "sara-hooker")
    first = device.feed()
    assert starred(first) == {"panel", "sara-hooker"}
    device.star("closing", remove=("panel",))
    assert starred(device.feed()) == {"closing", "sara-hooker"}
    assert device.feed().headers["ETag"] != first.headers["ETag"]


def test_the_feed_is_sound_and_tells_the_programs_instants(device: Device, program: Program) -> None:
    device.star(*(one.id for one in program.sessions))
    feed = device.feed().data
    assert check_calendar(feed) == []
    domain = next(iter(events_by_uid(read(feed)))).partition("@")[2]
    assert check_instants(feed, {f"{one.id}@{domain}": (one.start, one.end) for one in program.sessions}) == []


def test_the_feed_has_the_events_of_the_public_one(device: Device, client: FlaskClient) -> None:
    device.star("panel")
    public = events_by_uid(read(client.get("/calendar/codeml-2025.ics").data))
    assert {uid: repr(event) for uid, event in events_by_uid(read(device.feed().data)).items()} == {
        uid: repr(event) for uid, event in public.items() if uid.startswith("panel@")
    }


def test_a_feed_without_stars_is_a_calendar_without_events(device: Device) -> None:
    device.star("panel")
    device.star(remove=("panel",))
    assert (starred(device.feed()), check_calendar(device.feed().data)) == (set(), [])


def test_an_unchanged_feed_is_not_sent_again(device: Device, service: Service, clock: MovableClock) -> None:
    device.star("panel")
    first = device.feed()
    assert device.feed(If_None_Match=first.headers["ETag"]).status_code == 304
    assert device.feed(If_Modified_Since=first.headers["Last-Modified"]).status_code == 304
    device.star("lunch")
    assert device.feed(If_Modified_Since=first.headers["Last-Modified"]).status_code == 200
    second = device.feed()
    clock.set(clock.now() + MINUTE)
    later(service, "panel")
    assert device.feed(If_None_Match=second.headers["ETag"]).status_code == 200
    assert device.feed(If_Modified_Since=second.headers["Last-Modified"]).status_code == 200


def test_no_shared_cache_keeps_a_readers_feed(device: Device) -> None:
    device.star("panel")
    assert device.feed().headers["Cache-Control"] == "no-cache, s-maxage=0"


def test_the_feeds_key_changes_nothing(device: Device, client: FlaskClient) -> None:
    read_only = Device(client, device.star("panel")["read"])
    asked = [("GET", "/my/picks"), ("DELETE", "/my/picks"), ("POST", "/my/picks/address"), ("GET", "/my/code.svg")]
    assert [read_only.ask(*one).status_code for one in asked] == [404] * 4
    assert read_only.ask("POST", "/my/picks", json={"add": ["lunch"]}).status_code == 404
    assert device.picks()["sessions"] == ["panel"]


def test_a_new_address_replaces_the_former_one(device: Device, client: FlaskClient) -> None:
    former = device.star("panel")["read"]
    renewed = device.ask("POST", "/my/picks/address").get_json()["read"]
    assert client.get(f"/my/{former}.ics").status_code == 404
    assert starred(client.get(f"/my/{renewed}.ics")) == {"panel"}


def test_deleted_stars_and_their_feed_are_not_found(device: Device, client: FlaskClient) -> None:
    read_key = device.star("panel")["read"]
    assert device.ask("DELETE", "/my/picks").status_code == 204
    assert [device.ask("GET", "/my/picks").status_code, client.get(f"/my/{read_key}.ics").status_code] == [404, 404]


# How up to date the calendar is


def test_when_a_calendar_last_asked_is_told(device: Device, clock: MovableClock) -> None:
    assert device.star("panel")["fetched_at"] is None
    device.feed()
    assert device.picks()["fetched_at"] == "2025-07-18T10:20:00-07:00"
    clock.set(clock.now() + MINUTE)
    device.feed(If_None_Match=device.feed().headers["ETag"])
    assert device.picks()["fetched_at"] == "2025-07-18T10:21:00-07:00"


def test_a_change_that_the_calendar_has_not_seen_is_told_by_its_time(
    device: Device, service: Service, clock: MovableClock
) -> None:
    device.star("panel")
    device.feed()
    clock.set(clock.now() + MINUTE)
    later(service, "panel")
    assert device.picks()["unseen_change_at"] == "2025-07-18T10:21:00-07:00"
    device.feed()
    assert device.picks()["unseen_change_at"] is None


def test_a_change_to_other_sessions_is_not_reported(device: Device, service: Service) -> None:
    device.star("panel")
    device.feed()
    later(service, "closing")
    assert device.picks()["unseen_change_at"] is None


def test_stars_that_the_calendar_has_not_seen_are_told(device: Device, clock: MovableClock) -> None:
    device.star("panel")
    device.feed()
    clock.set(clock.now() + MINUTE)
    device.star("lunch")
    assert device.picks()["unseen_stars"] is True
    clock.set(clock.now() + MINUTE)
    device.feed()
    assert device.picks()["unseen_stars"] is False


def test_the_page_gets_words_for_how_far_the_calendar_has_followed(
    device: Device, service: Service, clock: MovableClock
) -> None:
    asked = "A calendar last asked at 10:20, Fri 18 July."
    assert device.star("panel")["calendar"] == "No calendar has asked for this address yet."
    device.feed()
    assert device.picks()["calendar"] == f"{asked} It is up to date."
    clock.set(clock.now() + MINUTE)
    assert device.star("lunch")["calendar"] == f"{asked} It has not seen your latest stars yet."
    later(service, "panel")
    assert device.picks()["calendar"] == f"{asked} It has not seen the 10:21 change yet."


def test_looking_at_another_instant_is_no_fetch(device: Device, client: FlaskClient) -> None:
    address = f"/my/{device.star('panel')['read']}.ics"
    client.head(address)
    client.get(f"{address}?at=2025-07-18T10:20")
    assert device.picks()["fetched_at"] is None


# The database away


def test_a_calendar_that_asked_before_is_answered_from_memory(
    device: Device, client: FlaskClient, tmp_path: Path
) -> None:
    address = f"/my/{device.star('panel')['read']}.ics"
    before = client.get(address)
    (tmp_path / "agenda.sqlite").rename(tmp_path / "away.sqlite")
    assert client.get(address).data == before.data
    assert client.get(f"/my/{'x' * 22}.ics").status_code == 503
    assert device.ask("POST", "/my/picks", json={"add": ["lunch"]}).status_code == 503


def test_what_remembered_calendars_take_is_bounded(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(personal_feeds, "MOST_REMEMBERED_BYTES", 1_500)
    keys = [Device(client).star("panel")["read"] for _ in range(3)]
    for key in keys:
        client.get(f"/my/{key}.ics")
    feeds = client.application.extensions["agenda"].personal_feeds
    assert list(feeds._remembered) == keys[1:]
    assert 1_000 < feeds.kept_bytes <= 1_500


# Codes and the page


def test_the_code_carries_the_device_key_behind_the_hash_sign(device: Device) -> None:
    device.star("panel")
    answer = device.ask("GET", "/my/code.svg")
    assert f"<title>QR code: http://localhost/my#{device.write}</title>" in answer.text
    assert answer.content_type == "image/svg+xml"


def test_the_calendars_code_subscribes(device: Device) -> None:
    read_key = device.star("panel")["read"]
    answer = device.ask("GET", "/my/code.svg?of=calendar")
    assert f"<title>QR code: webcal://localhost/my/{read_key}.ics</title>" in answer.text


def test_the_page_is_the_same_for_all_and_shows_no_star(client: FlaskClient, device: Device) -> None:
    before = client.get("/my").data
    device.star("panel")
    assert client.get("/my").data == before
    assert client.get("/my").text.count("<li hidden>") == 15


# What is refused


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"json": []}, 400),
        ({"json": {"add": "panel"}}, 400),
        ({"json": {"add": [1]}}, 400),
        ({"json": {"add": ["panel"] * (MOST_STARS + 1)}}, 400),
        ({"data": "add=panel"}, 415),
        ({"data": "{", "content_type": "application/json"}, 400),
        ({"data": b"x" * 140_000, "content_type": "application/json"}, 413),
    ],
)
def test_what_is_no_list_of_stars_is_refused(device: Device, said: dict[str, Any], status: int) -> None:
    assert device.ask("POST", "/my/picks", **said).status_code == status


def test_a_request_without_a_key_is_refused(client: FlaskClient) -> None:
    device = Device(client)
    asked = [("GET", "/my/picks"), ("DELETE", "/my/picks"), ("POST", "/my/picks/address"), ("GET", "/my/code.svg")]
    assert [device.ask(*one).status_code for one in asked] == [401] * 4
    assert client.get("/my/picks", headers={"Authorization": "Basic eDp5"}).status_code == 401


def test_a_form_of_another_site_stars_nothing(client: FlaskClient) -> None:
    answer = client.post("/my/picks", data='{"add":["panel"]}', content_type="text/plain")
    assert answer.status_code == 415
    asked = client.options("/my/picks", headers={"Origin": "https://evil.example"})
    assert [name for name, _ in asked.headers if name.startswith("Access-Control")] == []


def test_a_session_that_another_process_just_published_keeps_its_star(device: Device) -> None:
    assert device.star("panel", "just-added")["sessions"] == ["just-added", "panel"]


def test_too_many_stars_are_refused_with_a_reason(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stars_module, "MOST_STARS", 1)
    device.star("panel")
    answer = device.ask("POST", "/my/picks", json={"add": ["lunch"]})
    assert (answer.status_code, answer.get_json()["detail"]) == (422, "at most 1 stars are kept")


def test_one_key_is_rate_limited_and_others_behind_its_address_are_not(device: Device, client: FlaskClient) -> None:
    device.star("panel")
    answers = [device.ask("GET", "/my/picks") for _ in range(100)]
    assert ([answer.status_code for answer in answers[:80]], answers[-1].status_code) == ([200] * 80, 429)
    assert int(answers[-1].headers["Retry-After"]) in range(1, 61)
    assert "panel" in Device(client).star("panel")["sessions"]


@pytest.mark.slow
def test_good_keys_work_whatever_others_behind_their_address_try(device: Device, client: FlaskClient) -> None:
    feed = f"/my/{device.star('panel')['read']}.ics"
    guessed = [Device(client, str(number)).ask("GET", "/my/picks").status_code for number in range(200)]
    guessed += [client.get(f"/my/{number}.ics").status_code for number in range(200)]
    assert guessed == [404] * 400
    assert device.star("lunch")["sessions"] == ["lunch", "panel"]
    assert client.get(feed).status_code == 200


def test_one_phone_that_starts_set_after_set_keeps_no_other_out_and_does_not_fill_the_table(
    device: Device, client: FlaskClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stars_module, "MOST_READERS", 3)
    device.star("panel")
    device.feed()
    assert {client.post("/my/picks", json={"add": ["panel"]}).status_code for _ in range(5)} == {201}
    assert Device(client).star("closing")["sessions"] == ["closing"]
    assert device.picks()["sessions"] == ["panel"]
    with service.database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(star_sets)) == 3


def test_of_one_address_few_calendars_an_hour_keep_their_sets_from_making_room(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(my, "FIRST_FETCHES_PER_ADDRESS", RateLimitItemPerHour(2))
    devices = [Device(client) for _ in range(3)]
    for device in devices:
        device.star("panel")
    fetched = [device.feed().status_code for device in (*devices, devices[0])]
    assert fetched == [200] * 4
    assert [bool(device.picks()["fetched_at"]) for device in devices] == [True, True, False]


def test_where_too_many_readers_have_stars_a_device_is_told_when_to_try_again(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stars_module, "MOST_READERS", 0)
    answer = client.post("/my/picks", json={"add": ["panel"]})
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "3600")
    assert "stars stay on this device" in answer.get_json()["detail"]


@pytest.mark.acceptance
def test_a_hall_behind_one_address_stars_at_once(app: Flask) -> None:
    client = app.test_client()
    assert {client.post("/my/picks", json={"add": ["panel"]}).status_code for _ in range(HALL)} == {201}


def test_keys_are_not_in_the_log(device: Device, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    device.star("panel")
    device.ask("GET", "/my/code.svg")
    assert device.write not in caplog.text


def test_a_session_as_a_file_reminds_where_that_is_asked_for(client: FlaskClient) -> None:
    plain, reminding = client.get("/talks/panel.ics").text, client.get("/talks/panel.ics?alarm=5").text
    assert ("TRIGGER" in plain, "TRIGGER:-PT5M" in reminding) == (False, True)


@pytest.mark.parametrize("alarm", ["0", "-5", "five", "1441", "", "9999999999"])
def test_an_odd_reminder_is_refused(client: FlaskClient, alarm: str) -> None:
    answer = client.get(f"/talks/panel.ics?alarm={alarm}")
    assert answer.status_code == 400
    assert "from 1 to 1440" in answer.text


def test_the_service_is_known_by_its_public_address(service: Service) -> None:
    settings = Settings(program=first_program(), secret_key="for tests")
    client = create_app(settings, replace(service, public_url="https://agenda.example")).test_client()
    device = Device(client)
    told = device.star("panel")
    code = device.ask("GET", "/my/code.svg?of=calendar").text
    assert f"webcal://agenda.example/my/{told['read']}.ics" in code
