"""A Jekyll, Markdown or HTML page as a tree of elements, without anything hidden in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree
from markdown_it import MarkdownIt

from app.formats.imports.page_tree import Element
from app.formats.imports.refusal import ImportRefused
from app.formats.imports.source import Source
from app.formats.imports.text import one_line, without_comments
from app.formats.imports.yaml_data import plain_yaml

MOST_BYTES = 2_000_000
MOST_BYTES_OF_MARKDOWN = 500_000
LONGEST_MATTER = 20_000
FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<yaml>.*?\n)(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
LIQUID_COMMENT = re.compile(r"\{%-?\s*comment\s*-?%\}.*?(?:\{%-?\s*endcomment\s*-?%\}|\Z)", re.DOTALL)
LIQUID = re.compile(r"\{%[^%]{0,2000}%\}|\{\{[^}]{0,2000}\}\}")
KRAMDOWN = re.compile(r"\{:[^}\n]{0,500}\}")
MARKUP = re.compile(r"<(?:!doctype|html|body|table|div|p|h[1-6])\b", re.IGNORECASE)
TIMED_LINE = re.compile(r"^[ \t]*\d{1,2}[:h.]\d\d\b", re.MULTILINE)
FEWEST_TIMED_LINES = 3
UNSEEN = ("template", "script", "style", "noscript")
MARKDOWN_SUFFIXES = frozenset({".md", ".markdown", ".mkd", ".txt"})
HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})


@dataclass(frozen=True, slots=True)
class PageSource:
    """A page: its front matter, its body's tree, and its Markdown ("" for an HTML page)."""

    matter: dict[str, str]
    body: Element
    markdown: str


def page_source(source: Source) -> PageSource:
    """The page of a file; comments are gone before anything else looks at it."""
    source.bounded(MOST_BYTES)
    text = source.text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff").replace("\0", "")
    matter, text = _front_matter(text, source)
    visible = _visible(text, source)
    is_html = source.suffix in HTML_SUFFIXES or MARKUP.match(visible.lstrip())
    is_markdown = source.suffix in MARKDOWN_SUFFIXES or not is_html
    if is_markdown:
        source.bounded(MOST_BYTES_OF_MARKDOWN)
    markup = _rendered(visible) if is_markdown else visible
    return PageSource(matter, _tree(markup, source), visible if is_markdown else "")


def _rendered(markdown: str) -> str:
    # In a plain text each line is one; HTML nested in blank lines and indented is no code, as Kramdown sees it, too.
    breaks = len(TIMED_LINE.findall(markdown)) >= FEWEST_TIMED_LINES
    parser = MarkdownIt("commonmark", {"breaks": breaks}).enable(["table", "strikethrough"]).disable("code")
    return str(parser.render(markdown))


def _front_matter(text: str, source: Source) -> tuple[dict[str, str], str]:
    match = FRONT_MATTER.match(text)
    if not match:
        return {}, text
    try:
        data: Any = plain_yaml(match["yaml"][:LONGEST_MATTER], source)
    except ImportRefused:
        source.notes.left("front matter that is not YAML")
        data = {}
    matter = {str(name): one_line(value) for name, value in data.items()} if isinstance(data, dict) else {}
    return matter, text[match.end() :]


def _visible(text: str, source: Source) -> str:
    text, comments = without_comments(text)
    text, liquid_comments = LIQUID_COMMENT.subn("", text)
    if comments + liquid_comments:
        source.notes.left(f"{comments + liquid_comments} comments: what is hidden stays hidden")
    text, liquid = LIQUID.subn("", text)
    if liquid:
        source.notes.left(f"{liquid} template expressions (pictures, includes)")
    return KRAMDOWN.sub("", text)


def _tree(markup: str, source: Source) -> Element:
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(f"<html><body>{markup}</body></html>".encode(errors="replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise source.refused(f"not a page that can be read: {error}") from error
    if root is None:
        raise source.refused("an empty page")
    etree.strip_elements(root, *UNSEEN, with_tail=False)
    for hidden in [one for one in root.iter() if _is_hidden(one)]:
        hidden.tag = UNSEEN[0]
    etree.strip_elements(root, UNSEEN[0], with_tail=False)
    return root


def _is_hidden(element: Element) -> bool:
    style = "".join(element.get("style", "").lower().split())
    return "hidden" in element.attrib or "display:none" in style or "visibility:hidden" in style
