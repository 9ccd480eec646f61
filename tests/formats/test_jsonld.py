"""Structured data: what schema.org allows, and what `/api/program` says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.calendar_programs import PUBLIC_URL, PUBLISHED, next_programs, program, session, slot, troubled_programs
from support.strategies import examples

from app.domain.change_stamps import with_stamps
from app.domain.program import Person, Program
from app.formats import api_program
from app.formats.jsonld import program_data, session_data

Json = dict[str, Any]
FEW = examples(40)

TEXT, WEB_ADDRESS, NUMBER, INSTANT = "Text", "URL", "Number", "DateTime"
# Of schema.org 30: each type that is used, its properties, and what their values may be. `previousStartDate` is a
# Date there; its examples and Google's rules for events give the time as well.
VOCABULARY: dict[str, dict[str, set[str]]] = {
    "Event": {
        "name": {TEXT},
        "description": {TEXT},
        "url": {WEB_ADDRESS},
        "inLanguage": {TEXT},
        "startDate": {INSTANT},
        "endDate": {INSTANT},
        "previousStartDate": {INSTANT},
        "eventStatus": {"EventStatusType"},
        "eventAttendanceMode": {"EventAttendanceModeEnumeration"},
        "location": {"Place"},
        "organizer": {"Person", "Organization"},
        "performer": {"Person", "Organization"},
        "subEvent": {"Event"},
        "superEvent": {"Event"},
        "workFeatured": {"ScholarlyArticle"},
    },
    "ScholarlyArticle": {
        "name": {TEXT},
        "url": {WEB_ADDRESS},
        "author": {"Person"},
        "sameAs": {WEB_ADDRESS},
        "abstract": {TEXT},
    },
    "Place": {
        "name": {TEXT},
        "address": {TEXT},
        "geo": {"GeoCoordinates"},
        "containedInPlace": {"Place"},
    },
    "GeoCoordinates": {"latitude": {NUMBER}, "longitude": {NUMBER}},
    "Person": {"name": {TEXT}, "url": {WEB_ADDRESS}, "affiliation": {"Organization"}},
    "Organization": {"name": {TEXT}},
}
MEMBERS = {
    "EventStatusType": {"EventScheduled", "EventRescheduled", "EventCancelled", "EventPostponed", "EventMovedOnline"},
    "EventAttendanceModeEnumeration": {
        "OfflineEventAttendanceMode",
        "OnlineEventAttendanceMode",
        "MixedEventAttendanceMode",
    },
}
NEEDED = {"Event": {"name", "startDate", "location"}, "Place": {"name"}, "Person": {"name"}, "Organization": {"name"}}


def faults(node: Json, known: dict[str, str], path: str = "") -> list[str]:
    """Violations of schema.org, in a node and in those below it."""
    if set(node) == {"@id"}:
        return [] if node["@id"] in known else [f"{path}: nothing is called {node['@id']}"]
    kind = node["@type"]
    found = [f"{path}: no {name}" for name in sorted(NEEDED.get(kind, set()) - set(node))]
    for name, value in node.items():
        if name.startswith("@"):
            continue
        for one in value if isinstance(value, list) else [value]:
            allowed = VOCABULARY[kind].get(name, set())
            if not any(_is(one, expected, known) for expected in allowed):
                found.append(f"{path}.{name}: {one!r} is none of {sorted(allowed)}")
            if isinstance(one, dict):
                found += faults(one, known, f"{path}.{name}")
    return found


def _is(value: object, expected: str, known: dict[str, str]) -> bool:
    if isinstance(value, dict):
        return expected == (value.get("@type") or known.get(value["@id"]))
    if expected == NUMBER:
        return isinstance(value, int | float)
    if not isinstance(value, str) or not value:
        return False
    if expected in MEMBERS:
        return value.removeprefix("https://schema.org/") in MEMBERS[expected]
    if expected == INSTANT:
        return datetime.fromisoformat(value).tzinfo is not None or date.fromisoformat(value).isoformat() == value
    return expected == TEXT or (expected == WEB_ADDRESS and value.startswith(("https://", "http://")))


def types_by_id(node: object) -> dict[str, str]:
    """The types of all nodes that have an `@id`, by it."""
    if isinstance(node, list):
        return {name: kind for one in node for name, kind in types_by_id(one).items()}
    if not isinstance(node, dict):
        return {}
    own = {node["@id"]: node["@type"]} if {"@id", "@type"} <= set(node) else {}
    return {**own, **types_by_id(list(node.values()))}


def checked(text: str) -> Json:
    """The data of a page, checked against schema.org."""
    data: Json = json.loads(text)
    assert data["@context"] == "https://schema.org"
    assert faults(data, types_by_id(data)) == []
    return data


def statuses(shown: Program) -> dict[str, tuple[str | None, ...]]:
    """Start, end, status and former start by address, as `/api/program` has them."""
    found: dict[str, tuple[str | None, ...]] = {}
    for one in api_program.Program.from_parts(shown, revision=1).sessions:
        moved = one.status == "moved" and one.start != one.scheduled_start
        status = {"cancelled": "EventCancelled"}.get(one.status, "EventRescheduled" if moved else "EventScheduled")
        former = one.scheduled_start if moved else None
        found[PUBLIC_URL + one.url] = (one.start, one.end, f"https://schema.org/{status}", former)
    return found


def time_and_status(event: Json) -> tuple[str | None, ...]:
    return event["startDate"], event["endDate"], event["eventStatus"], event.get("previousStartDate")


def publishable(drawn: Program, now: datetime = PUBLISHED, before: Program | None = None) -> Program:
    return with_stamps(before, drawn, now, 1)


@given(st.data(), troubled_programs())
@FEW
def test_times_and_status_are_those_of_the_api_through_edits_and_undos(data: st.DataObject, drawn: Program) -> None:
    shown, earlier = publishable(drawn), [drawn]
    for _ in range(data.draw(st.integers(0, 3))):
        following = publishable(data.draw(next_programs(shown, earlier)), before=shown)
        earlier.append(shown)
        shown = following
    whole = checked(program_data(shown, PUBLIC_URL))
    assert {event["url"]: time_and_status(event) for event in whole.get("subEvent", [])} == statuses(shown)
    alone = [checked(session_data(shown, one, PUBLIC_URL)) for one in shown.sessions]
    assert {event["url"]: time_and_status(event) for event in alone} == statuses(shown)


@given(troubled_programs())
@FEW
def test_nothing_in_a_program_ends_the_element_that_carries_it(drawn: Program) -> None:
    texts = [program_data(drawn, PUBLIC_URL), *(session_data(drawn, one, PUBLIC_URL) for one in drawn.sessions)]
    assert [char for text in texts for char in "<>&\u2028\u2029" if char in text] == []


def test_a_title_that_is_markup_arrives_as_it_was() -> None:
    title = "</script><script>alert('&lt;')</script><!--"
    shown = program(session("talk", slot(0, 30), title=title))
    text = program_data(shown, PUBLIC_URL)
    assert (checked(text)["subEvent"][0]["name"], "</" in text) == (title, False)


def test_the_event_spans_its_sessions_in_venue_time() -> None:
    data = checked(program_data(program(session("a", slot(0, 30)), session("b", slot(60, 45))), PUBLIC_URL))
    assert (data["startDate"], data["endDate"]) == ("2025-07-18T09:00:00-07:00", "2025-07-18T10:45:00-07:00")


def test_an_event_without_sessions_is_on_its_day() -> None:
    data = checked(program_data(program(), PUBLIC_URL))
    assert (data["startDate"], "subEvent" in data) == ("2025-07-18", False)


def test_a_moved_session_tells_its_former_start() -> None:
    moved = replace(session("talk", slot(10, 30)), scheduled=slot(0, 30))
    [event] = checked(program_data(program(moved), PUBLIC_URL))["subEvent"]
    assert time_and_status(event) == (
        "2025-07-18T09:10:00-07:00",
        "2025-07-18T09:40:00-07:00",
        "https://schema.org/EventRescheduled",
        "2025-07-18T09:00:00-07:00",
    )


def test_another_room_alone_is_no_other_date() -> None:
    moved = replace(session("talk", slot(0, 30, "annex")), scheduled=slot(0, 30, "hall"))
    [event] = checked(program_data(program(moved), PUBLIC_URL))["subEvent"]
    assert (event["eventStatus"], event["location"]["name"]) == ("https://schema.org/EventScheduled", "Annex")


@pytest.mark.parametrize("scheduled", [slot(0, 30), slot(60, 30)], ids=["in its place", "moved before"])
def test_a_cancelled_session_is_cancelled_whatever_was_before(scheduled: Any) -> None:
    gone = replace(session("talk", slot(0, 30), cancelled=True), scheduled=scheduled)
    [event] = checked(program_data(program(gone), PUBLIC_URL))["subEvent"]
    assert (event["eventStatus"], "previousStartDate" in event) == ("https://schema.org/EventCancelled", False)


def test_the_people_of_a_session_are_its_performers() -> None:
    data = checked(session_data(program(), session("talk", slot(0, 30), speakers=("ada",)), PUBLIC_URL))
    assert data["performer"] == [
        {
            "@type": "Person",
            "name": "Ada Lovelace",
            "affiliation": [
                {"@type": "Organization", "name": "Analytical Society"},
                {"@type": "Organization", "name": "Ockham Park"},
            ],
        }
    ]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "mailto:a@b.example", "nowhere"])
def test_a_persons_address_that_is_none_of_the_web_is_left_out(url: str) -> None:
    shown = program(session("talk", slot(0, 30), speakers=("eve",)), speakers=(Person(id="eve", name="Eve", url=url),))
    [event] = checked(program_data(shown, PUBLIC_URL))["subEvent"]
    assert event["performer"] == [{"@type": "Person", "name": "Eve"}]


def test_the_same_program_gives_the_same_text() -> None:
    shown = program(session("talk", slot(0, 30), speakers=("ada", "alan")))
    assert program_data(shown, PUBLIC_URL) == program_data(shown, PUBLIC_URL)
