"""An edit as JSON, in a form and in the history."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from support.codeml_day import at, codeml
from support.edit_strategies import edits_of

from app.domain.edits import edit_types as edits
from app.domain.edits.outcome import EditRefused
from app.domain.identity import Picture
from app.domain.program import Person
from app.domain.session import Item, Link
from app.formats.edit_json import edit_from_json, edit_to_json, recorded_edit

KARP = Person(id="richard-karp", name="Richard Karp")
FACE = Picture("", "ab" * 32, 288, 288)
WITH_PICTURES = edits.ChangeContent(
    "panel", own_pages=(("tri-dao", "https://tridao.me"), (KARP.id, "")), pictures=(("tri-dao", FACE), (KARP.id, None))
)


@given(edits_of(codeml(), at("10:20")))
def test_an_edit_comes_back_as_it_went(edit: edits.Edit) -> None:
    assert recorded_edit(edit_to_json(edit)) == edit


@pytest.mark.parametrize(
    "edit",
    [
        edits.ChangeContent("panel", speakers=("tri-dao", KARP.id), people=(KARP,)),
        edits.Announce("Größe; “a”", room="venue", until=at("11:30")),
        edits.Delay(
            "panel", 8, shorten=(("panel", 30),), push=frozenset({"lunch", "closing"}), squeeze=frozenset({"a", "b"})
        ),
        edits.AddSession("Demo", 5, start=at("13:30"), kind="contributed", speakers=(KARP.id,), people=(KARP,)),
        edits.ChangeContent(
            "panel",
            abstract="*Who*\npays?",
            affiliations=(("tri-dao", ("Princeton", "Together AI")),),
            own_pages=(("tri-dao", "https://tridao.me"), (KARP.id, "")),
            links=(Link("Slides", "https://example.org/slides"),),
            items=(Item(title="A poster", number="7", authors=("Ada", "Grace")),),
            pinned=True,
            min_minutes=0,
        ),
    ],
)
def test_an_edit_with_every_field_comes_back_as_it_went(edit: edits.Edit) -> None:
    assert edit_from_json(edit_to_json(edit)) == edit


def test_the_history_keeps_the_pictures_of_an_edit() -> None:
    assert recorded_edit(edit_to_json(WITH_PICTURES)) == WITH_PICTURES


@pytest.mark.parametrize("picture", [FACE, Picture("../../logo.svg", "", -1, 0, svg="<script>alert(1)</script>"), None])
def test_no_form_holds_a_picture_as_json(picture: Picture | None) -> None:
    with pytest.raises(EditRefused, match="a picture is sent as a file"):
        edit_from_json(edit_to_json(edits.ChangeContent("panel", pictures=(("tri-dao", picture),))))


def test_the_same_edit_is_the_same_text() -> None:
    texts = {edit_to_json(edits.Delay("x", 8, push=frozenset(names))) for names in ("abc", "cba", "bca")}
    assert texts == {'{"edit": "Delay", "minutes": 8, "push": ["a", "b", "c"], "session": "x"}'}


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        (edit_to_json(edits.Absent("panel")), edits.Absent("panel")),
        (edit_to_json(edits.BackTo(3)), edits.BackTo(3)),
        (edit_to_json(edits.Explain(3)), edits.Explain(3)),
        ('{"kind": "Rename", "session": "panel", "title": "Who?"}', edits.ChangeContent("panel", title="Who?")),
        ('{"kind": "Delay", "session": "panel", "minutes": 8, "pull_forward": true}', edits.Delay("panel", 8)),
        ('{"kind": "Sing", "session": "panel"}', None),
        ("{", None),
        (None, None),
    ],
)
def test_of_the_history_an_edit_is_read_as_far_as_this_version_has_it(text: str, edit: edits.Edit | None) -> None:
    assert recorded_edit(text) == edit


@pytest.mark.parametrize("edit", [edits.BackTo(1), edits.Explain(1)])
def test_no_form_of_an_edit_goes_back_or_gives_a_note(edit: edits.RecordedEdit) -> None:
    with pytest.raises(EditRefused):
        edit_from_json(edit_to_json(edit))


def test_defaults_are_left_out() -> None:
    assert edit_to_json(edits.Extend("panel")) == '{"edit": "Extend", "session": "panel"}'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "7",
        "[]",
        "{}",
        '{"edit": "Program"}',
        '{"kind": ["Cancel"]}',
        '{"edit": "Cancel"}',
        '{"edit": "Delay", "session": "panel", "minutes": "soon"}',
        '{"edit": "Move", "session": "panel", "start": "2025-07-18T16:30:00"}',
        '{"edit": "Move", "session": "panel", "start": "9999-12-31T23:59:59Z"}',
        '{"edit": "Announce", "text": "x", "until": "2025-07-18T16:30:00"}',
        "[" * 9_000,
        "9" * 20_000,
    ],
)
def test_other_text_is_no_edit(text: str) -> None:
    with pytest.raises(EditRefused, match="reload the page"):
        edit_from_json(text)


@given(st.text(max_size=30))
def test_no_drawn_text_is_an_edit(text: str) -> None:
    with pytest.raises(EditRefused):
        edit_from_json(text)


def test_what_reads_edits_is_made_once_for_each_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [edit_to_json(edits.Cancel(f"{number}")) for number in range(3)]
    made: list[object] = []
    monkeypatch.setattr(TypeAdapter, "__init__", lambda _, kind: made.append(kind))
    assert ([recorded_edit(text) for text in texts], made) == ([edits.Cancel(name) for name in "012"], [])
