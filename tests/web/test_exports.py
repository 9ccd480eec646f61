"""`/export/…`: files for other systems, from the same revision as everything else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from support.exchange_schemas import json_faults, xml_faults
from support.movable_clock import MovableClock

from app.domain.edits.edit_types import Cancel
from app.domain.rights import Editor
from app.store.publishing import publish_edit
from app.web.running_service import Service

NAMES = ("schedule.xml", "schedule.json", "schedule.csv")


def test_the_files_are_valid(reader: FlaskClient, fixtures_path: Path) -> None:
    assert xml_faults(fixtures_path, reader.get("/export/schedule.xml").data) == []
    assert json_faults(fixtures_path, reader.get("/export/schedule.json").data) == []


def test_each_file_says_what_it_is(reader: FlaskClient) -> None:
    assert [reader.get(f"/export/{name}").content_type for name in NAMES] == [
        "application/xml; charset=utf-8",
        "application/json",
        "text/csv; charset=utf-8",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_pages_of_other_origins_may_read_them(reader: FlaskClient, name: str) -> None:
    assert reader.get(f"/export/{name}").headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("name", NAMES)
def test_who_has_a_file_already_gets_304(reader: FlaskClient, name: str) -> None:
    etag = reader.get(f"/export/{name}").headers["ETag"]
    again = reader.get(f"/export/{name}", headers={"If-None-Match": etag})
    assert (again.status_code, again.data, again.headers["Access-Control-Allow-Origin"]) == (304, b"", "*")


@pytest.mark.parametrize("name", NAMES)
def test_time_alone_changes_nothing(client: FlaskClient, clock: MovableClock, name: str) -> None:
    before = client.get(f"/export/{name}").headers["ETag"]
    clock.set(clock.now() + timedelta(hours=1))
    assert client.get(f"/export/{name}").headers["ETag"] == before


@pytest.mark.parametrize("name", NAMES)
def test_a_new_revision_is_in_them(client: FlaskClient, service: Service, clock: MovableClock, name: str) -> None:
    before = client.get(f"/export/{name}").headers["ETag"]
    edit = Cancel(session="panel")
    publish_edit(service.current.revisions, edit, base=1, by=Editor("x"), note="", now=clock.now())
    service.current.refresh()
    after = client.get(f"/export/{name}")
    assert after.headers["ETag"] != before
    assert "cancelled" in after.text.lower()


def test_a_form_that_there_is_not_is_not_found(reader: FlaskClient) -> None:
    assert reader.get("/export/schedule.pdf").status_code == 404


def test_addresses_in_a_file_are_those_that_the_reader_used(reader: FlaskClient) -> None:
    assert "<url>http://localhost/talks/panel</url>" in reader.get("/export/schedule.xml").text
