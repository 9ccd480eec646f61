"""Faces and affiliations of people: in rows, on talk and person pages, and in structured data."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from lxml import html
from support.publishing import publish

from app.domain.identity import Picture
from app.domain.program import Person, Program
from app.web.running_service import Service
from app.web.template_helpers import faces_of, people_line

FACE = Picture("pictures/evan.jpg", "e" * 64, 288, 288)
SMALL, LARGE = f"/pictures/{'e' * 24}-96.webp", f"/pictures/{'e' * 24}-288.webp"
EVAN = "evan-shelhamer"


def with_people(program: Program, *people: Person) -> Program:
    """The program whose panel is by some people."""
    panel = replace(program.session("panel"), speakers=tuple(person.id for person in people))
    sessions = tuple(panel if one.id == "panel" else one for one in program.sessions)
    return replace(program, sessions=sessions, speakers=(*program.speakers, *people))


def somebody(number: int, *affiliations: str) -> Person:
    return Person(id=f"p{number}", name=f"Person {number}", affiliations=affiliations)


def with_speakers(program: Program, *names: str) -> Program:
    """The program with so many more speakers of these names."""
    people = tuple(Person(id=f"q{number}", name=name, affiliations=("UBC",)) for number, name in enumerate(names))
    return replace(program, speakers=(*program.speakers, *people))


def groups(client: FlaskClient) -> dict[str, list[str]]:
    """The names of the list of people under each letter."""
    sections = html.fromstring(client.get("/speakers").text).xpath("//section[@class='letter']")
    return {
        str(one.xpath("h2/text()")[0]): list(map(str, one.xpath(".//li/p[@class='name']/a/text()"))) for one in sections
    }


def line(program: Program) -> list[tuple[str, str]]:
    return people_line(program, program.session("panel"))


def test_one_speaker_stands_with_all_affiliations_that_fit(program: Program) -> None:
    assert line(with_people(program, somebody(1, "UBC", "Vector"))) == [("Person 1", "UBC, Vector")]
    assert line(with_people(program, somebody(1, "UBC", "V" * 60))) == [("Person 1", "UBC")]


def test_a_longer_affiliation_is_cut(program: Program) -> None:
    assert line(with_people(program, somebody(1, "U" * 61))) == [("Person 1", "U" * 59 + "…")]


def test_a_few_speakers_stand_each_with_the_first_affiliation(program: Program) -> None:
    people = [somebody(1, "UBC", "Vector"), somebody(2), somebody(3, "MIT")]
    assert line(with_people(program, *people)) == [("Person 1", "UBC"), ("Person 2", ""), ("Person 3", "MIT")]


def test_many_speakers_stand_with_their_names_alone(program: Program) -> None:
    names = [(f"Person {number}", "") for number in range(5)]
    assert line(with_people(program, *(somebody(number, "UBC") for number in range(5)))) == names


def test_a_row_has_at_most_three_faces(program: Program) -> None:
    crowded = with_people(program, *map(somebody, range(5)))
    assert [one.name for one in faces_of(crowded, crowded.session("panel"))] == ["Person 0", "Person 1", "Person 2"]


def test_rows_of_a_large_program_have_no_faces(program: Program) -> None:
    talk = program.session(EVAN)
    large = replace(program, sessions=tuple(replace(talk, id=f"talk-{number}") for number in range(201)))
    assert faces_of(large, large.session("talk-0")) == ()


@pytest.mark.parametrize(
    ("people", "text"),
    [
        ([somebody(1, "UBC")], "Person 1 · UBC"),
        ([somebody(1, "UBC"), somebody(2, "MIT")], "Person 1 (UBC), Person 2 (MIT)"),
        ([], ""),
    ],
)
def test_a_row_names_its_people_with_where_they_belong(
    client: FlaskClient, service: Service, program: Program, people: list[Person], text: str
) -> None:
    publish(service, with_people(program, *people))
    [row] = html.fromstring(client.get("/").text).xpath("//ol//*[@data-session='panel']//*[@data-part='people']")
    assert row.text_content() == text


@pytest.fixture
def pictured(service: Service, program: Program) -> Program:
    """The published program, in which one speaker has a picture."""
    speakers = tuple(replace(one, picture=FACE) if one.id == EVAN else one for one in program.speakers)
    publish(service, replace(program, speakers=speakers))
    return service.current.snapshot.revision.program


def faces(client: FlaskClient, path: str) -> list[tuple[str, str, str, str]]:
    images = html.fromstring(client.get(path).text).xpath("//img[contains(@class, 'face')]")
    return [(one.get("src"), one.get("width"), one.get("height"), one.get("alt")) for one in images]


@pytest.mark.usefixtures("pictured")
@pytest.mark.parametrize("path", ["/speakers", "/rooms/venue", "/now"])
def test_a_picture_is_small_in_lists(client: FlaskClient, path: str) -> None:
    assert set(faces(client, path)) == {(SMALL, "40", "40", "")}


@pytest.mark.usefixtures("pictured")
@pytest.mark.parametrize("path", [f"/talks/{EVAN}", f"/speakers/{EVAN}"])
def test_a_picture_is_large_on_the_pages_of_talk_and_person(client: FlaskClient, path: str) -> None:
    assert faces(client, path)[0] == (LARGE, "96", "96", "")


def test_initials_stand_in_place_of_a_picture_and_are_read_to_nobody(reader: FlaskClient) -> None:
    [initials] = html.fromstring(reader.get(f"/speakers/{EVAN}").text).xpath("//*[contains(@class, 'face large')]")
    assert (initials.text, initials.get("aria-hidden")) == ("ES", "true")


@pytest.mark.usefixtures("pictured")
def test_structured_data_has_the_picture_of_a_person(client: FlaskClient) -> None:
    [data] = html.fromstring(client.get(f"/talks/{EVAN}").text).xpath("//script[@type='application/ld+json']/text()")
    [performer] = json.loads(str(data))["performer"]
    assert performer["image"] == f"http://localhost{LARGE}"


def test_a_talk_is_found_by_where_its_speaker_belongs(reader: FlaskClient) -> None:
    assert "1 found." in reader.get("/?q=cohere").text


def test_few_people_stand_by_name_with_faces(client: FlaskClient, service: Service, program: Program) -> None:
    publish(service, with_speakers(replace(program, sessions=(), speakers=()), "Zoe", "Émile", "erik", "Ada"))
    page = html.fromstring(client.get("/speakers").text)
    names = [str(name) for name in page.xpath("//*[@class='person-row']//h2/a/text()")]
    assert (names, groups(client)) == (["Ada", "Émile", "erik", "Zoe"], {})


def test_many_people_stand_by_name_under_their_letters(client: FlaskClient, service: Service, program: Program) -> None:
    names = ("zoe", "Émile", "Erik", "3D Printer", *(f"Alan {number:02}" for number in range(30)))
    publish(service, with_speakers(replace(program, sessions=(), speakers=()), *names))
    assert groups(client) == {
        "#": ["3D Printer"],
        "A": [f"Alan {number:02}" for number in range(30)],
        "E": ["Émile", "Erik"],
        "Z": ["zoe"],
    }


def test_the_letters_lead_to_their_people(client: FlaskClient, service: Service, program: Program) -> None:
    publish(service, with_speakers(program, *(f"Alan {number}" for number in range(30))))
    page = html.fromstring(client.get("/speakers").text)
    links = page.xpath("//nav[@class='letters']/a")
    heads = [page.get_element_by_id(link.get("href")[1:]).text for link in links]
    assert heads == [link.text for link in links] == list(groups(client))
