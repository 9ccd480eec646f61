"""Previews and drafts have an address: what they show there, and where the console's forms lead."""

from __future__ import annotations

from html import unescape

import pytest
from flask import Flask
from lxml import html
from support.console_browser import Console, publishing

from app.store.errors import SignedOut
from app.web.running_service import Service

EVAN, CHRIS = "evan-shelhamer", "chris-rackauckas"


@pytest.fixture
def console(app: Flask) -> Console:
    return Console(app)


def sent(console: Console, path: str, **form: str) -> str:
    """Where a form leads to, which is sent with the token of the first page."""
    answer = console.client.post(path, data={"csrf_token": console.token(), **form})
    return answer.headers.get("Location", "")


def number(service: Service) -> int:
    return service.current.snapshot.revision.number


def test_a_tap_publishes_and_leads_back_to_the_page_it_was_made_on(console: Console, service: Service) -> None:
    where = sent(console, "/organizer/edit", session=CHRIS, tap="late 8", base="1", back="/organizer?room=venue")
    assert (where, number(service)) == ("/organizer?room=venue&done=2", 2)


def test_a_tap_that_is_refused_leads_to_its_preview(console: Console, service: Service) -> None:
    where = sent(console, "/organizer/edit", session=EVAN, tap="late 8", base="1")
    expected = f"/organizer/preview?do=late&session={EVAN}&minutes=8&base=1&back=%2Forganizer"
    assert (where, number(service), console.get(where).status_code) == (expected, 1, 409)


def test_a_page_keeps_all_of_its_query_when_a_form_leads_back_to_it(console: Console) -> None:
    back = "/organizer/sessions?day=2025-07-18&q=a&q=b&done=1"
    where = sent(console, "/organizer/edit", session=CHRIS, tap="late 8", base="1", back=back)
    assert where == "/organizer/sessions?day=2025-07-18&q=a&q=b&done=2"


@pytest.mark.parametrize(
    ("back", "leads_to"),
    [
        ("/organizer/talks/panel?a=1#notes", "/organizer/talks/panel?a=1&done=2"),
        (f"/organizer/{'a' * 1000}", "/organizer?done=2"),
    ],
    ids=["with a fragment", "too long"],
)
def test_a_form_leads_back_to_an_address_that_the_service_takes(console: Console, back: str, leads_to: str) -> None:
    assert sent(console, "/organizer/edit", session=CHRIS, tap="late 8", base="1", back=back) == leads_to


def test_a_query_that_is_too_long_is_left_out_when_a_form_leads_back(console: Console) -> None:
    back = f"/organizer/sessions?q={'a' * 1998}"
    where = sent(console, "/organizer/edit", session=CHRIS, tap="late 8", base="1", back=back)
    assert where == "/organizer/sessions?done=2"


def test_a_form_leads_to_no_address_outside_the_console(console: Console) -> None:
    where = sent(console, "/organizer/edit", session=CHRIS, tap="late 8", base="1", back="https://example.org/")
    assert where == "/organizer?done=2"


@pytest.mark.parametrize(("minutes", "status"), [("-5", 200), ("8", 409), ("soon", 422)])
def test_a_preview_has_the_status_of_what_it_shows_and_the_same_again(
    console: Console, service: Service, minutes: str, status: int
) -> None:
    answers = [console.preview("late", EVAN, minutes=minutes) for _ in range(2)]
    assert [one.status_code for one in answers] == [status, status]
    assert number(service) == 1


def test_a_fault_stands_beside_its_field_with_what_was_typed(console: Console) -> None:
    page = unescape(console.preview("late", EVAN, minutes="2000").text)
    assert '<p class="fault" id="fault-minutes">2000 minutes are more than a day.</p>' in page
    assert 'name="minutes" value="2000" aria-invalid="true" aria-describedby="fault-minutes"' in page


def test_a_refusal_for_what_was_typed_stands_beside_the_field_too(console: Console) -> None:
    page = unescape(console.preview("move", "panel", time="09:00").text)
    assert '<p class="fault" id="fault-time">09:00 has passed; it is 10:20.</p>' in page


def test_a_note_stays_when_publishing_is_refused(console: Console, app: Flask, service: Service) -> None:
    shown = next(iter(publishing(console.preview("late", CHRIS, minutes="-5").text).values()))
    Console(app, "Alina").edit("late", CHRIS, minutes="3")
    answer = console.send("/organizer/edit", {**shown, "note": "Her train is early."})
    assert (answer.status_code, number(service)) == (409, 2)
    assert "Somebody was faster" in answer.text
    assert 'value="Her train is early."' in answer.text


@pytest.mark.parametrize("form", [{"tap": "cancel", "session": EVAN}, {"tap": "late 3", "session": "tri-dao"}])
def test_a_note_that_is_wrong_stays_beside_what_it_is_for(
    console: Console, service: Service, form: dict[str, str]
) -> None:
    where = sent(console, "/organizer/edit", **form, base="1", note="x" * 501)
    answer = console.get(where)
    [field] = html.fromstring(answer.text).xpath('//form[@id="publishing"]//input[@name="note"]')
    assert (answer.status_code, field.get("value"), field.get("aria-describedby")) == (422, "x" * 501, "fault-note")
    assert '<p class="fault" id="fault-note">Note: at most 500 characters, this one has 501.</p>' in answer.text
    [shown, *_] = publishing(answer.text).values()
    console.send("/organizer/edit", {**shown, "note": "Short."})
    assert (number(service), service.current.snapshot.revision.note) == (2, "Short.")


def test_a_draft_shows_what_it_would_change_and_is_gone_once_published(console: Console, service: Service) -> None:
    where = sent(console, "/organizer/drafts", do="content", session="panel", title="Who pays?", base="1")
    [shown] = publishing(console.get(where).text).values()
    assert number(service) == 1
    console.send("/organizer/edit", shown)
    assert service.current.snapshot.revision.program.session("panel").title == "Who pays?"
    gone = console.get(where)
    said = "This draft was published, or newer ones have taken its place."
    assert (gone.status_code, said in gone.text) == (404, True)


@pytest.mark.parametrize(
    "form",
    [
        {"do": "content", "session": "panel", "title": "Who pays?"},
        {"do": "add", "title": "Questions", "minutes": "5", "kind": "talk", "after": "posters"},
    ],
    ids=lambda form: form["do"],
)
def test_a_form_that_is_sent_twice_leads_twice_to_what_it_published(
    console: Console, service: Service, form: dict[str, str]
) -> None:
    form = {"base": "1", "once": "one-and-the-same", "note": "A note.", **form}
    assert [sent(console, "/organizer/edit", **form) for _ in range(2)] == ["/organizer?done=2"] * 2
    assert number(service) == 2


def test_a_draft_of_another_browser_is_not_there(console: Console, app: Flask) -> None:
    where = sent(console, "/organizer/drafts", do="content", session="panel", title="Who pays?", base="1")
    assert Console(app, "Alina").get(where).status_code == 404


def test_all_that_can_be_done_about_a_missing_speaker_is_on_one_page(console: Console) -> None:
    page = console.get("/organizer/not-here/sara-hooker").text
    assert [label in page for label in (">Next first<", ">Cancel it<", "would run 5 minutes into")] == [True] * 3


def test_what_is_done_about_a_missing_speaker_takes_its_note_with_it(console: Console, service: Service) -> None:
    page = html.fromstring(console.get("/organizer/not-here/sara-hooker").text)
    [form] = page.xpath('//form[.//input[@name="note"]]')
    assert form.xpath(".//button[@name]/@value") == ["absent", "cancel"]
    fields = {field.get("name"): field.get("value") for field in form.xpath('./input[@type="hidden"]')}
    sent(console, "/organizer/edit", **fields, tap="absent", note="Sara is on the way.")
    assert service.current.snapshot.revision.note == "Sara is on the way."


def test_a_new_session_is_published_at_once_with_its_note(console: Console, service: Service) -> None:
    [form] = html.fromstring(console.get("/organizer/add").text).xpath('//form[@id="add"]')
    [publish] = form.xpath(".//button[@formaction]")
    where = sent(console, publish.get("formaction"), **added(), after="posters", note="A call.")
    assert (where, number(service), service.current.snapshot.revision.note) == ("/organizer?done=2", 2, "A call.")


def test_the_note_of_a_new_session_that_is_refused_stays_on_its_draft(console: Console) -> None:
    where = sent(console, "/organizer/edit", **added(title=""), after="posters", note="A call.")
    page = html.fromstring(console.get(where).text)
    assert page.xpath('//form[@id="add"]//input[@name="note"]/@value') == ["A call."]


def added(title: str = "A call for maintainers") -> dict[str, str]:
    """The form of a new session."""
    return {"do": "add", "title": title, "minutes": "5", "kind": "talk", "time": "", "base": "1"}


def test_a_chair_does_not_cancel_and_is_told_whom_to_ask(app: Flask) -> None:
    page = Console(app, "Ada", room="venue").get("/organizer/not-here/sara-hooker").text
    assert ('value="cancel"' in page, "Ask an organizer." in page) == (False, True)


# Errors


@pytest.mark.parametrize(
    ("path", "title"), [("/organizer/talks/nobody", "Not found"), ("/organizer/drafts/none", "Not found")]
)
def test_an_error_of_the_console_keeps_its_navigation(console: Console, path: str, title: str) -> None:
    page = console.get(path).text
    assert (f"<h1>{title}</h1>" in page, 'aria-label="Console"' in page, "Back to the day" in page) == (True,) * 3


def test_who_may_not_open_a_page_is_told_in_the_console(app: Flask) -> None:
    page = Console(app, "Ada", room="venue").get("/organizer/people").text
    assert ("<h1>Not for your role</h1>" in page, 'aria-label="Console"' in page) == (True, True)


def test_who_was_signed_out_while_a_form_was_on_its_way_is_told_to_sign_in(app: Flask) -> None:
    with app.test_request_context("/organizer/edit", method="POST"):
        answer = app.make_response(app.handle_user_exception(SignedOut()))
    assert (answer.status_code, "<h1>Sign in</h1>" in answer.get_data(as_text=True)) == (403, True)


def test_a_form_that_has_expired_says_what_to_do(console: Console) -> None:
    answer = console.client.post("/organizer/edit", data={"do": "cancel", "session": "panel"})
    assert (answer.status_code, "<h1>The form has expired: reload</h1>" in answer.text) == (400, True)
    said = "Nothing was published. Go back, copy what you typed, reload the page, and send the form again."
    assert said in answer.text


def test_a_form_that_is_too_large_is_called_so(console: Console) -> None:
    answer = console.post("/organizer/drafts", do="content", session="panel", abstract="x" * 140_000)
    assert (answer.status_code, "<h1>Too much text</h1>" in answer.text) == (413, True)
