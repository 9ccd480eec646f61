"""The pages that readers see, and the elements of a page."""

from __future__ import annotations

from html.parser import HTMLParser

from flask.testing import FlaskClient
from lxml import html

PAGES = [
    "/",
    "/now",
    "/display",
    "/display/venue",
    "/rooms/venue",
    "/stage/venue",
    "/talks/tri-dao",
    "/talks/coffee-morning",
    "/speakers",
    "/speakers/stella-biderman",
    "/pages/about",
    "/pages/venue",
    "/pages/call-for-papers",
    "/pages/organizers",
    "/pages/important-dates",
    "/my",
    "/subscribe",
    "/print",
]
CONTRACT = ("data-session", "data-start", "data-end", "data-room", "data-state", "data-status")


def tree(client: FlaskClient, path: str) -> html.HtmlElement:
    """A page that there is."""
    answer = client.get(path)
    assert answer.status_code == 200
    return html.fromstring(answer.text)


def words(node: html.HtmlElement) -> str:
    """The text of an element, with single spaces."""
    return " ".join(node.text_content().split())


class Tags(HTMLParser):
    """All elements of a page, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def sessions(self) -> list[dict[str, str | None]]:
        return [attributes for _, attributes in self.found if "data-session" in attributes]
