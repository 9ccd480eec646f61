"""What phones need to work offline: the manifest, the icons, the service worker, the precached pages."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from support.movable_clock import MovableClock

from app.domain.program import Program
from app.service_factory import serve_from
from app.store.database import open_database, sqlite_url
from app.web import static_files
from app.web.identity_sheet import sheet_of
from app.web.offline_pages import MOST_DAYS, MOST_SESSIONS, precached
from app.web.running_service import Service


def release(client: FlaskClient) -> dict[str, Any]:
    """The release that the worker's script names."""
    first_line = client.get("/sw.js").text.partition("\n")[0]
    return dict(json.loads(first_line.removeprefix("const RELEASE = ").removesuffix(";")))


def test_the_manifest_makes_the_day_an_app(reader: FlaskClient) -> None:
    answer = reader.get("/manifest.webmanifest")
    manifest = json.loads(answer.data)
    icons = manifest.pop("icons")
    assert answer.content_type == "application/manifest+json"
    assert manifest == {
        "id": "/",
        "name": "Championing Open-source Development in Machine Learning",
        "short_name": "CODEML",
        "description": "A workshop on keeping open-source machine learning software alive, reliable and credited.",
        "lang": "en",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#5b2bd9",
        "theme_color": "#5b2bd9",
    }
    assert [(icon["sizes"], icon["type"], icon["purpose"]) for icon in icons] == [
        ("192x192", "image/png", "any"),
        ("512x512", "image/png", "any"),
        ("512x512", "image/png", "maskable"),
    ]


@pytest.mark.parametrize("path", ["/", "/now", "/talks/panel", "/offline"])
def test_each_page_names_the_manifest_and_the_home_screens_icon(reader: FlaskClient, path: str) -> None:
    text = reader.get(path).text
    assert '<link rel="manifest" href="/manifest.webmanifest">' in text
    touch = re.findall(r'<link rel="apple-touch-icon" href="([^"]+)">', text)
    assert [Image.open(io.BytesIO(reader.get(icon).data)).size for icon in touch] == [(180, 180)]


@pytest.mark.parametrize("position", [0, 1, 2])
def test_each_icon_is_a_picture_of_the_size_that_the_manifest_says(reader: FlaskClient, position: int) -> None:
    icon = json.loads(reader.get("/manifest.webmanifest").data)["icons"][position]
    answer = reader.get(icon["src"])
    width, height = Image.open(io.BytesIO(answer.data)).size
    assert (answer.content_type, f"{width}x{height}") == ("image/png", icon["sizes"])


def test_a_maskable_icon_keeps_its_mark_within_the_safe_circle(reader: FlaskClient) -> None:
    icon = json.loads(reader.get("/manifest.webmanifest").data)["icons"][2]
    picture = Image.open(io.BytesIO(reader.get(icon["src"]).data)).convert("RGB")
    ground, reach = picture.getpixel((0, 0)), 0.4 * picture.width
    marked = [
        (x - picture.width / 2) ** 2 + (y - picture.height / 2) ** 2
        for x in range(0, picture.width, 4)
        for y in range(0, picture.height, 4)
        if picture.getpixel((x, y)) != ground
    ]
    assert len(marked) > 100
    assert max(marked) <= reach**2


def test_the_worker_is_a_script_that_browsers_ask_for_each_time(reader: FlaskClient) -> None:
    answer = reader.get("/sw.js")
    assert answer.content_type == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache, s-maxage=2"
    assert answer.text.endswith(static_files.files()["js/worker/fetch-handler.js"].decode())


def test_the_worker_says_whose_day_and_which_build_it_keeps(
    client: FlaskClient, service: Service, program: Program
) -> None:
    said, build = release(client), sheet_of(program).release
    assert (said["service"], said["build"], said["rehearsal"]) == (service.identity, build, False)
    assert f'data-service="{service.identity}" data-build="{build}"' in client.get("/").text
    assert client.get("/api/now").json["service"] == service.identity  # type: ignore[index]


def test_the_worker_of_a_rehearsal_says_so(client: FlaskClient, clock: MovableClock) -> None:
    clock.rehearsal = True
    assert release(client)["rehearsal"] is True


def test_the_worker_keeps_each_file_that_a_kept_page_names(reader: FlaskClient) -> None:
    said = release(reader)
    pages = [reader.get(path).text for path in said["pages"]]
    named = {file for text in pages for file in re.findall(r'/(?:static|identity|icons)/[^"?]+', text)}
    assert sorted(named - set(said["files"])) == []
    assert {file: reader.get(file).status_code for file in said["files"]} == dict.fromkeys(said["files"], 200)


def test_of_a_one_day_program_every_page_is_kept_with_its_code(reader: FlaskClient, program: Program) -> None:
    paths = release(reader)["pages"]
    assert paths[:3] == ["/", "/now", "/my"]
    wanted = [f"/talks/{session.id}{part}" for session in program.sessions for part in ("", "/qr.svg")]
    wanted += [f"/speakers/{person.id}" for person in program.speakers] + ["/rooms/venue", "/pages/about"]
    assert [path for path in wanted if path not in paths] == []


def test_of_a_large_program_the_day_is_kept_and_not_each_talk(app: Flask, program: Program) -> None:
    first = program.sessions[0]
    many = tuple(replace(first, id=f"talk-{number}") for number in range(MOST_SESSIONS + 1))
    with app.app_context():
        paths = precached(replace(program, sessions=many))
    assert paths == ("/", "/now", "/my", "/offline")


def test_of_a_program_of_several_days_each_is_kept_and_of_very_many_the_present_one(
    app: Flask, program: Program
) -> None:
    first = program.sessions[0]

    def kept(days: int) -> list[str]:
        slots = [
            replace(first.slot, start=first.start + one, end=first.end + one) for one in map(timedelta, range(days))
        ]
        sessions = tuple(replace(first, id=f"talk-{number}", slot=slot) for number, slot in enumerate(slots))
        with app.app_context():
            return [one for one in precached(replace(program, sessions=sessions)) if one.startswith("/?")]

    assert kept(2) == ["/?day=2025-07-18", "/?day=2025-07-19"]
    assert (len(kept(MOST_DAYS)), kept(MOST_DAYS + 1), kept(1)) == (MOST_DAYS, [], [])


def test_the_worker_knows_which_parameters_make_another_page(reader: FlaskClient) -> None:
    queries = dict(release(reader)["queries"])
    assert (queries["^(/)$"][0], [names for names in queries.values() if "theme" in names]) == ("day", [])


def test_the_pages_come_in_one_answer_as_readers_get_them(reader: FlaskClient, program: Program) -> None:
    kept = json.loads(reader.get("/offline/pages").data)
    assert kept["build"] == sheet_of(program).release
    assert list(kept["pages"]) == release(reader)["pages"]
    assert {path: reader.get(path).text for path in kept["pages"]} == kept["pages"]


def test_all_pages_together_are_hardly_more_than_two_windows(reader: FlaskClient) -> None:
    answer = reader.get("/offline/pages", headers={"Accept-Encoding": "br"})
    assert len(answer.data) <= 31_700


def test_a_database_keeps_its_identity_and_another_has_another(
    service: Service, program: Program, clock: MovableClock, tmp_path: Any
) -> None:
    again = serve_from(service.database, program, clock)
    other = serve_from(open_database(sqlite_url(tmp_path / "other.sqlite"), program.id), program, clock)
    assert re.fullmatch("[0-9a-f]{8}", service.identity)
    assert again.identity == service.identity
    assert other.identity != service.identity
    for one in (again, other):
        one.watcher.stop()
    other.database.close()


def test_pages_of_another_host_lead_to_that_host(app: Flask) -> None:
    kept = json.loads(app.test_client().get("/offline/pages", base_url="http://day.example/").data)
    assert '<link rel="canonical" href="http://day.example/talks/panel">' in kept["pages"]["/talks/panel"]


def test_no_style_waits_for_another(reader: FlaskClient) -> None:
    styles = {name: content for name, content in static_files.files().items() if name.endswith(".css")}
    assert [name for name, content in styles.items() if b"@import" in content] == []


def test_a_page_asks_for_all_parts_of_its_script_at_once(reader: FlaskClient) -> None:
    parts = re.findall(r'<link rel="modulepreload" href="([^"]+)">', reader.get("/").text)
    assert parts == [static_files.address_of(name) for name in static_files.scripts_of(("stars", "follow-in-place"))]
    assert "js/stars/star-storage.js" in static_files.scripts_of(("stars",))


def test_a_phone_without_network_is_told_so_and_led_to_the_day(reader: FlaskClient) -> None:
    text = reader.get("/offline").text
    assert "Not on this phone" in text
    assert '<a class="button" href="/">To the day</a>' in text


def test_each_page_says_the_venues_offset(reader: FlaskClient) -> None:
    assert 'data-offset="-07:00"' in reader.get("/subscribe").text
