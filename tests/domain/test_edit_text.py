"""Edits in people's words, for the history."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from support import line_ups
from support.codeml_day import at, codeml

from app.domain.edits import edit_types as edits
from app.domain.edits.edit_text import edit_text
from app.domain.session import Item, Link

PANEL = "“Panel discussion”"
OTHERS = (
    "shortened “Poster session” to 30 minutes; began “Lunch and discussion” late, to end on time; "
    "moved “Closing remarks” although it is pinned"
)
LINK = Link("Slides", "https://example.org")
TOLD = [
    (edits.Delay("panel", 8), f"Late by 8 minutes: {PANEL}"),
    (edits.Delay("panel", -1), f"Earlier by 1 minute: {PANEL}"),
    (edits.DelayEverywhere(10), "Late by 10 minutes in all rooms"),
    (edits.StartNow("panel"), f"Started: {PANEL}"),
    (edits.EndNow("panel"), f"Ended: {PANEL}"),
    (edits.Extend("panel", 5), f"5 minutes more: {PANEL}"),
    (edits.Absent("panel"), f"Not here: {PANEL}"),
    (edits.Swap("panel", "posters"), f"Swapped: {PANEL}, “Poster session”"),
    (edits.Reorder(("panel", "posters")), f"Reordered: {PANEL}, “Poster session”"),
    (edits.AddSession("Demo", 5, after="panel"), "Added: “Demo”"),
    (edits.Shorten("panel", 40), f"Shortened to 40 minutes: {PANEL}"),
    (edits.Move("panel", at("15:00")), f"Moved to 15:00: {PANEL}"),
    (edits.ChangeRoom("panel", "venue"), f"Moved to Vancouver Convention Center: {PANEL}"),
    (edits.ChangeRoom("panel", None), f"Moved to all rooms: {PANEL}"),
    (edits.Cancel("panel"), f"Cancelled: {PANEL}"),
    (edits.Reinstate("panel"), f"Reinstated: {PANEL}"),
    (
        edits.ChangeContent("panel", title="Who?", links=(Link("Slides", "https://x"),)),
        f"Changed title, links: {PANEL}",
    ),
    (edits.ChangeContent("panel", affiliations=(("tri-dao", ()),)), f"Changed affiliation: {PANEL}"),
    (edits.ChangeContent("panel", own_pages=(("tri-dao", ""),)), f"Changed own page: {PANEL}"),
    (edits.ChangeContent("panel", pictures=(("tri-dao", None),)), f"Changed picture: {PANEL}"),
    (
        edits.ChangeContent(
            "panel",
            title="Who?",
            affiliations=(("tri-dao", ()),),
            own_pages=(("tri-dao", ""), ("sara-hooker", "")),
            pictures=(("tri-dao", None),),
        ),
        f"Changed title, affiliation, own page, picture: {PANEL}",
    ),
    (edits.ChangeContent("panel", items=(Item(title="A"),)), f"Changed items: {PANEL}"),
    (edits.ChangeContent("panel", pinned=True), f"Changed to stay when the day slips: {PANEL}"),
    (
        edits.ChangeContent("panel", kind="talk", min_minutes=30),
        f"Changed kind to talk, the least length to 30 minutes: {PANEL}",
    ),
    (edits.ChangeContent("panel", room="venue", min_minutes=0), f"Changed room, to have no least length: {PANEL}"),
    (
        edits.Delay("panel", 8, shorten=(("posters", 30),), push=frozenset({"closing"}), squeeze=frozenset({"lunch"})),
        f"Late by 8 minutes: {PANEL}; {OTHERS}",
    ),
    (edits.Announce("Lunch is served."), "Announced to all rooms: “Lunch is served.”"),
    (edits.WithdrawAnnouncement(3), "Withdrawn: the announcement of revision 3"),
    (edits.Step("demos", "item-b"), "Line-up at “B”: “Demos”"),
    (edits.Step("demos", "item-t"), "Line-up at item-t (to be announced): “Demos”"),
    (edits.Step("demos", "gone"), "Line-up at gone: “Demos”"),
    (edits.Step("demos", None), "Line-up by the clock: “Demos”"),
    (edits.OrderItems("demos", ("item-b", "item-a")), "Line-up reordered, “B”, “A”: “Demos”"),
    (edits.ItemAbsent("demos", "item-b"), "Not here, “B”: “Demos”"),
    (edits.ItemAbsent("demos", "item-b", absent=False), "Here after all, “B”: “Demos”"),
    (edits.AddItem("demos", "New", 5), "Added “New” to the line-up: “Demos”"),
    (edits.RemoveItem("demos", "item-b"), "Removed “B” from the line-up: “Demos”"),
    (edits.BackTo(3), "The day as it stood in revision 3"),
    (edits.Explain(3), "Gave revision 3 a note"),
]


@pytest.mark.parametrize(("edit", "text"), TOLD)
def test_an_edit_is_told_in_words(edit: edits.Edit, text: str) -> None:
    demos = line_ups.demos(line_ups.item("a"), line_ups.item("b"), replace(line_ups.item("t"), title="TBA"))
    demos = replace(demos, slot=replace(demos.slot, room="venue"), scheduled=replace(demos.slot, room="venue"))
    program = replace(codeml(), sessions=(*codeml().sessions, demos))
    assert edit_text(edit, program) == text


def test_every_kind_of_edit_is_told_here() -> None:
    assert {type(edit) for edit, _ in TOLD} == set(get_args(edits.RecordedEdit))


def test_a_session_or_a_room_that_the_program_lacks_is_told_by_its_id() -> None:
    assert edit_text(edits.Cancel("gone"), codeml()) == "Cancelled: gone"
    assert edit_text(edits.ChangeRoom("panel", "cellar"), codeml()) == f"Moved to cellar: {PANEL}"
