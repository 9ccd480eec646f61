"""Every command in the docs is run: most by this file, page by page, in a folder like a fresh clone.

`HOW` says of each block of language `sh` by which test. Deployments have tests of their own, which take the commands
from their page; such a test names the page and the heading.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from support.doc_commands import Block, blocks_of
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
# Of each page the test file that runs its commands.
HOW: Mapping[str, str] = {
    "README.md": HERE,
    "CONTRIBUTING.md": HERE,
    "docs/api.md": HERE,
    "docs/deployment.md": HERE,
    "docs/importing.md": HERE,
    "docs/new-program.md": HERE,
    "docs/on-the-day.md": HERE,
}
RUN_HERE = [page for page, file in HOW.items() if file == HERE]
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
    return [block for block in blocks_of(page) if block.language == "sh"]


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
    monkeypatch.chdir(clone)
    open_service(Settings.read({})).close()
    with served(unchanging_app) as service, hosted(website, MovableClock(AT_TEN_TWENTY)) as host:
        yield Shell(clone, {SERVED: service, PUBLISHED: host})


@pytest.mark.process
@pytest.mark.parametrize("page", RUN_HERE)
def test_the_commands_of_a_page_work_in_their_order(shell: Shell, page: str) -> None:
    lines = [line for block in commands_of(page) for line in block.commands]
    if any(line.startswith("curl ") for line in lines) and shutil.which("curl") is None:
        pytest.skip("curl is not here")
    for line in lines:
        status, said = shell.run(line)
        assert (line, status) == (line, 0), said


def test_each_block_of_commands_is_run_by_a_test() -> None:
    assert [page for page in PAGES if commands_of(page) and page not in HOW] == []


@pytest.mark.parametrize("page", [page for page, file in HOW.items() if file != HERE and (ROOT / page).exists()])
def test_the_test_of_a_deployment_runs_each_block_of_its_page(page: str) -> None:
    source = (ROOT / HOW[page]).read_text()
    assert page in source
    assert [block.heading for block in commands_of(page) if block.heading not in source] == []


def test_the_table_names_only_pages_with_commands() -> None:
    assert [page for page in HOW if (ROOT / page).exists() and not commands_of(page)] == []


@pytest.mark.parametrize("page", PAGES)
def test_commands_stand_where_tests_find_them(page: str) -> None:
    text = (ROOT / page).read_text()
    assert [line for line in text.splitlines() if line.startswith((" ```", "  ```", "    make ", "    agenda "))] == []
