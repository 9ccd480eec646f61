"""What changed, in the JSON of pages: so many sentences at most, and no more are made than are shown."""

from __future__ import annotations

from collections.abc import Iterator, Reversible
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from flask import Flask
from support.codeml_day import at, talk, two_rooms

from app.domain.program import Program
from app.domain.revision_diff import RevisionDiff, compare_programs
from app.store.revisions import HistoryEntry
from app.web.page_data_json import MOST_REVISIONS, MOST_SENTENCES, page_data
from app.web.request_context import page_context

MANY = 150


@pytest.fixture
def program() -> Program:
    """A day of 150 talks at the same time."""
    return two_rooms(*(talk(f"talk-{number}", "10:00-10:30") for number in range(MANY)))


def late(program: Program, minutes: int) -> Program:
    """All of it so many minutes later."""
    by = timedelta(minutes=minutes)
    slots = [replace(one.slot, start=one.slot.start + by, end=one.slot.end + by) for one in program.sessions]
    sessions = (replace(one, slot=slot) for one, slot in zip(program.sessions, slots, strict=True))
    return replace(program, sessions=tuple(sessions))


class Endless(Reversible[HistoryEntry]):
    """A history without a beginning, each revision with one difference; ``read`` says how much of it was asked for."""

    def __init__(self, difference: RevisionDiff) -> None:
        self.read = 0
        self._difference = difference

    def __iter__(self) -> Iterator[HistoryEntry]:
        raise NotImplementedError

    def __reversed__(self) -> Iterator[HistoryEntry]:
        for number in count(-1_000, -1):
            self.read += 1
            yield HistoryEntry(
                number=-number, at=at("10:00"), author="t", note="", kind="edit", base=0, difference=self._difference
            )


@pytest.mark.parametrize(
    ("minutes", "sentences", "read"),
    [(5, [MOST_SENTENCES - MANY, MANY], 2), (0, [], MOST_REVISIONS)],
    ids=["all-sessions-move", "nothing-changes"],
)
def test_no_more_revisions_are_read_than_are_told(
    app: Flask, program: Program, minutes: int, sentences: list[int], read: int
) -> None:
    history = Endless(compare_programs(program, late(program, minutes)))
    with app.test_request_context("/"):
        news = page_data(page_context(), history, ())["news"]
    assert ([len(one["sessions"]) for one in news], history.read) == (sentences, read)
