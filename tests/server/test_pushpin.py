"""Streams through the real Pushpin: what a reader has through it is what a reader has without it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from support.event_source import EventSource
from support.pushpin import Pushpin, needs_pushpin
from support.server_processes import Organizer, Server, exchange, free_port

from app.store.database import sqlite_url

pytestmark = pytest.mark.process

SERVICE_URL = "AGENDA_GRIP_URL"


class Site:
    """A Pushpin, services behind it on one database, an organizer at them, and readers through it."""

    def __init__(self, folder: Path, stack: ExitStack, services: int = 1) -> None:
        self._stack = stack
        ports = [free_port() for _ in range(services)]
        self.pushpin = Pushpin(folder / "pushpin", ports)
        settings = {SERVICE_URL: self.pushpin.setting, "AGENDA_METRICS": "1"}
        self.services = [
            Server(sqlite_url(folder / "agenda.sqlite"), folder, port=port, settings=settings) for port in ports
        ]
        for service in self.services:
            stack.callback(service.stop)
            service.start()
        stack.callback(self.pushpin.stop)
        self.pushpin.folder.mkdir()
        self.pushpin.start()
        self.organizer = Organizer(self.services[0])
        self.number = int(self.services[0].get("/api/now")["revision"])

    def reader(self, path: str = "/live", **headers: str) -> EventSource:
        """A stream through Pushpin, open."""
        reader = EventSource(self.pushpin.port, path, **headers)
        self._stack.callback(reader.close)
        return reader.wait_until_open()

    def publish(self, service: int = 0) -> int:
        """Publish a revision by the console of a service; its number."""
        form = {"do": "content", "session": "panel", "title": f"Panel {self.number + 1}"}
        made = self.organizer.edit(self.services[service], self.number, **form)
        if made is None:
            raise RuntimeError("an edit was refused")
        self.number = made
        return made

    def announce(self, text: str) -> None:
        self.organizer.post(self.services[0], "/organizer/announce", base=str(self.number), text=text)
        self.number += 1


MakeSite = Callable[..., Site]


@pytest.fixture
def make_site(tmp_path: Path) -> Iterator[MakeSite]:
    needs_pushpin()
    with ExitStack() as stack:
        yield lambda **options: Site(tmp_path, stack, **options)


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    return make_site()


def metric(service: Server, name: str) -> float:
    _, _, page = exchange(service.port, "GET", "/metrics")
    [value] = re.findall(rf"^{name} (\S+)$", page.decode(), re.MULTILINE)
    return float(value)


def test_a_stream_hears_each_of_ten_revisions_once_and_in_order(site: Site) -> None:
    reader = site.reader()
    made = [site.publish() for _ in range(10)]
    reader.wait_for(lambda reader: reader.revisions[-1:] == made[-1:])
    assert reader.revisions == made
    assert (metric(site.services[0], "agenda_readers"), reader.opened) == (0, 1)
