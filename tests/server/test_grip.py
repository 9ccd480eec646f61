"""What the service says to a GRIP proxy, and that it says it to nobody else."""

from __future__ import annotations

import logging
import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection

import jwt
import pytest
from flask import Flask
from support.event_stream import read_events
from support.grip_control import GripControl, grip_control, signature
from support.movable_clock import AT_TEN_TWENTY, MovableClock
from support.publishing import publish_noted
from support.server_processes import exchange
from support.server_thread import served
from support.waiting import wait_until

from app.domain.edits.edit_types import Announce
from app.outgoing.grip_proxy import LEAST_KEY_BYTES, GripProxy
from app.server.event_format import LONGEST_SPREAD_SECONDS
from app.server.fan_out import HEADERS, HEARTBEAT_SECONDS
from app.server.grip import BeatIds
from app.settings import BadSetting, Settings
from app.web.running_service import Service
from benchmarks.pushpin import KEY

NOON = datetime(2025, 7, 18, 12, tzinfo=UTC)
OTHER_KEY = "another-key-of-at-least-thirty-two-bytes"


@pytest.fixture
def control() -> Iterator[GripControl]:
    with grip_control() as control:
        yield control


@pytest.fixture
def port(app: Flask, control: GripControl) -> Iterator[int]:
    """The service behind a proxy, which has all that was published before."""
    with served(app, control.proxy()) as address:
        wait_until(control.sent)
        yield int(address.rpartition(":")[2])


def asked(port: int, path: str = "/live", sig: str | None = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    status, answered, body = exchange(port, "GET", path, headers={"Grip-Sig": sig or signature(), **named})
    return status, {name.lower(): value for name, value in answered.items()}, body


def is_handed_over(port: int, sig: str) -> bool:
    """Whether a stream is answered at once; one that the service holds is left at once."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/live", headers={"Grip-Sig": sig})
    answer = connection.getresponse()
    connection.close()
    return answer.headers.get("Grip-Hold") == "stream" and answer.headers.get("Content-Length") is not None


def test_a_stream_that_came_through_the_proxy_is_handed_over_to_it(port: int, service: Service) -> None:
    status, headers, body = asked(port)
    channel = f"agenda-{service.identity}"
    assert (status, headers["grip-hold"]) == (200, "stream")
    assert headers["grip-channel"] == f"{channel}; prev-id=1, {channel}-time"
    assert headers["grip-link"] == "</live?after=1>; rel=next"
    assert body.startswith(b"retry: 1000\nid: 1\n\n")
    assert [(event.name, event.data["revision"]) for event in read_events(body)] == [("time", 1)]
    assert {name: headers[name.decode()].encode() for name, _ in HEADERS} == dict(HEADERS)


@pytest.mark.parametrize(
    "sig",
    [
        signature(OTHER_KEY),
        signature(seconds=-1),
        signature() + "x",
        "nonsense",
        "x" * 5000,
        signature().rpartition(".")[0] + ".",
    ],
    ids=["another key", "expired", "changed", "nonsense", "long", "unsigned"],
)
def test_a_stream_with_a_wrong_signature_is_held_by_the_service(port: int, sig: str) -> None:
    assert not is_handed_over(port, sig)


def test_a_signature_without_an_end_counts_for_nothing(control: GripControl) -> None:
    assert not control.proxy().has_signed(jwt.encode({"iss": "pushpin"}, KEY, algorithm="HS256"))


def test_a_signature_of_another_issuer_counts_where_none_is_named(control: GripControl) -> None:
    assert control.proxy().has_signed(signature(issuer="another"))
    assert control.proxy("&verify-iss=pushpin").has_signed(signature())
    assert not control.proxy("&verify-iss=pushpin").has_signed(signature(issuer="another"))


def test_requests_may_be_signed_with_a_key_of_their_own(control: GripControl) -> None:
    proxy = control.proxy(f"&verify-key={OTHER_KEY}")
    assert (proxy.has_signed(signature(OTHER_KEY)), proxy.has_signed(signature())) == (True, False)


def test_without_the_setting_a_signature_means_nothing(app: Flask) -> None:
    with served(app) as address:
        assert not is_handed_over(int(address.rpartition(":")[2]), signature())


@pytest.mark.parametrize(
    ("path", "headers", "known"), [("/live?since=1", {}, 1), ("/live", {"Last_Event_ID": "1"}, 1), ("/live", {}, 3)]
)
def test_the_answer_tells_of_the_latest_revision_where_the_client_has_an_older_one(
    port: int, service: Service, path: str, headers: dict[str, str], known: int
) -> None:
    for text in ("Lunch is served.", "Coffee, too."):
        publish_noted(service, Announce(text))
    _, _, body = asked(port, path, **headers)
    told = [(event.name, event.id, event.data) for event in read_events(body)]
    assert body.partition(b"\n\n")[0].endswith(b"id: %d" % known)
    assert told[:-1] == [("revision", "3", {"revision": 3, "spread": LONGEST_SPREAD_SECONDS})] * (known < 3)
    assert (told[-1][0], told[-1][2]["revision"]) == ("time", 3)


@pytest.mark.parametrize(("last", "told"), [("1", [3]), ("1+", [3]), ("2+", [3]), ("3", []), ("3+", []), ("9+", [3])])
def test_a_stream_that_may_have_missed_something_is_told_what_it_did(
    port: int, service: Service, last: str, told: list[int]
) -> None:
    for text in ("Lunch is served.", "Coffee, too."):
        publish_noted(service, Announce(text))
    grip_last = f"agenda-{service.identity}; last-id={last}"
    status, headers, body = asked(port, "/live?after=1", Grip_Last=grip_last)
    assert (status, headers["grip-link"]) == (200, "</live?after=3>; rel=next")
    assert [event.data["revision"] for event in read_events(body)] == told
    assert not body.startswith(b"retry")


def test_a_database_that_goes_on_from_a_backup_has_other_parts(
    app: Flask, service: Service, control: GripControl
) -> None:
    object.__setattr__(service, "history", "cafe")
    with served(app, control.proxy()) as address:
        port = int(address.rpartition(":")[2])
        _, headers, _ = asked(port)
        _, _, body = asked(port, "/live?after=1", Grip_Last=f"agenda-{service.identity}; last-id=1+")
        wait_until(control.sent)
    assert headers["grip-link"] == "</live?after=cafe.1>; rel=next"
    assert [event.data["revision"] for event in read_events(body)] == [1]
    assert control.sent()[0][:2] == ("cafe.1", "cafe.0+")


def test_a_revision_is_published_once_with_the_bytes_of_a_stream(
    port: int, service: Service, control: GripControl
) -> None:
    publish_noted(service, Announce("Lunch is served."))
    wait_until(lambda: "2" in [item[0] for item in control.sent()])
    [(_, follows, content)] = [item for item in control.sent() if item[0] == "2"]
    assert follows == "1+"
    assert [event.name for event in read_events(content.encode())] == ["announcement", "revision"]
    assert content.endswith('event: revision\nid: 2\ndata: {"revision":2,"spread":0.6}\n\n')


def test_after_a_revision_the_time_follows_in_the_same_order(port: int, service: Service, control: GripControl) -> None:
    for text in ("Lunch is served.", "Coffee, too."):
        publish_noted(service, Announce(text))
    wait_until(lambda: "3+" in [item[0] for item in control.sent()])
    main = control.sent(service.identity)
    assert [item[:2] for item in main] == [("1", "0+"), ("1+", "1"), ("2", "1+"), ("2+", "2"), ("3", "2+"), ("3+", "3")]
    # None names a revision that streams have not been told of yet.
    times = [read_events(content.encode())[0] for number, _, content in main if number.endswith("+")]
    assert [(event.name, event.data["revision"]) for event in times] == [("time", 1), ("time", 2), ("time", 3)]


def beats(ids: BeatIds, first: datetime, count: int, uptime: float = 7000) -> list[str]:
    """The ids of heartbeats that are due from an instant on, each a little late."""
    seconds = [HEARTBEAT_SECONDS * number for number in range(count)]
    return [ids.next(first + timedelta(seconds=after + 0.4), uptime + after) for after in seconds]


def test_a_heartbeat_has_one_id_in_all_services_on_any_machine() -> None:
    ids = [beats(BeatIds(), NOON, 3, uptime) for uptime in (7000, 7031, 900_000)]
    assert (ids[1:], len(set(ids[0]))) == ([ids[0]] * 2, 3)


def test_a_heartbeat_that_is_tried_again_or_sent_early_has_the_id_that_it_had() -> None:
    ids = BeatIds()
    assert len({ids.next(NOON + timedelta(seconds=after), 7000 + after) for after in (0, 0.4, 3, 49.9)}) == 1


def test_after_the_clock_was_set_back_no_heartbeat_has_an_id_that_was_there() -> None:
    processes = [BeatIds(), BeatIds()]
    before, _ = (beats(ids, NOON, 80) for ids in processes)
    back, further = NOON - timedelta(hours=1), NOON - timedelta(hours=1, minutes=30)
    [later, same] = [beats(ids, back, 80, 11_000) + beats(ids, further, 80, 15_000) for ids in processes]
    assert (len({*before, *later}), same) == (240, later)


def test_once_the_numbers_are_new_again_heartbeats_have_the_ids_of_all_services() -> None:
    ids, others, back = BeatIds(), BeatIds(), NOON - timedelta(seconds=100)
    beats(ids, NOON, 2)
    mine, of_all = beats(ids, back, 6), beats(others, back, 6)
    assert (mine[4:], set(mine[:4]) & set(of_all)) == (of_all[4:], set())


@pytest.mark.acceptance
def test_each_fifty_seconds_the_proxy_is_told_the_time_and_which_parts_streams_have(
    port: int, service: Service, control: GripControl
) -> None:
    wait_until(lambda: "1+" in [item[0] for item in control.sent(service.identity)])
    # Of two one comes after both parts of the revision.
    wait_until(lambda: len(control.sent("-time")) == 2, 2 * HEARTBEAT_SECONDS + 20)
    assert [event.name for event in read_events(control.sent("-time")[-1][2].encode())] == ["time"]
    known = [(item["id"], item["prev-id"]) for item in control.items if "http-stream" not in item["formats"]]
    assert known[-2:] == [("1", "0+"), ("1+", "1")]


def test_the_proxy_is_told_who_publishes(port: int, control: GripControl) -> None:
    assert {key["iss"] for key in control.keys} == {"agenda"}


def test_while_the_proxy_takes_nothing_the_service_holds_streams_and_publishes_later(
    port: int, service: Service, control: GripControl, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    control.status = 403
    publish_noted(service, Announce("Lunch is served."))
    wait_until(lambda: not is_handed_over(port, signature()))
    tries = control.requests
    wait_until(lambda: control.requests > tries + 2)
    control.status = 200
    wait_until(lambda: "2" in [item[0] for item in control.sent()])
    wait_until(lambda: is_handed_over(port, signature()))
    logged = [record.getMessage() for record in caplog.records if record.name == "app.server.grip"]
    assert [bool(re.search("takes nothing", line)) for line in logged] == [True, False]
    assert KEY not in caplog.text


def test_a_stream_that_missed_something_while_the_proxy_takes_nothing_is_told_it_by_the_service(
    port: int, service: Service, control: GripControl
) -> None:
    control.status = 403
    publish_noted(service, Announce("Lunch is served."))
    wait_until(lambda: not is_handed_over(port, signature()))
    grip_last = f"agenda-{service.identity}; last-id=1+"
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", "/live?after=2", headers={"Grip-Sig": signature(), "Grip-Last": grip_last})
        answer = connection.getresponse()
        begun = answer.read1()
    assert (answer.headers.get("Grip-Hold"), begun.partition(b"\n\n")[0][-5:]) == (None, b"id: 1")
    assert [(event.name, event.data["revision"]) for event in read_events(begun)] == [("revision", 2), ("time", 2)]


def test_the_time_that_follows_a_revision_is_that_at_which_the_proxy_takes_it(
    port: int, service: Service, control: GripControl, clock: MovableClock
) -> None:
    control.status = 403
    for text in ("Lunch is served.", "Coffee, too."):
        publish_noted(service, Announce(text))
    later = AT_TEN_TWENTY + timedelta(minutes=5)
    clock.set(later)
    # What is on its way then may tell the time before.
    tries = control.requests
    wait_until(lambda: control.requests > tries + 1)
    control.status = 200
    wait_until(lambda: "3" in [item[0] for item in control.sent()])
    [told] = [read_events(content.encode())[0].data for number, _, content in control.sent() if number == "2+"]
    assert (told["revision"], datetime.fromisoformat(told["now"])) == (2, later)


def test_several_proxies_are_told_each_and_one_that_is_away_delays_no_other(
    app: Flask, service: Service, control: GripControl
) -> None:
    other_key = f"&verify-key={OTHER_KEY}"
    with grip_control() as away, served(app, control.proxy(), away.proxy(other_key)) as address:
        away.status = 403
        port = int(address.rpartition(":")[2])
        publish_noted(service, Announce("Lunch is served."))
        wait_until(lambda: "2" in [item[0] for item in control.sent()])
        wait_until(lambda: not is_handed_over(port, signature(OTHER_KEY)))
        assert is_handed_over(port, signature())
        away.status = 200
        wait_until(lambda: is_handed_over(port, signature(OTHER_KEY)))
        assert "2" in [item[0] for item in away.sent()]


def test_streams_of_the_proxy_are_not_counted_as_readers_here(port: int, service: Service) -> None:
    asked(port)
    asked(port, "/live?after=1", Grip_Last=f"agenda-{service.identity}; last-id=1")
    assert (service.stats.handed_over, service.stats.readers()) == (1, 0)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("pushpin", "the proxy's control address"),
        ("ftp://127.0.0.1?key=" + KEY, "the proxy's control address"),
        ("http://127.0.0.1:99999?key=" + KEY, "the proxy's control address"),
        ("http://frank:secret@127.0.0.1?key=" + KEY, "the proxy's control address"),
        ("http://127.0.0.1:5561", "an address with key="),
        ("http://127.0.0.1:5561?iss=agenda&key=changeme", f"keys of at least {LEAST_KEY_BYTES} bytes"),
        ("http://127.0.0.1:5561?key=base64:YQ==", "keys of at least"),
    ],
)
def test_a_wrong_setting_is_refused_without_its_key(value: str, says: str) -> None:
    with pytest.raises(BadSetting, match=re.escape(says)) as refused:
        Settings.read({"AGENDA_GRIP_URL": value})
    assert str(refused.value).startswith("AGENDA_GRIP_URL=")
    assert re.findall(f"{KEY}|changeme|secret", str(refused.value)) == []


def test_neither_the_settings_nor_the_proxy_show_the_key() -> None:
    settings = Settings.read({"AGENDA_GRIP_URL": f"https://proxy.example?iss=agenda&key={KEY}"})
    assert [proxy.address for proxy in settings.grip] == ["https://proxy.example"]
    assert KEY not in repr(settings)
    assert replace(settings, grip=()) == Settings.read({})


def test_the_key_may_be_given_in_base64() -> None:
    proxy = GripProxy.read("http://127.0.0.1?key=base64:" + b64encode(KEY.encode()).decode())
    assert proxy.has_signed(signature())
