"""Every address, command and setting is in the docs."""

from __future__ import annotations

import re

import click
import pytest
from flask import Flask
from support.repository import ROOT

from app.cli import MODULE_OF, main
from app.release import RELEASED, VERSION

DOCS = "\n".join(path.read_text() for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))])


def documented_form(rule: str) -> str:
    """Flask's `/talks/<session_id>` as the docs write it: `/talks/<session>`."""
    return re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+?)(?:_id)?>", r"<\1>", rule)


def test_every_address_is_in_the_docs(app: Flask) -> None:
    addresses = {documented_form(rule.rule) for rule in app.url_map.iter_rules()}
    assert sorted(address for address in addresses if address not in DOCS) == []


@pytest.mark.parametrize("name", sorted(MODULE_OF))
def test_every_command_is_in_the_docs(name: str) -> None:
    assert f"agenda {name}" in DOCS


@pytest.mark.parametrize("name", sorted(MODULE_OF))
def test_every_command_says_what_it_does(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert isinstance(command, click.Command)
    assert command.get_short_help_str() != ""


def test_every_setting_is_in_the_docs() -> None:
    source = (ROOT / "app" / "settings.py").read_text()
    names = set(re.findall(r'"([A-Z][A-Z_]{3,})"', source))
    assert sorted(name for name in names if f"`{name}`" not in DOCS) == []


def test_every_library_has_its_reason_in_the_architecture() -> None:
    project = (ROOT / "pyproject.toml").read_text()
    listed = project.partition("dependencies = [")[2].partition("\n]\n")[0]
    libraries = re.findall(r'"([a-z0-9-]+)', listed)
    architecture = (ROOT / "ARCHITECTURE.md").read_text()
    assert [name for name in libraries if name not in architecture] == []


def test_the_change_log_begins_with_the_version_and_when_it_was_released() -> None:
    headings = re.findall("^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == f"{VERSION} ({RELEASED:%Y-%m-%d})"
