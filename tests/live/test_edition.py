"""What an edition keeps."""

from __future__ import annotations

import pytest

from app.live import edition
from app.live.answer import Answer
from app.live.edition import Address, Edition


def answer(octets: int) -> Answer:
    return Answer(b"x" * octets, "text/plain")


def test_where_there_is_no_room_for_all_the_oldest_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edition, "MOST_OCTETS", 100)
    kept = Edition(1, 1)
    for number in range(5):
        kept.keep(Address("/", f"q={number}"), answer(40))
    assert (list(kept.answers), kept.octets) == ([Address("/", "q=3"), Address("/", "q=4")], 80)


def test_an_answer_that_takes_anothers_place_takes_its_room_too() -> None:
    kept = Edition(1, 1)
    kept.keep(Address("/"), answer(40))
    kept.keep(Address("/"), answer(30))
    assert (list(kept.answers), kept.octets) == ([Address("/")], 30)


def test_an_answer_larger_than_all_room_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edition, "MOST_OCTETS", 100)
    kept = Edition(1, 1)
    kept.keep(Address("/huge"), answer(200))
    assert (kept.answers, kept.octets) == ({}, 0)
