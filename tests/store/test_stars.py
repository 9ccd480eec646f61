"""Stars without an account."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from support.publisher_processes import NOW

from app.domain.errors import UnknownName
from app.domain.program import Program
from app.store import stars as picks_module
from app.store import tables
from app.store.database import Database
from app.store.errors import StarsFull, StarsRefused
from app.store.stars import FORGOTTEN_AFTER, MOST_STARS, MOST_UNKNOWN, StarKeys, StarStore

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def book(database: Database) -> StarStore:
    return StarStore(database)


@pytest.fixture
def keys(book: StarStore) -> StarKeys:
    return book.open(NOW)


def test_a_new_set_has_no_stars(book: StarStore, keys: StarKeys) -> None:
    assert book.of_feed(keys.read).starred == frozenset()


def test_stars_are_read_with_either_key(book: StarStore, keys: StarKeys) -> None:
    book.star(keys.write, NOW + MINUTE, add=["panel", "lunch"])
    assert book.of_feed(keys.read).starred == {"panel", "lunch"}
    assert book.of_device(keys.write) == (book.of_feed(keys.read), keys)
    assert book.of_feed(keys.read).changed_at == NOW + MINUTE


def test_what_two_devices_did_meanwhile_adds_up(book: StarStore, keys: StarKeys) -> None:
    book.star(keys.write, NOW, add=["panel", "lunch"])
    book.star(keys.write, NOW, add=["closing"], remove=["lunch", "never-starred"])
    assert book.of_feed(keys.read).starred == {"panel", "closing"}


def test_a_star_that_is_there_already_changes_nothing(book: StarStore, keys: StarKeys) -> None:
    book.star(keys.write, NOW + MINUTE, add=["panel"])
    assert book.star(keys.write, NOW + 2 * MINUTE, add=["panel"]).changed_at == NOW + MINUTE


def test_two_changes_in_one_second_are_told_apart(book: StarStore, keys: StarKeys) -> None:
    changes = [book.star(keys.write, NOW, add=[one]).changed_at for one in ("panel", "lunch")]
    assert changes == [NOW + SECOND, NOW + 2 * SECOND]


def test_the_read_key_cannot_change_stars(book: StarStore, keys: StarKeys) -> None:
    with pytest.raises(UnknownName):
        book.star(keys.read, NOW, add=["panel"])
    with pytest.raises(UnknownName):
        book.of_device(keys.read)


def test_the_write_key_is_no_feed(book: StarStore, keys: StarKeys) -> None:
    with pytest.raises(UnknownName, match="there is no personal feed 'with this key'"):
        book.of_feed(keys.write)


def test_the_read_key_has_128_bits(keys: StarKeys) -> None:
    assert (len(keys.read), len(keys.write)) == (22, 43)


def test_the_database_holds_no_key(book: StarStore, keys: StarKeys, database: Database) -> None:
    with database.reading() as connection:
        kept = connection.execute(select(tables.star_sets.c.read_hash, tables.star_sets.c.write_hash)).one()
    assert [len(one) for one in kept] == [64, 64]
    assert not {keys.read, keys.write} & set(kept)


def test_a_renewed_address_makes_the_former_one_worthless(book: StarStore, keys: StarKeys) -> None:
    book.star(keys.write, NOW, add=["panel"])
    renewed = book.renew(keys.write)
    assert renewed.write == keys.write
    assert book.of_feed(renewed.read).starred == {"panel"}
    assert book.of_device(keys.write)[1] == renewed
    with pytest.raises(UnknownName):
        book.of_feed(keys.read)


def test_a_closed_set_is_gone(book: StarStore, keys: StarKeys) -> None:
    book.close(keys.write)
    for forgotten in (lambda: book.of_feed(keys.read), lambda: book.close(keys.write)):
        with pytest.raises(UnknownName):
            forgotten()


def test_a_session_that_vanished_from_the_program_is_said(book: StarStore, keys: StarKeys, program: Program) -> None:
    starred = book.star(keys.write, NOW, add=["panel", "lunch"])
    smaller = replace(program, sessions=tuple(one for one in program.sessions if one.id != "panel"))
    assert (starred.vanished(program), starred.vanished(smaller)) == (frozenset(), {"panel"})


def test_when_a_calendar_last_asked_is_kept_to_the_minute(book: StarStore, keys: StarKeys) -> None:
    for seconds in (0, 59):
        book.fetched(keys.read, book.of_feed(keys.read), 3, NOW + timedelta(seconds=seconds))
    assert (book.of_feed(keys.read).fetched_at, book.of_feed(keys.read).fetched_revision) == (NOW, 3)
    book.fetched(keys.read, book.of_feed(keys.read), 3, NOW + MINUTE)
    assert book.of_feed(keys.read).fetched_at == NOW + MINUTE


def test_a_new_revision_is_noted_at_once(book: StarStore, keys: StarKeys) -> None:
    book.fetched(keys.read, book.of_feed(keys.read), 3, NOW)
    book.fetched(keys.read, book.of_feed(keys.read), 4, NOW + timedelta(seconds=1))
    assert book.of_feed(keys.read).fetched_revision == 4


def test_asking_for_a_feed_is_no_change_of_stars(book: StarStore, keys: StarKeys) -> None:
    book.fetched(keys.read, book.of_feed(keys.read), 3, NOW + MINUTE)
    assert book.of_feed(keys.read).changed_at == NOW


def test_what_is_no_sessions_id_is_not_kept(book: StarStore, keys: StarKeys) -> None:
    assert book.star(keys.write, NOW, add=["panel", "two words", "", "x" * 25, "Ä"]).starred == {"panel"}


def test_there_is_an_end_to_stars_of_sessions_that_the_program_does_not_have(book: StarStore, keys: StarKeys) -> None:
    unknown = {f"s{number}" for number in range(MOST_UNKNOWN)}
    book.star(keys.write, NOW, add=unknown)
    with pytest.raises(StarsRefused, match="at most 50 stars of what the program does not have"):
        book.star(keys.write, NOW, add=["one-more"])
    assert book.star(keys.write, NOW, add=["panel"], known={"panel"}).starred == {*unknown, "panel"}


def test_where_many_starred_sessions_vanished_others_are_starred(book: StarStore, keys: StarKeys) -> None:
    many = {f"s{number}" for number in range(MOST_UNKNOWN + 1)}
    book.star(keys.write, NOW, add=many, known=many)
    assert book.star(keys.write, NOW, add=["panel"], known={"panel"}).starred == {*many, "panel"}


def test_there_is_an_end_to_stars(book: StarStore, keys: StarKeys) -> None:
    most = [f"s{number}" for number in range(MOST_STARS)]
    book.star(keys.write, NOW, add=most, known=set(most))
    with pytest.raises(StarsRefused, match="at most 1000 stars"):
        book.star(keys.write, NOW, add=["one-more"])
    assert len(book.of_feed(keys.read).starred) == MOST_STARS


def test_the_set_that_no_calendar_uses_and_that_changed_first_makes_room(
    book: StarStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picks_module, "MOST_READERS", 3)
    fetched, starred, unused = (book.open(NOW, ["panel"]) for _ in range(3))
    book.fetched(fetched.read, book.of_feed(fetched.read), 1, NOW)
    book.star(starred.write, NOW + MINUTE, add=["lunch"])
    last = book.open(NOW + MINUTE)
    assert [is_kept(book, keys) for keys in (fetched, starred, unused, last)] == [True, True, False, True]


def test_when_there_are_too_many_readers_those_whose_calendar_is_silent_make_room(
    book: StarStore, keys: StarKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picks_module, "MOST_READERS", 1)
    book.fetched(keys.read, book.of_feed(keys.read), 1, NOW)
    with pytest.raises(StarsFull):
        book.open(NOW + FORGOTTEN_AFTER)
    assert is_kept(book, keys)
    last = book.open(NOW + FORGOTTEN_AFTER + SECOND)
    assert [is_kept(book, one) for one in (keys, last)] == [False, True]


def is_kept(book: StarStore, keys: StarKeys) -> bool:
    try:
        return bool(book.of_device(keys.write))
    except UnknownName:
        return False
