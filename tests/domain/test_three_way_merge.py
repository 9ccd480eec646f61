"""Publishing a folder: changes of its files are merged with the edits of the day."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.codeml_day import at, codeml, published, slot, talk, times
from support.edit_strategies import edits_of
from support.strategies import examples, instants_near, programs

from app.domain.edits.edit_types import Announce, Cancel, ChangeContent, Delay, EndNow
from app.domain.edits.preview import preview
from app.domain.edits.three_way_merge import Conflict, Time, merge_files
from app.domain.errors import AgendaError
from app.domain.program import Page, Person, Program, Room, Venue
from app.domain.session import Session

EVAN = "evan-shelhamer"
ADA = Person(id="ada", name="Ada")


def with_session(program: Program, name: str, **fields: Any) -> Program:
    """The program with other fields in one session; a new slot in a file is the scheduled one, too."""
    if "slot" in fields:
        fields["scheduled"] = fields["slot"]
    return replace(
        program, sessions=tuple(replace(one, **fields) if one.id == name else one for one in program.sessions)
    )


def without(program: Program, name: str) -> Program:
    return replace(program, sessions=tuple(one for one in program.sessions if one.id != name))


def test_files_that_did_not_change_change_nothing() -> None:
    latest = published(Delay(EVAN, 8, shorten=(("contributed-morning", 37),)), "10:40")
    assert merge_files(codeml(), codeml(), latest).program == latest


def test_files_that_changed_alone_are_taken() -> None:
    files = with_session(codeml(), "panel", title="Panel: who pays?", slot=slot("16:05", "16:55"))
    merge = merge_files(codeml(), files, codeml())
    assert (merge.program, merge.conflicts) == (files, ())


def test_an_edit_on_the_day_wins_over_a_line_that_did_not_change() -> None:
    files = with_session(codeml(), "panel", title="Panel: who pays?")
    merge = merge_files(codeml(), files, published(Cancel(EVAN), "10:00"))
    assert (merge.program.session(EVAN).cancelled, merge.program.session("panel").title) == (True, "Panel: who pays?")


def test_fields_of_one_session_are_merged_one_by_one() -> None:
    files = with_session(codeml(), EVAN, title="Caffe")
    late = published(Delay(EVAN, 8, shorten=(("contributed-morning", 37),)), "10:40")
    program = merge_files(codeml(), files, late).program
    assert (times(program, EVAN), program.session(EVAN).title) == ({EVAN: "10:15–10:53"}, "Caffe")


def test_what_both_changed_is_a_conflict_and_the_day_goes_on_as_it_was() -> None:
    files = with_session(codeml(), EVAN, title="Caffe", slot=slot("10:20", "10:50"))
    latest = published(ChangeContent(EVAN, title="Torch"), "10:00", published(EndNow(EVAN), "10:40"))
    merge = merge_files(codeml(), files, latest)
    assert merge.conflicts == (
        Conflict("sessions[evan-shelhamer].title", codeml().session(EVAN).title, "Torch", "Caffe"),
        Conflict(
            "sessions[evan-shelhamer].time",
            Time(at("10:15"), at("10:45")),
            Time(at("10:15"), at("10:40"), ended_by_hand=True),
            Time(at("10:20"), at("10:50")),
        ),
    )
    assert (times(merge.program, EVAN), merge.program.session(EVAN).title) == ({EVAN: "10:15–10:40"}, "Torch")


def test_what_both_changed_alike_is_no_conflict() -> None:
    files = with_session(codeml(), EVAN, title="Caffe")
    assert merge_files(codeml(), files, published(ChangeContent(EVAN, title="Caffe"), "10:00")).conflicts == ()


def test_the_schedule_is_what_the_files_say() -> None:
    late = published(Delay("matt-johnson", 10), "12:00")
    files = with_session(codeml(), "matt-johnson", slot=slot("13:10", "13:40"))
    session = merge_files(codeml(), files, late).program.session("matt-johnson")
    assert (session.status, session.slot, session.scheduled) == (
        "confirmed",
        files.session("matt-johnson").slot,
        session.slot,
    )


def test_a_session_is_added() -> None:
    files = replace(codeml(), sessions=(*codeml().sessions, talk("party", "18:00-20:00", "venue")))
    assert merge_files(codeml(), files, codeml()).program == files


def test_a_session_that_files_no_longer_have_is_cancelled() -> None:
    merge = merge_files(codeml(), without(codeml(), "panel"), codeml())
    assert merge.program == with_session(codeml(), "panel", cancelled=True)


def test_a_session_that_is_back_in_the_files_takes_place_as_they_say() -> None:
    gone = without(codeml(), "panel")
    cancelled = merge_files(codeml(), gone, codeml()).program
    back = with_session(codeml(), "panel", title="Panel: who pays?")
    merge = merge_files(gone, back, cancelled)
    assert (merge.program, merge.conflicts) == (back, ())


def test_a_dropped_session_that_was_reinstated_on_the_day_is_merged_field_by_field() -> None:
    gone = without(codeml(), "panel")
    back = with_session(codeml(), "panel", title="Panel: who pays?")
    merge = merge_files(gone, back, codeml())
    assert merge.conflicts == (Conflict("sessions[panel].title", None, "Panel discussion", "Panel: who pays?"),)


def test_the_stamps_are_those_of_the_latest_revision() -> None:
    latest = with_session(codeml(), "panel", sequence=4, changed_at=at("10:00"))
    files = with_session(codeml(), "panel", title="Panel: who pays?", changed_at=None)
    session = merge_files(codeml(), files, latest).program.session("panel")
    assert (session.sequence, session.changed_at, session.created_at) == (
        4,
        at("10:00"),
        codeml().sessions[0].created_at,
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "CODEML again"},
        {"venue": Venue(name="Another place")},
        {"organizers": (ADA,)},
        {"pages": (Page(slug="about", title="About", body="Words"),)},
        {"rooms": (Room("venue", "Ballroom A"), Room("hall", "Hall"))},
        {"speakers": (ADA, *codeml().speakers)},
        {"speakers": tuple(reversed(codeml().speakers))},
    ],
)
def test_all_of_a_program_is_merged(fields: dict[str, Any]) -> None:
    files = replace(codeml(), **fields)
    announced = published(Announce("Hello"), "10:00")
    assert merge_files(codeml(), files, announced).program == replace(files, announcements=announced.announcements)


def test_a_page_that_files_no_longer_have_is_gone() -> None:
    base = replace(codeml(), pages=(Page(slug="about", title="About"),))
    assert merge_files(base, codeml(), base).program == codeml()


def test_people_added_on_the_day_and_in_the_files_are_all_there() -> None:
    bob = Person(id="bob", name="Bob")
    files = replace(codeml(), speakers=(bob, *codeml().speakers))
    latest = published(ChangeContent("panel", speakers=("ada",), people=(ADA,)), "10:00")
    assert merge_files(codeml(), files, latest).program.speakers == (bob, *codeml().speakers, ADA)


def test_one_id_for_two_people_is_a_conflict() -> None:
    other = Person(id="ada", name="Ada Byron")
    latest = published(ChangeContent("panel", speakers=("ada",), people=(ADA,)), "10:00")
    merge = merge_files(codeml(), replace(codeml(), speakers=(*codeml().speakers, other)), latest)
    assert merge.conflicts == (Conflict("speakers[ada].name", None, "Ada", "Ada Byron"),)
    assert merge.program.speaker("ada") == ADA


def test_a_speaker_and_a_room_that_are_still_needed_stay() -> None:
    base = replace(codeml(), rooms=(*codeml().rooms, Room("hall", "Hall")), speakers=(*codeml().speakers, ADA))
    latest = with_session(base, "panel", slot=slot("16:00", "16:55", "hall"), speakers=("ada",))
    program = merge_files(base, codeml(), latest).program
    assert (program.room("hall"), program.speaker("ada")) == (Room("hall", "Hall"), ADA)


@given(programs(least=1), st.data())
@examples(40)
def test_the_day_is_kept_whatever_was_edited_and_the_files_follow_where_nothing_was(
    program: Program, data: st.DataObject
) -> None:
    """Unchanged files change nothing; changes of fields that were not edited are taken without conflict."""
    now = data.draw(instants_near(program))
    try:
        latest = preview(program, data.draw(edits_of(program, now)), now).after
    except AgendaError:
        latest = program
    assert merge_files(program, program, latest).program.sessions == _planned(program, latest)
    files = replace(program, description="New", url="https://new.example")
    merge = merge_files(program, files, latest)
    assert (merge.program.description, merge.program.url, merge.conflicts) == ("New", "https://new.example", ())


def _planned(files: Program, latest: Program) -> tuple[Session, ...]:
    return tuple(replace(one, scheduled=files.sessions_by_id.get(one.id, one).scheduled) for one in latest.sessions)
