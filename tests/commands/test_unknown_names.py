"""Unknown names in commands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from support.movable_clock import MovableClock
from support.repository import ROOT

from app.domain.program import Program
from app.store.database import open_database, sqlite_url
from app.store.publish_files import publish_files
from app.store.revisions import Revisions


@pytest.mark.process
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("chris-rackaukas", "agenda: there is no session 'chris-rackaukas'; did you mean 'chris-rackauckas'?\n"),
        ("zebra", "agenda: there is no session 'zebra'\n"),
    ],
)
def test_a_name_that_is_not_there_is_refused_with_the_nearest_one(
    tmp_path: Path, program: Program, clock: MovableClock, name: str, said: str
) -> None:
    url = sqlite_url(tmp_path / "agenda.sqlite")
    database = open_database(url, program.id)
    publish_files(Revisions(database), program, source_hash="", now=clock.now())
    database.close()
    command = [sys.executable, "-m", "app", "cancel", name]
    root = ROOT
    done = subprocess.run(
        command, cwd=root, env={"DATABASE_URL": url, "PATH": ""}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)
