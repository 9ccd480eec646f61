"""The timer in a page: the same between two boundaries of its room, whatever begins in others."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from support.codeml_day import at, talk, two_rooms

from app.domain.timeline import Timeline
from app.web.stage_timer_json import AHEAD, timer_json

DAY = Timeline(two_rooms(talk("a", "10:00-10:30"), talk("b", "11:00-11:30"), talk("elsewhere", "10:10-10:20", "annex")))


def spans(time: str) -> list[list[object]]:
    found: list[list[object]] = json.loads(timer_json(DAY, "hall", at(time)))
    return found


def test_it_begins_with_the_last_boundary_of_its_room() -> None:
    assert [spans(time)[0][:2] for time in ("09:00", "10:00", "10:30", "11:29", "23:00")] == [
        [0, "waiting"],
        [at("10:00").timestamp(), "calm"],
        [at("10:30").timestamp(), "over"],
        [at("11:00").timestamp(), "calm"],
        [at("11:30").timestamp(), "over"],
    ]


def test_it_is_the_same_until_the_next_one() -> None:
    assert spans("10:00") == spans("10:10") == spans("10:25") == spans("10:29")


def test_days_far_ahead_are_not_in_it() -> None:
    later = at("10:00") + timedelta(days=4)
    slot = talk("c", "10:00-10:30").slot.starting_at(later)
    far = replace(talk("c", "10:00-10:30"), slot=slot, scheduled=slot)
    timeline = Timeline(two_rooms(talk("a", "10:00-10:30"), far))
    found = json.loads(timer_json(timeline, "hall", at("09:00")))
    assert max(since for since, *_ in found) < (at("10:00") + AHEAD).timestamp() < later.timestamp()
