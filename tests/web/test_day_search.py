"""The search and the filters of the day's page: a program of two days, at ten on the first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from lxml import html
from support.movable_clock import MovableClock

from app.domain.program import Person, Program, Room
from app.domain.session import Session, Slot

FRIDAY = date(2025, 7, 18)
SATURDAY = FRIDAY + timedelta(days=1)
TEN = datetime(2025, 7, 18, 10, 0, tzinfo=UTC)


def session(name: str, title: str, hours: int, room: str | None = "hall", **values: object) -> Session:
    start = TEN + timedelta(hours=hours)
    slot = Slot(start=start, end=start + timedelta(hours=1), room=room)
    return replace(Session(id=name, title=title, slot=slot, scheduled=slot), **values)


@pytest.fixture
def program() -> Program:
    return Program(
        id="trees",
        title="Trees",
        timezone="UTC",
        domain="trees.example",
        days=(FRIDAY, SATURDAY),
        rooms=(Room("hall", "Hall"), Room("annex", "Annex")),
        speakers=(Person(id="zoe", name="Zoë <Straße>"),),
        sessions=(
            session("roots", "Roots & soil", -1, track="Botany", speakers=("zoe",)),
            session("leaves", "Leaves", 0, track="Botany", abstract="Above **roots**"),
            session("coffee", "Coffee", 1, None, kind="break"),
            session("bark", "Open-source bark", 2, "annex", track="Tools"),
            session("more-roots", "More roots", 24, "annex"),
        ),
    )


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(TEN)


def page(client: FlaskClient, address: str) -> html.HtmlElement:
    answer = client.get(address)
    assert answer.status_code == 200
    return html.fromstring(answer.text)


def found(tree: html.HtmlElement) -> list[str]:
    return [str(name) for name in tree.xpath("//section[contains(@class, 'results')]//li[not(@hidden)]//@data-session")]


def listed(tree: html.HtmlElement) -> list[str]:
    return [str(name) for name in tree.xpath("//section[@data-day][not(@hidden)]//li[not(@hidden)]//@data-session")]


def status(tree: html.HtmlElement) -> str:
    return str(tree.xpath("string(//*[@role='status'][@data-found])"))


def links(tree: html.HtmlElement, place: str) -> dict[str, str]:
    return {link.text_content(): link.get("href") for link in tree.xpath(f"//*[@class='{place}']//a")}


def test_words_are_found_on_all_days_and_what_is_over_stands_last(client: FlaskClient) -> None:
    tree = page(client, "/?q=roots")
    assert (found(tree), status(tree)) == (["more-roots", "leaves", "roots"], "3 found.")
    assert tree.xpath("//h2[@class='over']/following::*/@data-session") == ["roots"]
    assert listed(tree) == []


def test_words_are_found_on_the_day_that_is_chosen(client: FlaskClient) -> None:
    tree = page(client, f"/?q=roots&day={SATURDAY}")
    assert (found(tree), status(tree)) == (["more-roots"], "1 found on Sat 19 July.")
    assert links(tree, "found") == {"All days: 3": "/?q=roots", "Show all": f"/?day={SATURDAY}"}


def test_results_say_their_day_and_have_the_words_marked(client: FlaskClient) -> None:
    tree = page(client, "/?q=root+strasse")
    assert tree.xpath("//*[@class='found-day']/text()") == ["Fri 18 Jul"]
    assert tree.xpath("//section//mark/text()") == ["Roots", "Straße"]
    assert tree.xpath("string(//*[@data-part='people'])") == "Zoë <Straße>"


def test_a_word_with_a_hyphen_stays_whole_with_its_mark(client: FlaskClient) -> None:
    [title] = page(client, "/?q=source").xpath("//section//*[@data-part='title']")
    assert html.tostring(title[0], encoding="unicode", with_tail=False) == (
        '<span class="whole">Open-<mark>source</mark></span>'
    )


def test_where_title_and_names_do_not_say_why_an_excerpt_does(client: FlaskClient) -> None:
    tree = page(client, "/?q=above")
    assert tree.xpath("//p[@class='why']/text() | //p[@class='why']/mark/text()") == ["Above", " roots"]


def test_a_search_shows_neither_the_day_nor_the_boards(client: FlaskClient) -> None:
    assert page(client, "/?q=roots").xpath("//*[@data-slot or @data-day]") == []


@pytest.mark.parametrize(
    ("query", "sessions"),
    [
        ("room=annex", ["coffee", "bark"]),
        ("kind=break", ["coffee"]),
        ("track=Botany", ["roots", "leaves"]),
        ("coming=1", ["leaves", "coffee", "bark"]),
        ("track=Botany&coming=1", ["leaves"]),
    ],
)
def test_filters_leave_rows_of_the_day_out(client: FlaskClient, query: str, sessions: list[str]) -> None:
    tree = page(client, f"/?{query}")
    assert (listed(tree), status(tree)) == (sessions, f"{len(sessions)} of 4 on this day.")


def test_filters_narrow_a_search(client: FlaskClient) -> None:
    assert found(page(client, "/?q=roots&track=Botany&coming=1")) == ["leaves"]


def test_what_is_not_over_yet_disappears_at_its_end_without_another_page(client: FlaskClient) -> None:
    rows = page(client, "/?coming=1").xpath("//section[@data-day][not(@hidden)]//li[@data-until]")
    assert [(row.get("data-until"), row.get("hidden") is not None) for row in rows] == [
        ("2025-07-18T10:00:00+00:00", True),
        ("2025-07-18T11:00:00+00:00", False),
        ("2025-07-18T12:00:00+00:00", False),
        ("2025-07-18T13:00:00+00:00", False),
    ]


def test_filters_open_the_first_day_that_has_something_to_come(client: FlaskClient, clock: MovableClock) -> None:
    clock.set(TEN + timedelta(hours=4))
    assert (listed(page(client, "/?room=annex")), listed(page(client, "/?track=Botany"))) == (
        ["more-roots"],
        ["roots", "leaves"],
    )


def test_a_day_of_which_filters_leave_nothing_leads_to_others(client: FlaskClient) -> None:
    tree = page(client, f"/?day={SATURDAY}&kind=break")
    assert (status(tree), links(tree, "nothing-found")) == (
        "0 of 1 on this day.",
        {"Friday 18 July 2025": f"/?kind=break&day={FRIDAY}", "Without filters": f"/?day={SATURDAY}"},
    )


def test_the_form_holds_what_was_asked_and_counts_the_filters(client: FlaskClient) -> None:
    [form] = page(client, f"/?q=Roots&track=Botany&coming=1&day={FRIDAY}&at=2025-07-18T10:20").xpath(
        "//form[@role='search']"
    )
    assert dict(form.form_values()) == {
        "day": f"{FRIDAY}",
        "at": "2025-07-18T10:20",
        "q": "Roots",
        "room": "",
        "kind": "",
        "track": "Botany",
        "coming": "1",
    }
    assert form.xpath("string(.//summary/*[@class='count'])") == "2"


def test_a_filter_with_one_value_is_no_choice(client: FlaskClient, reader: FlaskClient) -> None:
    names = [page(one, "/").xpath("//form[@role='search']//select/@name") for one in (client, reader)]
    assert names == [["room", "kind", "track"], ["kind"]]


def test_nothing_found_says_what_to_try(client: FlaskClient) -> None:
    tree = page(client, f"/?q=roots+coffee&day={SATURDAY}")
    assert (found(tree), status(tree)) == ([], "0 found on Sat 19 July.")
    assert links(tree, "nothing-found") == {"roots": f"/?q=roots&day={SATURDAY}"}
    tree = page(client, f"/?q=leaves&day={SATURDAY}&coming=1")
    assert links(tree, "nothing-found") == {
        "On all days": "/?q=leaves&coming=1",
        "On all days without filters": "/?q=leaves",
    }


def test_a_mistyped_word_leads_to_the_one_that_is_meant_with_the_other_parameters(client: FlaskClient) -> None:
    assert links(page(client, "/?q=coffe+roost&coming=1"), "instead") == {}
    assert links(page(client, "/?q=laeves&coming=1"), "instead") == {"leaves": "/?q=leaves&coming=1"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("coming=2", 400),
        ("coming=no", 400),
        ("room=attic", 404),
        ("kind=opera", 404),
        ("track=Fish", 404),
        ("day=all", 404),
    ],
)
def test_what_no_filter_can_be_is_refused(client: FlaskClient, query: str, expected: int) -> None:
    assert client.get(f"/?{query}").status_code == expected


def test_a_text_that_is_too_long_is_cut(client: FlaskClient) -> None:
    tree = page(client, f"/?q={'roots+' * 100}")
    assert len(tree.xpath("string(//input[@name='q']/@value)")) == 100
