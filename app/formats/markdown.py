"""Markdown, and HTML from outside, to safe HTML or to plain text."""

from __future__ import annotations

import html
import re
from functools import partial

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from app.formats.byte_cache import ByteCache

_MARKDOWN = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable(["table", "strikethrough"])
# No images: a page loads nothing from another host.
_INLINE = {"a", "abbr", "b", "br", "cite", "code", "del", "em", "i", "q", "s", "strong", "sub", "sup"}
_BLOCKS = {"blockquote", "dd", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "ul"}
_TABLES = {"table", "tbody", "td", "th", "thead", "tr"}
_ATTRIBUTES = {"a": {"href", "title"}, "abbr": {"title"}, "td": {"colspan"}, "th": {"colspan", "scope"}}
_CLEANER = nh3.Cleaner(
    tags=_INLINE | _BLOCKS | _TABLES,
    attributes=_ATTRIBUTES,
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener",
)
_PARAGRAPH_ENDS = re.compile(r"</(?:p|h[1-6]|blockquote|pre|ul|ol|table|dl)>|<hr ?/?>", re.IGNORECASE)
_LINE_ENDS = re.compile(r"<br ?/?>|</(?:li|tr|dt|dd)>", re.IGNORECASE)

MOST_TEXT_BYTES = 2_000_000
kept_html: ByteCache[Markup] = ByteCache(MOST_TEXT_BYTES)
kept_texts: ByteCache[str] = ByteCache(MOST_TEXT_BYTES)


def to_html(text: str) -> Markup:
    """Safe HTML: no scripts, event handlers, styles or images; links to http, https and mailto only."""
    return kept_html.get_or_make(text, partial(_html, text))


def _html(text: str) -> Markup:
    return Markup(_CLEANER.clean(_MARKDOWN.render(text)))  # noqa: S704 - sanitized by nh3


def to_text(text: str) -> str:
    """Plain text, for calendars and descriptions: a blank line between paragraphs, a dash before list items."""
    return kept_texts.get_or_make(text, partial(_text, text))


def _text(text: str) -> str:
    spaced = _PARAGRAPH_ENDS.sub("\n\n", _LINE_ENDS.sub("\n", str(to_html(text)).replace("<li>", "- ")))
    plain = html.unescape(nh3.clean(spaced, tags=set()))
    return re.sub(r"\n\s*\n+", "\n\n", plain).strip()
