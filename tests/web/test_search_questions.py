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
from support.import_results import fixture
from support.movable_clock import MovableClock

from app import create_app
from app.domain.program import Program
from app.service_factory import serve_from
from app.settings import Settings
from app.store.database import open_database, sqlite_url

pytestmark = pytest.mark.slow
EIGHT = datetime(2021, 2, 6, 7, 0, tzinfo=UTC)
FIRST = {
    # What a talk is about.
    "rust": ["rust-webassembly-and"],
    "RUST async": ["lightning-fast-enclave"],
    "python async": ["dont-be-afraid-of-async"],
    "mypy": ["practical-advice-for"],
    "zig": ["welcome-to-the-zig", "zig-the-perfect-language", "mach-o-linker-in-zig", "create-an-android"],
    "go": ["deploy-a-go-http-server", "go-without-wires", "calling-python-from-go"],
    "docker": ["docker-is-no-more-what", "5-tips-to-create-secure", "using-libreoffice-with"],
    "guix": ["guix-workflow-language", "is-gnu-guix-a-minimal"],
    "jitsi": ["the-road-to-end-to-end", "challenges-running-jitsi"],
    "accessibility": ["latest-tech-great", "accessibility"],
    "webrtc music": ["can-webrtc-help"],
    "end to end encryption": ["the-road-to-end-to-end"],
    "secure boot": ["overview-of-secure-boot", "improving-the-secure", "secure-boot-without-uefi"],
    "raspberry pi": ["overview-of-the-open", "the-future-of-java-on"],
    "digital signature pdf": ["handling-pdf-digital", "document-security-and"],
    "kubernetes operator": ["hybrid-cloud-open-source", "kubevirt-opinionated", "operator-sdk-use-case"],
    "postgres indexes": ["improve-your-indexes"],
    "infodesk sunday": ["the-virtual-fosdem-2"],
    # A word while it is typed.
    "kube": ["let-there-be-topology"],
    "microk": ["state-of-microkernels-in"],
    # Compounds, signs and numbers.
    "open-source firmware": [
        "open-source-firmware",
        "building-an-interactive",
        "how-to-build-up-an",
        "open-source-firmware-2",
    ],
    "opensource wifi": ["openwifi-opensource-wifi"],
    "risc-v": ["embedded-linux-from", "penglai-enclave", "teep-trusted-execution", "the-ides-of-risc-v"],
    "ci/cd": ["introduction-of-the-ci", "the-road-to", "events-in-ci-cd"],
    "C++": ["the-sparselizard", "gpu-computing-made"],
    "HTTP/3": ["analysing-quic-and-http"],
    "0 A.D.": ["0-a-d-graphics"],
    "mariadb 10.6": ["mariadb-10-6-and-beyond"],
    "mysql 8.0": ["better-user-management", "making-mysql-8-0-xa"],
    "smb3": ["smb3-overboard"],
    # People, with the letters that a keyboard has.
    "zaitsev": ["why-public-database-as-a", "mariadb-observability", "performance-analysis-and"],
    "andy wingo": ["compiling-to-webassembly"],
    "wingo andy": ["compiling-to-webassembly"],
    "laetitia avrot": ["postgresql-waffles"],
    "oystein grovlen": ["rewrite-your-complex"],
    "Michal Zygowski": ["status-of-openpower"],
    "jürgen": ["putting-chaos-into"],
    "piñeiro vulkan": ["overview-of-the-open"],
    # A track and a room.
    "retrocomputing": ["welcome-to", "an-emulator-for-my-old"],
    "d.openchain": ["openchain-overview", "openchain-upfront"],
}
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
    database = open_database(sqlite_url(tmp_path_factory.mktemp("fosdem") / "agenda.sqlite"), program.id)
    service = serve_from(database, program, MovableClock(EIGHT))
    yield create_app(Settings(program=Path("unread"), secret_key="for tests"), service)
    service.close()


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
