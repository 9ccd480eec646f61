"""What files and edits both changed, in people's words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.codeml_day import at, talk, two_rooms

from app.domain.edits.conflict_text import conflict_lines
from app.domain.edits.three_way_merge import Conflict, Time
from app.domain.session import Item, Link

START = at("10:00")
DAY, MINUTE, SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)


def line(where: str, theirs: object, ours: object, base: object) -> str:
    program = two_rooms(talk("a", "10:00-10:30"), talk("b", "11:00-11:30", "annex"))
    title = program.session("a").title
    [said] = conflict_lines(program, [Conflict(where, base=base, ours=ours, theirs=theirs)])
    return said.replace(f"“{title}”", "A")


def test_times_are_clocks() -> None:
    times = [Time(START + late * MINUTE, START + (late + 30) * MINUTE) for late in (5, 10, 0)]
    said = "A, time: the files say 10:05–10:35, published is 10:10–10:40, before both it was 10:00–10:30"
    assert line("sessions[a].time", *times) == said


def test_times_have_their_day_where_it_differs_and_seconds_where_nothing_else_does() -> None:
    slot = Time(START, START + 30 * MINUTE)
    other_day, other_second = Time(START + DAY, START + DAY), Time(START, slot.end + SECOND)
    assert "Fri 18 July 10:00–10:30" in line("sessions[a].time", other_day, slot, slot)
    assert "10:00:00–10:30:01" in line("sessions[a].time", other_second, slot, slot)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("room", "annex", "Annex"),
        ("room", None, "all rooms"),
        ("title", "Late", "“Late”"),
        ("abstract", "word " * 40, f"“{('word ' * 12)}…”"),
        ("abstract", None, "nothing"),
        ("speakers", ("nobody-known",), "nobody-known"),
        ("items", (Item(title="On sap"), Item(title="On moss")), "On sap, On moss"),
        ("links", (Link("Slides", "https://a.example"),), "Slides"),
        ("cancelled", True, "yes"),
        ("min_minutes", 10, "10"),
    ],
)
def test_each_value_is_in_readers_words(field: str, value: object, said: str) -> None:
    words = {"items": "papers", "min_minutes": "least minutes"}
    assert line(f"sessions[a].{field}", value, value, value) == (
        f"A, {words.get(field, field)}: the files say {said}, published is {said}, before both it was {said}"
    )


def test_a_field_of_the_program_has_no_owner() -> None:
    assert line("timezone", "a", "b", None) == (
        "time zone: the files say “a”, published is “b”, before both it was nothing"
    )
