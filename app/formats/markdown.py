"""Markdown, and HTML from outside, to safe HTML or to plain text."""

from __future__ import annotations

import html
import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_MARKDOWN = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable(["table", "strikethrough"])
# No images: nothing that a page needs comes from another host.
_TAGS = frozenset(
    {
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "cite",
        "code",
        "dd",
        "del",
        "dl",
        "dt",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "li",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    }
)
_ATTRIBUTES = {"a": {"href", "title"}, "abbr": {"title"}, "td": {"colspan"}, "th": {"colspan", "scope"}}
_SCHEMES = frozenset({"http", "https", "mailto"})
_BREAKS = re.compile(r"</(?:p|h[1-6]|blockquote|pre|ul|ol|table|dl)>|<hr ?/?>", re.IGNORECASE)
_LINE_ENDS = re.compile(r"<br ?/?>|</(?:li|tr|dt|dd)>", re.IGNORECASE)


@lru_cache(maxsize=4096)
def to_html(text: str) -> Markup:
    """Safe HTML: no scripts, no handlers, no styles, links to the web and to mail alone."""
    rendered = _MARKDOWN.render(text)
    return Markup(  # noqa: S704 - sanitized by nh3
        nh3.clean(rendered, tags=set(_TAGS), attributes=_ATTRIBUTES, url_schemes=set(_SCHEMES), link_rel="noopener")
    )


@lru_cache(maxsize=4096)
def to_text(text: str) -> str:
    """Plain text, for calendars and descriptions: a blank line between paragraphs, a dash before list items."""
    spaced = _BREAKS.sub("\n\n", _LINE_ENDS.sub("\n", str(to_html(text)).replace("<li>", "- ")))
    plain = html.unescape(nh3.clean(spaced, tags=set()))
    return re.sub(r"\n\s*\n+", "\n\n", plain).strip()
