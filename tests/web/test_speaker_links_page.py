"""The console's page of speakers: who can open the page of their session, links made for one or all, and their file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from lxml import html
from support.codeml_day import DAY, at, talk, two_rooms
from support.console_browser import Console, link_on, use_link
from support.many_rooms import with_rooms
from support.markup import words
from support.movable_clock import AT_TEN_TWENTY, MovableClock
from support.repository import FIRST_PROGRAM

from app import create_app
from app.domain.identity import Picture
from app.domain.program import Person, Program
from app.domain.rights import Editor
from app.domain.session import Session, Slot
from app.live.clock import SYSTEM_CLOCK
from app.service_factory import serve_from
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from app.store.sign_ins import SignIns

PATH, FILE, MAKE = "/organizer/speakers", "/organizer/speakers.csv", "/organizer/speakers/links"
LARGEST_PAGE_OCTETS = 1_000_000
SATURDAY = DAY + timedelta(days=1)
PEOPLE = (
    Person(id="ada", name="Ada Lovelace"),
    Person(id="alan", name="Alan Turing"),
    Person(id="grace", name="Grace Hopper", picture=Picture("grace.jpg", "a" * 64, 96, 96)),
)


def given_by(session: Session, *speakers: str, **fields: str | bool) -> Session:
    return replace(session, speakers=speakers, **fields)


def with_people(*sessions: Session, people: tuple[Person, ...] = PEOPLE) -> Program:
    return replace(two_rooms(), speakers=people, sessions=sessions)


@pytest.fixture
def program() -> Program:
    """Two talks, one of them to be announced, one given by two people; a break, and a talk that is cancelled."""
    return with_people(
        given_by(talk("a", "10:00-10:30"), "ada", title="TBA"),
        given_by(talk("b", "10:30-11:00", "annex"), "alan", "grace", abstract="How it began."),
        talk("lunch", "11:00-12:00", None, least=45),
        given_by(talk("d", "12:00-12:30"), "grace", cancelled=True),
    )


@contextmanager
def served(program: Program, folder: Path, now: datetime) -> Iterator[Console]:
    """An organizer of a service with a program, at an instant."""
    service = serve_from(open_database(sqlite_url(folder / "another.sqlite"), program.id), program, MovableClock(now))
    yield Console(create_app(Settings(program=FIRST_PROGRAM, secret_key="for tests"), service))
    service.close()


def page(console: Console, query: str = "") -> html.HtmlElement:
    answer = console.get(f"{PATH}{query}")
    assert answer.status_code == 200
    return html.fromstring(answer.text)


def rows(console: Console, query: str = "") -> list[str]:
    """What the page says of each speaker, and the buttons beside them."""
    return [words(row) for row in page(console, query).xpath("//section[@class='speaking']//li")]


def sums(console: Console) -> str:
    return words(page(console).xpath("//p[@class='sums']")[0])


def make(console: Console, place: str) -> str:
    """Make a link for one speaker; returns it as the page to which the form leads shows it."""
    answer = console.post(MAKE, page=PATH, place=place)
    assert answer.status_code == 303
    return link_on(console.get(answer.headers["Location"]).text)


def make_all(console: Console) -> str:
    """Make links for all who have none; returns what the page then says."""
    answer = console.post(MAKE, page=PATH, all="1", back=PATH)
    assert answer.status_code == 303
    return words(html.fromstring(console.get(answer.headers["Location"]).text).xpath("//*[@id='made']")[0])


def lines(console: Console) -> list[str]:
    """The links to send, as text to copy."""
    found = page(console).xpath("//textarea[@id='speaker-links']")
    return found[0].text.split("\n") if found else []


def sent(console: Console) -> list[dict[str, str]]:
    """The file's rows."""
    return list(csv.DictReader(io.StringIO(console.get(FILE).data.decode("utf-8-sig"), newline="")))


def is_valid(app: Flask, link: str) -> bool:
    return app.test_client().get(link).status_code == 200


def date_and_time(program: Program, instant: datetime) -> str:
    local = program.local(instant)
    return f"{local:%a} {local.day} {local:%B, %H:%M}"


# What it shows


def test_each_session_is_shown_with_its_time_and_leads_to_its_page(frank: Console) -> None:
    sections = page(frank).xpath("//section[@class='speaking']")
    assert [(words(one.xpath("h3")[0]), *one.xpath("h3/a/@href")) for one in sections] == [
        ("10:00 TBA Hall", "/organizer/talks/a"),
        ("10:30 B Annex", "/organizer/talks/b"),
    ]


def test_of_each_speaker_it_says_what_readers_do_not_find(frank: Console) -> None:
    assert rows(frank) == [
        "Ada Lovelace No link yet Missing: title, abstract, picture Make a link",
        "Alan Turing No link yet Missing: picture Make a link",
        "Grace Hopper No link yet Make a link",
    ]


def test_an_unused_link_is_shown_with_its_end(frank: Console, sign_ins: SignIns, program: Program) -> None:
    make(frank, "b grace")
    until = date_and_time(program, sign_ins.links(SYSTEM_CLOCK.now())[0].expires_at)
    assert rows(frank)[2] == f"Grace Hopper Link until {until} Show link Copy New link Withdraw"


def test_who_has_signed_in_is_shown_with_when_they_were_seen(
    frank: Console, app: Flask, sign_ins: SignIns, program: Program
) -> None:
    use_link(app.test_client(), make(frank, "b grace"))
    seen = next(one for one in sign_ins.all(SYSTEM_CLOCK.now(), program) if one.editor.role == "speaker").seen_at
    assert rows(frank)[2] == f"Grace Hopper Signed in, seen {date_and_time(program, seen)} New link Sign out"


def test_the_sums_say_how_many_speakers_are_in_each_state(frank: Console, app: Flask) -> None:
    use_link(app.test_client(), make(frank, "a ada"))
    make(frank, "b grace")
    assert sums(frank) == "3 speakers: 1 signed in, 1 has a link, 1 has none."


def test_who_speaks_twice_counts_twice_and_the_page_says_so(tmp_path: Path) -> None:
    sessions = (given_by(talk("a", "10:00-10:30"), "ada"), given_by(talk("b", "10:30-11:00"), "ada"))
    with served(with_people(*sessions), tmp_path, AT_TEN_TWENTY) as console:
        expected = "2 speakers: 0 signed in, 0 have a link, 2 have none. Who speaks at two sessions counts twice."
        assert sums(console) == expected


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?q=turing", ["Alan Turing", "Grace Hopper"]),
        ("?q=TBA", ["Ada Lovelace"]),
        ("?q=nobody", []),
        ("?state=none", ["Ada Lovelace", "Alan Turing"]),
        ("?state=link", ["Grace Hopper"]),
        ("?state=signed-in", []),
        ("?q=hopper&state=none", ["Alan Turing"]),
    ],
)
def test_a_search_and_a_state_narrow_the_list(frank: Console, query: str, shown: list[str]) -> None:
    make(frank, "b grace")
    found = page(frank, query)
    assert [words(name) for name in found.xpath("//section[@class='speaking']//b")] == shown
    assert words(found.xpath("//*[@data-found]")[0]) == f"{len(shown)} of 3 found."


@pytest.mark.parametrize("query", ["?state=late", "?day=2025-07-20", "?day=friday"])
def test_another_state_or_day_is_not_found(frank: Console, query: str) -> None:
    assert frank.get(f"{PATH}{query}").status_code == 404


def test_one_day_of_several_is_shown_at_a_time(tmp_path: Path) -> None:
    brunch = Slot(start=at("10:00", SATURDAY), end=at("10:30", SATURDAY), room="hall")
    sessions = (
        given_by(talk("a", "10:00-10:30"), "ada"),
        Session(id="b", title="B", slot=brunch, scheduled=brunch, speakers=("alan",)),
    )
    with served(with_people(*sessions), tmp_path, AT_TEN_TWENTY) as console:
        found = {
            query: [words(name) for name in page(console, query).xpath("//section[@class='speaking']//b")]
            for query in ("", "?day=2025-07-18", "?day=2025-07-19", "?state=none")
        }
        assert found == {
            "": ["Ada Lovelace"],
            "?day=2025-07-18": ["Ada Lovelace"],
            "?day=2025-07-19": ["Alan Turing"],
            "?state=none": ["Ada Lovelace", "Alan Turing"],
        }
        make_all(console)
        assert [line.partition(":")[0] for line in lines(console)] == [
            "Ada Lovelace, Fri 18 July 10",
            "Alan Turing, Sat 19 July 10",
        ]


def test_a_program_without_speakers_says_what_will_be_here(tmp_path: Path) -> None:
    with served(with_people(talk("a", "10:00-10:30"), people=()), tmp_path, AT_TEN_TWENTY) as console:
        program = console.get(PATH).text
        assert (
            "No speaker has anything to change any more" in program or "The program names no speakers yet." in program
        )
        assert "<button" not in program.partition("<main")[2].partition("</main>")[0]


def test_a_week_after_their_session_speakers_are_not_on_the_page(frank: Console, clock: MovableClock) -> None:
    clock.set(at("10:30") + timedelta(days=7))
    assert [words(name) for name in page(frank).xpath("//section[@class='speaking']//b")] == [
        "Alan Turing",
        "Grace Hopper",
    ]
    assert frank.post(MAKE, page=PATH, place="a ada").status_code == 404
    clock.set(at("11:00") + timedelta(days=7))
    assert "No speaker has anything to change any more" in frank.get(PATH).text


# Making links


def test_a_link_is_made_for_one_and_signs_them_in_for_their_session(frank: Console, app: Flask) -> None:
    browser = app.test_client()
    use_link(browser, make(frank, "b grace"))
    assert browser.get("/organizer").headers["Location"] == "/organizer/talks/b"


def test_a_new_link_for_one_withdraws_the_former(frank: Console, app: Flask) -> None:
    first = make(frank, "b grace")
    second = make(frank, "b grace")
    assert [is_valid(app, link) for link in (first, second)] == [False, True]


def test_links_are_made_for_all_who_have_neither_a_link_nor_a_sign_in(
    frank: Console, app: Flask, sign_ins: SignIns
) -> None:
    link = make(frank, "a ada")
    use_link(app.test_client(), make(frank, "b grace"))
    assert make_all(frank) == "1 link made."
    assert sums(frank) == "3 speakers: 1 signed in, 2 have a link, 0 have none."
    assert is_valid(app, link)
    assert [one for one in sign_ins.people() if one.role == "speaker"] == [
        Editor("Ada Lovelace", "speaker", None, "a", "ada"),
        Editor("Alan Turing", "speaker", None, "b", "alan"),
        Editor("Grace Hopper", "speaker", None, "b", "grace"),
    ]


def test_pressed_twice_it_makes_no_second_link(frank: Console, sign_ins: SignIns) -> None:
    first = make_all(frank)
    links = sign_ins.links(SYSTEM_CLOCK.now())
    second = make_all(frank)
    assert (first, second) == ("3 links made.", "Everybody has a link or is signed in.")
    assert sign_ins.links(SYSTEM_CLOCK.now()) == links


def test_nobody_is_offered_links_for_all_where_everybody_has_one(frank: Console) -> None:
    assert "Make links for 3 speakers" in frank.get(PATH).text
    make_all(frank)
    assert page(frank).xpath("//input[@name='all']") == []


@pytest.mark.parametrize("place", ["", "a", "a alan", "d grace", "z ada", "lunch ada"])
def test_nobody_gets_a_link_for_a_session_that_is_not_theirs(frank: Console, sign_ins: SignIns, place: str) -> None:
    answer = frank.post(MAKE, page=PATH, place=place)
    assert (answer.status_code, sign_ins.people()) == (404, (Editor("Frank"),))


def test_a_form_without_its_token_makes_no_link(frank: Console, sign_ins: SignIns) -> None:
    assert frank.client.post(MAKE, data={"all": "1"}).status_code == 400
    assert sign_ins.people() == (Editor("Frank"),)


# Taking them back


def test_a_withdrawn_link_is_not_valid_and_the_page_comes_back(frank: Console, app: Flask, sign_ins: SignIns) -> None:
    link = make(frank, "b grace")
    [unused] = sign_ins.links(SYSTEM_CLOCK.now())
    answer = frank.post("/organizer/links/withdraw", page=PATH, link=unused.id, back=f"{PATH}?day=2025-07-18")
    assert answer.headers["Location"] == f"{PATH}?day=2025-07-18"
    assert (is_valid(app, link), rows(frank)[2]) == (False, "Grace Hopper No link yet Make a link")


def test_a_speaker_who_is_signed_out_needs_another_link(frank: Console, app: Flask) -> None:
    browser = app.test_client()
    use_link(browser, make(frank, "b grace"))
    [sign_in] = page(frank).xpath("//button[@name='sign_in']/@value")
    answer = frank.post("/organizer/people/revoke", page=PATH, sign_in=sign_in, back=PATH)
    assert (answer.headers["Location"], rows(frank)[2]) == (PATH, "Grace Hopper No link yet Make a link")
    assert browser.get("/organizer/talks/b").headers["Location"] == "/organizer/sign-in"


# Links to send


def test_the_links_to_send_are_text_with_a_line_for_each(frank: Console, app: Flask) -> None:
    make_all(frank)
    text = [line.partition("http://localhost") for line in lines(frank)]
    assert [before for before, _, _ in text] == [
        "Ada Lovelace, 10:00 TBA: ",
        "Alan Turing, 10:30 B: ",
        "Grace Hopper, 10:30 B: ",
    ]
    assert [is_valid(app, link) for _, _, link in text] == [True, True, True]


def test_the_file_has_the_links_that_the_page_has(frank: Console, program: Program, sign_ins: SignIns) -> None:
    make_all(frank)
    use_link(frank.app.test_client(), sent(frank)[0]["link"].removeprefix("http://localhost"))
    until = {one.editor.name: one.expires_at for one in sign_ins.links(SYSTEM_CLOCK.now())}
    links = [line.rpartition(" ")[2] for line in lines(frank)]
    assert sent(frank) == [
        {
            "name": name,
            "session": "B",
            "start": "2025-07-18T10:30:00-07:00",
            "link": link,
            "valid until": program.local(until[name]).isoformat(timespec="seconds"),
        }
        for name, link in zip(("Alan Turing", "Grace Hopper"), links, strict=True)
    ]


def test_the_file_is_a_download_and_not_stored(frank: Console) -> None:
    answer = frank.get(FILE)
    assert (answer.content_type, answer.headers["Content-Disposition"], answer.headers["Cache-Control"]) == (
        "text/csv; charset=utf-8",
        'attachment; filename="codeml-2025-speaker-links.csv"',
        "no-store",
    )


def test_a_name_in_the_file_is_no_formula_and_may_have_commas(tmp_path: Path) -> None:
    people = (Person(id="cmd", name="=cmd()"), Person(id="doe", name='Doe, Jane "J", PhD'))
    session = given_by(talk("a", "10:00-10:30"), "cmd", "doe", title="@A, or B")
    with served(with_people(session, people=people), tmp_path, AT_TEN_TWENTY) as console:
        make_all(console)
        assert [(row["name"], row["session"]) for row in sent(console)] == [
            ("'=cmd()", "'@A, or B"),
            ('Doe, Jane "J", PhD', "'@A, or B"),
        ]


def test_links_that_cannot_be_shown_again_are_left_out_and_the_page_says_so(frank: Console, sign_ins: SignIns) -> None:
    make_all(frank)
    sign_ins.new_link("Ada Lovelace", SYSTEM_CLOCK.now())
    sign_ins.new_link("Alan Turing", SYSTEM_CLOCK.now(), secret="another")
    said = "2 unused links cannot be shown again: they were made in a terminal, or under another secret key."
    assert ([row["name"] for row in sent(frank)], len(lines(frank))) == (["Grace Hopper"], 1)
    assert said in words(page(frank).xpath("//section[@id='to-send']")[0])


def test_of_more_than_a_hundred_links_the_page_has_the_file_alone(tmp_path: Path) -> None:
    people = tuple(Person(id=f"p-{number}", name=f"Person {number}") for number in range(101))
    session = given_by(talk("a", "10:00-10:30"), *(one.id for one in people[:100]))
    other = given_by(talk("b", "10:30-11:00"), people[100].id)
    with served(with_people(session, other, people=people), tmp_path, AT_TEN_TWENTY) as console:
        make_all(console)
        assert (lines(console), len(sent(console))) == ([], 101)
        assert words(page(console).xpath(f"//a[@href='{FILE}']")[0]) == "101 links as CSV"


# Who sees it


@pytest.mark.parametrize("who", [{"room": "hall"}, {"session": "a"}, {"role": "operator"}], ids=str)
def test_nobody_else_sees_the_page_or_the_file(app: Flask, who: dict[str, str]) -> None:
    other = Console(app, "Eve", **who)
    app.config["WTF_CSRF_ENABLED"] = False
    answers = [other.get(PATH), other.get(FILE), other.client.post(MAKE, data={"all": "1"})]
    assert [answer.status_code for answer in answers] == [403, 403, 403]


def test_links_are_in_no_log_and_on_no_other_page(frank: Console, app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    make_all(frank)
    keys = re.findall(r"/sign-in/([\w-]{43})", frank.get(FILE).text)
    chair = Console(app, "Eve", room="hall")
    pages = ["/organizer", "/organizer/sessions", "/organizer/history", "/organizer/people", "/organizer/status"]
    seen = [frank.get(path).text for path in pages] + [chair.get(path).text for path in (*pages, PATH, FILE)]
    assert (len(keys), [key for key in keys if key in "".join([*seen, caplog.text])]) == (3, [])


# On the page of people


def test_speakers_of_the_program_are_a_number_on_the_page_of_people(frank: Console, sign_ins: SignIns) -> None:
    make_all(frank)
    sign_ins.add("Guest", SYSTEM_CLOCK.now(), "speaker", session="a")
    found = html.fromstring(frank.get("/organizer/people").text)
    assert [words(one) for one in found.xpath("//section[@class='access']/h2")] == ["Frank", "Guest"]
    assert words(found.xpath(f"//a[@href='{PATH}']")[0]) == "Speakers: 3 with a link or signed in"


def test_a_speaker_whose_session_is_cancelled_is_on_the_page_of_people(frank: Console, sign_ins: SignIns) -> None:
    sign_ins.add("Grace Hopper", SYSTEM_CLOCK.now(), "speaker", session="d")
    found = html.fromstring(frank.get("/organizer/people").text)
    assert [words(one) for one in found.xpath("//section[@class='access']/h2")] == ["Frank", "Grace Hopper"]


def test_the_page_of_a_speakers_link_leads_back_to_the_speakers(frank: Console) -> None:
    answer = frank.post(MAKE, page=PATH, place="b grace")
    found = html.fromstring(frank.get(answer.headers["Location"]).text)
    assert [(words(one), one.get("href")) for one in found.xpath("//p[@class='back']/a")] == [("Speakers", PATH)]


# Many rooms


@pytest.mark.slow
def test_the_page_of_a_day_in_106_rooms_is_bounded(first_program: Program, tmp_path: Path) -> None:
    with served(with_rooms(first_program, 106), tmp_path, AT_TEN_TWENTY) as console:
        make_all(console)
        found = console.get(PATH)
        names = html.fromstring(found.text).xpath("//section[@class='speaking']//b")
        assert (len(names), len(found.data) < LARGEST_PAGE_OCTETS) == (636, True)
        searched = html.fromstring(console.get(f"{PATH}?state=link").text)
        assert len(searched.xpath("//section[@class='speaking']")) == 100
        said = "636 of 636 found. The first 100 of 636 sessions are shown."
        assert words(searched.xpath("//*[@data-found]")[0]) == said
