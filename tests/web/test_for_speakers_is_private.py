"""What a program says to speakers alone is in no public page, feed, export, search, offline page or frozen copy."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.addresses import addresses
from support.movable_clock import AT_TEN_TWENTY
from support.repository import FIRST_PROGRAM

from app import create_app
from app.domain.program import Program
from app.formats.export_formats import FORMS, export_program
from app.freezing.site_walk import freeze
from app.settings import Settings
from app.web.running_service import Service

FIRST, SECOND = "xyzzypassword", "plughpassword"
PLANTED = tuple(map(str.encode, (FIRST, SECOND, "for_speakers", "speakers_publish", "forSpeakers", "speakersPublish")))
# The forms of an address that `addresses` has one form of, and what is looked up.
MORE = (
    "/export/schedule.json",
    "/export/schedule.csv",
    "/?q=wi-fi",
    "/speakers?q=dao",
    "/api/now?at=2025-07-18T09:30",
    "/changes",
)


@pytest.fixture
def program(first_program: Program) -> Program:
    """The workshop, whose speakers know the Wi-Fi and publish themselves."""
    return replace(first_program, for_speakers=f"Wi-Fi: *codeml*, `{FIRST}`.", speakers_publish=True)


@pytest.fixture
def reader(app: Flask, service: Service, program: Program) -> FlaskClient:
    """A reader, after a revision that changed nothing but what speakers are told."""
    changed = replace(program, for_speakers=f"Wi-Fi: *codeml*, `{SECOND}`.", speakers_publish=False)
    made = append(service, changed)
    assert (made, service.current.snapshot.revision.program.for_speakers) == (2, changed.for_speakers)
    return app.test_client()


def append(service: Service, program: Program) -> int:
    with service.current.revisions.publishing() as transaction:
        made = transaction.append(program, author="files", note="", kind="publish", now=AT_TEN_TWENTY)
    service.current.refresh()
    return made.number


def holding(answers: Iterable[tuple[str, bytes]]) -> tuple[int, list[tuple[str, bytes]]]:
    """How many answers there are, and which of them hold something of it."""
    found = dict(answers)
    return len(found), [(path, one) for path, data in found.items() for one in PLANTED if one in data]


def test_no_address_gives_it_to_a_reader(app: Flask, reader: FlaskClient) -> None:
    paths = [*(path for method, path in addresses(app) if method == "GET"), *MORE]
    count, found = holding((path, reader.get(path).data) for path in paths)
    assert (count > 40, found) == (True, [])
    assert {reader.get(path).status_code for path in MORE} == {200}


@pytest.mark.parametrize("path", ["/", "/speakers", "/papers"])
def test_nobody_finds_it(reader: FlaskClient, path: str) -> None:
    pages = {word: reader.get(path, query_string={"q": word}).text.replace(word, "") for word in (FIRST, SECOND)}
    nothing = reader.get(path, query_string={"q": "frobozzletters"}).text.replace("frobozzletters", "")
    assert pages == {FIRST: nothing, SECOND: nothing}


@pytest.mark.parametrize("form", FORMS)
def test_no_export_has_it(service: Service, form: str) -> None:
    program = service.current.snapshot.revision.program
    made = export_program(form, program, revision=1, base_url="https://agenda.example")
    assert FIRST in program.for_speakers
    assert holding([(form, made.data), ("report", "\n".join(made.left_out).encode())]) == (2, [])


@pytest.mark.slow
def test_no_file_of_a_frozen_copy_has_it(service: Service, reader: FlaskClient, tmp_path: Path) -> None:
    public = replace(service, public_url="https://agenda.example")
    app = create_app(Settings(program=FIRST_PROGRAM, secret_key="for tests"), public)
    names = [one.name for one in freeze(app, tmp_path / "copy")]
    files = ((name, (tmp_path / "copy" / name).read_bytes()) for name in names if not name.startswith("static/"))
    count, found = holding(files)
    assert (count > 40, found) == (True, [])


def test_no_line_of_the_log_has_it(reader: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for path in ("/", "/api/program", *MORE):
        reader.get(path)
    lines = [one.getMessage() for one in caplog.records]
    assert ("GET /api/program 200" in " ".join(lines), [one for one in lines if "password" in one]) == (True, [])
