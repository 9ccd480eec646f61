"""The report of planned against actual in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.codeml_day import at, slot, talk, two_rooms

from app.domain.day_report import Totals, day_reports
from app.domain.report_text import difference_text, remarks, slot_text, totals_text
from app.domain.session import Session

ON_TIME = Totals(end_minutes_late=0, over=True, started_late=0, cancelled=0, added=0, as_planned=False)


@pytest.mark.parametrize(
    ("minutes", "text"), [(8, "+8 min"), (-5, "−5 min"), (0, "0 min"), (125, "+125 min"), (None, "–")]
)
def test_a_difference_has_its_sign(minutes: int | None, text: str) -> None:
    assert difference_text(minutes) == text


def test_a_slot_is_told_in_venue_time() -> None:
    program = two_rooms()
    assert (slot_text(program, slot("10:15", "10:45")), slot_text(program, None)) == ("10:15–10:45", "–")


@pytest.mark.parametrize(
    ("totals", "text"),
    [
        (replace(ON_TIME, as_planned=True), "as planned"),
        (replace(ON_TIME, as_planned=True, over=False), "as planned so far"),
        (replace(ON_TIME, started_late=2), "ended on time, 2 started late"),
        (replace(ON_TIME, end_minutes_late=8, cancelled=1), "ended 8 min late, 1 cancelled"),
        (replace(ON_TIME, end_minutes_late=8, over=False), "will end 8 min late"),
        (replace(ON_TIME, end_minutes_late=-30, cancelled=1), "ended 30 min early, 1 cancelled"),
        (replace(ON_TIME, end_minutes_late=None, cancelled=2), "nothing takes place, 2 cancelled"),
        (replace(ON_TIME, end_minutes_late=None, added=1), "without a plan, 1 added"),
    ],
)
def test_totals_are_one_line(totals: Totals, text: str) -> None:
    assert totals_text(totals) == text


@pytest.mark.parametrize(
    ("session", "told"),
    [
        (talk("a", "09:00-09:30"), ()),
        (talk("a", "10:00-10:30"), ("on now",)),
        (talk("a", "11:00-11:30"), ("to come",)),
        (replace(talk("a", "11:00-11:30"), added=True), ("added", "to come")),
        (replace(talk("a", "11:00-11:30"), cancelled=True), ("cancelled",)),
        (
            replace(talk("a", "09:00-09:30", "annex"), scheduled=slot("09:00", "09:30", "hall")),
            ("planned in Hall",),
        ),
        (
            replace(talk("a", "09:00-09:30"), scheduled=slot("09:00", "09:30", None)),
            ("planned in all rooms",),
        ),
    ],
)
def test_remarks_tell_what_the_times_do_not(session: Session, told: tuple[str, ...]) -> None:
    program = two_rooms(session)
    [day] = day_reports(program, now=at("10:10"))
    [one] = [one for room in day.rooms for one in room.sessions]
    assert remarks(program, one) == told
