"""Drafts: forms that were not published yet, each for the browser that sent it alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import UnknownName
from app.domain.program import Program
from app.store.database import Database
from app.store.drafts import MOST_DRAFTS, Drafts
from app.store.sign_ins import SignIns

NOW = datetime(2025, 7, 18, 17, 20, tzinfo=UTC)
FIELDS = [("do", "links"), ("label", "Slides"), ("label", "Code")]


def browser(database: Database, program: Program, name: str) -> str:
    """The id of a new sign-in."""
    sign_ins = SignIns(database)
    sign_ins.add(name, NOW)
    sign_ins.redeem(sign_ins.new_link(name, NOW), NOW, "")
    [found] = [one for one in sign_ins.all(NOW, program) if one.editor.name == name]
    return found.id


@pytest.fixture
def drafts(database: Database) -> Drafts:
    return Drafts(database)


@pytest.fixture
def frank(database: Database, program: Program) -> str:
    return browser(database, program, "Frank")


def kept(drafts: Drafts, sign_in: str, names: list[str]) -> list[bool]:
    """Which of these drafts are there."""
    found = []
    for name in names:
        try:
            found.append(bool(drafts.fields(sign_in, name)))
        except UnknownName:
            found.append(False)
    return found


def test_a_draft_has_its_fields_in_order_and_as_often_as_the_form(drafts: Drafts, frank: str) -> None:
    assert drafts.fields(frank, drafts.keep(frank, FIELDS, NOW)) == FIELDS


def test_a_draft_is_not_there_for_another_browser(
    drafts: Drafts, database: Database, program: Program, frank: str
) -> None:
    name = drafts.keep(frank, FIELDS, NOW)
    julija = browser(database, program, "Julija")
    drafts.remove(julija, name)
    assert (kept(drafts, julija, [name]), kept(drafts, frank, [name])) == ([False], [True])


def test_the_oldest_drafts_of_a_browser_make_room(drafts: Drafts, frank: str) -> None:
    names = [drafts.keep(frank, FIELDS, NOW + timedelta(seconds=count)) for count in range(MOST_DRAFTS + 2)]
    assert kept(drafts, frank, names) == [False] * 2 + [True] * MOST_DRAFTS


def test_a_draft_is_forgotten_after_a_week_when_another_is_kept(drafts: Drafts, frank: str) -> None:
    old = drafts.keep(frank, FIELDS, NOW)
    new = drafts.keep(frank, FIELDS, NOW + timedelta(days=7))
    assert kept(drafts, frank, [old, new]) == [False, True]


def test_a_draft_goes_with_its_sign_in(drafts: Drafts, database: Database, frank: str) -> None:
    name = drafts.keep(frank, FIELDS, NOW)
    SignIns(database).revoke(frank)
    assert kept(drafts, frank, [name]) == [False]
