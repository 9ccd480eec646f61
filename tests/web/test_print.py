"""What can be printed, and which requests for it are refused."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from support.import_results import fixture
from support.markup import CONTRACT, Tags
from support.papers import papers, with_papers
from support.print_programs import ENDLESS, LONG_TITLE, TITLES, nasty_program
from support.publishing import publish

from app.domain.identity import Identity, Track
from app.domain.program import Program, Room
from app.domain.session import Item
from app.formats import text_metrics
from app.web.print_cards import cards
from app.web.print_entries import PAPERS, Paper
from app.web.print_lists import BADGE, DOOR, PROGRAMME, ListFormat, Listing, listings
from app.web.print_selection import Selection
from app.web.running_service import Service

WHATS = ["doors", "cards", "programme", "badge"]
CARDED = ["opening", "tri-dao", "evan-shelhamer", "sara-hooker", "contributed-morning", "matt-johnson"]
CARDED += ["chris-rackauckas", "contributed-afternoon", "posters", "stella-biderman", "panel", "closing"]


def shown(text: str) -> list[str]:
    """The sessions on the sheets, in order."""
    return [str(session["data-session"]) for session in Tags(text).sessions()]


def programme_of(program: Program, paper: Paper = PAPERS["a4"]) -> list[Listing]:
    return listings(program, paper, PROGRAMME)


def codes(text: str) -> list[str]:
    """The addresses of the codes, which all have their text in words."""
    images = [attributes for tag, attributes in Tags(text).found if tag == "img"]
    return [str(one["src"]) for one in images if str(one["alt"]).startswith("Code of ")]


@pytest.mark.parametrize("what", WHATS)
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_the_page_leads_to_every_sort_on_every_paper(reader: FlaskClient, what: str, paper: str) -> None:
    page = html.fromstring(reader.get("/print").text)
    [form] = page.xpath("//form[@id='part']")
    assert (form.get("method"), form.get("action")) == ("get", "/print")
    assert len(form.xpath(f".//select[@name='paper']/option[@value='{paper}']")) == 1
    assert len(page.xpath(f"//button[@form='part'][@name='what'][@value='{what}']")) == 1
    assert reader.get(f"/print?what={what}&paper={paper}").status_code == 200


@pytest.mark.parametrize("what", WHATS)
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_links_lead_to_every_sort_too_for_copies_without_forms(reader: FlaskClient, what: str, paper: str) -> None:
    links = {str(attributes.get("href")) for _, attributes in Tags(reader.get("/print").text).found}
    assert f"/print?what={what}&paper={paper}" in links


def test_doors_have_a_sign_for_each_room_and_day_with_the_rooms_code(reader: FlaskClient, program: Program) -> None:
    text = reader.get("/print?what=doors").text
    assert shown(text) == [session.id for session in program.sessions]
    assert codes(text) == ["/qr.svg?for=/rooms/venue"]


def test_every_session_but_breaks_and_meals_has_a_card_with_its_code(reader: FlaskClient) -> None:
    text = reader.get("/print?what=cards").text
    assert shown(text) == CARDED
    assert codes(text) == [f"/talks/{session}/qr.svg" for session in CARDED]


def test_the_programme_is_the_whole_day_with_the_days_code(reader: FlaskClient, program: Program) -> None:
    text = reader.get("/print?what=programme").text
    assert shown(text) == [session.id for session in program.sessions]
    assert codes(text) == ["/qr.svg?for=/"]


def test_a_sheet_holds_the_badge_agenda_four_times(reader: FlaskClient, program: Program) -> None:
    text = reader.get("/print?what=badge").text
    assert shown(text) == [session.id for session in program.sessions] * 4
    assert codes(text) == ["/qr.svg?for=/"] * 4


@pytest.mark.parametrize("what", WHATS)
def test_printed_sessions_keep_the_markup_contract(reader: FlaskClient, what: str) -> None:
    for session in Tags(reader.get(f"/print?what={what}").text).sessions():
        assert [name for name in CONTRACT if session.get(name) is None] == []


@pytest.mark.parametrize("what", WHATS)
def test_sheets_have_no_inline_script_and_no_style_of_their_own(reader: FlaskClient, what: str) -> None:
    found = Tags(reader.get(f"/print?what={what}").text).found
    assert [str(attributes["src"]).rpartition("/")[2] for tag, attributes in found if tag == "script"] == [
        "print-button.js"
    ]
    assert [tag for tag, attributes in found if tag == "style" or "style" in attributes] == []


def test_one_card_can_be_printed_again(reader: FlaskClient) -> None:
    assert shown(reader.get("/print?what=cards&session=panel").text) == ["panel"]


def test_one_rooms_sign_and_one_day_can_be_printed_again(client: FlaskClient, service: Service) -> None:
    publish(service, nasty_program())
    text = client.get("/print?what=doors&room=annex&day=2025-07-18").text
    assert set(codes(text)) == {"/qr.svg?for=/rooms/annex"}


@pytest.mark.parametrize("what", WHATS)
@pytest.mark.parametrize(
    ("part", "wanted"),
    [
        ("room=annex", {"annex", "all"}),
        ("room=annex&day=2025-07-18", {"annex", "all"}),
        ("session=hall-3", {"hall"}),
        ("session=all-10&room=annex", {"all"}),
    ],
)
def test_every_kind_of_sheets_is_narrowed(
    client: FlaskClient, service: Service, what: str, part: str, wanted: set[str]
) -> None:
    publish(service, nasty_program())
    found = shown(client.get(f"/print?what={what}&{part}").text)
    assert {name.rpartition("-")[0] for name in found} == wanted


def test_sheets_carry_the_accent_and_the_logo(reader: FlaskClient) -> None:
    found = Tags(reader.get("/print?what=programme").text).found
    sheets = [str(one.get("href")) for tag, one in found if tag == "link"]
    logos = [str(one["src"]) for tag, one in found if tag == "img" and one.get("class") == "logo"]
    assert [one.partition("/")[2].partition("/")[0] for one in (*sheets, *logos)].count("identity") == 1
    assert [one.startswith("/pictures/") for one in logos] == [True]


@pytest.mark.parametrize("what", WHATS)
def test_a_logo_stands_for_the_programs_name_and_has_it_in_words(reader: FlaskClient, what: str) -> None:
    sheets = html.fromstring(reader.get(f"/print?what={what}").text).xpath("//main")[0]
    assert {str(alt) for alt in sheets.xpath(".//img[@class='logo']/@alt")} == {"CODEML"}
    assert [text for text in sheets.itertext() if "CODEML" in text] == []


@pytest.mark.parametrize("what", WHATS)
def test_a_program_without_a_logo_has_its_name_on_each_sheet(client: FlaskClient, service: Service, what: str) -> None:
    publish(service, replace(service.current.snapshot.revision.program, identity=Identity()))
    sheets = html.fromstring(client.get(f"/print?what={what}").text).xpath("//*[contains(@class, 'quarter')]|//main")
    assert ["CODEML" in "".join(one.itertext()) for one in sheets] == [True] * len(sheets)


@pytest.mark.parametrize("what", ["doors", "programme", "cards"])
def test_a_track_has_its_mark_and_its_name_on_paper(client: FlaskClient, service: Service, what: str) -> None:
    program = service.current.snapshot.revision.program
    tracks = {"panel": "Main", "closing": "Side"}
    sessions = tuple(replace(one, track=tracks.get(one.id, "")) for one in program.sessions)
    publish(service, replace(program, sessions=sessions, tracks=(Track("Main", "#0057b8"), Track("Side"))))
    found = html.fromstring(client.get(f"/print?what={what}").text).xpath("//main//*[@data-session]")
    marks = {str(one.get("data-session")): one.get("data-track") for one in found}
    names = {str(one.get("data-session")): one.xpath(".//*[@class='track']/text()") for one in found}
    assert {session: mark for session, mark in marks.items() if mark} == {"panel": "1"}
    assert {session: name for session, name in names.items() if name} == {"panel": ["Main"]}


def test_an_empty_choice_narrows_nothing(reader: FlaskClient) -> None:
    assert shown(reader.get("/print?what=cards&room=&day=&session=").text) == CARDED


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("what=doors&room=cellar&day=2025-07-18", "no session in The Cellar on Friday 18 July."),
        ("what=cards&room=cellar", "no session but breaks in The Cellar."),
        ("what=badge&room=cellar&session=hall-3", "“TBA” is not in The Cellar."),
    ],
)
def test_sheets_of_nothing_say_so_and_lead_back(client: FlaskClient, service: Service, query: str, said: str) -> None:
    program = nasty_program()
    sessions = tuple(
        replace(one, title="TBA") if one.id == "hall-3" else one for one in program.sessions if one.room is not None
    )
    publish(service, replace(program, rooms=(*program.rooms, Room("cellar", "The Cellar")), sessions=sessions))
    text = client.get(f"/print?{query}").text
    assert f'<p class="nothing">Nothing to print: {said}</p>' in text
    assert '<a class="button" href="/print">' in text


def test_rooms_and_days_can_be_chosen_where_there_are_several(client: FlaskClient, service: Service) -> None:
    def choices() -> list[str]:
        return [str(name) for name in html.fromstring(client.get("/print").text).xpath("//select/@name")]

    assert choices() == ["paper", "session"]
    publish(service, nasty_program())
    assert choices() == ["paper", "room", "per", "session"]
    [last] = [one for one in nasty_program().sessions if one.id == "all-11"]
    slot = replace(last.slot, start=last.start + timedelta(days=1), end=last.end + timedelta(days=1))
    publish(
        service, replace(nasty_program(), days=(), sessions=(replace(last, slot=slot), nasty_program().sessions[0]))
    )
    assert choices() == ["paper", "room", "day", "session"]


def test_every_session_can_be_chosen_by_its_time_and_title(reader: FlaskClient, program: Program) -> None:
    [choice] = html.fromstring(reader.get("/print").text).xpath("//select[@name='session']")
    assert [one.get("value") for one in choice] == ["", *(session.id for session in program.sessions)]
    assert choice[2].text == "09:15 Open-Source Attention Optimizations"


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("what=posters", 400, "what: expected one of doors, cards, programme, badge, boards, not “posters”"),
        ("what=cards&paper=a3", 400, "paper: expected one of a4, letter, not “a3”"),
        ("what=programme&day=today", 400, "day: expected one of 2025-07-18, not “today”"),
        ("what=cards&session=nobody", 404, "nobody"),
        ("what=doors&room=cellar", 404, "cellar"),
    ],
)
def test_a_wrong_query_is_refused_with_what_is_expected(
    reader: FlaskClient, query: str, status: int, said: str
) -> None:
    answer = reader.get(f"/print?{query}")
    assert answer.status_code == status
    # Its first letter is a capital where people read it.
    assert said in answer.text.lower()
    title = "This address is not right" if status == 400 else "Not found"
    assert html.fromstring(answer.text).xpath("//h1/text()") == [title]


def test_a_sheet_says_of_when_it_is(reader: FlaskClient) -> None:
    assert "As of 10:20, Fri 18 July (revision&nbsp;1)." in reader.get("/print?what=doors").text


def test_a_sheet_of_a_rehearsal_says_so_on_paper(client: FlaskClient, clock: object) -> None:
    clock.rehearsal = True  # type: ignore[attr-defined]  # the clock of the tests
    [footer] = re.findall(r'<footer class="as-of">(.*?)</footer>', client.get("/print?what=doors").text)
    assert "Rehearsal." in footer


def test_a_program_without_sessions_has_nothing_to_print(client: FlaskClient, service: Service) -> None:
    publish(service, replace(service.current.snapshot.revision.program, sessions=()))
    assert "The program has no sessions yet." in client.get("/print").text
    assert "Nothing to print: no session but breaks in the program yet." in client.get("/print?what=cards").text


def test_a_cancelled_session_is_printed_as_such(client: FlaskClient, service: Service) -> None:
    program = service.current.snapshot.revision.program
    gone = tuple(replace(one, cancelled=True) if one.id == "panel" else one for one in program.sessions)
    publish(service, replace(program, sessions=gone))
    [panel] = Tags(client.get("/print?what=cards&session=panel").text).sessions()
    assert panel["data-status"] == "cancelled"
    assert '<p class="tag">Cancelled</p>' in client.get("/print?what=cards&session=panel").text


@pytest.mark.slow
@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
def test_no_page_of_a_large_program_is_fuller_than_its_paper_and_nothing_is_lost(
    fixtures_path: Path, paper: Paper
) -> None:
    program = fixture(fixtures_path, "schedules/giggity-fosdem_2021.xml").program
    pages = programme_of(program, paper)
    assert [one.session.id for page in pages for one in page.entries] == [one.id for one in program.sessions]
    assert len(program.sessions) == 773


def test_fewer_rows_have_larger_type_up_to_that_of_three(program: Program) -> None:
    sizes = [programme_of(replace(program, sessions=program.sessions[:count]))[0].size for count in (1, 3, 9, 12, 15)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == sizes[1] == PROGRAMME.sizes[0] > sizes[-1]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "alike"), [("schedules/emf-2016.xml", 1), ("schedules/giggity-fosdem_2021.xml", 0.9)])
def test_headings_of_a_run_have_one_size_but_for_the_longest_of_many(
    fixtures_path: Path, name: str, alike: float
) -> None:
    program = fixture(fixtures_path, name).program
    signs = listings(program, PAPERS["a4"], DOOR)
    sizes = {sign.heading: sign.heading_size for sign in signs}
    [(size, count)] = Counter(sizes.values()).most_common(1)
    assert max(sizes.values()) == size
    assert count >= alike * len(sizes)


def test_a_sign_that_is_printed_again_is_as_it_was_among_all() -> None:
    program = nasty_program()
    [annex] = [room for room in program.rooms if room.id == "annex"]
    of_all = listings(program, PAPERS["a4"], DOOR)
    again = listings(program, PAPERS["a4"], DOOR, Selection(room=annex))
    assert again == [sign for sign in of_all if sign.heading == "Annex"]


def test_a_day_on_several_pages_fills_them_alike() -> None:
    program = nasty_program(40)
    alike = tuple(replace(session, title=LONG_TITLE[:60], speakers=()) for session in program.sessions)
    pages = programme_of(replace(program, sessions=alike))
    counts = [len(page.entries) for page in pages]
    assert len(pages) > 1
    assert max(counts) - min(counts) <= max(counts) // 3


def test_a_title_stands_whole_where_smaller_type_can_take_it(program: Program) -> None:
    long = tuple(replace(one, title=LONG_TITLE) if one.id == "panel" else one for one in program.sessions)
    [page] = programme_of(replace(program, sessions=long))
    assert [one.title for one in page.entries] == [one.title for one in long]


@pytest.mark.parametrize("list_format", [DOOR, PROGRAMME, BADGE])
@pytest.mark.parametrize("sessions_a_room", [10, 40])
def test_no_title_is_cut_on_paper(list_format: ListFormat, sessions_a_room: int) -> None:
    program = nasty_program(sessions_a_room)
    titles = {session.id: session.title for session in program.sessions}
    pages = listings(program, PAPERS["letter"], list_format)
    cut = [one.title for page in pages for one in page.entries if one.title != titles[one.session.id]]
    assert cut == []


def test_a_title_that_fills_a_page_alone_is_cut(program: Program) -> None:
    [panel] = [replace(one, title=ENDLESS * 2) for one in program.sessions if one.id == "panel"]
    [page] = listings(replace(program, sessions=(panel,)), PAPERS["a4"], BADGE)
    assert [one.title[-1] for one in page.entries] == ["…"]


def test_a_card_cuts_its_people_before_its_title_and_that_only_where_it_fills_the_card_alone() -> None:
    made = [card.entry for sheet in cards(nasty_program(), PAPERS["a4"]) for card in sheet]
    assert {entry.session.title for entry in made if entry.title != entry.session.title} == {TITLES[-1]}


@given(st.text(max_size=300), st.floats(3, 60), st.integers(1, 4))
def test_a_shortened_text_fits_its_lines(text: str, width: float, most_lines: int) -> None:
    assert text_metrics.line_count(text_metrics.truncated(text, width, most_lines), width) <= most_lines


@given(st.text(max_size=80), st.floats(3, 60))
def test_a_text_that_fits_is_left_alone(text: str, width: float) -> None:
    assert text_metrics.truncated(text, width, text_metrics.line_count(text, width)) == text


def test_a_cut_ends_at_a_word_and_says_so() -> None:
    assert text_metrics.truncated(ENDLESS, 20, 1) == "Wi-Fi and why it fails at…"


def test_names_that_do_not_fit_are_counted() -> None:
    names = ["Ada Lovelace", "Alan Turing", "Grace Hopper", "Barbara Liskov"]
    assert text_metrics.names_that_fit(names, 20, 1) == "Ada Lovelace and 3 more"


def test_a_heading_breaks_no_word_where_smaller_type_takes_it_whole(program: Program) -> None:
    long = replace(program, rooms=(replace(program.rooms[0], name="L.lightningtalks"),))
    [sign] = listings(long, PAPERS["a4"], DOOR)
    assert text_metrics.longest_word(sign.heading) <= (PAPERS["a4"].width - 30 - 54) / (
        sign.heading_size * text_metrics.POINT_MM
    )


def test_labels_are_for_each_paper_on_a_board_by_number(
    client: FlaskClient, service: Service, program: Program
) -> None:
    talk = (Item(title="A talk", number="99"),)
    publish(service, with_papers(with_papers(program, papers(10), "posters"), talk, "contributed-morning"))
    text = client.get("/print?what=boards").text
    page = html.fromstring(text)
    assert page.xpath("//@data-item") == [f"paper-{number}" for number in range(1, 11)]
    assert [str(len(one.xpath(".//@data-item"))) for one in page.xpath("//section[contains(@class, 'sheet')]")] == [
        "4",
        "4",
        "2",
    ]
    assert codes(text) == [f"/papers/paper-{number}/qr.svg" for number in range(1, 11)]
    eights = html.fromstring(client.get("/print?what=boards&per=8&paper=letter").text)
    assert [len(one.xpath(".//@data-item")) for one in eights.xpath("//section[contains(@class, 'eighths')]")] == [8, 2]


def test_labels_of_a_named_session_are_for_its_papers_alone(
    client: FlaskClient, service: Service, program: Program
) -> None:
    talk = (Item(id="a-talk", title="A talk", number="99"),)
    publish(service, with_papers(with_papers(program, papers(10), "posters"), talk, "contributed-morning"))
    page = html.fromstring(client.get("/print?what=boards&session=contributed-morning").text)
    assert page.xpath("//@data-item") == ["a-talk"]


def test_without_papers_there_are_no_labels_to_choose(client: FlaskClient, service: Service, program: Program) -> None:
    chosen = "//button[@name='what'][@value='boards']"
    assert html.fromstring(client.get("/print").text).xpath(chosen) == []
    assert "Nothing to print: no paper on a board in the program yet." in client.get("/print?what=boards").text
    assert client.get("/print?what=boards&per=5").status_code == 400
    publish(service, with_papers(program, papers(1), "posters"))
    assert len(html.fromstring(client.get("/print").text).xpath(chosen)) == 1
