"""Calendar files that break the rules."""

from __future__ import annotations

import pytest
from support.import_results import clocks, of_text, people

from app.domain.session import Link
from app.formats.markdown import to_text
from app.importing import Imported, ImportOptions, ImportRefused, import_source

VIENNA = ImportOptions(timezone="Europe/Vienna")


def calendar(*events: str, end: str = "END:VCALENDAR\n") -> str:
    return "BEGIN:VCALENDAR\nVERSION:2.0\n" + "".join(f"BEGIN:VEVENT\n{one}END:VEVENT\n" for one in events) + end


def test_line_feeds_alone_long_lines_and_no_stamp_are_survived() -> None:
    words = "trees " * 45
    program = of_text(
        calendar(f"SUMMARY:On {words}\nDTSTART:20250510T070000Z\nDTEND:20250510T073000Z\n"), "a.ics", VIENNA
    ).program
    assert clocks(program) == [("10 09:00", "10 09:30", f"On {words.strip()}")]


def test_a_text_is_cut_at_its_bound_and_that_is_said() -> None:
    event = f"SUMMARY:A\nDESCRIPTION:{'x' * 20_001}\nDTSTART:20250510T070000Z\nDTEND:20250510T073000Z\n"
    imported = of_text(calendar(event), "a.ics", VIENNA)
    said = f"what is beyond 20,000 characters: abstract {'x' * 50}…"
    assert (imported.program.sessions[0].abstract, said in imported.left) == ("x" * 20_000, True)


def test_an_address_beyond_its_bound_is_left_out_and_that_is_said() -> None:
    address = f"https://example.org/{'x' * 2_000}"
    event = f"SUMMARY:A\nURL:{address}\nDTSTART:20250510T070000Z\nDTEND:20250510T073000Z\n"
    imported = of_text(calendar(event), "a.ics", VIENNA)
    said = f"an address longer than 2,000 characters: {address[:59]}…"
    assert (imported.program.sessions[0].links, said in imported.left) == ((), True)


def test_what_misleads_or_cannot_be_seen_is_left_out() -> None:
    event = "SUMMARY:A\u202eB\nDESCRIPTION:\u200b\nDTSTART:20250510T070000Z\nDTEND:20250510T073000Z\n"
    session = of_text(calendar(event), "a.ics", VIENNA).program.sessions[0]
    assert (session.title, session.abstract) == ("AB", "")


def test_a_time_without_a_zone_is_the_venues() -> None:
    program = of_text(calendar("SUMMARY:A\nDTSTART:20250510T090000\nDURATION:PT45M\n"), "a.ics", VIENNA).program
    assert clocks(program) == [("10 09:00", "10 09:45", "A")]


def test_the_zone_of_the_times_is_that_of_the_program() -> None:
    text = calendar("SUMMARY:A\nDTSTART;TZID=Asia/Tokyo:20250510T090000\nDTEND;TZID=Asia/Tokyo:20250510T093000\n")
    program = of_text(text, "a.ics", ImportOptions()).program
    assert (program.timezone, clocks(program)) == ("Asia/Tokyo", [("10 09:00", "10 09:30", "A")])


@pytest.mark.parametrize("area", ["Europe", "America/Argentina", "Etc"])
def test_a_zone_that_is_only_an_area_is_left_and_its_times_are_the_venues(area: str) -> None:
    imported = of_text(calendar(f"SUMMARY:A\nDTSTART;TZID={area}:20250510T090000\n"), "a.ics", VIENNA)
    assert (clocks(imported.program), imported.left) == (
        [("10 09:00", "10 09:00", "A")],
        (f"a time zone that there is not: {area}",),
    )


def test_a_zone_of_the_files_own_is_used() -> None:
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Here\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0200\n"
        "END:STANDARD\nEND:VTIMEZONE\n"
    )
    text = calendar("SUMMARY:A\nDTSTART;TZID=Here:20250510T090000\nDTEND;TZID=Here:20250510T093000\n")
    program = of_text(text.replace("VERSION:2.0\n", f"VERSION:2.0\n{zone}"), "a.ics", VIENNA).program
    assert clocks(program) == [("10 09:00", "10 09:30", "A")]


def test_many_events_under_one_uid_are_all_taken() -> None:
    events = [f"UID:same\nSUMMARY:{title}\nDTSTART:20250510T0{n}0000Z\n" for n, title in ((7, "A"), (8, "B"))]
    imported = of_text(calendar(*events), "a.ics", VIENNA)
    assert [one.title for one in imported.program.sessions] == ["A", "B"]
    assert "an identifier that several sessions share: same" in imported.left


def test_stray_text_and_missing_ends_are_survived() -> None:
    first = "BEGIN:VEVENT\nSUMMARY:A\nwho knows\nDTSTART:20250510T070000Z\n"
    text = f"BEGIN:VCALENDAR\n{first}BEGIN:VEVENT\nSUMMARY:B\nDTSTART:20250510T080000Z\n"
    program = of_text(text, "a.ics", VIENNA).program
    assert [one.title for one in program.sessions] == ["A who knows", "B"]


def test_entries_for_whole_days_are_said_to_be_left() -> None:
    events = ("SUMMARY:Holiday\nDTSTART;VALUE=DATE:20250510\n", "SUMMARY:A\nDTSTART:20250510T070000Z\n")
    imported = of_text(calendar(*events), "a.ics", VIENNA)
    assert [one.title for one in imported.program.sessions] == ["A"]
    assert "entries for whole days, or without a start: Holiday" in imported.left


def test_a_cancelled_event_is_cancelled() -> None:
    text = calendar("SUMMARY:CANCELLED: A\nSTATUS:CANCELLED\nDTSTART:20250510T070000Z\n")
    session = of_text(text, "a.ics", VIENNA).program.sessions[0]
    assert (session.title, session.cancelled) == ("A", True)


def test_attendees_with_a_name_are_the_speakers() -> None:
    text = calendar('SUMMARY:A\nDTSTART:20250510T070000Z\nATTENDEE;CN="Ann Lee":invalid:nomail\n')
    program = of_text(text, "a.ics", VIENNA).program
    assert people(program, program.sessions[0]) == ["Ann Lee"]


def test_a_calendar_without_events_is_refused() -> None:
    with pytest.raises(ImportRefused):
        of_text(calendar(), "a.ics", VIENNA)


def folded_in_characters(text: str) -> bytes:
    """A calendar folded after each octet of its titles that is not ASCII (RFC 5545, 3.1)."""
    return b"".join(bytes([octet]) + (b"\r\n " if octet > 0x7F else b"") for octet in text.encode())


def titles(imported: Imported) -> list[str]:
    return [one.title for one in imported.program.sessions]


@pytest.mark.parametrize("name", ["a.ics", "a.txt", "basic"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_calendar_folded_inside_a_character_is_unfolded_before_it_is_decoded(name: str, mark: str) -> None:
    text = mark.encode() + folded_in_characters(calendar("SUMMARY:Grüße – 東京 🌳\nDTSTART:20250510T070000Z\n"))
    imported = import_source(text, name=name, options=VIENNA)
    assert (titles(imported), [one for one in imported.guessed if "UTF-8" in one]) == (["Grüße – 東京 🌳"], [])


def test_folds_by_line_feeds_and_tabs_are_unfolded() -> None:
    assert titles(of_text(calendar("SUMMARY:Tr\n\tees\nDTSTART:20250510T070000Z\n"), "a.ics", VIENNA)) == ["Trees"]


def test_a_calendar_in_windows_1252_is_read_and_that_is_said() -> None:
    text = calendar("SUMMARY:Grüße\nDTSTART:20250510T070000Z\n").encode("cp1252")
    imported = import_source(text, name="a.ics", options=VIENNA)
    assert (titles(imported), imported.guessed[0]) == (
        ["Grüße"],
        "not UTF-8, so read as Windows-1252; better: save it as UTF-8",
    )


def test_a_line_of_broken_bytes_leaves_the_others_as_they_are() -> None:
    events = (f"SUMMARY:{title}\nDTSTART:20250510T0{hour}0000Z\n" for hour, title in ((7, "Grüße"), (8, "Bäume")))
    text = calendar(*events).encode().replace("Grüße".encode(), "Grüße".encode("cp1252"))
    assert titles(import_source(text, name="a.ics", options=VIENNA)) == ["Grüße", "Bäume"]


def test_a_description_in_html_alone_is_taken() -> None:
    text = calendar(
        "SUMMARY:A\nDTSTART:20250510T070000Z\nX-ALT-DESC;FMTTYPE=text/html:<html><body>On trees</body></html>\n"
    )
    assert to_text(of_text(text, "a.ics", VIENNA).program.sessions[0].abstract) == "On trees"


def test_conferences_and_attached_files_are_links() -> None:
    event = (
        "SUMMARY:A\nDTSTART:20250510T070000Z\nURL:https://example.org/a\n"
        "CONFERENCE;VALUE=URI;LABEL=Stream:https://example.org/live\n"
        "ATTACH;FILENAME=slides.pdf:https://example.org/slides.pdf\nATTACH;VALUE=BINARY;ENCODING=BASE64:QUJD\n"
    )
    imported = of_text(calendar(event), "a.ics", VIENNA)
    assert imported.left == ("ATTACH that is not a web address: A",)
    assert imported.program.sessions[0].links == (
        Link("Page", "https://example.org/a"),
        Link("Stream", "https://example.org/live"),
        Link("slides.pdf", "https://example.org/slides.pdf"),
    )


def test_a_category_that_names_a_kind_is_the_kind_and_others_are_said_to_be_left() -> None:
    text = calendar("SUMMARY:Lunch\nDTSTART:20250510T070000Z\nCATEGORIES:Forest,Keynote\n")
    imported = of_text(text, "a.ics", VIENNA)
    assert (imported.program.sessions[0].kind, imported.left) == ("keynote", ("categories: Forest",))


def test_an_event_with_a_broken_start_is_left_and_said() -> None:
    events = "BEGIN:VEVENT\nSUMMARY:A\nDTSTART:\nRDATE:20250324T090000\nEND:VEVENT\n"
    events += "BEGIN:VEVENT\nSUMMARY:B\nDTSTART:20250718T160000Z\nEND:VEVENT\n"
    imported = of_text(f"BEGIN:VCALENDAR\n{events}END:VCALENDAR\n", "day.ics")
    assert [one.title for one in imported.program.sessions] == ["B"]
    assert "entries for whole days, or without a start: A" in imported.left
