"""Edits made on an older revision are applied to the latest one, or stale, decided field by field."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.codeml_day import at, codeml, talk, two_rooms
from support.edit_strategies import PUSHING, edits_of, previews
from support.strategies import examples, programs

from app.domain.change_stamps import with_stamps
from app.domain.edits import edit_types as edits
from app.domain.edits.edit_types import Announce, Cancel, ChangeContent, Edit
from app.domain.edits.outcome import Preview
from app.domain.edits.preview import preview, preview_on_latest
from app.domain.edits.three_way_merge import edited_fields
from app.domain.errors import AgendaError, StaleBase
from app.domain.program import Person, Program

Drawn = tuple[Preview, datetime]

law = examples(60)


def published(drawn: Drawn) -> dict[int, Program]:
    """A program as revision 1, and the one after an edit as revision 2."""
    seen, now = drawn
    return {1: seen.before, 2: with_stamps(seen.before, seen.after, now, 2)}


@law
@given(previews(programs(least=1)), st.data())
def test_an_edit_overwrites_nothing_that_somebody_else_changed(drawn: Drawn, data: st.DataObject) -> None:
    """It is refused, or it is applied to the latest, and changes no field that was changed since its base."""
    made, now = published(drawn), drawn[1]
    edit = data.draw(edits_of(made[1], now))
    try:
        seen = preview_on_latest(edit, 1, made, now)
    except AgendaError:
        return
    assert seen == preview(made[2], edit, now)
    if seen.publishable:
        assert not edited_fields(made[2], seen.after) & edited_fields(made[1], made[2])


@law
@given(previews(programs(least=1), PUSHING))
def test_the_same_retiming_twice_from_one_base_is_stale(drawn: Drawn) -> None:
    """The same move is not applied twice by accident, as by two organizers at the same time."""
    (seen, now), made = drawn, published(drawn)
    if seen.publishable and edited_fields(seen.before, seen.after):
        with pytest.raises(StaleBase):
            preview_on_latest(seen.edit, 1, made, now)


@law
@given(previews(programs(least=1)))
def test_an_announcement_is_never_stale(drawn: Drawn) -> None:
    """An announcement is in conflict with no edit."""
    made, now = published(drawn), drawn[1]
    seen = preview_on_latest(Announce("The door is open."), 1, made, now)
    assert seen.after.announcements[:-1] == made[2].announcements


@law
@given(previews(programs(least=1), PUSHING))
def test_content_is_never_stale_beside_a_retiming(drawn: Drawn) -> None:
    """A change of title and a re-timing are not in conflict, even for the same session."""
    made, now = published(drawn), drawn[1]
    for session in made[2].sessions:
        seen = preview_on_latest(ChangeContent(session.id, title="Hello"), 1, made, now)
        assert seen.after.session(session.id) == replace(session, title="Hello")


def test_an_edit_of_the_latest_is_never_stale() -> None:
    now = codeml().sessions[0].start
    assert preview_on_latest(Cancel("panel"), 7, {7: codeml()}, now) == preview(codeml(), Cancel("panel"), now)


@pytest.mark.parametrize("edit", [edits.Delay("a", 5), edits.AddSession("Demo", 5, after="a")])
def test_an_edit_that_only_now_pushes_what_somebody_else_added_is_stale(edit: Edit) -> None:
    """Nor is the same session added twice by two organizers at the same time."""
    day = two_rooms(talk("a", "10:00-10:30"), talk("b", "11:00-11:30"))
    added = preview(day, edits.AddSession("Demo", 5, after="a"), at("10:00")).after
    with pytest.raises(StaleBase):
        preview_on_latest(edit, 1, {1: day, 2: added}, at("10:00"))


@pytest.mark.parametrize(
    ("edit", "fields"),
    [
        (Cancel("panel"), {"sessions[panel].when-and-where"}),
        (edits.Move("closing", codeml().session("closing").end), {"sessions[closing].when-and-where"}),
        (ChangeContent("panel", title="Who pays?"), {"sessions[panel].title"}),
        (
            ChangeContent("panel", speakers=("ada",), people=(Person(id="ada", name="Ada"),)),
            {"sessions[panel].speakers"},
        ),
        (Announce("Hello"), set()),
    ],
)
def test_the_fields_of_an_edit(edit: Edit, fields: set[str]) -> None:
    seen = preview(codeml(), edit, codeml().sessions[0].start)
    assert edited_fields(codeml(), seen.after) == fields
