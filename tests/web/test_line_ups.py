"""A line-up in the API; and what a step of one leaves as it was: feeds, exports and the story of the day."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from support.codeml_day import at
from support.line_ups import DEMOS, day, demos, item
from support.line_ups import clock as shown
from support.markup import tree
from support.movable_clock import MovableClock
from support.publishing import publish_noted

from app.domain.edits.edit_types import AddItem, Announce, Cancel, ItemAbsent, RemoveItem, Step
from app.domain.program import Program
from app.web.page_data_json import MOST_REVISIONS
from app.web.running_service import Service

C, D, E = "item-c", "item-d", "item-e"
# Whatever is read again and again, or taken away: none of it says what is on.
UNCHANGED = [
    "/calendar/codeml-2025.ics",
    "/calendar/talks.ics",
    "/calendar/dates.ics",
    "/rooms/hall.ics",
    "/talks/demos.ics",
    "/speakers/tri-dao.ics",
    "/changes.atom",
    "/export/schedule.xml",
    "/export/schedule.json",
    "/export/schedule.csv",
    "/export/papers.csv",
]


@pytest.fixture
def program() -> Program:
    """The day whose line-up has six items of five minutes, from 11:00 on; the second one is to be announced."""
    items = (
        item("a"),
        replace(item("b"), title="TBA"),
        replace(item("c"), authors=("Ada", "Grace")),
        *map(item, "def"),
    )
    return day(replace(demos(*items), speakers=("tri-dao",)))


@pytest.fixture
def clock() -> MovableClock:
    """The service's clock: it is 11:12."""
    return MovableClock(at("11:12"))


def stepped(service: Service, clock: MovableClock, *steps: str | None) -> None:
    """The program after steps, each 20 seconds after the one before."""
    for name in steps:
        publish_noted(service, Step(DEMOS, name))
        clock.set(clock.now() + timedelta(seconds=20))


def in_hall(client: FlaskClient, time: str = "") -> Any:
    answer = client.get(f"/api/now?at=2025-07-18T{time}" if time else "/api/now").get_json()
    return next(room["item"] for room in answer["rooms"] if room["room"] == "hall")


def test_now_says_what_is_on_in_the_line_up(client: FlaskClient) -> None:
    assert in_hall(client) == {
        "id": "item-c",
        "title": "C",
        "tba": False,
        "authors": ["Ada", "Grace"],
        "position": 3,
        "of": 6,
        "start": "2025-07-18T11:10:00-07:00",
        "end": "2025-07-18T11:15:00-07:00",
    }


@pytest.mark.parametrize(
    ("time", "name"),
    [("10:59:59", None), ("11:00", "item-a"), ("11:05", "item-b"), ("11:29:59", "item-f"), ("11:30", None)],
)
def test_an_item_is_on_at_its_start_and_no_longer_at_its_end(client: FlaskClient, time: str, name: str | None) -> None:
    found = in_hall(client, time)
    assert (found and found["id"]) == name


def test_what_is_to_be_announced_is_said_so(client: FlaskClient) -> None:
    found = in_hall(client, "11:06")
    assert (found["title"], found["tba"], found["position"]) == ("TBA", True, 2)


def test_the_answer_changes_when_the_next_item_begins(client: FlaskClient) -> None:
    assert client.get("/api/now").get_json()["changes_at"] == "2025-07-18T11:15:00-07:00"


def test_each_moment_has_its_own_answer(client: FlaskClient, clock: MovableClock) -> None:
    names = []
    for time in ("11:14:59", "11:15", "11:19:59", "11:20"):
        clock.set(at(time))
        names.append(in_hall(client)["id"])
    assert names == ["item-c", "item-d", "item-d", "item-e"]


def test_after_a_step_it_is_on_until_the_next(client: FlaskClient, service: Service, clock: MovableClock) -> None:
    stepped(service, clock, E)
    clock.set(at("11:29"))
    found = in_hall(client)
    assert (found["id"], found["start"], found["end"]) == (
        "item-e",
        "2025-07-18T11:12:00-07:00",
        "2025-07-18T11:17:00-07:00",
    )


def test_open_pages_turn_when_another_item_is_on(client: FlaskClient) -> None:
    [data] = tree(client, "/now").xpath("//data[@id='page-data']/@value")
    moments = [(shown(datetime.fromtimestamp(one[0], UTC)), *one[1:3]) for one in json.loads(data)["rooms"]["hall"]]
    assert moments[1:8] == [
        *((f"11:{minute:02}", "demos", "after") for minute in range(0, 30, 5)),
        ("11:30", "after"),
    ]


def test_the_program_says_who_is_absent(client: FlaskClient, service: Service) -> None:
    publish_noted(service, ItemAbsent(DEMOS, E))
    sessions = client.get("/api/program").get_json()["sessions"]
    items = next(one["items"] for one in sessions if one["id"] == DEMOS)
    assert [one["id"] for one in items if one["absent"]] == ["item-e"]
    assert [one["id"] for one in items if one["tba"]] == ["item-b"]


# What a step leaves as it was


@pytest.mark.parametrize("address", UNCHANGED)
def test_a_step_changes_no_feed_and_no_export(
    client: FlaskClient, service: Service, clock: MovableClock, address: str
) -> None:
    publish_noted(service, Announce("Coffee is here."))
    before = client.get(address)
    assert before.status_code == 200
    stepped(service, clock, D, E, None)
    after = client.get(address)
    kept = ("ETag", "Last-Modified")
    assert (after.data, [after.headers.get(name) for name in kept]) == (
        before.data,
        [before.headers.get(name) for name in kept],
    )
    again = client.get(address, headers={"If-None-Match": before.headers["ETag"]})
    assert again.status_code == 304


def test_the_story_of_the_day_has_no_steps(client: FlaskClient, service: Service, clock: MovableClock) -> None:
    publish_noted(service, ItemAbsent(DEMOS, E), "On the way.")
    before = client.get("/changes").text.partition("<main")[2].partition("</main>")[0]
    stepped(service, clock, D)
    assert client.get("/changes").text.partition("<main")[2].partition("</main>")[0] == before
    assert "Changed: line-up" in before


def test_the_list_of_changes_has_no_steps(client: FlaskClient, service: Service, clock: MovableClock) -> None:
    stepped(service, clock, D)
    publish_noted(service, ItemAbsent(DEMOS, "item-f"))
    stepped(service, clock, E)
    answer = client.get("/api/changes").get_json()
    assert (answer["revision"], [one["revision"] for one in answer["changes"]]) == (4, [1, 3])
    assert [one["revision"] for one in client.get("/api/changes?since=1").get_json()["changes"]] == [3]
    assert client.get("/api/changes?since=3").get_json() == {"revision": 4, "changes": []}


def test_steps_do_not_push_news_out_of_a_page(client: FlaskClient, service: Service, clock: MovableClock) -> None:
    publish_noted(service, Cancel("after"))
    stepped(service, clock, *([C, D] * MOST_REVISIONS)[: MOST_REVISIONS + 1])
    assert "After\\u201d is cancelled" in client.get("/now").text


def test_a_note_goes_on_to_be_shown_after_a_step(client: FlaskClient, service: Service, clock: MovableClock) -> None:
    publish_noted(service, Announce("Coffee is here."), "At last.")
    stepped(service, clock, D)
    assert [note["text"] for note in client.get("/api/now").get_json()["notes"]] == ["At last."]


def test_a_step_has_no_note_even_if_it_is_given_one(client: FlaskClient, service: Service) -> None:
    publish_noted(service, Step(DEMOS, D), "Go on.")
    assert client.get("/api/now").get_json()["notes"] == []


# Titles to be announced


def test_what_is_to_be_announced_is_no_paper_yet_but_has_its_page(client: FlaskClient) -> None:
    listed = client.get("/papers").text
    assert ("/papers/item-a" in listed, "/papers/item-b" in listed) == (True, False)
    assert "5 papers" in listed
    assert client.get("/papers/item-b").status_code == 200


@pytest.mark.parametrize("address", ["/papers?q=tba", "/?q=tba"])
def test_what_is_to_be_announced_is_not_found(client: FlaskClient, address: str) -> None:
    assert "item-b" not in client.get(address).text.partition("<main")[2]


def test_a_program_whose_items_are_all_to_be_announced_has_no_papers(reader: FlaskClient) -> None:
    """The first program has two line-ups of which no title is known."""
    assert 'class="papers-link"' not in reader.get("/").text
    assert "will be announced" in reader.get("/papers").text
    assert reader.get("/papers/contributed-1").status_code == 200


def test_the_first_programs_contributed_talks_are_line_ups(reader: FlaskClient) -> None:
    answers = [
        reader.get(f"/api/now?at=2025-07-18T{time}").get_json()["rooms"][0]["item"] for time in ("11:25", "14:06")
    ]
    assert [(one["position"], one["of"], one["tba"], one["id"]) for one in answers] == [
        (2, 5, True, "contributed-2"),
        (2, 3, True, "contributed-7"),
    ]


def test_an_item_of_which_no_title_is_known_stands_in_no_feed(client: FlaskClient) -> None:
    assert "TBA" not in client.get("/talks/demos.ics").text


def listed(client: FlaskClient) -> list[str]:
    """The rows of the session's list of items, as its page says them."""
    page = tree(client, "/talks/demos")
    return [" ".join(row.text_content().split()) for row in page.xpath('//*[@data-papers-of="demos"]/li')]


def test_the_page_of_the_session_says_when_each_is_on(client: FlaskClient) -> None:
    assert listed(client) == [
        "11:00 A 5 minutes",
        "11:05 To be announced 5 minutes",
        "11:10 C Ada, Grace 5 minutes",
        "11:15 D 5 minutes",
        "11:20 E 5 minutes",
        "11:25 F 5 minutes",
    ]


def test_what_is_to_be_announced_leads_nowhere_and_has_no_star(client: FlaskClient) -> None:
    [row] = tree(client, "/talks/demos").xpath('//*[@id="paper-item-b"]')
    assert (row.xpath(".//a"), row.get("data-item")) == ([], None)


def test_the_list_says_who_is_not_here_and_shifts_the_others(client: FlaskClient, service: Service) -> None:
    publish_noted(service, ItemAbsent(DEMOS, D))
    assert listed(client)[3:] == ["D Not here 5 minutes", "11:15 E 5 minutes", "11:20 F 5 minutes"]


def test_the_list_follows_the_steps_and_what_was_passed_over_has_no_time(
    client: FlaskClient, service: Service, clock: MovableClock
) -> None:
    stepped(service, clock, E)
    assert listed(client)[2:] == [
        "11:10 C Ada, Grace 5 minutes",
        "D 5 minutes",
        "11:12 E 5 minutes",
        "11:17 F 5 minutes",
    ]


def test_the_page_of_the_session_says_what_is_on(client: FlaskClient) -> None:
    [shown] = tree(client, "/talks/demos").xpath('//*[@data-line-up="hall"][@data-of="demos"]')
    assert " ".join(shown.text_content().split()) == "11:10 3 of 6 C Ada, Grace"


@pytest.mark.parametrize("path", ["/display", "/now"])
def test_boards_of_several_rooms_have_a_place_for_what_is_on(client: FlaskClient, path: str) -> None:
    page = tree(client, path)
    holders = page.xpath('//*[@data-line-up="hall"][not(@data-following)]')
    places = page.xpath("//*[@data-line-ups]/*/*/@data-place")
    assert (len(holders), places) == (1, [f"item-{name}" for name in "abcdef"])


def test_the_page_of_one_that_was_added_and_removed_stays_and_says_so(client: FlaskClient, service: Service) -> None:
    publish_noted(service, AddItem(DEMOS, "An extra", 3))
    publish_noted(service, RemoveItem(DEMOS, "an-extra"))
    said = tree(client, "/papers/an-extra").xpath('//article//*[@class="tag"]/text()')
    assert (said, "An extra" in client.get("/papers").text) == (["Taken out of the line-up"], False)
