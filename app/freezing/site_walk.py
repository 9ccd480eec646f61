"""Requests every address of a frozen copy and writes the responses as files."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from app.domain.errors import AgendaError
from app.freezing.page_rewriting import Rewriting, policy_of_a_page, static_path
from app.web import address_traits, content_policy, static_files
from app.web.identity_sheet import sheet_of
from app.web.responses import HTML, policy_headers
from app.web.running_service import service_of
from app.web.security_headers import security_headers
from app.web.template_helpers import long_date

# Tells phones which copy this is, and the next freeze that the folder holds a copy.
MARK = "freeze.json"
# The names of the files that a freeze wrote, one a line: the next one removes of them what is gone, and nothing else.
LIST = ".frozen-files"
NOT_FOUND = "404.html"
# Files that a web host puts into an otherwise empty folder.
HOST_FILES = (".git", ".gitignore", ".nojekyll", "CNAME")


class CannotFreeze(AgendaError):
    """An address without a good response, or a folder that cannot be written."""


def refuse_foreign(folder: Path) -> None:
    """Raise `CannotFreeze` for a folder with files that no freeze wrote."""
    if not folder.exists() or (folder / MARK).is_file():
        return
    others = sorted(path.name for path in folder.iterdir() if path.name not in HOST_FILES)
    if others:
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        raise CannotFreeze(
            f"{folder} holds {others[0]}{more} and is no frozen copy; name another folder, or write there with --force"
        )


def refuse_rehearsal_over_real(folder: Path) -> None:
    """Raise `CannotFreeze` for a folder with the copy of a real day, which its readers would lose."""
    if (folder / MARK).is_file() and "rehearsal" not in _read_mark(folder):
        raise CannotFreeze(
            f"{folder} holds the copy of the real day; name another folder for a rehearsal, or write there with --force"
        )


class SiteWalk:
    """Requests each address of a copy once; rewriting a page adds the addresses that the page links to."""

    def __init__(self, app: Flask, number: int) -> None:
        service = service_of(app)
        program, now = service.current.snapshot.revision.program, service.clock.now()
        public_url = urlsplit(service.public_url)
        rehearsal = "Rehearsal. " if service.clock.rehearsal else ""
        policy = dict((*security_headers("https"), *policy_headers(program)))[content_policy.HEADER]
        self._app = app
        self._base_url = f"{public_url.scheme}://{public_url.netloc}"
        self._queue: deque[tuple[str, str]] = deque()
        self._seen: set[str] = set()
        self._rewriting = Rewriting(
            self.is_frozen,
            self.add,
            public_url.path.rstrip("/"),
            policy_of_a_page(policy),
            f"{rehearsal}As of {long_date(program.local(now).date())}, {program.clock(now)}.",
            number,
        )
        self._special: dict[str, Callable[[str], str]] = {
            "/manifest.webmanifest": self._rewriting.manifest,
            "/sw.js": self._rewriting.worker,
            "/offline/pages": self._rewriting.bundle,
        }
        for path in address_traits.paths(app, program, lambda traits: traits.frozen):
            self.add(path)
        for name in static_files.files():
            self.add(static_files.address_of(name))

    def add(self, path: str, query: str = "") -> None:
        """Take an address into the copy; of two that share a file the first is written."""
        place = static_path(path, query)
        if place not in self._seen:
            self._seen.add(place)
            self._queue.append((path, query))

    def is_frozen(self, path: str) -> bool:
        """Whether an address belongs into a copy."""
        traits, _ = address_traits.match_path(self._app, path)
        return traits.frozen

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Each file's name and content; raises `CannotFreeze` where a response is not 200."""
        yield NOT_FOUND, self._rewriting.page_anywhere(self._get("/404", "").text).encode()
        while self._queue:
            path, query = self._queue.popleft()
            response = self._get(path, query)
            if response.status_code != HTTPStatus.OK:
                raise CannotFreeze(f"{path}: unexpected status {response.status}; a page links to it")
            place = static_path(path, query)
            yield (
                f"{place}index.html" if place.endswith("/") or not place else place,
                self._content(response, path, query),
            )

    def _get(self, path: str, query: str) -> TestResponse:
        return self._app.test_client().get(path, query_string=query, base_url=self._base_url)

    def _content(self, response: TestResponse, path: str, query: str) -> bytes:
        if response.content_type == HTML:
            return self._rewriting.page(response.text, path, query).encode()
        return self._special[path](response.text).encode() if path in self._special else response.data


@dataclass(frozen=True)
class UnpublishedFiles:
    """The files of a program that was never published: their hash, and when they were last written."""

    hash: str
    written_at: datetime


def freeze(app: Flask, folder: Path, unpublished: UnpublishedFiles | None = None) -> Iterator[str]:
    """Write the copy of an app's edition into a folder; yields each file's name once it is written.

    The app's service has a public address, and neither its clock nor its revision changes meanwhile. Open pages take
    up a copy with a higher number: the revision's, or one that rises with each change of ``unpublished`` files. Raises
    `CannotFreeze`. Files of an earlier copy that are not in this one are removed.
    """
    written: set[str] = set()
    mark = _mark(app, _number_of(unpublished, folder) if unpublished else None)
    try:
        for name, content in SiteWalk(app, mark["revision"]).files():
            _write(folder / name, content)
            written.add(name)
            yield name
        _remove_former(folder, written)
        _write(folder / LIST, "\n".join(sorted(written)).encode())
        # GitHub Pages would otherwise build the folder with Jekyll.
        (folder / ".nojekyll").touch()
        # Last, so that phones hear of a copy only when it is complete.
        (folder / MARK).write_text(json.dumps(mark | ({"files": unpublished.hash} if unpublished else {})))
    except OSError as error:
        raise CannotFreeze(f"{error.filename}: {error.strerror}") from error
    yield MARK


def _number_of(unpublished: UnpublishedFiles, folder: Path) -> int:
    """When they were last written, in seconds since 1970, or more: the folder's copy may be of files written later."""
    former = _read_mark(folder)
    number = former.get("revision")
    if not isinstance(number, int):
        return int(unpublished.written_at.timestamp())
    return (
        number if former.get("files") == unpublished.hash else max(int(unpublished.written_at.timestamp()), number + 1)
    )


def _write(path: Path, content: bytes) -> None:
    """Write a file, unless it has this content: its time stays, and `rsync` and the like skip it."""
    if not path.is_file() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _remove_former(folder: Path, written: set[str]) -> None:
    """Remove what the last freeze wrote and this one did not, with the folders that are empty then."""
    former = set((folder / LIST).read_text().splitlines()) if (folder / LIST).is_file() else set()
    for name in former - written:
        path = folder / name
        if path.resolve().is_relative_to(folder.resolve()):
            path.unlink(missing_ok=True)
            with suppress(OSError):
                path.parent.rmdir()


def _read_mark(folder: Path) -> dict[str, Any]:
    """What a folder's copy says of itself; {} where there is none, or its mark is damaged."""
    with suppress(OSError, ValueError):
        found = json.loads((folder / MARK).read_bytes())
        return found if isinstance(found, dict) else {}
    return {}


def _mark(app: Flask, number: int | None) -> dict[str, Any]:
    """What scripts ask for; of a rehearsal also its clock, in milliseconds since 1970 as scripts count them."""
    service = service_of(app)
    revision, rehearsal = service.current.snapshot.revision, service.clock.rehearsal_settings
    mark: dict[str, Any] = {
        "service": service.identity,
        "history": service.history,
        "revision": revision.number if number is None else number,
        "build": sheet_of(revision.program).release,
    }
    if rehearsal:
        anchor, shown = (round(at.timestamp() * 1000) for at in (rehearsal.anchor, rehearsal.shown))
        mark["rehearsal"] = {"anchor": anchor, "shown": shown, "speed": rehearsal.speed}
    return mark
