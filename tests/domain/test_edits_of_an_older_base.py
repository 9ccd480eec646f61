"""Edits that were made on an older revision: applied to the latest, or stale, field by field."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from codeml_day import codeml
from edit_strategies import PUSHING, edits_of, previews
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import programs

from app.domain import edits
from app.domain.changes import stamped
from app.domain.edits import Announce, Cancel, ChangeSpeakers, Edit, Rename, preview, preview_on_latest
from app.domain.errors import AgendaError, StaleBase
from app.domain.merge import edited_fields
from app.domain.program import Person, Program

Drawn = tuple[edits.Preview, datetime]

# A slow machine is no fault of a law.
law = settings(max_examples=60)


def published(drawn: Drawn) -> dict[int, Program]:
    """A program, and the one that somebody's edit left."""
    seen, now = drawn
    return {1: seen.before, 2: stamped(seen.before, seen.after, now, 2)}


@law
@given(previews(programs(least=1)), st.data())
def test_an_edit_overwrites_nothing_that_somebody_else_changed(drawn: Drawn, data: st.DataObject) -> None:
    """It is refused, or it does what it would do to the latest, and to no field that was changed since its base."""
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
    """What moved a session once does not move it again, unless whoever wants it has seen that it moved."""
    (seen, now), made = drawn, published(drawn)
    if seen.publishable and edited_fields(seen.before, seen.after):
        with pytest.raises(StaleBase):
            preview_on_latest(seen.edit, 1, made, now)


@law
@given(previews(programs(least=1)))
def test_an_announcement_is_never_stale(drawn: Drawn) -> None:
    """An announcement meets no edit."""
    made, now = published(drawn), drawn[1]
    seen = preview_on_latest(Announce("The door is open."), 1, made, now)
    assert seen.after.announcements[:-1] == made[2].announcements


@law
@given(previews(programs(least=1), PUSHING))
def test_content_is_never_stale_beside_a_retiming(drawn: Drawn) -> None:
    """A title and a re-timing do not meet, also of one session."""
    made, now = published(drawn), drawn[1]
    for session in made[2].sessions:
        seen = preview_on_latest(Rename(session.id, "Hello"), 1, made, now)
        assert seen.after.session(session.id) == replace(session, title="Hello")


def test_an_edit_of_the_latest_is_never_stale() -> None:
    now = codeml().sessions[0].start
    assert preview_on_latest(Cancel("panel"), 7, {7: codeml()}, now) == preview(codeml(), Cancel("panel"), now)


@pytest.mark.parametrize(
    ("edit", "fields"),
    [
        (Cancel("panel"), {"sessions[panel].when-and-where"}),
        (edits.Move("closing", codeml().session("closing").end), {"sessions[closing].when-and-where"}),
        (Rename("panel", "Who pays?"), {"sessions[panel].title"}),
        (ChangeSpeakers("panel", ("ada",), (Person(id="ada", name="Ada"),)), {"sessions[panel].speakers"}),
        (Announce("Hello"), set()),
    ],
)
def test_the_fields_of_an_edit(edit: Edit, fields: set[str]) -> None:
    seen = preview(codeml(), edit, codeml().sessions[0].start)
    assert edited_fields(codeml(), seen.after) == fields
