"""The import contracts in `pyproject.toml` notice what they forbid."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.repository import ROOT

DOWN = "An import may only go down"
DOMAIN = "The domain imports the standard library and pytz only"
CIRCLE = "No circle among modules"
FLASK = "Below the web nothing knows of Flask"
PAINTING = "Drawings are painted in a process of their own"
SPREADSHEETS = "Spreadsheets are read in a process of their own"
IMPORTING = "Only commands and what follows sources import schedules"


def broken_contracts(copy: Path) -> list[str]:
    """The names of the contracts that a copy of the source breaks."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    ran = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    names = [line.removesuffix(" BROKEN") for line in ran.stdout.splitlines() if line.endswith(" BROKEN")]
    assert (ran.returncode != 0) == bool(names), ran.stdout + ran.stderr
    return names


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The source and its contracts, in a folder of their own."""
    for name in ("app", "tests/support"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_source_keeps_all_contracts(copy: Path) -> None:
    assert broken_contracts(copy) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("app/domain/timeline.py", "import lxml.etree", DOMAIN),
        ("app/domain/session_matching.py", "import yaml", DOMAIN),
        ("app/live/snapshot.py", "import app.commands.serve", DOWN),
        ("app/store/tables.py", "import app.importing", DOWN),
        ("app/web/api.py", "import app.importing", IMPORTING),
        ("app/domain/session.py", "import app.domain.program", CIRCLE),
        ("app/live/http_response.py", "import flask", FLASK),
        ("app/formats/svg_painting.py", "import resvg_py", PAINTING),
        ("app/importing/spreadsheet.py", "import python_calamine", SPREADSHEETS),
        ("app/unplaced.py", "import json", DOWN),
    ],
)
def test_an_import_that_is_not_allowed_is_noticed(copy: Path, file: str, line: str, contract: str) -> None:
    path = copy / file
    path.write_text(f"{path.read_text()}\n{line}\n" if path.exists() else f"{line}\n")
    assert contract in broken_contracts(copy)
