"""Streams through the real Pushpin: what a reader has through it is what a reader has without it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path

import pytest
from support.event_source import EventSource
from support.network_cable import Cable
from support.publisher_processes import opened
from support.pushpin import needs_pushpin
from support.server_processes import Organizer, Server, exchange, free_port
from support.waiting import wait_until

from app.domain.edits.edit_types import Announce, ChangeContent, Edit
from app.domain.rights import Editor
from app.live.clock import SYSTEM_CLOCK
from app.server.fan_out import HEARTBEAT_SECONDS
from app.store.database import sqlite_url
from app.store.publishing import publish_edit
from app.store.revisions import Revisions
from benchmarks.pushpin import KEY, Pushpin

pytestmark = pytest.mark.process

TEXT = "Lunch is served."
# What each hop has of its own.
OF_A_CONNECTION = {"connection", "date", "server", "transfer-encoding"}


class Site:
    """Services on one database, a Pushpin before them, an organizer at the first, and readers through Pushpin."""

    def __init__(self, folder: Path, stack: ExitStack, services: int = 1, key: str = KEY) -> None:
        self._stack = stack
        ports = [free_port() for _ in range(services)]
        # Between Pushpin and the first service.
        self.cable = Cable(ports[0])
        stack.callback(self.cable.close)
        self.pushpin = Pushpin(folder / "pushpin", [self.cable.port, *ports[1:]])
        settings = {"AGENDA_GRIP_URL": self.pushpin.setting.replace(KEY, key), "AGENDA_METRICS": "1"}
        url = sqlite_url(folder / "agenda.sqlite")
        self.services = [Server(url, folder, port=port, settings=settings) for port in ports]
        for service in self.services:
            stack.callback(service.stop)
            service.start()
        self.pushpin.folder.mkdir()
        stack.callback(self.pushpin.stop)
        self.pushpin.start()
        self.number = int(self.services[0].get("/api/now")["revision"])

    def reader(self, path: str = "/live", port: int = 0, **headers: str) -> EventSource:
        """A stream through Pushpin, or at another port; it is open."""
        reader = EventSource(port or self.pushpin.port, path, **headers)
        self._stack.callback(reader.close)
        return reader.wait_until_open()

    def wait_until_it_holds_streams(self) -> Site:
        """Return once Pushpin keeps a stream that it was handed and tells it what is published.

        Before its parts have found each other it ends a stream at the first event; and streams that come before the
        service has reached it are held by the service.
        """
        wait_until(self._holds_one)
        return self

    def _holds_one(self) -> bool:
        handed_over = self.handed_over()
        with closing(EventSource(self.pushpin.port).wait_until_open()) as reader:
            if self.handed_over() == handed_over:
                return False
            settled(reader, self.publish())
            return reader.opened == 1

    def handed_over(self) -> int:
        """How many streams the services have handed over."""
        return sum(int(metric(service, "agenda_streams_handed_over_total")) for service in self.services)

    def publish(self, edit: Edit | None = None) -> int:
        """Publish a revision in the database, of which all services hear; its number."""
        with opened(self.services[0].url) as database:
            edit = edit or ChangeContent("panel", title=f"Panel {self.number + 1}")
            by, now = Editor("Frank"), SYSTEM_CLOCK.now()
            self.number = publish_edit(Revisions(database), edit, base=self.number, by=by, note="", now=now).number
        return self.number


def metric(service: Server, name: str) -> float:
    """A figure of a service."""
    _, _, page = exchange(service.port, "GET", "/metrics")
    [value] = re.findall(rf"^{name} (\S+)$", page.decode(), re.MULTILINE)
    return float(value)


MakeSite = Callable[..., Site]


@pytest.fixture(scope="module")
def shared_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site for tests that only publish: starting one takes seconds."""
    needs_pushpin()
    with ExitStack() as stack:
        yield Site(tmp_path_factory.mktemp("site"), stack).wait_until_it_holds_streams()


@pytest.fixture
def make_site(tmp_path: Path) -> Iterator[MakeSite]:
    """Makes a site whose parts a test stops."""
    needs_pushpin()
    with ExitStack() as stack:
        yield lambda **options: Site(tmp_path, stack, **options)


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    return make_site().wait_until_it_holds_streams()


def settled(reader: EventSource, number: int) -> None:
    """Wait for a revision's second part: by then the proxy has asked whether its first stream missed something."""
    reader.wait_for(lambda reader: number in [one.data["revision"] for one in reader.named("time")])


def test_a_stream_hears_each_of_ten_revisions_once_and_in_order(shared_site: Site) -> None:
    before = shared_site.handed_over()
    reader = shared_site.reader()
    made = [shared_site.publish() for _ in range(10)]
    reader.wait_for(lambda reader: made[-1] in reader.revisions)
    assert (reader.revisions, reader.opened) == (made, 1)
    assert (metric(shared_site.services[0], "agenda_readers"), shared_site.handed_over() - before) == (0, 1)


def test_a_stream_through_the_proxy_says_what_one_at_the_service_says(shared_site: Site) -> None:
    through, direct = shared_site.reader(), shared_site.reader(port=shared_site.services[0].port)
    # What came before Pushpin holds a stream is told by its number alone.
    settled(through, shared_site.publish())
    number = shared_site.publish(Announce(TEXT))
    for reader in (through, direct):
        reader.wait_for(lambda reader: number in reader.revisions)
    heard = [[(one.name, one.id, one.data) for one in reader.named("announcement")] for reader in (through, direct)]
    assert (heard[0], len(heard[0])) == (heard[1], 1)
    assert [one.id for one in through.named("revision")] == [one.id for one in direct.named("revision")]
    of_both = [
        {name: reader.headers[name] for name in reader.headers.keys() - OF_A_CONNECTION} for reader in (through, direct)
    ]
    assert of_both[0] == of_both[1]
    direct.close()


@pytest.mark.parametrize("way", ["Last-Event-ID", "since"])
def test_who_comes_with_an_older_revision_is_told_of_the_latest_at_once(shared_site: Site, way: str) -> None:
    known, latest = shared_site.number, shared_site.publish()
    headers = {"Last-Event-ID": str(known)} if way == "Last-Event-ID" else {}
    reader = shared_site.reader(f"/live?since={known if way == 'since' else latest}", **headers)
    reader.wait_for(lambda reader: reader.revisions)
    assert reader.revisions == [latest]


def test_after_each_revision_a_stream_hears_the_time(shared_site: Site) -> None:
    reader, number = shared_site.reader(), shared_site.publish()
    settled(reader, number)
    assert (reader.named("time")[-1].data["speed"], reader.last_id) == (1.0, str(number))


def test_the_stream_of_consoles_passes_through_the_proxy(shared_site: Site) -> None:
    frank = Organizer(shared_site.services[0])
    cookies = "; ".join(f"{name}={value}" for name, value in frank.cookies.items())
    console = shared_site.reader("/organizer/live", Cookie=cookies)
    number = shared_site.publish()
    console.wait_for(lambda reader: number in reader.revisions)
    assert console.revisions == [number]


@pytest.mark.acceptance
def test_all_streams_hear_the_time_each_fifty_seconds(site: Site) -> None:
    readers = [site.reader(), site.reader()]

    def slots() -> list[int]:
        """When both streams were told the time; in the first slot that may also follow the revision of the start."""
        told = [{one.data["now"] for one in reader.named("time")} for reader in readers]
        seconds = (datetime.fromisoformat(now).timestamp() for now in told[0] & told[1])
        return sorted(int(second // HEARTBEAT_SECONDS) for second in seconds)

    wait_until(lambda: len(set(slots())) == 3, 4 * HEARTBEAT_SECONDS)
    heard = slots()
    assert heard[-2:] == [heard[0] + 1, heard[0] + 2]


@pytest.mark.acceptance
def test_what_is_published_between_the_answer_and_the_hold_is_not_missed(site: Site) -> None:
    others = site.reader()
    settled(others, site.publish())
    site.cable.hold_answers()
    readers = [EventSource(site.pushpin.port) for _ in range(5)]
    wait_until(lambda: site.cable.held == 5)
    number = site.publish()
    others.wait_for(lambda reader: number in reader.revisions)
    site.cable.let_answers_through()
    for reader in readers:
        reader.wait_for(lambda reader: number in reader.revisions)
    last = site.publish()
    for reader in (others, *readers):
        reader.wait_for(lambda reader: last in reader.revisions)
        reader.close()
    assert [reader.revisions[-2:] for reader in (others, *readers)] == [[number, last]] * 6


@pytest.mark.acceptance
def test_where_the_proxy_is_killed_and_restarted_all_come_back_and_miss_nothing(site: Site) -> None:
    readers = [site.reader() for _ in range(20)]
    made = [site.publish()]
    for reader in readers:
        reader.wait_for(lambda reader: made[-1] in reader.revisions)
    site.pushpin.kill()
    made.append(site.publish())
    site.pushpin.start()
    for reader in readers:
        reader.wait_for(lambda reader: made[-1] in reader.revisions)
    made.append(site.publish())
    for reader in readers:
        reader.wait_for(lambda reader: made[-1] in reader.revisions)
    assert [reader.revisions for reader in readers] == [made] * 20
    # In its first moments Pushpin may end some once more.
    assert all(reader.opened >= 2 for reader in readers)


@pytest.mark.acceptance
def test_where_the_service_is_restarted_streams_stay_and_hear_what_was_published_meanwhile(site: Site) -> None:
    reader, [service] = site.reader(), site.services
    made = [site.publish()]
    settled(reader, made[-1])
    service.kill()
    made.append(site.publish())
    service.start()
    reader.wait_for(lambda reader: made[-1] in reader.revisions)
    service.stop()
    service.start()
    made.append(site.publish())
    reader.wait_for(lambda reader: made[-1] in reader.revisions)
    assert (reader.revisions, reader.opened) == (made, 1)


@pytest.mark.acceptance
def test_two_services_on_one_database_tell_a_stream_of_each_revision_once(make_site: MakeSite) -> None:
    site = make_site(services=2).wait_until_it_holds_streams()
    readers = [site.reader() for _ in range(4)]
    made = [site.publish()]
    for reader in readers:
        settled(reader, made[0])
    made += [site.publish() for _ in range(5)]
    for reader in readers:
        settled(reader, made[-1])
    assert [reader.revisions for reader in readers] == [made] * 4


@pytest.mark.acceptance
def test_where_the_keys_differ_the_service_holds_the_streams_itself(make_site: MakeSite) -> None:
    site = make_site(key="another-key-of-at-least-thirty-two-bytes")
    reader, number = site.reader(), site.publish()
    reader.wait_for(lambda reader: number in reader.revisions)
    assert (reader.revisions, metric(site.services[0], "agenda_readers")) == ([number], 1)
