"""Pages of other workshops: their people, dates and place."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from support.import_results import clocks, of_text, people

from app.importing import ImportOptions
from app.importing.time_zones import zone_of_offsets, zone_of_places, zone_of_words

PAGE = """---
title: Schedule
description: Trees @ ICML
---
# Schedule

**Date**: 15<sup>th</sup> December 2024

We meet in person at the Vienna Convention Center, in Austria.

| Time | Session |
|------|---------|
| 9:00 - 9:30 | Invited Talk: Ann Lee (*MIT*) |
| 9:30 - 10:00 | [Bob Ray](#bob): On bark |
| 10:00 - 10:30 | Panel (Moderated by Cy Dow) |

## Important dates

- **Submission deadline**: ~~May 19~~ May 26, 2024, 11:59pm AoE
- **Notification**: June 9

## Speakers

<div id="bob"><a href="https://bob.example/"><b>Bob Ray</b></a>
is a forester who has looked at bark for ten years.</div>

## Organizers

- [Dee Poe](https://dee.example/) (ETH Zürich)
- **Eve Fox**, University of Somewhere
"""
NOTHING = ImportOptions()


def test_a_page_with_nothing_said_beside_gives_its_day_zone_and_title() -> None:
    program = of_text(PAGE, "schedule.md", NOTHING).program
    assert (program.title, program.timezone, program.days) == ("Trees @ ICML", "Europe/Vienna", (date(2024, 12, 15),))
    assert program.venue is not None
    assert (program.venue.name, program.venue.city) == ("Vienna Convention Center", "Vienna")


def test_speakers_are_known_by_link_by_label_and_by_role() -> None:
    program = of_text(PAGE, "schedule.md", NOTHING).program
    assert [(one.id, one.title, people(program, one)) for one in program.sessions] == [
        ("ann-lee", "TBA", ["Ann Lee"]),
        ("bob", "On bark", ["Bob Ray"]),
        ("panel", "Panel", ["Cy Dow"]),
    ]
    bob = program.speaker("bob")
    assert (bob.url, bob.biography) == (
        "https://bob.example/",
        "Bob Ray is a forester who has looked at bark for ten years.",
    )


def test_dates_in_a_list_have_their_extension_and_the_year_of_the_others() -> None:
    dates = of_text(PAGE, "schedule.md", NOTHING).program.dates
    assert [(one.title, one.day, one.at, one.zone_label, one.former_day) for one in dates] == [
        (
            "Submission deadline",
            date(2024, 5, 26),
            datetime(2024, 5, 27, 11, 59, tzinfo=UTC),
            "AoE",
            date(2024, 5, 19),
        ),
        ("Notification", date(2024, 6, 9), None, "", None),
    ]


def test_organizers_in_a_list_have_their_places() -> None:
    organizers = of_text(PAGE, "schedule.md", NOTHING).program.organizers
    assert [(one.name, one.url, one.affiliations) for one in organizers] == [
        ("Dee Poe", "https://dee.example/", ("ETH Zürich",)),
        ("Eve Fox", "", ("University of Somewhere",)),
    ]


def test_two_words_with_capitals_are_not_taken_for_a_person() -> None:
    text = (
        "# W\n\n| Time | Session |\n|-|-|\n| 9:00-9:30 | Quantum Computing |\n| 9:30-10:00 | Graph Networks: a view |\n"
    )
    program = of_text(text, "page.md").program
    assert [(one.title, one.speakers) for one in program.sessions] == [
        ("Quantum Computing", ()),
        ("Graph Networks: a view", ()),
    ]


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        ("1055 Canada Pl, Vancouver, BC V6C 0C3, Canada", "America/Vancouver"),
        ("Messe, Linz", "Europe/Vienna"),
        ("San Diego Convention Center", "America/Los_Angeles"),
        ("somewhere in Austria", "Europe/Vienna"),
        ("KAIST, Daejeon, South Korea", "Asia/Seoul"),
    ],
)
def test_a_city_or_a_country_of_one_zone_gives_it(place: str, zone: str) -> None:
    found = zone_of_places([place])
    assert found is not None
    assert found[0] == zone


@pytest.mark.parametrize("place", ["", "Online", "a nice oral session", "Canada"])
def test_no_zone_is_guessed_from_other_words(place: str) -> None:
    assert zone_of_places([place]) is None


def test_an_abbreviation_gives_the_zone_most_meant() -> None:
    assert zone_of_words("Time (PT)") == ("America/Los_Angeles", "PT")
    assert zone_of_words("Time") is None


def test_offsets_give_a_zone_only_where_all_agree() -> None:
    first, second = (datetime.fromisoformat(f"2025-05-10T09:00:00{offset}") for offset in ("+02:00", "-07:00"))
    assert [zone_of_offsets(ones) for ones in ([first], [second], [first, second], [])] == [
        "Etc/GMT-2",
        "Etc/GMT+7",
        None,
        None,
    ]


PLACED = (
    "# Trees\n\n{}\n\n| Time | Session |\n|------|---------|\n| 9:00 - 9:30 | On roots |\n| 9:30 - 10:00 | On bark |\n"
)


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("August 1, 2026 · Montréal", "America/Toronto"),
        ("Saturday 6 June 2026  \nLisbon, Portugal", "Europe/Lisbon"),
        ("Date: 1 August 2026\n\nWhere: c-base, Berlin", "Europe/Berlin"),
    ],
)
def test_the_zone_is_that_of_the_city_beside_the_date(said: str, zone: str) -> None:
    assert of_text(PLACED.format(said), "page.md", NOTHING).program.timezone == zone


def test_the_zone_is_that_of_the_city_in_the_front_matter() -> None:
    page = "---\nlocation: Kyoto\n---\n" + PLACED.format("August 1, 2026")
    assert of_text(page, "page.md", NOTHING).program.timezone == "Asia/Tokyo"


def test_the_zone_is_that_of_the_city_in_the_title_where_no_other_is_named() -> None:
    page = PLACED.format("August 1, 2026").replace("# Trees", "# Trees, Seoul 2026")
    assert of_text(page, "page.md", NOTHING).program.timezone == "Asia/Seoul"


def test_a_text_without_any_markup_is_read_line_by_line() -> None:
    text = "Sums, 5 June 2026, Zürich\n\n09:00 - 09:30  Welcome\n09:30  On sums\n10:30 - 11:00  Panel\n"
    program = of_text(text, "plan.txt", NOTHING).program
    assert clocks(program) == [
        ("05 09:00", "05 09:30", "Welcome"),
        ("05 09:30", "05 10:30", "On sums"),
        ("05 10:30", "05 11:00", "Panel"),
    ]


def test_the_house_and_the_room_beside_the_date_are_the_place() -> None:
    said = "December 12, 2026, Room 204, Sydney International Convention Centre, Sydney, Australia"
    program = of_text(PLACED.format(said), "page.md", NOTHING).program
    assert program.venue is not None
    assert (program.venue.name, program.timezone) == ("Sydney International Convention Centre", "Australia/Sydney")
    assert [room.name for room in program.rooms] == ["Room 204"]


def test_one_of_a_kind_is_reported_in_the_singular() -> None:
    page = (
        "# Trees\n\nVienna, 15 December 2024\n\n<!-- hidden -->\n\n| Time | Talk |\n|-|-|\n| 9:00-9:30 | On roots |\n"
    )
    imported = of_text(page, "page.md", NOTHING)
    assert ("1 session" in imported.took, imported.left) == (True, ("1 comment: what is hidden stays hidden",))
