"""The checker itself: each rule has a sample that breaks it and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from support.ical_checker import check_calendar, check_evolution, check_instants, read_instants
from support.ical_http_rules import Read, check_changed, check_reads

GOOD = (
    b"BEGIN:VCALENDAR\r\n"
    b"VERSION:2.0\r\n"
    b"PRODID:-//codeml-agenda//Test//EN\r\n"
    b"BEGIN:VTIMEZONE\r\n"
    b"TZID:America/Vancouver\r\n"
    b"BEGIN:DAYLIGHT\r\n"
    b"DTSTART:20250309T020000\r\n"
    b"TZOFFSETFROM:-0800\r\n"
    b"TZOFFSETTO:-0700\r\n"
    b"END:DAYLIGHT\r\n"
    b"END:VTIMEZONE\r\n"
    b"BEGIN:VEVENT\r\n"
    b"UID:panel@codeml.example\r\n"
    b"SEQUENCE:1\r\n"
    b"DTSTAMP:20250701T120000Z\r\n"
    b"CREATED:20250601T120000Z\r\n"
    b"LAST-MODIFIED:20250701T120000Z\r\n"
    b"DTSTART;TZID=America/Vancouver:20250718T090000\r\n"
    b"DTEND;TZID=America/Vancouver:20250718T100000\r\n"
    b"SUMMARY:Panel\\, with\\nall\r\n"
    b"LOCATION:Hall A\\; left\r\n"
    b"GEO:49.289100;-123.116200\r\n"
    b'X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-TITLE="Hall A; left":geo:49,-123\r\n'
    b"URL:https://codeml.example/talks/panel?a,b;c\r\n"
    b"STATUS:CONFIRMED\r\n"
    b"TRANSP:OPAQUE\r\n"
    b"END:VEVENT\r\n"
    b"END:VCALENDAR\r\n"
)
START, END = datetime(2025, 7, 18, 16, tzinfo=UTC), datetime(2025, 7, 18, 17, tzinfo=UTC)
EVENT = GOOD[GOOD.index(b"BEGIN:VEVENT") : GOOD.index(b"END:VCALENDAR")]
ZONE = GOOD[GOOD.index(b"BEGIN:VTIMEZONE") : GOOD.index(b"BEGIN:VEVENT")]
STAMPS_LATER = ((b"DTSTAMP:20250701", b"DTSTAMP:20250702"), (b"MODIFIED:20250701", b"MODIFIED:20250702"))

BAD = {
    "rule 1: begins with a byte order mark": (b"BEGIN:VCALENDAR", b"\xef\xbb\xbfBEGIN:VCALENDAR"),
    "rule 1: does not end with CRLF": (b"END:VCALENDAR\r\n", b"END:VCALENDAR"),
    "rule 1: has a line break other than CRLF": (b"STATUS:CONFIRMED\r\n", b"STATUS:CONFIRMED\n"),
    "rule 1: line 21 has 76 octets": (b"LOCATION:Hall A", b"COMMENT:" + b"x" * 68 + b"\r\nLOCATION:Hall A"),
    "rule 1: line 2 is empty": (b"VERSION", b"\r\nVERSION"),
    "rule 1: END:VEVENT closes nothing": (b"BEGIN:VEVENT", b"BEGIN:VTODO"),
    "rule 1: VCALENDAR is not closed": (b"END:VCALENDAR\r\n", b""),
    "rule 1: is not one VCALENDAR": (b"END:VCALENDAR\r\n", b"END:VCALENDAR\r\nX-A:b\r\n"),
    "rule 1: a control character": (b"Panel", b"Pa\x00nel"),
    "rule 2: 0 PRODID": (b"PRODID:-//codeml-agenda//Test//EN\r\n", b""),
    "rule 2: 2 VERSION": (b"VERSION:2.0\r\n", b"VERSION:2.0\r\nVERSION:2.0\r\n"),
    "rule 2: no component": (ZONE + EVENT, b""),
    "rule 2: 0 UID": (b"UID:panel@codeml.example\r\n", b""),
    "rule 2: 0 DTSTAMP": (b"DTSTAMP:20250701T120000Z\r\n", b""),
    "rule 2: 2 events are panel@codeml.example": (EVENT, EVENT + EVENT),
    "rule 3: VEVENT panel@codeml.example: DTSTAMP": (b"DTSTAMP:20250701T120000Z", b"DTSTAMP:20250701T120000"),
    "rule 3: VEVENT panel@codeml.example: CREATED": (b"CREATED:", b"CREATED;TZID=America/Vancouver:"),
    "rule 3: VEVENT panel@codeml.example: DTSTART:20250718T090000 is neither": (
        b"DTSTART;TZID=America/Vancouver",
        b"DTSTART",
    ),
    "rule 3: VEVENT panel@codeml.example: ends at": (b"20250718T100000", b"20250718T090000"),
    "rule 3: VEVENT panel@codeml.example: has DTEND and DURATION": (b"STATUS", b"DURATION:PT1H\r\nSTATUS"),
    "rule 3: VEVENT panel@codeml.example: no DTSTART": (b"DTSTART;TZID=America/Vancouver:20250718T090000\r\n", b""),
    "rule 3: VEVENT panel@codeml.example: DTSTART is in Asia/Tokyo": (
        b"DTSTART;TZID=America/Vancouver",
        b"DTSTART;TZID=Asia/Tokyo",
    ),
    "rule 4: 0 VTIMEZONE for America/Vancouver": (ZONE, b""),
    "rule 4: 2 VTIMEZONE for America/Vancouver": (ZONE, ZONE + ZONE),
    "rule 4: VTIMEZONE Asia/Tokyo is not used": (
        ZONE,
        ZONE + ZONE.replace(b"America/Vancouver", b"Asia/Tokyo"),
    ),
    "rule 4: VTIMEZONE America/Vancouver: the change": (b"20250309T020000", b"20250309T030000"),
    "rule 4: VTIMEZONE Mars/Olympus is no zone": (b"America/Vancouver", b"Mars/Olympus"),
    "rule 5: SUMMARY": (b"Panel\\, with", b"Panel, with"),
    "rule 5: LOCATION": (b"Hall A\\; left", b"Hall A; left"),
    "rule 5: URL": (b"a,b;c", b"a\\,b\\;c"),
    "rule 5: X-TITLE is not the LOCATION": (b'"Hall A; left"', b'"Hall A"'),
    "rule 1: a parameter that is not quoted": (b'"Hall A; left"', b"Hall A, left"),
    "rule 6: 2 SUMMARY": (b"STATUS", b"SUMMARY:Again\r\nSTATUS"),
    "rule 6: STATUS:MOVED": (b"STATUS:CONFIRMED", b"STATUS:MOVED"),
    "rule 6: TRANSP:BUSY": (b"TRANSP:OPAQUE", b"TRANSP:BUSY"),
    "rule 6: GEO:91.0;0.0": (b"GEO:49.289100;-123.116200", b"GEO:91.0;0.0"),
    "rule 6: GEO:1e-05;0.0": (b"GEO:49.289100;-123.116200", b"GEO:1e-05;0.0"),
    "rule 6: SEQUENCE:-1": (b"SEQUENCE:1", b"SEQUENCE:-1"),
}

STEPS = {
    "DTSTAMP goes": [(b"Panel", b"Debate"), (b"MODIFIED:20250701", b"MODIFIED:20250702")],
    "LAST-MODIFIED goes": [(b"Panel", b"Debate"), (b"DTSTAMP:20250701", b"DTSTAMP:20250702")],
    "DTSTAMP goes from ['20250701T120000Z'] to ['20250630": [(b"DTSTAMP:20250701", b"DTSTAMP:20250630")],
    "LAST-MODIFIED goes from ['20250701T120000Z'] to ['20250702": [(b"MODIFIED:20250701", b"MODIFIED:20250702")],
    "SEQUENCE goes from 1 to 1, the event moved": [(b"18T090000", b"18T091500"), *STAMPS_LATER],
    "SEQUENCE goes from 1 to 0": [(b"SEQUENCE:1", b"SEQUENCE:0"), (b"Panel", b"Debate"), *STAMPS_LATER],
    "SEQUENCE goes from 1 to 2, the event did not move": [(b"SEQUENCE:1", b"SEQUENCE:2")],
    "CREATED changes": [(b"CREATED:20250601", b"CREATED:20250602")],
}


def altered(*changes: tuple[bytes, bytes]) -> bytes:
    data = GOOD
    for old, new in changes:
        assert old in data
        data = data.replace(old, new)
    return data


def test_a_good_calendar_has_no_problem() -> None:
    assert check_calendar(GOOD) == []


@pytest.mark.parametrize(("problem", "change"), BAD.items(), ids=BAD)
def test_a_broken_rule_is_found(problem: str, change: tuple[bytes, bytes]) -> None:
    assert [one for one in check_calendar(altered(change)) if one.startswith(problem)] != []


def test_a_line_that_splits_a_character_is_found() -> None:
    split = altered((b"SUMMARY:Panel", b"SUMMARY:Caf\xc3\r\n \xa9"))
    assert check_calendar(split) == ["rule 1: line 20 is not UTF-8 by itself", "rule 1: line 21 is not UTF-8 by itself"]


def test_a_calendar_without_events_may_hold_its_zone() -> None:
    assert check_calendar(altered((EVENT, b""))) == []


def test_times_are_read_through_the_embedded_zone() -> None:
    assert read_instants(GOOD) == {"panel@codeml.example": (START, END)}


def test_a_wrong_embedded_zone_gives_a_wrong_instant() -> None:
    wrong = altered((b"TZOFFSETTO:-0700", b"TZOFFSETTO:-0800"))
    found = "(datetime.datetime(2025, 7, 18, 17, 0, tzinfo=datetime.timezone.utc)"
    [problem] = check_instants(wrong, {"panel@codeml.example": (START, END)})
    assert problem.startswith(f"rule 4: panel@codeml.example is at {found}")


def test_a_time_before_the_first_change_has_the_offset_before_it() -> None:
    winter = altered((b"20250718T09", b"20250101T09"), (b"20250718T10", b"20250101T10"))
    assert read_instants(winter)["panel@codeml.example"][0] == datetime(2025, 1, 1, 17, tzinfo=UTC)


def test_a_day_is_read_as_a_day() -> None:
    whole = altered(
        (b"DTSTART;TZID=America/Vancouver:20250718T090000", b"DTSTART;VALUE=DATE:20250718"),
        (b"DTEND;TZID=America/Vancouver:20250718T100000\r\n", b""),
    )
    assert read_instants(whole) == {"panel@codeml.example": (date(2025, 7, 18), None)}


def test_missing_and_unexpected_events_are_found() -> None:
    assert check_instants(GOOD, {"lunch@codeml.example": (START, END)}) == [
        "rule 2: lunch@codeml.example is missing",
        "rule 2: panel@codeml.example is not expected",
    ]


def test_an_unchanged_feed_evolves_well() -> None:
    assert check_evolution(GOOD, GOOD) == []


def test_a_move_with_all_its_rises_evolves_well() -> None:
    moved = altered((b"18T090000", b"18T091500"), (b"SEQUENCE:1", b"SEQUENCE:2"), *STAMPS_LATER)
    assert check_evolution(GOOD, moved) == []


def test_a_new_title_needs_no_new_sequence() -> None:
    assert check_evolution(GOOD, altered((b"Panel", b"Debate"), *STAMPS_LATER)) == []


@pytest.mark.parametrize(("problem", "changes"), STEPS.items(), ids=STEPS)
def test_a_wrong_step_is_found(problem: str, changes: list[tuple[bytes, bytes]]) -> None:
    found = check_evolution(GOOD, altered(*changes))
    assert [one for one in found if one.startswith(f"rule 7: panel@codeml.example: {problem}")] != []


def test_reads_of_one_feed_agree() -> None:
    def fetch(headers: dict[str, str]) -> Read:
        return Read(304, '"a"', b"") if headers.get("If-None-Match") == '"a"' else Read(200, '"a"', GOOD)

    assert check_reads(fetch) == []


def test_a_weak_etag_changing_bytes_and_a_missing_304_are_found() -> None:
    bodies = iter([b"1", b"2", b"3"])
    assert check_reads(lambda _: Read(200, 'W/"a"', next(bodies))) == [
        "rule 8: 'W/\"a\"' is not a strong ETag",
        "rule 8: two reads differ",
        "rule 8: If-None-Match gives 200",
    ]


def test_an_etag_that_outlives_a_change_is_found() -> None:
    assert check_changed(Read(200, '"a"', b"1"), Read(200, '"a"', b"2")) != []


def test_an_etag_that_follows_a_change_is_right() -> None:
    assert check_changed(Read(200, '"a"', b"1"), Read(200, '"b"', b"2")) == []
