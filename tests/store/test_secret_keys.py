"""Which keys the database has."""

from __future__ import annotations

from support.publisher_processes import NOW

from app.store.database import Database
from app.store.secret_keys import key_hash, new_key, stored_among
from app.store.sign_ins import SignIns
from app.store.stars import StarStore


def test_readers_keys_and_sign_in_links_are_found_among_others(database: Database) -> None:
    stars = StarStore(database).open(NOW)
    SignIns(database).add("Ada", NOW)
    good = {stars.write, stars.read, SignIns(database).new_link("Ada", NOW)}
    assert stored_among(database, [*good, *(new_key() for _ in range(1000))]) == good


def test_a_used_link_and_a_deleted_set_are_not_found(database: Database) -> None:
    stars = StarStore(database).open(NOW)
    StarStore(database).close(stars.write)
    SignIns(database).add("Ada", NOW)
    link = SignIns(database).new_link("Ada", NOW)
    SignIns(database).redeem(link, NOW, "")
    assert stored_among(database, [stars.write, stars.read, link]) == frozenset()


def test_the_hash_of_a_key_is_no_key(database: Database) -> None:
    stars = StarStore(database).open(NOW)
    assert stored_among(database, [key_hash(stars.write), key_hash(stars.read)]) == frozenset()
