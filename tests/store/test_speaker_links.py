"""The links of speakers: for one or for all at once, and how each comes to the page of their session."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from support.codeml_day import codeml
from support.publisher_processes import NOW, append_revision, opened

from app.domain.errors import UnknownName
from app.domain.program import Program
from app.domain.rights import Editor
from app.store.database import Database, sqlite_url
from app.store.errors import NoDatabase, SignInRefused
from app.store.revisions import Revision, Revisions
from app.store.sign_ins import SPEAKER_LINK_LIFETIME, SignIns
from app.store.speaker_links import Place, SpeakerAccess, make_speaker_links, speaker_accesses, speaker_places
from app.store.tables import organizers

STELLA, TRI, SARA = (
    ("stella-biderman", "stella-biderman"),
    ("tri-dao", "tri-dao"),
    ("sara-hooker", "sara-hooker"),
)
# Tri Dao speaks in another session too, and Sara Hooker beside Stella Biderman.
TRI_ON_PANEL, SARA_BESIDE_STELLA = ("panel", "tri-dao"), ("stella-biderman", "sara-hooker")


@pytest.fixture
def program() -> Program:
    """The workshop, with somebody who speaks twice, a session of two people, and a cancelled one."""
    speakers = {"panel": ("tri-dao",), "stella-biderman": ("stella-biderman", "sara-hooker")}
    sessions = (
        replace(one, speakers=speakers.get(one.id, one.speakers), cancelled=one.id == "matt-johnson")
        for one in codeml().sessions
    )
    return replace(codeml(), sessions=tuple(sessions))


@pytest.fixture(autouse=True)
def _published(first: Revision) -> None:
    """It is revision 1."""


@pytest.fixture
def sign_ins(database: Database) -> SignIns:
    return SignIns(database)


def made(revisions: Revisions, *places: Place, **options: Any) -> dict[Place, str]:
    """The keys of new links."""
    links = make_speaker_links(revisions, places, options.pop("now", NOW), **options)
    return {(session.id, person.id): key for session, person, key in links}


def names(sign_ins: SignIns) -> dict[Place, str]:
    """Who was added, by session and person."""
    return {(one.session or "", one.speaker or ""): one.name for one in sign_ins.people() if one.role == "speaker"}


def accesses(sign_ins: SignIns, program: Program) -> dict[Place, SpeakerAccess]:
    return {one.place: one for one in speaker_accesses(sign_ins, program, NOW)}


def named(program: Program, name: str, speaker: str = "stella-biderman") -> Program:
    """The program, in which a person has another name."""
    people = (replace(one, name=name) if one.id == speaker else one for one in program.speakers)
    return replace(program, speakers=tuple(people))


def test_each_session_has_a_place_for_each_of_its_people_in_the_order_of_the_day(program: Program) -> None:
    found = [(session.id, person.id) for session, person in speaker_places(program)]
    expected = [
        (session.id, name) for session in program.sessions for name in session.speakers if session.id != "matt-johnson"
    ]
    assert found == expected
    assert {STELLA, TRI, SARA, TRI_ON_PANEL, SARA_BESIDE_STELLA} <= set(found)


def test_a_cancelled_session_has_no_place_and_gets_no_link(revisions: Revisions, sign_ins: SignIns) -> None:
    assert made(revisions, ("matt-johnson", "matt-johnson")) == {}
    assert sign_ins.people() == ()


def test_each_person_at_the_places_gets_a_link_that_signs_them_in(revisions: Revisions, sign_ins: SignIns) -> None:
    keys = made(revisions, TRI, STELLA)
    assert list(keys) == [TRI, STELLA]
    assert [sign_ins.open_link(key, NOW).editor for key in keys.values()] == [
        Editor("Tri Dao", "speaker", None, *TRI),
        Editor("Stella Biderman", "speaker", None, *STELLA),
    ]
    assert len(sign_ins.people()) == 2


def test_all_at_once_get_one(revisions: Revisions, sign_ins: SignIns, program: Program) -> None:
    places = [(session.id, person.id) for session, person in speaker_places(program)]
    keys = made(revisions, *places)
    assert (list(keys), len(set(keys.values()))) == (places, len(places))
    assert set(names(sign_ins)) == set(places)


def test_the_people_of_one_session_have_a_link_each(revisions: Revisions, sign_ins: SignIns) -> None:
    keys = made(revisions, STELLA, SARA_BESIDE_STELLA)
    editors = [sign_ins.open_link(key, NOW).editor for key in keys.values()]
    assert [(one.name, one.session, one.speaker) for one in editors] == [
        ("Stella Biderman", *STELLA),
        ("Sara Hooker", *SARA_BESIDE_STELLA),
    ]


def test_who_speaks_twice_has_two_names_in_the_history(revisions: Revisions, sign_ins: SignIns) -> None:
    made(revisions, TRI_ON_PANEL, TRI)
    assert names(sign_ins) == {TRI: "Tri Dao", TRI_ON_PANEL: "Tri Dao (Panel discussion)"}


def test_who_speaks_three_times_in_sessions_of_one_title_has_a_number(
    revisions: Revisions, sign_ins: SignIns, program: Program
) -> None:
    ids = ("panel", "closing", "opening")
    sessions = (replace(one, title="TBA", speakers=("tri-dao",)) if one.id in ids else one for one in program.sessions)
    append_revision(revisions, replace(program, sessions=tuple(sessions)))
    made(revisions, *((name, "tri-dao") for name in ids))
    assert sorted(names(sign_ins).values()) == ["Tri Dao", "Tri Dao (2)", "Tri Dao (TBA)"]


@pytest.mark.parametrize("name", ["Stella Biderman", "STELLA biderman"])
def test_a_name_that_somebody_has_already_stays_theirs(revisions: Revisions, sign_ins: SignIns, name: str) -> None:
    sign_ins.add(name, NOW)
    made(revisions, STELLA)
    assert names(sign_ins) == {STELLA: "Stella Biderman (TBA)"}
    assert Editor(name) in sign_ins.people()


def test_a_speaker_who_was_added_by_hand_is_the_same_person(revisions: Revisions, sign_ins: SignIns) -> None:
    sign_ins.add("stella biderman", NOW, "speaker", session="stella-biderman")
    made(revisions, STELLA)
    assert names(sign_ins) == {STELLA: "stella biderman"}


def test_a_speaker_who_was_added_before_it_was_known_who_they_are_is_the_person_of_their_name(
    revisions: Revisions, sign_ins: SignIns, program: Program, database: Database
) -> None:
    sign_ins.add("Stella Biderman", NOW, "speaker", session="stella-biderman")
    browser = sign_ins.redeem(sign_ins.new_link("Stella Biderman", NOW), NOW, "Firefox")
    with database.writing() as connection:
        connection.execute(update(organizers).values(speaker=None))
    assert accesses(sign_ins, program)[STELLA].sign_in == sign_ins.signed_in(browser, NOW, program)
    made(revisions, STELLA)
    editor = Editor("Stella Biderman", "speaker", None, *STELLA)
    assert (sign_ins.people(), sign_ins.signed_in(browser, NOW, program).editor) == ((editor,), editor)


@pytest.mark.parametrize("name", ["files", "Terminal", " FILES "])
def test_a_name_that_stands_in_the_history_for_no_person_has_the_session_beside_it(
    revisions: Revisions, sign_ins: SignIns, program: Program, name: str
) -> None:
    append_revision(revisions, named(program, name))
    made(revisions, STELLA)
    assert names(sign_ins) == {STELLA: f"{name.strip()} (TBA)"}


def test_a_long_name_is_cut_where_something_is_added(revisions: Revisions, sign_ins: SignIns, program: Program) -> None:
    long = "Ada-" * 50
    append_revision(revisions, named(named(named(program, long), long, "tri-dao"), long, "sara-hooker"))
    made(revisions, TRI, SARA, STELLA)
    assert names(sign_ins) == {TRI: long, SARA: f"{long[:198]}…)", STELLA: f"{long[:196]} (2)"}


def test_a_name_on_two_lines_is_one_line(revisions: Revisions, sign_ins: SignIns, program: Program) -> None:
    append_revision(revisions, named(program, "Stella\nBiderman"))
    made(revisions, STELLA)
    assert names(sign_ins) == {STELLA: "Stella Biderman"}


@pytest.mark.parametrize(
    "places",
    [
        [],
        [("nothing", "tri-dao")],
        [("tri-dao", "nobody")],
        [("tri-dao", "stella-biderman")],
        [("tri-dao", "x" * 1_000)],
        [("\0", "\ud800")],
    ],
)
def test_what_the_program_does_not_have_is_passed_over(
    revisions: Revisions, sign_ins: SignIns, places: Collection[Place]
) -> None:
    assert list(made(revisions, *places, TRI)) == [TRI]
    assert list(names(sign_ins)) == [TRI]


def test_a_second_link_withdraws_the_first_that_nobody_used(revisions: Revisions, sign_ins: SignIns) -> None:
    first, second = made(revisions, TRI)[TRI], made(revisions, TRI)[TRI]
    with pytest.raises(SignInRefused):
        sign_ins.open_link(first, NOW)
    assert sign_ins.open_link(second, NOW).editor.name == "Tri Dao"
    assert list(names(sign_ins)) == [TRI]


def test_a_second_link_leaves_those_of_others_and_of_their_other_session(
    revisions: Revisions, sign_ins: SignIns
) -> None:
    keys = made(revisions, TRI, TRI_ON_PANEL, STELLA)
    made(revisions, TRI)
    assert [sign_ins.open_link(keys[place], NOW).editor.speaker for place in (TRI_ON_PANEL, STELLA)] == [
        "tri-dao",
        "stella-biderman",
    ]


def test_another_link_signs_nobody_out_until_it_is_used(
    revisions: Revisions, sign_ins: SignIns, program: Program
) -> None:
    browser = sign_ins.redeem(made(revisions, TRI)[TRI], NOW, "Firefox")
    link = made(revisions, TRI)[TRI]
    assert sign_ins.signed_in(browser, NOW, program).editor.name == "Tri Dao"
    sign_ins.redeem(link, NOW, "Safari")
    with pytest.raises(SignInRefused):
        sign_ins.signed_in(browser, NOW, program)


def test_a_link_that_is_made_with_a_secret_can_be_shown_again(revisions: Revisions, sign_ins: SignIns) -> None:
    key = made(revisions, TRI, secret="a secret")[TRI]
    [link] = sign_ins.links(NOW)
    assert (sign_ins.link(link.id, NOW, "a secret").key, sign_ins.link(link.id, NOW, "other").key) == (key, None)


def test_of_a_person_who_was_taken_off_the_session_no_link_is_made(
    revisions: Revisions, sign_ins: SignIns, program: Program
) -> None:
    made(revisions, STELLA)
    sessions = (replace(one, speakers=()) if one.id == "stella-biderman" else one for one in program.sessions)
    append_revision(revisions, replace(program, sessions=tuple(sessions)))
    assert made(revisions, STELLA) == {}


def test_where_nothing_is_published_there_are_no_links(tmp_path: Path) -> None:
    with opened(sqlite_url(tmp_path / "empty.sqlite")) as empty, pytest.raises(NoDatabase):
        make_speaker_links(Revisions(empty), [TRI], NOW)


def test_whom_a_link_is_not_made_for_has_no_access_yet(sign_ins: SignIns, program: Program) -> None:
    found = accesses(sign_ins, program)
    assert list(found) == [(session.id, person.id) for session, person in speaker_places(program)]
    session, person = program.session("tri-dao"), program.speaker("tri-dao")
    assert found[TRI] == SpeakerAccess(session, person)


def test_a_link_that_waits_is_shown_with_its_end(revisions: Revisions, sign_ins: SignIns, program: Program) -> None:
    made(revisions, TRI)
    found = accesses(sign_ins, program)[TRI]
    assert found.link
    assert (found.editor, found.link.expires_at) == (
        Editor("Tri Dao", "speaker", None, *TRI),
        NOW + SPEAKER_LINK_LIFETIME,
    )
    assert found.sign_in is None
    assert {place for place, one in accesses(sign_ins, program).items() if one.editor} == {TRI}


def test_the_device_of_who_signed_in_is_shown_beside_another_link(
    revisions: Revisions, sign_ins: SignIns, program: Program
) -> None:
    sign_ins.redeem(made(revisions, TRI)[TRI], NOW, "Firefox")
    found = accesses(sign_ins, program)[TRI]
    assert found.sign_in
    assert (found.link, found.sign_in.user_agent) == (None, "Firefox")
    made(revisions, TRI)
    found = accesses(sign_ins, program)[TRI]
    assert (found.link is None, found.sign_in is None) == (False, False)


def test_a_link_that_expired_is_shown_no_more(revisions: Revisions, sign_ins: SignIns, program: Program) -> None:
    made(revisions, TRI, now=NOW - SPEAKER_LINK_LIFETIME)
    found = accesses(sign_ins, program)[TRI]
    assert (found.editor is None, found.link) == (False, None)


def test_two_sessions_of_one_person_are_two_accesses(revisions: Revisions, sign_ins: SignIns, program: Program) -> None:
    keys = made(revisions, TRI, TRI_ON_PANEL)
    sign_ins.redeem(keys[TRI], NOW, "Firefox")
    found = accesses(sign_ins, program)
    assert [(one.link is None, one.sign_in is None) for one in (found[TRI], found[TRI_ON_PANEL])] == [
        (True, False),
        (False, True),
    ]


def test_a_speaker_of_nobody_in_the_program_is_at_no_place(sign_ins: SignIns, program: Program) -> None:
    sign_ins.add("Her team", NOW, "speaker", session="stella-biderman")
    assert [one for one in accesses(sign_ins, program).values() if one.editor] == []


def test_who_was_removed_gets_another_link_under_the_same_name(revisions: Revisions, sign_ins: SignIns) -> None:
    made(revisions, TRI)
    sign_ins.remove("Tri Dao")
    with pytest.raises(UnknownName):
        sign_ins.new_link("Tri Dao", NOW)
    assert list(made(revisions, TRI)) == [TRI]
    assert names(sign_ins) == {TRI: "Tri Dao"}


def test_an_access_has_the_links_key_if_it_was_made_with_the_secret(
    revisions: Revisions, sign_ins: SignIns, program: Program
) -> None:
    [key] = made(revisions, STELLA, secret="for tests").values()
    shown = {
        secret: [one.link.key for one in speaker_accesses(sign_ins, program, NOW, secret) if one.link]
        for secret in ("for tests", "another", None)
    }
    assert shown == {"for tests": [key], "another": [None], None: [None]}


def test_of_two_who_make_the_links_of_all_the_second_leaves_those_of_the_first(
    revisions: Revisions, sign_ins: SignIns
) -> None:
    first = made(revisions, STELLA, TRI)
    sign_ins.redeem(first[TRI], NOW, "")
    second = made(revisions, STELLA, TRI, SARA, unless_access=True)
    assert list(second) == [SARA]
    assert sign_ins.open_link(first[STELLA], NOW).editor.name == "Stella Biderman"
