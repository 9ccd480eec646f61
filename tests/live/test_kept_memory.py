"""What is kept in memory is counted, and stays under its bound."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

import pytest
from flask.testing import FlaskClient
from support.calendar_programs import feed_of, program, session, slot
from support.movable_clock import AT_TEN_TWENTY

from app import create_app
from app.formats import markdown
from app.formats.byte_cache import ByteCache
from app.formats.calendar import feed as calendar_feed
from app.live.edition import Editions, ResponseKey
from app.live.http_response import StoredResponse
from app.live.kept_memory import HOST_IDLE_SECONDS, LONGEST_HOST, MEGABYTE, MOST_HOSTS, KeptHosts, KeptMemory
from app.live.snapshot import Snapshot
from app.settings import Settings
from app.web.running_service import Service

MANY = 10_000
ENCODINGS = ("", "gzip", "br")
Ask = Callable[..., StoredResponse]


@pytest.fixture
def snapshot(service: Service) -> Snapshot:
    return service.current.snapshot


@pytest.fixture
def editions() -> Editions:
    """Editions that may keep a megabyte."""
    return Editions(KeptMemory(MEGABYTE))


@pytest.fixture
def ask(editions: Editions, snapshot: Snapshot) -> Ask:
    """Ask for an address; its response is made of its text, so that no two are the same object."""

    def asked(path: str, query: str = "", host: str = "", *, octets: int = 1_000, turns: bool = True) -> StoredResponse:
        key = ResponseKey(path, query, host)
        text = f"{key} " * (octets // len(f"{key} ") + 1)
        build = partial(StoredResponse, text[:octets].encode(), "text/html", turns=turns)
        return editions.get_or_render(snapshot, AT_TEN_TWENTY, key, build)

    return asked


@pytest.fixture
def measured() -> Iterator[Callable[[], int]]:
    """The bytes that were allocated since the start of the test, as Python's allocator says."""

    def allocated() -> int:
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    before = allocated()
    yield lambda: allocated() - before
    tracemalloc.stop()


def kept(editions: Editions, snapshot: Snapshot, now: datetime = AT_TEN_TWENTY) -> list[ResponseKey]:
    return list(editions.at(snapshot, now).responses)


@pytest.mark.parametrize(("octets", "encodings"), [(50, ()), (3_000, ENCODINGS), (100_000, ("", "br"))])
@pytest.mark.parametrize("turns", [True, False])
def test_the_count_is_true_to_a_fifth(
    octets: int, encodings: tuple[str, ...], turns: bool, snapshot: Snapshot, measured: Callable[[], int]
) -> None:
    editions = Editions()
    end = snapshot.timeline.segment(AT_TEN_TWENTY).end
    assert end is not None
    for now in (AT_TEN_TWENTY, end):
        editions.at(snapshot, now)
    for number in range(200):
        key = ResponseKey(f"/talks/{number}", f"scale={number}", f"http://host-{number % MOST_HOSTS}.example")
        build = partial(StoredResponse, (f"{number} ".encode() * octets)[:octets], "text/html", turns=turns)
        response = editions.get_or_render(snapshot, AT_TEN_TWENTY, key, build)
        for encoding in encodings:
            response.variant(encoding)
    assert editions.memory.kept_bytes == pytest.approx(measured(), rel=0.2)


@pytest.mark.parametrize("abstract", ["A tree. " * 200, "شجرة " * 4_000])
def test_the_count_of_events_is_true_to_a_fifth_however_long_they_are(
    abstract: str, measured: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    feed_of(program(session("warm-up", slot(0, 30), abstract=abstract)))
    # Those of other tests were allocated before this one, and would make room in it.
    for module, name in ((calendar_feed, "kept_events"), (markdown, "kept_html"), (markdown, "kept_texts")):
        monkeypatch.setattr(module, name, ByteCache(6 * MEGABYTE))
    keepers = calendar_feed.kept_events, markdown.kept_html, markdown.kept_texts
    counted, allocated = sum(one.kept_bytes for one in keepers), measured()
    feed_of(program(*(session(f"{number}", slot(0, 30), abstract=f"{number}{abstract}") for number in range(20))))
    counted = sum(one.kept_bytes for one in keepers) - counted
    assert counted == pytest.approx(measured() - allocated, rel=0.2)


@pytest.mark.parametrize("letters", [10, 1_000])
def test_the_count_of_texts_is_true_to_a_fifth_however_long_they_are(letters: int, measured: Callable[[], int]) -> None:
    cache: ByteCache[str] = ByteCache(MEGABYTE)
    for number in range(400):
        cache.get_or_make(str(number), partial(str.__mul__, "ж", letters))
    assert cache.kept_bytes == pytest.approx(measured(), rel=0.2)


def test_the_least_recently_used_texts_make_room() -> None:
    cache: ByteCache[str] = ByteCache(1_000)
    for key in ("a", "b", "c", "a", "d"):
        cache.get_or_make(key, partial(str.__mul__, key, 100))
    assert [cache.get_or_make(key, str) for key in "adb"] == ["a" * 100, "d" * 100, ""]


def test_any_number_of_queries_stays_under_the_bound(editions: Editions, ask: Ask, measured: Callable[[], int]) -> None:
    for number in range(3_000):
        ask("/print", f"what={number}", turns=False)
    assert editions.memory.kept_bytes <= MEGABYTE
    assert measured() <= 1.2 * MEGABYTE


def test_encodings_made_later_count_too(editions: Editions, ask: Ask, snapshot: Snapshot) -> None:
    answers = [ask(f"/talks/{number}", octets=10_000) for number in range(90)]
    assert len(kept(editions, snapshot)) == 90
    for answer in answers:
        for encoding in ENCODINGS:
            answer.variant(encoding)
    assert len(kept(editions, snapshot)) < 90
    assert editions.memory.kept_bytes <= MEGABYTE


def test_what_was_asked_for_with_a_query_goes_first_and_the_oldest_of_it(
    editions: Editions, ask: Ask, snapshot: Snapshot
) -> None:
    ask("/")
    for number in range(1_000):
        ask("/print", f"what={number}")
    found = kept(editions, snapshot)
    assert found[0] == ResponseKey("/")
    assert [key.query for key in found[1:]] == [f"what={number}" for number in range(1_001 - len(found), 1_000)]


def test_a_response_larger_than_a_quarter_of_all_is_sent_and_not_kept(
    editions: Editions, ask: Ask, snapshot: Snapshot
) -> None:
    assert len(ask("/api/changes", octets=MEGABYTE // 4 + 1).body) == MEGABYTE // 4 + 1
    assert kept(editions, snapshot) == []


def test_what_other_keepers_hold_is_not_there_for_pages(editions: Editions, ask: Ask, snapshot: Snapshot) -> None:
    editions.memory.keepers["history"] = lambda: MEGABYTE // 2
    for number in range(1_000):
        ask(f"/talks/{number}")
    assert MEGABYTE * 0.4 < editions.memory.kept_bytes - MEGABYTE // 2 <= MEGABYTE * 0.5


def test_who_holds_copies_is_told_that_something_went(editions: Editions, ask: Ask) -> None:
    ask("/")
    assert editions.memory.evictions == 0
    for number in range(1_000):
        ask(f"/talks/{number}")
    assert editions.memory.evictions > 0


# Hosts, where no public address is set


def hosts(editions: Editions, snapshot: Snapshot) -> list[str]:
    return list(dict.fromkeys(key.host for key in kept(editions, snapshot)))


def test_pages_of_the_first_few_hosts_are_kept_whatever_made_up_ones_ask(
    editions: Editions, ask: Ask, snapshot: Snapshot
) -> None:
    first = [f"http://10.0.0.{number}" for number in range(MOST_HOSTS)]
    for host in first:
        ask("/", host=host)
    for number in range(MANY):
        ask("/", host=f"http://made-up-{number}")
    assert hosts(editions, snapshot) == first


def test_a_host_that_comes_later_gets_the_place_of_one_that_nobody_uses() -> None:
    hosts = KeptHosts()
    for number in range(MOST_HOSTS):
        hosts.admit(f"http://{number}", 0.0)
    hosts.use("http://0", 1.0)
    late = [hosts.admit("http://late", HOST_IDLE_SECONDS - 1.0), hosts.admit("http://late", HOST_IDLE_SECONDS)]
    assert late == [(False, None), (True, "http://1")]
    assert hosts.admit("http://later", HOST_IDLE_SECONDS) == (True, "http://2")
    assert hosts.has_place("http://0", HOST_IDLE_SECONDS)


def test_each_host_gets_its_own_page_kept_or_not(ask: Ask) -> None:
    names = [f"http://host-{number}" for number in range(3 * MOST_HOSTS)] * 2
    assert [name.encode() in ask("/", host=name).body for name in names] == [True] * len(names)


def test_a_host_with_a_longer_name_than_hosts_have_is_not_kept(
    editions: Editions, ask: Ask, snapshot: Snapshot
) -> None:
    ask("/", host="h" * (LONGEST_HOST + 1))
    assert kept(editions, snapshot) == []


def test_history_stars_and_counts_are_counted_with_the_pages(service: Service) -> None:
    assert set(service.memory.keepers) == {"pages", "history", "stars", "counts", "codes", "texts", "events"}


# The service


def test_a_flood_of_made_up_hosts_leaves_the_pages_of_those_before_it(service: Service, client: FlaskClient) -> None:
    real = [f"http://10.0.0.{number}:8000" for number in range(MOST_HOSTS)]
    for host in real:
        client.get("/subscribe", base_url=host)
    for number in range(3 * MOST_HOSTS):
        host = f"http://made-up-{number}"
        assert f"{host}/calendar/" in client.get("/subscribe", base_url=host).text
    client.get("/offline/pages", base_url="http://made-up-again")
    assert hosts(service.editions, service.current.snapshot) == real


def test_a_setting_says_how_much_is_kept(service: Service) -> None:
    assert service.memory.allowed_bytes == 64 * MEGABYTE
    create_app(Settings.read({"AGENDA_MEMORY": "32", "SECRET_KEY": "for tests"}), service)
    assert service.memory.allowed_bytes == 32 * MEGABYTE
