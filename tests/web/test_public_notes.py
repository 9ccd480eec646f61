"""What is cancelled while it would be on, and public notes, on every page that shows the day and in `/api/now`."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from support.console_browser import Console
from support.markup import tree
from support.movable_clock import MovableClock
from support.publishing import Publish
from support.publishing import publish as publish_program

from app.domain.edits.edit_types import Announce, Cancel, ChangeContent, Move
from app.domain.program import Program, Room
from app.domain.rights import Editor
from app.store.publishing import undo
from app.web.prerender import Prerenderer
from app.web.running_service import Service

HALF_AN_HOUR = timedelta(minutes=30)
SECOND = timedelta(seconds=1)
PAGES = ("/", "/now", "/display", "/display/venue", "/rooms/venue", "/stage/venue")
ILL = "Evan is ill."


def shown(page: html.HtmlElement, slot: str) -> list[tuple[str, str]]:
    """The sessions in a slot that is shown, each with its state."""
    found = page.xpath(f"//*[@data-slot='{slot}'][not(@hidden)]//*[@data-session]")
    return [(one.get("data-session"), one.get("data-state")) for one in found]


def notes(page: html.HtmlElement) -> list[tuple[str, str]]:
    """The notes that stand on a page: id and words."""
    return [(one.get("id"), " ".join(one.text_content().split())) for one in page.xpath("//*[@class='note']")]


def reasons_beside(page: html.HtmlElement, session: str) -> set[str]:
    """The notes that a page shows in a session's card."""
    return set(map(str, page.xpath(f"//*[@data-session='{session}']//*[@data-part='note']/text()")))


def room_of(client: FlaskClient, at: str) -> dict[str, str | None]:
    """What the API says of the only room, by id."""
    [room] = client.get(f"/api/now?at=2025-07-18T{at}").get_json()["rooms"]
    assert room["item"] is None
    return {name: room[name] and room[name]["id"] for name in ("now", "next", "cancelled")}


def test_the_api_names_a_cancelled_session_from_its_start_to_its_end(client: FlaskClient, publish: Publish) -> None:
    publish(Cancel("evan-shelhamer"), ILL)
    assert room_of(client, "10:14:59")["cancelled"] is None
    for at in ("10:15", "10:44:59"):
        assert room_of(client, at) == {"now": None, "next": "sara-hooker", "cancelled": "evan-shelhamer"}
    assert room_of(client, "10:45") == {"now": "sara-hooker", "next": "contributed-morning", "cancelled": None}


def test_the_answer_changes_when_a_cancelled_session_ends(client: FlaskClient, publish: Publish) -> None:
    publish(Cancel("closing"), "")
    found = [client.get(f"/api/now?at=2025-07-18T{at}").get_json()["changes_at"] for at in ("16:55", "17:00")]
    assert found == ["2025-07-18T17:00:00-07:00", None]


@pytest.mark.parametrize("path", PAGES)
def test_a_cancelled_session_stands_in_the_place_of_what_is_on(
    client: FlaskClient, publish: Publish, path: str
) -> None:
    publish(Cancel("evan-shelhamer"), ILL)
    page = tree(client, path)
    assert shown(page, "cancelled") == [("evan-shelhamer", "later")]
    assert (shown(page, "now"), page.xpath("//*[@data-slot='now']/@hidden")) == ([], [""])
    assert shown(page, "next") == [("sara-hooker", "next")]
    assert reasons_beside(page, "evan-shelhamer") == {ILL}
    after = tree(client, f"{path}?at=2025-07-18T10:45")
    assert (shown(after, "cancelled"), shown(after, "now")) == ([], [("sara-hooker", "now")])


def test_where_nothing_is_cancelled_no_place_is_kept_for_it(client: FlaskClient) -> None:
    assert [tree(client, path).xpath("//*[@data-slot='cancelled']") for path in PAGES] == [[]] * len(PAGES)


def test_the_console_shows_a_cancelled_session_in_the_place_of_what_is_on(app: Flask, publish: Publish) -> None:
    console = Console(app)
    publish(Cancel("evan-shelhamer"), ILL)
    [card] = html.fromstring(console.get().text).xpath("//*[@id='on-venue-evan-shelhamer']")
    assert (card.get("data-until"), card.xpath(".//@data-state")) == ("2025-07-18T10:45:00-07:00", ["later"])
    assert card.xpath(".//*[@class='cause']/text()") == [ILL]


def test_the_projectors_code_is_the_days_while_a_session_is_cancelled(client: FlaskClient, publish: Publish) -> None:
    publish(Cancel("evan-shelhamer"), "")
    assert tree(client, "/display/venue").xpath("//img[@data-code]/@src") == ["/qr.svg?for=/"]


def test_rooms_with_a_cancelled_session_do_not_count_as_on(
    client: FlaskClient, service: Service, program: Program, publish: Publish
) -> None:
    rooms = tuple(Room(f"room-{number}", f"Room {number}") for number in range(4))
    publish_program(service, replace(program, rooms=(*program.rooms, *rooms)))
    publish(Cancel("evan-shelhamer"), "")
    page = tree(client, "/")
    assert page.xpath("//*[@data-count-on]/text()") == ["0"]
    assert page.xpath("//*[@data-session='evan-shelhamer']/@data-state") == ["later"]


def test_the_api_tells_a_note_with_its_sessions_for_half_an_hour(
    client: FlaskClient, publish: Publish, clock: MovableClock
) -> None:
    published = clock.now() + SECOND
    publish(Cancel("panel"), "The panel is off.")
    wanted = {"revision": 2, "text": "The panel is off.", "at": "2025-07-18T10:20:01-07:00", "sessions": ["panel"]}
    for now, standing in [
        (published, [wanted]),
        (published + HALF_AN_HOUR - SECOND, [wanted]),
        (published + HALF_AN_HOUR, []),
    ]:
        clock.set(now)
        assert client.get("/api/now").get_json()["notes"] == standing
    clock.set(published + HALF_AN_HOUR - SECOND)
    assert client.get("/api/now").get_json()["changes_at"] == "2025-07-18T10:50:01-07:00"


@pytest.mark.parametrize(("at", "revisions"), [("10:19:59", []), ("10:20", [2]), ("10:50", [2]), ("10:50:01", [])])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_another_instant_shows_the_notes_of_then(
    client: FlaskClient, publish: Publish, path: str, at: str, revisions: list[int]
) -> None:
    publish(Cancel("panel"), "The panel is off.")
    found = notes(tree(client, f"{path}?at=2025-07-18T{at}"))
    assert [name for name, _ in found] == [f"note-{number}" for number in revisions]


@pytest.mark.parametrize("path", PAGES)
def test_the_newest_note_comes_first_and_names_its_session_or_how_many(
    client: FlaskClient, publish: Publish, path: str
) -> None:
    publish(Cancel("panel"), "The panel is off.")
    publish(Announce("Lunch is served."), "At last.")
    page = tree(client, path)
    title = str(page.xpath("//*[@data-session='panel']//*[@data-part='title']/text()")[0])
    assert notes(page) == [("note-3", "10:20 At last."), ("note-2", f"10:20 The panel is off. {title}")]
    assert page.xpath("//*[@id='note-2']/@data-until") == ["2025-07-18T10:50:01-07:00"]


@pytest.mark.parametrize("path", ["/talks/panel", "/speakers", "/my", "/subscribe", "/changes"])
def test_other_pages_do_not_have_the_days_notes(client: FlaskClient, publish: Publish, path: str) -> None:
    publish(Cancel("panel"), "The panel is off.")
    assert notes(tree(client, path)) == []


def test_a_note_goes_with_its_revision(client: FlaskClient, service: Service, publish: Publish) -> None:
    publish(Cancel("panel"), "The panel is off.")
    undo(service.current.revisions, None, by=Editor("Frank"), note="", now=service.clock.now())
    service.current.refresh()
    page = tree(client, "/")
    assert (client.get("/api/now").get_json()["notes"], notes(page), reasons_beside(page, "panel")) == ([], [], set())


def test_a_rooms_pages_show_the_notes_about_that_room_and_about_none(
    client: FlaskClient, service: Service, program: Program, publish: Publish
) -> None:
    publish_program(service, replace(program, rooms=(*program.rooms, Room("annex", "Annex"))))
    publish(Cancel("panel"), "The panel is off.")
    publish(Announce("Lunch is served."), "At last.")
    here = [("venue", ["note-4", "note-3"]), ("annex", ["note-4"])]
    for room, wanted in here:
        for path in (f"/rooms/{room}", f"/stage/{room}", f"/display/{room}"):
            assert [name for name, _ in notes(tree(client, path))] == wanted
    assert [name for name, _ in notes(tree(client, "/display"))] == ["note-4", "note-3"]


def test_the_projector_of_all_rooms_shows_what_is_announced_to_one(
    client: FlaskClient, service: Service, program: Program, publish: Publish
) -> None:
    publish_program(service, replace(program, rooms=(*program.rooms, Room("annex", "Annex"))))
    publish(Announce("Please move to the front.", room="annex"), "")
    found = tree(client, "/display").xpath("//*[@id='announcement-3']/text()")
    assert [str(text).strip() for text in found] == ["Please move to the front."]


@pytest.mark.parametrize("path", [*PAGES, "/talks/closing"])
def test_a_note_stands_beside_its_session_for_as_long_as_it_is_moved(
    client: FlaskClient, publish: Publish, service: Service, program: Program, path: str
) -> None:
    closing = program.session("closing").start
    publish(Move("closing", closing + timedelta(minutes=5)), "The buses are late.")
    assert reasons_beside(tree(client, path), "closing") == {"The buses are late."}
    assert reasons_beside(tree(client, f"{path}?at=2025-07-18T16:55"), "closing") == {"The buses are late."}
    publish(Move("closing", closing), "They came.")
    assert reasons_beside(tree(client, path), "closing") == set()
    assert service.current.snapshot.revision.number == 3


@pytest.mark.parametrize("path", [*PAGES, "/talks/panel"])
def test_a_note_is_text_whatever_is_in_it(client: FlaskClient, publish: Publish, path: str) -> None:
    word = "<script>alert(1)</script> & {{ 7 * 7 }}"
    publish(Cancel("panel"), word)
    page = tree(client, path)
    assert reasons_beside(page, "panel") == {word}
    assert "<script>alert" not in client.get(path).text


def test_a_note_about_a_session_that_left_the_program_still_stands(
    client: FlaskClient, service: Service, program: Program, publish: Publish
) -> None:
    publish(ChangeContent("panel", title="Who pays?"), "A better title.")
    left = service.current.snapshot.revision.program
    publish_program(service, replace(left, sessions=tuple(one for one in left.sessions if one.id != "panel")))
    assert notes(tree(client, "/")) == [("note-2", "10:20 A better title. 1 session")]


def test_a_page_is_ready_before_a_note_ends(
    app: Flask, client: FlaskClient, service: Service, clock: MovableClock, publish: Publish
) -> None:
    end = clock.now() + SECOND + HALF_AN_HOUR
    publish(Cancel("panel"), "The panel is off.")
    prerenderer = Prerenderer(app)
    clock.set(end - SECOND)
    assert [name for name, _ in notes(tree(client, "/"))] == ["note-2"]
    prerenderer.prerender_next()
    kept = service.editions.at(service.current.snapshot, end).responses
    clock.set(end)
    assert {address.path for address in kept} >= {"/", "/now", "/display"}
    assert notes(tree(client, "/")) == []


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_a_day_with_the_longest_note_beside_half_of_its_sessions_fits_into_the_first_window(
    client: FlaskClient, publish: Publish, program: Program, encoding: str
) -> None:
    words = " ".join(session.title for session in program.sessions)[:500]
    for name in ("evan-shelhamer", "panel", "closing", "matt-johnson", "sara-hooker"):
        publish(Cancel(name), words)
    answer = client.get("/", headers={"Accept-Encoding": encoding})
    assert len(answer.data) <= 13_100
