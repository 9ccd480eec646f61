"""What an event says of its session, value by value."""

from __future__ import annotations

import pytest
from support.calendar_programs import NINE, feed_of, program, session, slot
from support.ical_checker import check_calendar, read_instants
from support.ical_lines import Component, read

from app.domain.program import Program, Venue
from app.domain.session import Item, Link

TALK = session("tri-dao", slot(15, 30), title="Attention", speakers=("ada",))


def the_event(shown: Program) -> Component:
    [event] = read(feed_of(shown)).inside("VEVENT")
    return event


def value(shown: Program, name: str) -> str:
    return the_event(shown).texts()[name]


def test_an_event_says_all_that_calendars_show() -> None:
    assert the_event(program(TALK)).texts() == {
        "UID": "tri-dao@codeml.example",
        "SEQUENCE": "0",
        "CREATED": "20250701T120000Z",
        "DTSTAMP": "20250701T120000Z",
        "LAST-MODIFIED": "20250701T120000Z",
        "DTSTART": "20250718T091500",
        "DTEND": "20250718T094500",
        "SUMMARY": "Ada Lovelace: Attention",
        "DESCRIPTION": "Ada Lovelace (Analytical Society, Ockham Park)\n\n"
        "https://codeml-workshop.example/talks/tri-dao",
        "LOCATION": "Hall A, Convention Center, 1055 Canada Pl",
        "GEO": "49.289100;-123.116200",
        "X-APPLE-STRUCTURED-LOCATION": "geo:49.289100,-123.116200",
        "URL": "https://codeml-workshop.example/talks/tri-dao",
        "CATEGORIES": "TALK",
        "STATUS": "CONFIRMED",
        "TRANSP": "OPAQUE",
        "CLASS": "PUBLIC",
    }


def test_apples_map_has_the_location_to_the_letter() -> None:
    event = the_event(program(TALK, venue=Venue(name='The "Hall": 1^2; 3', latitude=1e-7, longitude=-1e-7)))
    place = event.get("X-APPLE-STRUCTURED-LOCATION")
    assert place is not None
    assert place.parameters["X-TITLE"] == value(program(TALK, venue=Venue(name='The "Hall": 1^2; 3')), "LOCATION")


def test_a_position_has_no_exponent() -> None:
    assert (
        value(program(TALK, venue=Venue(name="Null", latitude=1e-7, longitude=180.0)), "GEO") == "0.000000;180.000000"
    )


def test_without_a_venue_the_room_is_the_place() -> None:
    assert value(program(TALK, venue=None), "LOCATION") == "Hall A"


def test_a_room_that_is_the_venue_is_named_once() -> None:
    shown = program(session("talk", slot(0, 30, None)), rooms=(), venue=Venue(name="Hall", address="1 Road"))
    assert value(shown, "LOCATION") == "Hall, 1 Road"


def test_a_session_without_a_place_has_none() -> None:
    event = the_event(program(session("talk", slot(0, 30, None)), venue=None))
    assert [event.all(name) for name in ("LOCATION", "GEO", "X-APPLE-STRUCTURED-LOCATION")] == [[], [], []]


@pytest.mark.parametrize(
    ("fields", "summary"),
    [
        ({}, "Ada Lovelace: Attention"),
        ({"speakers": ()}, "Attention"),
        ({"speakers": ("ada", "alan")}, "Ada Lovelace, Alan Turing: Attention"),
        ({"title": "TBA"}, "Ada Lovelace: TBA"),
        ({"title": "Two\r\nlines  of it"}, "Ada Lovelace: Two lines of it"),
        ({"cancelled": True}, "CANCELLED: Ada Lovelace: Attention"),
        ({"cancelled": True, "title": "CANCELLED: Attention"}, "CANCELLED: Ada Lovelace: Attention"),
        ({"cancelled": True, "title": "[Cancelled] Attention"}, "CANCELLED: Ada Lovelace: Attention"),
        ({"cancelled": True, "title": "CANCELED Attention", "speakers": ()}, "CANCELLED: Attention"),
        ({"cancelled": True, "title": "Cancelling noise", "speakers": ()}, "CANCELLED: Cancelling noise"),
        ({"cancelled": True, "title": "Cancelled", "speakers": ()}, "CANCELLED: Cancelled"),
        ({"title": "CANCELLED: Attention", "speakers": ()}, "CANCELLED: Attention"),
    ],
)
def test_the_summary_names_the_speakers_and_marks_what_is_cancelled_once(
    fields: dict[str, object], summary: str
) -> None:
    shown = program(session("talk", slot(0, 30), **{"title": "Attention", "speakers": ("ada",), **fields}))
    assert value(shown, "SUMMARY") == summary


def test_the_description_tells_people_abstract_items_links_and_address() -> None:
    shown = program(
        session(
            "posters",
            slot(0, 30),
            speakers=("ada", "alan"),
            abstract="About *posters*.\n\nAll of them.",
            items=(Item(title="A paper", number="7", authors=("B. Author", "C. Author")), Item(title="A demo")),
            links=(Link("Slides", "https://a.example/s?a=1,2"),),
        )
    )
    assert value(shown, "DESCRIPTION") == (
        "Ada Lovelace (Analytical Society, Ockham Park)\nAlan Turing\n\n"
        "About posters.\n\nAll of them.\n\n"
        "- 7. A paper (B. Author, C. Author)\n- A demo\n\n"
        "Slides: https://a.example/s?a=1,2\n\n"
        "https://codeml-workshop.example/talks/posters"
    )


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (slot(20, 30), "Was 09:15–09:45, Vancouver time."),
        (slot(15, 40), "Was 09:15–09:45, Vancouver time."),
        (slot(15, 30, "annex"), "Was in Hall A."),
        (slot(15, 30, None), "Was in Hall A."),
        (slot(20, 30, "annex"), "Was 09:15–09:45, Vancouver time.\nWas in Hall A."),
        (slot(24 * 60, 30), "Was Fri 18 July, 09:15–09:45, Vancouver time."),
    ],
)
def test_a_moved_session_says_where_it_was(now: object, words: str) -> None:
    moved = program(session("talk", slot(15, 30), slot=now))
    assert value(moved, "DESCRIPTION") == f"{words}\n\nhttps://codeml-workshop.example/talks/talk"


def test_a_cancelled_session_stays_and_takes_no_time() -> None:
    event = the_event(program(session("talk", slot(0, 30), cancelled=True))).texts()
    assert (event["STATUS"], event["TRANSP"]) == ("CANCELLED", "TRANSPARENT")
    assert event["DESCRIPTION"].startswith("This session is cancelled.\n\n")


def test_a_cancelled_session_still_says_where_it_was() -> None:
    moved = program(session("talk", slot(0, 30), slot=slot(0, 30, "annex"), cancelled=True))
    assert value(moved, "DESCRIPTION").startswith("This session is cancelled.\nWas in Hall A.\n\n")


@pytest.mark.parametrize(
    ("kind", "transparency"),
    [
        ("talk", "OPAQUE"),
        ("panel", "OPAQUE"),
        ("posters", "OPAQUE"),
        ("break", "TRANSPARENT"),
        ("lunch", "TRANSPARENT"),
    ],
)
def test_a_break_leaves_readers_free(kind: str, transparency: str) -> None:
    assert value(program(session("one", slot(0, 30), kind=kind)), "TRANSP") == transparency


def test_a_session_without_length_has_no_end() -> None:
    assert read_instants(feed_of(program(session("talk", slot(0, 0))))) == {"talk@codeml.example": (NINE, None)}


@pytest.mark.parametrize("kind", ["", "a, b; c"])
def test_any_kind_makes_a_sound_event(kind: str) -> None:
    assert check_calendar(feed_of(program(session("talk", slot(0, 30), kind=kind)))) == []


def test_a_backslash_before_a_capital_n_stays_what_it_is() -> None:
    assert value(program(session("talk", slot(0, 30), title=r"On $\NP$ and \n")), "SUMMARY") == r"On $\NP$ and \n"


def test_the_description_names_a_hundred_items_at_most() -> None:
    items = tuple(Item(title=f"Paper {number}") for number in range(1, 251))
    lines = value(program(session("posters", slot(0, 30), items=items)), "DESCRIPTION").split("\n")
    assert lines[0] == "The first 100 of 250 papers:"
    assert lines[2:102] == [f"- Paper {number}" for number in range(1, 101)]
    assert lines[102:] == ["", "https://codeml-workshop.example/talks/posters"]
