"""`/subscribe` and a talk's own buttons: every feed, every calendar program, and how soon each notices a change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from flask.testing import FlaskClient
from lxml.html import HtmlElement
from support.import_results import fixture
from support.markup import Tags, tree, words
from support.print_programs import nasty_program
from support.publishing import publish
from support.qr_photographs import by_zbar, picture

from app.domain.program import Person, Program
from app.web.calendar_links import Feed, general_feeds
from app.web.running_service import Service

HTTPS = "https://agenda.codeml-workshop.org"
# What is chosen, by its query: the feed's name and its path.
CHOICES = {
    "": ("CODEML", "/calendar/codeml-2025.ics"),
    "?what=all": ("CODEML", "/calendar/codeml-2025.ics"),
    "?what=talks": ("Talks only", "/calendar/talks.ics"),
    "?what=dates": ("Important dates", "/calendar/dates.ics"),
    "?person=sara-hooker": ("Sara Hooker", "/speakers/sara-hooker.ics"),
    "?room=venue": ("Vancouver Convention Center", "/rooms/venue.ics"),
}
UNKNOWN = {
    "what=nothing": "There is no calendar 'nothing'.",
    # Of one room there is nothing to choose.
    "what=room": "There is no calendar 'room'.",
    "room=cellar": "There is no room 'cellar'.",
    "person=nobody": "There is no speaker 'nobody'.",
}
# Names, and how soon each program notices a change.
PROGRAMS = [
    ("Apple Calendar", "within 20–40 min"),
    ("Google Calendar", "within 4–24 hours"),
    ("Outlook 365", "within about 3 hours"),
    ("Outlook.com", "within about 3 hours"),
    ("Thunderbird", "within 30 min, or as set"),
    ("Android, with ICSx⁵", "as set in ICSx⁵"),
]
FOR_ALL_OTHERS = "Your calendar Follows when it next looks"


def whole(program: Program, base_url: str = HTTPS) -> Feed:
    return general_feeds(program, base_url)["all"]


def links(text: str) -> list[str]:
    return [str(attributes["href"]) for tag, attributes in Tags(text).found if tag == "a" and "href" in attributes]


def chips(page: HtmlElement, label: str = "What") -> dict[str, str]:
    return {words(one): str(one.get("href")) for one in page.xpath(f"//nav[@aria-label='{label}']/a")}


def chosen(page: HtmlElement) -> list[str]:
    return [words(one) for one in page.xpath("//main//a[@aria-current]")]


def crowded(program: Program, count: int) -> Program:
    """The program with so many people more named Zoë, and one with a name of several parts."""
    added = tuple(Person(id=f"zoe-{number}", name=f"Zoë Number{number:02}") for number in range(count))
    return replace(program, speakers=(*program.speakers, Person(id="anne", name="Anne-Marie Noël"), *added))


@pytest.mark.parametrize("query", CHOICES)
def test_each_choice_shows_one_feed_with_its_address(reader: FlaskClient, query: str) -> None:
    name, path = CHOICES[query]
    page = tree(reader, f"/subscribe{query}")
    shown = [one.get("value") for one in page.xpath("//main//input")]
    assert ([words(one) for one in page.xpath("//main//h2")], shown) == ([name], [f"http://localhost{path}"])
    assert page.xpath("//a[text()='Download once']/@href") == [path]


@pytest.mark.parametrize("query", CHOICES)
def test_the_feed_of_each_choice_is_there(reader: FlaskClient, query: str) -> None:
    assert reader.get(CHOICES[query][1]).content_type == "text/calendar; charset=utf-8"


@pytest.mark.parametrize("query", UNKNOWN)
def test_what_there_is_not_is_not_found(reader: FlaskClient, query: str) -> None:
    answer = reader.get(f"/subscribe?{query}")
    assert (answer.status_code, UNKNOWN[query].replace("'", "&#39;") in answer.text) == (404, True)


def test_only_one_thing_is_chosen_at_a_time(reader: FlaskClient) -> None:
    answer = reader.get("/subscribe?room=venue&person=tri-dao")
    assert (answer.status_code, "Expected one of what, room, person, name" in answer.text) == (400, True)


def test_what_can_be_chosen_is_offered(reader: FlaskClient) -> None:
    assert chips(tree(reader, "/subscribe")) == {
        "All": "/subscribe",
        "Talks": "/subscribe?what=talks",
        "Important dates": "/subscribe?what=dates",
        "My stars": "/my#calendar",
        "One person": "/subscribe?what=person",
    }


def test_dates_are_offered_where_there_are_any(client: FlaskClient, service: Service, program: Program) -> None:
    publish(service, replace(program, dates=()))
    offered = chips(tree(client, "/subscribe"))
    assert ("Important dates" in offered, client.get("/subscribe?what=dates").status_code) == (False, 404)


@pytest.mark.parametrize(
    ("query", "current"),
    [
        ("", ["All"]),
        ("?what=talks", ["Talks"]),
        ("?what=person", ["One person"]),
        ("?person=tri-dao", ["One person", "Tri Dao"]),
    ],
)
def test_the_choice_is_marked(reader: FlaskClient, query: str, current: list[str]) -> None:
    assert chosen(tree(reader, f"/subscribe{query}")) == current


def test_until_a_person_is_chosen_there_is_no_calendar(reader: FlaskClient, program: Program) -> None:
    page = tree(reader, "/subscribe?what=person")
    people = {one.name: f"/subscribe?person={one.id}" for one in program.speakers}
    assert (chips(page, "Person"), page.xpath("//main//h2")) == (people, [])


def test_rooms_are_offered_where_there_are_several(client: FlaskClient, service: Service) -> None:
    publish(service, nasty_program())
    page = tree(client, "/subscribe?what=room")
    assert list(chips(page, "Room").values()) == ["/subscribe?room=hall", "/subscribe?room=annex"]


@pytest.mark.slow
def test_many_rooms_are_in_a_list_that_unfolds(client: FlaskClient, service: Service, fixtures_path: Path) -> None:
    publish(service, replace(fixture(fixtures_path, "schedules/giggity-fosdem_2021.xml").program, id="codeml-2025"))
    page = tree(client, "/subscribe?room=k-fosdem")
    [form] = page.xpath("//main//form")
    assert (form.get("action"), form.xpath("./select/@name")) == ("/subscribe", ["room"])
    assert form.xpath(".//option[@selected]/@value") == ["k-fosdem"]
    assert len(form.xpath(".//option")) == 1 + 106


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("hook", ["Sara Hooker"]),
        ("zoe number07", ["Zoë Number07"]),
        ("dao tri", ["Tri Dao"]),
        ("anne ma", ["Anne-Marie Noël"]),
        ("Marie Noel", ["Anne-Marie Noël"]),
        ("ooker", []),
        ("...", []),
        (" ", []),
    ],
)
def test_of_many_people_one_is_found_by_the_beginnings_of_their_names(
    client: FlaskClient, service: Service, program: Program, typed: str, found: list[str]
) -> None:
    publish(service, crowded(program, 20))
    page = tree(client, f"/subscribe?name={typed}")
    assert (list(chips(page, "Person")), page.xpath("//input[@name='name']/@value")) == (found, [typed.strip()])


def test_it_says_that_nobody_is_found(client: FlaskClient, service: Service, program: Program) -> None:
    publish(service, crowded(program, 20))
    page = tree(client, "/subscribe?name=ooker")
    assert [words(one) for one in page.xpath("//main//p[@role='status'][not(@data-found)]")] == [
        "Nobody here has a name that begins so."
    ]


def test_of_many_who_are_found_the_first_are_shown(client: FlaskClient, service: Service, program: Program) -> None:
    publish(service, crowded(program, 20))
    page = tree(client, "/subscribe?name=zo")
    [said] = [words(one) for one in page.xpath("//main//p[@role='status'][not(@data-found)]")]
    assert (len(chips(page, "Person")), said) == (12, "These are the first 12. Type more of the name for others.")


def test_a_name_that_is_too_long_is_cut(client: FlaskClient, service: Service, program: Program) -> None:
    publish(service, crowded(program, 20))
    page = tree(client, f"/subscribe?name={'x' * 1000}")
    assert page.xpath("//input[@name='name']/@value") == ["x" * 100]


def test_names_that_are_looked_for_are_not_kept(client: FlaskClient, service: Service, program: Program) -> None:
    publish(service, crowded(program, 20))
    before = set(service.editions.at(service.current.snapshot, service.clock.now()).responses)
    for name in ("a", "b", "c"):
        client.get(f"/subscribe?name={name}")
    assert set(service.editions.at(service.current.snapshot, service.clock.now()).responses) == before


def test_without_scripts_one_button_is_shown_for_any_program(reader: FlaskClient) -> None:
    buttons = tree(reader, "/subscribe").xpath("//main//a[contains(@class, 'button')][not(@hidden)]")
    assert [(words(one), one.get("href")) for one in buttons] == [
        (FOR_ALL_OTHERS, "webcal://localhost/calendar/codeml-2025.ics")
    ]


def test_each_platform_has_its_button(reader: FlaskClient) -> None:
    buttons = tree(reader, "/subscribe").xpath("//*[@data-module='this-device']/*")
    assert [(one.get("data-for"), words(one)) for one in buttons] == [
        ("apple", "Apple Calendar Follows within 20–40 min"),
        ("windows", "Outlook 365 Follows within about 3 hours"),
        ("android", "Android, with ICSx⁵ Follows as set in ICSx⁵"),
        ("other", FOR_ALL_OTHERS),
    ]


def test_all_programs_are_folded_with_how_long_each_takes_and_what_to_do(reader: FlaskClient) -> None:
    rows = tree(reader, "/subscribe").xpath("//details//li")
    assert [(words(row[0]), words(row[1])) for row in rows] == PROGRAMS
    assert [bool(words(row.xpath("./p")[0])) for row in rows] == [True] * len(PROGRAMS)


def test_the_links_of_a_feed_are_those_of_the_programs(reader: FlaskClient, program: Program) -> None:
    shown = tree(reader, "/subscribe").xpath("//details//li/a/@href")
    assert shown == [link.address for link in whole(program, "http://localhost").links]


def test_the_page_says_that_google_is_too_slow_for_the_day(reader: FlaskClient) -> None:
    assert "Google looks too rarely for that." in words(tree(reader, "/subscribe"))


@pytest.mark.parametrize("query", CHOICES)
def test_the_code_of_a_feed_subscribes(reader: FlaskClient, query: str) -> None:
    [source] = tree(reader, f"/subscribe{query}").xpath("//main//img/@src")
    read = by_zbar(picture(reader.get(source.replace("/qr.svg", "/qr.png")).data))
    assert read == [f"webcal://localhost{CHOICES[query][1]}"]


def test_the_page_of_a_room_leads_to_its_calendar(reader: FlaskClient) -> None:
    assert "/subscribe?room=venue" in links(reader.get("/rooms/venue").text)


def test_the_links_to_the_whole_program(program: Program) -> None:
    assert [link.name for link in whole(program).links] == [name for name, _ in PROGRAMS]
    apple, google, office, outlook, thunderbird, android = (link.address for link in whole(program).links)
    path = "agenda.codeml-workshop.org/calendar/codeml-2025.ics"
    assert (apple, thunderbird, android) == (f"webcal://{path}", f"webcal://{path}", f"webcals://{path}")
    assert google == f"https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2F{path.replace('/', '%2F')}"
    for address, host in ((outlook, "outlook.live.com"), (office, "outlook.office.com")):
        parts = urlsplit(address)
        assert (parts.hostname, parts.path) == (host, "/calendar/0/addfromweb")
        assert parse_qs(parts.query) == {"url": [f"https://{path}"], "name": ["CODEML"]}


def test_without_https_android_gets_the_plain_form(program: Program) -> None:
    android = whole(program, "http://10.0.0.7:8000").links[-1]
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
    [link] = {one for one in links(reader.get("/talks/tri-dao").text) if "calendar.google.com" in one}
    assert "dates=20250718T161500Z/20250718T164500Z" in unquote(link)
