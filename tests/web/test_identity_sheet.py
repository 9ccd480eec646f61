"""A program's own colours reach each page: by a sheet of their own, or inside a page whose policy allows it."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import quote

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.movable_clock import MovableClock
from support.repository import FIRST_PROGRAM

from app import create_app
from app.domain.identity import Identity, Track
from app.domain.program import Program
from app.service_factory import serve_from
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from app.web.content_policy import hash_source
from app.web.identity_sheet import sheet_of
from app.web.running_service import service_of
from app.web.static_files import inline_styles

LINK = re.compile(r'<link rel="stylesheet" href="(/identity/[^"]+)">')
STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def client_of(program: Program, clock: MovableClock, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A reader of a program's service."""
    database = open_database(sqlite_url(tmp_path_factory.mktemp("identity") / "agenda.sqlite"), program.id)
    service = serve_from(database, program, clock)
    service.watcher.stop()
    return create_app(Settings(program=FIRST_PROGRAM, secret_key="for tests"), service).test_client()


def with_tracks(program: Program) -> Program:
    """The first program with tracks, of which one has no colour."""
    first, *others = program.sessions
    sessions = (replace(first, track="Systems"), *others)
    tracks = (Track("Theory"), Track("Systems", "#ffd500"))
    return replace(program, tracks=tracks, sessions=sessions)


def test_the_sheet_is_served_for_ever_at_the_address_that_pages_link_to(reader: FlaskClient, program: Program) -> None:
    address = LINK.findall(reader.get("/talks/panel").text)
    answer = reader.get(address[0])
    assert address == [sheet_of(program).address]
    assert (answer.text, answer.content_type) == (sheet_of(program).css, "text/css; charset=utf-8")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_the_accent_of_each_scheme_and_the_text_on_it_are_custom_properties(program: Program) -> None:
    assert sheet_of(program).css == (
        ":root{--accent-light:#5b2bd9;--on-accent-light:#ffffff;--accent-dark:#8f6ee5;--on-accent-dark:#0c0d0f}"
    )


@pytest.mark.parametrize("path", ["/", "/now"])
def test_a_page_that_is_painted_at_once_has_it_inside_and_its_policy_allows_it(
    reader: FlaskClient, program: Program, path: str
) -> None:
    answer = reader.get(path)
    styles = STYLE.findall(answer.text)
    allowed = re.findall(r"'(sha256-[^']+)'", answer.headers["Content-Security-Policy"])
    assert [hash_source(style) for style in (*inline_styles(), sheet_of(program).css)] == allowed
    assert (len(styles), [style for style in styles if hash_source(style) not in allowed]) == (2, [])
    assert LINK.findall(answer.text) == []


def test_what_is_unchanged_says_so_with_the_same_policy(reader: FlaskClient) -> None:
    first = reader.get("/")
    again = reader.get("/", headers={"If-None-Match": first.headers["ETag"]})
    policies = {answer.headers["Content-Security-Policy"] for answer in (first, again, reader.get("/offline/pages"))}
    assert (again.status_code, len(policies)) == (304, 1)


def test_another_accent_is_another_release_which_open_pages_load(program: Program) -> None:
    other = replace(program, identity=Identity(accent="#00707a"))
    assert sheet_of(program).release != sheet_of(other).release
    assert sheet_of(program).address != sheet_of(other).address


@pytest.mark.parametrize("encoding", ["identity", "br"])
def test_at_the_address_of_another_sheet_is_the_present_one_which_nobody_keeps(
    reader: FlaskClient, program: Program, encoding: str
) -> None:
    present = sheet_of(program)
    answer = reader.get("/identity/0123456789ab.css", headers={"Accept-Encoding": encoding})
    text = brotli.decompress(answer.data).decode() if encoding == "br" else answer.text
    assert (answer.status_code, text, answer.headers["Content-Type"]) == (200, present.css, "text/css; charset=utf-8")
    assert answer.headers["Cache-Control"] == "no-cache, s-maxage=2"
    assert answer.headers["Content-Location"] == present.address


def test_addresses_of_other_sheets_take_no_memory(reader: FlaskClient, app: Flask) -> None:
    editions = service_of(app).editions
    reader.get("/identity/000000000000.css")
    before = editions.memory.keepers["pages"]()
    for number in range(1, 20):
        reader.get(f"/identity/{number:012x}.css")
    assert editions.memory.keepers["pages"]() == before


@pytest.mark.parametrize(
    "name", [".css", "x.css", "0123456789AB.css", "0123456789a.css", "0123456789abc.css", "0123456789a\n.css", "x.js"]
)
def test_what_is_no_digest_is_not_found(reader: FlaskClient, name: str) -> None:
    assert reader.get(f"/identity/{quote(name)}").status_code == 404


def test_without_colours_of_its_own_a_program_has_no_sheet(
    program: Program, clock: MovableClock, tmp_path_factory: pytest.TempPathFactory
) -> None:
    client = client_of(replace(program, identity=Identity()), clock, tmp_path_factory)
    day, talk = client.get("/"), client.get("/talks/panel")
    assert (len(STYLE.findall(day.text)), LINK.findall(talk.text)) == (1, [])
    assert (client.get("/identity/0123456789ab.css").status_code, client.get("/identity/.css").status_code) == (
        200,
        404,
    )
    assert day.headers["Content-Security-Policy"] == client.get("/api/program").headers["Content-Security-Policy"]


def test_a_track_is_found_by_its_number_and_has_a_colour_for_each_scheme(program: Program, app: Flask) -> None:
    css = sheet_of(with_tracks(program)).css
    assert '[data-track="2"]{--track-light:#a78b00;--track-dark:#ffd500}' in css
    assert '[data-track="1"]' not in css
