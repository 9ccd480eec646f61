"""Atom feeds (RFC 4287)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from app.domain.instants import utc

NAMESPACE = "http://www.w3.org/2005/Atom"
# XML 1.0, 2.2, has no characters but these.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What a feed without entries gives as the instant of its last change.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtomEntry:
    """One entry in plain text; ``id`` is a URI for life, ``updated`` the instant of its last change."""

    id: str
    title: str
    updated: datetime
    author: str
    summary_text: str
    link: str


def changes_feed(entries: Sequence[AtomEntry], *, feed_id: str, title: str, self_url: str, page_url: str) -> bytes:
    """Entries in the order given, newest first by custom; the same entries give the same bytes.

    ``self_url`` is the feed's own address, ``page_url`` that of the page which tells the same.
    """
    feed = ET.Element("feed", {"xmlns": NAMESPACE})
    _text(feed, "id", feed_id)
    _text(feed, "title", title)
    _text(feed, "updated", _instant(max((entry.updated for entry in entries), default=NEVER)))
    _link(feed, "self", self_url, "application/atom+xml")
    _link(feed, "alternate", page_url, "text/html")
    for entry in entries:
        _add_entry(feed, entry)
    ET.indent(feed)
    document: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _add_entry(feed: ET.Element, entry: AtomEntry) -> None:
    element = ET.SubElement(feed, "entry")
    _text(element, "id", entry.id)
    _text(element, "title", entry.title)
    _text(element, "updated", _instant(entry.updated))
    _text(ET.SubElement(element, "author"), "name", entry.author)
    _text(element, "summary", entry.summary_text)
    _link(element, "alternate", entry.link, "text/html")


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _clean(text)


def _link(parent: ET.Element, relation: str, address: str, content_type: str) -> None:
    ET.SubElement(parent, "link", {"rel": relation, "type": content_type, "href": _clean(address)})


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)


def _instant(instant: datetime) -> str:
    return f"{utc(instant):%Y-%m-%dT%H:%M:%SZ}"
