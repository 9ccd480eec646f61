"""A talk's page: its buttons at each boundary, its calendars, and the way to the sessions before and after it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from lxml import html
from support.markup import tree, words
from support.publishing import Publish, with_links_of
from support.publishing import publish as publish_program

from app.domain.edits.edit_types import Cancel, Delay
from app.domain.program import Program
from app.domain.session import Link
from app.web.running_service import Service

EVAN = "evan-shelhamer"
STREAM = Link("Live stream", "https://live.example/1")
LINKS = (
    Link("Code", "https://code.example/"),
    Link("Paper", "https://paper.example/"),
    Link("Video", "https://video.example/"),
    Link("Slides", "https://slides.example/"),
    STREAM,
)


@pytest.fixture
def program(program: Program) -> Program:
    """The workshop, with links of all kinds on the talk that is on."""
    return with_links_of(program, EVAN, *LINKS)


def page_at(client: FlaskClient, clock: str, session: str = EVAN) -> html.HtmlElement:
    return tree(client, f"/talks/{session}?at=2025-07-18T{clock}")


def shown(page: html.HtmlElement) -> list[str]:
    """The buttons that a page shows without scripts, but for those of folded calendars."""
    found = page.xpath("//section[@class='keep']/div//a[not(ancestor-or-self::*[@hidden])]")
    return [words(one) for one in found]


def leading(page: html.HtmlElement) -> list[str]:
    """The button that is solid."""
    found = page.xpath("//section[@class='keep']/div/*[contains(@class, 'may-lead') and not(@hidden)]")
    return [words(link) for one in found[:1] for link in one.xpath("descendant-or-self::a[not(@hidden)]")]


@pytest.mark.parametrize(
    ("instant", "buttons"),
    [
        ("10:04:59", ["Add to calendar", "Slides", "Paper"]),
        ("10:05", ["Watch", "Add to calendar", "Slides", "Paper"]),
        ("10:44:59", ["Watch", "Add to calendar", "Slides", "Paper"]),
        ("10:45", ["Video", "Slides", "Paper"]),
    ],
)
def test_a_talk_has_the_buttons_that_are_true_now_and_the_first_leads(
    client: FlaskClient, instant: str, buttons: list[str]
) -> None:
    page = page_at(client, instant)
    assert (shown(page), leading(page)) == (buttons, buttons[:1])


def test_slides_lead_after_a_talk_without_a_recording(client: FlaskClient, service: Service, program: Program) -> None:
    publish_program(service, with_links_of(program, EVAN, Link("Slides", "https://slides.example/")))
    page = page_at(client, "10:45")
    assert (shown(page), leading(page)) == (["Slides"], ["Slides"])


def test_of_several_streams_each_is_named(client: FlaskClient, service: Service, program: Program) -> None:
    publish_program(service, with_links_of(program, EVAN, STREAM, Link("Zoom", "https://zoom.example/")))
    assert shown(page_at(client, "10:20"))[:2] == ["Watch: Live stream", "Watch: Zoom"]


def test_a_cancelled_talk_offers_neither_a_stream_nor_a_calendar_and_nothing_leads(
    client: FlaskClient, publish: Publish
) -> None:
    publish(Cancel(EVAN), "Evan is ill.")
    page = page_at(client, "10:20")
    assert (shown(page), leading(page)) == (["Slides", "Paper"], [])


def test_watching_goes_on_until_the_new_end(client: FlaskClient, publish: Publish) -> None:
    publish(Delay(EVAN, 3, shorten=(("contributed-morning", 42),)), "")
    assert [shown(page_at(client, clock))[0] for clock in ("10:47", "10:48")] == ["Watch", "Video"]


def test_the_scripts_know_when_each_button_is_true(client: FlaskClient) -> None:
    found = page_at(client, "10:20").xpath("//section[@class='keep']/div/*[@data-from or @data-until]")
    assert [(words(one), one.get("data-from", "")[11:16], one.get("data-until", "")[11:16]) for one in found] == [
        ("Watch", "10:05", "10:45"),
        ("Add to calendar Add to calendar", "", "10:45"),
        ("Video", "10:45", ""),
    ]


def test_one_button_adds_to_a_calendar_and_each_device_has_its_own(client: FlaskClient) -> None:
    links = page_at(client, "10:20").xpath("//*[@data-module='this-device']/a")
    assert [(one.get("data-for"), one.get("hidden")) for one in links] == [
        ("apple windows other", None),
        ("android", ""),
    ]
    assert [one.get("href").partition("?")[0] for one in links] == [
        f"/talks/{EVAN}.ics",
        "https://calendar.google.com/calendar/render",
    ]


def test_the_other_calendars_are_folded_until_the_talk_is_over(client: FlaskClient) -> None:
    [folded] = page_at(client, "10:20").xpath("//details[@id='more-calendars' and not(@open) and not(@hidden)]")
    assert [words(one) for one in folded.xpath("./p[1]/a")] == [
        *("Calendar file", "With a reminder, 5 min before", "Google Calendar", "Outlook.com", "Outlook 365"),
    ]
    assert len(page_at(client, "10:45").xpath("//details[@id='more-calendars' and @hidden]")) == 1


def test_the_button_that_needs_a_script_is_disabled_until_one_has_come(client: FlaskClient) -> None:
    [share] = page_at(client, "10:20").xpath("//button[@data-module='share-text']")
    assert (words(share), share.get("disabled")) == ("Share", "disabled")


def test_when_and_where_come_before_the_title_and_people_before_the_buttons(client: FlaskClient) -> None:
    text = words(page_at(client, "10:20").xpath("//main")[0])
    parts = ["10:15", "Fri 18 July 2025", "Vancouver Convention Center", "DIY Deep", "Evan Shelhamer", "Watch"]
    assert sorted(parts, key=text.index) == parts


def test_the_foot_leads_to_the_sessions_before_and_after_in_the_room(client: FlaskClient, publish: Publish) -> None:
    publish(Cancel("sara-hooker"), "")
    links = page_at(client, "10:20").xpath("//nav[@id='talk-neighbours']/a")
    assert [(one.get("rel"), one.get("href"), words(one)[:33]) for one in links] == [
        ("prev", "/talks/coffee-morning", "Before: 09:45Coffee break"),
        ("next", "/talks/sara-hooker", "After, cancelled: 10:45Beyond the"),
    ]


def test_a_session_for_all_rooms_has_none_before_or_after_it(
    client: FlaskClient, service: Service, program: Program
) -> None:
    everywhere = (
        replace(one, slot=replace(one.slot, room=None)) if one.id == EVAN else one for one in program.sessions
    )
    publish_program(service, replace(program, sessions=tuple(everywhere)))
    assert page_at(client, "10:20").xpath("//nav[@id='talk-neighbours']") == []
