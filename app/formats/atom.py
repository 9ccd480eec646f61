"""Atom feeds (RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from app.domain.instants import utc
from app.formats.exchange_ids import xml_text

DECLARATION = "<?xml version='1.0' encoding='utf-8'?>\n"
# The `updated` of a feed without entries.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtomEntry:
    """One entry in plain text; ``id`` is a permanent URI, ``updated`` the instant of its last change."""

    id: str
    title: str
    updated: datetime
    author: str
    summary_text: str
    link: str


def changes_feed(entries: Sequence[AtomEntry], *, feed_id: str, title: str, self_url: str, page_url: str) -> bytes:
    """Entries in the order given, newest first by convention; the same entries give the same bytes.

    ``self_url`` is the feed's own address, ``page_url`` that of the page with the same content.
    """
    feed = ET.Element("feed", xmlns="http://www.w3.org/2005/Atom")
    updated = max((entry.updated for entry in entries), default=NEVER)
    _add(feed, id=feed_id, title=title, updated=_instant(updated))
    ET.SubElement(feed, "link", rel="self", type="application/atom+xml", href=self_url)
    ET.SubElement(feed, "link", rel="alternate", type="text/html", href=page_url)
    for entry in entries:
        element = ET.SubElement(feed, "entry")
        _add(element, id=entry.id, title=entry.title, updated=_instant(entry.updated))
        _add(ET.SubElement(element, "author"), name=entry.author)
        _add(element, summary=entry.summary_text)
        ET.SubElement(element, "link", rel="alternate", type="text/html", href=entry.link)
    ET.indent(feed)
    return f"{DECLARATION}{xml_text(ET.tostring(feed, encoding='unicode'))}\n".encode()


def _add(parent: ET.Element, **texts: str) -> None:
    for name, text in texts.items():
        ET.SubElement(parent, name).text = text


def _instant(instant: datetime) -> str:
    return f"{utc(instant):%Y-%m-%dT%H:%M:%SZ}"
