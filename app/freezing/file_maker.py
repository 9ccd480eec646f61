"""Makes single files of a copy: requests an address, rewrites what comes, and writes it where it differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from app.freezing.copy_folder import CannotFreeze, CopyFolder, WrittenFile, digest_of
from app.freezing.copy_inputs import program_digest
from app.freezing.file_inputs import source_digest
from app.freezing.page_rewriting import MOST_PLACES_KEPT, Rewriting, policy_of_a_page, static_path
from app.web import address_traits, content_policy, static_files
from app.web.responses import HTML, policy_headers
from app.web.running_service import service_of
from app.web.security_headers import security_headers
from app.web.template_helpers import long_date

NOT_FOUND = "404.html"
# No page has this address: what comes is the page for addresses that are not there.
NOWHERE = "/404"


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file of a copy, and whether it was written anew."""

    file: WrittenFile
    is_written: bool

    @property
    def name(self) -> str:
        """Its name, relative to the copy."""
        return self.file.name


def file_name(address: str) -> str:
    """The name of the file at an address, relative to the copy."""
    if address == NOWHERE:
        return NOT_FOUND
    place = static_path(*_parts(address))
    return f"{place}index.html" if place.endswith("/") or not place else place


class FileMaker:
    """Makes the file at an address of an app, unless ``former`` has it, made of the same, and it is whole."""

    def __init__(self, app: Flask, folder: CopyFolder, number: int, former: Mapping[str, WrittenFile]) -> None:
        service = service_of(app)
        program, now = service.current.snapshot.revision.program, service.clock.now()
        public_url = urlsplit(service.public_url)
        rehearsal = "Rehearsal. " if service.clock.rehearsal else ""
        policy = policy_of_a_page(dict((*security_headers("https"), *policy_headers(program)))[content_policy.HEADER])
        prefix = public_url.path.rstrip("/")
        self._app = app
        self._folder = folder
        self._former = former
        self._base_url = f"{public_url.scheme}://{public_url.netloc}"
        self._links: dict[str, None] = {}
        self._rewriting = Rewriting(
            lru_cache(MOST_PLACES_KEPT)(self._is_frozen),
            self._add,
            prefix,
            policy,
            f"{rehearsal}As of {long_date(program.local(now).date())}, {program.clock(now)}.",
            number,
            {address_traits.path_template(rule) for rule in address_traits.rules(app, lambda one: one.frozen)},
        )
        # All that rewriting depends on but the time, which a page that is otherwise the same keeps.
        self._rewriting_digest = digest_of(program_digest(), prefix, policy, number, rehearsal)
        self._special: dict[str, Callable[[str], str]] = {
            NOWHERE: self._rewriting.page_anywhere,
            "/manifest.webmanifest": self._rewriting.manifest,
            "/sw.js": self._rewriting.worker,
            "/offline/pages": self._rewriting.bundle,
            "/api/openapi.json": self._rewriting.api,
        }
        self.first_addresses = dict.fromkeys(self._known_addresses())

    def _known_addresses(self) -> Iterator[str]:
        """The addresses of a copy but those with a query, to which pages link."""
        yield NOWHERE
        program = service_of(self._app).current.snapshot.revision.program
        yield from address_traits.paths(self._app, program, lambda traits: traits.frozen)
        yield from map(static_files.address_of, static_files.files())

    def make(self, address: str) -> MadeFile:
        """The file at an address; raises `CannotFreeze` where the response is not 200, and OSError."""
        name, ahead = file_name(address), source_digest(self._app, address)
        if ahead and (same := self._same(name, ahead)):
            return same
        response = self._get(address)
        rewrite = self._rewrite_of(response, address)
        if rewrite is None:
            return self._written(name, address, response.data, ahead)
        of = digest_of(self._rewriting_digest, response.data)
        return self._same(name, of) or self._written(name, address, rewrite(response.text).encode(), of)

    def _same(self, name: str, of: str) -> MadeFile | None:
        """The file as it is, if it was made of the same and is whole."""
        former = self._former.get(name)
        if former is None or former.source_digest != of or not self._folder.is_intact(former):
            return None
        return MadeFile(former, is_written=False)

    def _written(self, name: str, address: str, content: bytes, of: str) -> MadeFile:
        links, self._links = tuple(self._links), {}
        is_written = self._folder.write(name, content)
        return MadeFile(self._folder.written(name, address, content, of, links), is_written)

    def _get(self, address: str) -> TestResponse:
        path, query = _parts(address)
        response = self._app.test_client(use_cookies=False).get(path, query_string=query, base_url=self._base_url)
        if response.status_code != (HTTPStatus.NOT_FOUND if address == NOWHERE else HTTPStatus.OK):
            raise CannotFreeze(f"{address}: unexpected status {response.status}; a page links to it")
        if response.cache_control.no_store and address != NOWHERE:
            raise CannotFreeze(f"{address}: it cannot be made whole now; does the database answer?")
        return response

    def _rewrite_of(self, response: TestResponse, address: str) -> Callable[[str], str] | None:
        """What rewrites a response; None for one that is a file as it is."""
        path, query = _parts(address)
        if path in self._special:
            return self._special[path]
        return (lambda text: self._rewriting.page(text, path, query)) if response.content_type == HTML else None

    def _add(self, path: str, query: str) -> None:
        """Note that the file which is being made links to an address."""
        address = f"{path}?{query}" if query else path
        if address not in self.first_addresses:
            self._links[address] = None

    def _is_frozen(self, path: str) -> bool:
        """Whether an address belongs into a copy."""
        traits, _ = address_traits.match_path(self._app, path)
        return traits.frozen


def _parts(address: str) -> tuple[str, str]:
    path, _, query = address.partition("?")
    return path, query
