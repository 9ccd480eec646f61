"""What becomes of items between two programs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.item_changes import ItemChanges, item_changes
from app.domain.program import Program
from app.domain.session import Item, Link

SAP = Item(id="sap", title="On sap", number="1", authors=("Ada Lovelace",))


def with_items(program: Program, *items: Item, of: str = "panel") -> Program:
    """A program where one session has these items, and no other has any."""
    held = {of: items}
    return replace(program, sessions=tuple(replace(one, items=held.get(one.id, ())) for one in program.sessions))


def changes(program: Program, *after: Item, before: tuple[Item, ...] = (SAP,)) -> ItemChanges:
    return item_changes(with_items(program, *before), with_items(program, *after))


def test_the_same_items_in_another_order_have_not_changed(program: Program) -> None:
    moss = Item(id="moss", title="On moss")
    assert changes(program, moss, SAP, before=(SAP, moss)) == ItemChanges()


def test_items_are_new_or_gone_by_their_ids(program: Program) -> None:
    moss = Item(id="moss", title="On sap")
    assert changes(program, moss) == ItemChanges(new=(moss,), gone=(SAP,))


def test_an_item_in_another_session_has_not_changed_by_that(program: Program) -> None:
    elsewhere = next(one.id for one in program.sessions if one.id != "panel")
    assert item_changes(with_items(program, SAP), with_items(program, SAP, of=elsewhere)) == ItemChanges()


def test_an_item_with_another_title_and_number_is_in_both_groups(program: Program) -> None:
    after = replace(SAP, title="On bark", number="2")
    assert changes(program, after) == ItemChanges(retitled=((SAP, after),), renumbered=((SAP, after),))


@pytest.mark.parametrize(
    "after",
    [
        replace(SAP, authors=("Alan Turing",)),
        replace(SAP, kind="Oral"),
        replace(SAP, abstract="Sap *flows*."),
        replace(SAP, links=(Link(label="PDF", url="https://example.org/sap.pdf"),)),
    ],
    ids=["authors", "kind", "abstract", "links"],
)
def test_other_authors_kinds_abstracts_and_links_are_one_group(program: Program, after: Item) -> None:
    assert changes(program, after) == ItemChanges(reworded=((SAP, after),))


def test_minutes_of_a_line_up_are_no_change_of_an_item(program: Program) -> None:
    assert changes(program, replace(SAP, minutes=7)) == ItemChanges()
