"""Pictures at addresses of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.movable_clock import MovableClock
from support.picture_files import content, picture_folder

from app import create_app
from app.formats.pictures import picture_address, pictures_of
from app.formats.program_folder.reader import FolderContent, read_folder
from app.freezing import site_walk
from app.service_factory import serve_from
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from app.web.running_service import service_of


@pytest.fixture
def trees(tmp_path: Path) -> FolderContent:
    return content(tmp_path)


@pytest.fixture
def app(tmp_path: Path, trees: FolderContent, clock: MovableClock) -> Iterator[Flask]:
    database = open_database(sqlite_url(tmp_path / "trees.sqlite"), "trees")
    service = serve_from(database, trees.program, clock, "https://trees.example", pictures=trees.pictures)
    yield create_app(Settings(program=tmp_path, secret_key="for tests"), service)
    service.close()


def addresses(trees: FolderContent) -> list[str]:
    logo, plan, face = (one for _, one in pictures_of(trees.program))
    return [picture_address(logo), picture_address(plan), picture_address(face, 96), picture_address(face, 288)]


def test_each_is_served_for_ever_and_may_be_shown_by_other_sites(client: FlaskClient, trees: FolderContent) -> None:
    answers = [client.get(address) for address in addresses(trees)]
    bodies = [trees.program.identity.logo.svg.encode()]  # type: ignore[union-attr]
    bodies += [data for one in trees.pictures[1:] for data in one.sizes.values()]
    assert [answer.data for answer in answers] == bodies
    assert {
        (answer.headers["Cache-Control"], answer.headers["Cross-Origin-Resource-Policy"]) for answer in answers
    } == {("public, max-age=31536000, immutable", "cross-origin")}
    assert [answer.content_type for answer in answers] == ["image/svg+xml; charset=utf-8", *["image/webp"] * 3]
    assert {answer.headers.get("Set-Cookie") for answer in answers} == {None}


@pytest.mark.parametrize("name", ["x", "a.webp", f"{'0' * 24}-96.webp", f"{'0' * 24}-full.svg", "../logo.svg"])
def test_others_are_not_found(client: FlaskClient, name: str) -> None:
    assert client.get(f"/pictures/{name}").status_code == 404


def test_the_api_has_their_addresses(client: FlaskClient, trees: FolderContent) -> None:
    found = client.get("/api/program").get_json()
    shown = [found["program"]["logo"], found["rooms"][0]["plan"], found["speakers"][0]["picture"]]
    logo, plan, _, face = addresses(trees)
    assert shown == [logo, plan, face]


def test_the_pages_that_phones_keep_show_each_that_is_no_part_of_them(
    client: FlaskClient, trees: FolderContent
) -> None:
    """The service worker keeps what these pages show (tests/browser/test_offline_pictures.py)."""
    pages = client.get("/offline/pages").get_json()["pages"].values()
    _, *others = addresses(trees)
    shown = {source for page in pages for source in re.findall(r' src="(/pictures/[^"]+)"', page)}
    assert (shown, any(trees.program.identity.logo.svg in page for page in pages)) == (set(others), True)  # type: ignore[union-attr]


def test_a_frozen_copy_has_them_as_files(app: Flask, trees: FolderContent, tmp_path: Path) -> None:
    service_of(app).watcher.stop()
    written = {one.name for one in site_walk.freeze(app, tmp_path / "copy")}
    assert [address for address in addresses(trees) if address[1:] not in written] == []


def test_a_picture_of_an_earlier_revision_is_still_there(
    app: Flask, client: FlaskClient, trees: FolderContent, tmp_path: Path, clock: MovableClock
) -> None:
    service = service_of(app)
    without = read_folder(picture_folder(tmp_path, lambda text: text.replace('picture = "pictures/ada.jpg"\n', "")))
    serve_from(service.database, without.program, clock, source_hash="second", pictures=without.pictures).watcher.stop()
    service.current.refresh()
    assert client.get("/api/program").get_json()["speakers"][0]["picture"] == ""
    assert client.get(addresses(trees)[3]).status_code == 200
