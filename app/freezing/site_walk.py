"""Requests every address of a frozen copy and writes the responses as files.

Each file has relative links and is without what needs the service.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from flask import Flask
from lxml import html
from werkzeug.test import TestResponse

from app.domain.errors import AgendaError
from app.web import address_traits, static_files
from app.web.responses import HTML
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
# Addresses without a file ending whose responses are JSON.
JSON_PATHS = re.compile(r"/api/\w+|/offline/pages")
LONGEST_QUERY = 60
_DIGEST_LETTERS = 6
# Attributes that hold addresses; scripts read the last two.
ATTRIBUTES = ("href", "src", "action", "data-day-code", "data-refresh")
# What a static host cannot do (search runs in the page), and what only a page with a fixed address can state.
NEEDS_SERVICE = "//*[@data-needs-server] | //form[not(@role='search')] | //form//noscript"
NO_ADDRESS = f"{NEEDS_SERVICE} | //link[@rel='canonical'] | //meta[@property='og:url']"
ANYWHERE = "/offline"
# A dead link in one of these is removed with its text; elsewhere only the link is removed and the text stays.
_LISTS = "ancestor-or-self::nav | ancestor-or-self::footer | ancestor-or-self::*[contains(@class, 'button')]"
# A directive that browsers ignore in a meta element (CSP 3, 6.4.2).
_HEADER_ONLY = "frame-ancestors"


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


def static_path(path: str, query: str = "") -> str:
    """An address's place in the copy, relative to its root.

    `/talks/x` becomes `talks/x/`, a folder with an `index.html`, which hosts also find without the
    trailing slash, so printed codes keep working. A query becomes part of the name.
    """
    head, _, name = path.removeprefix("/").rpartition("/")
    stem, dot, ending = name.partition(".")
    if JSON_PATHS.fullmatch(path):
        dot, ending = ".", "json"
    if query:
        stem = f"{stem}-{_query_slug(query)}" if stem else _query_slug(query)
    folder = f"{head}/" if head else ""
    return f"{folder}{stem}{dot}{ending}" if dot else f"{folder}{stem}/".removeprefix("/")


def link(target: str, page: str) -> str:
    """The relative link from the page at one place of the copy to another place; it holds under any sub-path."""
    return "../" * page.count("/") + target or "./"


def _query_slug(query: str) -> str:
    """A query as a file name: readable, plus a digest so that no two queries share a name."""
    words = re.sub(r"[^a-z0-9]+", "-", query.lower()).strip("-")[:LONGEST_QUERY]
    return f"{words}-{sha256(query.encode()).hexdigest()[:_DIGEST_LETTERS]}"


class SiteWalk:
    """Requests each address of a copy once; rewriting a page adds the addresses that the page links to."""

    def __init__(self, app: Flask) -> None:
        service = service_of(app)
        program, now = service.current.snapshot.revision.program, service.clock.now()
        public_url = urlsplit(service.public_url)
        self._app = app
        self._base_url = f"{public_url.scheme}://{public_url.netloc}"
        self._queue: deque[tuple[str, str]] = deque()
        self._seen: set[str] = set()
        # The path of the copy's public address.
        self._prefix = public_url.path.rstrip("/")
        self._policy = _policy_of_a_page(dict(security_headers("https"))["Content-Security-Policy"])
        self._as_of = f"As of {long_date(program.local(now).date())}, {program.clock(now)}."
        self._special: dict[str, Callable[[str], str]] = {
            "/manifest.webmanifest": self._manifest,
            "/sw.js": self._worker,
            "/offline/pages": self._bundle,
        }
        for path in address_traits.paths(app, program, lambda traits: traits.frozen):
            self._add(path)
        for name in static_files.files():
            self._add(static_files.address_of(name))

    def _add(self, path: str, query: str = "") -> None:
        """Take an address into the copy; of two that share a file the first is written."""
        place = static_path(path, query)
        if place not in self._seen:
            self._seen.add(place)
            self._queue.append((path, query))

    def _is_frozen(self, path: str) -> bool:
        """Whether an address belongs into a copy."""
        traits, _ = address_traits.match_path(self._app, path)
        return traits.frozen

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Each file's name and content; raises `CannotFreeze` where a response is not 200."""
        yield NOT_FOUND, self._page_anywhere(self._get("/404", "").text).encode()
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
            return self._page(response.text, path, query).encode()
        return self._special[path](response.text).encode() if path in self._special else response.data

    def _page(self, text: str, path: str, query: str = "") -> str:
        """A page with relative links; the offline page is shown at any address, so its links hold from anywhere."""
        if path == ANYWHERE:
            return self._page_anywhere(text)
        place = static_path(path, query)
        return self._rewritten(text, lambda target: link(target, place))

    def _page_anywhere(self, text: str) -> str:
        """A page that is shown at any address, such as the 404 page: its links have absolute paths."""
        return self._rewritten(text, lambda target: f"{self._prefix}/{target}", NO_ADDRESS)

    def _worker(self, text: str) -> str:
        """The service worker's script; the addresses in its first line become relative to the script."""
        line, _, rest = text.partition("\n")
        release: dict[str, Any] = json.loads(line.removeprefix("const RELEASE = ").removesuffix(";"))
        for name in ("files", "pages"):
            release[name] = [self._root_link(path) for path in release[name] if self._is_frozen(path)]
        for name in ("bundle", "notKept", "searched"):
            release[name] = self._root_link(release[name])
        return f"const RELEASE = {json.dumps(release)};\n{rest}"

    def _bundle(self, text: str) -> str:
        """The bundle of pages that phones keep, each rewritten, by its relative address."""
        fields: dict[str, Any] = json.loads(text)
        pages = {
            self._root_link(path): body if path.endswith(".svg") else self._page(body, path)
            for path, body in fields["pages"].items()
        }
        return json.dumps({**fields, "pages": pages}, ensure_ascii=False)

    def _manifest(self, text: str) -> str:
        """The web manifest; its addresses are relative to the manifest (W3C Application Manifest, 1.6)."""
        fields: dict[str, Any] = json.loads(text)
        icons = [{**icon, "src": self._root_link(icon["src"])} for icon in fields["icons"]]
        return json.dumps({**fields, "id": "./", "start_url": "./", "scope": "./", "icons": icons}, ensure_ascii=False)

    def _rewritten(self, text: str, place: Callable[[str], str], without: str = NEEDS_SERVICE) -> str:
        document = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
        for element in _found(document, without):
            element.drop_tree()
        for name in ATTRIBUTES:
            for element in _found(document, f"//*[starts-with(@{name}, '/') and not(starts-with(@{name}, '//'))]"):
                self._relink(element, name, place)
        self._mark(document)
        written: bytes = html.tostring(document, doctype="<!doctype html>", encoding="utf-8")
        return written.decode()

    def _relink(self, element: html.HtmlElement, name: str, place: Callable[[str], str]) -> None:
        url = element.get(name, "")
        if self._is_frozen(urlsplit(url).path):
            element.set(name, self._link(url, place))
        elif _found(element, _LISTS):
            element.drop_tree()
        else:
            element.drop_tag()

    def _link(self, url: str, place: Callable[[str], str]) -> str:
        parts = urlsplit(url)
        self._add(parts.path, parts.query)
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        return place(static_path(parts.path, parts.query)) + fragment

    def _root_link(self, path: str) -> str:
        """The link to an address from a file in the copy's root."""
        return self._link(path, lambda target: target or "./")

    def _mark(self, document: html.HtmlElement) -> None:
        """Mark the page as a copy for scripts, and add its CSP and, for readers without scripts, its age."""
        document.set("data-copy", "")
        head, body = document.find("head"), document.find("body")
        if head is None or body is None:
            return
        head.insert(1, html.Element("meta", {"http-equiv": "Content-Security-Policy", "content": self._policy}))
        notice = html.fragment_fromstring("<noscript><p class='bar frozen'></p></noscript>")
        notice[0].text = self._as_of
        body.insert(1, notice)


def _found(element: html.HtmlElement, path: str) -> list[html.HtmlElement]:
    return cast("list[html.HtmlElement]", element.xpath(path))


def _policy_of_a_page(header: str) -> str:
    """The directives of a Content-Security-Policy that a meta element may hold."""
    directives = (one.strip() for one in header.split(";"))
    return "; ".join(one for one in directives if not one.startswith(_HEADER_ONLY))


def freeze(app: Flask, folder: Path) -> Iterator[str]:
    """Write the copy of an app's edition into a folder; yields each file's name once it is written.

    The app's service has a public address, and neither its clock nor its revision changes meanwhile. Raises
    `CannotFreeze`. Files of an earlier copy that are not in this one are removed.
    """
    written: set[str] = set()
    try:
        for name, content in SiteWalk(app).files():
            _write(folder / name, content)
            written.add(name)
            yield name
        _remove_former(folder, written)
        _write(folder / LIST, "\n".join(sorted(written)).encode())
        # GitHub Pages would otherwise build the folder with Jekyll.
        (folder / ".nojekyll").touch()
        # Last, so that phones hear of a copy only when it is complete.
        (folder / MARK).write_text(json.dumps(_mark(app)))
    except OSError as error:
        raise CannotFreeze(f"{error.filename}: {error.strerror}") from error
    yield MARK


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


def _mark(app: Flask) -> dict[str, object]:
    service = service_of(app)
    revision = service.current.snapshot.revision.number
    return {"service": service.identity, "revision": revision, "build": static_files.build_hash()}
