"""Edits as commands."""

from __future__ import annotations

import shlex
from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

import pytest
from support.codeml_day import at, codeml, shown

from app.commands.edit_as_command import command_of
from app.domain.edits import edit_types as edits
from app.domain.edits.edit_types import (
    Absent,
    AddItem,
    AddSession,
    Announce,
    Cancel,
    ChangeContent,
    ChangeRoom,
    Delay,
    DelayEverywhere,
    EndNow,
    Extend,
    ItemAbsent,
    Move,
    OrderItems,
    Reinstate,
    RemoveItem,
    Reorder,
    Shorten,
    StartNow,
    Step,
    Swap,
    WithdrawAnnouncement,
)
from app.domain.edits.outcome import EditRefused
from app.domain.edits.preview import preview
from app.domain.program import Person

COMMANDS = [
    (Delay("panel", 8), "agenda late 8 --from panel"),
    (Delay("panel", -8), "agenda late -8 --from panel"),
    (
        Delay("a", 8, shorten=(("c", 37), ("b", 5)), push=frozenset({"z", "y"})),
        "agenda late 8 --from a --shorten c=37 --shorten b=5 --push y --push z",
    ),
    (Shorten("panel", 40), "agenda shorten panel 40"),
    (Cancel("panel"), "agenda cancel panel"),
    (Cancel("-a"), "agenda cancel -- -a"),
    (Reinstate("panel"), "agenda reinstate panel"),
    (Move("panel", at("10:25")), "agenda move panel 10:25"),
    (Move("panel", at("10:25"), "hall"), "agenda move panel 10:25 --room hall"),
    (StartNow("panel"), "agenda start panel"),
    (EndNow("panel"), "agenda end panel"),
    (Extend("panel", 7, squeeze=frozenset({"lunch"})), "agenda extend 7 panel --squeeze lunch"),
    (DelayEverywhere(10, push=frozenset({"lunch"})), "agenda late 10 --everywhere --push lunch"),
    (Absent("panel"), "agenda absent panel"),
    (Reorder(("c", "a", "b")), "agenda reorder c a b"),
    (ChangeRoom("panel", "hall"), "agenda edit panel --room hall"),
    (AddSession("Demo", 5, after="panel"), "agenda add Demo --minutes 5 --after panel"),
    (
        AddSession("A demo", 5, start=at("13:30"), room="hall", kind="contributed", speakers=("tri-dao",)),
        "agenda add 'A demo' --minutes 5 --room hall --at 13:30 --kind contributed --speaker 'Tri Dao'",
    ),
    (ChangeContent("panel", speakers=()), "agenda edit panel --no-speakers"),
    (
        ChangeContent("panel", title="Who?", kind="talk", room="hall", min_minutes=0, pinned=False),
        "agenda edit panel --title 'Who?' --kind talk --room hall --min-minutes 0 --unpin",
    ),
    (
        ChangeContent("panel", speakers=("tri-dao", "ada"), people=(Person(id="ada", name="Ada"),)),
        "agenda edit panel --speaker 'Tri Dao' --speaker Ada --new-person",
    ),
    (Swap("panel", "closing"), "agenda swap panel closing"),
    (
        Swap("a", "b", shorten=(("c", 37),), push=frozenset({"z"})),
        "agenda swap a b --shorten c=37 --push z",
    ),
    (ChangeContent("panel", title="It's open"), """agenda rename panel 'It'"'"'s open'"""),
    (ChangeContent("panel", title="--help"), "agenda rename -- panel --help"),
    (Announce("Hello"), "agenda announce Hello"),
    (Announce("Hello", room="hall", until=at("11:30")), "agenda announce Hello --room hall --until 11:30"),
    (WithdrawAnnouncement(7), "agenda undo 7"),
    (Step("panel", "demo-2"), "agenda next venue --to demo-2"),
    (Step("panel", None), "agenda next venue --by-clock"),
    (OrderItems("panel", ("b", "a")), "agenda line-up panel --order b,a"),
    (ItemAbsent("panel", "a"), "agenda line-up panel --absent a"),
    (ItemAbsent("panel", "a", absent=False), "agenda line-up panel --present a"),
    (AddItem("panel", "A demo", 5), "agenda line-up panel --add 'A demo' --minutes 5"),
    (
        AddItem("panel", "A demo", 5, ("Ada L", "Alan"), after="a"),
        "agenda line-up panel --add 'A demo' --minutes 5 --author 'Ada L' --author Alan --after a",
    ),
    (RemoveItem("panel", "a"), "agenda line-up panel --remove a"),
]
WITHOUT = [
    ChangeRoom("panel", None),
    ChangeContent("panel", abstract="Hello"),
    ChangeContent("panel", title="Who?", affiliations=(("tri-dao", ("Princeton",)),)),
    ChangeContent("panel", title="Who?", own_pages=(("tri-dao", "https://tridao.me"),)),
    ChangeContent("panel", title="Who?", pictures=(("tri-dao", None),)),
    Announce("Hello", minutes=5),
]


@pytest.mark.parametrize(("edit", "command"), COMMANDS)
def test_an_edit_is_a_complete_command(edit: edits.Edit, command: str) -> None:
    assert command_of(edit, codeml()) == command


@pytest.mark.parametrize("edit", WITHOUT)
def test_an_edit_without_a_command_has_none(edit: edits.Edit) -> None:
    assert command_of(edit, codeml()) is None


def test_of_people_with_one_name_the_ids_are_printed() -> None:
    twins = (Person(id="wei", name="Wei Wang"), Person(id="wei-2", name="Wei Wang"))
    program = replace(codeml(), speakers=(*codeml().speakers, *twins))
    edit = ChangeContent("panel", speakers=("tri-dao", "wei-2"))
    assert command_of(edit, program) == "agenda edit panel --speaker 'Tri Dao' --speaker wei-2"


def test_every_kind_of_edit_is_shown_here() -> None:
    kinds = {type(edit) for edit, _ in COMMANDS} | {type(edit) for edit in WITHOUT}
    assert kinds == set(get_args(edits.Edit))


def test_what_a_shell_reads_is_what_was_meant() -> None:
    title = "Größe; `a` $b 'c' \"d\"\n"
    command = command_of(ChangeContent("panel", title=title), codeml())
    assert shlex.split(command or "") == ["agenda", "rename", "panel", title]


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(ValueError, match="naive datetime"):
        preview(codeml(), Cancel("panel"), datetime(2025, 7, 18, 10, 40))  # noqa: DTZ001


@pytest.mark.parametrize(
    "edit",
    [
        StartNow("sara-hooker", shorten=(("sara-hooker", 10**12),)),
        Delay("sara-hooker", 5, shorten=(("contributed-morning", -(10**30)),)),
        Extend("lunch", 1000, shorten=(("panel", 10**18),)),
        Announce("Hello", minutes=10**12),
    ],
)
def test_what_no_calendar_holds_is_refused(edit: edits.Edit) -> None:
    with pytest.raises(EditRefused):
        preview(codeml(), edit, at("10:50"))


def test_now_may_be_written_in_any_zone() -> None:
    local = codeml().local(at("10:40"))
    assert local.tzinfo != UTC
    assert preview(codeml(), Delay("evan-shelhamer", 8), local) == shown(Delay("evan-shelhamer", 8), "10:40")
