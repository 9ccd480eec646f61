"""The page of a speaker: their sessions by day, with whom they speak."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flask.testing import FlaskClient
from lxml import html
from support.codeml_day import DAY, at
from support.markup import tree
from support.publishing import publish

from app.domain.program import Program
from app.domain.session import Session, Slot
from app.web.running_service import Service

STELLA = "stella-biderman"
PAGE = f"/speakers/{STELLA}"
SATURDAY = DAY + timedelta(days=1)
COFFEE = Slot(start=at("20:10", SATURDAY), end=at("20:40", SATURDAY), room="venue")


def buttons(page: html.HtmlElement) -> list[tuple[str, str]]:
    """The links that look like buttons, each with its text."""
    return [(str(one.get("href")), one.text_content()) for one in page.xpath("//main//a[@class='button']")]


def days(page: html.HtmlElement) -> dict[str, list[str]]:
    """The sessions under the heading of each day."""
    lists = page.xpath("//section[@class='timeline']")
    return {str(one.xpath("h2/text()")[0]): list(map(str, one.xpath(".//@data-session"))) for one in lists}


def with_another_talk(service: Service, program: Program, *speakers: str) -> None:
    """The program with a second day, on which a talk is by some speakers."""
    talk = Session(id="late", title="Late", slot=COFFEE, scheduled=COFFEE, speakers=speakers)
    publish(service, replace(program, days=(DAY, SATURDAY), sessions=(*program.sessions, talk)))


def test_a_persons_talks_stand_under_their_days(client: FlaskClient, service: Service, program: Program) -> None:
    with_another_talk(service, program, STELLA)
    first = [session.id for session in program.sessions_of(STELLA)]
    assert days(tree(client, PAGE)) == {"Friday 18 July 2025": first, "Saturday 19 July 2025": ["late"]}


def test_a_program_of_one_day_has_no_headings_of_days(reader: FlaskClient, program: Program) -> None:
    page = tree(reader, PAGE)
    assert days(page) == {}
    assert page.xpath("//ol//@data-session") == [session.id for session in program.sessions_of(STELLA)]


def test_a_talk_names_the_others_who_speak(client: FlaskClient, service: Service, program: Program) -> None:
    with_another_talk(service, program, STELLA, "tri-dao")
    [people] = tree(client, PAGE).xpath("//*[@data-session='late']//*[@data-part='people']")
    assert people.xpath("text()") == ["Tri Dao"]


def test_a_talk_of_one_person_does_not_repeat_the_name(reader: FlaskClient) -> None:
    assert [
        text.strip()
        for text in tree(reader, PAGE).xpath(f"//*[@data-session='{STELLA}']//*[@data-part='people']/text()")
    ] == []


def test_the_button_says_that_it_adds_the_talk_or_the_talks(
    client: FlaskClient, service: Service, program: Program
) -> None:
    publish(service, replace(program, sessions=tuple(one for one in program.sessions if one.id == STELLA)))
    one = buttons(tree(client, PAGE))
    with_another_talk(service, program, STELLA)
    several = buttons(tree(client, PAGE))
    path = f"/speakers/{STELLA}.ics"
    assert (one, several) == ([(path, "Add the talk to my calendar")], [(path, "Add their talks to my calendar")])


def test_a_person_without_a_talk_has_nothing_to_add(client: FlaskClient, service: Service, program: Program) -> None:
    publish(service, replace(program, sessions=tuple(one for one in program.sessions if STELLA not in one.speakers)))
    assert buttons(tree(client, PAGE)) == []
