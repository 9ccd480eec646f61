"""Which of many keys the database has, of which kind."""

from __future__ import annotations

from support.publisher_processes import NOW

from app.store.database import Database
from app.store.secret_keys import key_hash, new_key
from app.store.sign_in_links import link_id
from app.store.sign_ins import SignIns
from app.store.stars import StarStore


def test_readers_keys_and_sign_in_links_are_found_among_others(database: Database) -> None:
    stars, sign_ins = StarStore(database), SignIns(database)
    sign_ins.add("Ada", NOW)
    reader, link = stars.open(NOW), sign_ins.new_link("Ada", NOW)
    keys = [reader.write, reader.read, link, *(new_key() for _ in range(1000))]
    assert stars.keys_among(keys) == {reader.write, reader.read}
    assert sign_ins.links_among(keys) == {link}


def test_a_withdrawn_link_and_a_deleted_set_are_not_found(database: Database) -> None:
    stars, sign_ins = StarStore(database), SignIns(database)
    sign_ins.add("Ada", NOW)
    reader, link = stars.open(NOW), sign_ins.new_link("Ada", NOW)
    stars.close(reader.write)
    sign_ins.withdraw_link(link_id(link))
    assert stars.keys_among([reader.write, reader.read]) | sign_ins.links_among([link]) == frozenset()


def test_the_hash_of_a_key_is_no_key(database: Database) -> None:
    reader = StarStore(database).open(NOW)
    assert StarStore(database).keys_among([key_hash(reader.write), key_hash(reader.read)]) == frozenset()
