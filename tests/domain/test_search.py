"""Finding sessions by words, room and kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.program import Person, Program, Room
from app.domain.search import SearchQuery, fold, matches, matching_items, search_words
from app.domain.session import Item, Session, Slot

NINE = datetime(2025, 7, 18, 9, 0, tzinfo=UTC)


def session(name: str, room: str | None = "a", **values: object) -> Session:
    slot = Slot(start=NINE, end=NINE + timedelta(minutes=30), room=room)
    return replace(Session(id=name, title="On roots", slot=slot, scheduled=slot), **values)


TALK = session(
    "talk",
    speakers=("zoe",),
    abstract="How **Bäume** grow",
    track="Botany",
    items=(Item(title="Leaves", number="P7", authors=("Émile Noir",)), Item(title="Bark and leaves")),
)
BREAK = session("break", None, title="Coffee", kind="break")
PROGRAM = Program(
    id="trees",
    title="Trees",
    timezone="UTC",
    domain="trees.example",
    days=(NINE.date(),),
    rooms=(Room("a", "A"), Room("b", "B")),
    speakers=(Person(id="zoe", name="Zoë Straße"),),
    sessions=(TALK, BREAK),
)


def found(**wanted: str) -> list[str]:
    words = search_words(wanted.pop("q", ""))
    return [one.id for one in PROGRAM.sessions if matches(PROGRAM, one, SearchQuery(words=words, **wanted))]


@pytest.mark.parametrize(
    "query", ["roots", "ROOTS", "zoe", "strasse", "straße", "baume", "botany", "p7", "emile", "bark"]
)
def test_titles_people_abstracts_tracks_and_items_are_searched_without_case_and_accents(query: str) -> None:
    assert found(q=query) == ["talk"]


def test_every_word_must_be_there() -> None:
    assert (found(q="zoe roots"), found(q="zoe coffee")) == (["talk"], [])


def test_no_words_mean_everything() -> None:
    assert (found(), found(q="  ")) == (["break", "talk"], ["break", "talk"])


def test_a_session_for_all_rooms_is_in_each() -> None:
    assert (found(room="a"), found(room="b")) == (["break", "talk"], ["break"])


def test_a_kind_is_a_filter() -> None:
    assert found(kind="break") == ["break"]


def test_items_that_hold_all_words_say_why() -> None:
    assert matching_items(TALK, SearchQuery(words=search_words("leaves"))) == ("Leaves", "Bark and leaves")
    assert matching_items(TALK, SearchQuery(words=search_words("roots"))) == ()
    assert matching_items(TALK, SearchQuery()) == ()


def test_more_than_eight_words_are_not_looked_at() -> None:
    assert search_words("a b c d e f g h i j") == ("a", "b", "c", "d", "e", "f", "g", "h")


def test_folding_leaves_other_scripts_alone() -> None:
    assert fold("ليلى 計画 ÅSE") == "ليلى 計画 ase"
