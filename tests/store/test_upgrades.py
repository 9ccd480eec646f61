"""A database that version 0.1.0 wrote is this version's when it is opened; where that fails, it stays as it was."""

from __future__ import annotations

import logging
import resource
import signal
import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, inspect, select, text
from support.ical_checker import events_by_uid
from support.ical_lines import read
from support.movable_clock import MovableClock
from support.older_database import (
    ADAS_SIGN_IN,
    CALENDAR_KEY,
    GRACES_LINK,
    IDENTITY,
    STAR_KEY,
    USED_LINK,
    older_database,
    older_file,
)
from support.publisher_processes import NOW, PROGRAM_ID, append_revision, opened, processes, publish, started

from app import create_app
from app.domain.edits.edit_types import ChangeContent
from app.domain.program import Program
from app.domain.rights import Editor
from app.release import VERSION
from app.service_factory import serve_published
from app.settings import Settings, first_program
from app.store.database import connect, open_database, sqlite_url
from app.store.errors import DatabaseBroken, NewerDatabase, NotUpgraded, SignInRefused, WrongDatabase
from app.store.proposals import propose, waiting
from app.store.revisions import Revisions
from app.store.sign_ins import SignIns
from app.store.tables import SCHEMA_VERSION, meta, metadata, proposals, proposed_pictures, write_fact

# As 0.1.0 served them.
TIMES = {"tri-dao": ("09:15", "09:53"), "coffee-morning": ("09:53", "10:15"), "panel": ("16:00", "16:55")}
SEQUENCES = {"tri-dao": "3", "coffee-morning": "1", "panel": "1"}
AUTHORS = ["files", "terminal", "terminal", "terminal", "terminal", "terminal", "Ada"]
NOTES = ["The projector needs a minute.", "Tri Dao is ill.", "He can join by video."]


@pytest.fixture
def older_url(database_url: str) -> str:
    """The address of the older database: first SQLite's, then PostgreSQL's."""
    return older_database(database_url)


@pytest.fixture
def reader(older_url: str) -> Iterator[FlaskClient]:
    """A reader of this version's service on it, at 10:42."""
    database = open_database(older_url, PROGRAM_ID)
    service = serve_published(database, MovableClock(NOW.replace(minute=42)))
    yield create_app(Settings(program=first_program(), secret_key="for tests"), service).test_client()
    service.close()


def columns(url: str) -> dict[str, set[str]]:
    with closing(connect(url)) as database, database.reading() as connection:
        found = inspect(connection)
        return {table: {one["name"] for one in found.get_columns(table)} for table in found.get_table_names()}


def facts(url: str) -> dict[str, str]:
    with closing(connect(url)) as database, database.reading() as connection:
        return {row.key: row.value for row in connection.execute(select(meta))}


def test_a_database_of_0_1_0_gets_the_tables_of_this_version(older_url: str) -> None:
    open_database(older_url, PROGRAM_ID).close()
    assert columns(older_url) == {name: set(table.columns.keys()) for name, table in metadata.tables.items()}
    assert facts(older_url) == {
        "schema": str(SCHEMA_VERSION),
        "program": PROGRAM_ID,
        "clock": "real",
        "identity": IDENTITY,
        "written by": VERSION,
    }


def test_each_revision_of_0_1_0_can_be_read(older_url: str) -> None:
    with opened(older_url) as database:
        kept = Revisions(database).since(0)
    assert [(one.number, one.author) for one in kept] == list(enumerate(AUTHORS, start=1))
    assert [one.note for one in kept if one.note in NOTES] == NOTES
    assert (kept[4].kind, kept[4].undoes) == ("undo", 4)
    assert kept[6].program.session("closing").title == "Closing remarks and thanks"


def test_readers_see_the_day_as_0_1_0_left_it(reader: FlaskClient) -> None:
    sessions = {one["id"]: one for one in reader.get("/api/program").json["sessions"]}
    assert {name: (sessions[name]["start"][11:16], sessions[name]["end"][11:16]) for name in TIMES} == TIMES
    assert sessions["panel"]["status"] == "cancelled"
    now = reader.get("/api/now").json
    assert (now["revision"], now["service"], now["history"]) == (7, IDENTITY, "")
    assert "Lunch is on the terrace." in reader.get("/").text
    assert "The projector needs a minute." in reader.get("/changes").text


def test_the_api_tells_each_change_of_0_1_0(reader: FlaskClient) -> None:
    changes = reader.get("/api/changes").json["changes"]
    assert [(one["revision"], one["author"]) for one in changes] == list(enumerate(AUTHORS, start=1))
    [undone] = [one for one in changes if one["undoes"]]
    assert (undone["revision"], undone["undoes"], undone["note"]) == (5, 4, "He can join by video.")


def test_subscribed_calendars_find_the_events_of_0_1_0(reader: FlaskClient) -> None:
    events = events_by_uid(read(reader.get("/calendar/codeml-2025.ics").data))
    sequences = {uid.partition("@")[0]: event.texts()["SEQUENCE"] for uid, event in events.items()}
    assert {uid.partition("@")[2] for uid in events} == {"codeml-workshop.github.io"}
    assert {name: number for name, number in sequences.items() if number != "0"} == SEQUENCES


def test_stars_of_0_1_0_are_kept(reader: FlaskClient) -> None:
    assert reader.get("/my/picks", headers={"Authorization": f"Bearer {STAR_KEY}"}).json["sessions"] == [
        "panel",
        "tri-dao",
    ]
    own = events_by_uid(read(reader.get(f"/my/{CALENDAR_KEY}.ics").data))
    assert sorted(uid.partition("@")[0] for uid in own) == ["panel", "tri-dao"]


def test_sign_ins_and_links_of_0_1_0_hold(older_url: str, program: Program) -> None:
    with opened(older_url) as database:
        sign_ins = SignIns(database)
        assert sign_ins.signed_in(ADAS_SIGN_IN, NOW, program).editor == Editor("Ada")
        assert sign_ins.open_link(GRACES_LINK, NOW).editor == Editor("Grace", "chair", "venue")
        with pytest.raises(SignInRefused):
            sign_ins.open_link(USED_LINK, NOW)


def of_schema_8(url: str) -> None:
    """Make a database one without what schema 9 added, which knows of no speaker who they are."""
    with closing(connect(url)) as database, database.writing() as connection:
        for table in (proposed_pictures, proposals):
            table.drop(connection)
        connection.execute(text("ALTER TABLE organizers DROP COLUMN speaker"))
        write_fact(connection, "schema", "8")


def test_the_people_of_schema_8_are_kept_and_speakers_may_make_changes_that_wait(
    database_url: str, program: Program
) -> None:
    with opened(database_url) as database:
        append_revision(Revisions(database), program)
        sign_ins = SignIns(database)
        people = [
            sign_ins.add("Ada", NOW),
            sign_ins.add("Stella Biderman", NOW, "speaker", session="stella-biderman"),
            sign_ins.add("Tao", NOW, "chair", "venue"),
        ]
        key = sign_ins.redeem(sign_ins.new_link("Stella Biderman", NOW), NOW, "Safari")
    of_schema_8(database_url)
    with opened(database_url) as database:
        sign_ins = SignIns(database)
        assert list(sign_ins.people()) == [replace(one, speaker=None) for one in people]
        edit = ChangeContent("stella-biderman", title="Open models")
        stella = sign_ins.signed_in(key, NOW, program).editor
        made = propose(Revisions(database), edit, base=1, by=stella, now=NOW)
        assert waiting(database) == (made,)
    assert facts(database_url)["schema"] == str(SCHEMA_VERSION)


def test_an_edit_is_published_on_a_database_of_0_1_0(older_url: str) -> None:
    with opened(older_url) as database:
        assert publish(Revisions(database), "eight").number == 8


def test_a_copy_as_it_was_is_kept_beside_a_file_before_it_is_upgraded(tmp_path: Path) -> None:
    path = older_file(tmp_path / "agenda.sqlite")
    with closing(sqlite3.connect(path)) as before:
        rows = list(before.iterdump())
    open_database(sqlite_url(path), PROGRAM_ID).close()
    copy = tmp_path / "agenda.sqlite.schema-1.backup"
    with closing(sqlite3.connect(copy)) as kept:
        assert list(kept.iterdump()) == rows
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert sorted(one.name for one in tmp_path.iterdir()) == [path.name, copy.name]


def test_a_copy_that_is_there_already_is_not_overwritten(tmp_path: Path) -> None:
    path = older_file(tmp_path / "agenda.sqlite")
    (tmp_path / "agenda.sqlite.schema-1.backup").write_text("of an earlier upgrade")
    open_database(sqlite_url(path), PROGRAM_ID).close()
    assert (tmp_path / "agenda.sqlite.schema-1.backup").read_text() == "of an earlier upgrade"
    assert (tmp_path / "agenda.sqlite.schema-1.2.backup").stat().st_size > 0


def test_an_upgrade_is_one_line_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = older_file(tmp_path / "agenda.sqlite")
    with caplog.at_level(logging.WARNING):
        open_database(sqlite_url(path), PROGRAM_ID).close()
        open_database(sqlite_url(path), PROGRAM_ID).close()
    copy = f"{path}.schema-1.backup"
    assert caplog.messages == [f"{path} is upgraded to version {VERSION}; to go back, restore {copy}"]


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(older_url: str, tmp_path: Path) -> None:
    with closing(connect(older_url)) as database, database.writing() as connection:
        # A column of schema 4, so that the upgrade fails after those of schemas 2 and 3.
        connection.execute(text("ALTER TABLE sign_in_links ADD COLUMN used_by INTEGER"))
    before = columns(older_url), facts(older_url)
    with pytest.raises(DatabaseBroken, match="used_by"):
        open_database(older_url, PROGRAM_ID)
    assert (columns(older_url), facts(older_url)) == before
    assert list(tmp_path.glob("*.backup")) == []


def test_of_many_who_open_an_older_database_at_once_one_upgrades_it(older_url: str, tmp_path: Path) -> None:
    with ThreadPoolExecutor(10) as pool:
        databases = list(pool.map(lambda _: open_database(older_url, PROGRAM_ID), range(10)))
    for database in databases:
        database.close()
    assert facts(older_url)["schema"] == str(SCHEMA_VERSION)
    assert [one.name for one in tmp_path.glob("*.backup")] == (
        ["agenda.sqlite.schema-1.backup"] if older_url.startswith("sqlite") else []
    )


@pytest.mark.process
def test_of_several_processes_that_open_an_older_database_at_once_one_upgrades_it(
    older_url: str, tmp_path: Path
) -> None:
    openers = [started(open_and_close, older_url) for _ in range(3)]
    for opener in openers:
        opener.join()
    assert [opener.exitcode for opener in openers] == [0] * 3
    assert len(list(tmp_path.glob("*.backup"))) == older_url.startswith("sqlite")


def open_and_close(url: str) -> None:
    open_database(url, PROGRAM_ID).close()


def test_the_database_of_another_program_is_not_upgraded(older_url: str) -> None:
    with pytest.raises(WrongDatabase):
        open_database(older_url, "other")
    assert facts(older_url)["schema"] == "1"


@pytest.mark.process
def test_without_room_for_the_copy_the_database_stays_and_one_line_says_what_to_do(tmp_path: Path) -> None:
    path = older_file(tmp_path / "agenda.sqlite")
    before = path.read_bytes()
    telling, told = processes.Pipe()
    opener = started(open_on_a_full_disk, sqlite_url(path), told)
    refusal = telling.recv()
    opener.join()
    assert refusal.startswith(
        f"{path} is of an older version and is not upgraded: its copy {path}.schema-1.backup cannot be written ("
    )
    assert refusal.endswith("; free as much space as the database takes, then start again")
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["agenda.sqlite"]


def open_on_a_full_disk(url: str, told: Connection) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, resource.RLIM_INFINITY))
    try:
        open_database(url, PROGRAM_ID).close()
    except NotUpgraded as refused:
        told.send(str(refused))
    told.close()


@pytest.mark.parametrize(("version", "named"), [("0.3.0", "version 0.3.0"), (None, "a newer version")])
def test_a_newer_database_is_refused_by_the_version_that_wrote_it(
    database_url: str, version: str | None, named: str
) -> None:
    with opened(database_url) as database, database.writing() as connection:
        write_fact(connection, "schema", str(SCHEMA_VERSION + 1))
        connection.execute(delete(meta).where(meta.c.key == "written by"))
        if version:
            write_fact(connection, "written by", version)
    with pytest.raises(NewerDatabase) as refusal:
        open_database(database_url, PROGRAM_ID)
    assert str(refusal.value).endswith(
        f" was written by {named}, this is {VERSION}: install {named}, "
        "or restore the copy that it made before its upgrade"
    )
