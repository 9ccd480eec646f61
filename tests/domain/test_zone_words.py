"""A time zone in words for people: by its city, or by its distance to UTC."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import pytz

from app.domain import instants
from app.domain.errors import NonexistentTime
from app.domain.zone_words import zone_words

FIXED = [name for name in pytz.all_timezones if name.startswith("Etc/")]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("America/Vancouver", "Vancouver time"),
        ("America/New_York", "New York time"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time"),
        ("America/Port-au-Prince", "Port-au-Prince time"),
        ("America/North_Dakota/New_Salem", "New Salem time"),
        ("Asia/Kolkata", "Kolkata time"),
        ("Antarctica/DumontDUrville", "Dumont d’Urville time"),
        ("Pacific/Easter", "Easter Island time"),
        ("Australia/Sydney", "Sydney time"),
    ],
)
def test_a_zone_is_named_by_its_city(name: str, words: str) -> None:
    assert zone_words(name) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Etc/GMT-1", "UTC+1"),
        ("Etc/GMT-14", "UTC+14"),
        ("Etc/GMT+5", "UTC−5"),
        ("Etc/GMT+12", "UTC−12"),
        ("EST", "UTC−5"),
        ("MST", "UTC−7"),
        ("HST", "UTC−10"),
    ],
)
def test_a_fixed_distance_to_utc_has_its_everyday_sign(name: str, words: str) -> None:
    assert zone_words(name) == words


@pytest.mark.parametrize("name", FIXED)
def test_the_words_of_a_fixed_zone_say_what_its_clocks_show(name: str) -> None:
    offset = datetime(2025, 7, 18, tzinfo=UTC).astimezone(pytz.timezone(name)).utcoffset()
    words = zone_words(name).replace("−", "-").removeprefix("UTC")
    assert offset is not None
    assert int(words or 0) * 3600 == offset.total_seconds()


@pytest.mark.parametrize(
    "name",
    [
        "UTC",
        "Etc/UTC",
        "UCT",
        "Etc/UCT",
        "GMT",
        "GMT0",
        "GMT+0",
        "Etc/GMT",
        "Etc/GMT0",
        "Etc/GMT-0",
        "Zulu",
        "Etc/Zulu",
    ],
)
def test_utc_has_one_name(name: str) -> None:
    assert zone_words(name) == "UTC"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("CET", "Central European time"),
        ("EST5EDT", "US Eastern time"),
        ("US/Eastern", "US Eastern time"),
        ("Canada/Newfoundland", "Canada Newfoundland time"),
        ("GB", "London time"),
        ("NZ", "New Zealand time"),
        ("Australia/NSW", "Sydney time"),
        ("Australia/West", "Perth time"),
        ("Mexico/BajaNorte", "Tijuana time"),
        ("Chile/Continental", "Santiago time"),
        ("Hongkong", "Hong Kong time"),
        ("Japan", "Japan time"),
    ],
)
def test_a_zone_without_a_city_is_named_by_its_region_or_country(name: str, words: str) -> None:
    assert zone_words(name) == words


def test_no_words_are_an_abbreviation_or_an_area() -> None:
    places = {zone_words(name).removesuffix(" time") for name in pytz.all_timezones}
    assert {place for place in places if place.isupper() and not place.startswith("UTC")} == set()
    assert {place for place in places for part in ("/", "_", "GMT", "Etc") if part in place} == set()


def test_a_refused_local_time_names_the_city() -> None:
    with pytest.raises(NonexistentTime) as refusal:
        instants.parse_instant("2025-03-09T02:30", "America/Vancouver")
    assert str(refusal.value).startswith("2025-03-09T02:30 does not exist in Vancouver time: ")
