"""What a speaker changes of their own session, and until when."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from support.codeml_day import at, codeml

from app.domain.edits.edit_rights import check_publishes, check_tick, has_in_hand, preview_by
from app.domain.edits.edit_types import Cancel, ChangeContent, Delay
from app.domain.edits.speaker_rights import CHANGED_AFTERWARDS, changes_until, own_people, words_until
from app.domain.errors import NotAllowed
from app.domain.identity import Picture
from app.domain.program import Person, Program
from app.domain.rights import Editor
from app.domain.session import Item, Link

STELLA = Editor("Stella Biderman", "speaker", session="stella-biderman", speaker="stella-biderman")
SLIDES = Link("Slides", "https://example.org/slides")
FACE = Picture("", "ab" * 32, 288, 288)
A_MOMENT = timedelta(microseconds=1)
WEEK_LATER = at("16:00") + CHANGED_AFTERWARDS

WORDS: list[dict[str, Any]] = [{"title": "Open models"}, {"abstract": "On *open* models."}]
OTHERS: list[dict[str, Any]] = [
    {"links": (SLIDES,)},
    {"affiliations": (("stella-biderman", ("EleutherAI",)),)},
    {"own_pages": (("stella-biderman", "https://example.org/stella"),)},
    {"pictures": (("stella-biderman", FACE),)},
]
NEVER: list[dict[str, Any]] = [
    {"kind": "panel"},
    {"speakers": ()},
    {"items": (Item(title="Another"),)},
    {"room": "venue"},
    {"pinned": True},
    {"min_minutes": 5},
]


def changed(now: datetime, by: Editor = STELLA, program: Program | None = None, **content: Any) -> Program:
    """The workshop after somebody's change."""
    edit = ChangeContent(content.pop("session", "stella-biderman"), **content)
    return preview_by(by, edit, 1, {1: program or codeml()}, now).after


def refusal(now: datetime, by: Editor = STELLA, program: Program | None = None, **content: Any) -> str:
    with pytest.raises(NotAllowed) as refused:
        changed(now, by, program, **content)
    return str(refused.value)


@pytest.mark.parametrize("content", WORDS)
def test_title_and_abstract_are_changed_until_the_session_begins(content: dict[str, Any]) -> None:
    ((name, value),) = content.items()
    assert getattr(changed(at("15:30") - A_MOMENT, **content).session("stella-biderman"), name) == value
    assert refusal(at("15:30"), **content) == (
        "Title and abstract could be changed until the session began, at 15:30; ask an organizer."
    )


@pytest.mark.parametrize("content", OTHERS)
def test_the_rest_is_changed_until_a_week_after_it(content: dict[str, Any]) -> None:
    assert changed(WEEK_LATER - A_MOMENT, **content) != codeml()
    assert refusal(WEEK_LATER, **content) == "The session ended more than a week ago; ask an organizer to change it."


def test_what_is_theirs_is_changed_as_they_say() -> None:
    content = {name: value for one in OTHERS for name, value in one.items()}
    after = changed(at("15:00"), **content)
    person = replace(codeml().speaker("stella-biderman"), affiliations=("EleutherAI",), picture=FACE)
    assert after.speaker("stella-biderman") == replace(person, url="https://example.org/stella")
    assert after.session("stella-biderman").links == (SLIDES,)


def test_it_is_the_time_of_a_session_that_was_delayed_that_counts() -> None:
    delayed = preview_by(Editor("Frank"), Delay("stella-biderman", 8), 1, {1: codeml()}, at("15:00")).after
    session = delayed.session("stella-biderman")
    assert (words_until(session), changes_until(session)) == (at("15:38"), at("16:08") + CHANGED_AFTERWARDS)
    assert changed(at("15:37"), program=delayed, title="Open").session("stella-biderman").title == "Open"


@pytest.mark.parametrize("content", NEVER)
def test_a_speaker_changes_nothing_else(content: dict[str, Any]) -> None:
    assert refusal(at("15:00"), **content).startswith("A speaker changes title, abstract, links")


def test_each_field_of_a_change_is_in_one_of_these_lists() -> None:
    known = {name for one in (*WORDS, *OTHERS, *NEVER) for name in one} | {"session", "people"}
    assert {one.name for one in fields(ChangeContent)} == known


def test_somebody_new_is_added_by_no_speaker() -> None:
    new = Person(id="new", name="New")
    assert refusal(at("15:00"), speakers=("stella-biderman", "new"), people=(new,)).startswith(
        "A speaker changes title"
    )


@pytest.mark.parametrize("content", [*WORDS, {"links": (SLIDES,)}])
def test_a_speaker_changes_no_other_session(content: dict[str, Any]) -> None:
    assert refusal(at("09:00"), session="tri-dao", **content) == "A speaker changes what their own session says."


@pytest.mark.parametrize("edit", [Cancel("stella-biderman"), Delay("stella-biderman", 5)])
def test_a_speaker_makes_no_other_edit(edit: Any) -> None:
    with pytest.raises(NotAllowed):
        preview_by(STELLA, edit, 1, {1: codeml()}, at("15:00"))


def with_two_speakers() -> Program:
    """The workshop, where another one speaks beside Stella."""
    sessions = (
        replace(one, speakers=(*one.speakers, "tri-dao")) if one.id == "stella-biderman" else one
        for one in codeml().sessions
    )
    return replace(codeml(), sessions=tuple(sessions))


@pytest.mark.parametrize("content", OTHERS[1:])
def test_of_two_speakers_each_changes_what_is_theirs(content: dict[str, Any]) -> None:
    tri = replace(STELLA, name="Tri Dao", speaker="tri-dao")
    assert changed(at("15:00"), STELLA, with_two_speakers(), **content) != with_two_speakers()
    reason = refusal(at("15:00"), tri, with_two_speakers(), **content)
    assert reason == "A speaker changes their own affiliation, page and picture."


def test_a_speaker_who_is_nobody_of_the_program_speaks_for_all_of_the_session() -> None:
    session, anybody = with_two_speakers().session("stella-biderman"), replace(STELLA, speaker=None)
    assert own_people(anybody, session) == ("stella-biderman", "tri-dao")
    assert own_people(STELLA, session) == ("stella-biderman",)
    assert own_people(anybody, codeml().session("panel")) == ()


@pytest.mark.parametrize("content", [*WORDS, *OTHERS])
def test_who_was_taken_off_the_session_changes_nothing_there(content: dict[str, Any]) -> None:
    program = with_two_speakers()
    gone = replace(program, sessions=tuple(replace(one, speakers=("tri-dao",)) for one in program.sessions))
    said = "You are not among the speakers of this session any more; ask an organizer."
    assert refusal(at("15:00"), program=gone, **content) == said


def test_only_their_own_session_is_in_a_speakers_hand() -> None:
    assert [one.id for one in codeml().sessions if has_in_hand(STELLA, one)] == ["stella-biderman"]


@pytest.mark.parametrize("tick", ["here", "recording"])
def test_a_speaker_says_that_they_are_here_and_may_be_recorded(tick: str) -> None:
    session = codeml().session("stella-biderman")
    check_tick(STELLA, session, "stella-biderman", tick, WEEK_LATER - A_MOMENT)
    with pytest.raises(NotAllowed):
        check_tick(STELLA, session, "stella-biderman", tick, WEEK_LATER)


@pytest.mark.parametrize(
    ("session", "speaker", "tick"),
    [
        ("stella-biderman", "stella-biderman", "slides"),
        ("stella-biderman", "tri-dao", "here"),
        ("tri-dao", "tri-dao", "here"),
    ],
)
def test_a_speaker_sets_no_other_tick(session: str, speaker: str, tick: str) -> None:
    with pytest.raises(NotAllowed):
        check_tick(STELLA, with_two_speakers().session(session), speaker, tick, at("15:00"))


def test_what_a_speaker_changes_waits_unless_the_program_says_otherwise() -> None:
    with pytest.raises(NotAllowed):
        check_publishes(STELLA, codeml())
    check_publishes(STELLA, replace(codeml(), speakers_publish=True))
    check_publishes(Editor("Frank"), codeml())
