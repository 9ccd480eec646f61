"""A cancelled session on readers' pages: that comes first, with the note, which a page says once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from lxml import html
from support.markup import tree, words
from support.publishing import Publish
from support.publishing import publish as publish_program

from app.domain.edits.edit_types import Cancel, Delay, Reinstate
from app.domain.program import Link, Program, Room
from app.web.running_service import Service

EVAN = "evan-shelhamer"
ILL = "Evan is ill."


def parts_in_order(page: html.HtmlElement) -> list[str]:
    return [str(name) for name in page.xpath("//article[contains(@class, 'lead')]//@data-part")]


def test_a_cancelled_talks_page_says_so_first_then_its_title_before_its_time(
    client: FlaskClient, publish: Publish
) -> None:
    publish(Cancel(EVAN), ILL)
    assert parts_in_order(tree(client, f"/talks/{EVAN}")) == ["cancelled", "note", "title", "start", "end"]


def test_another_talks_page_begins_with_its_time(reader: FlaskClient) -> None:
    assert parts_in_order(tree(reader, f"/talks/{EVAN}")) == ["start", "end", "title"]


def test_a_cancelled_talk_is_not_to_be_added_to_a_calendar(client: FlaskClient, publish: Publish) -> None:
    publish(Cancel(EVAN), ILL)
    page = tree(client, f"/talks/{EVAN}")
    assert page.xpath("//main//a[contains(@href, '.ics')]") == page.xpath("//*[@id='more-calendars']") == []


def test_a_cancelled_talk_keeps_its_links(
    client: FlaskClient, service: Service, program: Program, publish: Publish
) -> None:
    slides = Link("Slides", "https://slides.example/evan")
    sessions = tuple(replace(one, links=(slides,)) if one.id == EVAN else one for one in program.sessions)
    publish_program(service, replace(program, sessions=sessions))
    publish(Cancel(EVAN), ILL)
    assert tree(client, f"/talks/{EVAN}").xpath("//*[@class='keep']//a/@href") == [slides.url]


def test_what_changed_says_cancelled_with_the_day_the_time_and_the_note(client: FlaskClient, publish: Publish) -> None:
    publish(Cancel(EVAN), ILL)
    publish(Reinstate(EVAN), "Evan is well.")
    assert [words(one) for one in tree(client, f"/talks/{EVAN}").xpath("//*[@id='talk-story']//li/span")] == [
        *("Takes place after all", "Fri 18 July, 10:20: Evan is well."),
        *("Cancelled", f"Fri 18 July, 10:20: {ILL}"),
    ]


def test_a_cancellation_that_stands_above_is_not_said_again_as_a_change(client: FlaskClient, publish: Publish) -> None:
    publish(Cancel(EVAN), ILL)
    page = tree(client, f"/talks/{EVAN}")
    assert (page.xpath("//*[@id='talk-story']"), words(page).count(ILL)) == ([], 1)


def test_a_cancelled_talk_that_was_moved_before_tells_both(client: FlaskClient, publish: Publish) -> None:
    publish(Delay("sara-hooker", 3, shorten=(("contributed-morning", 42),)), "A projector broke.")
    publish(Cancel("sara-hooker"), ILL)
    assert len(tree(client, "/talks/sara-hooker").xpath("//*[@id='talk-story']//li")) == 2


def test_the_changes_say_cancelled(client: FlaskClient, publish: Publish) -> None:
    publish(Cancel(EVAN), ILL)
    assert [words(one) for one in tree(client, "/changes").xpath("//*[@class='facet']")] == ["Cancelled"]


def spans_on_top(page: html.HtmlElement, note: int) -> list[tuple[str, str, bool]]:
    """From when until when a note stands at the top of a page, and whether it is shown there now."""
    lines = page.xpath(f"//*[starts-with(@id, 'note-{note}')]")
    return [(one.get("data-from")[11:16], one.get("data-until")[11:16], one.get("hidden") is None) for one in lines]


EACH_PAGE = pytest.mark.parametrize("path", ["/", "/now", "/rooms/venue", "/display", "/stage/venue"])


@EACH_PAGE
def test_a_note_stands_at_the_top_once_no_slot_shows_it_beside_its_session(
    client: FlaskClient, publish: Publish, path: str
) -> None:
    publish(Cancel(EVAN), ILL)
    page = tree(client, path)
    assert spans_on_top(page, 2) == [("10:45", "10:50", False)]
    assert page.xpath("//*[@data-slot='cancelled']//*[@data-part='note']/text()") == [ILL]
    assert spans_on_top(tree(client, f"{path}?at=2025-07-18T10:45"), 2) == [("10:45", "10:50", True)]


@EACH_PAGE
def test_a_note_stands_at_the_top_until_its_cancelled_session_would_begin(
    client: FlaskClient, publish: Publish, path: str
) -> None:
    publish(Cancel("sara-hooker"), ILL)
    assert spans_on_top(tree(client, path), 2) == [("10:20", "10:45", True)]
    assert spans_on_top(tree(client, f"{path}?at=2025-07-18T10:45"), 2) == [("10:20", "10:45", False)]


def test_a_note_about_several_sessions_is_said_above(client: FlaskClient, publish: Publish) -> None:
    publish(Delay("sara-hooker", 3, shorten=(("contributed-morning", 42),)), "A projector broke.")
    assert spans_on_top(tree(client, "/"), 2) == [("10:20", "10:50", True)]


def test_a_note_is_said_above_where_the_rooms_are_folded(
    client: FlaskClient, service: Service, program: Program, publish: Publish
) -> None:
    rooms = tuple(Room(f"room-{number}", f"Room {number}") for number in range(4))
    publish_program(service, replace(program, rooms=(*program.rooms, *rooms)))
    publish(Cancel(EVAN), ILL)
    assert spans_on_top(tree(client, "/now"), 3) == [("10:20", "10:50", True)]


def test_screens_in_a_hall_show_what_is_next_without_its_note_and_say_it_above(
    client: FlaskClient, service: Service, program: Program, publish: Publish
) -> None:
    sessions = tuple(one for one in program.sessions if one.id != "contributed-morning")
    publish_program(service, replace(program, sessions=sessions))
    publish(Delay("sara-hooker", 5), "A projector broke.")
    whole = [("10:20", "10:50", True)]
    spans = {path: spans_on_top(tree(client, path), 3) for path in ("/", "/rooms/venue", "/display", "/stage/venue")}
    assert spans == {"/": [], "/rooms/venue": [], "/display": whole, "/stage/venue": whole}
