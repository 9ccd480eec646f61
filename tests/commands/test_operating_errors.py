"""What operators do wrong or what fails under them: one line that docs/troubleshooting.md explains."""

from __future__ import annotations

import logging
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from support.postgres import PostgresServer
from support.repository import ROOT
from support.server_processes import free_port

from app.cli import main
from app.formats.program_folder.reader import read_program
from app.settings import first_program
from app.store.database import open_database, sqlite_url
from app.store.errors import StoreError
from app.store.publish_files import publish_files
from app.store.revisions import Revisions
from app.store.tables import SCHEMA, write_fact

PROGRAM = "codeml-2025"
PAGE = "docs/troubleshooting.md"
# Root may write everywhere and listen on every port, unless it gives that up.
AS_A_PLAIN_USER = ("setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner,-net_bind_service")
REFUSED, USED_WRONGLY = 1, 2

Said = tuple[int, str]
Case = Callable[[Path], Said]


def agenda(*arguments: str, **environment: str) -> Said:
    """The status of a command and all that it prints, without who says it and the line end."""
    result = CliRunner().invoke(main, arguments, env=environment, catch_exceptions=False)
    return result.exit_code, re.sub(r"^(agenda|Error): ", "", result.output).removesuffix("\n")


def serve(*arguments: str, **environment: str) -> Said:
    return agenda("serve", *(arguments or ("--host", "127.0.0.1", "--port", str(free_port()))), **environment)


def database(path: Path, program: str = PROGRAM) -> str:
    open_database(sqlite_url(path), program).close()
    return sqlite_url(path)


def no_place_for_a_key(folder: Path) -> Said:
    (folder / "var").write_text("a file")
    return serve(DATABASE_URL=database(folder / "day.sqlite"))


def no_place_for_a_database(folder: Path) -> Said:
    (folder / "var").write_text("a file")
    return serve()


def port_in_use(_: Path) -> Said:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return serve("--host", "127.0.0.1", "--port", str(taken.getsockname()[1]))


def host_of_another_machine(_: Path) -> Said:
    return serve("--host", "192.0.2.1")


def too_large_a_port(_: Path) -> Said:
    return serve(PORT="99999")


def program_that_is_not_there(_: Path) -> Said:
    return serve(AGENDA_PROGRAM="nowhere")


def file_in_place_of_its_folder(folder: Path) -> Said:
    (folder / "program.toml").touch()
    return serve(AGENDA_PROGRAM="program.toml")


def folder_without_a_program(folder: Path) -> Said:
    (folder / "empty").mkdir()
    return serve(AGENDA_PROGRAM="empty")


def huge_program(folder: Path) -> Said:
    (folder / "huge").mkdir()
    with (folder / "huge" / "program.toml").open("wb") as file:
        file.truncate(50_000_000)
    return serve(AGENDA_PROGRAM="huge")


def old_python(folder: Path) -> Said:
    python = folder / "python"
    (folder / "pyproject.toml").touch()
    # What the check asks of Python is asked of one that says it is older.
    stand_in = "import sys; sys.version_info = (3, 10); exec(sys.argv[1])"
    python.write_text(f"#!/bin/sh\nexec {sys.executable} -c '{stand_in}' \"$2\"\n")
    python.chmod(0o755)
    make = ("make", "--no-print-directory", "-f", str(ROOT / "Makefile"), "install", f"PYTHON={python}")
    told = subprocess.run(make, cwd=folder, capture_output=True, text=True, check=False).stderr.splitlines()
    return REFUSED, told[0]


def nonsense_for_a_database(_: Path) -> Said:
    return serve(DATABASE_URL="postgresql://agenda:se@cret@localhost/day")


def server_that_does_not_run(_: Path) -> Said:
    return agenda("late", "5", DATABASE_URL=f"postgresql://agenda:secret@127.0.0.1:{free_port()}/day")


def file_that_is_no_database(folder: Path) -> Said:
    (folder / "page.html").write_text("<html>" * 100)
    return serve(DATABASE_URL=sqlite_url(folder / "page.html"))


def database_of_another_program(folder: Path) -> Said:
    return serve(DATABASE_URL=database(folder / "other.sqlite", "icml-2026"))


def database_of_a_newer_version(folder: Path) -> Said:
    newer = open_database(database(folder / "newer.sqlite"), PROGRAM)
    with newer.writing() as connection:
        write_fact(connection, SCHEMA, "99")
    newer.close()
    return serve(DATABASE_URL=sqlite_url(folder / "newer.sqlite"))


def command_in_another_folder(_: Path) -> Said:
    return agenda("late", "5")


def missing_backup(_: Path) -> Said:
    return agenda("restore", "nowhere")


def restore_into_a_used_database(folder: Path) -> Said:
    database(folder / "backup")
    return agenda("restore", "backup", DATABASE_URL=database(folder / "used.sqlite"))


def backup_over_a_file(folder: Path) -> Said:
    (folder / "backup").touch()
    return agenda("backup", "backup", DATABASE_URL=database(folder / "used.sqlite"))


def backup_to_no_place(folder: Path) -> Said:
    return agenda("backup", "nowhere/backup", DATABASE_URL=database(folder / "used.sqlite"))


def folder_of_somebody_else(folder: Path) -> Said:
    (folder / "var").mkdir(mode=0)
    return as_a_plain_user("late", "5")


def on_a_port_of_root(_: Path) -> Said:
    if Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text().strip() == "0":
        pytest.skip("here everybody may use port 80")
    return as_a_plain_user("serve", "--port", "80")


def as_a_plain_user(*arguments: str, **environment: str) -> Said:
    """What a command says to somebody who may not do everything."""
    own = AS_A_PLAIN_USER if os.geteuid() == 0 else ()
    if own and shutil.which(own[0]) is None:
        pytest.skip("root cannot give up its rights here: there is no setpriv")
    command = (*own, sys.executable, "-m", "app", *arguments)
    settings = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment}
    told = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
    return told.returncode, re.sub(r"^(agenda|Error): ", "", told.stderr).removesuffix("\n")


def refused(file: Path, spoil: Callable[[Path], object]) -> Said:
    """What a running service says of its database once something has happened to the file."""
    running = open_database(database(file), PROGRAM)
    spoil(file)
    with closing(running), pytest.raises(StoreError) as error, running.reading():
        pass
    return REFUSED, str(error.value)


def file_moved_away(folder: Path) -> Said:
    return refused(folder / "var" / "day.sqlite", lambda file: file.parent.rename(folder / "away"))


def file_replaced(folder: Path) -> Said:
    other = folder / "other.sqlite"
    database(other)
    return refused(folder / "day.sqlite", lambda file: (file.rename(folder / "away"), other.rename(file)))


def logged(file: Path, spoil: Callable[[Path], object]) -> Said:
    """What a running service logs once something has happened to its database's file."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    log = logging.getLogger("app.store.open_file")
    running = open_database(database(file), PROGRAM)
    log.addHandler(handler)
    try:
        spoil(file)
        for _ in range(2):
            with suppress(StoreError), running.reading():
                pass
    finally:
        log.removeHandler(handler)
        running.close()
    return 0, "\n".join(lines)


def folder_deleted(folder: Path) -> Said:
    return logged(folder / "var" / "day.sqlite", lambda file: shutil.rmtree(file.parent))


def folder_deleted_for_good(folder: Path) -> Said:
    def spoil(file: Path) -> None:
        shutil.rmtree(file.parent)
        file.parent.write_text("in its way")

    return logged(folder / "var" / "day.sqlite", spoil)


# In the order of the page's rows.
CASES: dict[Case, int] = {
    no_place_for_a_database: REFUSED,
    no_place_for_a_key: REFUSED,
    port_in_use: REFUSED,
    on_a_port_of_root: REFUSED,
    host_of_another_machine: REFUSED,
    too_large_a_port: USED_WRONGLY,
    program_that_is_not_there: REFUSED,
    file_in_place_of_its_folder: REFUSED,
    folder_without_a_program: REFUSED,
    huge_program: REFUSED,
    old_python: REFUSED,
    nonsense_for_a_database: USED_WRONGLY,
    server_that_does_not_run: REFUSED,
    file_that_is_no_database: REFUSED,
    database_of_another_program: REFUSED,
    database_of_a_newer_version: REFUSED,
    command_in_another_folder: REFUSED,
    missing_backup: REFUSED,
    restore_into_a_used_database: REFUSED,
    backup_over_a_file: REFUSED,
    backup_to_no_place: REFUSED,
    folder_of_somebody_else: REFUSED,
    folder_deleted: 0,
    folder_deleted_for_good: 0,
    file_moved_away: REFUSED,
    file_replaced: REFUSED,
}
SLOW = {old_python, on_a_port_of_root, folder_of_somebody_else}
SIGNS = re.findall(r"^\| `(.*?)` \|", (ROOT / PAGE).read_text(), re.MULTILINE)
# They need a server, or a service that has started; each has a test of its own.
(NO_RIGHTS,) = (sign for sign in SIGNS if sign.startswith("…; make this user the owner"))
AT_THE_START = [
    sign
    for sign in SIGNS
    if sign.startswith(("This machine's clock", "Secret key ", "Processes ", "Open files ", "Memory "))
]
SIMPLE = [sign for sign in SIGNS if sign not in {NO_RIGHTS, *AT_THE_START}]


def is_sign_of(sign: str, said: str) -> bool:
    """Whether a line is the one that the page quotes; "…" there stands for any text."""
    return re.fullmatch(".*".join(map(re.escape, sign.split("…"))), said) is not None


def sign_of(case: Case) -> str:
    """What the page quotes for a case."""
    return SIMPLE[list(CASES).index(case)]


@pytest.mark.parametrize(
    ("sign", "case", "status"),
    [
        pytest.param(sign, case, status, id=case.__name__, marks=[pytest.mark.process] if case in SLOW else [])
        for sign, (case, status) in zip(SIMPLE, CASES.items(), strict=True)
    ],
)
def test_what_is_wrong_is_said_in_the_one_line_that_the_page_explains(
    sign: str, case: Case, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "SECRET_KEY", "AGENDA_PROGRAM"):
        monkeypatch.delenv(name, raising=False)
    told, said = case(tmp_path)
    assert (told, said, is_sign_of(sign, said)) == (status, said, True)


@pytest.mark.postgresql
def test_a_user_without_rights_is_told_who_can_give_them(postgres_server: PostgresServer) -> None:
    url = postgres_server.new_database()
    with psycopg.connect(url, autocommit=True) as connection, suppress(psycopg.errors.DuplicateObject):
        connection.execute("CREATE ROLE visitor LOGIN PASSWORD 'secret'")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    status, said = serve(DATABASE_URL=url.replace("//agenda@", "//visitor:secret@"))
    assert (status, said, is_sign_of(NO_RIGHTS, said), "secret" in said) == (REFUSED, said, True, False)


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("agenda@", "nobody:secret@"), 'role "nobody" does not exist'),
        (("/agenda", "/nowhere"), 'database "nowhere" does not exist'),
    ],
    ids=["user", "database"],
)
def test_a_server_that_refuses_is_quoted_without_the_password(
    postgres_server: PostgresServer, change: tuple[str, str], reason: str
) -> None:
    scheme, _, rest = postgres_server.url("agenda").partition("://")
    status, said = serve(DATABASE_URL=f"{scheme}://{rest.replace(*change)}")
    assert (status, said, is_sign_of(sign_of(server_that_does_not_run), said), reason in said, "secret" in said) == (
        REFUSED,
        said,
        True,
        True,
        False,
    )


@pytest.mark.process
def test_at_the_start_it_says_what_is_too_weak_or_too_little(tmp_path: Path) -> None:
    running = open_database(sqlite_url(tmp_path / "day.sqlite"), PROGRAM)
    publish_files(
        Revisions(running), read_program(first_program()), source_hash="", now=datetime(2099, 1, 1, tzinfo=UTC)
    )
    running.close()
    port = str(free_port())
    command = f"ulimit -n 200; exec {sys.executable} -u -m app serve --host 127.0.0.1 --port {port}"
    settings = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": sqlite_url(tmp_path / "day.sqlite"),
        "AGENDA_MEMORY": "99999999",
        "SECRET_KEY": "summer",
        "WEB_CONCURRENCY": "2",
    }
    with subprocess.Popen(
        ["sh", "-c", command], cwd=tmp_path, env=settings, stdout=subprocess.PIPE, text=True
    ) as served:
        assert served.stdout
        lines = [
            line.strip() for line in iter(served.stdout.readline, "") if "sign-in/" not in line or served.terminate()
        ]
    said = [line.removeprefix("Clock").strip() for line in lines]
    assert [sum(is_sign_of(sign, line) for line in said) for sign in AT_THE_START] == [1] * len(AT_THE_START)


@pytest.mark.process
def test_a_folder_that_may_not_be_written_is_said_to_a_plain_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(tmp_path)
    tmp_path.chmod(0o555)
    try:
        said = [
            as_a_plain_user("serve", "--port", str(free_port())),
            as_a_plain_user("serve", "--port", str(free_port()), DATABASE_URL=sqlite_url(elsewhere / "day.sqlite")),
        ]
    finally:
        tmp_path.chmod(0o755)
    assert said == [(REFUSED, line) for _, line in said]
    expected = map(sign_of, (no_place_for_a_database, no_place_for_a_key))
    assert [is_sign_of(sign, line) for sign, (_, line) in zip(expected, said, strict=True)] == [True, True]


@pytest.mark.process
def test_without_limits_of_open_files_as_on_windows_it_starts_all_the_same() -> None:
    code = (
        "import sys; sys.modules['resource'] = None; import app.server.process_tuning as s; print(s.raise_file_limit())"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT).stdout == b"None\n"


def test_more_processes_than_any_machine_uses_are_wrong_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert serve(WEB_CONCURRENCY="1000") == (2, "WEB_CONCURRENCY='1000': expected a whole number, 1 to 64")
    assert serve("--workers", "1000")[0] == USED_WRONGLY
