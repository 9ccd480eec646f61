"""frab's XML and JSON with all that real files get wrong."""

from __future__ import annotations

import json

import pytest
from support.import_results import clocks, of_text, people, room_of
from support.publishing import with_links_of

from app.domain.program import Program
from app.domain.session import Link, Session
from app.importing import Imported, ImportOptions, ImportRefused

VIENNA = ImportOptions(timezone="Europe/Vienna")


def event(**fields: str) -> str:
    """An event; attributes under their names with a leading underscore."""
    attributes = "".join(f' {name[1:]}="{value}"' for name, value in fields.items() if name.startswith("_"))
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items() if not name.startswith("_"))
    return f"<event{attributes}>{inside}</event>"


def schedule(*events: str, day: str = 'date="2025-05-10"', head: str = "", former: Program | None = None) -> Imported:
    """A schedule of one day and one room."""
    return of_text(
        f"<schedule><conference><title>Conf</title>{head}</conference>"
        f'<day index="1" {day}><room name="Hall ">{"".join(events)}</room></day></schedule>',
        "schedule.xml",
        VIENNA,
        former,
    )


def only(imported: Imported) -> Session:
    assert len(imported.program.sessions) == 1
    return imported.program.sessions[0]


def test_a_date_in_utc_beside_a_local_start_is_the_instant() -> None:
    imported = schedule(event(title="A", date="2025-05-10T07:00:00Z", start="09:00", duration="0:30"))
    assert clocks(imported.program) == [("10 09:00", "10 09:30", "A")]


def test_a_local_time_labelled_as_utc_is_a_local_time() -> None:
    imported = schedule(event(title="A", date="2025-05-10T09:00:00+00:00", start="09:00", duration="0:30"))
    assert clocks(imported.program) == [("10 09:00", "10 09:30", "A")]
    assert (
        "times labelled +00:00 are what the venue's clocks show; better: times with the venue's offset"
        in imported.guessed
    )


def test_a_start_without_a_date_is_on_its_day() -> None:
    imported = schedule(event(title="A", start="09:00", duration="0:30"))
    assert clocks(imported.program) == [("10 09:00", "10 09:30", "A")]


def test_a_start_after_midnight_belongs_to_the_evening_before() -> None:
    imported = schedule(
        event(title="A", start="23:00", duration="1:00"), event(title="B", start="00:30", duration="1:00")
    )
    assert [start for start, _, _ in clocks(imported.program)] == ["10 23:00", "11 00:30"]
    assert imported.program.days == (imported.program.local(imported.program.sessions[0].start).date(),)


def test_the_night_lasts_until_the_end_of_its_day() -> None:
    imported = schedule(
        event(title="A", start="05:00", duration="0:30"),
        day='date="2025-05-10" start="2025-05-10T09:00:00" end="2025-05-11T06:00:00"',
    )
    assert clocks(imported.program) == [("11 05:00", "11 05:30", "A")]


def test_a_day_that_changes_at_midnight_has_no_night() -> None:
    imported = schedule(event(title="A", start="00:30", duration="0:30"), head="<day_change>00:00:00</day_change>")
    assert clocks(imported.program) == [("10 00:30", "10 01:00", "A")]


@pytest.mark.parametrize(("duration", "end"), [("55:23", "12 16:23"), ("1:12:00", "11 21:00"), ("0:00", "10 09:00")])
def test_a_duration_may_be_of_days_or_of_nothing(duration: str, end: str) -> None:
    imported = schedule(event(title="A", start="09:00", duration=duration))
    assert clocks(imported.program) == [("10 09:00", end, "A")]


def test_an_event_longer_than_a_week_is_cut_there() -> None:
    imported = schedule(event(title="A", start="09:00", duration="999:00"))
    assert clocks(imported.program) == [("10 09:00", "17 09:00", "A")]
    assert (
        "longer than seven days; cut there: A; better: a column End, or times such as 9:00 - 9:30" in imported.guessed
    )


def test_events_that_share_a_guid_are_told_apart_without_it() -> None:
    twice = [event(_id="1", _guid="same", title=title, start="09:00", duration="0:30") for title in ("A", "B")]
    imported = schedule(*twice)
    assert [(one.title, one.guid) for one in imported.program.sessions] == [("A", ""), ("B", "")]
    assert "an identifier that several sessions share: same" in imported.left


def test_an_event_without_guid_is_known_by_its_number() -> None:
    assert only(schedule(event(_id="77", title="A", start="09:00", duration="0:30"))).guid == "frab:77"


def test_an_event_outside_any_room_is_for_all() -> None:
    text = (
        '<schedule><day date="2025-05-10">'
        + event(title="All", start="09:00", duration="0:30")
        + '<room name="Hall">'
        + event(title="A", start="10:00", duration="0:30")
        + "</room></day></schedule>"
    )
    imported = of_text(text, "schedule.xml", VIENNA)
    assert [room_of(imported.program, one) for one in imported.program.sessions] == ["", "Hall"]
    assert "outside any room, so for all: All" in imported.took


def test_a_room_is_the_same_with_a_space_after_it() -> None:
    imported = schedule(event(title="A", start="09:00", duration="0:30", room="Hall"))
    assert [room.name for room in imported.program.rooms] == ["Hall"]


@pytest.mark.parametrize(
    ("title", "found", "cancelled"),
    [
        ("CANCELLED: On trees", "On trees", True),
        ("Canceled - On trees", "On trees", True),
        ("[CANCELLED] On trees", "On trees", True),
        ("Cancelling noise in trees", "Cancelling noise in trees", False),
        ("Cancelled", "Cancelled", False),
    ],
)
def test_only_a_title_that_says_so_is_cancelled(title: str, found: str, cancelled: bool) -> None:
    session = only(schedule(event(title=title, start="09:00", duration="0:30")))
    assert (session.title, session.cancelled) == (found, cancelled)


def test_a_script_as_a_speakers_name_is_a_name() -> None:
    name = "&lt;script&gt;alert(1)&lt;/script&gt;"
    imported = schedule(event(title="A", start="09:00", duration="0:30", persons=f"<person>{name}</person>"))
    assert people(imported.program, only(imported)) == ["<script>alert(1)</script>"]


def persons(*names: str) -> str:
    return "".join(f"<person>{name}</person>" for name in names)


def test_a_person_who_is_to_be_announced_is_nobody() -> None:
    imported = schedule(event(title="A", start="09:00", duration="0:30", persons=persons("TBA", "Ann Lee")))
    assert people(imported.program, only(imported)) == ["Ann Lee"]
    assert "not a person's name: TBA" in imported.left


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ("Ann Lee and Bob Ray", ["Ann Lee", "Bob Ray"]),
        ("Ann Lee, Bob Ray, Cy Fox", ["Ann Lee", "Bob Ray", "Cy Fox"]),
        ("Ann Lee, defendtrees", ["Ann Lee, defendtrees"]),
        ("AB &amp; CD", ["AB & CD"]),
    ],
)
def test_an_entry_that_lists_names_alone_is_several_people(entry: str, found: list[str]) -> None:
    imported = schedule(event(title="A", start="09:00", duration="0:30", persons=persons(entry)))
    assert people(imported.program, only(imported)) == found


@pytest.mark.parametrize("title", ["tbd", "TBA", "To be announced"])
def test_a_title_that_is_to_be_announced_is_open(title: str) -> None:
    session = only(schedule(event(title=title, start="09:00", duration="0:30")))
    assert (session.title, session.tba) == ("TBA", True)


def test_an_attachment_without_a_title_is_named_by_its_type() -> None:
    attachment = '<attachment type="slides" href="https://example.org/2f91.pdf"/>'
    session = only(schedule(event(title="A", start="09:00", duration="0:30", attachments=attachment)))
    assert [(one.label, one.leads_to) for one in session.links] == [("slides", "slides")]


def test_links_of_odd_schemes_and_relative_attachments_are_left() -> None:
    links = '<link href="javascript:alert(1)">x</link><link href="https://example.org/a b">y</link>'
    more = '<attachment href="slides.pdf">Slides</attachment>'
    imported = schedule(
        event(
            title="A",
            start="09:00",
            duration="0:30",
            links=f'{links}<link href="https://example.org/">Home</link>',
            attachments=more,
        )
    )
    assert [one.url for one in only(imported).links] == ["https://example.org/"]
    assert "links that are relative or of an odd scheme: A" in imported.left


def test_relative_attachments_stand_on_the_base_address() -> None:
    imported = schedule(
        event(
            title="A", start="09:00", duration="0:30", attachments='<attachment href="slides.pdf">Slides</attachment>'
        ),
        head="<base_url>https://example.org/2025/</base_url>",
    )
    assert [(one.label, one.url) for one in only(imported).links] == [("Slides", "https://example.org/2025/slides.pdf")]


def test_a_link_whose_address_changed_keeps_its_kind() -> None:
    def hall(address: str, former: Program | None = None) -> Imported:
        link = f'<link href="https://example.org/{address}">Hall A</link>'
        return schedule(event(title="A", start="09:00", duration="0:30", links=link), former=former)

    first = hall("a").program
    former = with_links_of(first, first.sessions[0].id, Link("Hall A", "https://example.org/a", "watch"))
    assert hall("a", former).program.sessions == former.sessions
    assert only(hall("b", former)).links == (Link("Hall A", "https://example.org/b", "watch"),)


def test_a_long_abstract_is_kept_whole() -> None:
    abstract = "On trees. " * 2000
    assert (
        only(schedule(event(title="A", start="09:00", duration="0:30", abstract=abstract))).abstract == abstract.strip()
    )


def test_a_description_that_repeats_the_abstract_is_not_said_twice() -> None:
    session = only(
        schedule(event(title="A", start="09:00", duration="0:30", abstract="On trees.", description="On trees."))
    )
    assert session.abstract == "On trees."


def test_broken_xml_is_read_as_far_as_it_goes() -> None:
    imported = of_text(
        '<schedule><day date="2025-05-10"><room name="Hall">'
        + event(title="A", start="09:00", duration="0:30")
        + "<event>",
        "schedule.xml",
        VIENNA,
    )
    assert clocks(imported.program) == [("10 09:00", "10 09:30", "A")]
    assert any(line.startswith("broken XML") for line in imported.guessed)


def test_xml_that_declares_entities_is_refused() -> None:
    with pytest.raises(ImportRefused, match="entities"):
        of_text('<!DOCTYPE schedule [<!ENTITY a SYSTEM "file:///etc/passwd">]><schedule>&a;</schedule>', "schedule.xml")


def test_the_older_json_lists_its_rooms_and_names_people_otherwise() -> None:
    talk = {"id": 1, "title": "A", "start": "09:00", "duration": "0:30", "persons": [{"full_public_name": "Ann Lee"}]}
    data = {
        "schedule": {"day": [{"date": "2025-05-10", "rooms": [{"name": "Hall", "talks": [talk]}]}], "conference": {}}
    }
    program = of_text(json.dumps(data), "schedule.json", VIENNA).program
    assert clocks(program) == [("10 09:00", "10 09:30", "A")]
    assert people(program, program.sessions[0]) == ["Ann Lee"]
