"""The day and the 55 papers of a real workshop, from its tables: pages, codes, labels, stars, and the list again."""

from __future__ import annotations

import csv
import io
import json
import random
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html
from pyzbar.pyzbar import decode
from support.import_results import fixture
from support.markup import tree, words
from support.publishing import publish
from support.svg_code import drawn

from app.domain.program import Program
from app.importing import Imported, ImportOptions, import_source
from app.web.running_service import Service

LIST = "tables/tta-icml2025-papers.csv"
POSTERS = "poster-session-1"
Row = dict[str, str]


@pytest.fixture
def rows(fixtures_path: Path) -> list[Row]:
    """The workshop's list, a row for each paper."""
    return list(csv.DictReader((fixtures_path / LIST).read_text("utf-8").splitlines()))


def imported(rows: list[Row], former: Program) -> Imported:
    """A list imported as the papers of the first poster session."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    options = ImportOptions(items_of=POSTERS)
    return import_source(text.getvalue().encode(), name="papers.csv", options=options, former=former)


@pytest.fixture
def program(fixtures_path: Path, rows: list[Row]) -> Program:
    """The workshop's day, with its papers."""
    return imported(rows, fixture(fixtures_path, "tables/tta-icml2025-schedule.csv").program).program


def addresses(program: Program) -> dict[str, tuple[str, str]]:
    """The address and the number of each poster, by its first author."""
    return {item.id: (f"/papers/{item.id}", item.number) for item in program.session(POSTERS).items}


def test_each_paper_of_the_list_has_a_numbered_page_with_its_authors(
    client: FlaskClient, program: Program, rows: list[Row]
) -> None:
    items = {item.number: item for item in program.session(POSTERS).items}
    assert len(items) == len(rows) == 55
    for row in rows:
        page = tree(client, f"/papers/{items[row['ID']].id}")
        [lead] = page.xpath("//article[@data-item]")
        kind = row["Decision"].removeprefix("Accept (").removesuffix(")")
        assert words(page.xpath("//h1")[0]) == " ".join(row["Title"].split())
        assert words(lead.xpath(".//p[@class='place']")[0]) == f"Board {row['ID']} {kind}"
        assert words(lead.xpath(".//p[@class='people']")[0]) == ", ".join(row["Authors"].split(", "))


def test_each_code_and_each_label_leads_to_its_paper(client: FlaskClient, program: Program) -> None:
    labels = html.fromstring(client.get("/print?what=boards&per=8").text).xpath("//*[@data-item]")
    known = program.session(POSTERS).items
    assert len(labels) == 55
    for label in labels:
        path = f"/papers/{label.get('data-item')}"
        [item] = [one for one in known if f"/papers/{one.id}" == path]
        [source] = label.xpath(".//figure//img/@src")
        [code] = decode(drawn(client.get(source).data))
        assert (code.data.decode(), words(label.xpath(".//p[@class='number']")[0])) == (
            f"http://localhost{path}",
            item.number,
        )


def test_a_shuffled_and_retitled_list_keeps_ids_addresses_stars_and_numbers(
    client: FlaskClient, service: Service, program: Program, rows: list[Row]
) -> None:
    before, starred = addresses(program), sorted(addresses(program))[:3]
    opened = client.post("/my/picks", json={"add": starred}).get_json()
    again = random.Random(19).sample(rows, len(rows))
    again = [
        row | {"Title": f"Revisited: {row['Title']}"} if place % 3 == 0 else row for place, row in enumerate(again)
    ]
    found = imported(again, program)
    assert addresses(found.program) == before
    assert [item.title for item in found.program.session(POSTERS).items] == [
        " ".join(row["Title"].split()) for row in again
    ]
    publish(service, found.program)
    for path, number in before.values():
        assert words(tree(client, path).xpath("//p[@class='place']/strong")[0]) == f"Board {number}"
    kept = client.get("/my/picks", headers={"Authorization": f"Bearer {opened['write']}"}).get_json()
    assert (kept["items"], kept["vanished"]) == (starred, [])


def test_a_new_list_without_numbers_continues_after_the_boards_that_are_taken(
    program: Program, rows: list[Row]
) -> None:
    late = [{"Title": "A late paper", "Authors": "Ada Lovelace"}]
    whole = [{name: row[name] for name in ("Title", "Authors")} for row in rows] + late
    text = json.dumps(whole).encode()
    options = ImportOptions(items_of=POSTERS, number_from=1)
    found = import_source(text, name="papers.json", options=options, former=program).program.session(POSTERS)
    taken = {item.number for item in program.session(POSTERS).items}
    free = next(f"{number}" for number in range(1, 100) if f"{number}" not in taken)
    assert found.items[-1].number == free
    assert {item.id: item.number for item in found.items[:-1]} == {
        item.id: item.number for item in program.session(POSTERS).items
    }


def test_the_calendar_of_a_reader_has_the_session_of_a_starred_paper(client: FlaskClient, program: Program) -> None:
    [item, *_] = program.session(POSTERS).items
    opened = client.post("/my/picks", json={"add": [item.id]}).get_json()
    feed = client.get(f"/my/{opened['read']}.ics").text
    assert [line for line in feed.splitlines() if line.startswith("UID:")] == [f"UID:{POSTERS}@{program.domain}"]
