"""What a feed and a download are, and how a feed follows its program."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from support.calendar_programs import PUBLIC_URL, PUBLISHED, edited, feed_of, program, session, slot
from support.ical_checker import check_calendar, check_evolution, check_instants, events_by_uid
from support.ical_lines import read

from app.domain.change_stamps import with_stamps
from app.domain.program import Program, Venue
from app.domain.session import Session
from app.formats.calendar import feed as calendar_feed
from app.importing import ImportOptions, import_source

TALK = session("tri-dao", slot(15, 30), title="Attention", speakers=("ada",))
LATER = PUBLISHED + timedelta(days=17)


def value(shown: Program, name: str) -> str:
    [event] = read(feed_of(shown)).inside("VEVENT")
    return event.texts()[name]


def test_a_calendar_says_what_it_is_and_when_to_look_again() -> None:
    assert read(feed_of(program(TALK, description="A day; long, and good"))).texts() == {
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
    calendar = read(feed_of(program(TALK)))
    types = [one.parameters for name in ("REFRESH-INTERVAL", "SOURCE") for one in calendar.all(name)]
    assert types == [{"VALUE": "DURATION"}, {"VALUE": "URI"}]


def test_the_calendars_name_needs_no_escape() -> None:
    assert read(feed_of(program(TALK), "a, b;c\\d\r\ne")).texts()["NAME"] == "a b c d e"


def test_a_name_of_nothing_else_is_the_programs_id() -> None:
    assert read(feed_of(program(TALK), ",;\\")).texts()["X-WR-CALNAME"] == "codeml-2025"


def test_a_session_that_was_never_published_has_no_event() -> None:
    draft = Session(id="talk", title="A talk", slot=slot(0, 30), scheduled=slot(0, 30))
    with pytest.raises(ValueError, match="talk: only a published session"):
        calendar_feed.session_file(program(), draft, public_url=PUBLIC_URL)


def test_a_feed_without_sessions_is_still_a_calendar() -> None:
    assert check_calendar(feed_of(program())) == []


def test_a_program_without_days_and_sessions_has_a_feed() -> None:
    assert check_calendar(feed_of(program(days=(), timezone="UTC"))) == []


@pytest.mark.parametrize("zone", ["UTC", "Etc/UTC", "Zulu"])
def test_a_program_in_utc_needs_no_zone(zone: str) -> None:
    calendar = read(feed_of(program(TALK, timezone=zone)))
    assert (calendar.inside("VTIMEZONE"), calendar.inside("VEVENT")[0].texts()["DTSTART"]) == ([], "20250718T161500Z")


def test_the_events_of_every_feed_are_the_same() -> None:
    shown = program(TALK, session("panel", slot(60, 30)))
    alone = calendar_feed.session_file(shown, shown.session("tri-dao"), public_url=PUBLIC_URL)
    in_all, in_one = (events_by_uid(read(data))["tri-dao@codeml.example"] for data in (feed_of(shown), alone))
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
    assert alarm.texts() == {"ACTION": "DISPLAY", "DESCRIPTION": "Ada Lovelace: Attention", "TRIGGER": "-PT5M"}


def test_nobody_is_called_to_a_cancelled_session() -> None:
    shown = program(session("talk", slot(0, 30), cancelled=True))
    alone = calendar_feed.session_file(shown, shown.sessions[0], public_url=PUBLIC_URL, alarm_minutes=5)
    assert b"VALARM" not in alone


def test_a_public_feed_has_no_alarm_no_method_and_no_uid_of_its_own() -> None:
    calendar = read(feed_of(program(TALK)))
    assert [calendar.all("METHOD"), calendar.all("UID"), calendar.inside("VEVENT")[0].components] == [[], [], []]


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
    events = events_by_uid(read(feed_of(after)))
    assert check_evolution(feed_of(before), feed_of(after)) == []
    assert events["tri-dao@codeml.example"].texts()["SEQUENCE"] == sequence
    assert events["tri-dao@codeml.example"].texts()["LAST-MODIFIED"] == "20250718T120000Z"
    assert events["panel@codeml.example"].texts()["LAST-MODIFIED"] == "20250701T120000Z"


def test_another_venue_is_another_place_for_every_calendar() -> None:
    before = program(TALK)
    after = with_stamps(before, program(TALK, venue=Venue(name="Elsewhere")), LATER, 2)
    assert check_evolution(feed_of(before), feed_of(after)) == []
    assert value(after, "SEQUENCE") == "1"


@pytest.fixture(scope="module")
def fosdem(fixtures_path: Path) -> Program:
    source = fixtures_path / "schedules" / "giggity-fosdem_2021.xml"
    options = ImportOptions(timezone="Europe/Brussels")
    return with_stamps(
        None, import_source(source.read_bytes(), name=source.name, options=options).program, PUBLISHED, 1
    )


@pytest.mark.slow
def test_the_feed_of_a_large_program_is_sound(fosdem: Program) -> None:
    expected = {
        f"{one.id}@{fosdem.domain}": (one.start, one.end if one.end > one.start else None) for one in fosdem.sessions
    }
    assert len(expected) == 773
    assert (check_calendar(feed_of(fosdem)), check_instants(feed_of(fosdem), expected)) == ([], [])


@pytest.mark.slow
def test_after_an_edit_only_what_changed_is_written_anew(fosdem: Program) -> None:
    feed_of(fosdem)
    after = edited(fosdem, fosdem.sessions[0].id, LATER, title="Another title")
    written = len(calendar_feed.kept_events)
    feed_of(after)
    assert len(calendar_feed.kept_events) - written == 1
