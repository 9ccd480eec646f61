"""The reports of displays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from support.publisher_processes import NOW

from app.store import displays as displays_module
from app.store import tables
from app.store.database import Database
from app.store.displays import MOST_DISPLAYS, SILENT_AFTER, Display, Displays

HALL = Display(id="screen-1", room="hall", path="/display/hall", revision=3, seen_at=NOW)
DAY = timedelta(days=1)


@pytest.fixture
def displays(database: Database) -> Displays:
    return Displays(database)


def test_a_display_is_listed_as_it_reported(displays: Displays) -> None:
    displays.report(HALL)
    assert displays.all(NOW) == (HALL,)


def test_the_last_word_of_a_display_counts(displays: Displays) -> None:
    later = replace(HALL, revision=4, room=None, path="/display", seen_at=NOW + timedelta(seconds=30))
    displays.report(HALL)
    displays.report(later)
    assert displays.all(NOW) == (later,)


def test_the_last_seen_comes_first(displays: Displays) -> None:
    later = replace(HALL, id="screen-2", seen_at=NOW + timedelta(seconds=1))
    for one in (HALL, later):
        displays.report(one)
    assert displays.all(NOW) == (later, HALL)


def test_a_display_unheard_of_for_a_day_is_forgotten(displays: Displays, database: Database) -> None:
    displays.report(HALL)
    assert displays.all(NOW + DAY) == ()
    displays.report(replace(HALL, id="screen-2", seen_at=NOW + DAY))
    assert count(database) == 1


def test_more_displays_than_any_conference_has_are_not_kept(displays: Displays, database: Database) -> None:
    with database.writing() as connection:
        for number in range(MOST_DISPLAYS):
            noise = {"id": str(number), "path": "/", "revision": 1, "seen_at": NOW + timedelta(seconds=number)}
            connection.execute(tables.displays.insert().values(noise))
    displays.report(replace(HALL, seen_at=NOW + timedelta(hours=1)))
    assert (count(database), displays.all(NOW)[0].id) == (MOST_DISPLAYS, "screen-1")


def test_a_live_display_never_yields_to_a_new_one(displays: Displays, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(displays_module, "MOST_DISPLAYS", 1)
    live, silent = HALL.seen_at + SILENT_AFTER - timedelta(seconds=1), HALL.seen_at + SILENT_AFTER
    assert displays.report(HALL)
    assert not displays.report(replace(HALL, id="screen-2", seen_at=live))
    assert displays.all(NOW) == (HALL,)
    assert displays.report(replace(HALL, revision=4, seen_at=HALL.seen_at))
    assert displays.report(replace(HALL, id="screen-2", seen_at=silent))
    assert [one.id for one in displays.all(NOW)] == ["screen-2"]


def test_too_many_live_displays_stay_and_report(displays: Displays, monkeypatch: pytest.MonkeyPatch) -> None:
    live = [replace(HALL, id=f"screen-{number}") for number in range(3)]
    assert [displays.report(one) for one in live] == [True] * 3
    monkeypatch.setattr(displays_module, "MOST_DISPLAYS", 2)
    assert displays.report(live[2])
    assert displays.all(NOW) == tuple(live)


def test_long_words_of_strangers_are_cut(displays: Displays) -> None:
    displays.report(replace(HALL, id="i" * 1000, room="r" * 1000, path="/" * 1000))
    assert [(len(one.id), len(one.room or ""), len(one.path)) for one in displays.all(NOW)] == [(64, 64, 200)]


def count(database: Database) -> int | None:
    with database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(tables.displays))
