"""Who is not ticked as here, and who keeps the room state of a session."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from support.codeml_day import at, codeml, talk, two_rooms

from app.domain.edits.edit_rights import check_room_state, may_keep_room_state
from app.domain.errors import NotAllowed
from app.domain.instants import at_local
from app.domain.program import Program
from app.domain.rights import Editor
from app.domain.room_state import SpeakerTick, Tick, missing_speakers, missing_text
from app.domain.session import Slot

PROGRAM = codeml()
SARA = PROGRAM.session("sara-hooker")
MICROSECOND = timedelta(microseconds=1)


def tick(session: str, speaker: str, kind: Tick = "here") -> SpeakerTick:
    return SpeakerTick(session, speaker, kind, "Ada", at("10:30"))


def missing(program: Program, name: str, now: datetime, *ticks: SpeakerTick) -> list[str]:
    return [person.id for person in missing_speakers(program, program.session(name), ticks).at(now)]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at("10:35") - MICROSECOND, []),
        (at("10:35"), ["sara-hooker"]),
        (at("10:45"), ["sara-hooker"]),
        (at("11:15") - MICROSECOND, ["sara-hooker"]),
        (at("11:15"), []),
    ],
    ids=["before", "ten minutes before", "at the start", "in the last instant", "at the end"],
)
def test_a_speaker_is_missed_from_ten_minutes_before_the_start_until_the_end(
    now: datetime, expected: list[str]
) -> None:
    assert missing(PROGRAM, "sara-hooker", now) == expected


@pytest.mark.parametrize(("clock", "expected"), [("09:49", []), ("09:50", ["sara-hooker"]), ("10:30", [])])
def test_in_january_2027_vancouver_is_at_minus_seven(clock: str, expected: list[str]) -> None:
    """Law 3: since 2026 British Columbia stays at UTC−7."""
    day = date(2027, 1, 15)
    start, end = (at_local(day, time(hour, minute), PROGRAM.timezone) for hour, minute in ((10, 0), (10, 30)))
    winter = replace(SARA, slot=Slot(start=start, end=end, room=SARA.room))
    program = replace(PROGRAM, days=(day,), sessions=(winter,))
    now = datetime.fromisoformat(f"2027-01-15T{clock}:00-07:00")
    assert missing(program, "sara-hooker", now) == expected


def test_who_is_ticked_as_here_is_not_missed() -> None:
    assert missing(PROGRAM, "sara-hooker", at("10:45"), tick("sara-hooker", "sara-hooker")) == []


@pytest.mark.parametrize(
    "other",
    [
        tick("sara-hooker", "sara-hooker", "slides"),
        tick("panel", "sara-hooker"),
        tick("sara-hooker", "tri-dao"),
    ],
    ids=["another tick", "another session", "somebody else"],
)
def test_another_tick_says_nothing_of_who_is_here(other: SpeakerTick) -> None:
    assert missing(PROGRAM, "sara-hooker", at("10:45"), other) == ["sara-hooker"]


def test_nobody_is_missed_where_the_session_is_cancelled() -> None:
    program = replace(PROGRAM, sessions=(replace(SARA, cancelled=True),))
    assert missing(program, "sara-hooker", at("10:45")) == []


def test_whoever_is_no_longer_a_speaker_is_not_missed_and_who_is_new_is() -> None:
    program = replace(PROGRAM, sessions=(replace(SARA, speakers=("tri-dao",)),))
    assert missing(program, "sara-hooker", at("10:45"), tick("sara-hooker", "sara-hooker")) == ["tri-dao"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ((), ""),
        (("sara-hooker",), "Sara Hooker is not ticked as here."),
        (("sara-hooker", "tri-dao"), "Sara Hooker and Tri Dao are not ticked as here."),
        (
            ("sara-hooker", "tri-dao", "matt-johnson"),
            "Sara Hooker, Tri Dao and Matt Johnson are not ticked as here.",
        ),
    ],
)
def test_it_is_said_in_a_sentence(names: tuple[str, ...], expected: str) -> None:
    assert missing_text([PROGRAM.speaker(name) for name in names]) == expected


ROOMS = two_rooms(talk("a", "10:00-10:30"), talk("b", "10:00-10:30", "annex"), talk("tea", "10:30-11:00", None))


@pytest.mark.parametrize(
    ("editor", "kept"),
    [
        (Editor("Frank"), ["a", "b", "tea"]),
        (Editor("Ada", "chair", "hall"), ["a"]),
        (Editor("Alan", "chair", "annex"), ["b"]),
        (Editor("Linus", "operator"), []),
        (Editor("Guido", "operator", "hall"), []),
        (Editor("Grace", "speaker", None, "a"), []),
    ],
    ids=lambda value: f"{value.role} {value.room or ''}" if isinstance(value, Editor) else "",
)
def test_organizers_and_the_chairs_of_its_room_keep_the_room_state_of_a_session(
    editor: Editor, kept: list[str]
) -> None:
    assert [name for name in ("a", "b", "tea") if may_keep_room_state(editor, ROOMS.session(name))] == kept


def test_others_are_refused() -> None:
    with pytest.raises(NotAllowed, match="Organizers and the chairs of its room"):
        check_room_state(Editor("Alan", "chair", "annex"), ROOMS.session("a"))
