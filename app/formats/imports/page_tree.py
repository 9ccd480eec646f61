"""What a reader sees of a page's elements: lines of text, links, sections under headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from lxml import etree

from app.domain.session import Link
from app.formats.imports.text import one_line

Element: TypeAlias = etree._Element  # noqa: SLF001 - the library's only name for the type
HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
STRUCK = frozenset({"s", "del", "strike"})
DEEPEST = 200


@dataclass(slots=True)
class Section:
    """A heading and the elements below it, down to the next heading."""

    title: str
    level: int = 0
    elements: list[Element] = field(default_factory=list)

    def says(self, *words: str) -> bool:
        """Whether its heading has one of some words."""
        return any(re.search(rf"\b{word}", self.title, re.IGNORECASE) for word in words)


def sections(body: Element) -> list[Section]:
    """The page in sections; the first has no heading."""
    found = [Section("")]
    _gather(body, found, 0)
    return found


def lines(element: Element, *, struck: bool = False) -> list[str]:
    """The lines of text that a reader sees in an element; crossed-out text only where asked for."""
    text = "".join(_pieces(element, struck=struck, depth=0))
    return [line for part in text.split("\n") if (line := one_line(part))]


def text_of(element: Element) -> str:
    """An element's text as one line, without what is crossed out."""
    return " ".join(lines(element))


def struck_text(element: Element) -> str:
    """What is crossed out in an element."""
    found = (one for one in element.iter() if one.tag in STRUCK)
    return " ".join(text for one in found if (text := one_line("".join(map(str, one.itertext())))))


def links_of(element: Element) -> tuple[Link, ...]:
    """The links in an element with a text to them, as written: those within the page, too."""
    found = ((one_line("".join(map(str, one.itertext()))), one_line(one.get("href"))) for one in element.iter("a"))
    return tuple(Link(label, url) for label, url in found if label and url)


def _gather(element: Element, found: list[Section], depth: int) -> None:
    for child in element:
        if child.tag in HEADINGS:
            found.append(Section(text_of(child), int(child.tag[1])))
        elif depth < DEEPEST and any(one.tag in HEADINGS for one in child.iterdescendants()):
            _gather(child, found, depth + 1)
        else:
            found[-1].elements.append(child)


def _pieces(element: Element, *, struck: bool, depth: int) -> Iterator[str]:
    tag = element.tag
    if not (tag in STRUCK and not struck) and depth < DEEPEST:
        if tag in BLOCKS:
            yield "\n"
        yield (element.text or "").replace("\n", " ")
        for child in element:
            yield from _pieces(child, struck=struck, depth=depth + 1)
            yield (child.tail or "").replace("\n", " ")
        if tag in BLOCKS:
            yield "\n"
