"""What a feed, a download and the important dates say, value by value."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from calendar_programs import NINE, PUBLIC_URL, PUBLISHED, edited, program, session, slot
from ical_checker import check_calendar, check_evolution, check_instants, events_by_uid, read_instants
from ical_reading import Component, read

from app.domain.changes import stamped
from app.domain.program import ImportantDate, Item, Link, Program, Session, Venue
from app.formats import calendar_feed
from app.formats.imports import ImportOptions, import_source

TALK = session("tri-dao", slot(15, 30), title="Attention", speakers=("ada",))
LATER = PUBLISHED + timedelta(days=17)
AOE = timezone(timedelta(hours=-12))
DEADLINE = ImportantDate(
    id="cfp",
    title="Submission deadline",
    day=date(2025, 5, 26),
    at=datetime(2025, 5, 26, 23, 59, tzinfo=AOE),
    zone_label="AoE",
    former_day=date(2025, 5, 19),
)


def feed(shown: Program, name: str = "CODEML") -> bytes:
    return calendar_feed.feed(
        shown, shown.sessions, name=name, public_url=PUBLIC_URL, feed_path="/calendar/codeml-2025.ics"
    )


def dates(shown: Program) -> bytes:
    return calendar_feed.dates_feed(shown, public_url=PUBLIC_URL, feed_path="/calendar/dates.ics", stamp=PUBLISHED)


def the_event(shown: Program) -> Component:
    [event] = read(feed(shown)).inside("VEVENT")
    return event


def values(component: Component) -> dict[str, str]:
    return {one.name: one.text for one in component.properties}


def value(shown: Program, name: str) -> str:
    return values(the_event(shown))[name]


def test_a_calendar_says_what_it_is_and_when_to_look_again() -> None:
    assert values(read(feed(program(TALK, description="A day; long, and good")))) == {
        "VERSION": "2.0",
        "PRODID": "-//codeml-agenda//Conference day//EN",
        "CALSCALE": "GREGORIAN",
        "NAME": "CODEML",
        "X-WR-CALNAME": "CODEML",
        "X-WR-CALDESC": "A day; long, and good",
        "X-WR-TIMEZONE": "America/Vancouver",
        "COLOR": "crimson",
        "X-APPLE-CALENDAR-COLOR": "#DC143C",
        "REFRESH-INTERVAL": "PT15M",
        "X-PUBLISHED-TTL": "PT15M",
        "SOURCE": f"{PUBLIC_URL}/calendar/codeml-2025.ics",
        "URL": f"{PUBLIC_URL}/",
    }


def test_the_types_of_rfc_7986_are_named() -> None:
    calendar = read(feed(program(TALK)))
    types = [one.parameters for name in ("REFRESH-INTERVAL", "SOURCE") for one in calendar.all(name)]
    assert types == [{"VALUE": "DURATION"}, {"VALUE": "URI"}]


def test_an_event_says_all_that_calendars_show() -> None:
    assert values(the_event(program(TALK))) == {
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
    event = values(the_event(program(session("talk", slot(0, 30), cancelled=True))))
    assert (event["STATUS"], event["TRANSP"]) == ("CANCELLED", "TRANSPARENT")
    assert event["DESCRIPTION"].startswith("This session is cancelled.\n\n")


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
    assert read_instants(feed(program(session("talk", slot(0, 0))))) == {"talk@codeml.example": (NINE, None)}


@pytest.mark.parametrize("kind", ["", "a, b; c"])
def test_any_kind_makes_a_sound_event(kind: str) -> None:
    assert check_calendar(feed(program(session("talk", slot(0, 30), kind=kind)))) == []


def test_a_backslash_before_a_capital_n_stays_what_it_is() -> None:
    assert value(program(session("talk", slot(0, 30), title=r"On $\NP$ and \n")), "SUMMARY") == r"On $\NP$ and \n"


def test_the_calendars_name_needs_no_escape() -> None:
    assert values(read(feed(program(TALK), "a, b;c\\d\r\ne")))["NAME"] == "a b c d e"


def test_a_name_of_nothing_else_is_the_programs_id() -> None:
    assert values(read(feed(program(TALK), ",;\\")))["X-WR-CALNAME"] == "codeml-2025"


def test_a_session_that_was_never_published_has_no_event() -> None:
    draft = Session(id="talk", title="A talk", slot=slot(0, 30), scheduled=slot(0, 30))
    with pytest.raises(ValueError, match="talk: only a published session"):
        calendar_feed.session_file(program(), draft, public_url=PUBLIC_URL)


def test_a_feed_without_sessions_is_still_a_calendar() -> None:
    assert check_calendar(feed(program())) == []


def test_a_program_without_days_and_sessions_has_a_feed() -> None:
    assert check_calendar(feed(program(days=(), timezone="UTC"))) == []


@pytest.mark.parametrize("zone", ["UTC", "Etc/UTC", "Zulu"])
def test_a_program_in_utc_needs_no_zone(zone: str) -> None:
    calendar = read(feed(program(TALK, timezone=zone)))
    assert (calendar.inside("VTIMEZONE"), values(calendar.inside("VEVENT")[0])["DTSTART"]) == ([], "20250718T161500Z")


def test_the_events_of_every_feed_are_the_same() -> None:
    shown = program(TALK, session("panel", slot(60, 30)))
    alone = calendar_feed.session_file(shown, shown.session("tri-dao"), public_url=PUBLIC_URL)
    in_all, in_one = (events_by_uid(read(data))["tri-dao@codeml.example"] for data in (feed(shown), alone))
    assert in_all == in_one


def test_a_download_makes_no_calendar_of_its_own() -> None:
    shown = program(TALK)
    alone = read(calendar_feed.session_file(shown, shown.sessions[0], public_url=PUBLIC_URL))
    assert [one.name for one in alone.properties] == ["VERSION", "PRODID", "CALSCALE"]


def test_a_download_may_have_an_alarm() -> None:
    shown = program(TALK)
    alone = calendar_feed.session_file(shown, shown.sessions[0], public_url=PUBLIC_URL, alarm_minutes=5)
    [alarm] = read(alone).inside("VEVENT")[0].inside("VALARM")
    assert check_calendar(alone) == []
    assert values(alarm) == {"ACTION": "DISPLAY", "DESCRIPTION": "Ada Lovelace: Attention", "TRIGGER": "-PT5M"}


def test_nobody_is_called_to_a_cancelled_session() -> None:
    shown = program(session("talk", slot(0, 30), cancelled=True))
    alone = calendar_feed.session_file(shown, shown.sessions[0], public_url=PUBLIC_URL, alarm_minutes=5)
    assert b"VALARM" not in alone


def test_a_public_feed_has_no_alarm_no_method_and_no_uid_of_its_own() -> None:
    calendar = read(feed(program(TALK)))
    assert [calendar.all("METHOD"), calendar.all("UID"), calendar.inside("VEVENT")[0].components] == [[], [], []]


def test_a_deadline_is_at_its_instant_and_other_dates_are_days() -> None:
    shown = program(dates=(DEADLINE, ImportantDate(id="camera-ready", title="Camera-ready", day=date(2025, 6, 30))))
    assert check_calendar(dates(shown)) == []
    assert read_instants(dates(shown)) == {
        "date-cfp@codeml.example": (datetime(2025, 5, 27, 11, 59, tzinfo=UTC), None),
        "date-camera-ready@codeml.example": (date(2025, 6, 30), None),
    }


def test_a_deadline_says_its_zone_and_its_extension() -> None:
    [event] = read(dates(program(dates=(DEADLINE,)))).inside("VEVENT")
    assert values(event)["SUMMARY"] == "CODEML: Submission deadline"
    assert values(event)["DESCRIPTION"] == (
        "Submission deadline: 26 May 2025, 23:59 AoE.\nExtended; it was 19 May 2025.\n\n"
        "https://codeml-workshop.example/pages/important-dates"
    )


def test_without_dates_their_feed_is_still_a_calendar() -> None:
    assert check_calendar(dates(program())) == []


def test_an_extended_deadline_is_a_newer_one() -> None:
    before = program(dates=(DEADLINE,))
    after = stamped(before, program(dates=(ImportantDate(id="cfp", title="Deadline", day=date(2025, 6, 2)),)), LATER, 2)
    feeds = [
        calendar_feed.dates_feed(one, public_url=PUBLIC_URL, feed_path="/d.ics", stamp=one.dates_changed_at or LATER)
        for one in (before, after)
    ]
    assert check_evolution(*feeds) == []


@pytest.mark.parametrize(
    ("fields", "sequence"),
    [
        ({"slot": slot(20, 30)}, "1"),
        ({"slot": slot(15, 30, "annex")}, "1"),
        ({"cancelled": True}, "1"),
        ({"title": "Attention!"}, "0"),
    ],
)
def test_an_edit_raises_the_stamps_and_a_move_the_sequence(fields: dict[str, object], sequence: str) -> None:
    before = program(TALK, session("panel", slot(60, 30)))
    after = edited(before, "tri-dao", LATER, **fields)
    events = events_by_uid(read(feed(after)))
    assert check_evolution(feed(before), feed(after)) == []
    assert values(events["tri-dao@codeml.example"])["SEQUENCE"] == sequence
    assert values(events["tri-dao@codeml.example"])["LAST-MODIFIED"] == "20250718T120000Z"
    assert values(events["panel@codeml.example"])["LAST-MODIFIED"] == "20250701T120000Z"


def test_another_venue_is_another_place_for_every_calendar() -> None:
    before = program(TALK)
    after = stamped(before, program(TALK, venue=Venue(name="Elsewhere")), LATER, 2)
    assert check_evolution(feed(before), feed(after)) == []
    assert value(after, "SEQUENCE") == "1"


@pytest.fixture(scope="module")
def fosdem(fixtures_path: Path) -> Program:
    source = fixtures_path / "schedules" / "giggity-fosdem_2021.xml"
    options = ImportOptions(timezone="Europe/Brussels")
    return stamped(None, import_source(source.read_bytes(), name=source.name, options=options).program, PUBLISHED, 1)


def test_the_feed_of_a_large_program_is_sound(fosdem: Program) -> None:
    expected = {
        f"{one.id}@{fosdem.domain}": (one.start, one.end if one.end > one.start else None) for one in fosdem.sessions
    }
    assert len(expected) == 773
    assert (check_calendar(feed(fosdem)), check_instants(feed(fosdem), expected)) == ([], [])


def test_after_an_edit_only_what_changed_is_written_anew(fosdem: Program) -> None:
    feed(fosdem)
    after = edited(fosdem, fosdem.sessions[0].id, LATER, title="Another title")
    begun = time.process_time()
    feed(after)
    assert time.process_time() - begun < 0.2
