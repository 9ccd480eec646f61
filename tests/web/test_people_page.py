"""The list of people: their talks, and a search by names and affiliations."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from support.codeml_day import DAY
from support.markup import tree, words
from support.movable_clock import AT_TEN_TWENTY
from support.publishing import Publish
from support.publishing import publish as publish_program

from app.domain.edits.edit_types import Cancel
from app.domain.program import Person, Program
from app.domain.search import MAX_WORDS
from app.domain.texts import LONGEST
from app.web.people_list import PeopleList, parse
from app.web.running_service import Service, service_of

SOMEBODY = (
    Person(id="p1", name="Émile Zo\u0308la", affiliations=("ETH Zürich", "Straße & Co")),
    Person(id="p2", name="Ann O’Brien", affiliations=("Trust Lab",)),
    Person(id="p3", name="Anna Rust", affiliations=("Zebra",)),
    Person(id="p4", name="李小龙"),
    Person(id="p5", name="<b>Bob</b>", affiliations=("R&D",)),
)
MANY = tuple(Person(id=f"q{number:02}", name=f"Quinn {number:02}") for number in range(40))


def searched(program: Program, text: str) -> PeopleList:
    return parse({"q": text}, replace(program, sessions=(), speakers=SOMEBODY))


def with_many(service: Service, program: Program) -> None:
    publish_program(service, replace(program, speakers=(*program.speakers, *SOMEBODY, *MANY)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("emile", ["p1"]),
        ("ZOLA", ["p1"]),
        ("zur", ["p1"]),
        ("strasse", ["p1"]),
        ("o'brien", ["p2"]),
        ("brien ann", ["p2"]),
        ("an", ["p2", "p3"]),
        ("rust", ["p3"]),
        ("ust", []),
        ("z", ["p1", "p3"]),
        ("李", ["p4"]),
        ("anna zebra", ["p3"]),
        ("ann zebra", ["p3"]),
        ("<b>", ["p5", "p2"]),
        ("bob", ["p5"]),
        ("nobody", []),
    ],
)
def test_a_search_finds_beginnings_of_words_in_names_and_affiliations(
    program: Program, text: str, found: list[str]
) -> None:
    assert [row.person.id for row in searched(program, text).rows] == found


def test_names_come_before_affiliations(program: Program) -> None:
    people = (Person(id="a", name="Ada", affiliations=("Turing Institute",)), Person(id="t", name="Turing"))
    rows = parse({"q": "turing"}, replace(program, sessions=(), speakers=people)).rows
    assert [row.person.id for row in rows] == ["t", "a"]


@pytest.mark.parametrize("text", ["", "  ", "…", "&&& ---", "\u200b"])
def test_a_text_without_words_is_no_search(program: Program, text: str) -> None:
    found = searched(program, text)
    assert (found.active, found.text, len(found.rows)) == (False, "", len(SOMEBODY))


def test_a_longer_text_is_cut_and_of_many_words_the_first_count(program: Program) -> None:
    assert len(searched(program, "x" * 1000).text) == LONGEST["search"]
    assert len(searched(program, "a b c d e f g h i j").query.terms) == MAX_WORDS


@pytest.mark.parametrize(
    ("search", "text", "marked"),
    [
        ("an", "Anna and Jan", "<mark>Anna</mark> <mark>and</mark> Jan"),
        ("emi", "Émile", "<mark>Émile</mark>"),
        ("zol", "Zo\u0308la", "<mark>Zo\u0308la</mark>"),
        ("strass", "Straße", "<mark>Straße</mark>"),
        ("b", "<b>", "&lt;<mark>b</mark>&gt;"),
        ("", "<b>", "&lt;b&gt;"),
    ],
)
def test_what_is_found_is_marked(program: Program, search: str, text: str, marked: str) -> None:
    assert str(searched(program, search).marked(text)) == marked


def rows(page: html.HtmlElement) -> list[str]:
    return [words(one) for one in page.xpath("//ul[@class='people-list']/li")]


def test_the_page_of_a_search_lists_whom_it_finds_without_letters(
    client: FlaskClient, service: Service, program: Program
) -> None:
    with_many(service, program)
    page = tree(client, "/speakers?q=rust")
    assert (rows(page), page.xpath("//nav[@class='letters']")) == (["Anna Rust Zebra"], [])
    assert words(page.xpath("//*[@class='found-people']")[0]) == "1 of 51 people. Show all"
    assert page.xpath("//input[@type='search']/@value") == ["rust"]


def test_where_nobody_is_found_the_page_says_what_to_try(
    client: FlaskClient, service: Service, program: Program
) -> None:
    with_many(service, program)
    page = tree(client, "/speakers?q=a%26b+%3Ci%3E")
    [empty] = page.xpath("//*[@class='empty']")
    assert (rows(page), words(empty).split(".")[0]) == ([], "No name and no affiliation begins with “a&b <i>”")
    assert empty.xpath(".//a/@href") == ["/?q=a%26b%20%3Ci%3E", "/speakers"]


def test_few_people_need_no_search(reader: FlaskClient) -> None:
    assert tree(reader, "/speakers").xpath("//form[@role='search']") == []


def test_beside_the_name_stand_the_time_and_the_title_of_the_talk(reader: FlaskClient, program: Program) -> None:
    found = {one.xpath(".//h2/a/text()")[0]: one for one in tree(reader, "/speakers").xpath("//*[@class='person-row']")}
    talk = found["Sara Hooker"].xpath(".//*[@class='talk']")[0]
    title = program.session("sara-hooker").title
    assert (words(talk), talk.xpath(".//a/@href")) == (f"10:45 {title}", ["/talks/sara-hooker"])


def test_of_several_talks_stands_the_first_that_is_not_cancelled(
    client: FlaskClient, service: Service, program: Program, publish: Publish
) -> None:
    def talk() -> str:
        [found] = tree(client, "/speakers").xpath("//*[@class='person-row'][.//a/text()='Tri Dao']//*[@class='talk']")
        return words(found)

    sessions = tuple(
        replace(one, speakers=("tri-dao",)) if one.id in {"panel", "closing"} else one for one in program.sessions
    )
    publish_program(service, replace(program, sessions=sessions))
    assert talk() == f"09:15 {program.session('tri-dao').title} +2 more"
    for name in ("tri-dao", "panel", "closing"):
        publish(Cancel(name), "")
    assert talk() == f"09:15 {program.session('tri-dao').title} Cancelled +2 more"


def test_searches_do_not_fill_the_memory(app: Flask, service: Service, program: Program) -> None:
    with_many(service, program)
    client = app.test_client()
    for query in ("", "?q=ann", "?q=bob", "?q=", "?x=1"):
        client.get(f"/speakers{query}")
    edition = service_of(app).editions.at(service.current.snapshot, AT_TEN_TWENTY)
    assert {(key.path, key.query) for key in edition.responses} == {("/speakers", "")}


def test_a_page_of_several_days_names_the_day(client: FlaskClient, service: Service, program: Program) -> None:
    tomorrow = tuple(
        replace(
            one,
            slot=replace(one.slot, start=one.start + timedelta(days=1), end=one.end + timedelta(days=1)),
        )
        if one.id == "sara-hooker"
        else one
        for one in program.sessions
    )
    publish_program(service, replace(program, days=(DAY, DAY + timedelta(days=1)), sessions=tomorrow))
    [talk] = tree(client, "/speakers").xpath("//*[@class='person-row'][.//a/text()='Sara Hooker']//*[@class='talk']")
    assert words(talk).startswith("Sat 10:45 Beyond")
