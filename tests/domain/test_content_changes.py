"""What a session says before and after a change, and which words of a text changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.codeml_day import at, codeml

from app.domain.content_changes import (
    MOST_COMPARED_WORDS,
    Mark,
    PictureChange,
    TextChange,
    marked_words,
    picture_changes,
    text_changes,
)
from app.domain.edits.edit_types import ChangeContent
from app.domain.edits.preview import preview
from app.domain.identity import Picture
from app.domain.program import Program
from app.domain.session import Link

STELLA = "stella-biderman"
FACE = Picture("", "ab" * 32, 288, 288)
WORDS = st.lists(st.sampled_from(["a", "b", "c", "open", "data"]), max_size=40).map(" ".join)


def after(edit: ChangeContent, before: Program) -> Program:
    return preview(before, edit, at("09:00")).after


def test_each_text_that_differs_is_there_before_and_after() -> None:
    before = codeml()
    edit = ChangeContent(
        STELLA,
        title="Open models",
        abstract="What they are.",
        links=(Link("Slides", "https://example.org/s"), Link("Code", "https://example.org/c")),
        affiliations=((STELLA, ("EleutherAI", "Elsewhere")),),
        own_pages=((STELLA, "https://example.org"),),
    )
    assert text_changes(before, after(edit, before), STELLA) == (
        TextChange("Title", "TBA", "Open models"),
        TextChange("Abstract", "", "What they are."),
        TextChange("Links", "", "Slides: https://example.org/s\nCode: https://example.org/c"),
        TextChange("Affiliation", "", "EleutherAI; Elsewhere"),
        TextChange("Own page", "", "https://example.org"),
    )


def test_of_several_people_each_text_says_whose_it_is() -> None:
    program = codeml()
    two = replace(program.session(STELLA), speakers=(STELLA, "tri-dao"))
    before = replace(program, sessions=tuple(two if one.id == STELLA else one for one in program.sessions))
    edit = ChangeContent(STELLA, affiliations=(("tri-dao", ("Princeton",)),))
    [change] = text_changes(before, after(edit, before), STELLA)
    assert change == TextChange("Affiliation of Tri Dao", "", "Princeton")


def test_what_stays_is_no_change() -> None:
    assert (text_changes(codeml(), codeml(), STELLA), picture_changes(codeml(), codeml(), STELLA)) == ((), ())


def test_another_picture_is_told_with_its_person() -> None:
    before = codeml()
    later = after(ChangeContent(STELLA, pictures=((STELLA, FACE),)), before)
    people = before.speakers_by_id[STELLA], later.speakers_by_id[STELLA]
    [change] = picture_changes(before, later, STELLA)
    assert (change, change.pictures) == (PictureChange(*people), (None, FACE))
    assert text_changes(before, later, STELLA) == ()


@pytest.mark.parametrize(
    ("before", "later", "marked"),
    [
        ("", "New words", [("new", "New words")]),
        ("Old words", "", [("gone", "Old words")]),
        ("Open data", "Open models", [("same", "Open"), ("gone", " data"), ("new", " models")]),
        (
            "A first\n\nA second",
            "A first\n\nA third",
            [("same", "A first\n\nA"), ("gone", " second"), ("new", " third")],
        ),
    ],
)
def test_words_are_marked_where_they_change(before: str, later: str, marked: list[tuple[Mark, str]]) -> None:
    assert list(marked_words(before, later)) == marked


def test_of_a_long_run_that_stays_the_words_beside_the_changes_are_left() -> None:
    run = " ".join(f"w{number}" for number in range(40))
    near = " ".join(f"w{number}" for number in range(32, 40))
    assert marked_words(f"{run} old", f"{run} new") == (("same", f"… {near}"), ("gone", " old"), ("new", " new"))


def test_texts_of_too_many_words_stand_one_after_the_other() -> None:
    before, later = "a " * MOST_COMPARED_WORDS, "b"
    assert marked_words(before, later) == (("gone", before), ("new", later))


@given(WORDS, WORDS)
def test_what_is_marked_as_gone_was_there_and_as_new_is_there(before: str, later: str) -> None:
    marked = marked_words(before, later)
    for mark, text, whole in ((mark, text, before if mark == "gone" else later) for mark, text in marked):
        assert mark == "same" or text.strip() in whole
    assert ("new" in dict(marked) or "gone" in dict(marked)) == (before.split() != later.split())
