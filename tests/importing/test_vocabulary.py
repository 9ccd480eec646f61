"""The lists of words that people add to."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import pytz

import app.importing
from app.importing.session_words import kind_of_title
from app.importing.vocabulary import by_name, lists, name_set, pattern

FOLDER = Path(app.importing.__file__).parent
FILE = tomllib.loads((FOLDER / "vocabulary.toml").read_text("utf-8"))


def all_lists(found: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Each list of words in the file, with its path."""
    if isinstance(found, list) and all(isinstance(one, str) for one in found):
        yield path, found
    elif isinstance(found, list):
        for number, one in enumerate(found):
            yield from all_lists(one, f"{path}.{number}")
    elif isinstance(found, dict):
        for key, one in found.items():
            yield from all_lists(one, f"{path}.{key}".removeprefix("."))


LISTS = dict(all_lists(FILE))


def test_no_list_is_empty_or_has_a_word_twice() -> None:
    assert [path for path, words in LISTS.items() if not words or len(set(words)) < len(words)] == []


def test_every_list_is_used() -> None:
    code = "\n".join(path.read_text("utf-8") for path in FOLDER.glob("*.py"))
    used = {path for path in re.findall(r"[\"']([a-z_]+(?:\.[a-z_]+)*)[\"']", code) if "." in path or path == "columns"}
    assert [path for path in LISTS if not any(path == one or path.startswith(f"{one}.") for one in used)] == []


@pytest.mark.parametrize("path", ["people.nobody", "people.roles", "people.remarks", "sessions.to_be_announced"])
def test_a_list_of_patterns_is_one_regular_expression(path: str) -> None:
    assert all(re.compile(pattern(path)).pattern.count(one) for one in LISTS[path])


def test_every_zone_is_one_of_the_database() -> None:
    zones = {zone for table in ("cities", "countries", "abbreviations") for zone in FILE["zones"][table]}
    assert zones <= set(pytz.all_timezones)


def test_names_are_compared_without_accents_and_case() -> None:
    assert "alle raume" in name_set("sessions.all_rooms")


def test_abbreviations_keep_their_capitals() -> None:
    assert by_name(lists("zones.abbreviations"))["PST"] == "America/Los_Angeles"


def test_the_first_kind_that_fits_is_taken() -> None:
    assert [kind_of_title(title) for title in ("Coffee break and posters", "Coffee break")] == ["posters", "break"]


@pytest.mark.parametrize(
    "title",
    [
        "Social Biases in Language Models",
        "Opening the Black Box",
        "Opening Up Closed Models",
        "Closing the Gap between Theory and Practice",
        "Closing Gaps in Coverage",
        "Welcome to the Era of Experience",
        "Auditing a Third-Party Model",
        "Secure Multi-Party Computation",
        "The Third Party",
        "Political Parties: a View",
        "MLP-Mixer Revisited",
        "Lunch-Sized Models",
        "Punchlunches",
        "Poster-Level Attention",
        "Breaking the Poster Child of Scaling",
        "Reception of Generated Texts",
        "Networking Foundation Models",
        "Panel Data with Transformers",
        "Breaks in Symmetry",
    ],
)
def test_words_of_a_talks_title_make_no_other_kind_of_it(title: str) -> None:
    assert kind_of_title(title) == "talk"


@pytest.mark.parametrize(
    ("kind", "titles"),
    [
        ("opening", "Opening|Opening Remarks|Welcome|Welcome & Opening|Welcome to Trees 2026|Bienvenue|開会|Begrüßung"),
        ("closing", "Closing|Closing remarks and awards|Wrap-up|Farewell|Clôture|Chiusura"),
        ("lunch", "Lunch|Lunch break (on your own)|🍽 Lunch|Mittagspause|Déjeuner|Almuerzo|Pranzo|昼食"),
        ("break", "Coffee break|Break|Kaffeepause|Pause-café|Pausa café|Petit déjeuner|Breakfast|Descanso|休憩"),
        (
            "social",
            "Social|Socials|Social event|Social: pub|Conference dinner|Welcome reception|Party|Party at the pub",
        ),
        ("social", "Networking|Networking session|Networking & drinks|Mixer|Happy hour"),
        ("posters", "Posters|Poster session 2|Coffee & posters|Lunch + Poster Session"),
        ("posters", "Poster-Session"),
        ("panel", "Panel-Diskussion"),
        ("lunch", "Lunchtime|Lunches|Lunch-time concert"),
        ("opening", "Opening-Ceremony|Opening the conference"),
        ("closing", "Closing-Session|Closing the workshop|Farewell to participants"),
        ("social", "After-party|Afterparty|Party in the garden|Social gathering|Social activity|Social - Bar X"),
        ("social", "Networking in the lobby|Newcomer mixer at the bar|Abschlussdinner|Get-togethers|Abendessen"),
        ("panel", "Panel|Panel discussion|Expert panel: roots"),
    ],
)
def test_what_is_no_talk_is_known_by_its_title(kind: str, titles: str) -> None:
    assert {title: kind_of_title(title) for title in titles.split("|")} == dict.fromkeys(titles.split("|"), kind)


def test_a_list_that_is_not_in_the_file_is_an_error() -> None:
    with pytest.raises(KeyError):
        name_set("people.nicknames")
