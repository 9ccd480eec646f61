"""The pages that readers see, and the elements of a page."""

from __future__ import annotations

from html.parser import HTMLParser

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
