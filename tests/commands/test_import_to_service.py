"""From what a workshop has published to its running service, in the words of docs/importing.md, with few questions."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.server_processes import Server

from app.cli import main
from app.store.database import sqlite_url

MOST_QUESTIONS = 3
# What their pages say to people, and their files do not: the day and the place.
ANSWERS = {"--date": "2025-07-19", "--timezone": "America/Vancouver"}
PAGES = {
    "codeml/site.md": (15, set()),
    "tables/tta-icml2025-schedule.csv": (24, {"--date", "--timezone"}),
    "tables/d3s3-neurips2024-schedule.md": (15, set()),
}


def agenda(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, words)
    return result.exit_code, result.output


def asked(message: str) -> set[str]:
    """The options that a refusal asks for."""
    return {word for word in message.partition("add, such as: ")[2].split() if word.startswith("--")}


@pytest.mark.process
@pytest.mark.parametrize("name", PAGES)
def test_a_published_page_becomes_a_running_service_with_few_questions(
    fixtures_path: Path, tmp_path: Path, name: str
) -> None:
    count, questions = PAGES[name]
    shutil.copy(fixtures_path / name, tmp_path)
    folder = tmp_path / "data" / "mine-2026"
    words = ["import", str(tmp_path / Path(name).name), "--to", str(folder)]
    status, output = agenda(*words)
    found = asked(output) if status else set()
    if found:
        status, output = agenda(*words, *(word for option in sorted(found) for word in (option, ANSWERS[option])))
    assert (status, found, len(found) <= MOST_QUESTIONS) == (0, questions, True)
    assert agenda("check", str(folder))[0] == 0
    server = Server(sqlite_url(tmp_path / "agenda.sqlite"), tmp_path, settings={"AGENDA_PROGRAM": str(folder)})
    try:
        server.start()
        assert len(server.get("/api/program")["sessions"]) == count
    finally:
        server.stop()
