"""The picture of a day: the plan above, the day below."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from support.codeml_day import DAY, at, published, slot, talk, two_rooms

from app.domain.edits.edit_types import Cancel, Delay
from app.domain.program import Program
from app.web.timeline_svg import Picture, room_picture, room_strip, timeline_pictures


def lanes(picture: Picture) -> list[tuple[str, int]]:
    return [(box.session, box.y) for box in picture.boxes]


def day_from_ten_to(end: str) -> Picture:
    program: Program = two_rooms(talk("a", f"08:00-{end}"))
    return room_picture(program, DAY, "hall", program.sessions)


def test_only_rooms_in_which_something_changed_are_drawn_for_readers() -> None:
    program = two_rooms(
        replace(talk("a", "10:00-10:30"), slot=slot("10:08", "10:38", "hall")), talk("b", "10:00-10:30", "annex")
    )
    assert [(picture.day, picture.room) for picture in timeline_pictures(program)] == [("2025-07-18", "Hall")]


def test_a_session_in_another_room_is_planned_here_and_goes_there() -> None:
    program = two_rooms(replace(talk("a", "10:00-10:30"), slot=slot("10:00", "10:30", "annex")))
    assert [lanes(picture) for picture in timeline_pictures(program)] == [[("a", 0)], [("a", 44)]]


def test_a_session_for_all_rooms_is_drawn_in_each() -> None:
    program = two_rooms(talk("a", "10:00-10:30", None))
    pictures = [room_picture(program, DAY, room, program.sessions) for room in ("hall", "annex", None)]
    assert [lanes(picture) for picture in pictures] == [[("a", 0), ("a", 44)]] * 3


def test_boxes_have_their_times_and_their_place() -> None:
    program = two_rooms(replace(talk("a", "10:00-10:30"), slot=slot("10:30", "11:00", "hall")))
    boxes = room_picture(program, DAY, "hall", program.sessions).boxes
    assert [(box.title, box.x, box.width, box.status) for box in boxes] == [
        ("10:00–10:30 A", 0.0, 50.0, "planned"),
        ("10:30–11:00 A", 50.0, 50.0, "moved"),
    ]


def test_of_a_long_day_only_some_hours_are_named() -> None:
    assert [label for _, label in day_from_ten_to("12:00").hours] == ["08", "09", "10", "11", "12"]
    assert [label for _, label in day_from_ten_to("22:00").hours] == ["08", "10", "12", "14", "16", "18", "20", "22"]


def test_nothing_is_drawn_of_no_sessions() -> None:
    assert room_picture(two_rooms(), DAY, "hall", ()) == Picture("2025-07-18", "Hall", (), ())


def test_a_strip_has_the_plan_and_the_day_with_the_present_minute() -> None:
    program = two_rooms(talk("a", "10:00-10:30"), talk("b", "10:30-11:00"), talk("x", "10:00-10:30", "annex"))
    late = published(Delay("a", 10), "10:10", program)
    strip = room_strip(late, "hall", at("10:35") + timedelta(seconds=40))
    assert strip is not None
    assert [(box.lane, box.state, box.x, box.width) for box in strip.boxes] == [
        ("plan", "past", 0.0, 42.86),
        ("plan", "later", 42.86, 42.85),
        ("day", "later", 0.0, 57.14),
        ("day", "later", 57.14, 42.86),
    ]
    assert (strip.start, strip.end, strip.now) == (at("10:00"), at("11:10"), 50.0)
    assert strip.hours == ((0.0, "10"), (85.71, "11"))


def test_a_strip_leaves_out_what_is_cancelled_and_its_line_stays_within_the_day() -> None:
    cancelled = published(Cancel("b"), "09:00", two_rooms(talk("a", "10:00-10:30"), talk("b", "10:30-11:00")))
    strip = room_strip(cancelled, "hall", at("09:00"))
    assert strip is not None
    assert ([box.lane for box in strip.boxes], strip.now) == (["plan", "plan", "day"], 0.0)
    assert room_strip(cancelled, "annex", at("09:00")) is None
