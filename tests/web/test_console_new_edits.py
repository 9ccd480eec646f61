"""The console's forms for what a session says, new sessions, another order, who is absent, and an earlier day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from lxml import html
from support.codeml_day import at, times
from support.console_browser import Console, publishing
from support.movable_clock import MovableClock

from app.domain.program import Person, Program
from app.domain.session import Item, Link
from app.web.running_service import Service

SARA, DEMOS = "sara-hooker", "contributed-morning"


@pytest.fixture
def console(app: Flask) -> Console:
    return Console(app)


def published(service: Service) -> Program:
    return service.current.snapshot.revision.program


def number(service: Service) -> int:
    return service.current.snapshot.revision.number


def buttons(page: str) -> list[str]:
    """The sentences of the buttons that publish something, in order."""
    return list(publishing(page))


def forms(page: str) -> list[dict[str, str]]:
    """What the buttons that publish something send, in order."""
    return list(publishing(page).values())


# Content


def test_an_abstract_of_the_greatest_length_is_published(console: Console, service: Service) -> None:
    text = "ab\r\n" + "x" * 19_997
    answer = console.edit("content", SARA, abstract=text)
    assert (answer.status_code, published(service).session(SARA).abstract) == (303, text.replace("\r\n", "\n"))


def test_links_are_those_of_the_form_that_have_an_address(console: Console, service: Service) -> None:
    rows = {"label": ["Slides", "Code", ""], "url": ["https://example.org/s", "", ""]}
    console.edit("content", SARA, **rows)
    assert published(service).session(SARA).links == (Link("Slides", "https://example.org/s"),)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            {"label": "Slides", "url": "ftp://example.org"},
            "&#39;ftp://example.org&#39; is not an address",
        ),
        (
            {"label": "", "url": "https://example.org/s"},
            "The link to https://example.org/s has no label",
        ),
        ({"label": ["Slides", "Code"], "url": "https://example.org/s"}, "This form is not complete; reload the page."),
    ],
)
def test_a_link_is_a_label_with_an_address(console: Console, service: Service, rows: dict[str, str], said: str) -> None:
    answer = console.edit("content", SARA, **rows)
    assert (answer.status_code in {409, 422}, said in answer.text, number(service)) == (True, True, 1)


def test_items_are_one_a_line(console: Console, service: Service) -> None:
    console.edit("content", "posters", item_lines="Caffe | Evan, Jeff | 7\r\nJAX")
    assert published(service).session("posters").items == (
        Item(id="caffe", title="Caffe", authors=("Evan", "Jeff"), number="7"),
        Item(id="jax", title="JAX"),
    )


def test_the_form_of_a_session_holds_what_it_says_now(console: Console) -> None:
    console.edit("content", "posters", item_lines="Caffe | Evan | 7")
    page = html.fromstring(console.get("/organizer/talks/posters/edit").text)
    assert page.xpath('//textarea[@name="item_lines"]')[0].text.strip() == "Caffe | Evan | 7"


def test_an_affiliation_is_changed_on_every_page_of_a_person(console: Console, service: Service) -> None:
    console.edit("content", SARA, person=SARA, affiliation="Cohere Labs; Cohere")
    assert published(service).speaker(SARA).affiliations == ("Cohere Labs", "Cohere")


def test_kind_least_length_and_whether_it_stays_are_changed_together(console: Console, service: Service) -> None:
    console.edit("content", SARA, kind="panel", minutes="20", pinned="1")
    one = published(service).session(SARA)
    assert (one.kind, one.min_minutes, one.pinned) == ("panel", 20, True)
    console.edit("content", SARA, kind="talk", minutes="", pinned="")
    one = published(service).session(SARA)
    assert (one.kind, one.min_minutes, one.pinned) == ("talk", None, False)


def test_content_moves_nothing_while_somebody_re_times_the_same_session(console: Console, service: Service) -> None:
    console.edit("shorten", SARA, minutes="25")
    assert console.edit("content", SARA, abstract="Ripe.", base=1).status_code == 303
    one = published(service).session(SARA)
    assert (one.abstract, one.slot.length) == ("Ripe.", timedelta(minutes=25))


# People


def test_a_name_that_is_nearly_somebodys_is_asked_about_and_each_answer_is_one_button(
    console: Console, service: Service
) -> None:
    answer = console.edit("content", "panel", names="Tri Dao, Matt Jonson")
    assert (answer.status_code, number(service)) == (422, 1)
    assert "“Matt Jonson” is not in the program, but Matt Johnson is." in answer.text
    assert buttons(answer.text) == ["Take Matt Johnson, who is in the program.", "Add Matt Jonson as new."]
    known, new = forms(answer.text)
    console.client.post("/organizer/edit", data=known)
    assert published(service).session("panel").speakers == ("tri-dao", "matt-johnson")
    console.client.post("/organizer/edit", data={**new, "base": "2"})
    assert published(service).session("panel").speakers == ("tri-dao", "matt-jonson")
    assert published(service).speaker("matt-jonson") == Person(id="matt-jonson", name="Matt Jonson")


# New sessions


def test_a_session_is_added_after_another_and_pushes_what_follows(console: Console, service: Service) -> None:
    console.edit("add", title="Lightning talk", minutes="5", kind="talk", after="posters", names="", time="")
    assert times(published(service), "lightning-talk", "coffee-afternoon") == {
        "lightning-talk": "15:00–15:05",
        "coffee-afternoon": "15:05–15:30",
    }


def test_a_session_is_added_at_a_time_with_new_people(console: Console, service: Service) -> None:
    console.edit("add", title="Demo", minutes="5", kind="talk", after="", time="17:00", names="Ada Lovelace")
    demo = published(service).session("demo")
    assert (times(published(service), "demo"), demo.speakers) == ({"demo": "17:00–17:05"}, ("ada-lovelace",))


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (
            {"title": "Demo", "minutes": "soon", "after": "panel"},
            "&#39;soon&#39; is not a number of minutes",
        ),
        ({"title": " ", "minutes": "5", "after": "panel"}, "A title is a text, or TBA."),
        ({"title": "Demo", "minutes": "5", "time": ""}, "&#39;&#39; is not a time of day such as 10:25."),
        ({"title": "Demo", "minutes": "5", "time": "10:00"}, "10:00 has passed; it is 10:20."),
        ({"title": "Demo", "minutes": "5", "time": "13:10"}, "13:10 is during “JAX and OSS at Google / DeepMind”."),
        ({"title": "Demo", "minutes": "5", "time": "13:10", "day": "2025-07-19"}, "is not a day of the program."),
    ],
)
def test_what_cannot_be_added_is_refused_in_plain_words(
    console: Console, service: Service, form: dict[str, str], said: str
) -> None:
    answer = console.edit("add", kind="talk", names="", **form)
    assert (answer.status_code in {409, 422}, said in answer.text, number(service)) == (True, True, 1)


def test_a_time_inside_another_session_has_the_places_beside_it_as_buttons(console: Console) -> None:
    answer = console.edit("add", title="Demo", minutes="5", kind="talk", time="13:10", names="")
    assert buttons(answer.text) == [
        "Add it after “JAX and OSS at Google / DeepMind”, at 13:30: 13:30–13:35.",
        "Add it before “JAX and OSS at Google / DeepMind”, at 13:00: 13:00–13:05.",
    ]


def test_the_form_for_a_new_session_offers_what_is_to_come(console: Console, clock: MovableClock) -> None:
    clock.set(at("16:55"))
    page = html.fromstring(console.get("/organizer/add").text)
    assert page.xpath('//select[@name="after"]//option/@value') == ["", "closing"]


# Order


def test_the_page_of_the_order_has_what_is_to_come_and_fixed_sessions_have_no_position(
    console: Console, clock: MovableClock
) -> None:
    clock.set(at("12:30"))
    page = html.fromstring(console.get("/organizer/order").text)
    assert page.xpath('//input[@name="session"]/@value') == [
        *("matt-johnson", "chris-rackauckas", "contributed-afternoon", "posters", "stella-biderman", "panel")
    ]
    assert page.xpath('//input[@name="position"]/@value') == ["2", "3", "4", "5", "7", "8"]


def test_other_positions_are_another_order(console: Console, service: Service, clock: MovableClock) -> None:
    clock.set(at("12:30"))
    run = ["matt-johnson", "chris-rackauckas", "contributed-afternoon", "posters"]
    console.edit("reorder", session=run, was=["2", "3", "4", "5"], position=["4", "3", "4", "5"])
    assert times(published(service), *run[:3]) == {
        "chris-rackauckas": "13:00–13:30",
        "contributed-afternoon": "13:30–13:45",
        "matt-johnson": "13:45–14:15",
    }


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (
            {"session": ["panel", "posters"], "was": ["1", "2"], "position": ["1", "2"]},
            "Give the sessions other positions",
        ),
        (
            {"session": ["panel", "posters"], "was": ["1", "2"], "position": ["1", "x"]},
            "&#39;x&#39; is not a position.",
        ),
        (
            {"session": ["panel", "posters"], "was": ["1", "2"], "position": ["1"]},
            "This form is not complete; reload the page.",
        ),
    ],
)
def test_an_order_that_is_none_is_refused_in_plain_words(
    console: Console, service: Service, form: dict[str, list[str]], said: str
) -> None:
    answer = console.post("/organizer/edit", do="reorder", base="1", **form)
    assert (answer.status_code, said in answer.text, number(service)) == (422, True, 1)


# Not here


def test_not_here_shows_what_moves_and_publishes_it_with_the_next_tap(
    console: Console, service: Service, clock: MovableClock
) -> None:
    clock.set(at("10:47:27"))
    shown = console.preview("absent", SARA)
    assert (number(service), buttons(shown.text)[0]) == (1, "Publish")
    console.client.post("/organizer/edit", data=forms(shown.text)[0])
    assert times(published(service), DEMOS, SARA) == {DEMOS: "10:45–11:30", SARA: "11:30–12:00"}
    assert [one.id for one in published(service).sessions if one.cancelled] == []


def test_the_first_page_offers_not_here_for_what_is_on_and_next(console: Console, clock: MovableClock) -> None:
    clock.set(at("10:47"))
    page = html.fromstring(console.get().text)
    links = page.xpath('//a[text()="Not here…"]/@href')
    assert links == [f"/organizer/not-here/{name}" for name in (SARA, DEMOS)]


# All rooms, and an earlier day


def test_all_rooms_are_late_by_one_form(console: Console, service: Service) -> None:
    console.edit("late", everywhere="1", minutes="5", note="The projector")
    assert number(service) == 1
    answer = console.edit("late", everywhere="1", minutes="5")
    assert buttons(answer.text)[0].startswith("Begin “Lunch and discussion” late and end it on time: 12:00–13:00 →")


def test_the_history_tells_each_edit_in_words_and_goes_back_to_an_earlier_day(
    console: Console, service: Service, clock: MovableClock
) -> None:
    console.edit("cancel", "panel", note="Flu.")
    console.edit("content", "panel", title="Who pays?")
    page = html.fromstring(console.get("/organizer/history").text)
    told = [" ".join(p.text_content().split()) for p in page.xpath('//section[@class="revision"]/p')]
    assert [line for line in told if line.startswith(("Changed", "Cancelled", "Note"))] == [
        "Changed title: “Who pays?”",
        "Cancelled: “Panel discussion”",
        "Note: Flu.",
        "Note: The program as published.",
    ]
    assert console.post("/organizer/undo", back_to="1").status_code == 303
    panel = published(service).session("panel")
    assert (number(service), panel.status, panel.title) == (4, "confirmed", "Who pays?")
    assert "The day as it stood in revision 1" in console.get("/organizer/history").text
    console.post("/organizer/undo")
    assert published(service).session("panel").status == "cancelled"


def test_going_back_to_where_the_day_is_is_refused(console: Console, service: Service) -> None:
    refused = console.post("/organizer/undo", back_to="1", back="/organizer/history")
    assert refused.headers["Location"] == "/organizer/undo?back_to=1&back=%2Forganizer%2Fhistory"
    answer = console.get(refused.headers["Location"])
    assert (answer.status_code, "What has not ended is as it stood in revision 1." in answer.text) == (409, True)


def test_an_undo_is_refused_with_the_revisions_to_undo_first(console: Console) -> None:
    console.edit("content", "panel", title="One")
    console.edit("content", "panel", title="Two")
    refused = console.post("/organizer/undo", number="2")
    assert (refused.status_code, refused.headers["Location"]) == (303, "/organizer/undo?number=2")
    answer = console.get("/organizer/undo?number=2")
    said = "Revision 2 cannot be undone: the same was changed since (title of “Two”); undo 3 first."
    assert (answer.status_code, said in answer.text) == (409, True)
    assert undo_first(answer.text) == ["3"]


def test_the_note_of_an_undo_that_is_not_possible_stays_on_the_page(console: Console) -> None:
    console.edit("content", "panel", title="One")
    console.post("/organizer/undo", number="2")
    where = console.post("/organizer/undo", number="2", note="By mistake.").headers["Location"]
    page = html.fromstring(console.get(where).text)
    assert [page.findtext(f".//main//{part}") for part in ("h1", "q")] == ["Not possible", "By mistake."]


def undo_first(page: str) -> list[str]:
    """The revisions that a page has undone first."""
    return [*html.fromstring(page).xpath('//form[@id="undo-first"]//button[@name="number"]/@value')]


def pressed(console: Console, page: str, number: str) -> str:
    """Where the button leads that undoes a revision first."""
    [form] = html.fromstring(page).xpath('//form[@id="undo-first"]')
    fields = {field.get("name"): field.get("value") for field in form.xpath(".//input")}
    return console.post("/organizer/undo", **{**fields, "number": number}).headers["Location"]


def test_what_is_undone_first_leads_back_to_the_undo_with_its_note(console: Console, service: Service) -> None:
    for title in ("One", "Two"):
        console.edit("content", "panel", title=title)
    note = "字" * 300
    where = console.post("/organizer/undo", number="2", note=note, back="/organizer/history").headers["Location"]
    where = pressed(console, console.get(where).text, "3")
    page = html.fromstring(console.get(where).text)
    assert (number(service), service.current.snapshot.revision.note) == (4, "")
    assert page.xpath('//main//input[@name="note"]/@value') == [note]
    assert page.xpath('//main//input[@name="back" or @name="number"]/@value') == ["2", "/organizer/history"]


def test_of_an_undo_on_the_way_to_another_one_all_leads_back_to_that_other_one(console: Console) -> None:
    for title in ("One", "Two", "Three"):
        console.edit("content", "panel", title=title)
    wanted = "/organizer/undo?number=2&back=%2Forganizer%2Fhistory"
    where = pressed(console, console.get(wanted).text, "3")
    page = console.get(where).text
    assert (undo_first(page), pressed(console, page, "4")) == (["4"], f"{wanted}&done=5")


def test_an_undo_that_clashes_is_refused_with_ways_out_that_can_be_published(
    console: Console, service: Service
) -> None:
    console.edit("cancel", "sara-hooker")
    console.edit("extend", "evan-shelhamer", minutes="10")
    refused = console.post("/organizer/undo", number="2", note="She came.", back="/organizer/history")
    page = console.get(refused.headers["Location"])
    assert page.status_code == 409
    [way] = publishing(page.text).values()
    [note] = html.fromstring(page.text).xpath('//form[@id="publishing"]//input[@name="note"]/@value')
    answer = console.send("/organizer/edit", {**way, "note": note})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/organizer/history?done=4")
    assert published(service).clock(published(service).session("sara-hooker").start) == "17:00"
    assert service.current.revisions.get(4).note == "She came."


def test_going_back_is_shown_before_it_is_published(console: Console, service: Service) -> None:
    console.edit("cancel", "panel")
    shown = console.get("/organizer/undo?back_to=1")
    page = html.fromstring(shown.text)
    assert (shown.status_code, number(service)) == (200, 2)
    assert page.xpath('//form//input[@name="back_to"]/@value') == ["1"]
    assert "Panel discussion" in page.xpath('//ul[@class="changes"]')[0].text_content()


def test_an_edit_that_would_change_nothing_has_no_button(console: Console) -> None:
    answer = console.preview("late", "panel", minutes="0")
    assert (buttons(answer.text), "<h1>This changes nothing</h1>" in answer.text) == ([], True)


def test_a_base_of_nothing_is_no_revision(console: Console, service: Service) -> None:
    console.edit("content", "panel", title="One")
    assert (console.edit("content", "panel", title="Two", base="0").status_code, number(service)) == (404, 2)


def test_a_session_shorter_than_its_least_length_by_now_can_get_another_kind(
    console: Console, service: Service, clock: MovableClock
) -> None:
    console.edit("content", SARA, kind="talk", minutes="25")
    console.edit("shorten", SARA, minutes="20")
    assert console.edit("content", SARA, kind="panel", minutes="25").status_code == 303
    one = published(service).session(SARA)
    assert (one.kind, one.min_minutes, one.slot.length) == ("panel", 25, timedelta(minutes=20))


def test_the_reason_is_given_beside_publish(console: Console, service: Service, clock: MovableClock) -> None:
    clock.set(at("10:47"))
    shown = console.preview("absent", SARA)
    console.client.post("/organizer/edit", data={**forms(shown.text)[0], "note": "Her train is late."})
    assert service.current.snapshot.revision.note == "Her train is late."
