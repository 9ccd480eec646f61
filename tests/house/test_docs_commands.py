"""Every command in the docs is run: most by this file, page by page, in a folder like a fresh clone.

`HOW` says of each page by which tests. Deployments have tests of their own, which take the commands from their page.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from support.doc_commands import Block, blocks_of, commands_under
from support.movable_clock import AT_TEN_TWENTY, MovableClock
from support.repository import ROOT
from support.server_thread import served
from support.static_host import hosted

from app.cli import main
from app.service_factory import open_service
from app.settings import Settings

HERE = "tests/house/test_docs_commands.py"
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    *(path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "docs").glob("*.md"))),
)
# Of each page the test files that run its commands. Another file than this one names the headings that it runs;
# this one runs those that no other names.
HOW: Mapping[str, Sequence[str]] = {
    "README.md": [HERE],
    "CONTRIBUTING.md": [HERE],
    "docs/api.md": [HERE],
    "docs/container.md": ["tests/deploy/test_container.py"],
    "docs/deployment.md": [HERE],
    "docs/frozen.md": [HERE, "tests/browser/test_pages_workflow.py", "tests/commands/test_freeze_command.py"],
    "docs/importing.md": [HERE],
    "docs/new-program.md": [HERE],
    "docs/on-the-day.md": [HERE],
    "docs/platform.md": ["tests/deploy/test_procfile.py", "tests/deploy/test_wheel.py"],
    "docs/second-machine.md": ["tests/deploy/test_second_machine.py"],
    "docs/server.md": ["tests/deploy/test_systemd.py", "tests/deploy/test_proxies.py"],
    "docs/speakers.md": [HERE],
    "docs/upgrades.md": ["tests/commands/test_backup_command.py"],
}
# Pages whose commands take too long for `make test`: a whole site is frozen.
LONG = {"docs/frozen.md"}
# From nothing to a public address: pages with the headings of their commands.
PUBLIC = [
    ("docs/container.md", "From nothing to a public address"),
    ("docs/platform.md", "With a Procfile"),
    ("docs/server.md", "From nothing to a public address"),
]
MOST_COMMANDS = 7
SERVED = "http://localhost:8000"
PUBLISHED = "https://workshop.example"
SCHEDULE = """<!doctype html><title>Mine 2026</title><h1>Mine 2026</h1><p>18 July 2026, Vancouver</p>
<table><tr><th>Time<th>Title<th>Speaker</tr><tr><td>09:00-09:30<td>On roots<td>Ann Lee</tr>
<tr><td>09:30-10:30<td>Posters<td></tr></table>"""
PAPERS = "Title,Authors\nOn bark,Bob Ray\nOn leaves,Cy Wu\n"
SECONDS_A_COMMAND = 60


@dataclass
class Shell:
    """A terminal in a folder like a fresh clone: what a line exports, later lines see."""

    folder: Path
    addresses: Mapping[str, str]
    settings: dict[str, str] = field(default_factory=dict)

    def run(self, line: str) -> tuple[int, str]:
        """The exit status of a line of the docs, and what it said."""
        for written, address in self.addresses.items():
            line = line.replace(written, address)
        words = shlex.split(line, comments=True)
        if words[0] == "export":
            self.settings |= dict(word.split("=", 1) for word in words[1:])
            return 0, ""
        if words[0] == "agenda":
            result = CliRunner().invoke(main, words[1:], env=self.settings, catch_exceptions=False)
            return result.exit_code, result.output
        if words[0] == "make":
            return self._make(words[1])
        return self._run("bash", "-c", line)

    def _make(self, target: str) -> tuple[int, str]:
        """Whether a target can be made. Making it would be this very test run; of `run` the database is made."""
        if target == "run":
            open_service(Settings.read(os.environ | self.settings)).close()
        return self._run("make", "--dry-run", "--directory", str(ROOT), target)

    def _run(self, *command: str) -> tuple[int, str]:
        ran = subprocess.run(
            command,
            cwd=self.folder,
            env=os.environ | self.settings | {"PATH": f"{sys.prefix}/bin{os.pathsep}{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            timeout=SECONDS_A_COMMAND,
            check=False,
        )
        return ran.returncode, ran.stdout + ran.stderr


def commands_of(page: str) -> list[Block]:
    """The page's blocks of commands."""
    return [block for block in blocks_of(page) if block.language == "sh"]


def is_run_elsewhere(block: Block) -> bool:
    """Whether another test file names the block's page and heading, each as a text of its own."""
    others = (ROOT / file for file in HOW[block.page] if file != HERE)
    texts = [file.read_text() for file in others if file.exists()]
    return any(f'"{block.page}"' in text and f'"{block.heading}"' in text for text in texts)


def blocks_run_here(page: str) -> list[Block]:
    """The page's blocks that this file runs."""
    run_here = HERE in HOW.get(page, ())
    return [block for block in commands_of(page) if run_here and not is_run_elsewhere(block)]


@pytest.fixture
def shell(tmp_path: Path, unchanging_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """A terminal with a program and a database, a running service, and a schedule that somebody has published."""
    for name in Settings.__dataclass_fields__:
        monkeypatch.delenv(f"AGENDA_{name.upper()}", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    clone, website = tmp_path / "clone", tmp_path / "website"
    shutil.copytree(ROOT / "data", clone / "data")
    (clone / ".venv").symlink_to(sys.prefix)
    (clone / "papers.csv").write_text(PAPERS)
    website.mkdir()
    (website / "schedule.html").write_text(SCHEDULE)
    make_repository(clone, tmp_path / "origin.git")
    monkeypatch.chdir(clone)
    open_service(Settings.read({})).close()
    with served(unchanging_app) as service, hosted(website, MovableClock(AT_TEN_TWENTY)) as host:
        yield Shell(clone, {SERVED: service, PUBLISHED: host})


def make_repository(folder: Path, origin: Path) -> None:
    """Make a folder a git repository that can be pushed."""
    settings = {"user.name": "Ada", "user.email": "ada@example.org", "push.autoSetupRemote": "true"}
    subprocess.run(["git", "init", "--quiet", "--bare", origin], check=True)
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    for name, value in settings.items():
        subprocess.run(["git", "config", name, value], check=True, cwd=folder)
    subprocess.run(["git", "remote", "add", "origin", origin], check=True, cwd=folder)


@pytest.mark.process
@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, marks=[pytest.mark.acceptance] if page in LONG else [])
        for page in PAGES
        if blocks_run_here(page)
    ],
)
def test_the_commands_of_a_page_work_in_their_order(shell: Shell, page: str) -> None:
    lines = [line for block in blocks_run_here(page) for line in block.commands]
    if any(line.startswith("curl ") for line in lines) and shutil.which("curl") is None:
        pytest.skip("curl is not here")
    for line in lines:
        status, said = shell.run(line)
        assert (line, status) == (line, 0), said


@pytest.mark.parametrize("page", PAGES)
def test_each_block_of_commands_is_run_by_a_test(page: str) -> None:
    here = blocks_run_here(page)
    blocks = [block for block in commands_of(page) if block not in here]
    assert [block.heading for block in blocks if page not in HOW or not is_run_elsewhere(block)] == []


@pytest.mark.parametrize(("page", "heading"), [way for way in PUBLIC if way[0] in PAGES])
def test_from_nothing_to_a_public_address_it_takes_at_most_seven_commands(page: str, heading: str) -> None:
    assert len(commands_under(page, heading)) <= MOST_COMMANDS


def test_the_table_names_only_pages_with_commands() -> None:
    assert [page for page in HOW if (ROOT / page).exists() and not commands_of(page)] == []


@pytest.mark.parametrize("page", PAGES)
def test_commands_stand_where_tests_find_them(page: str) -> None:
    text = (ROOT / page).read_text()
    assert [line for line in text.splitlines() if line.startswith((" ```", "  ```", "    make ", "    agenda "))] == []
