"""The table by which `agenda` finds the module of a command, and what is loaded for one."""

from __future__ import annotations

from importlib import import_module

import click
import pytest
from support.loaded_modules import heavy_in, said_and_loaded_by
from support.repository import ROOT

from app.cli import MODULES, main


def modules_with_commands() -> set[str]:
    files = (ROOT / "app" / "commands").glob("*.py")
    return {file.stem for file in files if "\nCOMMANDS = " in file.read_text()}


def test_every_module_with_commands_is_in_the_table() -> None:
    assert modules_with_commands() == MODULES.keys()


@pytest.mark.parametrize("name", MODULES)
def test_the_table_names_the_commands_of_a_module(name: str) -> None:
    commands = import_module(f"app.commands.{name}").COMMANDS
    assert {one.name for one in commands} == set(MODULES[name])


def test_a_command_that_is_not_there_is_wrong_use() -> None:
    with pytest.raises(click.UsageError, match="No such command 'frieze'"):
        main.main(["frieze"], standalone_mode=False)


@pytest.mark.process
def test_the_command_itself_loads_nothing_that_makes_pages() -> None:
    assert heavy_in(said_and_loaded_by("import app.cli")) == set()
