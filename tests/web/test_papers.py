"""Papers: their list with search and filters, the plan of the boards, each one's page, and where else they are."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyzbar.pyzbar import decode
from support.markup import tree, words
from support.papers import paper, papers, with_papers
from support.publishing import publish
from support.svg_code import drawn

from app.domain.program import Program, Room
from app.domain.session import Item
from app.web.offline_pages import MOST_PAPERS, precached
from app.web.running_service import Service

PUBLIC_URL = "http://localhost"
POSTERS, TALKS = "posters", "contributed-morning"


@pytest.fixture
def program(program: Program) -> Program:
    """The workshop with twelve posters, and with two papers in a session of talks."""
    talks = (Item(id="moss", title="Moss", authors=("Ann O’Brien",)), Item(id="fern", title="Fern", minutes=10))
    return with_papers(with_papers(program, papers(12), POSTERS), talks, TALKS)


def ids(client: FlaskClient, path: str) -> list[str]:
    return [str(one) for one in tree(client, path).xpath("//@data-item")]


def data_of(client: FlaskClient, path: str) -> dict[str, Any]:
    [text] = tree(client, path).xpath("//script[@type='application/ld+json']/text()")
    found: dict[str, Any] = json.loads(text)
    return found


def test_all_papers_are_listed_by_session_and_number(client: FlaskClient) -> None:
    assert ids(client, "/papers") == ["moss", "fern", *(f"paper-{number}" for number in range(1, 13))]
    sessions = tree(client, "/papers").xpath("//*[@id='papers']//@data-session")
    assert sessions == [TALKS, POSTERS]


def test_every_page_leads_to_the_papers_where_there_are_some(
    client: FlaskClient, service: Service, program: Program
) -> None:
    leads = "//nav[@aria-label='Main']/a[@href='/papers']"
    assert len(tree(client, "/").xpath(leads)) == 1
    publish(service, with_papers(with_papers(program, (), POSTERS), (), TALKS))
    assert tree(client, "/").xpath(leads) == []
    assert words(tree(client, "/papers").xpath("//*[@id='papers']")[0]) == (
        "The papers and posters will be announced. See the day"
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=moss", ["moss"]),
        ("q=o'brien", ["moss"]),
        ("q=fern ann", []),
        ("q=12", ["paper-12"]),
        ("q=oral case 4", ["paper-4"]),
        ("q=study of case 11", ["paper-11"]),
        ("q=posters pruning", ["paper-5"]),
        ("session=contributed-morning", ["moss", "fern"]),
        ("kind=Oral", ["paper-4", "paper-9"]),
        ("kind=Oral&q=decoding", []),
        ("kind=Oral&q=retrieval", ["paper-9"]),
        ("q=…", ["moss", "fern", *(f"paper-{number}" for number in range(1, 13))]),
    ],
)
def test_papers_are_found_by_words_session_and_kind(client: FlaskClient, query: str, found: list[str]) -> None:
    assert ids(client, f"/papers?{query}") == found


def test_a_word_of_the_abstract_says_why_a_paper_was_found(client: FlaskClient) -> None:
    page = tree(client, "/papers?q=case measure 7")
    assert [str(one) for one in page.xpath("//@data-item")] == ["paper-7"]
    [why] = page.xpath("//*[@data-item='paper-7']//*[@class='why']")
    assert words(why).startswith("On decoding, case 7. We measure what it costs")


def test_a_search_without_results_says_what_to_do(client: FlaskClient) -> None:
    page = words(tree(client, "/papers?q=zebra").xpath("//*[@id='papers']")[0])
    assert "0 of 14 papers" in page
    assert "No paper has this word." in page


def test_filters_that_leave_no_paper_have_a_link_without_them(client: FlaskClient) -> None:
    page = tree(client, "/papers?session=contributed-morning&kind=Oral&view=boards")
    [empty] = page.xpath("//*[@class='empty']")
    assert words(empty) == "No paper is left under these filters. Without filters"
    assert empty.xpath(".//a/@href") == ["/papers?view=boards"]


def test_a_mistyped_word_is_answered_with_the_one_that_may_be_meant(client: FlaskClient) -> None:
    [link] = tree(client, "/papers?q=tokenisation").xpath("//*[@class='instead']/a")
    assert (link.get("href"), words(link)) == ("/papers?q=tokenization", "tokenization")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("session=nope", 404),
        ("kind=nope", 404),
        ("view=nope", 400),
        ("page=0", 400),
        ("page=02", 400),
        ("page=two", 400),
        ("page=9999999999", 400),
        ("page=999", 200),
    ],
)
def test_an_unknown_name_or_number_is_refused(client: FlaskClient, query: str, status: int) -> None:
    assert client.get(f"/papers?{query}").status_code == status


def test_the_plan_has_the_boards_by_number_and_no_talks(client: FlaskClient) -> None:
    page = tree(client, "/papers?view=boards")
    boards = page.xpath("//*[@class='boards']/li")
    assert [words(one.xpath(".//*[@class='number']")[0]) for one in boards] == [f"{n}" for n in range(1, 13)]
    assert [one.xpath("string(a/@href)") for one in boards][:2] == ["/papers/paper-1", "/papers/paper-2"]


def test_without_numbers_there_is_no_plan_to_choose(client: FlaskClient, service: Service, program: Program) -> None:
    publish(service, with_papers(program, (Item(title="Moss two"),), POSTERS))
    assert tree(client, "/papers").xpath("//nav[@class='views']") == []


def test_a_long_list_has_pages_called_by_the_numbers_on_them(
    client: FlaskClient, service: Service, program: Program
) -> None:
    publish(service, with_papers(program, papers(250), POSTERS))
    pages = tree(client, "/papers?session=posters").xpath("//nav[@aria-label='Pages']/a")
    assert [(words(one), one.get("href")) for one in pages] == [
        ("1–84", "/papers?session=posters"),
        ("85–168", "/papers?session=posters&page=2"),
        ("169–250", "/papers?session=posters&page=3"),
    ]
    assert ids(client, "/papers?session=posters&page=3") == [f"paper-{number}" for number in range(169, 251)]
    assert ids(client, "/papers?session=posters&page=77") == [f"paper-{number}" for number in range(169, 251)]
    assert [words(one) for one in tree(client, "/papers?view=boards").xpath("//nav[@aria-label='Pages']/a")] == [
        "1–84",
        "85–168",
        "169–250",
    ]


def test_a_papers_page_has_all_that_is_known_of_it(client: FlaskClient) -> None:
    page, known = tree(client, "/papers/paper-4"), paper(4)
    [lead] = page.xpath("//*[@data-item='paper-4']")
    assert words(lead.xpath(".//p[@class='place']")[0]) == "Board 4 Oral"
    assert words(page.xpath("//h1")[0]) == known.title
    assert words(lead.xpath(".//p[@class='people']")[0]) == ", ".join(known.authors)
    links = page.xpath("//section[@aria-label='Links']//a")
    assert [(words(one), one.get("href")) for one in links] == [(link.label, link.url) for link in known.links]
    assert words(page.xpath("//section[@aria-labelledby='abstract']/p")[0]) == known.abstract.strip()
    assert page.xpath("//section[@aria-labelledby='when']//@data-session") == [POSTERS]


def test_a_papers_page_leads_to_its_neighbours_by_number(client: FlaskClient) -> None:
    links = tree(client, "/papers/paper-9").xpath("//nav[@id='paper-neighbours']/a")
    assert [(one.get("rel"), one.get("href")) for one in links] == [
        ("prev", "/papers/paper-8"),
        ("next", "/papers/paper-10"),
    ]


def test_a_paper_of_a_session_of_talks_is_on_no_board(client: FlaskClient, service: Service, program: Program) -> None:
    publish(service, with_papers(program, (Item(id="moss", title="Moss", number="7"),), TALKS))
    assert words(tree(client, "/papers/moss").xpath("//p[@class='place']")[0]) == "Paper 7"


def test_a_bare_paper_has_a_page_without_empty_parts(client: FlaskClient, service: Service, program: Program) -> None:
    publish(service, with_papers(program, (Item(title="Bare"),), POSTERS))
    page = tree(client, "/papers/bare")
    assert page.xpath("//h2/text()") == ["When and where"]
    assert page.xpath("//p[@class='place']") == []


def test_hostile_texts_stay_texts(client: FlaskClient, service: Service, program: Program) -> None:
    bad = "<script>alert(1)</script>"
    item = Item(id="bad", title=bad, number=bad, kind=bad, authors=(bad,), abstract=f"{bad} [x](javascript:alert(1))")
    publish(service, with_papers(program, (item,), POSTERS))
    for path in ("/papers", "/papers?view=boards", "/papers?q=alert", "/papers/bad", "/my", "/print?what=boards"):
        text = client.get(path).text
        assert (bad in text, 'href="javascript:' in text) == (False, False), path


def test_the_address_of_a_paper_stays_when_its_title_changes(
    client: FlaskClient, service: Service, program: Program
) -> None:
    changed = tuple(replace(one, title=f"New {one.title}") for one in papers(12))
    publish(service, with_papers(program, changed, POSTERS))
    assert words(tree(client, "/papers/paper-3").xpath("//h1")[0]) == f"New {paper(3).title}"


def test_a_paper_that_does_not_exist_is_not_found(client: FlaskClient) -> None:
    assert client.get("/papers/nope").status_code == 404


def test_the_code_of_a_paper_leads_to_its_page(client: FlaskClient) -> None:
    for path in ("/papers/paper-3/qr.svg", "/qr.svg?for=/papers/paper-3"):
        [code] = decode(drawn(client.get(path).data))
        assert code.data.decode() == f"{PUBLIC_URL}/papers/paper-3"
    assert client.get("/qr.svg?for=/papers/nope").status_code == 400


def test_a_session_lists_its_papers_by_number_each_with_its_page(client: FlaskClient) -> None:
    links = tree(client, "/talks/posters").xpath("//*[@data-item]//a/@href")
    assert links == [f"/papers/paper-{number}" for number in range(1, 13)]


def test_a_session_of_many_papers_leads_to_the_others(client: FlaskClient, service: Service, program: Program) -> None:
    publish(service, with_papers(program, papers(150), POSTERS))
    page = tree(client, "/talks/posters")
    assert len(page.xpath("//@data-item")) == 100
    [link] = page.xpath("//section[@class='talk-papers']/p[@class='more']/a")
    assert (link.get("href"), words(link)) == ("/papers?session=posters", "All 150 papers of this session")


def test_a_search_of_the_day_leads_to_the_papers_it_finds(client: FlaskClient) -> None:
    assert found_papers(client, "/?q=case 7") == [("/papers/paper-7", f"{paper(7).title} · 7")]


def test_where_a_search_of_the_day_finds_many_papers_of_a_session_it_leads_to_all(client: FlaskClient) -> None:
    *papers, more = found_papers(client, "/?q=study")
    assert papers == [(f"/papers/paper-{number}", f"{number} {paper(number).title}") for number in (1, 2, 3)]
    assert more == ("/papers?q=study&session=posters", "All its papers with this")
    assert tree(client, more[0]).xpath("count(//@data-item)") > len(papers)


def found_papers(client: FlaskClient, address: str) -> list[tuple[str, str]]:
    """The links to papers at a session that a search of the day found."""
    links = tree(client, address).xpath("//*[@data-session='posters']//*[@class='why-papers']//a")
    return [(link.get("href"), words(link)) for link in links]


def test_a_paper_is_a_scholarly_article_in_the_event_of_its_session(client: FlaskClient) -> None:
    event = data_of(client, "/papers/paper-4")
    [article] = event["workFeatured"]
    assert (event["@type"], event["@id"], event["superEvent"]["name"]) == (
        "Event",
        f"{PUBLIC_URL}/talks/posters",
        "CODEML",
    )
    assert article == {
        "@type": "ScholarlyArticle",
        "@id": f"{PUBLIC_URL}/papers/paper-4",
        "name": paper(4).title,
        "url": f"{PUBLIC_URL}/papers/paper-4",
        "author": [{"@type": "Person", "name": name} for name in paper(4).authors],
        "sameAs": [link.url for link in paper(4).links[:2]],
        "abstract": paper(4).abstract.strip()[:300],
    }


def test_a_sessions_data_name_its_papers(client: FlaskClient) -> None:
    articles = data_of(client, "/talks/posters")["workFeatured"]
    assert [one["name"] for one in articles] == [paper(number).title for number in range(1, 13)]


def test_the_program_as_json_has_all_of_an_item(client: FlaskClient) -> None:
    sessions = json.loads(client.get("/api/program").data)["sessions"]
    [items] = [one["items"] for one in sessions if one["id"] == TALKS]
    assert items[1] == {
        "id": "fern",
        "title": "Fern",
        "tba": False,
        "number": "",
        "url": "/papers/fern",
        "kind": "",
        "authors": [],
        "minutes": 10,
        "absent": False,
        "abstract": "",
        "links": [],
    }


def test_what_is_on_names_its_first_items_in_short(client: FlaskClient, service: Service, program: Program) -> None:
    publish(service, with_papers(program, papers(55), POSTERS))
    [room] = json.loads(client.get("/api/now?at=2025-07-18T14:30").data)["rooms"]
    assert (room["now"]["id"], room["now"]["number_of_items"], len(room["now"]["items"])) == (POSTERS, 55, 20)
    assert room["now"]["items"][6] == {
        "id": "paper-7",
        "title": paper(7).title,
        "tba": False,
        "number": "7",
        "url": "/papers/paper-7",
        "kind": "Spotlight",
        "authors": list(paper(7).authors),
        "minutes": None,
        "absent": False,
        "links": [
            {"label": "PDF", "url": "https://openreview.net/pdf?id=Case7", "kind": "paper"},
            {"label": "OpenReview", "url": "https://openreview.net/forum?id=Case7", "kind": "paper"},
            {"label": "Code", "url": "https://example.org/case/7", "kind": ""},
        ],
    }


def test_phones_keep_the_pages_of_few_papers_before_they_are_visited(
    app: Any, service: Service, program: Program
) -> None:
    with app.test_request_context():
        few = precached(with_papers(program, papers(MOST_PAPERS - 2), POSTERS))
        many = precached(with_papers(program, papers(MOST_PAPERS - 1), POSTERS))
    assert [path for path in few if path.startswith("/papers")][:3] == ["/papers", "/papers/moss", "/papers/fern"]
    assert len([path for path in few if path.startswith("/papers/") and path.endswith("/qr.svg")]) == MOST_PAPERS
    assert [path for path in many if path.startswith("/papers")] == ["/papers"]


def test_the_readers_own_page_has_each_paper_hidden_by_board(client: FlaskClient) -> None:
    groups = tree(client, "/my").xpath("//*[@data-my-papers]")
    assert [one.xpath(".//@data-session") for one in groups] == [[TALKS], ["contributed-afternoon"], [POSTERS]]
    rows = groups[2].xpath(".//*[@data-item]")
    assert [(one.get("data-item"), "hidden" in one.attrib) for one in rows] == [
        (f"paper-{number}", True) for number in range(1, 13)
    ]


def test_papers_of_a_cancelled_session_stay_with_what_became_of_it(
    client: FlaskClient, service: Service, program: Program
) -> None:
    sessions = tuple(replace(one, cancelled=True) if one.id == POSTERS else one for one in program.sessions)
    publish(service, replace(program, sessions=sessions))
    for path in ("/papers?session=posters", "/papers/paper-3"):
        [shown] = tree(client, path).xpath(f"//*[@id='main']//*[@data-session='{POSTERS}']")
        assert (shown.get("data-status"), "Cancelled" in words(shown)) == ("cancelled", True)


def test_papers_of_a_session_for_all_rooms_say_so(client: FlaskClient, service: Service, program: Program) -> None:
    everywhere = tuple(
        replace(one, slot=replace(one.slot, room=None), scheduled=replace(one.scheduled, room=None))
        if one.id == POSTERS
        else one
        for one in program.sessions
    )
    publish(service, replace(program, rooms=(*program.rooms, Room("annex", "Annex")), sessions=everywhere))
    for path in ("/papers?session=posters", "/papers/paper-3"):
        [shown] = tree(client, path).xpath(f"//*[@id='main']//*[@data-session='{POSTERS}']")
        assert "all rooms" in words(shown)


def test_papers_at_another_instant_are_frozen_there(client: FlaskClient) -> None:
    for path in ("/papers?at=2025-07-18T14:30", "/papers/paper-3?at=2025-07-18T14:30"):
        page = tree(client, path)
        assert page.get("data-frozen") == "2025-07-18T14:30:00-07:00"
        [shown] = page.xpath(f"//*[@id='main']//*[@data-session='{POSTERS}']")
        assert shown.get("data-state") == "now"
    [link] = tree(client, "/papers?at=2025-07-18T14:30").xpath("//nav[@class='views']/a[2]/@href")
    assert link == "/papers?view=boards&at=2025-07-18T14%3A30"


def test_a_search_names_each_session_once(client: FlaskClient) -> None:
    assert tree(client, "/papers?q=m").xpath("//*[@id='papers']//@data-session") in ([TALKS, POSTERS], [POSTERS, TALKS])


@pytest.mark.parametrize(
    ("kind", "word"),
    [("posters", "Board"), ("demo", "Board"), ("break", "Board"), ("panel", "Paper"), ("talk", "Paper")],
)
def test_a_number_is_that_of_a_board_where_posters_or_demos_are_shown(
    client: FlaskClient, service: Service, program: Program, kind: str, word: str
) -> None:
    sessions = tuple(replace(one, kind=kind) if one.id == POSTERS else one for one in program.sessions)
    publish(service, replace(program, sessions=sessions))
    assert words(tree(client, "/papers/paper-3").xpath("//p[@class='place']/strong")[0]) == f"{word} 3"


def test_the_filter_of_kinds_is_there_where_some_have_none(
    client: FlaskClient, service: Service, program: Program
) -> None:
    items = (Item(title="Moss", kind="Oral"), Item(title="Fern"))
    publish(service, with_papers(with_papers(program, items, POSTERS), (), TALKS))
    assert tree(client, "/papers").xpath("//select[@name='kind']/option/@value") == ["", "Oral"]
