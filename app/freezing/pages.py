"""What makes an answer one of a frozen copy: links that hold anywhere, nothing that needs the service."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from lxml import html

from app.freezing.addresses import link, static_path

# Where pages name other addresses; scripts read the last.
ATTRIBUTES = ("href", "src", "action", "data-day-code", "data-refresh")
# What a host cannot do (finding is the page's own work); and what only a page with an address of its own can say.
NEEDS_SERVICE = "//*[@data-needs-server] | //form[not(@role='search')] | //form//noscript"
NO_ADDRESS = f"{NEEDS_SERVICE} | //link[@rel='canonical'] | //meta[@property='og:url']"
ANYWHERE = "/offline"
# A link that stands in a list of links goes with its words.
_LISTS = "ancestor-or-self::nav | ancestor-or-self::footer | ancestor-or-self::*[contains(@class, 'button')]"
# Without a header a page cannot say who may frame it (CSP 3, 6.4.2).
ONLY_IN_HEADERS = "frame-ancestors"


@dataclass(frozen=True)
class Rewriting:
    """How answers become files.

    ``goes_along`` says whether a path is in the copy, ``want`` hears of each address that a page
    names; ``prefix`` is the path of the copy's public address, without a slash at its end.
    """

    goes_along: Callable[[str], bool]
    want: Callable[[str, str], None]
    prefix: str
    policy: str
    as_of: str

    def page(self, text: str, path: str, query: str = "") -> str:
        """A page, with relative links; the one that phones show in place of another may stand anywhere."""
        if path == ANYWHERE:
            return self.page_anywhere(text)
        place = static_path(path, query)
        return self._rewritten(text, lambda target: link(target, place))

    def page_anywhere(self, text: str) -> str:
        """The page that hosts show for an address that is not there; its links name the whole path."""
        return self._rewritten(text, lambda target: f"{self.prefix}/{target}", NO_ADDRESS)

    def worker(self, text: str) -> str:
        """The service worker's script, which names what it keeps in its first line, by where it is from the script."""
        line, _, rest = text.partition("\n")
        release: dict[str, Any] = json.loads(line.removeprefix("const RELEASE = ").removesuffix(";"))
        for name in ("files", "pages"):
            release[name] = [self._own(path) for path in release[name] if self.goes_along(path)]
        for name in ("bundle", "notKept", "searched"):
            release[name] = self._own(release[name])
        return f"const RELEASE = {json.dumps(release)};\n{rest}"

    def bundle(self, text: str) -> str:
        """The pages that phones keep, as the copy has them, by where they are."""
        said: dict[str, Any] = json.loads(text)
        pages = {self._own(path): self._kept(body, path) for path, body in said["pages"].items()}
        return json.dumps({**said, "pages": pages}, ensure_ascii=False)

    def _kept(self, body: str, path: str) -> str:
        return body if path.endswith(".svg") else self.page(body, path)

    def manifest(self, text: str) -> str:
        """The web manifest, whose addresses are relative to its own (W3C Application Manifest, 1.6)."""
        said: dict[str, Any] = json.loads(text)
        icons = [{**icon, "src": self._own(icon["src"])} for icon in said["icons"]]
        return json.dumps({**said, "id": "./", "start_url": "./", "scope": "./", "icons": icons}, ensure_ascii=False)

    def _rewritten(self, text: str, place: Callable[[str], str], without: str = NEEDS_SERVICE) -> str:
        document = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
        for element in _found(document, without):
            element.drop_tree()
        for name in ATTRIBUTES:
            for element in _found(document, f"//*[starts-with(@{name}, '/') and not(starts-with(@{name}, '//'))]"):
                self._point(element, name, place)
        self._mark(document)
        written: bytes = html.tostring(document, doctype="<!doctype html>", encoding="utf-8")
        return written.decode()

    def _point(self, element: html.HtmlElement, name: str, place: Callable[[str], str]) -> None:
        url = element.get(name, "")
        if self.goes_along(urlsplit(url).path):
            element.set(name, self._link(url, place))
        elif _found(element, _LISTS):
            element.drop_tree()
        else:
            element.drop_tag()

    def _link(self, url: str, place: Callable[[str], str]) -> str:
        parts = urlsplit(url)
        self.want(parts.path, parts.query)
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        return place(static_path(parts.path, parts.query)) + fragment

    def _own(self, path: str) -> str:
        """An address as files in the copy's root name it."""
        return self._link(path, lambda target: target or "./")

    def _mark(self, document: html.HtmlElement) -> None:
        """Tell scripts that this is a copy, browsers what a header would, and readers without scripts its age."""
        document.set("data-copy", "")
        head, body = document.find("head"), document.find("body")
        if head is None or body is None:
            return
        head.insert(1, html.Element("meta", {"http-equiv": "Content-Security-Policy", "content": self.policy}))
        notice = html.fragment_fromstring("<noscript><p class='bar frozen'></p></noscript>")
        notice[0].text = self.as_of
        body.insert(1, notice)


def _found(element: html.HtmlElement, path: str) -> list[html.HtmlElement]:
    return cast("list[html.HtmlElement]", element.xpath(path))


def policy_of_a_page(header: str) -> str:
    """A Content-Security-Policy as far as a page itself can say it."""
    directives = (one.strip() for one in header.split(";"))
    return "; ".join(one for one in directives if not one.startswith(ONLY_IN_HEADERS))
