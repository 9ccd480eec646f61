"""Which responses an edition stores."""

from __future__ import annotations

import pytest

from app.live import edition
from app.live.edition import Edition, ResponseKey
from app.live.http_response import StoredResponse


def answer(octets: int) -> StoredResponse:
    return StoredResponse(b"x" * octets, "text/plain")


def test_where_there_is_no_room_for_all_the_oldest_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edition, "MAX_BYTES", 100)
    kept = Edition(1, 1)
    for number in range(5):
        kept.store(ResponseKey("/", f"q={number}"), answer(40))
    assert (list(kept.responses), kept.size_bytes) == ([ResponseKey("/", "q=3"), ResponseKey("/", "q=4")], 80)


def test_an_answer_that_takes_anothers_place_takes_its_room_too() -> None:
    kept = Edition(1, 1)
    kept.store(ResponseKey("/"), answer(40))
    kept.store(ResponseKey("/"), answer(30))
    assert (list(kept.responses), kept.size_bytes) == ([ResponseKey("/")], 30)


def test_an_answer_larger_than_all_room_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edition, "MAX_BYTES", 100)
    kept = Edition(1, 1)
    kept.store(ResponseKey("/huge"), answer(200))
    assert (kept.responses, kept.size_bytes) == ({}, 0)
