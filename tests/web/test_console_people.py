"""The console's page of people: who may edit, their browsers and links."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.codeml_day import talk, two_rooms
from support.console_browser import TOKEN, Console
from support.publisher_processes import append_revision
from werkzeug.test import TestResponse

from app.domain.program import Program
from app.domain.rights import Editor
from app.live.clock import SYSTEM_CLOCK
from app.store.sign_ins import SignIns
from app.web.running_service import Service

PEOPLE = "/organizer/people"
LINK = re.compile(r'value="http://localhost(/organizer/sign-in/[\w-]{43})"')
# What stands in a span is part of the text around it.
SPANS, TAGS = re.compile(r"</?span[^>]*>"), re.compile(r"<[^>]*>")


@pytest.fixture
def program() -> Program:
    """A talk in the hall and one in the annex."""
    return two_rooms(talk("a", "10:00-10:30"), talk("b", "10:00-10:30", "annex"))


@pytest.fixture
def frank(app: Flask) -> Console:
    """A signed-in organizer."""
    return Console(app)


@pytest.fixture
def sign_ins(service: Service) -> SignIns:
    return SignIns(service.database)


def send(console: Console, action: str = "", **form: str) -> TestResponse:
    """A form of the page."""
    return console.post(f"{PEOPLE}/{action}" if action else PEOPLE, page=PEOPLE, **form)


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
    token = TOKEN.search(browser.get(link).text)
    browser.post(link, data={"csrf_token": token[1] if token else ""})
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
        ["Ada", "chair of Hall"],
        ["Frank", "organizer"],
        ["Grace", "speaker of A"],
        ["Linus", "operator"],
        ["Tao", "operator of Annex"],
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
        *("Ada", "chair of Hall", "Sign out"),
        *(f"A link, valid until {until:%a} {until.day} {until:%B, %H:%M}", "Withdraw"),
        *("New link", "Sign out everywhere", "Remove…"),
        *("Ends every sign-in and link of Ada.", "Remove Ada"),
    ]


def test_a_link_that_was_used_is_not_shown(frank: Console) -> None:
    texts = shown(frank, "Frank")
    seen = texts.pop(2)
    assert re.fullmatch(r"This browser, seen \w{3} \d+ \w+, \d\d:\d\d", seen)
    assert texts == ["Frank", "organizer", "Sign out", "New link"]


def test_a_chair_of_a_room_that_is_gone_is_named_by_its_id(frank: Console, sign_ins: SignIns, service: Service) -> None:
    sign_ins.add("Ada", SYSTEM_CLOCK.now(), "chair", "annex")
    program = two_rooms(talk("a", "10:00-10:30"))
    append_revision(service.current.revisions, replace(program, rooms=program.rooms[:1]))
    service.current.refresh()
    assert shown(frank, "Ada")[:2] == ["Ada", "chair of annex"]


# Adding


@pytest.mark.parametrize(
    ("form", "added"),
    [
        ({"role": "organizer"}, Editor("Ada")),
        ({"role": "chair", "room": "hall"}, Editor("Ada", "chair", "hall")),
        ({"role": "speaker", "session": "a"}, Editor("Ada", "speaker", None, "a")),
        ({"role": "operator"}, Editor("Ada", "operator")),
        ({"role": "operator", "room": "annex"}, Editor("Ada", "operator", "annex")),
    ],
    ids=lambda value: " ".join(value.values()) if isinstance(value, dict) else "",
)
def test_somebody_is_added_with_a_link(
    frank: Console, app: Flask, sign_ins: SignIns, form: dict[str, str], added: Editor
) -> None:
    page = send(frank, **{"name": " Ada ", "room": "", "session": "", **form}).text
    assert "This link signs Ada in once, within seven days. It is shown only now." in page
    [link] = LINK.findall(page)
    assert (added in sign_ins.people(), "Sign in as Ada" in app.test_client().get(link).text) == (True, True)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"role": "organizer", "room": "hall"}, "An organizer has all rooms and sessions: name none."),
        ({"role": "chair"}, "A chair has one room: name it, and no session."),
        ({"role": "speaker", "room": "hall", "session": "a"}, "A speaker has one session: name it, and no room."),
        ({"role": "operator", "session": "a"}, "An operator has one room or all: name no session."),
        ({"role": "king"}, "Choose organizer, chair, speaker or operator."),
        ({"role": "chair", "room": "hall", "name": " "}, "A name is not empty."),
    ],
    ids=lambda value: " ".join(value.values()) if isinstance(value, dict) else "",
)
def test_a_wrong_combination_is_refused_and_the_form_stays_filled_in(
    frank: Console, sign_ins: SignIns, form: dict[str, str], said: str
) -> None:
    filled_in = {"name": "Ada", "room": "", "session": "", **form}
    answer = send(frank, **filled_in)
    assert (answer.status_code, f'<p class="reason" role="alert">{said}</p>' in answer.text) == (422, True)
    assert [one.name for one in sign_ins.people()] == ["Frank"]
    assert f'<input name="name" value="{filled_in["name"]}"' in answer.text
    chosen = {value for name, value in filled_in.items() if value and name != "name"} - {"king"}
    assert set(re.findall(r'<option value="(\w+)" selected>', answer.text)) == chosen


def test_a_name_that_exists_is_refused_and_keeps_its_role(frank: Console, sign_ins: SignIns) -> None:
    answer = send(frank, name="Frank", role="chair", room="hall", session="")
    said = "Frank is already an organizer; make a new link under People (agenda organizer link Frank), "
    assert (answer.status_code, said in answer.text) == (422, True)
    assert sign_ins.people() == (Editor("Frank"),)


@pytest.mark.parametrize("form", [{"role": "chair", "room": "cellar"}, {"role": "speaker", "session": "z"}])
def test_a_room_or_session_that_is_not_there_is_refused(
    frank: Console, sign_ins: SignIns, form: dict[str, str]
) -> None:
    assert send(frank, name="Ada", **form).status_code == 404
    assert sign_ins.people() == (Editor("Frank"),)


# Links


def test_somebody_gets_a_new_link(frank: Console, app: Flask, sign_ins: SignIns) -> None:
    sign_ins.add("Ada", SYSTEM_CLOCK.now())
    [link] = LINK.findall(send(frank, "link", person="Ada").text)
    assert signs_in_with(app.test_client(), link)


def test_a_withdrawn_link_is_not_valid(frank: Console, app: Flask, sign_ins: SignIns) -> None:
    [link] = LINK.findall(send(frank, name="Ada", role="organizer").text)
    assert sign_in_status(app, link) == 200
    [public] = sign_ins.links(SYSTEM_CLOCK.now())
    assert send(frank, "withdraw", link=public.id).status_code == 303
    assert sign_in_status(app, link) == 403
    assert "not valid: used, expired, withdrawn or mistyped" in app.test_client().get(link).text


def test_the_page_shows_no_key_of_a_link(frank: Console, sign_ins: SignIns) -> None:
    key = sign_ins.new_link("Frank", SYSTEM_CLOCK.now())
    assert key not in frank.get(PEOPLE).text


# Out


def test_who_is_signed_out_everywhere_has_no_browser_and_no_link(frank: Console, app: Flask) -> None:
    ada = Console(app, "Ada")
    [link] = LINK.findall(send(frank, "link", person="Ada").text)
    assert send(frank, "sign-out", person="Ada").status_code == 303
    assert (ada.get().headers["Location"], sign_in_status(app, link)) == ("/organizer/sign-in", 403)
    assert shown(frank, "Ada")[:3] == ["Ada", "organizer", "New link"]


def test_who_is_removed_is_out_at_once_and_their_link_is_not_valid(
    frank: Console, app: Flask, sign_ins: SignIns
) -> None:
    ada = Console(app, "Ada")
    [link] = LINK.findall(send(frank, "link", person="Ada").text)
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


def test_the_last_organizer_is_not_removed(frank: Console, sign_ins: SignIns) -> None:
    sign_ins.add("Ada", SYSTEM_CLOCK.now(), "chair", "hall")
    answer = send(frank, "remove", person="Frank")
    assert (answer.status_code, "Frank is the last organizer; add another one first." in answer.text) == (422, True)
    assert Editor("Frank") in sign_ins.people()


def test_an_organizer_who_is_not_the_last_may_remove_themselves(frank: Console, sign_ins: SignIns) -> None:
    sign_ins.add("Ada", SYSTEM_CLOCK.now())
    assert send(frank, "remove", person="Frank").headers["Location"] == PEOPLE
    assert frank.get(PEOPLE).headers["Location"] == "/organizer/sign-in"


@pytest.mark.parametrize(
    ("action", "form"),
    [
        ("link", {"person": "Eve"}),
        ("sign-out", {"person": "Eve"}),
        ("remove", {"person": "Eve"}),
        ("withdraw", {"link": "%"}),
        ("revoke", {"sign_in": "x"}),
    ],
)
def test_what_is_not_there_is_not_found(frank: Console, action: str, form: dict[str, str]) -> None:
    assert send(frank, action, **form).status_code == 404


@pytest.mark.parametrize(("action", "field"), [("link", "person"), ("withdraw", "link"), ("revoke", "sign_in")])
def test_a_field_that_is_too_long_is_refused(frank: Console, action: str, field: str) -> None:
    answer = send(frank, action, **{field: "x" * 201})
    assert (answer.status_code, "at most 200 characters, this one has 201" in answer.text) == (422, True)
