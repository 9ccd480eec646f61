"""The console's imports in tests: a service with a folder of its own, and a browser that waits for what is read."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from lxml import html
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from app import create_app
from app.formats.program_folder.files import hash_of_folder
from app.formats.program_folder.reader import read_folder
from app.live.clock import Clock
from app.service_factory import serve_from
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from support.console_browser import Console, token_on
from support.repository import FIRST_PROGRAM
from support.waiting import wait_until

PAGE = "/organizer/import"
UNFINISHED = ("waiting", "reading")


def own_folder(tmp_path: Path) -> Path:
    """A copy of the first program's folder."""
    return Path(shutil.copytree(FIRST_PROGRAM, tmp_path / "program"))


@contextmanager
def service_of_folder(folder: Path, database: Path, clock: Clock) -> Iterator[Flask]:
    """The app of a service that has merged a folder, as `agenda serve` does."""
    found = read_folder(folder)
    running = serve_from(
        open_database(sqlite_url(database), found.program.id),
        found.program,
        clock,
        source_hash=hash_of_folder(folder),
        pictures=found.pictures,
    )
    yield create_app(Settings(program=folder, secret_key="for tests"), running)
    running.close()


def post_with_file(browser: Console, path: str, form: dict[str, Any]) -> TestResponse:
    """Send a form as browsers send one with a file."""
    boundary, body = encode_multipart(form)
    return browser.client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")


class ImportingConsole(Console):
    """One signed-in browser that imports."""

    def begin(self, data: bytes | None = None, name: str = "plan.json", **fields: str) -> TestResponse:
        """Send the form, with a file if its bytes are given."""
        form: dict[str, Any] = {"csrf_token": self.token(PAGE), "once": secrets.token_hex(8), **fields}
        if data is not None:
            form["file"] = FileStorage(BytesIO(data), name)
        return post_with_file(self, PAGE, form)

    def read(self, data: bytes | None = None, name: str = "plan.json", **fields: str) -> str:
        """The address of the page of an import, once that is read."""
        return self.wait_for(self.begin(data, name, **fields))

    def wait_for(self, begun: TestResponse) -> str:
        """The same, of an import that was begun."""
        address = begun.headers["Location"]
        self._wait(address)
        return str(address)

    def publish(self, address: str, note: str = "", once: str = "") -> TestResponse:
        """Press Publish on the page of an import."""
        form = {"csrf_token": token_on(self.get(PAGE).text), "once": once or secrets.token_hex(8), "note": note}
        return self.client.post(address, data=form)

    def _wait(self, address: str) -> None:
        wait_until(lambda: state_on(self.get(address).text) not in UNFINISHED, 100)


def state_on(page: str) -> str:
    """What has become of an import, by its page."""
    [state] = html.fromstring(page).xpath('//*[@id="job"]/@data-job')
    return str(state)


def words_on(page: str, where: str) -> list[str]:
    """The texts of what an expression finds on a page."""
    return [" ".join(node.text_content().split()) for node in html.fromstring(page).xpath(where)]


def schedule(app: Flask) -> dict[str, Any]:
    """The published program as another system would have it."""
    found: dict[str, Any] = json.loads(app.test_client().get("/export/schedule.json").data)
    return found


def events(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """The events of the first day and room of a schedule."""
    [events] = plan["schedule"]["conference"]["days"][0]["rooms"].values()
    return list(events)


def retitled(app: Flask, session: str, title: str) -> bytes:
    """The published program with another title of a session."""
    plan = schedule(app)
    [event] = [one for one in events(plan) if one["url"].endswith(f"/{session}")]
    event["title"] = title
    return json.dumps(plan).encode()
