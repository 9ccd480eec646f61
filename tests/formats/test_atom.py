"""The feed of changes, as RFC 4287 has it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formats.atom import AtomEntry, changes_feed

ATOM = "{http://www.w3.org/2005/Atom}"
NEWER = AtomEntry(
    id="tag:codeml.example,2025:revision-3",
    title="10 minutes late",
    updated=datetime(2025, 7, 18, 10, 20, tzinfo=timezone(timedelta(hours=-7))),
    author="Geoff",
    summary_text="Tri Dao: 09:15 → 09:25\nCoffee break: 15 min shorter",
    link="https://codeml-workshop.example/changes#revision-3",
)
OLDER = AtomEntry(
    id="tag:codeml.example,2025:revision-2",
    title="Panel <moved> & renamed",
    updated=datetime(2025, 7, 18, 16, tzinfo=UTC),
    author="Jonathan",
    summary_text="",
    link="https://codeml-workshop.example/changes#revision-2",
)


def feed(*entries: AtomEntry) -> bytes:
    return changes_feed(
        entries,
        feed_id="tag:codeml.example,2025:changes",
        title="Changes to CODEML",
        self_url="https://codeml-workshop.example/changes.atom",
        page_url="https://codeml-workshop.example/changes",
    )


def text_children(element: ET.Element) -> list[tuple[str, str]]:
    """The children that hold text, in order."""
    return [
        (child.tag.removeprefix(ATOM), child.text or "") for child in element if not child.attrib and not len(child)
    ]


def links(element: ET.Element) -> dict[str, str]:
    return {link.attrib["rel"]: link.attrib["href"] for link in element.findall(f"{ATOM}link")}


def test_a_feed_names_itself_and_was_updated_with_its_newest_entry() -> None:
    root = ET.fromstring(feed(OLDER, NEWER))
    assert root.tag == f"{ATOM}feed"
    assert text_children(root) == [
        ("id", "tag:codeml.example,2025:changes"),
        ("title", "Changes to CODEML"),
        ("updated", "2025-07-18T17:20:00Z"),
    ]
    assert links(root) == {
        "self": "https://codeml-workshop.example/changes.atom",
        "alternate": "https://codeml-workshop.example/changes",
    }


def test_an_entry_has_all_that_the_standard_asks_for() -> None:
    [entry] = ET.fromstring(feed(NEWER)).findall(f"{ATOM}entry")
    assert text_children(entry) == [
        ("id", "tag:codeml.example,2025:revision-3"),
        ("title", "10 minutes late"),
        ("updated", "2025-07-18T17:20:00Z"),
        ("summary", "Tri Dao: 09:15 → 09:25\nCoffee break: 15 min shorter"),
    ]
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Geoff"
    assert links(entry) == {"alternate": "https://codeml-workshop.example/changes#revision-3"}


def test_entries_keep_their_order() -> None:
    entries = ET.fromstring(feed(NEWER, OLDER)).findall(f"{ATOM}entry")
    assert [one.findtext(f"{ATOM}title") for one in entries] == ["10 minutes late", "Panel <moved> & renamed"]


def test_a_feed_without_entries_has_a_date() -> None:
    assert ET.fromstring(feed()).findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"


def test_an_entry_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        feed(AtomEntry(id="a", title="", updated=datetime(2025, 7, 18), author="", summary_text="", link=""))  # noqa: DTZ001


def test_the_same_entries_give_the_same_bytes() -> None:
    assert feed(NEWER, OLDER) == feed(NEWER, OLDER)


@given(st.text())
def test_any_text_makes_a_feed_that_parses(text: str) -> None:
    r"""XML 1.0, 2.2 and 2.11: characters that XML does not have are gone, line breaks are "\n"."""
    entry = AtomEntry(id="a", title=text, updated=OLDER.updated, author=text, summary_text=text, link=f"https://{text}")
    parsed = ET.fromstring(feed(entry)).findtext(f"{ATOM}entry/{ATOM}title") or ""
    kept = "".join(char for char in text if char in "\t\n\r" or " " <= char < "\ufffe" or char > "\uffff")
    assert parsed == kept.replace("\r\n", "\n").replace("\r", "\n")
