"""A response as a file of a frozen copy: its file name, relative links, and without what needs the service."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any, cast
from urllib.parse import urlsplit

from lxml import html

# Addresses without a file ending whose responses are JSON.
JSON_PATHS = re.compile(r"/api/\w+|/offline/pages")
LONGEST_QUERY = 60
# The pages of a large program name about so many addresses, most of them on many pages.
MOST_PLACES_KEPT = 20_000
_DIGEST_LETTERS = 6


@lru_cache(maxsize=MOST_PLACES_KEPT)
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


# Attributes that hold addresses; scripts read the last.
ATTRIBUTES = ("href", "src", "action", "data-day-code")
# What a static host cannot do (the search looks in the copy's pages), and what only pages with a fixed address can say.
NEEDS_SERVICE = "//*[@data-needs-server] | //form[not(@role='search')] | //form//noscript"
NO_ADDRESS = f"{NEEDS_SERVICE} | //link[@rel='canonical'] | //meta[@property='og:url']"
ANYWHERE = "/offline"
# What is said otherwise in a copy: the words of the element, or of the only one in it, are those here.
OTHER_WORDS = "data-in-copy"
API_SUMMARY = "A conference day, as files."
API_DESCRIPTION = "A frozen copy. Instants are ISO 8601 with the venue's offset. Fields may be added."
# A dead link in one of these is removed with its text; elsewhere only the link is removed and the text stays.
_LISTS = "ancestor-or-self::nav | ancestor-or-self::footer | ancestor-or-self::*[contains(@class, 'button')]"
# A directive that browsers ignore in a meta element (CSP 3, 6.4.2).
_HEADER_ONLY = "frame-ancestors"


@dataclass(frozen=True)
class Rewriting:
    """Turns responses into the files of a copy.

    ``is_frozen(path)`` says whether a path is in the copy; ``add(path, query)`` is called for each address that a
    file links to; ``prefix`` is the path of the copy's public address, without a trailing slash; a newer copy has a
    higher ``number``; ``templates`` are the paths of the copy as the API names them, `/talks/{session}.ics`.
    """

    is_frozen: Callable[[str], bool]
    add: Callable[[str, str], None]
    prefix: str
    policy: str
    as_of: str
    number: int
    templates: AbstractSet[str] = frozenset()

    def page(self, text: str, path: str, query: str = "") -> str:
        """A page with relative links; the offline page is shown at any address, so its links hold from anywhere."""
        if path == ANYWHERE:
            return self.page_anywhere(text)
        place = static_path(path, query)
        return self._rewritten(text, lambda target: link(target, place))

    def page_anywhere(self, text: str) -> str:
        """A page that is shown at any address, such as the 404 page: its links have absolute paths."""
        return self._rewritten(text, lambda target: f"{self.prefix}/{target}", NO_ADDRESS)

    def worker(self, text: str) -> str:
        """The service worker's script; the addresses in its first line become relative to the script."""
        line, _, rest = text.partition("\n")
        release: dict[str, Any] = json.loads(line.removeprefix("const RELEASE = ").removesuffix(";"))
        for name in ("files", "pages"):
            release[name] = [self._root_link(path) for path in release[name] if self.is_frozen(urlsplit(path).path)]
        for name in ("bundle", "notKept"):
            release[name] = self._root_link(release[name])
        return f"const RELEASE = {json.dumps(release)};\n{rest}"

    def bundle(self, text: str) -> str:
        """The bundle of pages that phones keep, each rewritten, by its relative address."""
        fields: dict[str, Any] = json.loads(text)
        pages = {
            self._root_link(path): body if path.endswith(".svg") else self._page_at(body, path)
            for path, body in fields["pages"].items()
        }
        return json.dumps({**fields, "pages": pages}, ensure_ascii=False)

    def _page_at(self, text: str, address: str) -> str:
        path, _, query = address.partition("?")
        return self.page(text, path, query)

    def manifest(self, text: str) -> str:
        """The web manifest; its addresses are relative to the manifest (W3C Application Manifest, 1.6)."""
        fields: dict[str, Any] = json.loads(text)
        icons = [{**icon, "src": self._root_link(icon["src"])} for icon in fields["icons"]]
        return json.dumps({**fields, "id": "./", "start_url": "./", "scope": "./", "icons": icons}, ensure_ascii=False)

    def api(self, text: str) -> str:
        """The OpenAPI document, of what is there as files, which take no parameters but those of a path."""
        fields: dict[str, Any] = json.loads(text)
        known = fields["components"]["parameters"]
        paths = {
            f"/{static_path(path)}": {"get": _of_a_file(methods["get"], known)}
            for path, methods in fields["paths"].items()
            if path in self.templates
        }
        tags = {tag for methods in paths.values() for tag in methods["get"]["tags"]}
        info = {**fields["info"], "summary": API_SUMMARY, "description": API_DESCRIPTION}
        groups = [{"name": tag["name"]} for tag in fields["tags"] if tag["name"] in tags]
        return json.dumps({**fields, "info": info, "tags": groups, "paths": paths}, ensure_ascii=False)

    def _rewritten(self, text: str, place: Callable[[str], str], without: str = NEEDS_SERVICE) -> str:
        document = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
        for element in _found(document, without):
            element.drop_tree()
        for element in _found(document, f"//*[@{OTHER_WORDS}]"):
            _say_otherwise(element)
        for name in ATTRIBUTES:
            for element in _found(document, f"//*[starts-with(@{name}, '/') and not(starts-with(@{name}, '//'))]"):
                self._relink(element, name, place)
        self._mark(document)
        written: bytes = html.tostring(document, doctype="<!doctype html>", encoding="utf-8")
        return written.decode()

    def _relink(self, element: html.HtmlElement, name: str, place: Callable[[str], str]) -> None:
        url = element.get(name, "")
        if self.is_frozen(urlsplit(url).path):
            element.set(name, self._link(url, place))
        elif _found(element, _LISTS):
            element.drop_tree()
        else:
            element.drop_tag()

    def _link(self, url: str, place: Callable[[str], str]) -> str:
        parts = urlsplit(url)
        self.add(parts.path, parts.query)
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        return place(static_path(parts.path, parts.query)) + fragment

    def _root_link(self, path: str) -> str:
        """The link to an address from a file in the copy's root."""
        return self._link(path, lambda target: target or "./")

    def _mark(self, document: html.HtmlElement) -> None:
        """Mark the page as a copy for scripts, and add its CSP and, for readers without scripts, its age."""
        document.set("data-copy", "")
        document.set("data-revision", str(self.number))
        head, body = document.find("head"), document.find("body")
        if head is None or body is None:
            return
        head.insert(1, html.Element("meta", {"http-equiv": "Content-Security-Policy", "content": self.policy}))
        notice = html.fragment_fromstring("<noscript><p class='bar frozen'></p></noscript>")
        notice[0].text = self.as_of
        body.insert(1, notice)


def _of_a_file(operation: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    parameters = [(one, known[one["$ref"].rpartition("/")[2]]) for one in operation.get("parameters", [])]
    given = [one for one, parameter in parameters if parameter["in"] == "path"]
    answer = {name: value for name, value in operation["responses"]["200"].items() if name != "headers"}
    # The description speaks of what a query changes.
    queries = [one for one, parameter in parameters if parameter["in"] == "query" and not one["$ref"].endswith("/at")]
    left_out = {"parameters", "description"} if queries else {"parameters"}
    kept = {name: value for name, value in operation.items() if name not in left_out}
    return {**kept, "responses": {"200": answer}} | ({"parameters": given} if given else {})


def _found(element: html.HtmlElement, path: str) -> list[html.HtmlElement]:
    return cast("list[html.HtmlElement]", element.xpath(path))


def _say_otherwise(element: html.HtmlElement) -> None:
    words = element.attrib.pop(OTHER_WORDS)
    while len(element) == 1 and not (element.text or "").strip():
        element = element[0]
    for child in [*element]:
        element.remove(child)
    element.text = words


def policy_of_a_page(header: str) -> str:
    """The directives of a Content-Security-Policy that a meta element may hold."""
    directives = (one.strip() for one in header.split(";"))
    return "; ".join(one for one in directives if not one.startswith(_HEADER_ONLY))
