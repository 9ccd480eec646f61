"""Forty questions about FOSDEM 2021, by the address that the form writes without scripts, and the talks expected first.

They are asked at 08:00 on the first morning, when everything is to come.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from support.conference import app_of
from support.import_results import fixture
from support.movable_clock import MovableClock
from support.search_questions import FIRST

from app.domain.program import Program

pytestmark = pytest.mark.slow
EIGHT = datetime(2021, 2, 6, 7, 0, tzinfo=UTC)
MEANT = {
    "kuberntes": "kubernetes",
    "pyhton": "python",
    "web assembly": "webassembly",
    "rasberry pi": "raspberry pi",
    "libre ofice": "libre office",
    "zaitzev": "zaitsev",
}


@pytest.fixture(scope="module")
def program(fixtures_path: Path) -> Program:
    return fixture(fixtures_path, "schedules/giggity-fosdem_2021.xml").program


@pytest.fixture(scope="module")
def app(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with app_of(program, tmp_path_factory.mktemp("fosdem"), MovableClock(EIGHT)) as app:
        yield app


def answered(client: FlaskClient, **query: str) -> html.HtmlElement:
    answer = client.get(f"/?{urlencode(query)}")
    assert answer.status_code == 200
    return html.fromstring(answer.text)


def found(tree: html.HtmlElement) -> list[str]:
    return [str(name) for name in tree.xpath("//section[contains(@class, 'results')]//@data-session")]


def test_there_are_forty_questions() -> None:
    assert len(FIRST) == 40


@pytest.mark.parametrize(("question", "expected"), FIRST.items(), ids=FIRST)
def test_the_talks_that_are_looked_for_come_first(client: FlaskClient, question: str, expected: list[str]) -> None:
    assert found(answered(client, q=question))[: len(expected)] == expected


@pytest.mark.parametrize(("typed", "meant"), MEANT.items(), ids=MEANT)
def test_a_mistyped_question_leads_to_the_one_that_is_meant(client: FlaskClient, typed: str, meant: str) -> None:
    tree = answered(client, q=typed, kind="devroom")
    assert tree.xpath("//p[@class='instead']/a/@href")[:1] == [f"/?{urlencode({'q': meant, 'kind': 'devroom'})}"]


@pytest.mark.parametrize("question", ["rust", "kubernetes", "java"])
def test_no_word_is_found_in_the_middle_of_another(client: FlaskClient, question: str) -> None:
    marks = answered(client, q=question).xpath("//section[contains(@class, 'results')]//mark/text()")
    assert {mark.lower().startswith(question) for mark in marks} == {True}


def test_what_is_to_come_stands_before_what_is_over(client: FlaskClient) -> None:
    tree = answered(client, q="zig", at="2021-02-06T15:50")
    assert found(tree) == [
        "mach-o-linker-in-zig",
        "create-an-android",
        "welcome-to-the-zig",
        "zig-the-perfect-language",
    ]
    assert tree.xpath("//h2[@class='over']/following::*/@data-session") == found(tree)[2:]


def test_a_room_is_a_filter_of_a_search(client: FlaskClient) -> None:
    tree = answered(client, q="PYTHON", room="d-python")
    assert (len(found(tree)), tree.xpath("string(//*[@data-found])")) == (16, "16 found.")


def test_of_a_word_that_half_the_program_has_the_first_hundred_results_are_listed(client: FlaskClient) -> None:
    tree = answered(client, q="a")
    assert len(found(tree)) == 100
    assert tree.xpath("string(//p[@class='more'])") == "These are the first 100. One more word finds fewer."
