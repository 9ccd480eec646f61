from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from support.strategies import programs

from app.domain.program import Person, Program, Room
from app.domain.session import TBA, Session, Slot
from app.domain.session_matching import Traits, paired_sessions, traits_of

NINE = datetime(2025, 7, 18, 16, tzinfo=UTC)
HOUR = timedelta(hours=1)


def talk(title: str, hour: int, *people: str, **more: object) -> Traits:
    """A talk so many hours after nine."""
    fields: dict[str, object] = {"kind": "talk", "room": "east", **more}
    return Traits(title=title, start=NINE + hour * HOUR, people=frozenset(people), **fields)  # type: ignore[arg-type]


def test_a_guid_is_matched_before_anything_else() -> None:
    old = [talk("attention", 0, "tri dao", guid="a"), talk("caffe", 1, "evan", guid="b")]
    new = [talk("attention", 0, "tri dao", guid="b"), talk("caffe", 1, "evan", guid="a")]
    assert paired_sessions(new, old) == {0: 1, 1: 0}


def test_an_id_is_known_again_whatever_title_people_and_time() -> None:
    old = [talk("attention", 0, "tri dao", ids=("tri-dao",)), talk("other", 3, "somebody")]
    assert paired_sessions([talk("hardware", 3, "somebody else", ids=("tri-dao",))], old) == {0: 0}


def test_a_retimed_talk_is_known_by_title_and_people() -> None:
    old = [talk("attention", 0, "tri dao"), talk("caffe", 1, "evan")]
    new = [talk("caffe", 0, "evan"), talk("attention", 1, "tri dao")]
    assert paired_sessions(new, old) == {0: 1, 1: 0}


def test_a_retitled_and_retimed_talk_is_known_by_its_people() -> None:
    old = [talk("attention", 0, "tri dao"), talk("caffe", 1, "evan")]
    assert paired_sessions([talk("flash attention", 4, "tri dao")], old) == {0: 0}


def test_a_talk_with_a_new_speaker_is_known_by_its_title() -> None:
    old = [talk("attention", 0, "tri dao"), talk("caffe", 1, "evan")]
    assert paired_sessions([talk("caffe", 4, "jon")], old) == {0: 1}


def test_an_open_talk_is_known_by_its_place_once_it_has_a_title_and_a_speaker() -> None:
    assert paired_sessions([talk("attention", 0, "tri dao")], [talk("", 0)]) == {0: 0}


def test_a_lunch_in_place_of_a_talk_is_not_that_talk() -> None:
    assert paired_sessions([talk("lunch", 0, kind="lunch")], [talk("attention", 0, "tri dao")]) == {}


def test_sessions_with_the_same_key_are_paired_in_time_order() -> None:
    breaks = [talk("coffee break", hour, kind="break") for hour in (1, 6)]
    later = [talk("coffee break", hour, kind="break") for hour in (2, 7)]
    assert paired_sessions(later, breaks) == {0: 0, 1: 1}


def test_of_two_with_the_same_key_the_one_with_the_same_start_is_matched() -> None:
    old = [talk("coffee break", 1, kind="break"), talk("coffee break", 6, kind="break")]
    assert paired_sessions([talk("coffee break", 6, kind="break")], old) == {0: 1}


def test_of_two_with_the_same_key_the_nearest_is_matched_when_one_is_gone() -> None:
    old = [talk("coffee break", 1, kind="break"), talk("coffee break", 6, kind="break")]
    assert paired_sessions([talk("coffee break", 5, kind="break")], old) == {0: 1}


def test_an_additional_session_between_others_with_the_same_key_is_not_matched() -> None:
    old = [talk("coffee break", 1, kind="break"), talk("coffee break", 8, kind="break")]
    new = [talk("coffee break", hour, kind="break") for hour in (1, 4, 8)]
    assert paired_sessions(new, old) == {0: 0, 2: 1}


def test_traits_leave_case_accents_and_an_open_title_aside() -> None:
    slot = Slot(start=NINE, end=NINE + HOUR, room="east")
    session = Session(id="open", title=TBA, slot=slot, scheduled=slot, speakers=("n",), kind="contributed")
    program = Program(
        id="day",
        title="Day",
        timezone="UTC",
        domain="example.org",
        days=(NINE.date(),),
        rooms=(Room("east", "Säle  Ost"),),
        speakers=(Person(id="n", name="Nicholas KRÄMER"),),
        sessions=(session,),
    )
    assert traits_of(program, session) == Traits(
        start=NINE, ids=("open",), people=frozenset({"nicholas kramer"}), room="sale ost", kind="talk"
    )


@given(programs(), st.randoms(use_true_random=False))
def test_every_session_of_an_unchanged_program_is_itself(program: Program, random: st.DrawFn) -> None:
    """An unchanged session keeps its id, in whatever order the sessions are given."""
    order = list(program.sessions)
    random.shuffle(order)  # type: ignore[attr-defined]
    pairs = paired_sessions(
        [traits_of(program, session) for session in order],
        [traits_of(program, session) for session in program.sessions],
    )
    assert {order[new].id: program.sessions[old].id for new, old in pairs.items()} == {
        session.id: session.id for session in program.sessions
    }


@given(programs(), programs())
def test_no_former_session_is_taken_twice(new: Program, old: Program) -> None:
    """A former session is matched at most once."""
    strangers = [replace(traits_of(new, session), ids=()) for session in new.sessions]
    pairs = paired_sessions(strangers, [traits_of(old, session) for session in old.sessions])
    assert len(set(pairs.values())) == len(pairs)
    assert set(pairs) <= set(range(len(strangers)))
