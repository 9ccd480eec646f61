"""Ticks and notes in the console: their forms, who sees them, and that nothing of them is ever public."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask, g
from lxml import html
from sqlalchemy import event
from support.codeml_day import at, talk, two_rooms
from support.console_browser import Console, faults_on
from support.movable_clock import MovableClock
from support.publisher_processes import append_revision

from app.domain.edits.edit_types import ChangeContent
from app.domain.program import Program, Room
from app.domain.rights import Editor
from app.store.publishing import publish_edit
from app.store.room_state import RoomStates
from app.store.sign_ins import SignIn
from app.web.organizer.room_state_views import room_state_of
from app.web.running_service import Service

PAGE = "/organizer/talks/a"
SECRET = "xyzzy-say-it-so"


@pytest.fixture
def program() -> Program:
    """A talk of two people in the hall at 10:30 and one in the annex."""
    a, b = talk("a", "10:30-11:00"), talk("b", "10:30-11:00", "annex")
    return two_rooms(replace(a, speakers=("sara-hooker", "tri-dao")), replace(b, speakers=("tri-dao",)))


@pytest.fixture
def states(service: Service) -> RoomStates:
    return RoomStates(service.current.revisions)


@pytest.fixture
def chair(app: Flask) -> Console:
    """The chair of the hall."""
    return Console(app, "Ada", room="hall")


@pytest.fixture
def many_rooms(app: Flask, service: Service, program: Program) -> Console:
    """An organizer of nine rooms; in the hall another talk follows at 11:00."""
    more = tuple(Room(f"room-{number}", f"Room {number}") for number in range(3, 10))
    following = replace(talk("c", "11:00-11:30"), speakers=("sara-hooker",))
    append_revision(
        service.current.revisions,
        replace(program, rooms=(*program.rooms, *more), sessions=(*program.sessions, following)),
    )
    service.current.refresh()
    return Console(app)


def tick(console: Console, speaker: str = "sara-hooker", kind: str = "here", on: str = "1", **form: str) -> int:
    fields = {"session": "a", "speaker": speaker, "tick": kind, "on": on, **form}
    return console.post("/organizer/ticks", **fields).status_code


def pressed(page: str) -> list[str]:
    """The buttons of ticks that are set, each with the id of its form."""
    return re.findall(r'<form id="(tick-[^"]+)"(?:(?!</form>).)*aria-pressed="true"', page)


def test_a_tick_leads_back_to_the_page_of_its_form(chair: Console) -> None:
    fields = {"session": "a", "speaker": "sara-hooker", "tick": "here", "on": "1", "back": f"{PAGE}?room=hall"}
    answer = chair.post("/organizer/ticks", **fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PAGE}?room=hall")


def test_a_tick_after_an_edit_does_not_say_again_what_was_published(chair: Console) -> None:
    page = html.fromstring(chair.get(f"{PAGE}?done=1").text)
    backs = page.xpath('//form[@action="/organizer/ticks"]//input[@name="back"]/@value')
    assert set(backs) == {PAGE}


def test_a_set_tick_is_pressed_and_its_button_removes_it(chair: Console) -> None:
    assert pressed(chair.get(PAGE).text) == []
    tick(chair)
    page = chair.get(PAGE).text
    assert pressed(page) == ["tick-a-sara-hooker-here"]
    assert page.count('name="on" value="0"') == 1
    tick(chair, on="0")
    assert pressed(chair.get(PAGE).text) == []


def test_each_speaker_has_three_buttons_named_for_what_they_say(chair: Console) -> None:
    page = chair.get(PAGE).text
    assert [page.count(f"</span> {label}</button>") for label in ("Here", "Slides tested", "May be recorded")] == [
        2
    ] * 3


def test_another_page_shows_it_once_it_is_set(app: Flask, chair: Console) -> None:
    frank = Console(app)
    before = re.search(r'data-room-state="(\d+)"', frank.get(PAGE).text)
    tick(chair)
    after = re.search(r'data-room-state="(\d+)"', frank.get(PAGE).text)
    assert before
    assert after
    assert (before[1], after[1], pressed(frank.get(PAGE).text)) == ("0", "1", ["tick-a-sara-hooker-here"])


@pytest.mark.parametrize(
    ("form", "status"),
    [({"session": "b"}, 403), ({"session": "x"}, 404), ({"speaker": "matt-johnson"}, 404), ({"on": "2"}, 400)],
)
def test_what_a_chair_may_not_tick_is_refused(
    chair: Console, states: RoomStates, form: dict[str, str], status: int
) -> None:
    assert tick(chair, **form) == status
    assert states.version() == 0


def line_of_hall(console: Console) -> tuple[list[str], list[str], list[str]]:
    """The hall's line on the day page of many rooms: its tags, those that are hidden, and who is missing in it."""
    [line] = html.fromstring(console.get().text).xpath("//details[@id='desk-hall']")
    tags = [line.xpath(f"./summary//*[@class='tag'][{test}]/text()") for test in ("not(@hidden)", "@hidden")]
    return tags[0], tags[1], line.xpath(".//p[@class='missing'][not(@hidden)]/text()")


def test_a_line_of_many_rooms_says_who_is_not_ticked_when_it_is_time(many_rooms: Console, clock: MovableClock) -> None:
    both = "Sara Hooker and Tri Dao are not ticked as here."
    clock.set(at("10:19"))
    assert line_of_hall(many_rooms) == ([], ["Not ticked"], [])
    clock.set(at("10:20"))
    assert line_of_hall(many_rooms) == (["Not ticked"], [], [both])
    tick(many_rooms)
    assert line_of_hall(many_rooms) == (["Not ticked"], [], ["Tri Dao is not ticked as here."])
    tick(many_rooms, "tri-dao")
    assert line_of_hall(many_rooms) == ([], [], [])


def test_a_line_of_many_rooms_says_it_of_the_next_session_too(many_rooms: Console, clock: MovableClock) -> None:
    clock.set(at("10:45"))
    assert line_of_hall(many_rooms)[:2] == (["Not ticked"], ["Next not ticked"])
    clock.set(at("10:50"))
    tick(many_rooms)
    tick(many_rooms, "tri-dao")
    assert line_of_hall(many_rooms) == (["Next not ticked"], [], ["Sara Hooker is not ticked as here."])


def test_a_note_is_shown_with_its_author_and_removed(chair: Console) -> None:
    answer = chair.post("/organizer/chair-notes", session="a", text=f"{SECRET}\r\nask why", back=PAGE)
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    page = chair.get(PAGE).text
    assert f'<p class="note-text" dir="auto">{SECRET}\nask why</p><p class="hint">Ada</p>' in page
    note = re.search(r'name="note" value="([^"]+)"', page)
    assert note
    assert chair.post("/organizer/chair-notes/remove", note=note[1], back=PAGE).status_code == 303
    assert SECRET not in chair.get(PAGE).text


def test_a_chair_has_no_button_for_others_notes_and_an_organizer_has(app: Flask, chair: Console) -> None:
    Console(app, "Grace", room="hall").post("/organizer/chair-notes", session="a", text="of Grace")
    removes = 'action="/organizer/chair-notes/remove"'
    assert [removes in one.get(PAGE).text for one in (chair, Console(app))] == [False, True]


def test_markup_in_a_note_is_text(chair: Console) -> None:
    chair.post("/organizer/chair-notes", session="a", text="<script>alert(1)</script>")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in chair.get(PAGE).text


def refused_note(console: Console, text: str, back: str = PAGE) -> tuple[str, list[tuple[str, str]]]:
    """Send a note that is refused: what its field holds on the page that this leads to, and what is wrong with it."""
    answer = console.post("/organizer/chair-notes", session="a", text=text, back=back)
    page = console.get(answer.headers["Location"])
    assert page.status_code == 422
    [typed] = html.fromstring(page.text).xpath("//form[@id='add-note-a']//textarea")
    return typed.text or "", faults_on(page.text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Text: a note that says something."),
        (" \r\n ", "Text: a note that says something."),
        ("x" * 501, "Text: at most 500 characters, this one has 501."),
    ],
)
def test_a_note_that_is_empty_or_too_long_stays_in_its_field_with_the_reason(
    chair: Console, states: RoomStates, text: str, said: str
) -> None:
    assert refused_note(chair, text) == (text.strip(), [("note-a", said)])
    assert states.notes(["a"]) == ()


@pytest.fixture
def full(states: RoomStates) -> list[str]:
    """The ids of as many notes as a session may have."""
    ada = Editor("Ada", "chair", "hall")
    return [states.add_note("a", f"note {number}", by=ada, now=at("10:00")).id for number in range(20)]


@pytest.mark.usefixtures("full")
def test_a_session_that_has_twenty_notes_offers_no_field_for_another(chair: Console) -> None:
    assert 'action="/organizer/chair-notes"' not in chair.get(PAGE).text


def test_a_note_too_many_stays_in_its_field_until_another_is_removed(
    chair: Console, states: RoomStates, full: list[str]
) -> None:
    for text in ("one more", "字" * 500):
        assert refused_note(chair, text) == (text, [("note-a", "A session has at most 20 notes; remove one first.")])
    where = chair.post("/organizer/chair-notes", session="a", text="one more", back=PAGE).headers["Location"]
    [remove, *_] = html.fromstring(chair.get(where).text).xpath('//form[@action="/organizer/chair-notes/remove"]')
    page = chair.get(chair.client.post(remove.action, data=dict(remove.form_values())).headers["Location"]).text
    assert (">one more</textarea>" in page, faults_on(page)) == (True, [])
    assert len(states.notes(["a"])) == len(full) - 1


def test_a_refused_note_leads_to_its_form_and_keeps_the_query_of_the_page(chair: Console) -> None:
    answer = chair.post("/organizer/chair-notes", session="a", text="", back="/organizer?room=hall")
    assert answer.headers["Location"] == "/organizer?room=hall&note_on=a&note_text=#add-note-a"


def test_no_form_of_the_page_leads_back_to_a_refused_note(chair: Console) -> None:
    page = html.fromstring(chair.get(f"{PAGE}?note_on=a&note_text=").text)
    assert set(page.xpath("//input[@name='back']/@value")) == {PAGE}


def test_a_note_that_is_refused_on_one_session_is_not_shown_on_another(app: Flask) -> None:
    assert faults_on(Console(app).get("/organizer/talks/b?note_on=a&note_text=").text) == []


def test_a_note_that_is_sent_twice_is_added_once(chair: Console, states: RoomStates) -> None:
    form = {"session": "a", "text": "ask why", "back": PAGE, "once": "random"}
    answers = [chair.post("/organizer/chair-notes", **form).status_code for _ in range(2)]
    assert (answers, [one.text for one in states.notes(["a"])]) == ([303, 303], ["ask why"])


@pytest.mark.parametrize(
    ("place", "sees"),
    [({"room": "hall"}, True), ({"room": "annex"}, False), ({}, True)],
    ids=["chair", "chair of another room", "organizer"],
)
def test_ticks_and_notes_are_seen_by_organizers_and_the_rooms_chairs(
    app: Flask, states: RoomStates, place: dict[str, str], sees: bool
) -> None:
    states.add_note("a", SECRET, by=Editor("Frank"), now=at("10:00"))
    page = Console(app, "Somebody", **place).get(PAGE).text
    assert [SECRET in page, "/organizer/ticks" in page, 'class="missing"' in page] == [sees] * 3


def test_a_speaker_sees_no_notes_and_who_is_missing_but_says_that_they_are_here(app: Flask, states: RoomStates) -> None:
    states.add_note("a", SECRET, by=Editor("Frank"), now=at("10:00"))
    page = Console(app, "Sara Hooker", session="a").get(PAGE).text
    assert [SECRET in page, "/organizer/ticks" in page, 'id="missing-a"' in page] == [False, True, False]


def test_an_operators_page_has_no_version_of_the_room_state_and_a_speakers_has(app: Flask) -> None:
    operator = Console(app, "Linus", role="operator").get("/organizer").text
    speaker = Console(app, "Grace", session="a").get(PAGE).text
    assert ["data-room-state" in page for page in (operator, speaker)] == [False, True]
    assert ['data-live="organizer/live"' in page for page in (operator, speaker)] == [True, True]


MISSING = re.compile(
    r'<p class="missing" id="missing-a" data-from="([^"]+)" data-until="([^"]+)"( hidden)? dir="auto">(.*)</p>'
)


@pytest.mark.parametrize(("clock_shows", "hidden"), [("10:19", " hidden"), ("10:20", None), ("10:59", None)])
def test_who_is_missed_is_said_from_ten_minutes_before(
    chair: Console, clock: MovableClock, clock_shows: str, hidden: str | None
) -> None:
    clock.set(at(clock_shows))
    found = MISSING.search(chair.get(PAGE).text)
    assert found
    assert found.groups() == (
        "2025-07-18T10:20:00-07:00",
        "2025-07-18T11:00:00-07:00",
        hidden,
        "Sara Hooker and Tri Dao are not ticked as here.",
    )


def test_who_is_ticked_is_not_missed_and_after_the_end_nobody_is(chair: Console, clock: MovableClock) -> None:
    tick(chair)
    for clock_shows, hidden in (("10:20", None), ("11:00", " hidden")):
        clock.set(at(clock_shows))
        found = MISSING.search(chair.get(PAGE).text)
        assert found
        assert (found[3], found[4]) == (hidden, "Tri Dao is not ticked as here.")


def test_ticks_of_who_is_no_longer_a_speaker_are_not_shown(chair: Console, service: Service) -> None:
    tick(chair)
    edit = ChangeContent("a", speakers=("tri-dao",))
    publish_edit(service.current.revisions, edit, base=1, by=Editor("Frank"), note="", now=at("10:20"))
    service.current.refresh()
    page = chair.get(PAGE).text
    assert (pressed(page), "tick-a-tri-dao-here" in page) == ([], True)


def test_a_page_with_many_sessions_reads_the_ticks_and_the_notes_once(
    app: Flask, service: Service, program: Program
) -> None:
    asked: list[str] = []
    event.listen(service.database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    with app.test_request_context("/organizer"):
        g.sign_in = SignIn("x", Editor("Frank"), at("10:00"), at("10:00"), "")
        found = [room_state_of(session) for session in program.sessions]
    assert [one is not None for one in found] == [True, True]
    assert [sum(f"FROM {table}" in one for one in asked) for table in ("speaker_ticks", "chair_notes")] == [1, 1]


def test_no_two_elements_have_one_id_where_a_session_with_a_speaker_is_for_all_rooms(
    app: Flask, service: Service, program: Program, clock: MovableClock
) -> None:
    for_all = replace(talk("x", "12:00-12:30", None), speakers=("sara-hooker",))
    append_revision(service.current.revisions, replace(program, sessions=(*program.sessions, for_all)))
    service.current.refresh()
    clock.set(at("12:05"))
    page = html.fromstring(Console(app).get().text)
    ids = page.xpath("//@id")
    assert len(page.xpath('//p[@class="missing"]')) == 2
    assert sorted(ids) == sorted(set(ids))
