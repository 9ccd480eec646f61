"""Two processes that serve one PostgreSQL database: an edit through one reaches the other's readers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from support.postgres import PostgresServer
from support.server_processes import Organizer, Server, Stream, serving
from support.terminal import Terminal, terminal
from support.waiting import wait_until

pytestmark = pytest.mark.process

PAIR = {"session": "matt-johnson", "other": "chris-rackauckas"}


@pytest.fixture(scope="module")
def day(postgres_server: PostgresServer) -> Terminal:
    """A day in PostgreSQL, at 10:40."""
    return terminal(postgres_server.new_database())


@pytest.fixture(scope="module")
def servers(day: Terminal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Server]]:
    """Two processes that know nothing of each other but the database."""
    folders = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("other")
    with serving(day.url, folders[0]) as one, serving(day.url, folders[1]) as other:
        yield one, other


@contextmanager
def reaching_readers(day: Terminal, *servers: Server) -> Iterator[None]:
    """What is published inside reaches streams and askers of these servers."""
    streams = [Stream(server) for server in servers]
    try:
        yield
        number = len(day.revisions())
        for server, stream in zip(servers, streams, strict=True):
            wait_until(lambda seen=stream.heard: number in seen)
            wait_until(lambda asked=server: asked.get("/api/now")["revision"] == number)
    finally:
        for stream in streams:
            stream.close()


def test_an_edit_in_ones_console_reaches_the_others_readers(day: Terminal, servers: tuple[Server, Server]) -> None:
    one, other = servers
    frank = Organizer(one)
    with reaching_readers(day, other):
        assert frank.edit(one, len(day.revisions()), do="swap", **PAIR) == len(day.revisions())
    starts = {session["id"]: session["start"][11:16] for session in other.get("/api/program")["sessions"]}
    assert [starts[name] for name in PAIR.values()] == ["13:30", "13:00"]


def test_a_terminals_edit_reaches_the_readers_of_both(day: Terminal, servers: tuple[Server, Server]) -> None:
    with reaching_readers(day, *servers):
        assert day.run("rename", "panel", "Who pays?").exit_code == 0
    titles = [{session["title"] for session in server.get("/api/program")["sessions"]} for server in servers]
    assert ["Who pays?" in found for found in titles] == [True, True]


def test_who_is_signed_in_at_one_is_so_at_the_other(servers: tuple[Server, Server]) -> None:
    one, other = servers
    assert "Julija" in Organizer(one, "Julija").page(other)


def test_of_two_organizers_at_two_servers_the_second_is_told(day: Terminal, servers: tuple[Server, Server]) -> None:
    one, other = servers
    base = len(day.revisions())
    assert Organizer(one, "Alina").edit(one, base, do="cancel", session="closing") == base + 1
    assert Organizer(other, "Frank").edit(other, base, do="move", session="closing", time="17:05") is None
    assert (len(day.revisions()), day.program().session("closing").cancelled) == (base + 1, True)


def test_edits_of_two_organizers_that_do_not_meet_are_both_published(
    day: Terminal, servers: tuple[Server, Server]
) -> None:
    one, other = servers
    base = len(day.revisions())
    assert Organizer(one, "Alina").edit(one, base, do="content", session="closing", title="Bye") == base + 1
    assert Organizer(other, "Frank").edit(other, base, do="content", session="panel", title="Who decides?") == base + 2
    assert [day.program().session(name).title for name in ("closing", "panel")] == ["Bye", "Who decides?"]
