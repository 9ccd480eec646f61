"""The console's day page and its list of all sessions: what stands where, for one room, several and many."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from lxml import html
from support.codeml_day import at, talk, two_rooms
from support.console_browser import Console
from support.import_results import fixture
from support.movable_clock import MovableClock

from app import create_app
from app.domain.edits.edit_types import Announce, Cancel, Delay, Edit
from app.domain.program import Program
from app.domain.rights import Editor
from app.service_factory import serve_from
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from app.store.publishing import publish_edit, undo
from app.web.running_service import Service, service_of

MINUTE = timedelta(minutes=1)
LATE = Delay("evan-shelhamer", 8, shorten=(("contributed-morning", 37),))


@pytest.fixture
def console(app: Flask) -> Console:
    return Console(app)


def publish(service: Service, edit: Edit, by: str = "Alina", note: str = "") -> None:
    base, now = service.current.snapshot.revision.number, service.clock.now()
    publish_edit(service.current.revisions, edit, base=base, by=Editor(by), note=note, now=now)
    service.current.refresh()


def page(console: Console, path: str = "/organizer") -> html.HtmlElement:
    return html.fromstring(console.get(path).text)


def text(node: html.HtmlElement) -> str:
    return " ".join(node.text_content().split())


def text_of(tree: html.HtmlElement, name: str) -> str:
    return text(tree.get_element_by_id(name))


# The head


def test_the_head_says_how_the_day_stands(console: Console, service: Service) -> None:
    assert text_of(page(console), "day-state") == "on time · lunch safe"
    publish(service, LATE)
    assert text_of(page(console), "day-state") == "8 min behind · lunch safe"


def test_the_strip_has_the_plan_the_day_and_the_present_minute(console: Console) -> None:
    [strip] = page(console).xpath("//*[@id='day-head']//*[name()='svg']")
    assert len(strip.xpath(".//*[contains(@class, 'plan')]")) == 15
    assert len(strip.xpath(".//*[contains(@class, 'day ')]")) == 15
    assert strip.xpath(".//*[name()='line']/@x1") == ["16.67%"]


@pytest.mark.parametrize(
    ("minutes", "said"), [(-120, "begins at 09:00"), (420, "over"), (-1440, "begins Fri 18 July at 09:00")]
)
def test_before_and_after_the_day_the_head_says_so(
    console: Console, clock: MovableClock, minutes: int, said: str
) -> None:
    clock.set(clock.now() + minutes * MINUTE)
    assert text_of(page(console), "day-state") == said
    assert "Nothing on now." not in console.get().text


# What was done last


def test_what_was_done_last_is_named_with_undo(console: Console, service: Service) -> None:
    publish(service, LATE)
    tree = page(console)
    done = tree.get_element_by_id("done")
    assert text(done.xpath("p")[0]) == "Done 10:20 · 2 sessions moved · Alina"
    assert text(done.xpath("p")[1]).startswith("Late by 8 minutes: “DIY Deep Learning")
    assert done.xpath(".//form[@action='/organizer/undo']//input[@name='number']/@value") == ["2"]
    assert done.xpath(".//details[starts-with(@id, 'moves')]//s/text()")[:1] == ["10:15–10:45"]


def test_a_day_on_which_nobody_did_anything_has_nothing_done(console: Console) -> None:
    assert page(console).xpath("//*[@id='done']") == []


def test_the_page_of_a_form_names_its_revision_and_asks_why(console: Console, service: Service) -> None:
    publish(service, LATE, by="Frank")
    publish(service, Cancel("panel"))
    tree = page(console, "/organizer?done=2")
    assert "Late by 8 minutes" in text_of(tree, "done")
    assert "Since then Alina 10:20" in text_of(tree, "done")
    assert tree.get_element_by_id("why-2").get("open") is not None
    buttons = tree.xpath("//*[@id='why-2']//button[@name='note']/@value")
    assert "The session before ran over" in buttons
    assert page(console).get_element_by_id("why-3").get("open") is None


def test_a_note_stands_in_place_of_why(console: Console, service: Service) -> None:
    publish(service, LATE, note="The projector was late.")
    tree = page(console)
    assert "The projector was late." in text_of(tree, "done")
    assert tree.xpath("//*[@id='why-2']") == []


def test_what_is_taken_back_has_no_undo(console: Console, service: Service) -> None:
    publish(service, LATE)
    undo(service.current.revisions, 2, by=Editor("Alina"), note="", now=service.clock.now())
    service.current.refresh()
    done = page(console, "/organizer?done=2").get_element_by_id("done")
    assert "taken back" in text(done)
    assert done.xpath(".//form[@action='/organizer/undo']") == []
    assert "Took back revision 2" in text_of(page(console), "done")


def test_an_edit_that_changes_nothing_says_so(console: Console, service: Service) -> None:
    publish(service, LATE)
    assert "That changes nothing." in console.get("/organizer?done=0").text
    assert "That changes nothing." not in console.get("/organizer?done=99").text


# Now and next


def taps(tree: html.HtmlElement, place: str) -> list[str]:
    return [str(value) for value in tree.xpath(f"//*[starts-with(@id, '{place}')]//button[@name='tap']/@value")]


def test_each_button_of_now_and_next_is_one_tap(console: Console) -> None:
    tree = page(console)
    late = [f"late {minutes}" for minutes in (3, 5, 8, 10, 15)]
    assert taps(tree, "on-venue") == ["extend 5", *late, "start", "end"]
    assert taps(tree, "next-venue") == ["start", "late 5", "late 10"]
    assert tree.xpath("//*[starts-with(@id, 'on-')]//a[text()='Not here…']/@href") == [
        "/organizer/not-here/evan-shelhamer"
    ]


def test_the_end_stands_apart_and_belongs_to_the_form_of_its_session(console: Console) -> None:
    [end] = page(console).xpath("//button[@value='end']")
    assert end.getparent().get("class") == "apart"
    assert end.get("form") == "now-venue-evan-shelhamer"


@pytest.mark.parametrize(
    ("seconds_since_its_start", "is_offered"), [(0, False), (59, False), (60, True), (900, True), (901, False)]
)
def test_what_is_on_by_the_clock_may_start_only_now_in_its_first_quarter_of_an_hour(
    console: Console, clock: MovableClock, seconds_since_its_start: int, is_offered: bool
) -> None:
    clock.set(at("10:15:00") + timedelta(seconds=seconds_since_its_start))
    assert ("start" in taps(page(console), "on-venue")) is is_offered


def test_a_late_start_is_one_tap(console: Console, service: Service, clock: MovableClock) -> None:
    clock.set(at("09:07:41"))
    assert console.post("/organizer/edit", session="opening", tap="start").status_code == 303
    opening = service.current.snapshot.revision.program.session("opening")
    assert (opening.start, opening.slot.length) == (at("09:07:00"), 15 * MINUTE)


def test_minutes_left_stand_on_the_page_without_scripts(console: Console) -> None:
    assert page(console).xpath("//*[starts-with(@id, 'on-')]//*[@data-left]/text()") == ["25 min left"]


def test_what_follows_after_next_is_one_line(console: Console) -> None:
    assert text(page(console).xpath("//*[@class='then']")[0]) == "Then 11:15 Contributed talks / demos"


def test_what_ended_lately_may_be_still_on(console: Console, clock: MovableClock) -> None:
    clock.set(clock.now() + 27 * MINUTE)
    tree = page(console)
    assert taps(tree, "ended-") == ["extend 5", "late 8", "late 10"]
    assert tree.get_element_by_id("ended-venue-evan-shelhamer").get("open") is not None


def test_the_day_of_one_room_is_a_list_with_what_is_over_folded(console: Console, service: Service) -> None:
    publish(service, LATE)
    tree = page(console)
    assert text(tree.get_element_by_id("earlier").find("summary")) == "3 earlier"
    rows = tree.xpath("//section[@class='day']/ol//a")
    assert [row.get("href") for row in rows[:2]] == ["/organizer/talks/evan-shelhamer", "/organizer/talks/sara-hooker"]
    assert "was 10:45" in text(rows[1])


# Several rooms


@pytest.fixture
def rooms_app(tmp_path: Path, clock: MovableClock) -> Iterator[Flask]:
    """A talk in the hall, one in the annex later, at twenty past ten."""
    yield from served_program(two_rooms(talk("b", "10:30-10:50"), talk("a", "10:00-10:45", "annex")), tmp_path, clock)


def served_program(program: Program, folder: Path, clock: MovableClock) -> Iterator[Flask]:
    service = serve_from(open_database(sqlite_url(folder / "agenda.sqlite"), program.id), program, clock)
    yield create_app(Settings(program=Path("unread"), secret_key="for tests"), service)
    service.close()


def cards(tree: html.HtmlElement) -> list[str]:
    return [str(name) for name in tree.xpath("//*[@data-room-name]/@id")]


def test_rooms_with_something_on_come_first(rooms_app: Flask, clock: MovableClock) -> None:
    console = Console(rooms_app)
    assert cards(page(console)) == ["desk-annex", "desk-hall"]
    assert text_of(page(console), "day-state") == "2 rooms, none behind"
    clock.set(clock.now() + 90 * MINUTE)
    assert "Nothing more today: 2 rooms" in text_of(page(console), "idle-rooms")


def test_all_rooms_are_delayed_by_one_preview(rooms_app: Flask) -> None:
    tree = page(Console(rooms_app))
    forms = tree.xpath("//form[@action='/organizer/preview'][.//input[@name='everywhere']]")
    assert forms[0].xpath(".//button/@value") == ["5", "10", "15"]
    assert {form.get("method") for form in forms} == {"get"}


def test_one_room_stands_alone_at_its_address(rooms_app: Flask) -> None:
    console = Console(rooms_app)
    tree = page(console, "/organizer?room=hall")
    assert cards(tree) == ["desk-hall"]
    assert tree.xpath("//form[@class='taps']/input[@name='back']/@value") == ["/organizer?room=hall"]
    assert cards(page(console, "/organizer?room=Ann")) == ["desk-annex"]
    assert console.get("/organizer?room=cellar").status_code == 404


def test_a_chair_sees_their_room_alone(rooms_app: Flask) -> None:
    chair = Console(rooms_app, "Ada", room="annex")
    assert cards(page(chair)) == ["desk-annex"]
    assert "All rooms later" not in chair.get().text
    assert chair.get("/organizer?room=hall").status_code == 404


def test_an_operator_gets_no_link_that_they_may_not_open(rooms_app: Flask) -> None:
    tree = page(Console(rooms_app, "Linus", role="operator"))
    assert tree.xpath("//a[starts-with(@href, '/organizer/talks/')]") == []
    assert [link for link in tree.xpath("//a/@href") if "not-here" in link] == []


def test_what_was_done_in_another_room_is_not_a_chairs(rooms_app: Flask) -> None:
    service = service_of(rooms_app)
    publish(service, Delay("a", 5))
    assert page(Console(rooms_app, "Ada", room="hall")).xpath("//*[@id='done']") == []
    assert "Annex" in text_of(page(Console(rooms_app)), "done")


# All sessions


def test_all_sessions_stand_by_day_and_room(rooms_app: Flask) -> None:
    tree = page(Console(rooms_app), "/organizer/sessions")
    groups = {group.get("id"): group.xpath(".//@data-session") for group in tree.xpath("//*[@class='room-group']")}
    assert groups == {"2025-07-18-hall": ["b"], "2025-07-18-annex": ["a"]}
    assert tree.xpath("//nav[@class='room-links']/a/@href") == ["#2025-07-18-hall", "#2025-07-18-annex"]


def test_a_search_finds_sessions_without_scripts(console: Console) -> None:
    tree = page(console, "/organizer/sessions?q=hooker")
    assert tree.xpath("//li[not(@hidden)]//@data-session") == ["sara-hooker"]
    assert text(tree.xpath("//*[@data-found]")[0]) == "1 of 15 found."


def test_a_chair_lists_the_sessions_of_their_room(rooms_app: Flask) -> None:
    chair = Console(rooms_app, "Ada", room="annex")
    assert page(chair, "/organizer/sessions").xpath("//@data-session") == ["a"]


# Many rooms


@pytest.fixture(scope="module")
def many(fixtures_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """FOSDEM 2021, 106 rooms, at 14:20 on the Saturday."""
    program = fixture(fixtures_path, "schedules/giggity-fosdem_2021.xml").program
    clock = MovableClock(datetime(2021, 2, 6, 13, 20, tzinfo=UTC))
    for app in served_program(program, tmp_path_factory.mktemp("fosdem"), clock):
        yield Console(app)


@pytest.mark.slow
def test_the_page_of_106_rooms_has_each_and_is_small(many: Console) -> None:
    answer = many.get()
    assert (len(cards(html.fromstring(answer.text))), len(answer.data) < 300_000) == (106, True)


@pytest.mark.slow
def test_many_rooms_of_which_none_is_behind_are_summed_up(many: Console) -> None:
    assert text_of(page(many), "day-state") == "106 rooms, none behind"


@pytest.mark.slow
def test_of_106_rooms_one_is_found_by_its_name(many: Console) -> None:
    assert cards(page(many, "/organizer?room=D.go")) == ["desk-d-go"]


@pytest.mark.slow
def test_a_room_that_nothing_has_in_its_name_is_said_beside_the_field(many: Console) -> None:
    answer = many.get("/organizer?room=zzz")
    [form] = html.fromstring(answer.text).xpath('//form[@role="search"]')
    assert (answer.status_code, form.xpath(".//input/@value"), text(form.xpath('.//*[@class="fault"]')[0])) == (
        404,
        ["zzz"],
        "No room has this in its name.",
    )


def test_an_announcement_has_no_why(console: Console, service: Service) -> None:
    publish(service, Announce("Lunch is served."), by="Frank")
    assert page(console, "/organizer?done=2").xpath("//*[starts-with(@id, 'why-')]") == []
