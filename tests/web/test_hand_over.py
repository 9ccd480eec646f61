"""The page of a one-time link, with its address and code, and handing a room over by one."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.codeml_day import talk, two_rooms
from support.console_browser import Console, faults_on, link_on, token_on, use_link
from support.qr_photographs import by_zbar
from support.svg_code import drawn
from werkzeug.test import TestResponse

from app.domain.program import Program
from app.domain.rights import Editor
from app.live.clock import SYSTEM_CLOCK
from app.store.sign_ins import SignIns
from app.web.running_service import Service

HAND_OVER, PEOPLE = "/organizer/hand-over", "/organizer/people"
HEADING = re.compile("<h1>([^<]*)</h1>")


@pytest.fixture
def program() -> Program:
    """A talk in the hall and one in the annex, both on for long."""
    return two_rooms(talk("a", "10:00-10:30"), talk("b", "10:00-10:30", "annex"))


@pytest.fixture
def ada(app: Flask) -> Console:
    """The signed-in chair of the hall."""
    return Console(app, "Ada", room="hall")


def page_of_link(giver: Console, path: str = HAND_OVER, **form: str) -> str:
    """The address of the page of a link that a form makes."""
    answer = giver.post(path, **form)
    assert answer.status_code == 303
    return answer.headers["Location"]


def new_link(giver: Console, **form: str) -> str:
    """A new link that hands a room over, without the host."""
    return link_on(giver.get(page_of_link(giver, **form)).text)


def heading(answer: TestResponse) -> tuple[int, str]:
    found = HEADING.search(answer.text)
    return answer.status_code, found[1] if found else ""


def take_over(phone: FlaskClient, link: str, name: str) -> TestResponse:
    """Open a link on a phone, write a name and send it."""
    return use_link(phone, link, name=name)


# The page of a link


def test_the_page_of_a_link_says_whose_it_is_and_until_when(
    frank: Console, sign_ins: SignIns, program: Program
) -> None:
    sign_ins.add("Grace", SYSTEM_CLOCK.now(), "speaker", session="a")
    page = frank.get(page_of_link(frank, f"{PEOPLE}/link", person="Grace"))
    [link] = sign_ins.links(SYSTEM_CLOCK.now())
    until = program.local(link.expires_at)
    assert heading(page) == (200, "Link for Grace")
    said = f"Signs Grace in as speaker of A. It works once, until {until:%a} {until.day} {until:%B, %H:%M}."
    assert said in page.text


def test_the_code_of_a_link_is_read_as_its_address(frank: Console) -> None:
    page = page_of_link(frank, f"{PEOPLE}/link", person="Frank")
    address = f"http://localhost{link_on(frank.get(page).text)}"
    code = frank.get(f"{page}/code.svg")
    assert (code.mimetype, code.headers["Cache-Control"]) == ("image/svg+xml", "no-store")
    assert by_zbar(drawn(code.data)) == [address]


def test_the_page_shows_the_same_address_each_time_until_it_is_used(frank: Console, app: Flask) -> None:
    page = page_of_link(frank, f"{PEOPLE}/link", person="Frank")
    link = link_on(frank.get(page).text)
    assert link_on(frank.get(page).text) == link
    take_over(app.test_client(), link, "")
    assert heading(frank.get(page)) == (404, "Link not valid")
    assert frank.get(f"{page}/code.svg").status_code == 404


def test_a_withdrawn_link_says_so(frank: Console) -> None:
    page = page_of_link(frank, f"{PEOPLE}/link", person="Frank")
    link = page.rpartition("/")[2]
    assert frank.post("/organizer/links/withdraw", link=link, back=PEOPLE).headers["Location"] == PEOPLE
    assert "This link was used or withdrawn, or has expired. Make another under People." in frank.get(page).text


def test_a_link_of_the_terminal_cannot_be_shown_and_the_page_says_so(frank: Console, sign_ins: SignIns) -> None:
    sign_ins.new_link("Frank", SYSTEM_CLOCK.now())
    [link] = sign_ins.links(SYSTEM_CLOCK.now())
    page = frank.get(f"/organizer/links/{link.id}")
    assert "This link cannot be shown again: it was made in a terminal, or under another secret key." in page.text
    assert ("readonly" in page.text, frank.get(f"/organizer/links/{link.id}/code.svg").status_code) == (False, 404)


def test_a_link_made_under_another_secret_cannot_be_shown(frank: Console, app: Flask) -> None:
    page = page_of_link(frank, f"{PEOPLE}/link", person="Frank")
    link = link_on(frank.get(page).text)
    app.config["SECRET_KEY"] = "another secret"
    again = Console(app, "Julija")
    assert "This link cannot be shown again" in again.get(page).text
    assert app.test_client().get(link).status_code == 200


def test_a_chair_sees_and_withdraws_links_of_their_own_hand_over_alone(
    frank: Console, ada: Console, sign_ins: SignIns
) -> None:
    own, of_frank = page_of_link(ada), page_of_link(frank, room="hall")
    to_sign_in = page_of_link(frank, f"{PEOPLE}/link", person="Ada")
    assert [ada.get(page).status_code for page in (own, of_frank, to_sign_in)] == [200, 404, 404]
    assert ada.get(f"{to_sign_in}/code.svg").status_code == 404
    withdrawn = [
        ada.post("/organizer/links/withdraw", link=page.rpartition("/")[2]).status_code
        for page in (own, of_frank, to_sign_in)
    ]
    assert (withdrawn, len(sign_ins.links(SYSTEM_CLOCK.now()))) == ([303, 303, 303], 2)


def test_withdrawing_a_link_that_was_used_or_withdrawn_leads_back_as_if_it_had_not_been(
    frank: Console, app: Flask, sign_ins: SignIns
) -> None:
    used, withdrawn = (page_of_link(frank, f"{PEOPLE}/link", person="Frank") for _ in range(2))
    use_link(app.test_client(), link_on(frank.get(used).text))
    for page in (used, withdrawn, withdrawn):
        answer = frank.post("/organizer/links/withdraw", link=page.rpartition("/")[2], back=PEOPLE)
        assert (answer.status_code, answer.headers["Location"]) == (303, PEOPLE)
    assert sign_ins.links(SYSTEM_CLOCK.now()) == ()


def test_withdrawing_a_used_hand_over_leaves_what_it_says(frank: Console, app: Flask) -> None:
    page = page_of_link(frank, room="annex")
    take_over(app.test_client(), link_on(frank.get(page).text), "Grace")
    frank.post("/organizer/links/withdraw", link=page.rpartition("/")[2])
    assert heading(frank.get(page)) == (200, "Grace has taken over Annex")


@pytest.mark.parametrize("link", ["0" * 16, "x", "%25", "x" * 201])
def test_what_names_no_link_has_no_page(frank: Console, link: str) -> None:
    assert frank.get(f"/organizer/links/{link}").status_code in {404, 422}


# Handing over


def test_a_chair_hands_their_room_over(ada: Console, app: Flask, sign_ins: SignIns) -> None:
    assert heading(ada.get(HAND_OVER)) == (200, "Hand over Hall")
    page = page_of_link(ada)
    assert heading(ada.get(page)) == (200, "Hand over Hall")
    phone = app.test_client()
    link = link_on(ada.get(page).text)
    assert heading(phone.get(link)) == (200, "Take over Hall from Ada")
    assert take_over(phone, link, "Grace").headers["Location"] == "/organizer"
    assert sign_ins.people() == (Editor("Grace", "chair", "hall"),)
    assert 'aria-label="Hall"' in phone.get("/organizer").text


def test_a_chair_who_handed_over_is_led_to_the_sign_in_page_which_says_to_whom(ada: Console, app: Flask) -> None:
    page = page_of_link(ada)
    take_over(app.test_client(), link_on(ada.get(page).text), "Grace")
    assert ada.get().headers["Location"] == "/organizer/sign-in"
    said = ada.client.get(page, follow_redirects=True)
    assert heading(said) == (200, "Sign in")
    assert "Grace has taken over Hall. You are signed out." in said.text


def test_the_sign_in_page_of_any_other_link_says_nothing_of_a_hand_over(app: Flask) -> None:
    for link in ("0" * 16, "x", "%"):
        assert "taken over" not in app.test_client().get("/organizer/sign-in", query_string={"link": link}).text


def test_an_organizer_hands_over_a_room_that_they_choose_and_is_told_who_took_it(
    frank: Console, app: Flask, sign_ins: SignIns
) -> None:
    page = page_of_link(frank, room="annex")
    take_over(app.test_client(), link_on(frank.get(page).text), "Grace")
    assert sign_ins.people() == (Editor("Frank"), Editor("Grace", "chair", "annex"))
    assert heading(frank.get(page)) == (200, "Grace has taken over Annex")


@pytest.mark.parametrize("room", ["", "cellar"])
def test_an_organizer_who_chooses_no_room_is_told_beside_the_field(frank: Console, room: str) -> None:
    page = frank.get(page_of_link(frank, room=room))
    assert (page.status_code, faults_on(page.text)) == (422, [("room", "Choose a room.")])


def test_a_chair_hands_over_no_room_but_theirs(ada: Console, app: Flask, sign_ins: SignIns) -> None:
    take_over(app.test_client(), new_link(ada, room="annex"), "Grace")
    assert sign_ins.people() == (Editor("Grace", "chair", "hall"),)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ada", "Ada is already a chair. Write your name in another way."),
        (" ", "A name is not empty."),
        ("x" * 201, "Name: at most 200 characters, this one has 201."),
        ("\u200b", "Name: a text that can be seen."),
        ("files", "Files stands in the history for what is no person; choose another name."),
    ],
)
def test_a_refused_name_stays_in_the_field_with_the_reason_beside_it(
    ada: Console, app: Flask, sign_ins: SignIns, name: str, said: str
) -> None:
    phone, link = app.test_client(), new_link(ada)
    answer = take_over(phone, link, name)
    page = phone.get(answer.headers["Location"])
    assert (answer.status_code, page.status_code, faults_on(page.text)) == (303, 422, [("name", said)])
    assert f'name="name" value="{name}"' in page.text
    assert sign_ins.people() == (Editor("Ada", "chair", "hall"),)
    assert take_over(phone, link, "Grace").headers["Location"] == "/organizer"


def test_who_scans_second_is_told_who_has_the_room(ada: Console, app: Flask, sign_ins: SignIns) -> None:
    link, late = new_link(ada), app.test_client()
    token = token_on(late.get(link).text)
    take_over(app.test_client(), link, "Grace")
    answer = late.post(link, data={"csrf_token": token, "name": "Linus"})
    assert heading(answer) == (403, "Link not valid")
    assert (
        "This link is not valid: Grace has taken the room over with it. "
        "If that is you, ask an organizer for a sign-in link." in answer.text
    )
    assert sign_ins.people() == (Editor("Grace", "chair", "hall"),)


def sent_twice(app: Flask, link: str, **form: str) -> tuple[list[str], str]:
    """Where a link's form leads when it is sent twice, the first answer being lost; and the page after the second."""
    phone = app.test_client()
    page = phone.get(link).text
    once = re.search('name="once" value="([^"]+)"', page)
    assert once
    fields = {"csrf_token": token_on(page), "once": once[1], **form}
    lost = phone.post(link, data=fields)
    name, _, _ = lost.headers["Set-Cookie"].partition("=")
    phone.delete_cookie(name, path="/organizer")
    answers = [lost, phone.post(link, data=fields)]
    return [one.headers["Location"] for one in answers], phone.get("/organizer").text


def test_who_took_over_and_never_heard_so_is_signed_in_by_the_same_form(
    ada: Console, app: Flask, sign_ins: SignIns
) -> None:
    answers, page = sent_twice(app, new_link(ada), name="Grace")
    assert (answers, "Grace, chair of Hall." in page) == (["/organizer", "/organizer"], True)
    assert sign_ins.people() == (Editor("Grace", "chair", "hall"),)


def test_who_signed_in_and_never_heard_so_is_signed_in_by_the_same_form(
    frank: Console, app: Flask, sign_ins: SignIns
) -> None:
    link = f"/organizer/sign-in/{sign_ins.new_link('Frank', SYSTEM_CLOCK.now())}"
    answers, page = sent_twice(app, link)
    assert (answers, "<p>Frank. " in page) == (["/organizer", "/organizer"], True)


def test_a_link_that_is_not_valid_says_whom_to_ask(frank: Console, app: Flask) -> None:
    answer = app.test_client().get(frank.link)
    assert heading(answer) == (403, "Link not valid")
    assert (
        "This link is not valid: used, expired, withdrawn or mistyped. "
        "Ask an organizer for another, or the chair who hands the room over." in answer.text
    )


def test_who_is_not_signed_in_and_sends_a_form_is_told_to_sign_in(frank: Console, app: Flask) -> None:
    stranger = app.test_client()
    token = token_on(stranger.get(new_link(frank, room="hall")).text)
    answer = stranger.post("/organizer/edit", data={"csrf_token": token})
    assert (*heading(answer), "Sign in first." in answer.text) == (403, "Sign in", True)


def test_who_was_signed_in_and_sends_a_form_is_told_that_it_has_ended(frank: Console, ada: Console) -> None:
    token = ada.token()
    frank.post("/organizer/people/remove", person="Ada")
    answer = ada.send("/organizer/edit", {"csrf_token": token, "tap": "late 5", "session": "a"})
    said = "You are signed out, or have another role by now; nothing was changed."
    assert (*heading(answer), said in answer.text) == (403, "Sign in", True)


@pytest.mark.parametrize(("of", "said"), [("frank", True), ("reader", False)])
def test_a_link_says_whose_sign_in_ends_on_a_browser(
    frank: Console, ada: Console, app: Flask, of: str, said: bool
) -> None:
    browser = frank.client if of == "frank" else app.test_client()
    own = link_on(frank.get(page_of_link(frank, f"{PEOPLE}/link", person="Frank")).text)
    code = link_on(ada.get(page_of_link(ada, "/organizer/hand-over")).text)
    sentence = "On this browser Frank, organizer, is signed in: that ends here."
    assert [sentence in browser.get(link).text for link in (own, code)] == [said, said]


def test_the_new_chair_has_the_rights_of_a_chair_and_no_others(ada: Console, app: Flask, service: Service) -> None:
    ada.edit("late", "a", minutes="-5")
    phone = app.test_client()
    take_over(phone, new_link(ada), "Grace")
    token = token_on(phone.get("/organizer").text)

    def status(path: str, **form: str) -> int:
        return phone.post(path, data={"csrf_token": token, "base": "2", **form}).status_code

    # What the former chair did is not theirs to undo.
    assert (status("/organizer/undo", number="2"), phone.get(PEOPLE).status_code) == (403, 403)
    assert status("/organizer/edit", do="late", session="b", minutes="-5") == 403
    assert status("/organizer/edit", do="late", session="a", minutes="3") == 303
    assert [entry.author for entry in service.current.revisions.history()] == ["files", "Ada", "Grace"]


def test_another_person_of_a_former_chairs_name_undoes_nothing_in_that_room(
    ada: Console, app: Flask, frank: Console
) -> None:
    ada.edit("late", "a", minutes="-5")
    take_over(app.test_client(), new_link(ada), "Grace")
    namesake = app.test_client()
    take_over(namesake, new_link(frank, room="annex"), "Ada")
    token = token_on(namesake.get("/organizer").text)
    answer = namesake.post("/organizer/undo", data={"csrf_token": token, "number": "2"})
    assert answer.status_code == 403
