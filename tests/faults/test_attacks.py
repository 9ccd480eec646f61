"""While one machine attacks the service, readers read and the organizer publishes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.attacks import ATTACKS, under_attack
from support.server_processes import Organizer, Server, exchange, serving
from support.waiting import wait_until

pytestmark = pytest.mark.process
READ = ("/healthz", "/readyz", "/api/now", "/", "/now", "/talks/tri-dao", "/card.png")
# So many connections are done with, or held, before anything else is asked.
ACTS = 200


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("attacked")
    with serving(f"sqlite:///{folder}/agenda.sqlite", folder) as server:
        yield server


@pytest.fixture(scope="module")
def organizer(server: Server) -> Organizer:
    return Organizer(server)


def sockets(server: Server) -> int:
    """How many a server has open."""
    assert server.process is not None
    files = Path(f"/proc/{server.process.pid}/fd").iterdir()
    return sum(links_to(file).startswith("socket:") for file in files)


def links_to(file: Path) -> str:
    try:
        return f"{file.readlink()}"
    except FileNotFoundError:
        return "closed meanwhile"


@pytest.mark.parametrize("attack", ATTACKS)
def test_readers_read_and_an_edit_is_published_while(attack: str, server: Server, organizer: Organizer) -> None:
    for path in READ:
        assert exchange(server.port, "GET", path)[0] == 200
    before, revision = sockets(server), server.get("/api/now")["revision"]
    with under_attack(server.port, attack, ACTS):
        assert {path: exchange(server.port, "GET", path)[0] for path in READ} == dict.fromkeys(READ, 200)
        assert organizer.edit(server, revision, do="rename", session="panel", title=attack) == revision + 1
        assert server.get("/api/now")["revision"] == revision + 1
    wait_until(lambda: sockets(server) <= before)
