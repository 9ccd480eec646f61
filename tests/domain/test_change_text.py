"""Changes as text."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from support.codeml_day import at, codeml, published, shown, slot, talk, two_rooms

from app.domain.change_stamps import with_stamps
from app.domain.change_text import FieldChange, change_lines, change_sentence, field_changes, headline, minutes_text
from app.domain.edits.edit_types import (
    Announce,
    Cancel,
    ChangeContent,
    ChangeRoom,
    Delay,
    Edit,
    Extend,
    Move,
    Reinstate,
    WithdrawAnnouncement,
)
from app.domain.program import Program
from app.domain.revision_diff import SessionChange, changed_sessions, compare_programs
from app.domain.session import Item

DAY = timedelta(days=1)
LATE = Delay("evan-shelhamer", 8, shorten=(("contributed-morning", 37),))
HALL = two_rooms(talk("a", "10:00-10:30"))


def sentences(before: Program, after: Program) -> list[str]:
    return [change_sentence(before, after, change) for change in changed_sessions(before, after)]


def facets_of(before: Program, after: Program) -> list[FieldChange]:
    return [facet for change in changed_sessions(before, after) for facet in field_changes(before, after, change)]


def test_a_late_morning_is_told() -> None:
    assert sentences(codeml(), published(LATE, "10:40")) == [
        "“DIY Deep Learning a Decade Later” ends at 10:53, not 10:45",
        "“Beyond the Research Paper” moved from 10:45 to 10:53",
        "“Contributed talks / demos” moved from 11:15 to 11:23 and lasts 37 minutes, not 45",
    ]


def test_one_minute_is_singular() -> None:
    assert (minutes_text(1), minutes_text(8)) == ("1 minute", "8 minutes")


def test_more_than_ninety_minutes_are_told_in_hours() -> None:
    assert [minutes_text(count) for count in (90, 91, 120, 150, 540)] == [
        *("90 minutes", "1 h 31 min", "2 h", "2 h 30 min", "9 h"),
    ]


def test_a_length_in_hours_and_one_in_minutes_have_their_units() -> None:
    longer = replace(HALL.session("a"), slot=slot("10:10", "12:10", "hall"))
    assert sentences(HALL, replace(HALL, sessions=(longer, *HALL.sessions[1:]))) == [
        "“A” moved from 10:00 to 10:10 and lasts 2 h, not 30 minutes"
    ]


def test_a_change_by_seconds_is_told_with_seconds() -> None:
    preview = shown(Extend("matt-johnson", 1), "13:20:00")
    moved = replace(HALL.session("a"), slot=slot("10:00:20", "10:30:20", "hall"))
    seconds = replace(HALL, sessions=(moved, *HALL.sessions[1:]))
    assert sentences(codeml(), preview.after)[0] == "“JAX and OSS at Google / DeepMind” ends at 13:31, not 13:30"
    assert sentences(HALL, seconds) == ["“A” moved from 10:00:00 to 10:00:20"]
    assert facets_of(HALL, seconds) == [FieldChange("time", "10:00:00–10:30:00", "10:00:20–10:30:20")]


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (Cancel("a"), "“A” is cancelled"),
        (ChangeContent("a", title="Better"), "“A” is now “Better”"),
        (ChangeContent("a", speakers=("tri-dao", "sara-hooker")), "“A” is now with Tri Dao, Sara Hooker"),
        (ChangeRoom("a", "annex"), "“A” is in Annex, no longer in Hall"),
        (ChangeRoom("a", None), "“A” is in all rooms, no longer in Hall"),
        (Move("a", at("11:00"), "annex"), "“A” moved from 10:00 to 11:00, is in Annex, no longer in Hall"),
    ],
)
def test_an_edit_is_told_in_a_sentence(edit: Edit, sentence: str) -> None:
    assert sentences(HALL, shown(edit, "09:00", HALL).after) == [sentence]


def test_what_is_reinstated_is_told() -> None:
    cancelled = published(Cancel("a"), "09:00", HALL)
    assert sentences(cancelled, published(Reinstate("a"), "09:00", cancelled)) == ["“A” takes place after all"]


def test_speakers_who_are_gone_are_told() -> None:
    assert sentences(codeml(), published(ChangeContent("tri-dao", speakers=()), "09:00")) == [
        "“Open-Source Attention Optimizations” is no longer with Tri Dao"
    ]


def test_a_change_of_day_is_told_with_the_days() -> None:
    moved = replace(HALL.session("a"), slot=slot("10:00", "10:30", "hall"))
    moved = replace(moved, slot=replace(moved.slot, start=moved.start + DAY, end=moved.end + DAY))
    assert sentences(HALL, replace(HALL, sessions=(moved,))) == [
        "“A” moved from Fri 18 July 10:00 to Sat 19 July 10:00"
    ]


def test_other_details_are_named() -> None:
    after = replace(HALL, sessions=(replace(HALL.session("a"), abstract="Words", items=(Item(title="Paper"),)),))
    assert sentences(HALL, after) == ["“A” has new abstract, papers"]


def test_a_session_that_is_new_or_gone_is_told() -> None:
    empty = replace(HALL, sessions=())
    assert sentences(empty, HALL) == ["“A” is new: Fri 18 July 10:00–10:30, Hall"]
    assert sentences(HALL, empty) == ["“A” is gone"]


def test_the_facets_of_a_change_are_texts_before_and_after() -> None:
    after = shown(Move("a", at("11:00"), "annex"), "09:00", HALL).after
    after = published(ChangeContent("a", title="Better"), "09:00", after)
    assert facets_of(HALL, after) == [
        FieldChange("time", "10:00–10:30", "11:00–11:30"),
        FieldChange("room", "Hall", "Annex"),
        FieldChange("title", "A", "Better"),
    ]


def test_the_facets_of_a_cancellation() -> None:
    cancelled = published(Cancel("a"), "09:00", HALL)
    assert facets_of(HALL, cancelled) == [FieldChange("status", "", "cancelled")]
    assert change_lines(compare_programs(HALL, cancelled)) == ("A: cancelled",)


def test_the_facets_of_what_takes_place_after_all() -> None:
    cancelled = published(Cancel("a"), "09:00", HALL)
    reinstated = published(Reinstate("a"), "09:00", cancelled)
    assert facets_of(cancelled, reinstated) == [FieldChange("status", "", "takes place after all")]


def test_the_facets_of_a_session_that_is_new() -> None:
    new = FieldChange("presence", "", "Fri 18 July 10:00–10:30, Hall")
    assert facets_of(replace(HALL, sessions=()), HALL) == [new]


def test_a_change_of_nothing_cannot_be_told() -> None:
    with pytest.raises(ValueError, match="neither before nor after"):
        change_sentence(HALL, HALL, SessionChange("a", None, None))


def test_an_announcement_that_is_taken_back_is_told_as_withdrawn() -> None:
    before = with_stamps(None, published(Announce("Lunch is in Hall B."), "09:00", HALL), at("09:00"), 2)
    after = published(WithdrawAnnouncement(2), "09:05", before)
    assert change_lines(compare_programs(before, after)) == ("Announcement withdrawn: Lunch is in Hall B.",)


def test_the_headline_of_a_revision_is_what_it_changed_first() -> None:
    after = published(
        ChangeContent("a", title="Better"), "09:00", shown(Move("a", at("11:00"), "annex"), "09:00", HALL).after
    )
    assert headline(compare_programs(HALL, after)) == "Better: 10:00–10:30 → 11:00–11:30 and 2 more"
    assert headline(compare_programs(HALL, HALL)) == ""
