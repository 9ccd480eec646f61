"""`/subscribe` and a talk's own buttons: every feed, every calendar program, and how soon each notices a change."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from flask.testing import FlaskClient
from support.markup import Tags
from support.print_programs import nasty_program
from support.publishing import publish
from support.qr_photographs import by_zbar, picture

from app.domain.program import Program
from app.web.calendar_links import Feed, groups_of
from app.web.running_service import Service
from app.web.template_helpers import TEXTS

HTTPS = "https://agenda.codeml-workshop.org"
PEOPLE = ["tri-dao", "evan-shelhamer", "sara-hooker", "matt-johnson", "chris-rackauckas", "stella-biderman"]
WIDE = ["/calendar/codeml-2025.ics", "/calendar/talks.ics", "/calendar/dates.ics"]
NAMES = ["Apple", "Google", "Outlook.com", "Outlook 365", "Thunderbird", "Android"]


def feeds(program: Program, base_url: str = HTTPS) -> list[Feed]:
    return [feed for group in groups_of(program, base_url) for feed in group.feeds]


def links(text: str) -> list[str]:
    return [str(attributes["href"]) for tag, attributes in Tags(text).found if tag == "a" and "href" in attributes]


def test_every_feed_is_offered(program: Program) -> None:
    assert [feed.path for feed in feeds(program)] == [*WIDE, *(f"/speakers/{one.id}.ics" for one in program.speakers)]
    assert sorted(one.id for one in program.speakers) == sorted(PEOPLE)


def test_rooms_are_offered_where_there_are_several() -> None:
    offered = [feed.path for feed in feeds(nasty_program())]
    assert [path for path in offered if path.startswith("/rooms/")] == ["/rooms/hall.ics", "/rooms/annex.ics"]


def test_every_feed_that_is_offered_is_there(client: FlaskClient, service: Service) -> None:
    publish(service, nasty_program())
    offered = feeds(nasty_program())
    assert {client.get(feed.path).content_type for feed in offered} == {"text/calendar; charset=utf-8"}


def test_each_feed_has_a_button_for_each_calendar_program_with_how_long_it_takes(
    reader: FlaskClient, program: Program
) -> None:
    text = reader.get("/subscribe").text
    buttons = re.findall(
        r'<a class="button" href="([^"]+)" rel="noopener">([^<]+)</a><span class="delay">([^<]+)<', text
    )
    expected = [link for feed in feeds(program, "http://localhost") for link in feed.links]
    delays = [(one["name"], one["delay"]) for one in TEXTS["calendar_programs"]]
    assert [(name, delay) for _, name, delay in buttons] == delays * (len(WIDE) + len(PEOPLE))
    assert [address.replace("&amp;", "&") for address, _, _ in buttons] == [link.address for link in expected]


def test_the_page_says_that_google_is_too_slow_for_the_day(reader: FlaskClient) -> None:
    text = reader.get("/subscribe").text
    assert '<span class="delay">4–24 hours</span>' in text
    assert "Google looks too rarely for that." in text


def test_each_feed_has_an_address_to_copy(reader: FlaskClient, program: Program) -> None:
    shown = [str(one["value"]) for tag, one in Tags(reader.get("/subscribe").text).found if tag == "input"]
    assert shown == [feed.address for feed in feeds(program, "http://localhost")]


def test_each_feed_has_a_code_that_subscribes(reader: FlaskClient, program: Program) -> None:
    sources = [str(one["src"]) for tag, one in Tags(reader.get("/subscribe").text).found if tag == "img"]
    read = [by_zbar(picture(reader.get(source.replace("/qr.svg", "/qr.png")).data)) for source in sources]
    assert read == [[feed.webcal] for feed in feeds(program, "http://localhost")]


def test_the_links_to_the_whole_program(program: Program) -> None:
    whole = feeds(program)[0]
    assert [link.name for link in whole.links] == NAMES
    apple, google, outlook, office, thunderbird, android = (link.address for link in whole.links)
    path = "agenda.codeml-workshop.org/calendar/codeml-2025.ics"
    assert (apple, thunderbird, android) == (f"webcal://{path}", f"webcal://{path}", f"webcals://{path}")
    assert google == f"https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2F{path.replace('/', '%2F')}"
    for address, host in ((outlook, "outlook.live.com"), (office, "outlook.office.com")):
        parts = urlsplit(address)
        assert (parts.hostname, parts.path) == (host, "/calendar/0/addfromweb")
        assert parse_qs(parts.query) == {"url": [f"https://{path}"], "name": ["CODEML"]}


def test_without_https_android_gets_the_plain_form(program: Program) -> None:
    android = feeds(program, "http://10.0.0.7:8000")[0].links[-1]
    assert android.address == "webcal://10.0.0.7:8000/calendar/codeml-2025.ics"


def test_a_talk_can_be_kept_in_every_calendar(reader: FlaskClient) -> None:
    found = links(reader.get("/talks/tri-dao").text)
    hosts = {urlsplit(link).hostname for link in found}
    assert "/talks/tri-dao.ics" in found
    assert {"calendar.google.com", "outlook.live.com", "outlook.office.com"} <= hosts


@pytest.mark.parametrize("host", ["outlook.live.com", "outlook.office.com"])
def test_outlook_gets_a_talks_instants_in_utc(reader: FlaskClient, host: str) -> None:
    [link] = [one for one in links(reader.get("/talks/tri-dao").text) if urlsplit(one).hostname == host]
    query = parse_qs(urlsplit(link).query)
    assert (query["startdt"], query["enddt"]) == (["2025-07-18T16:15:00+00:00"], ["2025-07-18T16:45:00+00:00"])
    assert query["subject"] == ["Tri Dao: Open-Source Attention Optimizations"]


def test_google_gets_a_talks_instants_in_utc(reader: FlaskClient) -> None:
    [link] = [one for one in links(reader.get("/talks/tri-dao").text) if "calendar.google.com" in one]
    assert "dates=20250718T161500Z/20250718T164500Z" in unquote(link)
