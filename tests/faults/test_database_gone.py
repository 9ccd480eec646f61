"""The database fails during the day: readers notice nothing, organizers are told, and it recovers by itself."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import event, text
from support.addresses import addresses
from support.console_browser import TOKEN, Console
from support.display_screens import Screen
from support.movable_clock import MovableClock
from support.postgres import PostgresServer
from support.server_processes import Organizer, Server, exchange, serving
from support.waiting import wait_until

from app import create_app
from app.domain.program import Program
from app.service_factory import serve_from
from app.settings import Settings, first_program
from app.store.database import open_database, sqlite_url
from app.web.running_service import Service, service_of

# They need the database for what they are; all else that can be read is answered from memory.
NEED_IT = ("/organizer", "/my/")
# More than may use the database at once.
PHONES = 20


def app_on(url: str, program: Program, clock: MovableClock) -> Flask:
    service = serve_from(open_database(url, program.id), program, clock)
    return create_app(Settings(program=first_program(), secret_key="for tests"), service)


@pytest.fixture
def on_postgresql(own_postgres_server: PostgresServer, program: Program, clock: MovableClock) -> Iterator[Flask]:
    app = app_on(own_postgres_server.new_database(), program, clock)
    yield app
    service_of(app).close()


def reads(app: Flask) -> dict[str, int]:
    """The status of everything that readers can ask for."""
    client = app.test_client()
    paths = [path for method, path in addresses(app) if method == "GET" and not path.startswith((*NEED_IT, "/live"))]
    return {path: client.get(path).status_code for path in paths}


def form_of(console: Console) -> dict[str, str]:
    """A form that lies open on the organizer's phone when it happens."""
    token = TOKEN.search(console.get().text)
    assert token is not None
    return {"csrf_token": token[1], "do": "cancel", "session": "panel", "base": "1"}


def renamed(console: Console, title: str) -> int:
    return console.edit("content", "panel", title=title).status_code


def test_postgresql_stops_readers_read_on_edits_say_so_and_it_heals_by_itself(
    on_postgresql: Flask, own_postgres_server: PostgresServer
) -> None:
    current = service_of(on_postgresql).current
    console = Console(on_postgresql)
    assert renamed(console, "Before") == 303
    before, form = reads(on_postgresql), form_of(console)

    own_postgres_server.stop()
    wait_until(lambda: current.database_error)
    assert reads(on_postgresql) == before
    refused = console.client.post("/organizer/edit", data=form)
    assert refused.status_code == 503
    assert "The database does not answer" in refused.text
    assert "look at the history before you try again" in refused.text
    assert refused.headers["Retry-After"] == "5"

    own_postgres_server.start()
    wait_until(lambda: current.database_error is None)
    assert renamed(console, "After") == 303
    assert current.snapshot.revision.program.session("panel").title == "After"


@pytest.fixture
def served(own_postgres_server: PostgresServer, tmp_path: Path) -> Iterator[Server]:
    with serving(own_postgres_server.new_database(), tmp_path) as server:
        yield server


@pytest.mark.process
def test_postgresql_hangs_readers_read_on_edits_say_so_and_it_heals_by_itself(
    served: Server, own_postgres_server: PostgresServer
) -> None:
    frank, feed = Organizer(served), f"/my/{json.loads(starring(served)[1])['read']}.ics"
    assert exchange(served.port, "GET", feed)[0] == 200
    own_postgres_server.hang()
    with ThreadPoolExecutor(PHONES) as phones:
        stars = [phones.submit(starring, served) for _ in range(PHONES)]
        refused = frank.post(served, "/organizer/edit", base="1", do="cancel", session="panel")[0]
        read = {path: exchange(served.port, "GET", path)[0] for path in ("/healthz", "/readyz", "/api/now", "/", feed)}
    assert (refused, {star.result()[0] for star in stars}) == (503, {503})
    assert read == dict.fromkeys(read, 200)

    own_postgres_server.resume()
    wait_until(lambda: frank.edit(served, 1, do="cancel", session="panel") == 2)


@pytest.mark.process
def test_the_service_stops_while_postgresql_hangs(served: Server, own_postgres_server: PostgresServer) -> None:
    own_postgres_server.hang()
    # Meanwhile the thread that watches for revisions waits too.
    with suppress(TimeoutError):
        starring(served)
    served.stop()
    assert served.process
    assert served.process.exitcode is not None


def starring(server: Server) -> tuple[int, bytes]:
    """What a new reader's phone is told that stars a session."""
    star = json.dumps({"add": ["panel"], "remove": []})
    return exchange(server.port, "POST", "/my/picks", star, {"Content-Type": "application/json"})[::2]


def test_a_boundary_that_comes_while_the_database_is_away_is_shown(
    on_postgresql: Flask, own_postgres_server: PostgresServer, clock: MovableClock
) -> None:
    own_postgres_server.stop()
    wait_until(lambda: service_of(on_postgresql).current.database_error)
    clock.set(clock.now().replace(hour=17, minute=45))
    [room] = on_postgresql.test_client().get("/api/now").get_json()["rooms"]
    assert room["now"]["id"] == "sara-hooker"
    assert set(reads(on_postgresql).values()) <= {200, 404}


def test_a_standby_that_only_reads_refuses_edits_until_it_writes_again(
    postgres_server: PostgresServer, program: Program, clock: MovableClock
) -> None:
    app = app_on(postgres_server.new_database(), program, clock)
    console = Console(app)
    with closing(service_of(app)) as service:
        only_reads(service, "on")
        refused = console.edit("cancel", "panel")
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
        only_reads(service, "off")
        assert console.edit("cancel", "panel").status_code == 303


def only_reads(service: Service, value: str) -> None:
    """Let every transaction that begins from here on only read, or write again."""
    at_each_use(service, f"SET default_transaction_read_only = {value}")


def at_each_use(service: Service, statement: str) -> None:
    """Run a statement whenever a connection is taken from the pool from here on.

    The pool stays: if it were replaced, nobody would close a connection that is in use at this moment.
    """

    @event.listens_for(service.database.engine, "checkout")
    def _run(connection: sqlite3.Connection | psycopg.Connection, *_: object) -> None:
        connection.execute(statement)
        connection.commit()


def test_a_table_that_is_gone_is_said_without_a_traceback(service: Service, app: Flask) -> None:
    with service.database.writing() as connection:
        connection.execute(text("DROP TABLE displays"))
    answer = Screen(app.test_client()).report({"room": None, "revision": 1})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "database does not answer" in answer.text


def test_only_who_was_signed_in_is_told_why_the_database_does_not_answer(service: Service, app: Flask) -> None:
    console = Console(app)
    with service.database.writing() as connection:
        connection.execute(text("DROP TABLE displays"))
    assert "no such table: displays" in console.get("/organizer/status").text
    assert "no such table" not in Screen(app.test_client()).report({"room": None, "revision": 1}).text


def spoil_and_mend(tmp_path: Path) -> dict[str, tuple[Callable[[], object], Callable[[], object]]]:
    """Ways in which an SQLite file goes away, and comes back."""
    file, elsewhere = tmp_path / "agenda.sqlite", tmp_path / "elsewhere"
    locker = sqlite3.connect(file, isolation_level=None, timeout=10)
    return {
        "removed": (lambda: file.rename(elsewhere), lambda: elsewhere.rename(file)),
        "locked": (lambda: locker.execute("BEGIN EXCLUSIVE"), lambda: locker.execute("ROLLBACK")),
    }


@pytest.mark.parametrize("fault", ["removed", "locked"])
def test_an_sqlite_file_goes_away_and_comes_back(service: Service, app: Flask, tmp_path: Path, fault: str) -> None:
    console = Console(app)
    # Patience is tested elsewhere.
    at_each_use(service, "PRAGMA busy_timeout=50")
    spoil, mend = spoil_and_mend(tmp_path)[fault]
    before, form = reads(app), form_of(console)
    spoil()
    assert reads(app) == before
    refused = console.client.post("/organizer/edit", data=form)
    assert (refused.status_code, "The database does not answer" in refused.text) == (503, True)
    mend()
    wait_until(lambda: service.current.database_error is None)
    assert renamed(console, "After") == 303
    assert service.current.snapshot.revision.program.session("panel").title == "After"


@pytest.mark.parametrize("replacement", ["an empty file", "another day's database"])
def test_nothing_is_published_into_a_file_that_was_replaced(
    service: Service, app: Flask, tmp_path: Path, program: Program, replacement: str
) -> None:
    console = Console(app)
    form, file, other = form_of(console), tmp_path / "agenda.sqlite", tmp_path / "other.sqlite"
    other.touch()
    if replacement != "an empty file":
        open_database(sqlite_url(other), program.id).close()
    held = other.read_bytes()
    file.rename(tmp_path / "before.sqlite")
    other.rename(file)
    # The second time the service opens the file anew.
    for _ in range(2):
        answer = console.client.post("/organizer/edit", data=form)
        assert (answer.status_code, "start the service again" in answer.text) == (503, True)
    assert file.read_bytes() == held
    assert app.test_client().get("/").status_code == 200


@pytest.mark.slow
def test_a_full_disk_refuses_an_edit_in_plain_words_and_readers_read_on(
    service: Service, app: Flask, tmp_path: Path
) -> None:
    console = Console(app)
    with closing(service.database.engine.raw_connection()) as connection:
        pages = connection.cursor().execute("PRAGMA page_count").fetchone()[0]
    at_each_use(service, f"PRAGMA max_page_count={pages + 8}")
    statuses = [renamed(console, f"Title {n} {'x' * 280}") for n in range(80)]
    assert set(statuses) == {303, 503}
    said = console.edit("content", "panel", title="x" * 280)
    assert "full" in said.text
    published = statuses.count(303)
    assert service.current.snapshot.revision.number == 1 + published
    assert set(reads(app).values()) <= {200, 404}
    at_each_use(service, f"PRAGMA max_page_count={2**30}")
    assert renamed(console, "With room again") == 303
