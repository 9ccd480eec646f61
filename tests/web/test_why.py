"""Notes that are given afterwards: the console's form, who may, and every public page and feed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from support.console_browser import Console, faults_on, token_on
from support.movable_clock import MovableClock

from app.web.running_service import Service

MINUTE = timedelta(minutes=1)
DAY_PAGES = ("/", "/now", "/display", "/display/venue", "/rooms/venue", "/stage/venue")
SARA = "sara-hooker"


@pytest.fixture
def console(app: Flask) -> Console:
    """An organizer, after a change without a note: revision 2 moved a talk at 10:20."""
    console = Console(app)
    console.edit("move", "closing", time="17:05")
    return console


@pytest.fixture
def chair(app: Flask, console: Console) -> Console:
    """The chair of the room, after a change without a note: revision 3."""
    chair = Console(app, "Ada", "venue")
    chair.edit("announce", text="Please move to the front.", minutes="30", room="venue")
    return chair


def told(page: str) -> list[str]:
    """The notes that stand on a page."""
    return [" ".join(one.text_content().split()) for one in html.fromstring(page).xpath("//*[@class='note']")]


def reasons(page: str, session: str) -> set[str]:
    """The notes beside a session."""
    return set(map(str, html.fromstring(page).xpath(f"//*[@data-session='{session}']//*[@data-part='note']/text()")))


def revision(service: Service) -> int:
    return service.current.snapshot.revision.number


def section(page: str, number: int) -> str:
    """What a page of revisions says of one."""
    [found] = html.fromstring(page).xpath(f"//section[@id='r{number}']")
    return " ".join(found.text_content().split())


# The form


def test_a_note_leads_back_to_where_it_was_given(console: Console, service: Service) -> None:
    answer = console.post("/organizer/note", number="2", note="The buses are late.", back="/organizer?room=venue")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/organizer?room=venue&done=2")
    assert revision(service) == 3


def test_a_note_that_is_sent_twice_is_published_once(console: Console, service: Service) -> None:
    sent = {"number": "2", "note": "The buses are late.", "once": "one-and-the-same"}
    answers = [console.post("/organizer/note", **sent) for _ in range(2)]
    assert ([one.headers["Location"] for one in answers], revision(service)) == (["/organizer?done=2"] * 2, 3)


def test_one_page_publishes_different_forms(console: Console, service: Service) -> None:
    for note in ("The buses are late.", "A bus is late."):
        console.post("/organizer/note", number="2", note=note, once="one-and-the-same")
    assert revision(service) == 4


def test_an_undo_that_is_sent_twice_is_published_once(console: Console, service: Service) -> None:
    console.edit("cancel", "panel")
    answers = [console.post("/organizer/undo", once="one-and-the-same") for _ in range(2)]
    assert ([one.headers["Location"] for one in answers], revision(service)) == (["/organizer?done=4"] * 2, 4)


@pytest.mark.parametrize(
    ("given", "note"), [(["The buses are late."], " The buses are late."), ([], ""), (["The buses are late.", ""], "")]
)
@pytest.mark.parametrize("back", ["/organizer", "/organizer/history"])
def test_a_note_that_stands_already_leads_back_to_a_page_that_says_that_it_changes_nothing(
    console: Console, service: Service, given: Sequence[str], note: str, back: str
) -> None:
    for text in given:
        console.post("/organizer/note", number="2", note=text)
    answer = console.post("/organizer/note", number="2", note=note, back=back)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{back}?done=0")
    assert "That changes nothing." in console.get(answer.headers["Location"]).text
    assert revision(service) == 2 + len(given)


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"number": "2", "note": "x" * 501}, 422),
        ({"number": "1", "note": "Why?"}, 409),
        ({"number": "9", "note": "Why?"}, 404),
        ({"number": "", "note": "Why?"}, 400),
        ({"number": "two", "note": "Why?"}, 400),
    ],
)
def test_what_is_no_note_is_refused(console: Console, service: Service, form: Mapping[str, str], status: int) -> None:
    assert (console.post("/organizer/note", **form).status_code, revision(service)) == (status, 2)


def faults(page: str) -> list[tuple[str, str]]:
    return [(name, unescape(said)) for name, said in faults_on(page)]


def test_a_refused_note_stays_in_its_form_with_what_is_wrong(console: Console) -> None:
    note = "字" * 501
    page = console.post("/organizer/note", number="2", note=note, back="/organizer/history").text
    [field] = html.fromstring(page).xpath('//form[@action="/organizer/note"]//input[@name="note"]')
    [back] = html.fromstring(page).xpath('//p[@class="back"]/a/@href')
    assert (field.get("value"), back) == (note, "/organizer/history")
    assert faults(page) == [("note", "Note: at most 500 characters, this one has 501.")]


def test_a_note_for_what_can_have_none_is_shown_without_a_form_that_would_be_refused_again(console: Console) -> None:
    note = "字" * 300
    page = console.post("/organizer/note", number="1", note=note).text
    assert faults(page) == [("form", "Revision 1 is of the program's files, which have no such note.")]
    assert html.fromstring(page).xpath('//main//q/text() | //main//form//input[@name="note"]/@value') == [note]


def test_of_two_people_who_say_why_the_second_is_told_what_the_first_said(
    app: Flask, console: Console, service: Service
) -> None:
    console.post("/organizer/note", number="2", note="The projector broke.", base="2")
    gina = Console(app, "Gina")
    page = gina.post("/organizer/note", number="2", note="A speaker is ill.", base="2").text
    said = "Frank gave it the note “The projector broke.” meanwhile; publish yours to replace it."
    assert (faults(page), revision(service)) == ([("note", said)], 3)
    [form] = html.fromstring(page).xpath('//form[@id="note"]')
    gina.post("/organizer/note", **{name: value or "" for name, value in form.form_values()})
    assert (revision(service), service.current.snapshot.revision.note) == (4, "A speaker is ill.")


def test_who_said_why_may_say_it_in_other_words(console: Console, service: Service) -> None:
    for note in ("The projector broke.", "The projector is broken."):
        console.post("/organizer/note", number="2", note=note, base="2")
    assert revision(service) == 4


def test_a_form_without_a_note_takes_none_away(console: Console, service: Service) -> None:
    console.post("/organizer/note", number="2", note="The buses are late.")
    assert (console.post("/organizer/note", number="2").status_code, revision(service)) == (400, 3)


@pytest.mark.parametrize(
    "back", ["https://example.org/", "//example.org", "/", "/organizers", "/talks/panel", "/organizer/\r\nX: y"]
)
def test_a_form_leads_back_into_the_console_alone(console: Console, back: str) -> None:
    answer = console.post("/organizer/note", number="2", note="The buses are late.", back=back)
    assert answer.headers["Location"] == "/organizer?done=2"


# Who may


@pytest.mark.parametrize(("number", "status", "made"), [("3", 303, 4), ("2", 403, 3)])
def test_a_chair_says_why_of_their_own_changes(
    chair: Console, service: Service, number: str, status: int, made: int
) -> None:
    answer = chair.post("/organizer/note", number=number, note="It is loud outside.")
    assert (answer.status_code, revision(service)) == (status, made)


def test_an_organizer_says_why_of_a_chairs_change(chair: Console, console: Console, service: Service) -> None:
    assert console.post("/organizer/note", number="3", note="It is loud outside.").status_code == 303
    assert revision(service) == 4


@pytest.mark.parametrize(("who", "numbers"), [({}, ["3", "2"]), ({"room": "venue"}, ["3"]), ({"role": "operator"}, [])])
def test_the_history_has_the_form_where_it_is_not_refused(
    app: Flask, chair: Console, who: dict[str, Any], numbers: list[str]
) -> None:
    console = chair if "room" in who else Console(app, "Linus", **who)
    page = html.fromstring(console.get("/organizer/history").text)
    assert page.xpath("//form[@action='/organizer/note']//input[@name='number']/@value") == numbers


# The public pages


@pytest.mark.parametrize("path", DAY_PAGES)
def test_the_note_stands_on_the_pages_of_the_day_with_the_sessions_of_its_revision(
    console: Console, client: FlaskClient, path: str
) -> None:
    assert told(client.get(path).text) == []
    console.post("/organizer/note", number="2", note="The buses are late.")
    page = client.get(path).text
    assert told(page) == ["10:20 The buses are late. Closing remarks"]
    assert reasons(page, "closing") == {"The buses are late."}


def test_its_half_hour_counts_from_when_it_was_given(
    console: Console, client: FlaskClient, clock: MovableClock
) -> None:
    clock.set(clock.now() + 20 * MINUTE)
    console.post("/organizer/note", number="2", note="The buses are late.")
    [note] = client.get("/api/now").get_json()["notes"]
    wanted = {"revision": 2, "text": "The buses are late.", "sessions": ["closing"]}
    assert note == {**wanted, "at": "2025-07-18T10:40:00-07:00"}
    counts = []
    for minutes in (29, 30):
        clock.set(clock.now().replace(hour=17, minute=40, second=0) + minutes * MINUTE)
        counts.append(len(client.get("/api/now").get_json()["notes"]))
    assert counts == [1, 0]


def test_the_page_of_changes_says_why_at_the_revision(console: Console, client: FlaskClient) -> None:
    console.post("/organizer/note", number="2", note="The buses are late.")
    page = client.get("/changes").text
    assert html.fromstring(page).xpath("//section[@class='revision']/@id") == ["r2"]
    assert section(page, 2).startswith(
        "10:20 The buses are late. Friday 18 July 2025, revision 2; said why at 10:20, revision 3"
    )
    assert html.fromstring(page).xpath("//*[@id='r3']/text()") == ["said why at 10:20, revision 3"]


def test_a_note_that_is_taken_back_is_gone_from_the_page_of_changes(console: Console, client: FlaskClient) -> None:
    console.post("/organizer/note", number="2", note="The buses are late.")
    console.post("/organizer/undo", number="3")
    page = client.get("/changes").text
    assert "The buses are late." not in page
    assert section(page, 4) == "10:20 Taken back Friday 18 July 2025, revision 4, takes back the note of revision 2"
    assert html.fromstring(page).xpath("//section[@id='r4']//a/@href") == ["#r2"]


def test_the_page_of_a_session_says_why(console: Console, client: FlaskClient) -> None:
    console.post("/organizer/note", number="2", note="The buses are late.")
    page = html.fromstring(client.get("/talks/closing").text)
    [entry] = page.xpath("//*[@id='talk-story']//li/*[@class='why-then']")
    assert " ".join(entry.text_content().split()) == "Fri 18 July, 10:20: The buses are late."


def test_the_api_has_the_note_as_an_entry_of_its_own(console: Console, client: FlaskClient) -> None:
    console.post("/organizer/note", number="2", note="The buses are late.")
    changes = client.get("/api/changes?since=1").get_json()["changes"]
    shown = [(one["revision"], one["kind"], one["note"], one["explains"], len(one["sessions"])) for one in changes]
    assert shown == [(2, "edit", "", None, 1), (3, "note", "The buses are late.", 2, 0)]


def test_the_feed_has_the_note_as_an_entry_with_what_it_explains(console: Console, client: FlaskClient) -> None:
    console.post("/organizer/note", number="2", note="The buses are late.")
    found = re.findall("<(title|summary)>([^<]*)<|#(r[0-9]+)", client.get("/changes.atom").text)
    moved = "Closing remarks: 16:55–17:00 → 17:05–17:10"
    # After the title of the feed.
    assert [text or link for _, text, link in found][1:7] == ["The buses are late.", moved, "r2", moved, moved, "r2"]


# The history


def test_the_history_shows_a_note_once_at_what_it_explains(console: Console) -> None:
    console.post("/organizer/note", number="2", note="The buses are late.")
    page = console.get("/organizer/history").text
    assert html.fromstring(page).text_content().count("The buses are late.") == 1
    assert "Note: The buses are late. (given at 10:20, revision 3)" in section(page, 2)
    assert "Gave revision 2 a note" in section(page, 3)


def test_the_history_says_that_a_note_was_taken_away(console: Console) -> None:
    for note in ("The buses are late.", ""):
        console.post("/organizer/note", number="2", note=note)
    page = console.get("/organizer/history").text
    assert "Took the note of revision 2 away" in section(page, 4)
    assert "Note: The buses are late." in section(page, 3)
    assert "Note:" not in section(page, 2)


def test_the_history_shows_an_announcement_once_and_a_new_session_without_a_former_place(console: Console) -> None:
    console.edit("announce", text="Lunch is in Hall B.", minutes="30")
    console.edit("add", title="A call", minutes="5", kind="talk", time="17:30", names="")
    page = console.get("/organizer/history").text
    assert section(page, 3).count("Lunch is in Hall B.") == 1
    assert "A callNew: Fri 18 July 17:30–17:35" in section(page, 4)


# Undo


def test_the_page_of_an_undo_says_what_it_would_change(console: Console, service: Service) -> None:
    answer = console.get("/organizer/undo?number=2&back=%2Forganizer%2Fhistory")
    page = html.fromstring(answer.text)
    assert (answer.status_code, revision(service)) == (200, 2)
    assert page.xpath("//p[@class='lede']/text()") == ["Takes back revision 2: Moved to 17:05: “Closing remarks”."]
    assert "17:05–17:10 → 16:55–17:00" in " ".join(page.text_content().split())
    form = {one.get("name"): one.get("value") for one in page.xpath("//form[@action='/organizer/undo']//input")}
    assert {name: form[name] for name in ("number", "back", "note")} == {
        "number": "2",
        "back": "/organizer/history",
        "note": "",
    }
    assert page.xpath("//p[@class='back']/a/@href") == ["/organizer/history"]


def test_an_undo_leads_back_to_where_it_was_made(console: Console) -> None:
    answer = console.post("/organizer/undo", number="2", back="/organizer/history")
    assert answer.headers["Location"] == "/organizer/history?done=3"
    done = html.fromstring(console.get("/organizer/history?done=3").text).xpath("//*[@id='done']")[0]
    assert " ".join(done.text_content().split()) == "Published as revision 3.Undo"


def test_what_is_to_be_undone_first_leads_back_to_the_undo(console: Console, service: Service) -> None:
    console.edit("move", "closing", time="17:10")
    refused = console.post("/organizer/undo", number="2", note="They came.")
    assert refused.headers["Location"] == "/organizer/undo?number=2&note=They+came."
    page = console.get(refused.headers["Location"])
    assert page.status_code == 409
    form = {
        one.get("name"): one.get("value")
        for one in html.fromstring(page.text).xpath("//form[@action='/organizer/undo']//input")
    }
    token = token_on(page.text)
    first = console.client.post("/organizer/undo", data={**form, "csrf_token": token})
    assert first.headers["Location"] == "/organizer/undo?number=2&note=They+came.&done=4"
    then = html.fromstring(console.get(first.headers["Location"]).text)
    assert then.xpath("//form[@action='/organizer/undo']//input[@name='note']/@value") == ["They came."]


def test_where_nothing_is_to_be_undone_the_page_says_so(app: Flask) -> None:
    console = Console(app)
    refused = console.post("/organizer/undo")
    answer = console.get(refused.headers["Location"])
    assert (refused.headers["Location"], answer.status_code) == ("/organizer/undo", 409)
    assert "There is nothing to undo." in answer.text


def test_the_page_of_an_undo_is_refused_to_whom_the_undo_is(chair: Console, service: Service) -> None:
    answers = [chair.get(f"/organizer/undo?{query}").status_code for query in ("number=2", "number=3", "back_to=1")]
    assert (answers, revision(service)) == ([403, 200, 403], 3)
