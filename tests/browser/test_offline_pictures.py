"""The pictures of the pages that a phone keeps, without network: new ones come with a publish, former ones go."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect
from support.movable_clock import MovableClock
from support.offline_phone import Pocket
from support.picture_files import picture
from support.repository import FIRST_PROGRAM
from support.static_host import hosted
from support.waiting import wait_until

from app import create_app
from app.domain.program import Program
from app.formats.pictures import PreparedPicture, picture_address, prepare
from app.freezing.site_walk import freeze
from app.live.edition import Editions
from app.settings import Settings
from app.store.publish_files import publish_files
from app.web.identity_sheet import sheet_of
from app.web.running_service import Service

pytestmark = pytest.mark.browser

SPEAKER = "sara-hooker"
FROZEN_AT = "/2025/agenda"
KEPT_PICTURES = """async () => {
    const kept = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return kept.flat().map(({ url }) => new URL(url).pathname).filter((path) => path.includes("/pictures/")).sort();
}"""
INSTALLED = """async () => {
    const { installing } = await navigator.serviceWorker.register("/sw.js");
    await new Promise((resolve) => installing.addEventListener("statechange", resolve));
    const names = await caches.keys();
    const keys = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    const sheets = keys.flat().filter(({ url }) => url.includes("/identity/"));
    return [installing.state === "redundant", names.length, sheets.length];
}"""


def publish_face(service: Service, folder: Path, width: int) -> PreparedPicture:
    """Publish the program's files with a face for one speaker, made of a picture of some width."""
    (folder / "face.jpg").write_bytes(picture("JPEG", width))
    face = prepare(folder, "face.jpg", "face")
    program = service.current.snapshot.revision.program
    speakers = tuple(replace(one, picture=face.picture if one.id == SPEAKER else None) for one in program.speakers)
    publish_files(
        service.current.revisions,
        replace(program, speakers=speakers),
        source_hash=f"a face of {width} pixels",
        now=service.clock.now(),
        pictures=[face],
    )
    service.current.refresh()
    return face


def addresses(face: PreparedPicture) -> list[str]:
    return sorted(picture_address(face.picture, size) for size in face.sizes)


def keeps(page: Page, face: PreparedPicture) -> None:
    """Wait until the phone keeps the pictures of a face and no others."""
    wait_until(lambda: page.evaluate(KEPT_PICTURES) == addresses(face))


def test_a_face_that_is_published_while_the_day_is_open_is_there_without_network(
    pocket: Pocket, service: Service, tmp_path: Path
) -> None:
    page = pocket.visit_and_keep()
    assert page.evaluate(KEPT_PICTURES) == []
    face = publish_face(service, tmp_path, 400)
    expect(page.locator("html")).to_have_attribute("data-revision", "2")
    # The phones of a hall do so at a random moment of a minute.
    pocket.wait(timedelta(minutes=1))
    keeps(page, face)
    page.close()
    pocket.cable.cut()
    shown = pocket.visit(f"/speakers/{SPEAKER}").locator("img.face").first
    expect(shown).to_have_js_property("complete", value=True)
    expect(shown).to_have_js_property("naturalWidth", 288)


def test_a_picture_that_no_kept_page_shows_any_more_is_dropped(
    pocket: Pocket, service: Service, tmp_path: Path
) -> None:
    former = publish_face(service, tmp_path, 400)
    page = pocket.visit_and_keep()
    keeps(page, former)
    present = publish_face(service, tmp_path, 500)
    expect(page.locator("html")).to_have_attribute("data-revision", "3")
    pocket.wait(timedelta(minutes=1))
    keeps(page, present)


@contextmanager
def with_another_sheet(address: str, program: Program) -> Iterator[str]:
    """A proxy whose worker names another sheet than the service has, as that of a process that is a publish ahead."""

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                answer = urlopen(f"{address}{self.path}")
            except HTTPError as refusal:
                answer = refusal
            with answer:
                body, headers, status = answer.read(), answer.headers, answer.status
            if self.path == "/sw.js":
                body = body.replace(sheet_of(program).address.encode(), b"/identity/000000000000.css")
            self.send_response(status)
            for name in ("Content-Type", "Content-Location"):
                if name in headers:
                    self.send_header(name, headers[name])
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def test_a_phone_keeps_nothing_of_a_release_whose_sheet_is_another_ones(
    browser: Browser, address: str, program: Program
) -> None:
    context = browser.new_context()
    page = context.new_page()
    with with_another_sheet(address, program) as other:
        page.goto(f"{other}/healthz")
        assert page.evaluate(INSTALLED) == [True, 0, 0]
    page = context.new_page()
    page.goto(f"{address}/healthz")
    assert page.evaluate(INSTALLED) == [False, 1, 1]
    context.close()


@pytest.fixture
def face(service: Service, tmp_path: Path) -> PreparedPicture:
    """The face of one speaker, published."""
    return publish_face(service, tmp_path, 400)


@pytest.fixture
def frozen(service: Service, clock: MovableClock, face: PreparedPicture, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A host of a frozen copy under a path, with that face: the copy's address and its folder."""
    published = replace(service, public_url=f"https://conference.example{FROZEN_AT}", editions=Editions())
    app = create_app(Settings(program=FIRST_PROGRAM, secret_key="for tests"), published)
    copy = tmp_path / "host" / FROZEN_AT.removeprefix("/")
    list(freeze(app, copy))
    with hosted(tmp_path / "host", clock) as host:
        yield f"{host}{FROZEN_AT}/", copy


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Page]:
    """A phone that has not been here before."""
    page = browser.new_page()
    yield page
    page.close()


def test_a_phone_keeps_the_pictures_of_a_frozen_copy_under_a_path(
    visitor: Page, frozen: tuple[str, Path], face: PreparedPicture
) -> None:
    visitor.goto(frozen[0])
    wait_until(lambda: visitor.evaluate(KEPT_PICTURES) == [f"{FROZEN_AT}{path}" for path in addresses(face)])


def test_a_phone_keeps_a_picture_that_only_the_root_page_of_a_frozen_copy_shows(
    visitor: Page, frozen: tuple[str, Path], face: PreparedPicture
) -> None:
    address, copy = frozen
    bundle = copy / "offline" / "pages.json"
    fields = json.loads(bundle.read_text())
    bundle.write_text(json.dumps({**fields, "pages": {"./": fields["pages"]["./"]}}))
    visitor.goto(address)
    wait_until(lambda: visitor.evaluate(KEPT_PICTURES) == [f"{FROZEN_AT}{picture_address(face.picture, 96)}"])
