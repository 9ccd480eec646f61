"""Links of speakers, made for one or for all at once."""

from __future__ import annotations

from dataclasses import replace

from support.codeml_day import talk, two_rooms
from support.publisher_processes import append_revision

from app.domain.program import Person, Program
from app.domain.rights import Editor
from app.live.clock import SYSTEM_CLOCK
from app.store.database import Database
from app.store.revisions import Revisions
from app.store.sign_ins import SignIns
from app.store.speaker_links import make_speaker_links, speaker_accesses, speaker_places

SECRET = "for tests"


def with_program(database: Database) -> tuple[Revisions, Program]:
    """A history with two talks of Ada's, one of which she gives with Grace, and a cancelled one."""
    sessions = (
        replace(talk("a", "10:00-10:30"), speakers=("ada", "grace")),
        replace(talk("b", "10:30-11:00"), speakers=("ada",)),
        replace(talk("c", "11:00-11:30"), speakers=("grace",), cancelled=True),
    )
    people = (Person(id="ada", name="Ada"), Person(id="grace", name="Grace"))
    program = replace(two_rooms(), speakers=people, sessions=sessions)
    revisions = Revisions(database)
    append_revision(revisions, program, author="files", kind="import")
    return revisions, program


def test_each_person_of_each_session_has_a_place_but_of_cancelled_ones(database: Database) -> None:
    _, program = with_program(database)
    places = [(session.id, person.id) for session, person in speaker_places(program)]
    assert places == [("a", "ada"), ("a", "grace"), ("b", "ada")]


def test_a_link_is_made_for_each_place_that_is_named_and_signs_its_speaker_in(database: Database) -> None:
    revisions, program = with_program(database)
    sign_ins, now = SignIns(database), SYSTEM_CLOCK.now()
    made = make_speaker_links(revisions, {("a", "grace"), ("b", "ada"), ("c", "grace"), ("z", "ada")}, now, SECRET)
    assert [(session.id, person.id) for session, person, _ in made] == [("a", "grace"), ("b", "ada")]
    signed_in = [sign_ins.signed_in(sign_ins.redeem(key, now, ""), now, program).editor for _, _, key in made]
    assert signed_in == [
        Editor("Grace", "speaker", session="a", speaker="grace"),
        Editor("Ada", "speaker", session="b", speaker="ada"),
    ]


def test_who_speaks_twice_or_has_the_name_of_another_gets_a_name_that_nobody_has(database: Database) -> None:
    revisions, _ = with_program(database)
    sign_ins, now = SignIns(database), SYSTEM_CLOCK.now()
    sign_ins.add("grace", now)
    make_speaker_links(revisions, {("a", "ada"), ("a", "grace"), ("b", "ada")}, now, SECRET)
    assert [one.name for one in sign_ins.people()] == ["Ada", "Ada (B)", "grace", "Grace (A)"]


def test_an_access_has_the_link_with_its_key_if_it_was_made_with_the_secret(database: Database) -> None:
    revisions, program = with_program(database)
    sign_ins, now = SignIns(database), SYSTEM_CLOCK.now()
    [(_, _, key)] = make_speaker_links(revisions, {("a", "grace")}, now, SECRET)
    shown = [
        {one.place: one.link and one.link.key for one in speaker_accesses(sign_ins, program, now, secret)}
        for secret in (SECRET, "another", None)
    ]
    nobody = {("a", "ada"): None, ("a", "grace"): None, ("b", "ada"): None}
    assert shown == [{**nobody, ("a", "grace"): key}, nobody, nobody]


def test_a_second_link_for_a_place_withdraws_the_first(database: Database) -> None:
    revisions, program = with_program(database)
    sign_ins, now = SignIns(database), SYSTEM_CLOCK.now()
    made = [make_speaker_links(revisions, {("a", "grace")}, now, SECRET)[0][2] for _ in range(2)]
    assert [one.link.key for one in speaker_accesses(sign_ins, program, now, SECRET) if one.link] == made[1:]
    assert len(sign_ins.people()) == 1
