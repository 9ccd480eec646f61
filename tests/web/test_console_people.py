"""The console's page of people: who may edit, their browsers and links."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.codeml_day import talk, two_rooms
from support.console_browser import Console, faults_on, link_on, use_link
from support.publisher_processes import append_revision
from werkzeug.test import TestResponse

from app.domain.program import Program
from app.domain.rights import Editor
from app.live.clock import SYSTEM_CLOCK
from app.store.sign_ins import SignIns
from app.web.running_service import Service

PEOPLE = "/organizer/people"
CHOSEN = re.compile(r'<option value="(\w+)" selected>|value="(\w+)" required checked>')
# What stands in a span is part of the text around it.
SPANS, TAGS = re.compile(r"</?span[^>]*>"), re.compile(r"<[^>]*>")


@pytest.fixture
def program() -> Program:
    """A talk in the hall and one in the annex."""
    return two_rooms(talk("a", "10:00-10:30"), talk("b", "10:00-10:30", "annex"))


def send(console: Console, action: str = "", **form: str) -> TestResponse:
    """A form of the page."""
    return console.post(f"{PEOPLE}/{action}" if action else PEOPLE, page=PEOPLE, **form)


def link_made(console: Console, action: str = "", **form: str) -> str:
    """The link that a form of the page made, as the page to which it leads shows it."""
    answer = send(console, action, **form)
    assert answer.status_code == 303
    return link_on(console.get(answer.headers["Location"]).text)


def refused(console: Console, action: str = "", **form: str) -> TestResponse:
    """The page to which a form leads where it is refused: by default that for adding somebody."""
    return console.get(send(console, action, **form).headers["Location"])


def shown(console: Console, name: str) -> list[str]:
    """What the page says about somebody, one text after the other."""
    page = console.get(PEOPLE).text
    section = page.partition(f'<section class="access" id="person-{name}">')[2].partition("</section>")[0]
    texts = [html.unescape(text).strip() for text in TAGS.split(SPANS.sub("", section))]
    return [text for text in texts if text]


def sign_in_status(app: Flask, link: str) -> int:
    return app.test_client().get(link).status_code


def signs_in_with(browser: FlaskClient, link: str) -> bool:
    """Whether a link signs a browser in."""
    use_link(browser, link)
    return browser.get("/organizer").status_code == 200


# What it shows


def test_each_person_is_shown_with_their_role_in_words(frank: Console, sign_ins: SignIns) -> None:
    now = SYSTEM_CLOCK.now()
    sign_ins.add("Ada", now, "chair", "hall")
    sign_ins.add("Grace", now, "speaker", session="a")
    sign_ins.add("Linus", now, "operator")
    sign_ins.add("Tao", now, "operator", "annex")
    found = [shown(frank, name)[:2] for name in ("Ada", "Frank", "Grace", "Linus", "Tao")]
    assert found == [
        ["Ada", "Chair of Hall"],
        ["Frank", "Organizer"],
        ["Grace", "Speaker of A"],
        ["Linus", "Operator"],
        ["Tao", "Operator of Annex"],
    ]


def test_browsers_and_unused_links_are_shown_with_what_ends_them(
    frank: Console, app: Flask, sign_ins: SignIns, program: Program
) -> None:
    Console(app, "Ada", room="hall")
    sign_ins.new_link("Ada", SYSTEM_CLOCK.now())
    until = program.local(sign_ins.links(SYSTEM_CLOCK.now())[0].expires_at)
    texts = shown(frank, "Ada")
    seen = texts.pop(2)
    assert re.fullmatch(r"A browser on an unknown system, seen \w{3} \d+ \w+, \d\d:\d\d", seen)
    assert texts == [
        *("Ada", "Chair of Hall", "Sign out"),
        *(f"Unused link, until {until:%a} {until.day} {until:%B, %H:%M}", "Show", "Withdraw"),
        *("New link", "Sign out everywhere", "Remove…"),
        *("Ends every sign-in and link of Ada. What they published stays.", "Remove Ada"),
    ]


def test_a_link_that_was_used_is_not_shown(frank: Console) -> None:
    texts = shown(frank, "Frank")
    seen = texts.pop(2)
    assert re.fullmatch(r"This browser, seen \w{3} \d+ \w+, \d\d:\d\d", seen)
    assert texts == ["Frank", "Organizer", "Sign out", "New link"]


def test_a_chair_of_a_room_that_is_gone_is_named_by_its_id(frank: Console, sign_ins: SignIns, service: Service) -> None:
    sign_ins.add("Ada", SYSTEM_CLOCK.now(), "chair", "annex")
    program = two_rooms(talk("a", "10:00-10:30"))
    append_revision(service.current.revisions, replace(program, rooms=program.rooms[:1]))
    service.current.refresh()
    assert shown(frank, "Ada")[:2] == ["Ada", "Chair of annex"]


# Adding


@pytest.mark.parametrize(
    ("form", "added"),
    [
        ({"role": "organizer"}, Editor("Ada")),
        ({"role": "chair", "room": "hall"}, Editor("Ada", "chair", "hall")),
        ({"role": "speaker", "session": "a"}, Editor("Ada", "speaker", None, "a")),
        ({"role": "operator"}, Editor("Ada", "operator")),
        ({"role": "operator", "room": "annex"}, Editor("Ada", "operator", "annex")),
        # What does not fit the role is hidden on the page, and ignored.
        ({"role": "organizer", "room": "hall", "session": "a"}, Editor("Ada")),
        ({"role": "speaker", "room": "hall", "session": "a"}, Editor("Ada", "speaker", None, "a")),
        ({"role": "operator", "session": "a"}, Editor("Ada", "operator")),
    ],
    ids=lambda value: " ".join(value.values()) if isinstance(value, dict) else "",
)
def test_somebody_is_added_with_a_link(
    frank: Console, app: Flask, sign_ins: SignIns, form: dict[str, str], added: Editor
) -> None:
    link = link_made(frank, **{"name": " Ada ", "room": "", "session": "", **form})
    assert (added in sign_ins.people(), "Ada" in app.test_client().get(link).text) == (True, True)


@pytest.mark.parametrize(
    ("form", "faults"),
    [
        ({"role": "chair"}, [("room", "Choose the room that they chair.")]),
        ({"role": "speaker", "room": "hall"}, [("session", "Choose the session at which they speak.")]),
        ({"role": "king"}, [("role", "Choose organizer, chair, speaker or operator.")]),
        ({"role": "chair", "room": "hall", "name": " "}, [("name", "A name is not empty.")]),
        ({"role": "chair", "room": "cellar"}, [("room", "There is no room &#39;cellar&#39;.")]),
        ({"role": "speaker", "session": "z"}, [("session", "There is no session &#39;z&#39;.")]),
    ],
    ids=lambda value: " ".join(value.values()) if isinstance(value, dict) else "",
)
def test_a_fault_stands_beside_its_field_and_the_form_stays_filled_in(
    frank: Console, sign_ins: SignIns, form: dict[str, str], faults: list[tuple[str, str]]
) -> None:
    filled_in = {"name": "Ada", "room": "", "session": "", **form}
    page = refused(frank, **filled_in)
    assert (page.status_code, faults_on(page.text)) == (422, faults)
    assert [one.name for one in sign_ins.people()] == ["Frank"]
    assert f'<input name="name" value="{filled_in["name"]}"' in page.text
    chosen = {value for name, value in filled_in.items() if value and name != "name"} - {"king", "cellar", "z"}
    assert {one or other for one, other in CHOSEN.findall(page.text)} == chosen


def test_a_name_that_exists_is_refused_and_keeps_its_role(frank: Console, sign_ins: SignIns) -> None:
    page = refused(frank, name="Frank", role="chair", room="hall", session="")
    said = "Frank is already an organizer. Make a new link for them above, or write another name."
    assert (page.status_code, faults_on(page.text)) == (422, [("name", said)])
    assert sign_ins.people() == (Editor("Frank"),)


def test_a_form_that_would_be_taken_by_now_has_no_fault(frank: Console, sign_ins: SignIns) -> None:
    sign_ins.add("Ada", SYSTEM_CLOCK.now())
    address = send(frank, name="Ada", role="organizer").headers["Location"]
    sign_ins.remove("Ada")
    page = frank.get(address)
    assert (page.status_code, faults_on(page.text)) == (200, [])


def test_a_refused_form_that_is_too_long_for_an_address_is_kept_for_its_page(frank: Console) -> None:
    page = frank.get(send(frank, name="x" * 3000, role="organizer").headers["Location"])
    said = [("name", "Name: at most 200 characters, this one has 3,000.")]
    assert (page.status_code, faults_on(page.text), f'value="{"x" * 3000}"' in page.text) == (422, said, True)


def test_each_session_is_offered_with_its_time_and_room(frank: Console) -> None:
    offered = re.findall(r'<option value="(?:a|b)">([^<]*)</option>', frank.get(PEOPLE).text)
    assert offered == ["10:00 A · Hall", "10:00 B · Annex"]


# Links


def test_somebody_gets_a_new_link(frank: Console, app: Flask, sign_ins: SignIns) -> None:
    sign_ins.add("Ada", SYSTEM_CLOCK.now())
    link = link_made(frank, "link", person="Ada")
    assert signs_in_with(app.test_client(), link)


def test_a_withdrawn_link_is_not_valid(frank: Console, app: Flask, sign_ins: SignIns) -> None:
    link = link_made(frank, name="Ada", role="organizer")
    assert sign_in_status(app, link) == 200
    [public] = sign_ins.links(SYSTEM_CLOCK.now())
    answer = frank.post("/organizer/links/withdraw", link=public.id, back=PEOPLE)
    assert (answer.status_code, answer.headers["Location"]) == (303, PEOPLE)
    assert sign_in_status(app, link) == 403
    assert "not valid: used, expired, withdrawn or mistyped" in app.test_client().get(link).text


def test_the_page_shows_no_key_of_a_link(frank: Console) -> None:
    key = link_made(frank, "link", person="Frank").rpartition("/")[2]
    assert key not in frank.get(PEOPLE).text


def test_the_address_of_an_unused_link_is_a_tap_away(frank: Console, sign_ins: SignIns) -> None:
    link = link_made(frank, "link", person="Frank")
    [unused] = sign_ins.links(SYSTEM_CLOCK.now())
    assert f'href="/organizer/links/{unused.id}"' in frank.get(PEOPLE).text
    assert link_on(frank.get(f"/organizer/links/{unused.id}").text) == link


def test_a_link_that_hands_a_room_over_is_listed_as_such(frank: Console, app: Flask) -> None:
    Console(app, "Ada", room="hall").post("/organizer/hand-over")
    assert [text[:22] for text in shown(frank, "Ada") if text.startswith("Hands")] == ["Hands over Hall, until"]


# Out


def test_who_is_signed_out_everywhere_has_no_browser_and_no_link(frank: Console, app: Flask) -> None:
    ada = Console(app, "Ada")
    link = link_made(frank, "link", person="Ada")
    assert send(frank, "sign-out", person="Ada").status_code == 303
    assert (ada.get().headers["Location"], sign_in_status(app, link)) == ("/organizer/sign-in", 403)
    assert shown(frank, "Ada")[:3] == ["Ada", "Organizer", "New link"]


def test_who_is_removed_is_out_at_once_and_their_link_is_not_valid(
    frank: Console, app: Flask, sign_ins: SignIns
) -> None:
    ada = Console(app, "Ada")
    link = link_made(frank, "link", person="Ada")
    assert send(frank, "remove", person="Ada").status_code == 303
    assert (ada.get().status_code, ada.get().headers["Location"]) == (302, "/organizer/sign-in")
    assert (sign_in_status(app, link), sign_ins.people()) == (403, (Editor("Frank"),))
    assert "not valid: used, expired, withdrawn or mistyped" in app.test_client().get(link).text


def test_removing_takes_a_second_step(frank: Console, sign_ins: SignIns) -> None:
    sign_ins.add("Ada", SYSTEM_CLOCK.now())
    page = frank.get(PEOPLE).text
    assert [
        part.rpartition("<details")[2].count("</details>") for part in page.split(f'action="{PEOPLE}/remove"')[:-1]
    ] == [0, 0]


def test_the_last_organizer_is_not_removed_and_the_page_says_why_at_their_name(
    frank: Console, sign_ins: SignIns
) -> None:
    sign_ins.add("Ada", SYSTEM_CLOCK.now(), "chair", "hall")
    answer = send(frank, "remove", person="Frank")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PEOPLE}?person=Frank#person-Frank")
    page, said = frank.get(answer.headers["Location"]), "Frank is the last organizer; add another one first."
    assert (page.status_code, faults_on(page.text)) == (422, [("remove-Frank", said)])
    assert page.text.index('id="person-Frank"') < page.text.index('id="fault-remove-Frank"')
    assert Editor("Frank") in sign_ins.people()


def test_a_removal_that_would_be_made_by_now_has_no_fault(frank: Console, sign_ins: SignIns) -> None:
    address = send(frank, "remove", person="Frank").headers["Location"]
    sign_ins.add("Ada", SYSTEM_CLOCK.now())
    assert (frank.get(address).status_code, faults_on(frank.get(address).text)) == (200, [])


def test_an_organizer_who_is_not_the_last_may_remove_themselves(frank: Console, sign_ins: SignIns) -> None:
    sign_ins.add("Ada", SYSTEM_CLOCK.now())
    assert send(frank, "remove", person="Frank").headers["Location"] == PEOPLE
    assert frank.get(PEOPLE).headers["Location"] == "/organizer/sign-in"


@pytest.mark.parametrize(
    ("action", "form", "said"),
    [
        ("link", {"person": "Eve N"}, "There is no person &#39;Eve N&#39;."),
        ("sign-out", {"person": "Eve"}, "There is no person &#39;Eve&#39;."),
        ("remove", {"person": "Eve"}, "There is no person &#39;Eve&#39;."),
        ("remove", {"person": ""}, "There is no person &#39;&#39;."),
        ("revoke", {"sign_in": "x"}, "That browser is signed out already."),
    ],
)
def test_the_page_says_that_somebody_or_a_browser_is_not_there(
    frank: Console, action: str, form: dict[str, str], said: str
) -> None:
    page = refused(frank, action, **form)
    assert (page.status_code, faults_on(page.text)) == (422, [("form", said)])


@pytest.mark.parametrize(("action", "field"), [("link", "person"), ("revoke", "sign_in")])
def test_a_field_that_is_too_long_is_refused(frank: Console, action: str, field: str) -> None:
    answer = send(frank, action, **{field: "x" * 201})
    assert (answer.status_code, "at most 200 characters, this one has 201" in answer.text) == (422, True)
