"""What a link of a session leads to, and from when until when one to watch it is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from support.codeml_day import at, codeml

from app.domain.edits.typed_content import with_links
from app.domain.session import Link, Session, with_kinds_of

STREAM = Link("Live stream", "https://example.org/live")


def watchable(*links: Link, cancelled: bool = False) -> Session:
    return replace(codeml().session("evan-shelhamer"), links=links, cancelled=cancelled)


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Live stream", "watch"),
        (" live  STREAM ", "watch"),
        ("Zoom", "watch"),
        ("Slides", "slides"),
        ("Video", "recording"),
        ("Recording", "recording"),
        ("OpenReview", "paper"),
        ("PDF", "paper"),
        ("Code", ""),
    ],
)
def test_a_link_leads_to_what_its_whole_label_says(label: str, kind: str) -> None:
    assert Link(label, "https://example.org").leads_to == kind


@pytest.mark.parametrize("label", ["Watch this space", "Slideshow", "Video of the last talk", "White paper", ""])
def test_no_word_inside_a_label_decides(label: str) -> None:
    assert Link(label, "https://example.org").leads_to == ""


def test_what_the_program_says_comes_before_the_label() -> None:
    assert Link("Video", "https://example.org", "watch").leads_to == "watch"


def test_a_link_with_the_label_of_a_former_one_keeps_its_kind() -> None:
    hall = Link("Hall A", "https://example.org/a", "watch")
    new = (Link("Hall A", "https://example.org/b"), Link("Code", "https://example.org/c"))
    assert with_kinds_of([hall], new) == (replace(new[0], kind="watch"), new[1])
    assert with_links((hall,), [new[0]]) == (replace(new[0], kind="watch"),)


def test_watching_opens_ten_minutes_before_the_start() -> None:
    assert watchable(STREAM).watch_opens == at("10:05")


def test_watching_opens_later_when_the_session_is_late() -> None:
    session = watchable(STREAM)
    late = replace(session, slot=session.slot.starting_at(session.start + timedelta(minutes=5)))
    assert late.watch_opens == at("10:10")


def test_a_session_that_nobody_can_watch_never_opens() -> None:
    sessions = watchable(), watchable(Link("Slides", "https://example.org")), watchable(STREAM, cancelled=True)
    assert [one.watch_opens for one in sessions] == [None, None, None]
