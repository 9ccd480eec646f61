"""Edits as commands."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from typing import get_args

import pytest
from support.codeml_day import at, codeml, shown

from app.commands.edit_as_command import command_of
from app.domain.edits import edit_types as edits
from app.domain.edits.edit_types import (
    Announce,
    Cancel,
    ChangeRoom,
    ChangeSpeakers,
    Delay,
    EndNow,
    Extend,
    Move,
    Reinstate,
    Rename,
    Shorten,
    StartNow,
    Swap,
    WithdrawAnnouncement,
)
from app.domain.edits.outcome import EditRefused
from app.domain.edits.preview import preview

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
    (Move("panel", at("10:25:30")), "agenda move panel 10:25:30"),
    (Swap("panel", "closing"), "agenda swap panel closing"),
    (
        Swap("a", "b", shorten=(("c", 37),), push=frozenset({"z"})),
        "agenda swap a b --shorten c=37 --push z",
    ),
    (Rename("panel", "It's open"), """agenda rename panel 'It'"'"'s open'"""),
    (Rename("panel", "--help"), "agenda rename -- panel --help"),
    (Announce("Hello"), "agenda announce Hello"),
    (Announce("Hello", room="hall", until=at("11:30")), "agenda announce Hello --room hall --until 11:30"),
    (WithdrawAnnouncement(7), "agenda undo 7"),
]
WITHOUT = [
    Delay("panel", -8, pull_forward=True),
    Extend("panel"),
    StartNow("panel"),
    EndNow("panel"),
    ChangeRoom("panel", "hall"),
    Move("panel", at("10:25"), "hall"),
    ChangeSpeakers("panel", ()),
    Announce("Hello", minutes=5),
]


@pytest.mark.parametrize(("edit", "command"), COMMANDS)
def test_an_edit_is_a_complete_command(edit: edits.Edit, command: str) -> None:
    assert command_of(edit, codeml()) == command


@pytest.mark.parametrize("edit", WITHOUT)
def test_an_edit_without_a_command_has_none(edit: edits.Edit) -> None:
    assert command_of(edit, codeml()) is None


def test_every_kind_of_edit_is_shown_here() -> None:
    kinds = {type(edit) for edit, _ in COMMANDS} | {type(edit) for edit in WITHOUT}
    assert kinds == set(get_args(edits.Edit))


def test_what_a_shell_reads_is_what_was_meant() -> None:
    title = "Größe; `a` $b 'c' \"d\"\n"
    command = command_of(Rename("panel", title), codeml())
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
