"""Nothing of the room state is ever in a public page, feed, export, offline page, frozen copy or log line."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from support.addresses import addresses
from support.console_browser import Console
from support.movable_clock import AT_TEN_TWENTY
from support.repository import FIRST_PROGRAM

from app import create_app
from app.domain.edits.edit_types import ChangeContent
from app.domain.rights import Editor
from app.freezing.site_walk import freeze
from app.settings import Settings
from app.store.publishing import publish_edit
from app.web.running_service import Service

SECRET = "xyzzy-say-it-so"
# What stands in the console's pages of it, beside what people typed.
PLANTED = tuple(map(str.encode, (SECRET, "data-room-state", "speaker-tick", "chair-notes", "Zacharias")))
PAGE = "/organizer/talks/tri-dao"


@pytest.fixture
def chair(app: Flask, service: Service, caplog: pytest.LogCaptureFixture) -> Console:
    """A chair who has set a tick and written a note, before a revision of another hand."""
    caplog.set_level(logging.DEBUG)
    chair = Console(app, "Zacharias", room="venue")
    chair.post("/organizer/chair-notes", session="tri-dao", text=SECRET)
    chair.post("/organizer/ticks", session="tri-dao", speaker="tri-dao", tick="here", on="1")
    edit = ChangeContent("tri-dao", title="New")
    publish_edit(service.current.revisions, edit, base=1, by=Editor("Frank"), note="", now=AT_TEN_TWENTY)
    service.current.refresh()
    return chair


def holding(answers: Iterator[tuple[str, bytes]]) -> tuple[int, list[tuple[str, bytes]]]:
    """How many answers there are, and which of them hold something of the room state."""
    found = dict(answers)
    return len(found), [(path, one) for path, data in found.items() for one in PLANTED if one in data]


def test_the_console_shows_all_of_it(chair: Console) -> None:
    page = chair.get(PAGE).data
    assert [one for one in PLANTED if one not in page] == []


def test_no_address_gives_it_to_a_reader(app: Flask, chair: Console) -> None:
    reader = app.test_client()
    paths = [path for method, path in addresses(app) if method == "GET"]
    count, found = holding((path, reader.get(path).data) for path in paths)
    assert (count > 40, found) == (True, [])


@pytest.mark.slow
def test_no_file_of_a_frozen_copy_has_it(service: Service, chair: Console, tmp_path: Path) -> None:
    public = replace(service, public_url="https://agenda.example")
    app = create_app(Settings(program=FIRST_PROGRAM, secret_key="for tests"), public)
    names = [one.name for one in freeze(app, tmp_path / "copy")]
    pages = ((name, (tmp_path / "copy" / name).read_bytes()) for name in names if not name.startswith("static/"))
    count, found = holding(pages)
    assert (count > 40, found) == (True, [])


def test_no_line_of_the_log_has_it(chair: Console, caplog: pytest.LogCaptureFixture) -> None:
    chair.get(PAGE)
    records = [*caplog.get_records("setup"), *caplog.records]
    lines = [record.getMessage() for record in records]
    assert ("POST /organizer/ticks 303" in " ".join(lines), [line for line in lines if SECRET in line]) == (True, [])
